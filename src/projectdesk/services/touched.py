"""What a change did to one record, and how the history keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import inspect

from projectdesk.services.rows import Kind
from projectdesk.store.record import Json, columns_of, to_json


@dataclass
class Touched:
    """One record that a unit changed. before: its fields; None = it did not exist."""

    entity: Any
    kind: Kind
    project_id: UUID | None
    before: dict[str, Json] | None
    version_before: int
    deleted: bool = False


@dataclass(frozen=True)
class Step:
    """One record's way through a change; version 0 = does not exist."""

    record_id: UUID
    version_before: int
    version_after: int


def original(entity: Any) -> dict[str, Json]:
    """Return the fields of an entity as the database has them."""
    state = inspect(entity)
    before = {}
    for name in columns_of(type(entity)):
        past = state.attrs[name].history
        before[name] = to_json(past.deleted[0] if past.deleted else getattr(entity, name))
    return before


def history_row(touched: Touched) -> dict[str, Any] | None:
    """Return what the history keeps of one record; None if it ended as it began."""
    entity = touched.entity
    now = {name: to_json(getattr(entity, name)) for name in columns_of(type(entity))}
    row: dict[str, Any] = {
        "kind": touched.kind.value,
        "record_id": entity.id,
        "project_id": touched.project_id,
        "version_before": touched.version_before,
        "version_after": 0 if touched.deleted else entity.version,
    }
    match touched.before, touched.deleted:
        case None, True:
            return None
        case None, False:
            return row | {"operation": "insert", "before": None, "after": now}
        case dict() as before, True:
            return row | {"operation": "delete", "before": before, "after": None}
        case dict() as before, False:
            moved = [name for name, value in now.items() if before[name] != value]
            return row | {
                "operation": "update",
                "before": {name: before[name] for name in moved},
                "after": {name: now[name] for name in moved},
            }
    raise AssertionError("unreachable")
