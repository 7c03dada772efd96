"""What belongs to a project: its records, whom they name, their history, texts and documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Table, or_, select
from sqlalchemy.orm import Session

from projectdesk.exchange.project_file import HistoryLine, Record
from projectdesk.services.rows import Kind
from projectdesk.store import schema
from projectdesk.store.mapping import ENTITIES, TABLES
from projectdesk.store.record import columns_of, to_json
from projectdesk.store.schema.base import CARRIED
from projectdesk.store.search import CHUNK

SHARED: Final = (Kind.ORGANISATION, Kind.PERSON)
"""Kinds that are in no project; those that a project names go with it."""

LOCAL_FIELDS: Final = {"person": frozenset({"is_me"}), "document": frozenset({"stored"})}
"""Fields that say something of this database only, by kind; they never travel."""

Ids = dict[Kind, set[UUID]]


def ids_of_project(session: Session, project_id: UUID) -> Ids:
    """Return the ids of all that belongs to a project, and of the people and organisations named.

    A record belongs to it when it names it, or when it cannot be without one that belongs to it.
    """
    found: Ids = {Kind.PROJECT: {project_id}}
    for table in _owned_tables():
        kind = Kind(table.name)
        ids: set[UUID] = set()
        for column, parent in _owners(table):
            ids |= _referring(session, table, column, found.get(parent, set()))
        if ids:
            found[kind] = ids
    for kind in reversed(SHARED):  # people first: they name organisations
        ids = _named(session, found, kind)
        if ids:
            found[kind] = ids
    return found


def records(session: Session, kind: Kind, ids: Iterable[UUID]) -> Iterator[Record]:
    """Yield records as a file holds them, by id."""
    table, columns = TABLES[ENTITIES[kind.value]], columns_of(ENTITIES[kind.value])
    kept = [name for name in columns if name not in LOCAL_FIELDS.get(kind.value, ())]
    for chunk in chunks(sorted(ids)):
        query = select(table).where(table.c.id.in_(chunk)).order_by(table.c.id)
        for row in session.execute(query):
            values = row._mapping
            fields = {name: to_json(values[name]) for name in kept}
            yield Record(row.id, row.version, fields)


def history(session: Session, project_id: UUID, ids: Ids) -> Iterator[HistoryLine]:
    """Yield what was changed of these records, and what was deleted of the project, in order."""
    h = schema.history.c
    shared = [each for kind in SHARED for each in ids.get(kind, ())]
    conditions = [h.project_id == project_id]
    conditions += [h.record_id.in_(chunk) for chunk in chunks(sorted(shared))]
    seen: set[tuple[UUID, int]] = set()
    for condition in conditions:
        query = (
            select(schema.history)
            .where(condition, h.record_id.is_not(None))
            .order_by(h.change_id, h.seq)
        )
        for row in session.execute(query):
            if (row.change_id, row.seq) not in seen:
                seen.add((row.change_id, row.seq))
                yield HistoryLine(**dict(row._mapping))


def chunks(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """Yield ids in portions that one statement takes."""
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


# --- inside ---------------------------------------------------------------------------------------


def _owners(table: Table) -> list[tuple[Column[Any], Kind]]:
    """Return the references of a table to what its rows cannot be without, shared kinds left out.

    Where a row names its project that says it all.
    """
    owners = [
        (key.parent, Kind(key.column.table.name))
        for key in table.foreign_keys
        if key.parent.info[CARRIED] and Kind(key.column.table.name) not in SHARED
    ]
    direct = [each for each in owners if each[1] is Kind.PROJECT]
    return direct or owners


def _owned_tables() -> list[Table]:
    """Return the tables of what belongs to projects, owners before what they own."""
    waiting = {Kind(t.name): t for t in TABLES.values() if Kind(t.name) not in SHARED}
    waiting.pop(Kind.PROJECT)
    ordered: list[Table] = []
    while waiting:
        ready = [k for k, t in waiting.items() if all(p not in waiting for _, p in _owners(t))]
        ordered += [waiting.pop(kind) for kind in ready]
    return ordered


def _referring(
    session: Session, table: Table, column: Column[Any], ids: Iterable[UUID]
) -> set[UUID]:
    found: set[UUID] = set()
    for chunk in chunks(sorted(ids)):
        found.update(session.scalars(select(table.c.id).where(column.in_(chunk))))
    return found


def _named(session: Session, found: Ids, kind: Kind) -> set[UUID]:
    """Return the records of a shared kind that any of the found ones names."""
    named: set[UUID] = set()
    for table in TABLES.values():
        references = [
            key.parent for key in table.foreign_keys if key.column.table.name == kind.value
        ]
        ids = found.get(Kind(table.name))
        if not references or not ids:
            continue
        for chunk in chunks(sorted(ids)):
            present = or_(*(column.is_not(None) for column in references))
            query = select(*references).where(table.c.id.in_(chunk), present)
            for row in session.execute(query):
                named.update(each for each in row if each is not None)
    return named
