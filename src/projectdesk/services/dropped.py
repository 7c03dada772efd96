"""What a file is that somebody drops on the window: an answer that is taken, or a calendar.

A calendar, or an invitation of others, is not taken but shown first: `commands.import_calendar`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from projectdesk.errors import DomainError, FileTooLarge
from projectdesk.exchange.calendar import Method, is_mail, read_mail
from projectdesk.exchange.files import sources
from projectdesk.services import inbox, replies
from projectdesk.services.inbox import Taken
from projectdesk.services.workspace import Workspace

BYTES_LIMIT: Final = 64 << 20
_ANSWERS: Final = frozenset({Method.REPLY, Method.COUNTER, Method.REFRESH, Method.DECLINECOUNTER})


def take_answer(workspace: Workspace, file: Path) -> Taken | None:
    """Take a file that answers something sent from here; None = it is a calendar to import.

    Args:
        workspace: the open database.
        file: .ics or .eml.

    Raises:
        NotFound, UnreadableFile, FileTooLarge: it cannot be read.
        DomainError: `no_answer`, it answers nothing that was sent from here; `read_before`.
    """
    with sources([file]) as found:
        if len(found) != 1 or found[0].archive is not None:
            return None
        if found[0].size > BYTES_LIMIT:
            raise FileTooLarge("file_too_large", "{file} is too large.", file=file.name)
        content = found[0].read(BYTES_LIMIT)
    if not is_mail(content):
        return replies.take_file(workspace, content) if replies.is_answer(content) else None
    mail = read_mail(content, file.name)
    if mail.calendar is not None and mail.calendar.method not in _ANSWERS:
        return None
    read = inbox.take(workspace, content)
    if read.known:
        raise DomainError(
            "read_before", "{file} was read before: nothing was changed.", file=file.name
        )
    if read.taken is None:
        raise DomainError(
            "no_answer",
            "{file} has no invitation in it, and answers nothing that was sent from here.",
            file=file.name,
        )
    return read.taken
