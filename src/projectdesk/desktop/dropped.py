"""Calendar files and mails that are dropped on the window.

May import: the desktop's pages, presenters and runtime.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final
from uuid import UUID

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.runtime.session import Session

_SUFFIXES: Final = (".ics", ".ical", ".icalendar", ".ifb", ".vcs", ".eml")


class CalendarDrops(QObject):
    """Lets the window take calendar files: an answer is taken, an invitation is shown first."""

    def __init__(
        self, window: QWidget, session: Session, project: Callable[[], UUID | None]
    ) -> None:
        """Listen.

        Args:
            window: what is dropped on.
            session: the outside.
            project: asked for the project that is shown, None = all.
        """
        super().__init__(window)
        self._window = window
        self._session = session
        self._project = project
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._window and kind in (QEvent.Type.DragEnter, QEvent.Type.Drop):
            assert isinstance(event, QDropEvent)  # noqa: S101 - what Qt sends of these types
            files = calendar_files(event.mimeData())
            if files:
                event.acceptProposedAction()
                if kind is QEvent.Type.Drop:
                    self.take(files)
                return True
        return super().eventFilter(watched, event)

    def choose(self) -> None:
        """Ask for a calendar file, then show what its import would do."""
        from projectdesk.desktop.pages.calendar_import import choose_calendar_file

        choose_calendar_file(self._window, self._session, self._project())

    def take(self, files: list[Path]) -> None:
        """Take the files, one after the other."""
        from projectdesk.desktop.presenters.calendar_import import take_dropped

        for file in files:
            take_dropped(self._session, file, self.show_import)

    def show_import(self, file: Path) -> None:
        """Show what the import of a calendar would do."""
        from projectdesk.desktop.pages.calendar_import import import_calendar_file

        import_calendar_file(self._window, self._session, file, self._project())


def calendar_files(dragged: QMimeData) -> list[Path]:
    """Return the calendar files and mails among what is dragged."""
    paths = [Path(url.toLocalFile()) for url in dragged.urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in _SUFFIXES]
