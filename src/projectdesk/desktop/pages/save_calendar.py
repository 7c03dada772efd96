"""Saving meetings as an .ics file: which file is asked, then it is written and said."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.runtime.session import Notice, Session
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
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    safe = "".join(c if c.isalnum() or c in "-_ " else " " for c in name)
    file = f"{' '.join(safe.split())}.ics"
    dialog = QFileDialog(parent, say("Save as"), str(Path(folder) / file))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("ics")
    dialog.fileSelected.connect(lambda path: save_calendar(session, Path(path), project, meeting))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def save_calendar(
    session: Session, out: Path, project: UUID | None = None, meeting: UUID | None = None
) -> None:
    """Write the meetings of a project, of all, or one to an .ics file, and say so."""

    def then(count: int) -> None:
        words = say_count(count, "Saved {count} meeting", "Saved {count} meetings")
        session.tell(Notice(say("{what} as {file}.", what=words, file=out.name)))

    session.ask(lambda ws: commands.export_calendar(ws, out, project, meeting), then)
