"""Recurrence rules expanded over a window (RFC 5545 section 3.3.10), in time that is bounded.

The rules come from strangers, and a library that looks for the next occurrence looks until the year
9999 when there is none. So this walks period by period: it starts at the window where the rule is
not counted from its start, and ends with the window or when its `Steps` are used up.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from projectdesk.exchange.calendar.values import FIRST_YEAR, read_when
from projectdesk.worded import worded

FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
_PARTS = """
FREQ INTERVAL COUNT UNTIL BYMONTH BYMONTHDAY BYYEARDAY BYWEEKNO BYDAY BYHOUR BYMINUTE BYSECOND
BYSETPOS WKST RSCALE SKIP
"""
_KNOWN_PARTS = frozenset(_PARTS.split())
_SKIPS = ("OMIT", "BACKWARD", "FORWARD")
_DAYS = {name: number for number, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
_SECONDS = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
_DAY = timedelta(days=1)
_LAST = datetime(9998, 12, 31)  # noqa: DTZ001 - naive, as all here


class Steps:
    """How many periods and times may still be looked at: of one rule, or of a whole calendar."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, number: int = 1) -> bool:
        """Use some up; False when there are not so many left."""
        self.left -= number
        return self.left >= 0

    @property
    def used_up(self) -> bool:
        """Return whether the walk ended for want of steps."""
        return self.left < 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule taken apart. days: (n-th or 0, weekday from Monday = 0). until: as written."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: date | datetime | None = None
    until_is_utc: bool = False
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    year_days: frozenset[int] = frozenset()
    weeks: frozenset[int] = frozenset()
    days: tuple[tuple[int, int], ...] = ()
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    seconds: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0
    skip: str = "OMIT"
    """What becomes of a day that a month does not have (RFC 7529): OMIT, BACKWARD, FORWARD."""


@lru_cache(maxsize=4096)
def read_rule(text: str) -> Rule:
    """Return a RRULE taken apart.

    Raises:
        ValueError: it is none, or has parts that no one here knows (RSCALE).
    """
    parts = _parts(text)
    frequency = parts.pop("FREQ", "")
    if frequency not in FREQUENCIES:
        raise ValueError(worded("no frequency: “{frequency}”", frequency=frequency[:30]))
    if "RSCALE" in parts and parts.pop("RSCALE") not in ("GREGORIAN", "GREGORY"):
        raise ValueError(worded("a rule by a calendar that is not Gregorian"))
    skip = parts.get("SKIP", "OMIT")
    if skip not in _SKIPS:
        raise ValueError(worded("no way to skip days: “{skip}”", skip=skip[:20]))
    until, utc = read_when(parts["UNTIL"]) if "UNTIL" in parts else (None, False)
    return Rule(
        frequency,
        interval=_number(parts.get("INTERVAL", "1"), 1, 10_000),
        # Some servers write -1 for "without a number".
        count=_number(parts["COUNT"], 1, 1 << 31) if parts.get("COUNT", "-1") != "-1" else None,
        until=until,
        until_is_utc=utc,
        months=frozenset(_numbers(parts, "BYMONTH", 1, 12)),
        month_days=frozenset(_signed(parts, "BYMONTHDAY", 31)),
        year_days=frozenset(_signed(parts, "BYYEARDAY", 366)),
        weeks=frozenset(_signed(parts, "BYWEEKNO", 53)),
        days=_weekdays(parts.get("BYDAY", "")),
        hours=_numbers(parts, "BYHOUR", 0, 23),
        minutes=_numbers(parts, "BYMINUTE", 0, 59),
        seconds=tuple(sorted({min(59, s) for s in _numbers(parts, "BYSECOND", 0, 60)})),
        positions=_signed(parts, "BYSETPOS", 366),
        week_start=_DAYS.get(parts.get("WKST", "MO"), 0),
        skip=skip,
    )


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.strip().strip(";").upper().split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value.strip():
            raise ValueError(worded("no part of a rule: “{part}”", part=part[:30]))
        parts[name.strip()] = value.strip()
    return parts


def unknown_parts(text: str) -> tuple[str, ...]:
    """Return the names of a rule's parts that RFC 5545 and RFC 7529 do not have.

    Raises:
        ValueError: it is no rule.
    """
    return tuple(name for name in _parts(text) if name not in _KNOWN_PARTS)


def _number(text: str, low: int, high: int) -> int:
    number = int(text) if text.lstrip("+-").isdecimal() and len(text) < 12 else low - 1
    if not low <= number <= high:
        raise ValueError(worded("out of range: “{text}”", text=text[:20]))
    return number


