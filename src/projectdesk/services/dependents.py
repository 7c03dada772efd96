"""What hangs on a record: what goes with it, and what only lets go of it.

Read off the references of the schema: a record that cannot be without another (its reference is
never empty, or is marked as carried) goes with it; one that can is loosened. So a new table is
right without a line here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, select
from sqlalchemy.orm import Session

from projectdesk.domain.workplan import Milestone, Risk, WorkPackage
from projectdesk.services.rows import Kind
from projectdesk.store.mapping import ENTITIES, TABLES
from projectdesk.store.schema.base import CARRIED
from projectdesk.store.search import CHUNK


@dataclass
class Deletion:
    """What a deletion takes. going: ids by kind, its own first. loosened: references."""

    going: dict[Kind, set[UUID]] = field(default_factory=dict)
    loosened: list[tuple[type[Any], str, UUID]] = field(default_factory=list)

    def is_going(self, kind: Kind, record_id: UUID) -> bool:
        """Return whether a record is deleted by this."""
        return record_id in self.going.get(kind, ())


def plan_deletion(session: Session, kind: Kind, record_id: UUID) -> Deletion:
    """Return what deleting a record takes with it and loosens."""
    return plan_deletions(session, kind, [record_id])


def plan_deletions(session: Session, kind: Kind, record_ids: Iterable[UUID]) -> Deletion:
    """Return what deleting several records of a kind takes with them and loosens."""
    ids = set(record_ids)
    plan = Deletion({kind: set(ids)})
    open_ends: list[tuple[Kind, set[UUID]]] = [(kind, ids)]
    loose: list[tuple[Kind, str, UUID]] = []
    while open_ends:
        parent, ids = open_ends.pop()
        for table, column in _references_to(parent):
            child = Kind(table.name)
            found = _referring(session, table, column, ids)
            if not column.info[CARRIED]:
                loose += [(child, column.name, each) for each in found]
            elif fresh := found - plan.going.get(child, set()):
                plan.going.setdefault(child, set()).update(fresh)
                open_ends.append((child, fresh))
    plan.loosened = [
        (ENTITIES[child.value], name, each)
        for child, name, each in loose
        if not plan.is_going(child, each)
    ]
    return plan


def carry_out(session: Session, plan: Deletion) -> None:
    """Loosen and delete, as entities, so that the history keeps everything.

    All of it goes in one flush: what is checked then (`fixed_documents`) sees the whole.
    """
    with session.no_autoflush:
        for entity, name, record_id in plan.loosened:
            setattr(session.get_one(entity, record_id), name, None)
        _leave_lists(session, plan)
        for kind, ids in plan.going.items():
            for record in _load(session, ENTITIES[kind.value], ids):
                session.delete(record)


def _references_to(kind: Kind) -> list[tuple[Table, Column[Any]]]:
    return [
        (table, reference.parent)
        for table in TABLES.values()
        for reference in sorted(table.foreign_keys, key=lambda key: key.parent.name)
        if reference.column.table.name == kind.value
    ]


def _referring(
    session: Session, table: Table, column: Column[Any], ids: Iterable[UUID]
) -> set[UUID]:
    found: set[UUID] = set()
    for chunk in _chunks(list(ids)):
        found.update(session.scalars(select(table.c.id).where(column.in_(chunk))))
    return found


def _load(session: Session, entity: type[Any], ids: Iterable[UUID]) -> Iterable[Any]:
    for chunk in _chunks(list(ids)):
        yield from session.scalars(select(entity).where(TABLES[entity].c.id.in_(chunk)))


def _leave_lists(session: Session, plan: Deletion) -> None:
    """Take deleted work packages out of what stays and lists them: a list is no reference."""
    gone = plan.going.get(Kind.WORK_PACKAGE, set())
    projects = {package.project_id for package in _load(session, WorkPackage, gone)}
    listing: tuple[type[Any], ...] = (Milestone, Risk)
    for entity in listing:
        of_project = TABLES[entity].c.project_id.in_(projects)
        for related in session.scalars(select(entity).where(of_project)):
            kept = [each for each in related.work_package_ids if each not in gone]
            kind = Kind(TABLES[entity].name)
            if len(kept) != len(related.work_package_ids) and not plan.is_going(kind, related.id):
                related.work_package_ids = kept


def _chunks(ids: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
