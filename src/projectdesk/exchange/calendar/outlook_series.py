"""Series of meetings as Outlook keeps them (MS-OXOCAL section 2.2.1.44)."""

from __future__ import annotations

import struct
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

_FIRST = datetime(1601, 1, 1)  # noqa: DTZ001 - naive; what it counts says of which clock
_WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_BY_DATE, _BY_COUNT = 0x2021, 0x2022
_CHANGES_LIMIT = 1_000
_SUBJECT, _PLACE = 0x01, 0x10
"""Flags of what is changed."""

_WITH_HIGHLIGHTS = 0x3009
"""Since which version what is changed is said once more for its colour."""


def since_1601(*, minutes: int = 0, microseconds: int = 0) -> datetime | None:
    """Return a naive time by how long it is after 1601; None where it is out of reach."""
    try:
        return _FIRST + timedelta(minutes=minutes, microseconds=microseconds)
    except OverflowError:
        return None


@dataclass(frozen=True, slots=True)
class Change:
    """A changed occurrence: naive times on the clocks of the series; "" = as all of it."""

    original: datetime
    start: datetime
    end: datetime
    subject: str = ""
    place: str = ""


@dataclass(slots=True)
class Series:
    """A series: its rule as RFC 5545 writes it, days that are left out, changed occurrences.

    The days that changed occurrences were on are among those that are left out.
    """

    rule: str
    left_out: list[date] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


class _Numbers:
    """Reads little-endian numbers one after another; `struct.error` where the bytes end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, form: str = "I") -> int:
        (value,) = struct.unpack_from("<" + form, self._data, self._at)
        self._at += struct.calcsize("<" + form)
        return int(value)

    def text(self, length: int, encoding: str = "cp1252") -> str:
        piece = self._data[self._at : self._at + length]
        if len(piece) < length:
            raise struct.error("cut off")
        self._at += length
        return piece.decode(encoding, "replace")

    def skip(self, length: int) -> None:
        self._at += length


def read_series(data: bytes) -> Series | None:
    """Return the series that a pattern of Outlook makes (MS-OXOCAL section 2.2.1.44).

    None where there is none, or one by a calendar that is not Gregorian.
    """
    numbers = _Numbers(data)
    try:
        numbers.take("I")  # versions of the pattern
        numbers.take("H")
        pattern, calendar = numbers.take("H"), numbers.take("H")
        numbers.take()
        period = numbers.take()
        numbers.take()
        rule = _rule(numbers, pattern, max(1, period))
        ends, count, first_day = numbers.take(), numbers.take(), numbers.take()
        left_out = [_day(numbers.take()) for _ in range(_few(numbers.take()))]
        for _ in range(_few(numbers.take())):
            numbers.take()  # the days that changed occurrences are on now
        numbers.take()
        last = _day(numbers.take())
    except (struct.error, ValueError, OverflowError):
        return None
    if calendar > 2 or not rule:
        return None
    if ends == _BY_COUNT and count:
        rule += f";COUNT={count}"
    elif ends == _BY_DATE:
        rule += f";UNTIL={last:%Y%m%d}"
    series = Series(f"{rule};WKST={_WEEKDAYS[first_day % 7]}", left_out)
    try:
        series.changes += _changes(numbers)
    except (struct.error, ValueError, OverflowError):
        series.changes.clear()
    return series


def _rule(numbers: _Numbers, pattern: int, period: int) -> str:
    """Return the rule of a pattern without its end, "" for one that is not known."""
    match pattern:
        case 0:
            return f"FREQ=DAILY;INTERVAL={max(1, period // 1440)}"
        case 1:
            return f"FREQ=WEEKLY;INTERVAL={period};BYDAY={_days(numbers.take())}"
        case 2:
            day = numbers.take()
            # Outlook takes the last day of a month that is shorter (RFC 7529 calls that so).
            shorter = ";RSCALE=GREGORIAN;SKIP=BACKWARD" if day > 28 else ""
            return f"FREQ=MONTHLY;INTERVAL={period};BYMONTHDAY={day}{shorter}"
        case 3:
            days, number = _days(numbers.take()), numbers.take()
            which = -1 if number == 5 else number
            return f"FREQ=MONTHLY;INTERVAL={period};BYDAY={days};BYSETPOS={which}"
        case 4:
            numbers.take()
            return f"FREQ=MONTHLY;INTERVAL={period};BYMONTHDAY=-1"
    return ""


def _days(mask: int) -> str:
    found = [day for number, day in enumerate(_WEEKDAYS) if mask & 1 << number]
    if not found:
        raise ValueError("no weekday")
    return ",".join(found)


def _few(count: int) -> int:
    if count > _CHANGES_LIMIT:
        raise ValueError("too many")
    return count


def _day(minutes: int) -> date:
    return _local_time(minutes).date()


def _local_time(minutes: int) -> datetime:
    found = since_1601(minutes=minutes)
    if found is None:
        raise ValueError("out of reach")
    return found


def _changes(numbers: _Numbers) -> list[Change]:
    """Return the changed occurrences behind a pattern (section 2.2.1.44.5)."""
    numbers.take()
    version = numbers.take()
    numbers.take()
    numbers.take()
    found: list[tuple[Change, int]] = []
    for _ in range(_few(numbers.take("H"))):
        start, end, original = (_local_time(numbers.take()) for _ in range(3))
        flags = numbers.take("H")
        subject = _counted(numbers) if flags & _SUBJECT else ""
        for flag in (0x02, 0x04, 0x08):
            if flags & flag:
                numbers.take()
        place = _counted(numbers) if flags & _PLACE else ""
        for flag in (0x20, 0x40, 0x80, 0x100):
            if flags & flag:
                numbers.take()
        found.append((Change(original, start, end, subject, place), flags))
    changes = [change for change, _ in found]
    with suppress(struct.error):  # those in the letters of one country stay
        numbers.skip(numbers.take())
        for number, (change, flags) in enumerate(found):
            changes[number] = _in_all_letters(numbers, change, flags, version)
    return changes


def _in_all_letters(numbers: _Numbers, change: Change, flags: int, version: int) -> Change:
    """Return a change with its texts as they are said once more, in Unicode (2.2.1.44.4)."""
    if version >= _WITH_HIGHLIGHTS:
        numbers.skip(numbers.take())
    numbers.skip(numbers.take())
    if not flags & (_SUBJECT | _PLACE):
        return change
    _, _, original = (numbers.take() for _ in range(3))
    if since_1601(minutes=original) != change.original:
        raise struct.error("of another occurrence")
    subject = _wide(numbers) if flags & _SUBJECT else ""
    place = _wide(numbers) if flags & _PLACE else ""
    numbers.skip(numbers.take())
    return replace(change, subject=subject, place=place)


def _wide(numbers: _Numbers) -> str:
    return numbers.text(2 * numbers.take("H"), "utf-16-le")


def _counted(numbers: _Numbers) -> str:
    numbers.take("H")
    return numbers.text(numbers.take("H"))
