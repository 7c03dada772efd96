"""Telling readers of minutes by hand what they were not told by itself: by mail, or as files."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from projectdesk.domain.minutes import Minutes
from projectdesk.errors import DomainError
from projectdesk.mail.message import as_bytes, as_unsent
from projectdesk.services import minutes_notices as notices
from projectdesk.services.inviting.sender import check_can_send
from projectdesk.services.mail_files import check_folder, writing_into
from projectdesk.services.minutes_notices import choose as choose_notices
from projectdesk.services.newest_minutes import newest_minutes
from projectdesk.services.numbers import reserve
from projectdesk.services.rows import Changes
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace

__all__ = ["choose_notices", "save_notices", "send_notices"]


def send_notices(workspace: Workspace, meeting_id: UUID) -> tuple[int, Changes]:
    """Queue what readers of a meeting's newest minutes were not told yet; return how many mails.

    Raises:
        DomainError: `no_mail_account`; `all_told`.
    """
    check_can_send(workspace)
    with workspace.change("Tell readers of minutes", undoable=False, in_turn=True) as unit:
        minutes, mails = _due(unit, workspace, meeting_id)
        notices.queue_notices(unit, mails, minutes)
    return len(mails), unit.changes


def save_notices(workspace: Workspace, meeting_id: UUID, folder: Path) -> list[Path]:
    """Write the same mails as .eml files, for who sends with a mail program of their own.

    Raises:
        DomainError: `no_sender`; `all_told`.
        EnvironmentFailure: `folder_unusable`.
    """
    check_folder(folder)
    written = []
    with workspace.change("Write notices on minutes to files", undoable=False) as unit:
        minutes, mails = _due(unit, workspace, meeting_id)
        with writing_into(folder):
            for number, mail in enumerate(mails, 1):
                path = folder / f"notice {number:02} {mail.recipient.replace('/', '_')}.eml"
                path.write_bytes(as_unsent(as_bytes(mail.message)))
                written.append(path)
        notices.note_told(unit, mails, minutes, "to a file")
    return written


def _due(
    unit: Unit, workspace: Workspace, meeting_id: UUID
) -> tuple[Minutes, list[notices.NoticeMail]]:
    reserve(unit.session, meeting_id)  # a second desktop waits, and finds all told
    minutes = newest_minutes(unit.session, meeting_id)
    due = [] if minutes is None else notices.untold_in(unit.session, minutes)
    if minutes is None or not due:
        raise DomainError("all_told", "There is nothing that readers were not told.")
    subjects = {each.subject_id for each in due}
    return minutes, notices.compose_notices(unit.session, workspace, minutes, subjects)
