"""Meetings named on the command line: by id, or by a title that exactly one meeting has.

People know a meeting as "Executive Board 2", not by 36 letters and digits.
"""

from __future__ import annotations

from uuid import UUID

from projectdesk.errors import DomainError
from projectdesk.services import queries
from projectdesk.services.workspace import Workspace


def meeting_id(workspace: Workspace, text: str) -> UUID:
    """Return the id of a meeting that somebody typed as id or title.

    Raises:
        DomainError: `not_an_id`, it is neither an id nor the title of exactly one meeting.
    """
    found = meeting_named(workspace, text)
    if found is None:
        raise DomainError(
            "not_an_id",
            "“{text}” is neither the id of a meeting nor the title of exactly one; "
            "`projectdesk list meetings` shows them.",
            text=text,
        )
    return found


def meeting_named(workspace: Workspace, text: str) -> UUID | None:
    """Return the id that was typed, or that of the one meeting with this title in any case."""
    try:
        return UUID(text)
    except ValueError:
        pass
    wanted = _folded(text)
    if not wanted:
        return None
    found = [row.id for row in queries.meetings(workspace) if _folded(row.title) == wanted]
    return found[0] if len(found) == 1 else None


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
