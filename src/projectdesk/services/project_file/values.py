"""The fields of a record in a file, read strictly: what is not of the column's type is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Integer, String, Table, Text

from projectdesk.services.project_file.collecting import LOCAL_FIELDS
from projectdesk.services.rows import Kind
from projectdesk.store.mapping import ENTITIES
from projectdesk.store.record import columns_of, from_json
from projectdesk.store.types import (
    CountList,
    LocalDateTime,
    Money,
    Spelling,
    TextList,
    UtcInstant,
    Uuid,
    UuidList,
)

_LARGEST = (1 << 63) - 1


class BadValue(ValueError):
    """A field that cannot be what the file says. Its text says what was expected."""


def read_fields(
    kind: Kind, fields: Mapping[str, Any], *, whole: bool = True
) -> tuple[dict[str, Any], list[str]]:
    """Return the fields of a record as its entity has them, and the names that no field has.

    Args:
        kind: of the record.
        fields: out of the file.
        whole: every field must be there; False for the changed ones of a history line.

    Raises:
        BadValue: one cannot be read, or is missing and has no default.
    """
    columns = columns_of(ENTITIES[kind.value])
    local = LOCAL_FIELDS.get(kind.value, frozenset())
    unknown = [name for name in fields if name not in columns]
    values = {
        name: _read(columns[name], value)
        for name, value in fields.items()
        if name in columns and name not in local
    }
    if whole:
        for name, column in columns.items():
            if name not in values and name not in local:
                values[name] = _default(column)
    return values, unknown


def read_row(table: Table, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of a table that holds no records, as its columns have it.

    Raises:
        BadValue: a column cannot be read, or is missing and has no default.
    """
    return {
        column.name: _read(column, fields[column.name])
        if column.name in fields
        else _default(column)
        for column in table.columns
    }


def _default(column: Column[Any]) -> Any:
    """Return what a field holds that a file of an older version does not know."""
    if column.nullable:
        return None
    default: Any = column.default
    if default is None:
        raise BadValue(f"{column.name} is missing")
    return default.arg(None) if default.is_callable else default.arg


def _read(column: Column[Any], value: Any) -> Any:
    if value is None:
        if not column.nullable:
            raise BadValue(f"{column.name} is empty")
        return None
    expected = _SHAPES.get(type(column.type))
    if expected is None or not _is(value, expected[0]):
        words = expected[1] if expected else "nothing"
        raise BadValue(f"{column.name}: expected {words}")
    try:
        read = from_json(column.type, value)
    except (ValueError, TypeError, InvalidOperation, OverflowError) as error:
        raise BadValue(f"{column.name}: expected {expected[1]}") from error
    return _checked(column, read)


def _is(value: Any, kind: type | tuple[type, ...]) -> bool:
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def _checked(column: Column[Any], value: Any) -> Any:
    match value:
        case datetime() if isinstance(column.type, UtcInstant) != (value.tzinfo is not None):
            raise BadValue(f"{column.name}: expected a time {_zone(column)} a zone")
        case Decimal() if not value.is_finite():
            raise BadValue(f"{column.name}: expected an amount")
        case bool():
            return value
        case int() if not -_LARGEST <= value <= _LARGEST:
            raise BadValue(f"{column.name}: the number is too large")
        case str() if not isinstance(value, StrEnum) and "\0" in value:
            raise BadValue(f"{column.name}: the text has a zero byte")
        case list() if not all(isinstance(item, str | int | UUID) for item in value):
            raise BadValue(f"{column.name}: expected a plain list")
    return value


def _zone(column: Column[Any]) -> str:
    return "with" if isinstance(column.type, UtcInstant) else "without"


_SHAPES: dict[type, tuple[type | tuple[type, ...], str]] = {
    UtcInstant: (str, "an instant (ISO 8601)"),
    LocalDateTime: (str, "a local time (ISO 8601)"),
    Date: (str, "a date (ISO 8601)"),
    Money: (str, "a decimal number as text"),
    Uuid: (str, "an id"),
    Spelling: (str, "one of the known words"),
    TextList: (list, "a list of texts"),
    UuidList: (list, "a list of ids"),
    CountList: (list, "a list of whole numbers"),
    Boolean: (bool, "true or false"),
    Integer: (int, "a whole number"),
    BigInteger: (int, "a whole number"),
    Float: ((int, float), "a number"),
    String: (str, "text"),
    Text: (str, "text"),
}
