"""Rules of fields as objects: what `services.kinds` says of each field of each kind.

A rule takes the value and the field's name and returns what is kept, or raises a `DomainError` with
the fact `field`. A value of a wrong type is a bug of the caller: `TypeError`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol, TypeVar
from uuid import UUID

from projectdesk.domain.countries import ISO_CODES, iso_country
from projectdesk.domain.rules import validation
from projectdesk.domain.rules.project_months import LAST_MONTH
from projectdesk.services.rows import Kind

ValueT = TypeVar("ValueT")

LARGEST = 1_000_000
"""Largest count or number taken where the field has no limit of its own."""
DAY_MINUTES = 24 * 60


class Rule(Protocol):
    """What a field may hold."""

    def __call__(self, value: Any, field: str, /) -> Any:
        """Return the value as it is kept.

        Raises:
            DomainError: it cannot be kept; fact `field`.
            TypeError: it is not of the field's type.
        """


@dataclass(frozen=True)
class Reference:
    """The id of another record. optional: may be None. Its existence is checked by the command."""

    kind: Kind
    optional: bool = True

    def __call__(self, value: Any, field: str, /) -> UUID | None:
        """Return the id."""
        if value is None and self.optional:
            return None
        return _given(value, field, UUID)


def _given(value: Any, field: str, kind: type[ValueT]) -> ValueT:
    if value is None:
        raise validation.refuse("required", field, "This cannot be empty.")
    exact = kind is not int or not isinstance(value, bool)
    if not isinstance(value, kind) or not exact:
        raise TypeError(f"{field} is {kind.__name__}, not {type(value).__name__}")
    return value


def line(*, required: bool = False) -> Rule:
    """Return the rule of one line of text."""
    return lambda value, field: validation.line(_given(value, field, str), field, required=required)


def prose(*, required: bool = False) -> Rule:
    """Return the rule of long text."""
    return lambda value, field: validation.prose(
        _given(value, field, str), field, required=required
    )


def text(check: Callable[[str, str], str]) -> Rule:
    """Return the rule of a text with a form of its own (PIC, e-mail, web address...)."""
    return lambda value, field: check(_given(value, field, str), field)


def required_zone(value: Any, field: str, /) -> str:
    """Return an IANA zone name; it cannot be empty."""
    return validation.zone(_given(value, field, str), field, required=True)


def country(value: Any, field: str, /) -> str:
    """Return an ISO country code; the Union's EL and UK are read as GR and GB."""
    return validation.country(iso_country(_given(value, field, str)), ISO_CODES, field)


def choice(enum: type[StrEnum]) -> Rule:
    """Return the rule of one of the members of `enum`."""
    return lambda value, field: _given(value, field, enum)


def whole(least: int = 0, most: int = LARGEST) -> Rule:
    """Return the rule of a whole number within limits."""
    return lambda value, field: validation.whole(_given(value, field, int), field, least, most)


def optional_whole(least: int = 0, most: int = LARGEST) -> Rule:
    """Return the rule of a whole number within limits, or None."""
    rule = whole(least, most)
    return lambda value, field: None if value is None else rule(value, field)


def month() -> Rule:
    """Return the rule of a project month; the project's length is checked with the record."""
    return whole(1, LAST_MONTH)


def amount(value: Any, field: str, /) -> Decimal | None:
    """Return an amount in euro, or None."""
    return validation.money(None if value is None else _given(value, field, Decimal), field)


def person_months(value: Any, field: str, /) -> Decimal:
    """Return person-months: 0 to 100,000, at most two places."""
    return validation.person_months(_given(value, field, Decimal), field)


def day(value: Any, field: str, /) -> date | None:
    """Return a date, or None."""
    if isinstance(value, datetime):
        raise TypeError(f"{field} is a date, not a datetime")
    return None if value is None else _given(value, field, date)


def local_time(value: Any, field: str, /) -> datetime:
    """Return a planned local time: naive, to the minute."""
    moment = _given(value, field, datetime)
    if moment.tzinfo is not None:
        raise TypeError(f"{field} is a local time without a zone")
    return moment.replace(second=0, microsecond=0)


def instant(value: Any, field: str, /) -> datetime:
    """Return a moment that happened: aware."""
    moment = _given(value, field, datetime)
    if moment.tzinfo is None:
        raise TypeError(f"{field} is an instant with a zone")
    return moment


def optional_instant(value: Any, field: str, /) -> datetime | None:
    """Return a moment with its zone, or None."""
    return None if value is None else instant(value, field)


def days_before(value: Any, field: str, /) -> list[int]:
    """Return days before a day, each once, the earliest first: 7, 2."""
    rule = whole(0, 365)
    return sorted({rule(each, field) for each in value}, reverse=True)


def flag(value: Any, field: str, /) -> bool:
    """Return yes or no."""
    return _given(value, field, bool)


def optional_flag(value: Any, field: str, /) -> bool | None:
    """Return yes, no, or None = not known."""
    return None if value is None else flag(value, field)


def degrees(most: float) -> Rule:
    """Return the rule of a latitude or longitude, or None."""
    return lambda value, field: validation.degrees(
        None if value is None else float(value), field, most
    )


def lines(value: Any, field: str, /) -> list[str]:
    """Return a list of lines."""
    return validation.lines(list(value), field)


def languages(value: Any, field: str, /) -> list[str]:
    """Return a list of language tags."""
    return validation.languages(list(value), field)


def work_packages(value: Any, field: str, /) -> list[UUID]:
    """Return a list of ids of work packages, doubles left out."""
    return list(dict.fromkeys(_given(each, field, UUID) for each in value))
