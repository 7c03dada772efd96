"""Create, change and delete a record of any kind."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Person
from projectdesk.domain.meetings import Meeting, MeetingState
from projectdesk.errors import DomainError
from projectdesk.services import dependents
from projectdesk.services.editing import add_record, change_record
from projectdesk.services.kinds import SPECS
from projectdesk.services.kinds import in_words as counted
from projectdesk.services.labels import name_of
from projectdesk.services.period_checks import in_order_of_room
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store.mapping import TABLES
from projectdesk.store.search import CHUNK

_COMPARED = frozenset({"number", "work_package_id"})
"""Fields that are compared with other records: they must be written before the next one is."""


@dataclass(frozen=True)
class RecordEdit:
    """New values of one record. version: the one that was seen. values: as for `set_fields`."""

    kind: Kind
    id: UUID
    version: int
    values: Mapping[str, object]


def create(workspace: Workspace, kind: Kind, values: Mapping[str, object]) -> tuple[UUID, Changes]:
    """Create a record.

    Args:
        workspace: the open database.
        kind: what to make.
        values: its fields by the names of the domain's dataclass, typed as there. Numbers (WP, D,
            MS, A, participant) and positions that are left out take the next free one.

    Returns:
        Its id, and what changed.

    Raises:
        DomainError: a field cannot hold its value (fact `field`).
    """
    with workspace.change(f"Add {SPECS[kind].noun}") as unit:
        record = add_record(unit, kind, values)
        unit.session.flush()
        unit.label = f"Add {SPECS[kind].noun} {name_of(unit.session, record)}".strip()
    return record.id, unit.changes


def set_fields(
    workspace: Workspace, kind: Kind, record_id: UUID, version: int, values: Mapping[str, object]
) -> Changes:
    """Change fields of a record; nothing happens if they already hold these values.

    Args:
        workspace: the open database.
        kind: the record's kind.
        record_id: which record.
        version: the version that was seen.
        values: new values by the names of the domain's dataclass, typed as there.

    Raises:
        NotFound: it does not exist any more.
        Conflict: it was changed since that version was seen.
        DomainError: a field cannot hold its value (fact `field`).
    """
    spec = SPECS[kind]
    words = ", ".join(dict.fromkeys(_in_words(name) for name in values))
    with workspace.change(f"Change {words}") as unit:
        record = unit.get(spec.entity, record_id, version)
        name = name_of(unit.session, record)
        change_record(unit, kind, record, values)
        unit.label = f"Change {words} of {name}".strip()
    return unit.changes


def edit_many(workspace: Workspace, edits: Sequence[RecordEdit], label: str = "") -> Changes:
    """Change fields of several records, of any kinds, as one change with one undo.

    Args:
        workspace: the open database.
        edits: what to change; a record that is named twice gets the values of both, the later win.
        label: what is done, in words ("Paste 12 cells"); "" = said by the fields.

    Raises:
        NotFound: one of them does not exist any more.
        Conflict: one was changed since its version was seen.
        DomainError: a field cannot hold its value (fact `field`).
        All of them with the facts `record` (its name) and `record_id` (hex); nothing was changed.
    """
    wanted = gathered(edits)
    with workspace.change(label or _label_of(edits), in_turn=True) as unit, _held(unit, wanted):
        for edit in _ordered(unit, wanted):
            with _blaming(unit, edit.kind, edit.id):
                record = unit.get(SPECS[edit.kind].entity, edit.id, edit.version)
                change_record(unit, edit.kind, record, edit.values)
                if edit.kind is Kind.REPORTING_PERIOD or edit.values.keys() & _COMPARED:
                    unit.session.flush()
    return unit.changes


def gathered(edits: Sequence[RecordEdit]) -> list[RecordEdit]:
    """Return one edit for each record, of the version that was seen first; later values win."""
    found: dict[tuple[Kind, UUID], RecordEdit] = {}
    for edit in edits:
        first = found.get((edit.kind, edit.id), edit)
        values = {**first.values, **edit.values}
        found[edit.kind, edit.id] = RecordEdit(edit.kind, edit.id, first.version, values)
    return list(found.values())


def _ordered(unit: Unit, edits: list[RecordEdit]) -> list[RecordEdit]:
    """Return the edits in the order of their changes: periods make room for one another."""
    periods = {edit.id: edit for edit in edits if edit.kind is Kind.REPORTING_PERIOD}
    if len(periods) < 2:
        return edits
    others = [edit for edit in edits if edit.kind is not Kind.REPORTING_PERIOD]
    roomy = in_order_of_room(unit.session, {each: edit.values for each, edit in periods.items()})
    return [*others, *(periods[each] for each in roomy)]


@contextmanager
def _held(unit: Unit, edits: Collection[RecordEdit]) -> Iterator[None]:
    """Load records in few queries, and keep all that is loaded in the block in memory.

    A session lets go of what nobody holds: each record would ask for its work package and project
    again, which made 2,000 edits take seven seconds.
    """
    held: list[object] = []

    def keep(_session: Session, loaded: object) -> None:
        held.append(loaded)

    session = unit.session
    event.listen(session, "loaded_as_persistent", keep)
    try:
        for kind in {edit.kind for edit in edits}:
            entity = SPECS[kind].entity
            ids = [edit.id for edit in edits if edit.kind is kind]
            for start in range(0, len(ids), CHUNK):
                chosen = TABLES[entity].c.id.in_(ids[start : start + CHUNK])
                session.scalars(select(entity).where(chosen)).all()
        yield
    finally:
        event.remove(session, "loaded_as_persistent", keep)


def _label_of(edits: Sequence[RecordEdit]) -> str:
    words = ", ".join(dict.fromkeys(_in_words(name) for edit in edits for name in edit.values))
    records = {(edit.kind, edit.id) for edit in edits}
    kinds = {kind for kind, _ in records}
    what = counted(kinds.pop(), len(records)) if len(kinds) == 1 else f"{len(records)} records"
    return f"Change {words} of {what}"


@contextmanager
def _blaming(unit: Unit, kind: Kind, record_id: UUID) -> Iterator[None]:
    """Say in an error of the block which record it is about."""
    try:
        yield
    except DomainError as error:
        with unit.session.no_autoflush:
            record: Any = unit.session.get(SPECS[kind].entity, record_id)
            name = "" if record is None else name_of(unit.session, record)
        error.facts = {**error.facts, "record": name, "record_id": record_id.hex}
        raise


def _in_words(name: str) -> str:
    """Return what a field is called; both parts of a share are called like the share."""
    bare = name.removesuffix("_id").removesuffix("_numerator").removesuffix("_denominator")
    return bare.replace("_", " ")


def delete(workspace: Workspace, kind: Kind, record_id: UUID, version: int) -> Changes:
    """Delete a record with all that cannot be without it, as one change.

    `queries.dependents` tells before what would go.

    Raises:
        NotFound: it does not exist any more.
        Conflict: it was changed since that version was seen.
        DomainError: `is_me`, `meeting_live`.
    """
    spec = SPECS[kind]
    with workspace.change(f"Delete {spec.noun}") as unit:
        record = unit.get(spec.entity, record_id, version)
        _check_deletable(record, workspace)
        unit.label = f"Delete {spec.noun} {name_of(unit.session, record)}".strip()
        dependents.carry_out(unit.session, dependents.plan_deletion(unit.session, kind, record_id))
    return unit.changes


def delete_many(workspace: Workspace, kind: Kind, records: Sequence[tuple[UUID, int]]) -> Changes:
    """Delete several records of a kind with all that cannot be without them, as one change.

    `queries.dependents_of` tells before what would go.

    Args:
        workspace: the open database.
        kind: of all of them.
        records: id and version that was seen of each.

    Raises:
        NotFound, Conflict, DomainError: as `delete`, with the facts `record` and `record_id`;
            nothing was deleted.
    """
    ids = list(dict.fromkeys(record_id for record_id, _ in records))
    with workspace.change(f"Delete {counted(kind, len(ids))}", in_turn=True) as unit:
        for record_id, version in records:
            with _blaming(unit, kind, record_id):
                record = unit.get(SPECS[kind].entity, record_id, version)
                _check_deletable(record, workspace)
                if len(ids) == 1:
                    name = name_of(unit.session, record)
                    unit.label = f"Delete {SPECS[kind].noun} {name}".strip()
        dependents.carry_out(unit.session, dependents.plan_deletions(unit.session, kind, ids))
    return unit.changes


def _check_deletable(record: object, workspace: Workspace) -> None:
    if isinstance(record, Person) and workspace.is_mine(record):
        raise DomainError("is_me", "This is you: the program needs to know who uses it.")
    if isinstance(record, Meeting) and record.state is MeetingState.LIVE:
        raise DomainError("meeting_live", "The meeting is running. End it before deleting it.")
