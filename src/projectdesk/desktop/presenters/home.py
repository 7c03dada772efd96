"""What waits: the next meetings, what is due, what is mine to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import ClassVar, Protocol

from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.services import queries
from projectdesk.services.rows import HomeRow, Kind


class HomeView(Protocol):
    """Where what waits is shown."""

    def show_home(self, row: HomeRow) -> None:
        """Show what waits."""


class HomePresenter(Presenter):
    """Presents what waits."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {Kind.PROJECT, Kind.MEETING, Kind.INVITATION, Kind.DELIVERABLE, Kind.ACTION, Kind.PERSON}
    )

    def __init__(self, session: Session, view: HomeView, today: Callable[[], date]) -> None:
        super().__init__(session)
        self._view = view
        self._today = today

    def load(self) -> None:
        """Ask what waits."""
        today = self._today()
        self.ask(lambda ws: queries.home(ws, today), self._view.show_home)
