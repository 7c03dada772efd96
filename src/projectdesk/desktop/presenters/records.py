"""A list of records of one kind: load, edit a field, add, delete with what depends on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar
from uuid import UUID

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.rows import Changes, Dependents, HistoryRow, Kind

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace


class Versioned(Protocol):
    """A row that can be edited."""

    @property
    def id(self) -> UUID:
        """The record's id."""

    @property
    def version(self) -> int:
        """The version that was seen."""


_MOST_NAMED = 5
RowT = TypeVar("RowT", bound=Versioned)
ViewRowT = TypeVar("ViewRowT", contravariant=True)


class RecordsView(Protocol[ViewRowT]):
    """Where records are shown."""

    def show_rows(self, rows: Sequence[ViewRowT]) -> None:
        """Show all records."""

    def show_problem(self, field: str, words: str) -> None:
        """Say what is wrong beside `field`."""

    def select(self, record: UUID) -> None:
        """Select a record as soon as it is there."""

    def confirm_delete(self, what: str, also: Sequence[str], run: Callable[[], None]) -> None:
        """Ask whether `also` may go with `what`; then `run`."""


class RecordsPresenter(Presenter, Generic[RowT]):
    """Presents records of one kind."""

    def __init__(
        self,
        session: Session,
        view: RecordsView[RowT],
        kind: Kind,
        query: Callable[[Workspace], Sequence[RowT]],
        watches: frozenset[Kind] = frozenset(),
    ) -> None:
        """Present records.

        Args:
            session: the outside.
            view: where they are shown.
            kind: their kind.
            query: asks for all of them.
            watches: other kinds whose changes show in these rows.
        """
        super().__init__(session)
        self._view = view
        self._kind = kind
        self._query = query
        self._watched = watches | {kind}

    def concerned(self, changes: Changes) -> bool:
        """Return whether `changes` touch what is shown."""
        return bool(changes.kinds & self._watched)

    def set_query(self, query: Callable[[Workspace], Sequence[RowT]]) -> None:
        """Show other records of the same kind (of another project)."""
        self._query = query
        self.reload()

    def load(self) -> None:
        """Ask for all records."""
        self.ask(self._query, self._view.show_rows)

    def edit(self, kind: Kind, record: UUID, version: int, field: str, value: object) -> None:
        """Save one field; a refusal is said beside it."""
        self.edit_parts(kind, record, version, field, {field: value})

    def edit_parts(
        self, kind: Kind, record: UUID, version: int, field: str, values: Mapping[str, object]
    ) -> None:
        """Save what one field of a form stands for; a refusal is said beside it.

        Args:
            kind: the record's kind.
            record: which record.
            version: the version that was seen.
            field: the field of the form.
            values: by the names of the domain's dataclass.
        """

        def failed(error: ProjectDeskError) -> None:
            self._view.show_problem(field, say_error(error))

        self.save(kind, record, version, values, failed)

    def add(self, values: Mapping[str, object]) -> None:
        """Add a record and select it."""
        self.create(values, self._view.select, self.refuse)

    def create(
        self,
        values: Mapping[str, object],
        then: Callable[[UUID], None],
        failed: Callable[[ProjectDeskError], None],
    ) -> None:
        """Add a record; `then` gets its id, `failed` the refusal."""
        self.ask(
            lambda ws: commands.create(ws, self._kind, values),
            lambda result: then(result[0]),
            failed,
        )

    def delete(self, row: RowT, what: str) -> None:
        """Delete a record; when others would go with it, ask first.

        Args:
            row: as seen.
            what: what it is called ("WP3 Sensors").
        """

        def then(also: Sequence[Dependents]) -> None:
            lines = [dependents.text for dependents in also if dependents.count]
            if lines:
                self._view.confirm_delete(what, lines, go)
            else:
                go()

        def go() -> None:
            self.change(
                lambda ws: commands.delete(ws, self._kind, row.id, row.version),
                say("Deleted {what}.", what=what),
            )

        self.ask(lambda ws: queries.dependents(ws, self._kind, row.id), then, self.refuse)

    def delete_rows(self, rows: Sequence[RowT], name: Callable[[RowT], str]) -> None:
        """Delete one record or several as one change; of several, and what goes along, ask first.

        Args:
            rows: as seen.
            name: what a record is called.
        """
        if len(rows) == 1:
            self.delete(rows[0], name(rows[0]))
            return
        records = [(row.id, row.version) for row in rows]
        self.delete_others(self._kind, records, [name(row) for row in rows])

    def delete_others(
        self, kind: Kind, records: Sequence[tuple[UUID, int]], names: Sequence[str]
    ) -> None:
        """Ask, then delete several records of a kind as one change.

        Args:
            kind: of all of them.
            records: id and version that was seen of each.
            names: what they are called.
        """
        what = say_count(len(records), "{count} record", "{count} records")
        listed = ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")

        def then(also: Sequence[Dependents]) -> None:
            lines = [dependents.text for dependents in also if dependents.count]
            self._view.confirm_delete(what, [listed, *lines], go)

        def go() -> None:
            self.change(
                lambda ws: commands.delete_many(ws, kind, records),
                say("Deleted {what}.", what=what),
            )

        self.ask(
            lambda ws: queries.dependents_of(ws, kind, [record for record, _ in records]),
            then,
            self.refuse,
        )

    def edit_many(
        self,
        edits: Sequence[commands.RecordEdit],
        label: str,
        failed: Callable[[ProjectDeskError], None],
    ) -> None:
        """Save values of several records as one change; see `save_many`."""
        self.save_many(edits, label, failed)

    def ask_history(self, record: UUID, then: Callable[[Sequence[HistoryRow]], None]) -> None:
        """Ask for the saved changes of a record, newest first."""
        self.ask(lambda ws: queries.history(ws, record), then)

    def delete_other(self, kind: Kind, record: UUID, version: int, what: str) -> None:
        """Delete a record that belongs to a row (a membership); it can be undone."""
        self.change(
            lambda ws: commands.delete(ws, kind, record, version),
            say("Removed {what}.", what=what),
        )
