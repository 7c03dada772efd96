"""Filters of one column: some of its values, words in it, or a range."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column, Entry
from projectdesk.desktop.models.folding import fold
from projectdesk.desktop.models.ordering import in_order, order_of_names

MOST_VALUES = 40
"""A column with more different values is filtered by words, not by a list."""

Amount = int | Decimal | date


class Way(Enum):
    """How a column is filtered."""

    VALUES = auto()
    WORDS = auto()
    DATES = auto()
    NUMBERS = auto()


@dataclass(frozen=True)
class OneOf:
    """Rows whose cell says one of `texts`; "" is an empty cell."""

    texts: frozenset[str]

    def accepts(self, column: Column[Any], row: Any) -> bool:
        """Return whether a row is kept."""
        return column.text(row) in self.texts

    def words(self, column: Column[Any]) -> str:
        """Return what is kept, in words."""
        shown = in_order((text or say("(empty)") for text in self.texts), str)
        listed = ", ".join(shown[:2]) + (", …" if len(shown) > 2 else "")
        return f"{column.title}: {listed}"


@dataclass(frozen=True)
class Holds:
    """Rows whose cell holds every word of a text, whatever case and accents."""

    text: str

    def accepts(self, column: Column[Any], row: Any) -> bool:
        """Return whether a row is kept."""
        there = fold(column.text(row))
        return all(word in there for word in fold(self.text).split())

    def words(self, column: Column[Any]) -> str:
        """Return what is kept, in words."""
        return f"{column.title}: “{self.text}”"


@dataclass(frozen=True)
class Between:
    """Rows whose value lies between two, both kept; None = without that end. Empty ones go."""

    low: Amount | None
    high: Amount | None

    def accepts(self, column: Column[Any], row: Any) -> bool:
        """Return whether a row is kept."""
        value = amount_of(column, row)
        if value is None:
            return False
        low: Any = self.low
        high: Any = self.high
        return (low is None or value >= low) and (high is None or value <= high)

    def words(self, column: Column[Any]) -> str:
        """Return what is kept, in words."""
        prefix = column.field.prefix if column.field is not None else ""
        return f"{column.title}: {_shown(self.low, prefix)} – {_shown(self.high, prefix)}"


ColumnFilter = OneOf | Holds | Between


def _shown(value: Amount | None, prefix: str) -> str:
    if value is None:
        return "…"
    return formats.day(value) if isinstance(value, date) else f"{prefix}{value}"


def amount_of(column: Column[Any], row: Any) -> Any:
    """Return the number or day that a cell stands for, None where it is none."""
    value = column.field.value(row) if column.field is not None else None
    if not _is_amount(value) and column.sort is not None:
        value = column.sort(row)
    if isinstance(value, datetime):
        return value.date()
    return value if _is_amount(value) else None


def _is_amount(value: object) -> bool:
    return isinstance(value, int | float | Decimal | date) and not isinstance(value, bool)


def way_of(column: Column[Any], rows: Sequence[Any]) -> Way:
    """Return how a column of these rows is filtered."""
    entry = column.field.entry if column.field is not None else None
    if entry in (Entry.CHOICE, Entry.CHOICES) or column.tone is not None:
        return Way.VALUES
    amounts = [value for row in rows[:200] if (value := amount_of(column, row)) is not None]
    if amounts and all(isinstance(value, date) for value in amounts):
        return Way.DATES
    if amounts and not any(isinstance(value, date) for value in amounts):
        return Way.NUMBERS
    return Way.WORDS if len(values_of(column, rows)) > MOST_VALUES else Way.VALUES


def values_of(column: Column[Any], rows: Iterable[Any]) -> list[str]:
    """Return the different texts of a column, in order, the empty one last."""
    found = {column.text(row) for row in rows}
    order = order_of_names()
    return sorted(found, key=lambda text: (not text, order(text)))