def _numbers(parts: dict[str, str], name: str, low: int, high: int) -> tuple[int, ...]:
    texts = parts[name].split(",") if name in parts else ()
    return tuple(sorted({_number(text.strip(), low, high) for text in texts}))


def _signed(parts: dict[str, str], name: str, high: int) -> tuple[int, ...]:
    numbers = _numbers(parts, name, -high, high)
    if 0 in numbers:
        raise ValueError(worded("{name} has a 0", name=name))
    return numbers


def _weekdays(text: str) -> tuple[tuple[int, int], ...]:
    found = set()
    for part in filter(None, (part.strip() for part in text.split(","))):
        if part[-2:] not in _DAYS:
            raise ValueError(worded("no weekday: “{part}”", part=part[:20]))
        number = _number(part[:-2], -53, 53) if part[:-2] else 0
        found.add((number, _DAYS[part[-2:]]))
    return tuple(sorted(found))


def is_finer_than_days(text: str) -> bool:
    """Return whether a rule that can be read counts in less than days: every hour, every minute."""
    rule = read_rule(text)
    return _SECONDS.get(rule.frequency, 86_400) * rule.interval < 86_400


def last_start(rule: Rule, zone: tzinfo | None) -> datetime:
    """Return the latest naive local start that UNTIL allows.

    A day means all of that day; an instant is seen on the local clock; a local time is taken as it
    is. Google and others write each where RFC 5545 wants another.
    """
    if rule.until is None:
        return _LAST
    if not isinstance(rule.until, datetime):
        return datetime.combine(rule.until, time.max)
    if rule.until_is_utc and zone is not None and 1 < rule.until.year < _LAST.year:
        return rule.until.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    return rule.until


def never_takes_place(rule: Rule, start: datetime, zone: tzinfo | None) -> bool:
    """Return whether a rule ends on a day before its start, which then is no occurrence either.

    Google leaves such a series behind when all of it is moved with "this and following events";
    its own calendar shows none of it. Midnight in UTC may stand for the whole day, and a year in
    which no event lies for nothing at all.
    """
    until = rule.until
    if until is None or until.year < FIRST_YEAR or last_start(rule, zone).date() >= start.date():
        return False
    means_day = isinstance(until, datetime) and until.time() == time.min
    return not (means_day and (until.year, until.month, until.day) >= start.timetuple()[:3])


def expand(
    rule: Rule,
    start: datetime,
    first: datetime,
    last: datetime,
    steps: Steps,
) -> Iterator[datetime]:
    """Yield the starts that the rule makes from `first` to `last`, in order.

    Args:
        rule: the rule, whose UNTIL the caller has put into `last`.
        start: naive start of the first occurrence, which is always one itself (RFC 5545 section
            3.8.5.3).
        first: naive local time from which on they are wanted, included.
        last: naive local time, included.
        steps: ends the walk when used up.
    """
    counted = 1
    if first <= start <= last:
        yield start
    origin = first if rule.count is None else start
    before = start
    for at in _all_from(rule, start, origin, last, steps):
        if at <= before:
            continue  # before the start, or where a day that was skipped went to
        before = at
        counted += 1
        if at > last or (rule.count is not None and counted > rule.count):
            return
        if at >= first:
            yield at


def left_out(
    rule: Rule, start: datetime, first: datetime, last: datetime, steps: Steps
) -> Iterator[datetime]:
    """Yield what an exception rule leaves out from `first` to `last` (EXRULE, RFC 2445 4.8.5.2).

    The start of the series is left out only where the rule makes it.

    Args:
        rule: the rule, whose UNTIL the caller has put into `last`.
        start: naive start of the series.
        first: naive local time from which on they are wanted, included.
        last: naive local time, included.
        steps: ends the walk when used up.
    """
    counted = 0
    for at in _all_from(rule, start, first if rule.count is None else start, last, steps):
        if at < start:
            continue
        counted += 1
        if at > last or (rule.count is not None and counted > rule.count):
            return
        if at >= first:
            yield at


def _all_from(
    rule: Rule, start: datetime, first: datetime, last: datetime, steps: Steps
) -> Iterator[datetime]:
    """Yield what the rule's periods make, from `start` on; those before `first` may be missing."""
    if rule.frequency in _SECONDS:
        yield from _clock_periods(rule, start, first, last, steps)
        return
    times = _times(rule, start)
    for days in _day_periods(rule, start, first, last, steps):
        if not steps.take(len(days) * len(times)):
            return
        found = [datetime.combine(day, at) for day in days for at in times]
        yield from _at_positions(found, rule.positions)


def _at_positions(found: list[datetime], positions: tuple[int, ...]) -> list[datetime]:
    if not positions:
        return found
    size = len(found)
    indexes = {n - 1 if n > 0 else size + n for n in positions if abs(n) <= size}
    return [found[index] for index in sorted(indexes)]


