"""One box for everything: hits of the database and things to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.services import queries
from projectdesk.services.rows import Hit, Kind


class SearchView(Protocol):
    """Where results are shown."""

    def show_hits(self, text: str, hits: Sequence[Hit]) -> None:
        """Show what was found for `text`."""


_MOST = 120
"""Hits that are asked for, so that each kind has some among them."""

_OF_A_KIND = 6


def grouped(hits: Sequence[Hit]) -> list[Hit]:
    """Return hits kind by kind, the kind of the best hit first; of each kind the best few.

    Where there is one kind only, all of it. An agenda item whose minutes are found is left out:
    both have one title.
    """
    kinds: dict[Kind, list[Hit]] = {}
    written = {hit.id for hit in hits if hit.kind is Kind.MINUTES}
    for hit in hits:
        if hit.kind is Kind.AGENDA_ITEM and hit.id in written:
            continue
        kinds.setdefault(hit.kind, []).append(hit)
    most = _OF_A_KIND if len(kinds) > 1 else len(hits)
    return [hit for of_kind in kinds.values() for hit in of_kind[:most]]


class SearchPresenter(Presenter):
    """Asks as one types; an answer to what is no longer typed is dropped."""

    def __init__(self, session: Session, view: SearchView) -> None:
        super().__init__(session)
        self._view = view
        self._text = ""

    def type(self, text: str) -> None:
        """Search for `text`; "" shows what was changed last."""
        self._text = wanted = text.strip()

        def then(hits: Sequence[Hit]) -> None:
            if wanted == self._text:
                self._view.show_hits(wanted, grouped(hits) if wanted else hits)

        if not wanted:
            self._view.show_hits("", ())  # what can be done is there at once
            self.ask(queries.recent, then)
            return
        self.ask(lambda ws: queries.search(ws, wanted, _MOST), then)
