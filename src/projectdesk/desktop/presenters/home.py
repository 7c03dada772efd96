"""What waits: the next meetings, what is due, what is mine to do, what happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol

from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.services import queries
from projectdesk.services.home_rows import HomeRow
from projectdesk.services.rows import Changes


class HomeView(Protocol):
    """Where what waits is shown."""

    def show_home(self, row: HomeRow) -> None:
        """Show what waits."""


class HomePresenter(Presenter):
    """Presents what waits."""

    def __init__(
        self,
        session: Session,
        view: HomeView,
        today: Callable[[], date],
        since: datetime | None = None,
    ) -> None:
        """Present what waits.

        Args:
            session: the outside.
            view: where it is shown.
            today: the date where the person is.
            since: when they were last here, UTC; None = never.
        """
        super().__init__(session)
        self._view = view
        self._today = today
        self._since = since

    def concerned(self, changes: Changes) -> bool:
        """Return True: whatever others change is shown here."""
        return True

    def load(self) -> None:
        """Ask what waits."""
        today = self._today()
        self.ask(lambda ws: queries.home(ws, today, self._since), self._view.show_home)
