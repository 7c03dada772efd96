"""Column types that keep what the domain means: instants, planned times, money, lists.

Each holds the same value on SQLite and PostgreSQL, exactly, and refuses what it cannot hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, Generic, NoReturn, TypeVar
from uuid import UUID

import sqlalchemy
from sqlalchemy import JSON, DateTime, Dialect, Numeric, String
from sqlalchemy.types import TypeDecorator, TypeEngine

EnumT = TypeVar("EnumT", bound=StrEnum)
ItemT = TypeVar("ItemT")


_KNOWN_IDS = 32_768
"""Ids whose UUID is kept: more than the records of a large project; some 10 MB at most."""


@lru_cache(_KNOWN_IDS)
def _identity(digits: str | None) -> UUID | None:
    return None if digits is None else UUID(digits)


class Uuid(sqlalchemy.Uuid[UUID]):
    """An id; where it is text in the database (SQLite) it is read once, however often it comes.

    Most ids of a result name a few others (whose partner, which package), and a page that is asked
    for again has the same ones: made anew each time, they were a fifth of opening a large project.
    """

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return what makes a value of a result a UUID; None where the driver does it."""
        return None if dialect.supports_native_uuid else _identity


class UtcInstant(TypeDecorator[datetime]):
    """A moment that happened: aware in, UTC out (decisions 10)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; SQLite has no zones, so its column holds UTC by definition."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant has a zone: {value!r}")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment aware, in UTC, whatever zone the connection speaks."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class LocalDateTime(TypeDecorator[datetime]):
    """A planned local time, naive; its zone is in the column beside it (decisions 10)."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time that carries a zone: storing it would drop the zone unseen."""
        if value is not None and value.tzinfo is not None:
            raise ValueError(f"a planned time is naive: {value!r}")
        return value


class Money(TypeDecorator[Decimal]):
    """Euro, exact: NUMERIC on PostgreSQL, its decimal text on SQLite, which has no decimals."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Pick the column's type."""
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Store exactly; a float has lost its cents before it came here, so it is refused."""
        if value is None:
            return None
        if not isinstance(value, Decimal) or not value.is_finite():
            raise ValueError(f"money is a finite Decimal: {value!r}")
        return format(value, "f") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Return the Decimal that was stored."""
        return None if value is None else Decimal(value)


class Spelling(TypeDecorator[EnumT], Generic[EnumT]):
    """A `StrEnum`, kept by its value, so that a reader of the table understands it."""

    impl = String
    cache_ok = True

    def __init__(self, enum: type[EnumT]) -> None:
        self.enum = enum
        super().__init__()

    def process_bind_param(self, value: EnumT | None, dialect: Dialect) -> str | None:
        """Store the value; text is taken if it spells a member."""
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> EnumT | None:
        """Return the member."""
        return None if value is None else self.enum(value)


class FixedList(list[ItemT]):
    """A list as loaded: equal to any list, but only replaced, never changed in place.

    The unit of work sees an attribute that was assigned; a change inside a list it would miss, and
    the edit would be lost without a word. So the change is refused instead.
    """

    def _refuse(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise TypeError("assign a new list: a change inside a loaded one would not be saved")

    append = extend = insert = remove = pop = clear = sort = reverse = _refuse
    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse


class TextList(TypeDecorator[list[str]]):
    """A short list of texts (topics, languages), as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> list[str]:
        """Store a plain list."""
        return [] if value is None else list(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> list[str]:
        """Return the list, fixed."""
        return FixedList(value or ())


class UuidList(TypeDecorator[list[UUID]]):
    """A short list of ids, as JSON of their texts."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Iterable[UUID] | None, dialect: Dialect) -> list[str]:
        """Store the ids as texts."""
        return [] if value is None else [str(item) for item in value]

    def process_result_value(self, value: Any, dialect: Dialect) -> list[UUID]:
        """Return the ids, in a fixed list."""
        return FixedList(UUID(item) for item in value or ())


class CountList(TypeDecorator[list[int]]):
    """A short list of whole numbers, as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Iterable[int] | None, dialect: Dialect) -> list[int]:
        """Store a plain list."""
        return [] if value is None else [int(item) for item in value]

    def process_result_value(self, value: Any, dialect: Dialect) -> list[int]:
        """Return the numbers, in a fixed list."""
        return FixedList(value or ())
