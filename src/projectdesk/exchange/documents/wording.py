"""English words of the documents that are English alone: what goes to the granting authority."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from projectdesk.exchange.documents.words import clock as clock
from projectdesk.exchange.documents.words import percent as percent
from projectdesk.exchange.documents.words import place as place
from projectdesk.exchange.documents.words import words


def day(value: date) -> str:
    """Return "2 March 2026"."""
    return words().day(value)


def long_day(value: date) -> str:
    """Return "Monday 2 March 2026"."""
    return words().long_day(value)


def span(start: datetime, minutes: int, zone: str) -> str:
    """Return "10:00 to 12:30, Copenhagen time"; see `Words.span`."""
    return words().span(start, minutes, zone)


def elsewhere(start: datetime, zone: str, zones: Iterable[str]) -> tuple[str, ...]:
    """Return the start in the other zones; see `Words.elsewhere`."""
    return words().elsewhere(start, zone, zones)


def length(minutes: float) -> str:
    """Return "1 h 30 min", "45 min", "under 1 min"."""
    return words().length(minutes)


def stamp(now: datetime) -> str:
    """Return the instant as "24 November 2026, 08:15 UTC"."""
    return words().stamp(now)
