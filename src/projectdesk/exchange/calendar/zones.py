"""Which zone a TZID means: an IANA name, a Windows name, or the rules that the file gives.

Programs write a dozen sorts of names. A name that says the zone wins over the file's own rules,
which are often cut short or years old; without such a name the rules are compared with those of the
IANA zones, and used as they are when none is the same.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from itertools import pairwise
from zoneinfo import available_timezones

from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.exchange.calendar.lines import Component
from projectdesk.exchange.calendar.recurrence import Steps, expand, last_start, read_rule
from projectdesk.exchange.calendar.values import read_line, read_offset, read_when
from projectdesk.exchange.findings import Findings
from projectdesk.worded import Worded, why, worded

_COMMON = """
Europe/Brussels Europe/London Europe/Lisbon Europe/Athens Europe/Helsinki Europe/Berlin
Europe/Paris Europe/Madrid Europe/Rome Europe/Warsaw Europe/Bucharest Europe/Istanbul
Europe/Moscow Atlantic/Reykjavik Atlantic/Azores Asia/Jerusalem Asia/Dubai Asia/Tehran
Asia/Karachi Asia/Kolkata Asia/Kathmandu Asia/Dhaka Asia/Bangkok Asia/Shanghai Asia/Singapore
Asia/Tokyo Asia/Seoul Australia/Perth Australia/Brisbane Australia/Adelaide Australia/Sydney
Pacific/Auckland America/New_York America/Chicago America/Denver America/Phoenix
America/Los_Angeles America/Anchorage Pacific/Honolulu America/Halifax America/St_Johns
America/Bogota America/Caracas America/Santiago America/Sao_Paulo
America/Argentina/Buenos_Aires Africa/Lagos Africa/Johannesburg Africa/Nairobi Africa/Cairo
Africa/Casablanca
"""
COMMON = tuple(_COMMON.split())
"""Zones that are looked at first, so that Brussels' rules are not read as Arctic ones."""

_HOUR = timedelta(hours=1)
_FIXED = re.compile(r"(?:UTC|GMT|Z)?\s*([+-]\d\d?(?::?\d\d)?)", re.ASCII | re.IGNORECASE)
_SHOWN_OFFSET = re.compile(
    r"\((?:UTC|GMT)\s*([+-]\d\d[:.]?\d\d)?\)\s*(.*)", re.ASCII | re.IGNORECASE
)
_UTC_NAMES = frozenset(
    {"UTC", "GMT", "Z", "ZULU", "ETC/UTC", "ETC/GMT", "COORDINATED UNIVERSAL TIME"}
)
_SEPARATORS = re.compile(r"[,;/()&]")
_FIRST_YEAR, _LAST_YEAR = 1970, 2100
_STEPS = 5_000
STEPS_IN_ALL = 500_000
"""Of the rules of all zones of a file."""

COMPARED_LIMIT = 500
"""Zones of a file, each for a year, whose clocks are compared with those of all that are known."""

_EARLIEST, _LATEST = datetime(2, 1, 1), datetime(9998, 12, 31)  # noqa: DTZ001
"""Some programs begin the rules of a zone in the year 1; an offset before it has no date."""


@dataclass(frozen=True, slots=True)
class Zone:
    """What a TZID was found to be. name: IANA name, "UTC", or the file's own with `rules`.

    guessed: what to tell of how it was found, None = the name said it.
    """

    name: str
    rules: tzinfo | None = None
    guessed: Worded | None = None


class FileZone(tzinfo):
    """A zone by the rules of a VTIMEZONE.

    onsets: naive local times by the offset before them, in order; offsets: before and after each.
    """

    def __init__(self, name: str, onsets: list[tuple[datetime, timedelta, timedelta]]) -> None:
        self._name = name
        self._onsets = [at for at, _, _ in onsets]
        self._offsets = [(before, after) for _, before, after in onsets]
        self._instants = [at - before for at, before, _ in onsets]

    def utcoffset(self, dt: datetime | None) -> timedelta:
        """Return the offset at a local time: in a gap from before it, in a fold by `fold`."""
        if dt is None:
            return self._offsets[0][1]
        local = dt.replace(tzinfo=None, fold=0)
        index = bisect_right(self._onsets, local) - 1
        if index < 0:
            return self._offsets[0][0]
        before, after = self._offsets[index]
        since = local - self._onsets[index]
        if since < after - before:  # skipped by the clocks
            return after if dt.fold else before
        following = index + 1
        if following < len(self._onsets):
            before, then = self._offsets[following]
            # Twice on the clocks, the second time after the next move.
            if dt.fold and self._onsets[following] - local <= before - then:
                return then
        return after

    def fromutc(self, dt: datetime) -> datetime:
        """Return the local time of an instant."""
        instant = dt.replace(tzinfo=None)
        index = bisect_right(self._instants, instant) - 1
        offset = self._offsets[index][1] if index >= 0 else self._offsets[0][0]
        local = (instant + offset).replace(tzinfo=self)
        return local.replace(fold=1) if self.utcoffset(local) != offset else local

    def dst(self, dt: datetime | None) -> timedelta:
        """Return nothing: a file does not always say which half is the summer."""
        return timedelta(0)

    def tzname(self, dt: datetime | None) -> str:
        """Return the file's name for it."""
        return self._name


