"""Values of calendar objects: texts, days, times, durations, offsets (RFC 5545, section 3.3).

What cannot be read raises ValueError; the reader that knows file, line and property decides what
that means.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from projectdesk.worded import worded

_ESCAPES = re.compile(r"\\(.)", re.DOTALL)
_COMMA = re.compile(r"(?<!\\)((?:\\\\)*),")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff]")
_TIME = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d):?(\d\d)?(?:\.\d+)?)?(Z)?",
    re.ASCII | re.IGNORECASE,
)
_DURATION = re.compile(
    r"([+-]?)P(?:(\d{1,5})W)?(?:(\d{1,6})D)?"
    r"(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?",
    re.ASCII | re.IGNORECASE,
)
_OFFSET = re.compile(r"([+-])(\d\d?):?(\d\d):?(\d\d)?", re.ASCII)
_LONGEST_OFFSET = timedelta(hours=24)
FIRST_YEAR, LAST_YEAR = 1600, 2500
"""Years that events may lie in. Birthdays without a year are of 1604; further out, the clocks of a
zone or the length of an event lead beyond what a date can say."""


def read_text(value: str) -> str:
    r"""Return a TEXT value: escapes undone, control characters out, trimmed."""
    if "\\" in value:
        value = _ESCAPES.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
    if not value.isprintable():
        value = _CONTROL.sub("", value)
    return value.strip()


def read_line(value: str) -> str:
    """Return a TEXT value on one line."""
    text = read_text(value)
    return text if text.isprintable() and "  " not in text else " ".join(text.split())


def read_name(value: str) -> str:
    r"""Return a parameter's value on one line; it has no escapes, though some write `\,` there."""
    text = value.replace("\\,", ",")
    return " ".join((text if text.isprintable() else _CONTROL.sub("", text)).split())


def read_list(value: str) -> tuple[str, ...]:
    """Return the texts of a value with commas."""
    parts = _COMMA.sub("\\1\ue000", value).split("\ue000")
    return tuple(text for part in parts if (text := read_line(part)))


def read_when(value: str) -> tuple[date | datetime, bool]:
    """Return (a day, or a naive time; whether it is UTC).

    Raises:
        ValueError: neither, or one that no calendar has, such as 30 February.
    """
    try:
        return _read_when(value)
    except (ValueError, OverflowError):
        raise ValueError(worded("no date or time: “{value}”", value=value[:40])) from None


def in_reach(year: int) -> None:
    """Let a year pass in which events may lie.

    Raises:
        ValueError: it is none.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(
            worded(
                "in the year {year}, outside of {first_year} to {last_year}",
                year=year,
                first_year=FIRST_YEAR,
                last_year=LAST_YEAR,
            )
        )


def _read_when(value: str) -> tuple[date | datetime, bool]:
    # The usual spelling first: a calendar has ten thousand of them.
    if len(value) == 15 and value[8] == "T" and value[:8].isdecimal() and value[9:].isdecimal():
        return _at(value), False
    if len(value) == 16 and value[8] == "T" and value[15] == "Z" and value[:8].isdecimal():
        return _at(value), True
    found = _TIME.fullmatch(value.strip())
    if found is None:
        raise ValueError(value)
    year, month, day, hour, minute, second, utc = found.groups()
    if hour is None:
        return date(int(year), int(month), int(day)), False
    midnight = datetime(int(year), int(month), int(day))  # noqa: DTZ001 - naive, zone beside it
    if (int(hour), int(minute)) == (24, 0):
        return midnight + timedelta(days=1), utc is not None
    seconds = min(59, int(second or 0))
    return midnight.replace(hour=int(hour), minute=int(minute), second=seconds), utc is not None


def _at(value: str) -> datetime:
    """Return `YYYYMMDDTHHMMSS` as a naive time; a leap second is the one before it."""
    return datetime(  # noqa: DTZ001 - naive, zone beside it
        int(value[:4]),
        int(value[4:6]),
        int(value[6:8]),
        int(value[9:11]),
        int(value[11:13]),
        min(59, int(value[13:15])),
    )


def read_instant(value: str) -> datetime:
    """Return a UTC instant; a time without "Z" is taken as UTC (DTSTAMP, VFREEBUSY).

    Raises:
        ValueError: no time, or one out of reach.
    """
    when, _ = read_when(value)
    in_reach(when.year)
    if not isinstance(when, datetime):
        when = datetime(when.year, when.month, when.day)  # noqa: DTZ001
    return when.replace(tzinfo=UTC)


def read_duration(value: str) -> tuple[int, timedelta]:
    """Return (whole days by the calendar, elapsed time beside them), both with the sign.

    Raises:
        ValueError: no duration, or nothing in it.
    """
    found = _DURATION.fullmatch(value.strip())
    if found is None or value.strip()[-1] in "PTpt":
        raise ValueError(worded("no duration: “{value}”", value=value[:40]))
    sign = -1 if found[1] == "-" else 1
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    elapsed = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return sign * (weeks * 7 + days), sign * elapsed


def read_offset(value: str) -> timedelta:
    """Return an offset from UTC.

    Raises:
        ValueError: none, or a day and more.
    """
    found = _OFFSET.fullmatch(value.strip())
    if found is None:
        raise ValueError(worded("no offset: “{value}”", value=value[:20]))
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if minutes > 59 or seconds > 59 or offset >= _LONGEST_OFFSET:
        raise ValueError(worded("no offset: “{value}”", value=value[:20]))
    return -offset if found[1] == "-" else offset
