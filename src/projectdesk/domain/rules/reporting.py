"""Reporting periods of a project, and whom of a partner to ask for its figures (terms.md).

Spans of project months are (first, last), both included.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from projectdesk.errors import DomainError

Span = tuple[int, int]
USUAL_PERIOD_MONTHS: Final = 18
"""How long a reporting period usually is."""

_CONTACTS: Final = (
    ("financ", "account", "controll", "budget"),
    ("project manager", "project coordinator", "administrat", "project officer"),
    ("manager", "coordinator"),
)
"""Parts of functions of people who know a partner's figures, the best first."""


def divide(duration: int, count: int) -> list[Span]:
    """Return `count` periods that cover `duration` months, the longer ones first.

    Raises:
        DomainError: `bad_division`, fewer months than periods, or none.
    """
    if not 1 <= count <= duration:
        raise DomainError(
            "bad_division",
            "{duration} months cannot be divided into {count} periods.",
            duration=duration,
            count=count,
        )
    length, longer = divmod(duration, count)
    spans, start = [], 1
    for index in range(count):
        end = start + length - 1 + (index < longer)
        spans.append((start, end))
        start = end + 1
    return spans


def every(duration: int, months: int) -> list[Span]:
    """Return periods of `months` each that cover `duration`; the last one may be shorter.

    Raises:
        DomainError: `bad_division`.
    """
    if months < 1:
        raise DomainError("bad_division", "A period has at least one month.")
    return [(start, min(start + months - 1, duration)) for start in range(1, duration + 1, months)]


def due_on(end: date, days: int) -> date:
    """Return the day on which the periodic report of a period is due: `days` after its last day."""
    return end + timedelta(days=days)


class PeriodProblem(StrEnum):
    """What can be odd about the periods of a project."""

    GAP = "gap"
    OVERLAP = "overlap"


@dataclass(frozen=True)
class PeriodFinding:
    """Months that are in no period (gap), or in two (overlap)."""

    problem: PeriodProblem
    months: Span


def check_periods(spans: Iterable[Span], duration: int | None) -> list[PeriodFinding]:
    """Return gaps and overlaps in order; without any period there is nothing to say.

    Args:
        spans: the periods in any order.
        duration: months of the project; None = not known, no gap at the end is found.
    """
    ordered = sorted(spans)
    found: list[PeriodFinding] = []
    covered = 0
    for start, end in ordered:
        if start > covered + 1:
            found.append(PeriodFinding(PeriodProblem.GAP, (covered + 1, start - 1)))
        elif start <= covered:
            found.append(PeriodFinding(PeriodProblem.OVERLAP, (start, min(end, covered))))
        covered = max(covered, end)
    if ordered and duration is not None and covered < duration:
        found.append(PeriodFinding(PeriodProblem.GAP, (covered + 1, duration)))
    return found


# --- asking ---------------------------------------------------------------------------------------


def contact_rank(function: str) -> int:
    """Return how well a function suits to be asked for figures; 0 = best (a financial officer)."""
    words = function.casefold()
    for rank, parts in enumerate(_CONTACTS):
        if any(part in words for part in parts):
            return rank
    return len(_CONTACTS)


def choose_contact(functions: Sequence[str]) -> int | None:
    """Return which of a partner's people is asked, by their functions; the first of the best.

    None = nobody is known.
    """
    if not functions:
        return None
    return min(range(len(functions)), key=lambda index: contact_rank(functions[index]))


def end_of(day: date, zone: tzinfo) -> datetime:
    """Return the last second of a deadline's day where the person who answers is (decisions 2)."""
    return datetime.combine(day, time(23, 59, 59), zone)
