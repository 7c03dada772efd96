"""Create, change and delete a record of any kind."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from projectdesk.domain.consortium import Person
from projectdesk.domain.meetings import Meeting, MeetingState
from projectdesk.errors import DomainError
from projectdesk.services import dependents
from projectdesk.services.editing import add_record, change_record
from projectdesk.services.kinds import SPECS
from projectdesk.services.labels import name_of
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.workspace import Workspace


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


def _check_deletable(record: object, workspace: Workspace) -> None:
    if isinstance(record, Person) and workspace.is_mine(record):
        raise DomainError("is_me", "This is you: the program needs to know who uses it.")
    if isinstance(record, Meeting) and record.state is MeetingState.LIVE:
        raise DomainError("meeting_live", "The meeting is running. End it before deleting it.")
