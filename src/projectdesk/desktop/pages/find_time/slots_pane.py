"""The slots of a period, ranked by what they ask of people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_XL
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.layout import column


class SlotsPane(QWidget):
    """What to find a time for, and the times that were found."""

    go = Signal(object)

    def __init__(self, session: Session, reader: Reader, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._session, self._reader, self._now = session, reader, now
        self._project: UUID | None = None
        self._meeting: UUID | None = None
        self.empty = EmptyState(
            "calendar-clock",
            say("No project yet"),
            say("A time is found for the people of a project."),
        )
        self.setLayout(column(self.empty, margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL)))

    def open_meeting(self, meeting: UUID | None) -> None:
        """Find another time for a meeting, None = for a new one."""
        self._meeting = meeting

    def set_project(self, project: UUID | None) -> None:
        """Find a time for the people of this project at first."""
        self._project = project

    def close_presenters(self) -> None:
        """Let the presenters go."""
