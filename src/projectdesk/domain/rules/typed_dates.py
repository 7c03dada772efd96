"""Dates after `//` in a typed line: `12 Mar`, `2027-03-12`, `12.3.`, `M14`, `+2w`, `Fri`.

A day without a year is the next one from the meeting's day on; a day of the week is the next one
after it. `M14` is the end of project month 14 (terms.md). Names of months and days are taken in
every language that we speak (`day_names`).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from projectdesk.domain.rules import project_months
from projectdesk.domain.rules.day_names import LETTER, day_of, month_like, month_of
from projectdesk.errors import DomainError

_YEARS: Final = range(2000, 2100)
_FEBRUARY_29_COMES_WITHIN: Final = 9
_DECEMBER: Final = 12
_END = r"(?!\w)"
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})" + _END)
_DOTS: Final = re.compile(
    r"([0-9]{1,2})\. ?([0-9]{1,2})(?:\. ?([0-9]{4}|[0-9]{2})" + _END + r"|\.)?(?!\w)"
)
_SLASHES: Final = re.compile(r"[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{2,4})?" + _END)
_ORDINAL: Final = "(?:st|nd|rd|th|er|\N{MASCULINE ORDINAL INDICATOR}|\\.)?"
_OF: Final = "(?:del? )?"
_NAME: Final = LETTER + "{2,12}"
_DATE: Final = (
    rf"([0-9]{{1,2}})({_ORDINAL}) ?{_OF}({_NAME})(?!\w)\.?(?:,? {_OF}([0-9]{{4}}){_END})?"
)
_DAY_MONTH: Final = re.compile(_DATE, re.IGNORECASE)
_DAY_BEFORE: Final = re.compile(rf"({_NAME})\.?,? {_DATE}", re.IGNORECASE)
_MONTH_DAY: Final = re.compile(
    rf"({_NAME})\.? ([0-9]{{1,2}})(?:st|nd|rd|th)?{_END}(?:,? ([0-9]{{4}}){_END})?",
    re.IGNORECASE,
)
_PROJECT_MONTH: Final = re.compile(r"M([0-9]{1,3})" + _END, re.IGNORECASE)
_RELATIVE: Final = re.compile(r"\+([0-9]{1,3}) ?([dwm])" + _END, re.IGNORECASE)
_WEEKDAY: Final = re.compile(f"({_NAME}){_END}")
_WORD: Final = re.compile(r"\S*")


class DateTrouble(StrEnum):
    """Why a date could not be read."""

    UNREADABLE = "unreadable_date"
    AMBIGUOUS = "ambiguous_date"
    NO_SUCH_DAY = "no_such_day"
    NO_PROJECT_START = "no_project_start"
    NO_SUCH_MONTH = "no_such_month"


@dataclass(frozen=True)
class DueFrame:
    """What dates are counted from.

    meeting_day: local. project_start: first day of M1. project_months: how many there are, None =
    it is not known.
    """

    meeting_day: date
    project_start: date | None = None
    project_months: int | None = None


@dataclass(frozen=True)
class DueFound:
    """A date in a text. end: where it ends. day: None = `trouble` says why not."""

    end: int
    day: date | None
    trouble: DateTrouble | None = None


def due_at(text: str, start: int, frame: DueFrame) -> DueFound:
    """Read the date that begins at `start`, right after `//`."""
    begin = start + text.startswith(" ", start)
    for pattern, read in _FORMS:
        found = pattern.match(text, begin)
        if found is not None:
            day = read(found, frame)
            if day is None:
                continue
            if isinstance(day, DateTrouble):
                return DueFound(found.end(), None, day)
            return DueFound(found.end(), day)
    word = _WORD.match(text, begin)
    return DueFound(word.end() if word else start, None, DateTrouble.UNREADABLE)


def due_words(day: date, frame: DueFrame, like: str = "") -> str:
    """Return a date as it is written, `//` included.

    Args:
        day: which.
        frame: the year is left out where the day is the next of its name.
        like: what stands there now; its way of writing (ISO, with dots, in words of which
            language) is kept.
    """
    now = like.removeprefix("//").strip()
    if _ISO.match(now):
        return f"//{day:%Y-%m-%d}"
    near = _next(day.month, day.day, frame.meeting_day) == day
    if _DOTS.match(now):
        return f"//{day.day}.{day.month}." + ("" if near else f"{day.year:04}")
    before = _DAY_BEFORE.match(now)
    named = _DAY_MONTH.match(now, before.start(2) if before else 0)
    dot = "." if named and named[2] == "." else ""
    words = f"//{day.day}{dot} {month_like(day.month, named[3] if named else '')}"
    return words + ("" if near else f" {day.year:04}")


_Read = date | DateTrouble | None


def _named(month: int | None, day: str, year: str | None, frame: DueFrame) -> _Read:
    if month is None:
        return None
    if not 1 <= month <= _DECEMBER:
        return DateTrouble.NO_SUCH_DAY
    if year is None:
        return _next(month, int(day), frame.meeting_day) or DateTrouble.NO_SUCH_DAY
    whole = int(year) + (2000 if len(year) == len("27") else 0)
    try:
        return date(whole, month, int(day)) if whole in _YEARS else DateTrouble.NO_SUCH_DAY
    except ValueError:
        return DateTrouble.NO_SUCH_DAY


def _next(month: int, day: int, first: date) -> date | None:
    for year in range(first.year, min(first.year + _FEBRUARY_29_COMES_WITHIN, date.max.year + 1)):
        if 1 <= day <= calendar.monthrange(year, month)[1] and date(year, month, day) >= first:
            return date(year, month, day)
    return None


def _read_iso(found: re.Match[str], frame: DueFrame) -> _Read:
    return _named(int(found[2]), found[3], found[1], frame)


def _read_dots(found: re.Match[str], frame: DueFrame) -> _Read:
    return _named(int(found[2]), found[1], found[3], frame)


def _read_slashes(_found: re.Match[str], _frame: DueFrame) -> _Read:
    return DateTrouble.AMBIGUOUS


def _read_day_month(found: re.Match[str], frame: DueFrame) -> _Read:
    return _named(month_of(found[3]), found[1], found[4], frame)


def _read_day_before(found: re.Match[str], frame: DueFrame) -> _Read:
    """Read "Tue 8 December": the date counts. `mar` is a Tuesday there, and March elsewhere."""
    if day_of(found[1]) is None:
        return None
    return _named(month_of(found[4]), found[2], found[5], frame)


def _read_month_day(found: re.Match[str], frame: DueFrame) -> _Read:
    return _named(month_of(found[1]), found[2], found[3], frame)


def _read_project_month(found: re.Match[str], frame: DueFrame) -> _Read:
    if frame.project_start is None:
        return DateTrouble.NO_PROJECT_START
    if frame.project_months is not None and int(found[1]) > frame.project_months:
        return DateTrouble.NO_SUCH_MONTH
    try:
        return project_months.last_day(frame.project_start, int(found[1]))
    except DomainError:
        return DateTrouble.NO_SUCH_MONTH


def _read_relative(found: re.Match[str], frame: DueFrame) -> _Read:
    count, unit = int(found[1]), found[2].lower()
    try:
        if unit == "m":
            return _months_later(frame.meeting_day, count)
        return frame.meeting_day + timedelta(days=count * (7 if unit == "w" else 1))
    except (OverflowError, ValueError):
        return DateTrouble.NO_SUCH_DAY


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _read_weekday(found: re.Match[str], frame: DueFrame) -> _Read:
    wanted = day_of(found[1])
    if wanted is None:
        return None
    ahead = (wanted - frame.meeting_day.weekday() - 1) % 7 + 1
    try:
        return frame.meeting_day + timedelta(days=ahead)
    except OverflowError:
        return DateTrouble.NO_SUCH_DAY


_FORMS: Final = (
    (_DAY_BEFORE, _read_day_before),
    (_ISO, _read_iso),
    (_DAY_MONTH, _read_day_month),
    (_DOTS, _read_dots),
    (_SLASHES, _read_slashes),
    (_PROJECT_MONTH, _read_project_month),
    (_RELATIVE, _read_relative),
    (_MONTH_DAY, _read_month_day),
    (_WEEKDAY, _read_weekday),
)
"""Ways to write a date; the first that fits is meant."""
