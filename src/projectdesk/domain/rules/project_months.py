"""Project months (terms.md, Work plan): M1 starts on the project's start date."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from projectdesk.errors import DomainError

LAST_MONTH = 600
"""Largest project month taken (50 years)."""


def _shift(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    if not date.min.year <= year <= date.max.year:
        raise DomainError("date_out_of_range", "The date lies outside the calendar.", months=months)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def first_day(start: date, month: int) -> date:
    """Return the day on which project month `month` (1 = first) begins.

    A project that starts on the 31st begins its months on the last day of shorter months.

    Raises:
        DomainError: `month` is not in 1..600.
    """
    if not 1 <= month <= LAST_MONTH:
        raise DomainError(
            "month_out_of_range",
            "M{month} is no project month: expected M1 to M{last}.",
            month=month,
            last=LAST_MONTH,
        )
    return _shift(start, month - 1)


def last_day(start: date, month: int) -> date:
    """Return the day on which project month `month` ends; what is due in a month is due then."""
    first_day(start, month)
    return _shift(start, month) - timedelta(days=1)


def month_of(start: date, day: date) -> int:
    """Return the project month that `day` lies in; 0 or less before the start."""
    month = (day.year - start.year) * 12 + day.month - start.month + 1
    return month if day >= _shift(start, month - 1) else month - 1


def duration(start: date, end: date) -> int:
    """Return the number of project months from `start` to `end`, a begun one included."""
    return month_of(start, end)
