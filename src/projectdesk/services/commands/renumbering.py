"""Numbers of a work plan: given anew, after dragging, and when something moves to another WP."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.rules.numbering import Numbered, Order, renumbered, reordered
from projectdesk.domain.workplan import Deliverable, Milestone, Risk, Task, WorkPackage
from projectdesk.errors import DomainError
from projectdesk.services.editing import change_record, next_number
from projectdesk.services.kinds import SPECS, in_words
from projectdesk.services.labels import name_of
from projectdesk.services.plan_outline import PlanOutline, Record
from projectdesk.services.plan_rows import MovedRow, MovePreview
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store.mapping import TABLES, kind_of

NUMBERED = (Kind.WORK_PACKAGE, Kind.TASK, Kind.DELIVERABLE, Kind.MILESTONE, Kind.RISK)
"""What can be renumbered."""


def preview_numbers(
    workspace: Workspace, project_id: UUID, kinds: Collection[Kind], order: Order
) -> MovePreview:
    """Return what `renumber` would do; what is called otherwise because its WP is, is in it."""
    with workspace.read() as session:
        outline = PlanOutline(session, project_id)
        numbers = _numbers(outline, kinds, order)
        rows = [
            _row(outline, each, numbers)
            for each in _every(outline)
            if outline.label(each, numbers) != outline.label(each)
        ]
    return MovePreview(tuple(rows))


def renumber(
    workspace: Workspace, project_id: UUID, kinds: Collection[Kind], order: Order
) -> Changes:
    """Give numbers anew, from 1 without holes, as one change.

    Tasks and deliverables are numbered within their work package (terms.md).

    Args:
        workspace: the open database.
        project_id: whose plan.
        kinds: of which records, out of `NUMBERED`.
        order: their present order, or the order of their months (risks have none and keep theirs).

    Raises:
        NotFound: no such project.
    """
    with workspace.change("Renumber") as unit:
        outline = PlanOutline(unit.session, project_id)
        numbers = _numbers(outline, kinds, order)
        for each in _every(outline):
            if numbers.get(each.id, each.number) != each.number:
                each.number = numbers[each.id]
        nouns = [SPECS[kind].plural for kind in NUMBERED if kind in kinds]
        unit.label = f"Renumber {', '.join(nouns)} of {outline.project.acronym}"
    return unit.changes


def reorder(workspace: Workspace, kind: Kind, record_id: UUID, before_id: UUID | None) -> Changes:
    """Put a record before another one of the same parent, and give their numbers anew.

    Args:
        workspace: the open database.
        kind: of both, out of `NUMBERED`.
        record_id: what is moved.
        before_id: what comes right after it then; None = it is the last.

    Raises:
        NotFound: one does not exist any more.
        DomainError: `other_parent`, they are not below the same work package or project.
    """
    with workspace.change("Put elsewhere") as unit:
        entity = SPECS[kind].entity
        record = unit.get(entity, record_id)
        table, parent = TABLES[entity], _PARENT[kind]
        query = select(entity).where(table.c[parent] == getattr(record, parent))
        siblings = list(unit.session.scalars(query.order_by(table.c.number, table.c.id)))
        if before_id is not None and all(each.id != before_id for each in siblings):
            raise DomainError("other_parent", "They are not in the same work package.")
        unit.label = f"Put {name_of(unit.session, record)} elsewhere"
        if before_id != record_id:
            _give(siblings, reordered([(s.id, s.number) for s in siblings], record_id, before_id))
    return unit.changes


def move_to_package(
    workspace: Workspace, kind: Kind, record_ids: Sequence[UUID], package_id: UUID
) -> tuple[str, Changes]:
    """Move tasks or deliverables to another work package, where they take the next free numbers.

    What stays keeps its numbers: others may have quoted them.

    Args:
        workspace: the open database.
        kind: TASK or DELIVERABLE.
        record_ids: which, in the order of their new numbers.
        package_id: where to.

    Returns:
        What it is called now ("T3.4", or "2 tasks in WP3"), and what changed.

    Raises:
        NotFound: one does not exist any more.
        DomainError: `other_project`, `circle`.
    """
    entity = SPECS[kind].entity
    with workspace.change(f"Move {SPECS[kind].noun}") as unit:
        package = unit.get(WorkPackage, package_id)
        before, moved = "", []
        for record_id in record_ids:
            record = unit.get(entity, record_id)
            if record.work_package_id == package_id:
                continue
            before = name_of(unit.session, record)
            number = next_number(unit.session, kind, "number", "work_package_id", package_id)
            values = {"work_package_id": package_id, "number": number}
            change_record(unit, kind, record, values)
            unit.session.flush()
            moved.append(record)
        if not moved:
            return "", Changes()
        target = name_of(unit.session, package)
        if len(moved) == 1:
            after = name_of(unit.session, moved[0])
            unit.label = f"Move {before} to {target} as {after}"
        else:
            unit.label = f"Move {in_words(kind, len(moved))} to {target}"
            after = f"{in_words(kind, len(moved))} in {target}"
    return after, unit.changes


_PARENT: Mapping[Kind, str] = {
    kind: "work_package_id" if kind in {Kind.TASK, Kind.DELIVERABLE} else "project_id"
    for kind in NUMBERED
}


def _numbers(outline: PlanOutline, kinds: Collection[Kind], order: Order) -> dict[UUID, int]:
    numbers: dict[Any, int] = {}
    groups: dict[tuple[Kind, object], list[Record]] = {}
    for each in _every(outline):
        kind = Kind(kind_of(type(each)))
        if kind in kinds:
            groups.setdefault((kind, getattr(each, _PARENT[kind])), []).append(each)
    for (kind, _), records in groups.items():
        kept = Order.KEPT if kind is Kind.RISK else order
        numbers |= renumbered(map(_numbered, records), kept)
    return numbers


def _numbered(record: Record) -> Numbered:
    match record:
        case WorkPackage() | Task():
            return Numbered(record.id, record.number, record.start_month, record.end_month)
        case Deliverable() | Milestone():
            return Numbered(record.id, record.number, record.due_month)
        case Risk():
            return Numbered(record.id, record.number)


def _every(outline: PlanOutline) -> Iterable[Record]:
    return (
        *outline.packages,
        *outline.tasks,
        *outline.deliverables,
        *outline.milestones,
        *outline.risks,
    )


def _row(outline: PlanOutline, record: Record, numbers: dict[UUID, int]) -> MovedRow:
    given = _numbered(record)
    months = (given.month or None, given.last or given.month or None)
    return MovedRow(
        kind=Kind(kind_of(type(record))),
        id=record.id,
        title=record.title,
        label=outline.label(record),
        label_after=outline.label(record, numbers),
        start=months[0],
        end=months[1],
        start_after=months[0],
        end_after=months[1],
    )


def _give(records: Iterable[Any], numbers: Mapping[Any, int]) -> None:
    for each in records:
        if each.number != numbers[each.id]:
            each.number = numbers[each.id]
