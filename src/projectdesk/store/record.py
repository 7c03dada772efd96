"""A record as JSON and back: what the history keeps of it, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, Uuid
from sqlalchemy.types import TypeEngine

from projectdesk.store.mapping import TABLES
from projectdesk.store.types import (
    CountList,
    LocalDateTime,
    Money,
    Spelling,
    TextList,
    UtcInstant,
    UuidList,
)

Json = None | bool | int | float | str | list[str]


def to_json(value: object) -> Json:
    """Return one field's value as JSON; exact for every type a record has."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return str.__str__(value)  # a member of a StrEnum gives its value
        case UUID() | Decimal():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case list() | tuple():
            return [str(item) for item in value]
        case _:
            raise TypeError(f"a record has no field of type {type(value).__name__}")


def from_json(column_type: TypeEngine[Any], value: Json) -> Any:
    """Return the value that `to_json` was given for a column of this type."""
    if value is None:
        return None
    match column_type:
        case Spelling():
            return column_type.enum(str(value))
        case UtcInstant() | LocalDateTime():
            return datetime.fromisoformat(str(value))
        case Date():
            return date.fromisoformat(str(value))
        case Money():
            return Decimal(str(value))
        case Uuid():
            return UUID(str(value))
        case UuidList() if isinstance(value, list):
            return [UUID(item) for item in value]
        case CountList() if isinstance(value, list):
            return [int(item) for item in value]
        case TextList() if isinstance(value, list):
            return list(value)
        case _:
            return value


def columns_of(entity: type[Any]) -> dict[str, Column[Any]]:
    """Return the columns of an entity's fields by name, id and version left out."""
    return {c.name: c for c in TABLES[entity].columns if c.name not in {"id", "version"}}


def restored(entity: type[Any], fields: Mapping[str, Json]) -> dict[str, Any]:
    """Return the values of the fields that the history kept; fields gone since are dropped."""
    columns = columns_of(entity)
    return {
        name: from_json(columns[name].type, value)
        for name, value in fields.items()
        if name in columns
    }