class Zones:
    """The zones of one file. parts: its VTIMEZONE components."""

    def __init__(self, parts: Sequence[Component], file: str, findings: Findings) -> None:
        self._parts = {read_line(part.text("TZID")): part for part in parts}
        self._file = file
        self._findings = findings
        self._found: dict[tuple[str, int], Zone | None] = {}
        self._own: dict[str, FileZone | None] = {}
        self._steps = Steps(STEPS_IN_ALL)
        self._compared = 0

    def has(self, name: str) -> bool:
        """Return whether the file gives rules of this name."""
        return name in self._parts

    def find(self, name: str, year: int) -> Zone | None:
        """Return what a TZID means in a year, None when nobody can know."""
        key = (name, year)
        if key not in self._found:
            self._found[key] = self._look(read_line(name), year)
        return self._found[key]

    def _look(self, name: str, year: int) -> Zone | None:
        named = named_zone(name)
        if named is not None and not named.guessed:
            return named
        part = self._parts.get(name)
        if part is None:
            return named
        location = iana_name(part.text("X-LIC-LOCATION"))
        if location:
            return Zone(location)
        if name not in self._own:
            self._own[name] = self._rules(name, part)
        own = self._own[name]
        if own is None:
            return named
        self._compared += 1
        same = same_zone(own, name, year) if self._compared <= COMPARED_LIMIT else ""
        if same:
            return Zone(
                same, guessed=worded("“{name}” has the clocks of {zone}", name=name, zone=same)
            )
        return Zone(
            name, own, worded("“{name}” is no known zone; the file's own rules are used", name=name)
        )

    def _rules(self, name: str, part: Component) -> FileZone | None:
        onsets = []
        for observance in (*part.named("STANDARD"), *part.named("DAYLIGHT")):
            try:
                onsets += list(_onsets(observance, self._steps))
            except ValueError as error:
                text = worded(
                    "rules of “{name}” that cannot be read: {error}", name=name, error=why(error)
                )
                self._findings.add(self._file, observance.row, "", "bad_zone_rules", text)
                return None
        if self._steps.used_up:
            over = worded(
                "more rules of zones than a calendar has; those of “{name}” are left out", name=name
            )
            self._findings.add(self._file, part.row, "", "too_many", over)
            return None
        onsets.sort(key=lambda onset: onset[0])
        return FileZone(name, onsets) if onsets else None


def _onsets(part: Component, steps: Steps) -> Iterator[tuple[datetime, timedelta, timedelta]]:
    """Yield when an observance begins, and the offsets before and after.

    Args:
        part: the observance.
        steps: of all zones of the file.

    Raises:
        ValueError: its start or an offset cannot be read.
    """
    begin, _ = read_when(part.text("DTSTART"))
    # Midnight where only a day is given.
    start = begin if isinstance(begin, datetime) else datetime.combine(begin, time.min)
    after = read_offset(part.text("TZOFFSETTO"))
    before = read_offset(part.text("TZOFFSETFROM") or part.text("TZOFFSETTO"))
    yield min(max(start, _EARLIEST), _LATEST), before, after
    fixed = timezone(before)
    for line in part.lines:
        if line.name == "RRULE":
            rule = read_rule(line.value)
            last = min(last_start(rule, fixed), datetime(_LAST_YEAR, 1, 1))  # noqa: DTZ001
            first = start if rule.count else max(start, datetime(_FIRST_YEAR, 1, 1))  # noqa: DTZ001
            own = Steps(min(_STEPS, max(0, steps.left)))
            given = own.left
            for at in expand(rule, start, first, last, own):
                yield at, before, after
            steps.take(given - own.left)
        elif line.name == "RDATE":
            for text in filter(None, line.value.split(",")):
                moment, _ = read_when(text.partition("/")[0])
                if isinstance(moment, datetime):
                    yield min(max(moment, _EARLIEST), _LATEST), before, after


@lru_cache(maxsize=1024)
def named_zone(name: str) -> Zone | None:
    """Return the zone that a name says, None when it says none."""
    upper = name.upper()
    if upper in _UTC_NAMES:
        return Zone("UTC")
    found = iana_name(name) or _windows_name(name)
    if found:
        return Zone(found)
    shown = _SHOWN_OFFSET.fullmatch(name)
    if shown:
        return _by_city(name, (shown[1] or "+0000").replace(".", ":"), shown[2])
    fixed = _FIXED.fullmatch(name)
    if fixed:
        return _fixed(name, fixed[1])
    return _by_city(name, "", name) or _by_region(name)


_REGIONS = {
    "central europe": "Europe/Brussels",
    "eastern europe": "Europe/Bucharest",
}
"""Of names that say a part of the world and no city, as "Western/Central Europe"."""


def _by_region(name: str) -> Zone | None:
    lower = name.lower()
    for region, zone in _REGIONS.items():
        if region in lower:
            return Zone(zone, guessed=worded("“{name}” was read as {zone}", name=name, zone=zone))
    return None


