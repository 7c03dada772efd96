"""The rules of an IANA zone as a VTIMEZONE (RFC 5545 section 3.6.5), for the years that are needed.

What a zone does every year becomes an RRULE, what it did irregularly a list of dates. A component
holds from its first year on and without end, so that an endless series stays right.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from projectdesk.domain.rules.zoned_time import zone_of

AHEAD = 30
"""Years beyond the last that is needed: a rule must hold in all of them to be called one. 28 years
have every weekday on every date."""

LAST_YEAR = 2090

REGULAR = 4
"""Years in which a move must repeat to be written as a rule."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class _Change:
    """One move of the clocks. local: naive, by the offset before it, as DTSTART wants it."""

    local: datetime
    before: timedelta
    after: timedelta
    name: str
    daylight: bool


@lru_cache(maxsize=512)
def zone_lines(zone: str, first_year: int, last_year: int) -> tuple[str, ...]:
    """Return the content lines, not folded, of the VTIMEZONE of `zone`.

    Raises:
        DomainError: the zone is unknown.
    """
    info = zone_of(zone)
    start = max(1900, first_year - 1)
    stop = min(LAST_YEAR, max(last_year, start) + AHEAD)
    changes = _changes(info, start, stop)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}"]
    if not changes or changes[0].local.year > start:
        lines += _observance(_at_first(info, start), ())
    for group in _groups(changes):
        lines += _series(group, stop)
    lines.append("END:VTIMEZONE")
    return tuple(lines)


def _at_first(info: ZoneInfo, year: int) -> _Change:
    """Return what holds at the start of the years, as a move that changes nothing."""
    at = datetime(year, 1, 1, tzinfo=UTC).astimezone(info)
    offset = at.utcoffset() or timedelta(0)
    daylight = (at.dst() or timedelta(0)) > timedelta(0)
    return _Change(datetime(year, 1, 1), offset, offset, at.tzname() or "", daylight)  # noqa: DTZ001


def _changes(info: ZoneInfo, first: int, last: int) -> list[_Change]:
    """Return each move of the clocks in these years."""
    found = []
    at, stop = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    before = _state(info, at)
    while at < stop:
        following = at + 7 * _DAY
        if _state(info, following) != before:
            moment = _moment(info, at, following)
            after = _state(info, moment)
            found.append(_change(info, moment, before[0]))
            before, following = after, moment
        at = following
    return found


def _state(info: ZoneInfo, at: datetime) -> tuple[timedelta, str]:
    local = at.astimezone(info)
    return local.utcoffset() or timedelta(0), local.tzname() or ""


