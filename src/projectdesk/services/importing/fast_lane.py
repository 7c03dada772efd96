"""Many new records at once: straight to the driver, columns by columns (docs/adr/0052).

The values are the same as the mapped classes would store, because each column's own type brings
them into the driver's form; what is saved is building parameters and statements row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Dialect, Table, insert
from sqlalchemy.types import TypeEngine

from projectdesk.domain.consortium import Partner, Project
from projectdesk.services.importing.fields import Fields
from projectdesk.services.rows import Kind
from projectdesk.services.session import Unit
from projectdesk.store import schema, search
from projectdesk.store.folding import fold
from projectdesk.store.mapping import TABLES, kind_of
from projectdesk.store.types import Spelling

_ROWS_PER_STATEMENT = 512
"""Times seven columns stays far below SQLite's limit of 32,766 parameters."""


@dataclass(frozen=True)
class _Form:
    """How rows of a table are written. columns: (name, what brings its values into form)."""

    statement: str
    places: str
    columns: list[tuple[str, Callable[[Any], Any] | None]]


class FastLane:
    """Inserts new records of one bulk unit, and what they are found by."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._forms: dict[tuple[str, tuple[str, ...]], _Form] = {}

    def insert(self, entity: type[Any], rows: Sequence[Fields]) -> None:
        """Insert new records.

        Args:
            entity: their class.
            rows: their fields, ids included; all rows have the same ones. A field that is left out
                must be one that may be NULL.
        """
        if not rows:
            return
        kind = Kind(kind_of(entity))
        for row in rows:
            row["version"] = 1
        self._write(TABLES[entity], rows)
        self._index(entity, kind, rows)
        owner = "id" if entity is Project else "project_id"
        projects = {row[owner] for row in rows} if owner in rows[0] else ()
        self._unit.note_rows(kind, [row["id"] for row in rows], projects)

    def _index(self, entity: type[Any], kind: Kind, rows: Sequence[Fields]) -> None:
        """Write what the records are found by.

        Two things are left to the first edit of a record: the objectives, 40 MB of prose for
        25,000 projects, and the short names of partners, which their organisations are found by.
        """
        if entity is Partner:
            return
        entries: list[Fields] = []
        for row in rows:
            project_id: UUID | None = row["id"] if entity is Project else row.get("project_id")
            record = SimpleNamespace(**row)
            record.objective = ""
            words = search.words_of(entity, record, kind.value, project_id)
            if words is not None:
                folded = {"title_folded": fold(words.title), "body_folded": fold(words.body)}
                entries.append(vars(words) | folded)
        self._write(schema.search_entry, entries)

    def _write(self, table: Table, rows: Sequence[Fields]) -> None:
        if not rows:
            return
        connection = self._unit.session.connection()
        if not connection.dialect.positional:
            connection.execute(insert(table), rows)
            return
        form = self._form(connection, table, tuple(rows[0]))
        columns: list[Sequence[Any]] = []
        for name, processor in form.columns:
            values = [row[name] for row in rows]
            columns.append(values if processor is None else [processor(v) for v in values])
        cells = list(zip(*columns, strict=True))
        if table is not schema.search_entry:
            connection.exec_driver_sql(form.statement, cells)
            return
        # SQLite's full-text index writes itself out at the end of every statement: one statement
        # for many rows makes it four times as fast.
        start = 0
        while start < len(cells):
            size = _statement_size(len(cells) - start)
            chunk = cells[start : start + size]
            statement = form.statement + f", {form.places}" * (size - 1)
            connection.exec_driver_sql(statement, tuple(chain.from_iterable(chunk)))
            start += size

    def _form(self, connection: Connection, table: Table, names: tuple[str, ...]) -> _Form:
        """Return how rows with these fields are written, made once."""
        key = table.name, names
        if key not in self._forms:
            dialect = connection.dialect
            compiled = insert(table).compile(dialect=dialect, column_keys=list(names))
            ordered = list(compiled.positiontup or ())
            self._forms[key] = _Form(
                str(compiled),
                f"({', '.join('?' * len(ordered))})",
                [(name, _processor(table.c[name].type, dialect)) for name in ordered],
            )
        return self._forms[key]


def _statement_size(rows: int) -> int:
    """Return how many of so many rows go into one statement: a power of two.

    The driver keeps prepared statements, which are large here; powers of two are few.
    """
    return min(_ROWS_PER_STATEMENT, 1 << (rows.bit_length() - 1))


def _processor(column_type: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return what brings a column's values into the driver's form; None = nothing to do."""
    if isinstance(column_type, Spelling):
        return str.__str__  # a member's value, which is what the type makes of it, at no call
    return column_type.dialect_impl(dialect).bind_processor(dialect)
