"""What records of typed lines hold, and how lines make, change, delete and bring them back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.meetings import Meeting
from projectdesk.domain.rules import held_times
from projectdesk.domain.rules.typed_lines import LineKind, ParsedLine
from projectdesk.domain.rules.typed_vocabulary import Vocabulary
from projectdesk.services import dependents
from projectdesk.services.editing import add_record, change_record, next_number
from projectdesk.services.kinds import SPECS
from projectdesk.services.session import Unit
from projectdesk.services.typed_line_rows import RECORD_KINDS, TITLES
from projectdesk.store import schema
from projectdesk.store.mapping import TABLES
from projectdesk.store.record import restored

_PLACES: Final[Mapping[LineKind, Mapping[str, str]]] = {
    LineKind.ACTION: {
        "text": "text",
        "person_id": "owner_person_id",
        "partner_id": "owner_partner_id",
        "work_package_ids": "work_package_id",
        "deliverable_id": "deliverable_id",
        "milestone_id": "milestone_id",
        "due_on": "due_on",
    },
    LineKind.DECISION: {
        "text": "text",
        "work_package_ids": "work_package_id",
        "deliverable_id": "deliverable_id",
    },
    LineKind.INFORMATION: {
        "text": "text",
        "work_package_ids": "work_package_id",
        "deliverable_id": "deliverable_id",
    },
    LineKind.RISK: {
        "text": "title",
        "partner_id": "owner_partner_id",
        "work_package_ids": "work_package_ids",
    },
    LineKind.QUESTION: {
        "text": "text",
        "person_id": "answered_by_id",
        "work_package_ids": "work_package_id",
        "deliverable_id": "deliverable_id",
        "due_on": "due_on",
    },
}
"""Which field of the record holds what a line of each kind says."""


def entity_of(kind: LineKind) -> type[Any]:
    """Return the class of a line's record."""
    return SPECS[RECORD_KINDS[kind]].entity


def label_of(kind: LineKind, number: int) -> str:
    """Return what the record of a line is called: A12, D7."""
    return f"{TITLES[kind]}{number}"


def said_by(kind: LineKind, record: Any, like: ParsedLine, words: Vocabulary) -> ParsedLine:
    """Return what a record (or a row of its table) holds, as its line would say it.

    Args:
        kind: of the line.
        record: what came of it.
        like: what the line says, or did; where it names no partner, the owner's own goes without
            saying.
        words: who is of which partner.
    """
    values: dict[str, Any] = {}
    for name, place in _PLACES[kind].items():
        value = getattr(record, place)
        if name == "work_package_ids":
            value = tuple(value or ()) if kind is LineKind.RISK else (value,) if value else ()
        elif name == "text":
            value = flat(value)
        values[name] = value
    said = ParsedLine(kind, **values)
    unsaid = {own_partner(said, words), own_partner(like, words)}  # of who owns it, or did
    if like.partner_id is None and said.person_id and said.partner_id in unsaid:
        return replace(said, partner_id=None)
    return said


def own_partner(said: ParsedLine, words: Vocabulary) -> UUID | None:
    """Return the partner in the project that an owner is of."""
    owner = words.name(said.person_id) if said.person_id else None
    return owner.partner_id if owner else None


def flat(text: str) -> str:
    """Return a text as it stands in one line."""
    return " ".join(line.strip() for line in text.splitlines() if line.strip())


def values_of(said: ParsedLine, names: Iterable[str], words: Vocabulary) -> dict[str, object]:
    """Return fields of the record as the line says them.

    An owner without a partner owns it for their own.
    """
    values: dict[str, object] = {}
    wanted = set(names)
    if said.partner_id is None and said.kind is LineKind.ACTION:
        if "person_id" in wanted:
            wanted.add("partner_id")
        said = replace(said, partner_id=own_partner(said, words))
    for name in sorted(wanted):
        place = _PLACES[said.kind].get(name)
        if place is None:
            continue
        value = getattr(said, name)
        if name == "work_package_ids":
            value = list(value) if said.kind is LineKind.RISK else next(iter(value), None)
        values[place] = value
    return values


def make(
    unit: Unit,
    meeting: Meeting,
    item_id: UUID,
    record_id: UUID,
    said: ParsedLine,
    words: Vocabulary,
) -> Any:
    """Make the record of a line; it takes the next number. words: who is of which partner.

    Raises:
        DomainError: a field cannot hold what the line says.
    """
    values = values_of(said, _PLACES[said.kind], words)
    if said.kind is LineKind.RISK:
        values["project_id"] = meeting.project_id
    else:
        values |= {"meeting_id": meeting.id, "agenda_item_id": item_id}
    if said.kind in {LineKind.ACTION, LineKind.DECISION}:
        values["project_id"] = meeting.project_id
    if said.kind is LineKind.DECISION:
        values |= {"body_id": meeting.body_id, "made_at": _taken_at(meeting, unit.now)}
    record = add_record(unit, RECORD_KINDS[said.kind], values)
    record.id = record_id
    return record


def change(
    unit: Unit, record: Any, said: ParsedLine, names: Iterable[str], words: Vocabulary
) -> None:
    """Let fields of a record follow its line.

    Raises:
        DomainError: a field cannot hold what the line says.
    """
    change_record(unit, RECORD_KINDS[said.kind], record, values_of(said, names, words))


def move(record: Any, item_id: UUID) -> None:
    """Let a record stand under the item that its line is in."""
    if getattr(record, "agenda_item_id", item_id) != item_id:
        record.agenda_item_id = item_id


def stands_alone(unit: Unit, kind: LineKind, record_id: UUID) -> bool:
    """Return whether nothing else hangs on a record (notes, a vote's result, what follows it)."""
    plan = dependents.plan_deletion(unit.session, RECORD_KINDS[kind], record_id)
    return not plan.loosened and sum(len(ids) for ids in plan.going.values()) == 1


def restore(unit: Unit, kind: LineKind, record_id: UUID) -> Any | None:
    """Bring a deleted record back as it was, with its number where nobody has it by now.

    Returns:
        None when the history does not know it any more.
    """
    h = schema.history.c
    row = unit.session.execute(
        select(h.before, h.version_before)
        .where(h.record_id == record_id, h.operation == "delete")
        .order_by(h.version_before.desc())
        .limit(1)
    ).first()
    if row is None or row.before is None:
        return None
    entity = entity_of(kind)
    before = restored(entity, row.before)
    parent = "meeting_id" if kind in {LineKind.INFORMATION, LineKind.QUESTION} else "project_id"
    table = TABLES[entity]
    taken = select(table.c.id).where(
        table.c[parent] == before[parent], table.c.number == before["number"]
    )
    if unit.session.scalar(taken.limit(1)) is not None:
        before["number"] = next_number(
            unit.session, RECORD_KINDS[kind], "number", parent, before[parent]
        )
    record = entity(id=record_id, version=row.version_before + 1, **before)
    unit.add(record)
    unit.session.flush()
    return record


def _taken_at(meeting: Meeting, now: datetime) -> datetime:
    """Return when a decision of a meeting was taken: now, but within it."""
    known = held_times.began(meeting)
    begun = known or meeting.starts_at
    ended = held_times.ended(meeting) or (begun if known is None else now)
    return min(now, max(begun, min(now, ended)))
