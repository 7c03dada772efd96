"""Project months and dates along the chart: from a month or a day to pixels and back.

Each project month is equally wide; a day lies within its month by its share of the month's days.
x = 0 is where M1 begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from projectdesk.domain.rules.project_months import LAST_MONTH, first_day, last_day, month_of

NARROWEST = 3.0
WIDEST = 260.0
"""Least and most pixels of a month; at the most a week is some 60 pixels wide."""

_WEEKS_FROM = 104.0
_MONTHS_FROM = 26.0
_QUARTERS_FROM = 9.0
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60)


class Unit(Enum):
    """What a tier of the calendar counts."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    WEEK = "week"


@dataclass(frozen=True)
class Span:
    """One year, quarter, month or week of a tier; first: its first day. Pixels."""

    left: float
    right: float
    first: date


@dataclass(frozen=True)
class Timescale:
    """Where months lie. start: first day of M1, None when unknown. month_width: pixels."""

    start: date | None
    months: int
    month_width: float

    @property
    def width(self) -> float:
        """Pixels from the first month to the end of the last."""
        return self.months * self.month_width

    def left(self, month: int) -> float:
        """Return where a project month begins."""
        return (month - 1) * self.month_width

    def right(self, month: int) -> float:
        """Return where a project month ends."""
        return month * self.month_width

    def month_at(self, x: float) -> int:
        """Return the project month at a place; outside the chart the nearest."""
        return min(max(int(x // self.month_width) + 1, 1), self.months)

    def steps(self, pixels: float) -> int:
        """Return how many whole months a way is, to the nearest."""
        return round(pixels / self.month_width)

    def of_day(self, day: date) -> float | None:
        """Return where a day begins; None without a start date or outside the chart."""
        if self.start is None or day < self.start:
            return None
        month = month_of(self.start, day)
        if not 1 <= month <= self.months:
            return None
        return self._within(month, day)

    def _within(self, month: int, day: date) -> float:
        assert self.start is not None  # noqa: S101 - both callers have asked
        first, last = first_day(self.start, month), last_day(self.start, month)
        share = (day - first).days / ((last - first).days + 1)
        return (month - 1 + share) * self.month_width

    # --- the tiers of the header

    @property
    def tiers(self) -> tuple[Unit, ...]:
        """The units of the calendar at this zoom, the larger first."""
        if self.month_width >= _WEEKS_FROM:
            return Unit.MONTH, Unit.WEEK
        if self.month_width >= _MONTHS_FROM:
            return Unit.YEAR, Unit.MONTH
        if self.month_width >= _QUARTERS_FROM:
            return Unit.YEAR, Unit.QUARTER
        return (Unit.YEAR,)

    @property
    def month_step(self) -> int:
        """Every how many project months one is named."""
        room = 30.0
        return next((s for s in _MONTH_STEPS if s * self.month_width >= room), _MONTH_STEPS[-1])

    def spans(self, unit: Unit, left: float, right: float) -> Iterator[Span]:
        """Give the parts of a tier that can be seen between two places."""
        if self.start is None:
            return
        first = first_day(self.start, self.month_at(left))
        begin = _floor(max(first, self.start), unit)
        end = last_day(self.start, min(self.months, LAST_MONTH))
        while begin <= end:
            following = _next(begin, unit)
            x1, x2 = self._edge(begin), self._edge(following)
            if x1 > right:
                return
            if x2 > left:
                yield Span(x1, x2, begin)
            begin = following

    def _edge(self, day: date) -> float:
        """Return where a day begins, at the edge of the chart for one outside."""
        assert self.start is not None  # noqa: S101 - `spans` has asked
        if day <= self.start:
            return 0.0
        month = month_of(self.start, day)
        return self.width if month > self.months else self._within(month, day)


def fitted(pixels: float, months: int) -> float:
    """Return the width of a month at which the whole project fits into a width."""
    return min(max(pixels / max(months, 1), NARROWEST), WIDEST)


def _floor(day: date, unit: Unit) -> date:
    match unit:
        case Unit.YEAR:
            return date(day.year, 1, 1)
        case Unit.QUARTER:
            return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        case Unit.MONTH:
            return day.replace(day=1)
        case Unit.WEEK:
            return day - timedelta(days=day.weekday())


def _next(day: date, unit: Unit) -> date:
    match unit:
        case Unit.YEAR:
            return date(day.year + 1, 1, 1)
        case Unit.QUARTER:
            return _months_on(day, 3)
        case Unit.MONTH:
            return _months_on(day, 1)
        case Unit.WEEK:
            return day + timedelta(days=7)


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)
