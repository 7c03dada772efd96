"""Records that are here twice: found, and made one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from projectdesk.desktop.language import say
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.services import commands, queries
from projectdesk.services.duplicate_rows import DuplicateRow
from projectdesk.services.rows import Changes, Kind


class DuplicatesView(Protocol):
    """Where pairs are shown."""

    def show_pairs(self, rows: Sequence[DuplicateRow]) -> None:
        """Show the pairs that may be one, the surest first."""


class DuplicatesPresenter(Presenter):
    """Presents the doubles of people or of organisations."""

    def __init__(self, session: Session, view: DuplicatesView, kind: Kind) -> None:
        """Present doubles.

        Args:
            session: the outside.
            view: where they are shown.
            kind: PERSON or ORGANISATION.
        """
        super().__init__(session)
        self._view = view
        self._kind = kind
        self._apart: set[str] = set()

    def concerned(self, changes: Changes) -> bool:
        """Return whether `changes` touch what is shown."""
        return self._kind in changes.kinds

    def load(self) -> None:
        """Ask for the pairs."""
        people = self._kind is Kind.PERSON
        find = queries.duplicate_people if people else queries.duplicate_organisations
        self.ask(find, self._show)

    def set_apart(self, row: DuplicateRow) -> None:
        """Take a pair off the list, until it is opened again."""
        self._apart.add(row.id)
        self.load()

    def merge(self, row: DuplicateRow, taken: frozenset[str], *, keep_second: bool) -> None:
        """Make one of a pair, as one change.

        Args:
            row: the pair.
            taken: fields of which the second value stays; the first one's of the others.
            keep_second: whether the second record is the one that stays.
        """
        values = {
            pair.name: pair.second if pair.name in taken else pair.first for pair in row.fields
        }
        values = {name: _typed(value) for name, value in values.items() if value is not None}
        kept, gone = (row.first_id, row.first_version), (row.second_id, row.second_version)
        if keep_second:
            kept, gone = gone, kept
        run = commands.merge_people if row.kind is Kind.PERSON else commands.merge_organisations
        self.change(
            lambda ws: run(ws, kept[0], gone[0], values, versions=(kept[1], gone[1])),
            say("Merged {what}.", what=row.first),
        )

    def _show(self, rows: Sequence[DuplicateRow]) -> None:
        self._view.show_pairs([row for row in rows if row.id not in self._apart])


def _typed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
