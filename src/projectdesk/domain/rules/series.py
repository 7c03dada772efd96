"""When a series of meetings takes place: every n weeks on some days, or a weekday of each month.

A rule is written as RRULE of RFC 5545 with COUNT, never UNTIL: UNTIL has to be UTC there, and would
mean another day wherever the clock changes. The dates are local, so that a series stays at its hour
when the clocks change (decisions 10).
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count, islice
from typing import Final

from projectdesk.errors import DomainError

MOST: Final = 200
"""Most occurrences of a series."""
LONGEST_INTERVAL: Final = 52
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ORDINALS: Final = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
LAST: Final = -1
_MOST_TOLD: Final = 6
"""So many days of a series on which nobody meets are told one by one."""


@dataclass(frozen=True)
class Repeat:
    """How a series repeats.

    interval: every so many weeks, or months. weekdays: 0 = Monday; of a monthly series one. nth: of
    the month, 1 to 4 or `LAST`; None = weekly. times: how many occurrences.
    """

    interval: int
    weekdays: tuple[int, ...]
    nth: int | None
    times: int


def checked(repeat: Repeat, first: date) -> Repeat:
    """Return a rule that makes sense, its days in order.

    Raises:
        DomainError: `bad_series` (fact `field`).
    """
    days = tuple(sorted(set(repeat.weekdays)))
    if not 1 <= repeat.interval <= LONGEST_INTERVAL:
        raise _bad("interval", "A series repeats every 1 to 52 weeks or months.")
    if not 2 <= repeat.times <= MOST:
        raise _bad("times", f"A series has 2 to {MOST} dates.")
    if not days or not set(days) <= set(range(7)) or (repeat.nth is not None and len(days) != 1):
        raise _bad("weekdays", "Choose the days of the week; of each month one.")
    if repeat.nth is not None and repeat.nth not in _ORDINALS:
        raise _bad("nth", "A month has a first, second, third, fourth and last of each day.")
    if first.weekday() not in days or (repeat.nth is not None and not _is_nth(first, repeat.nth)):
        raise _bad("weekdays", "The first date has to be one of the series.")
    return replace(repeat, weekdays=days)


def dates(repeat: Repeat, local_start: datetime) -> Iterator[datetime]:
    """Yield the naive local starts of a series, its first one included."""
    return islice(_endless(repeat, local_start), repeat.times)


def times_until(repeat: Repeat, local_start: datetime, last: date) -> int:
    """Return how many occurrences there are up to a day, included; at most `MOST`.

    Raises:
        DomainError: `bad_series`; that day is before the first one.
    """
    if last < local_start.date():
        raise _bad("until", f"The last day, {last}, is before the first date.")
    found = islice(_endless(repeat, local_start), MOST)
    return sum(1 for each in found if each.date() <= last)


def rule_text(repeat: Repeat) -> str:
    """Return the RRULE without its name (RFC 5545 section 3.3.10)."""
    if repeat.nth is not None:
        frequency, day = "MONTHLY", f"{repeat.nth}{_DAYS[repeat.weekdays[0]]}"
    else:
        frequency, day = "WEEKLY", ",".join(_DAYS[each] for each in repeat.weekdays)
    interval = f";INTERVAL={repeat.interval}" if repeat.interval > 1 else ""
    return f"FREQ={frequency}{interval};BYDAY={day};COUNT={repeat.times}"


def read_rule(text: str) -> Repeat:
    """Return what a rule says that `rule_text` wrote.

    Raises:
        DomainError: `bad_series`; it is another kind of rule.
    """
    parts = dict(part.partition("=")[::2] for part in text.strip().upper().split(";"))
    try:
        known = {"FREQ", "INTERVAL", "BYDAY", "COUNT"}
        if not set(parts) <= known or parts["FREQ"] not in {"WEEKLY", "MONTHLY"}:
            raise ValueError(text)
        by_day = parts["BYDAY"].split(",")
        monthly = parts["FREQ"] == "MONTHLY"
        return Repeat(
            interval=int(parts.get("INTERVAL", "1")),
            weekdays=tuple(sorted(_DAYS.index(day[-2:]) for day in by_day)),
            nth=int(by_day[0][:-2]) if monthly else None,
            times=int(parts["COUNT"]),
        )
    except (KeyError, ValueError) as error:
        raise _bad("rule", f"This is no rule of a series: {text[:80]}.") from error


def in_words(repeat: Repeat, without: Collection[date] = ()) -> str:
    """Return a rule in English: "every 2 weeks on Tuesday, 12 times".

    without: days of the rule on which nobody meets; they follow: "5 times without 2027-03-22".
    """
    return _rule_in_words(repeat) + _without_in_words(sorted(set(without)))


def _rule_in_words(repeat: Repeat) -> str:
    names = [_NAMES[day] for day in repeat.weekdays]
    days = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    if repeat.nth is not None:
        months = "month" if repeat.interval == 1 else f"{repeat.interval} months"
        return f"the {_ORDINALS[repeat.nth]} {days} of every {months}, {repeat.times} times"
    weeks = "week" if repeat.interval == 1 else f"{repeat.interval} weeks"
    return f"every {weeks} on {days}, {repeat.times} times"


def _without_in_words(days: Sequence[date]) -> str:
    if not days:
        return ""
    told = [str(day) for day in days[:_MOST_TOLD]]
    if len(days) > _MOST_TOLD:
        told.append(f"{len(days) - _MOST_TOLD} more")
    return " without " + " and ".join(filter(None, (", ".join(told[:-1]), told[-1])))


def nth_of(day: date) -> int:
    """Return which of its weekday in the month a day is: 1 to 4, or `LAST` for a fifth."""
    number = (day.day - 1) // 7 + 1
    return number if number <= 4 else LAST


def shifted(repeat: Repeat, days: int) -> Repeat:
    """Return a rule whose dates are some days later, or earlier.

    Raises:
        DomainError: `bad_series`; the weekday of a month has no day after it that is always there.
    """
    if days == 0:
        return repeat
    if repeat.nth is not None:
        raise _bad("weekdays", "A series by weekdays of the month keeps its day: make a new one.")
    if len({(day + days) // 7 for day in repeat.weekdays}) > 1:
        raise _bad("weekdays", "The days of this series cannot move past a Sunday: make a new one.")
    return replace(repeat, weekdays=tuple(sorted((day + days) % 7 for day in repeat.weekdays)))


def _endless(repeat: Repeat, local_start: datetime) -> Iterator[datetime]:
    for day in _days_from(repeat, local_start.date()):
        if day >= local_start.date():
            yield datetime.combine(day, local_start.time())


def _days_from(repeat: Repeat, first: date) -> Iterator[date]:
    if repeat.nth is None:
        monday = first - timedelta(days=first.weekday())
        for week in count(0, repeat.interval):
            for weekday in repeat.weekdays:
                yield monday + timedelta(days=7 * week + weekday)
    else:
        for month in count(first.month - 1, repeat.interval):
            yield _nth(first.year + month // 12, month % 12 + 1, repeat.weekdays[0], repeat.nth)


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    if nth == LAST:
        last = date(year, month, calendar.monthrange(year, month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _is_nth(day: date, nth: int) -> bool:
    return _nth(day.year, day.month, day.weekday(), nth) == day


def _bad(field: str, text: str) -> DomainError:
    return DomainError("bad_series", text, field=field)
