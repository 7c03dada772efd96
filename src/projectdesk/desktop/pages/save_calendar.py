"""Saving meetings as an .ics file: which file is asked, then it is written and said."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.desktop.widgets.file_dialogs import ask_new_file, file_name
from projectdesk.services import commands


def ask_calendar_file(
    parent: QWidget,
    session: Session,
    name: str,
    project: UUID | None = None,
    meeting: UUID | None = None,
) -> None:
    """Ask where to save meetings.

    Args:
        parent: the window.
        session: the outside.
        name: offered for the file, without its ending.
        project: the meetings of which project, None = of all.
        meeting: only this one.
    """
    file = file_name(name, "ics")
    ask_new_file(parent, file, lambda path: save_calendar(session, path, project, meeting))


def save_calendar(
    session: Session, out: Path, project: UUID | None = None, meeting: UUID | None = None
) -> None:
    """Write the meetings of a project, of all, or one to an .ics file, and say so."""

    def then(count: int) -> None:
        words = say_count(count, "Saved {count} meeting", "Saved {count} meetings")
        session.tell(Notice(say("{what} as {file}.", what=words, file=out.name)))

    session.ask(lambda ws: commands.export_calendar(ws, out, project, meeting), then)
