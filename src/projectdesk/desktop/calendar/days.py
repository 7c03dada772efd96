"""Which days a view of the calendar shows, and which come before and after them."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from enum import StrEnum

WEEK = timedelta(days=7)
LIST_MONTHS = 12
"""How many months the list shows from the month on that one is in."""


class View(StrEnum):
    """How the calendar is looked at."""

    MONTH = "month"
    WEEK = "week"
    LIST = "list"


def week_of(day: date, first_weekday: int) -> date:
    """Return the first day of the week of `day`; first_weekday: 0 = Monday."""
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


def month_of(day: date) -> date:
    """Return the first day of the month of `day`."""
    return day.replace(day=1)


def months_on(day: date, months: int) -> date:
    """Return the day so many months later or earlier; the last of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def span(view: View, day: date, first_weekday: int) -> tuple[date, date]:
    """Return the first day that is shown, and the one after the last; whole weeks of a month."""
    match view:
        case View.WEEK:
            begin = week_of(day, first_weekday)
            return begin, begin + WEEK
        case View.MONTH:
            last = months_on(month_of(day), 1) - timedelta(days=1)
            begin = week_of(month_of(day), first_weekday)
            return begin, week_of(last, first_weekday) + WEEK
        case View.LIST:
            return month_of(day), months_on(month_of(day), LIST_MONTHS)


def step(view: View, day: date, steps: int) -> date:
    """Return the day so many weeks, months or lists later, or earlier."""
    match view:
        case View.WEEK:
            return day + steps * WEEK
        case View.MONTH:
            return months_on(day, steps)
        case View.LIST:
            return months_on(day, steps * LIST_MONTHS)


def days_of(begin: date, end: date) -> tuple[date, ...]:
    """Return the days from `begin` up to, not with, `end`."""
    return tuple(begin + timedelta(days=n) for n in range((end - begin).days))
