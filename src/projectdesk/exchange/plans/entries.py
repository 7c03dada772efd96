"""A work plan as programs for project plans keep it: a nested list of bars with dates.

Microsoft Project and GanttProject know bars, levels, links and people, not work packages and
deliverables. `outlined` finds these in a list of bars, `unfolded` makes bars of them, so that each
format only has to be spelled.

May import: domain, errors.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from projectdesk.domain.workplan import DependencyType
from projectdesk.errors import UnreadableFile

DAYS_PER_MONTH = 20
"""Working days of a person-month where the file does not say: Project's own default."""
HOURS_PER_DAY = 8
DEEPEST_LEVEL = 60
"""Levels that are gone into; people use five."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """The bar that has it waits for the bar `before` (its `uid`). lag: months, also parts."""

    before: str
    type: DependencyType = DependencyType.FINISH_START
    lag: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One bar or milestone.

    level: 1 = top; the bars after it that are deeper are its parts. first, last: both days are part
    of it; None = the file does not say. work: (who, person-months).
    """

    uid: str
    level: int
    name: str
    first: date | None
    last: date | None
    milestone: bool = False
    notes: str = ""
    lead: str = ""
    links: tuple[Link, ...] = ()
    work: tuple[tuple[str, Decimal], ...] = ()
    row: int = 0


@dataclass(frozen=True, kw_only=True)
class PlanFile:
    """All bars of a file, in its order. file: its name. start: the first day that it names."""

    file: str
    title: str = ""
    start: date | None = None
    entries: tuple[Entry, ...] = field(default=())


def too_deep(file: str) -> UnreadableFile:
    """Return the refusal of a file whose bars are parts of parts of parts..."""
    return UnreadableFile(
        "too_deep",
        "{file} nests tasks more than {limit} deep.",
        file=file,
        limit=DEEPEST_LEVEL,
        expected=f"at most {DEEPEST_LEVEL} levels",
    )


def is_working_day(day: date) -> bool:
    """Return whether a day is Monday to Friday."""
    return day.weekday() < 5


def next_working_day(day: date) -> date:
    """Return `day`, or the Monday after a weekend."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def last_working_day(day: date) -> date:
    """Return `day`, or the Friday before a weekend."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def working_days(first: date, last: date) -> int:
    """Return how many days from `first` to `last`, both counted, are Monday to Friday."""
    total = (last - first).days + 1
    weeks, rest = divmod(total, 7)
    return 5 * weeks + sum(is_working_day(first + timedelta(days=each)) for each in range(rest))


def last_of_working_days(first: date, days: int) -> date:
    """Return the last of so many days, Monday to Friday, from `first` on (at least one)."""
    day = next_working_day(first)
    weeks, rest = divmod(max(days, 1) - 1, 5)
    if day.year + weeks // 52 + 1 >= date.max.year:
        return date.max
    day += timedelta(days=7 * weeks)
    for _ in range(rest):
        day = next_working_day(day + timedelta(days=1))
    return day
