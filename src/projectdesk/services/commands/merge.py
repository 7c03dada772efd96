"""Save an edit although somebody else saved first: merge what can be merged, never overwrite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from projectdesk.errors import Conflict, NotFound
from projectdesk.services.commands.edit import set_fields
from projectdesk.services.conflicts import ConflictView, conflict
from projectdesk.services.editing import change_record
from projectdesk.services.kinds import SPECS
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from projectdesk.store.mapping import ENTITIES
from projectdesk.store.record import restored

_ATTEMPTS = 3
"""How often an edit is put on the newest version, which others may raise again meanwhile."""


@dataclass(frozen=True)
class Saved:
    """What came of an edit.

    changes: what was changed. met: how it stood to what others had saved; None when nobody had.
    Without `changes` and with `met.clashes` (or `met.deleted`), nothing was saved.
    """

    changes: Changes
    met: ConflictView | None = None

    @property
    def refused(self) -> bool:
        """True when a person has to decide."""
        return self.met is not None and (self.met.deleted or bool(self.met.clashes))


def save_fields(
    workspace: Workspace, kind: Kind, record_id: UUID, version: int, values: Mapping[str, object]
) -> Saved:
    """Change fields of a record; put them on the newest version when nobody else touched them.

    Args:
        workspace: the open database.
        kind: the record's kind.
        record_id: which record.
        version: the version that was seen.
        values: new values by the names of the domain's dataclass, typed as there.

    Raises:
        NotFound: it does not exist any more, and nothing is known of it.
        Conflict: others save faster than this can follow; nothing was saved.
        DomainError: a field cannot hold its value (fact `field`).
    """
    met: ConflictView | None = None
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return Saved(set_fields(workspace, kind, record_id, version, values), met)
        except (Conflict, NotFound) as error:
            if error.code not in {"moved_on", "not_found"} or attempt == _ATTEMPTS:
                raise
        met = conflict(workspace, kind, record_id, version, values)
        if met.deleted or met.clashes:
            return Saved(Changes(), met)
        values = {field.name: values[field.name] for field in met.fields}
        version = met.version
        if not values:
            return Saved(Changes(), met)
    raise AssertionError("unreachable")


def resolve(workspace: Workspace, view: ConflictView, values: Mapping[str, object]) -> Saved:
    """Save what a person chose, on the version that they were shown.

    Args:
        workspace: the open database.
        view: what they were shown.
        values: what the fields shall hold; a field that keeps theirs is left out.

    Raises:
        DomainError: a field cannot hold its value (fact `field`).
    """
    if not values:
        return Saved(Changes())
    return save_fields(workspace, view.kind, view.record_id, view.version, values)


def bring_back(workspace: Workspace, view: ConflictView, values: Mapping[str, object]) -> Changes:
    """Restore a record that somebody deleted, with what went with it, and save an edit of it.

    Args:
        workspace: the open database.
        view: of the deleted record.
        values: what its fields shall hold.

    Raises:
        NotFound: nothing is known of the deletion.
        Conflict: somebody restored it meanwhile, or something contradicts; nothing was changed.
        DomainError: a field cannot hold its value (fact `field`).
    """
    entity = SPECS[view.kind].entity
    with workspace.change(f"Restore {SPECS[view.kind].noun} {view.title}") as unit:
        if unit.session.get(entity, view.record_id) is not None:
            raise Conflict("there_again", "Somebody restored this meanwhile. Look again.")
        rows = _deletion(unit, view.deletion)
        if not rows:
            noun = SPECS[view.kind].noun
            raise NotFound("not_found", "This {noun} does not exist any more.", noun=noun)
        for row in rows:
            _reverse(unit, row)
        unit.session.flush()
        change_record(unit, view.kind, unit.get(entity, view.record_id), values)
    return unit.changes


def _deletion(unit: Unit, change: UUID | None) -> list[Row[Any]]:
    h = schema.history.c
    query = select(schema.history).where(h.change_id == change).order_by(h.seq.desc())
    return [] if change is None else list(unit.session.execute(query))


def _reverse(unit: Unit, row: Row[Any]) -> None:
    """Bring one record back as it was; one that was loosened and changed since stays as it is."""
    entity = ENTITIES[row.kind]
    present = unit.session.get(entity, row.record_id)
    before = restored(entity, row.before or {})
    if row.operation == "delete" and present is None:
        # One more than it ever had: nobody who saw it before can take it for unchanged.
        unit.add(entity(id=row.record_id, version=row.version_before + 1, **before))
    elif present is not None and present.version == row.version_after:
        for name, value in before.items():
            setattr(present, name, value)