def _moment(info: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Return the first second, of those after `low`, at which the state of `low` is over."""
    before = _state(info, low)
    while high - low > _SECOND:
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        low, high = (middle, high) if _state(info, middle) == before else (low, middle)
    return high


def _change(info: ZoneInfo, moment: datetime, before: timedelta) -> _Change:
    local = moment.astimezone(info)
    after = local.utcoffset() or timedelta(0)
    saving = local.dst() or timedelta(0)
    earlier = (moment - _SECOND).astimezone(info).dst() or timedelta(0)
    # Ireland's winter is "negative saving" in the zone data: its summer is the daylight time.
    daylight = saving > timedelta(0) or (saving == timedelta(0) and earlier < timedelta(0))
    naive = (moment + before).replace(tzinfo=None)
    return _Change(naive, before, after, local.tzname() or "", daylight)


def _groups(changes: Sequence[_Change]) -> list[list[_Change]]:
    """Return the moves by what they do, each group in the order of time."""
    groups: dict[tuple[object, ...], list[_Change]] = {}
    for change in changes:
        key = (change.before, change.after, change.name, change.daylight)
        groups.setdefault(key, []).append(change)
    return list(groups.values())


def _series(group: list[_Change], stop: int) -> list[str]:
    """Return the observances of one group: a rule for each regular run, dates for what is left.

    A rule that still holds in the last year `stop` has no end.
    """
    lines: list[str] = []
    single: list[_Change] = []
    rest = group
    while rest:
        length, rule = _regular(rest)
        if rule:
            last = rest[length - 1]
            ends = last.local.year < stop
            until = f";UNTIL={local_text(last.local - last.before)}Z" if ends else ""
            lines += _observance(rest[0], (f"RRULE:{rule}{until}",))
        else:
            single += rest[:length]
        rest = rest[length:]
    if single:
        dates = [f"RDATE:{local_text(change.local)}" for change in single[1:]]
        lines += _observance(single[0], dates)
    return lines


def _regular(run: Sequence[_Change]) -> tuple[int, str]:
    """Return how many of the first moves one yearly rule makes, and the rule; (1, "") = none."""
    best, found = REGULAR - 1, ""
    for rule_of in (_by_last, _by_number, _by_days):
        rule, fits = rule_of(run)
        length = 1
        while length < len(run) and _follows(run[length - 1], run[length], fits):
            length += 1
        if length > best:
            best, found = length, rule
    return (best, found) if found else (1, "")


def _follows(one: _Change, other: _Change, fits: Callable[[datetime], bool]) -> bool:
    """Return whether a move is the next year's of a rule."""
    return (
        other.local.year == one.local.year + 1
        and other.local.month == one.local.month
        and other.local.time() == one.local.time()
        and fits(other.local)
    )


_Fit = tuple[str, Callable[[datetime], bool]]


def _by_last(run: Sequence[_Change]) -> _Fit:
    first = run[0].local

    def last(at: datetime) -> bool:
        days = calendar.monthrange(at.year, at.month)[1]
        return at.weekday() == first.weekday() and at.day > days - 7

    rule = f"FREQ=YEARLY;BYMONTH={first.month};BYDAY=-1{_DAYS[first.weekday()]}"
    return rule, (last if last(first) else lambda _: False)


def _by_number(run: Sequence[_Change]) -> _Fit:
    first = run[0].local
    number = (first.day + 6) // 7
    rule = f"FREQ=YEARLY;BYMONTH={first.month};BYDAY={number}{_DAYS[first.weekday()]}"
    return rule, lambda at: at.weekday() == first.weekday() and (at.day + 6) // 7 == number


def _by_days(run: Sequence[_Change]) -> _Fit:
    """A weekday on or after a day of the month, as "Friday from the 23rd" in Israel."""
    first = run[0].local
    same = [change.local.day for change in run if change.local.month == first.month]
    low = min(same)
    days = ",".join(str(day) for day in range(low, low + 7))
    weekday = _DAYS[first.weekday()]
    rule = f"FREQ=YEARLY;BYMONTH={first.month};BYMONTHDAY={days};BYDAY={weekday}"
    return rule, lambda at: at.weekday() == first.weekday() and low <= at.day < low + 7


def _observance(change: _Change, extra: Sequence[str]) -> list[str]:
    name = "DAYLIGHT" if change.daylight else "STANDARD"
    lines = [f"BEGIN:{name}", f"DTSTART:{local_text(change.local)}", *extra]
    lines += [f"TZOFFSETFROM:{_offset(change.before)}", f"TZOFFSETTO:{_offset(change.after)}"]
    if change.name and not change.name.startswith(("+", "-")):
        lines.append(f"TZNAME:{change.name}")
    return [*lines, f"END:{name}"]


def _offset(offset: timedelta) -> str:
    seconds = int(offset.total_seconds())
    sign, seconds = ("-" if seconds < 0 else "+"), abs(seconds)
    text = f"{sign}{seconds // 3600:02}{seconds // 60 % 60:02}"
    return text + (f"{seconds % 60:02}" if seconds % 60 else "")


def local_text(local: datetime) -> str:
    """Return a naive time as RFC 5545 section 3.3.5 writes it."""
    return f"{local.year:04}{local.month:02}{local.day:02}T{local:%H%M%S}"
