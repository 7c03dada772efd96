"""One box for everything: hits of the database and things to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.services import queries
from projectdesk.services.rows import Hit


class SearchView(Protocol):
    """Where results are shown."""

    def show_hits(self, text: str, hits: Sequence[Hit]) -> None:
        """Show what was found for `text`."""


class SearchPresenter(Presenter):
    """Asks as one types; an answer to what is no longer typed is dropped."""

    def __init__(self, session: Session, view: SearchView) -> None:
        super().__init__(session)
        self._view = view
        self._text = ""

    def type(self, text: str) -> None:
        """Search for `text`."""
        self._text = text.strip()
        if not self._text:
            self._view.show_hits("", ())
            return
        wanted = self._text

        def then(hits: Sequence[Hit]) -> None:
            if wanted == self._text:
                self._view.show_hits(wanted, hits)

        self.ask(lambda ws: queries.search(ws, wanted), then)