def _times(rule: Rule, start: datetime) -> list[time]:
    return [
        time(hour, minute, second)
        for hour in rule.hours or (start.hour,)
        for minute in rule.minutes or (start.minute,)
        for second in rule.seconds or (start.second,)
    ]


def _day_periods(
    rule: Rule, start: datetime, first: datetime, last: datetime, steps: Steps
) -> Iterator[list[date]]:
    """Yield the days of each year, month, week or day that the rule looks at."""
    rule = _with_defaults(rule, start)
    # A day early: a period may begin before the window and reach into it.
    begin, end = max(start, first).date(), last.date()
    match rule.frequency:
        case "YEARLY":
            years = range(_aligned(start.year, begin.year, rule.interval), end.year + 1)
            for year in years[:: rule.interval]:
                if not steps.take():
                    return
                yield _days_of_year(rule, year)
        case "MONTHLY":
            origin = start.year * 12 + start.month - 1
            now = _aligned(origin, begin.year * 12 + begin.month - 1, rule.interval)
            for month in range(now, end.year * 12 + end.month, rule.interval):
                if not steps.take():
                    return
                yield _days_of_month(rule, month // 12, month % 12 + 1)
        case "WEEKLY":
            origin = _week(start.date(), rule.week_start)
            now = _aligned(origin, _week(begin, rule.week_start), rule.interval)
            for week in range(now, _week(end, rule.week_start) + 1, rule.interval):
                if not steps.take():
                    return
                yield _days_of_week(rule, week)
        case _:
            origin = start.toordinal()
            for day in range(
                _aligned(origin, begin.toordinal(), rule.interval),
                end.toordinal() + 1,
                rule.interval,
            ):
                if not steps.take():
                    return
                one = date.fromordinal(day)
                yield [one] if _matches(rule, one) else []


def _aligned(origin: int, wanted: int, interval: int) -> int:
    """Return the last period of the rule that is not after the wanted one."""
    return origin + max(0, (wanted - origin) // interval) * interval


def _week(day: date, week_start: int) -> int:
    """Return the number of a week, counted from year 1, that begins on `week_start`."""
    return (day.toordinal() - 1 - week_start) // 7


def _with_defaults(rule: Rule, start: datetime) -> Rule:
    """Return the rule with the days that its start gives where it names none."""
    if rule.days or rule.month_days or rule.year_days or rule.weeks or rule.frequency == "DAILY":
        return rule
    return _defaulted(rule, start.month, start.day, start.weekday())


@lru_cache(maxsize=4096)
def _defaulted(rule: Rule, month: int, day: int, weekday: int) -> Rule:
    if rule.frequency == "WEEKLY":
        return replace(rule, days=((0, weekday),))
    if rule.frequency == "YEARLY" and not rule.months:
        return replace(rule, months=frozenset({month}), month_days=frozenset({day}))
    return replace(rule, month_days=frozenset({day}))


def _days_of_year(rule: Rule, year: int) -> list[date]:
    skips = rule.skip != "OMIT" and bool(rule.month_days)
    if (rule.months or skips) and not rule.weeks and not rule.year_days:
        months = sorted(rule.months) or range(1, 13)
        return [day for month in months for day in _days_of_month(rule, year, month)]
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range(366 if calendar.isleap(year) else 365))
    return [day for day in days if _matches(rule, day)]


def _days_of_month(rule: Rule, year: int, month: int) -> list[date]:
    if rule.months and month not in rule.months:
        return []
    length = calendar.monthrange(year, month)[1]
    if rule.skip != "OMIT" and any(n > length for n in rule.month_days):
        return _with_skipped(rule, year, month, length)
    if rule.month_days and not (rule.days or rule.weeks or rule.year_days):
        numbers = {n if n > 0 else length + 1 + n for n in rule.month_days}
        return [date(year, month, n) for n in sorted(numbers) if 1 <= n <= length]
    days = (date(year, month, n) for n in range(1, length + 1))
    return [day for day in days if _matches(rule, day)]


def _with_skipped(rule: Rule, year: int, month: int, length: int) -> list[date]:
    """Return the days of a month that lacks some of the rule's: the day before or after instead.

    What else the rule asks for holds for the day that it becomes (RFC 7529 section 4.1).
    """
    last = date(year, month, length)
    instead = last if rule.skip == "BACKWARD" else last + _DAY
    kept = replace(rule, month_days=frozenset(n for n in rule.month_days if n <= length))
    found = _days_of_month(kept, year, month) if kept.month_days else []
    if _matches(replace(rule, months=frozenset(), month_days=frozenset()), instead):
        found = sorted({*found, instead})
    return found


def _days_of_week(rule: Rule, week: int) -> list[date]:
    first = week * 7 + 1 + rule.week_start
    weekdays = {weekday for _, weekday in rule.days}
    days = (date.fromordinal(first + n) for n in range(7) if first + n >= 1)
    if not (rule.months or rule.month_days or rule.year_days or rule.weeks):
        return [day for day in days if day.weekday() in weekdays]
    return [day for day in days if _matches(rule, day)]


def _matches(rule: Rule, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    if rule.month_days:
        length = calendar.monthrange(day.year, day.month)[1]
        if not {day.day, day.day - length - 1} & rule.month_days:
            return False
    if rule.year_days:
        length = 366 if calendar.isleap(day.year) else 365
        number = day.timetuple().tm_yday
        if not {number, number - length - 1} & rule.year_days:
            return False
    if rule.weeks and not _week_matches(rule, day):
        return False
    return not rule.days or any(_weekday_matches(rule, day, n, wd) for n, wd in rule.days)


def _weekday_matches(rule: Rule, day: date, number: int, weekday: int) -> bool:
    """Return whether a day is the n-th of its weekday: of the month, or of the year."""
    if day.weekday() != weekday:
        return False
    if number == 0 or rule.frequency not in ("YEARLY", "MONTHLY"):
        return True
    if rule.frequency == "YEARLY" and not rule.months:
        length = 366 if calendar.isleap(day.year) else 365
        position = day.timetuple().tm_yday
    else:
        length = calendar.monthrange(day.year, day.month)[1]
        position = day.day
    return number == ((position + 6) // 7 if number > 0 else -((length - position) // 7 + 1))


def _week_matches(rule: Rule, day: date) -> bool:
    """Return whether a day lies in one of the weeks: of its year, or of a year that meets it there.

    Only the days of the calendar year itself count, as in the libraries that others use.
    """
    number, count = _week_of_year(day, day.year, rule.week_start)
    if 1 <= number <= count and {number, number - count - 1} & rule.weeks:
        return True
    if number > count:  # in the first week of the next year
        return bool({1, -_week_of_year(day, day.year + 1, rule.week_start)[1]} & rule.weeks)
    if number < 1:  # in the last week of the year before
        before = _week_of_year(date(day.year - 1, 12, 28), day.year - 1, rule.week_start)[1]
        return bool({before, -1} & rule.weeks)
    return False


def _week_of_year(day: date, year: int, week_start: int) -> tuple[int, int]:
    """Return (number of the week of a day in a year, weeks of the year).

    Week 1 is the first with four days in the year; the number is below 1 or above the count for
    days in weeks of another year.
    """
    first = _first_week(year, week_start)
    count = (_first_week(year + 1, week_start) - first) // 7
    return (day.toordinal() - first) // 7 + 1, count


@lru_cache(maxsize=1024)
def _first_week(year: int, week_start: int) -> int:
    fourth = date(year, 1, 4)
    return fourth.toordinal() - (fourth.weekday() - week_start) % 7


def _clock_periods(
    rule: Rule, start: datetime, first: datetime, last: datetime, steps: Steps
) -> Iterator[datetime]:
    """Yield what a rule by hours, minutes or seconds makes."""
    unit = _SECONDS[rule.frequency] * rule.interval
    zero = start.replace(minute=0, second=0) if rule.frequency == "HOURLY" else start
    zero = zero.replace(second=0) if rule.frequency == "MINUTELY" else zero
    index = max(0, int((first - zero).total_seconds()) // unit)
    while steps.take():
        try:
            period = zero + timedelta(seconds=index * unit)
        except OverflowError:
            return
        if period > last:
            return
        if not _matches(rule, period.date()):
            midnight = datetime.combine(period.date() + _DAY, time.min)
            index = max(index + 1, -(int((zero - midnight).total_seconds()) // unit))
            continue
        found = _clock_times(rule, start, period)
        if not steps.take(len(found)):
            return
        yield from _at_positions(found, rule.positions)
        index += 1


def _clock_times(rule: Rule, start: datetime, period: datetime) -> list[datetime]:
    """Return the times of one hour, minute or second that the rule allows."""
    if rule.hours and period.hour not in rule.hours:
        return []
    if rule.frequency == "HOURLY":
        minutes = rule.minutes or (start.minute,)
    else:
        minutes = (period.minute,) if not rule.minutes or period.minute in rule.minutes else ()
    if rule.frequency != "SECONDLY":
        seconds = rule.seconds or (start.second,)
    else:
        seconds = (period.second,) if not rule.seconds or period.second in rule.seconds else ()
    return [period.replace(minute=m, second=s) for m in minutes for s in seconds]
