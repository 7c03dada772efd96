"""Meetings named by their title where a command asks for one's id.

People know a meeting as "Executive Board 2", not by 36 letters and digits. A title that exactly one
meeting has is as good as its id where a command asks for that.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, TypeGuard
from uuid import UUID

if TYPE_CHECKING:
    from projectdesk.services.rows import MeetingRow

_NAMES: Final = ("meeting", "approved_by")
_EXPORTS: Final = frozenset(
    {"agenda", "attendance", "minutes", "questions", "review-pack", "review-report"}
)


def name_by_id(options: argparse.Namespace) -> None:
    """Put ids in the place of titles of meetings, where exactly one meeting is called so.

    What is no title stays as it was typed: the command says what is wrong with it.

    Raises:
        ProjectDeskError: the data cannot be opened.
    """
    what = getattr(options, "what", None)  # several things where they are renumbered
    names = [*_NAMES, "name"] if isinstance(what, str) and what in _EXPORTS else _NAMES
    typed = {name: getattr(options, name, None) for name in names}
    titles = {name: text for name, text in typed.items() if _may_be_title(text)}
    if not titles:
        return
    from projectdesk.commandline.data import opened
    from projectdesk.services import queries

    with opened(options) as workspace:
        meetings = queries.meetings(workspace)
    for name, text in titles.items():
        setattr(options, name, _id_of(text, meetings))


def _may_be_title(text: object) -> TypeGuard[str]:
    if not isinstance(text, str) or not text.strip():
        return False
    try:
        UUID(text)
    except ValueError:
        return True
    return False


def _id_of(text: str, meetings: Iterable[MeetingRow]) -> str:
    """Return the id of the one meeting with this title in any case, else the text."""
    wanted = " ".join(text.split()).casefold()
    found = [row.id for row in meetings if " ".join(row.title.split()).casefold() == wanted]
    return str(found[0]) if len(found) == 1 else text