def _fixed(name: str, text: str) -> Zone | None:
    digits = text[1:].replace(":", "")
    hours = digits.zfill(2) + "00" if len(digits) <= 2 else digits.zfill(4)
    try:
        offset = read_offset(text[0] + hours)
    except ValueError:
        return None
    return Zone(name, timezone(offset, name)) if offset else Zone("UTC")


@cache
def _names() -> dict[str, str]:
    """Return the IANA names by their lower-case spelling."""
    return {name.lower(): name for name in available_timezones()}


@cache
def _cities() -> dict[str, list[str]]:
    """Return the IANA names by the city in them."""
    cities: dict[str, list[str]] = {}
    for name in sorted(available_timezones()):
        area, slash, city = name.rpartition("/")
        if slash and area.split("/")[0] not in ("Etc", "posix", "right", "US", "SystemV"):
            cities.setdefault(city.replace("_", " ").lower(), []).append(name)
    return cities


@lru_cache(maxsize=1024)
def iana_name(name: str) -> str:
    """Return the IANA name that a name is, or ends with, as `/mozilla.org/20050126_1/Europe/Rome`.

    "" when it does not.
    """
    found = _iana_name(name)
    if found or "/" in name.strip(' "/'):
        return found
    return _iana_name(name.replace("-", "/", 1))  # "US-Eastern", "Europe-Berlin"


def _iana_name(name: str) -> str:
    known = _names()
    parts = name.strip().strip('"').replace(" ", "_").strip("/").split("/")
    for length in (4, 3, 2, 1):
        if length > len(parts) or (length == 1 and len(parts) > 1):
            continue
        found = known.get("/".join(parts[-length:]).lower())
        if found and found.split("/")[0] not in ("posix", "right"):
            return found
    return ""


def _windows_name(name: str) -> str:
    # The table of Unicode CLDR. The package takes a third of a second to load; few files need it.
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    return _WINDOWS_ALIASES.get(name) or WINDOWS_TO_OLSON.get(name, "")


_WINDOWS_ALIASES = {
    "Eastern Time (US & Canada)": "America/New_York",
    "Central Time (US & Canada)": "America/Chicago",
    "Mountain Time (US & Canada)": "America/Denver",
    "Pacific Time (US & Canada)": "America/Los_Angeles",
    "Atlantic Time (Canada)": "America/Halifax",
    "Central European Time": "Europe/Berlin",
}
"""What Outlook shows where its name has no city."""


def _by_city(name: str, offset: str, shown: str) -> Zone | None:
    """Return the zone of the first city in a name that has one, at the offset that it shows."""
    wanted = read_offset(offset) if offset else None
    known = _WINDOWS_ALIASES.get(shown.strip())
    candidates = [known] if known else _in_cities(shown)
    for candidate in candidates:
        if wanted is None or _standard_offset(candidate) == wanted:
            return Zone(
                candidate, guessed=worded("“{name}” was read as {zone}", name=name, zone=candidate)
            )
    return None


def _in_cities(shown: str) -> list[str]:
    known = _cities()
    words = [part.strip().lower() for part in _SEPARATORS.split(shown[:200])]
    return [name for word in words if word for name in known.get(word, ())]


@cache
def _standard_offset(zone: str) -> timedelta:
    """Return a zone's offset outside of its summer time."""
    info = zone_of(zone)
    seasons = (datetime(2025, month, 1, tzinfo=UTC).astimezone(info) for month in (1, 7))
    return min(local.utcoffset() or timedelta(0) for local in seasons)


def same_zone(own: tzinfo, name: str, year: int) -> str:
    """Return an IANA zone whose clocks are those of `own` in a year and the next, "" = none.

    A zone of a city in `name` comes first, then those where most people live.
    """
    samples = _samples(own, max(_FIRST_YEAR, min(year, _LAST_YEAR - 2)))
    for candidate in dict.fromkeys((*_in_cities(name), *COMMON, *sorted(_names().values()))):
        info = zone_of(candidate)
        if all(at.astimezone(info).utcoffset() == offset for at, offset in samples):
            return candidate
    return ""


def _samples(own: tzinfo, year: int) -> list[tuple[datetime, timedelta]]:
    """Return instants of two years with the offset: each week, and around every move."""
    start = datetime(year, 1, 1, 12, tzinfo=UTC)
    moments = [start + timedelta(days=7 * week) for week in range(105)]
    for one, other in pairwise(moments[:]):
        if _offset_at(own, one) != _offset_at(own, other):
            moments += _around_move(own, one, other)
    return [(at, _offset_at(own, at)) for at in moments]


def _around_move(own: tzinfo, one: datetime, other: datetime) -> tuple[datetime, datetime]:
    """Return the last hour with the offset before a move, and the next one."""
    before, low, high = _offset_at(own, one), 0, int((other - one) / _HOUR)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset_at(own, one + middle * _HOUR) == before:
            low = middle
        else:
            high = middle
    return one + low * _HOUR, one + high * _HOUR


def _offset_at(own: tzinfo, at: datetime) -> timedelta:
    """Return the offset of an instant in a zone."""
    return at.astimezone(own).utcoffset() or timedelta(0)
