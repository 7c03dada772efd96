"""Days and times of calendar objects, with the zones of their file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.exchange.calendar.event import CalendarTime, When
from projectdesk.exchange.calendar.lines import Line
from projectdesk.exchange.calendar.values import in_reach, read_when
from projectdesk.exchange.calendar.zones import Zones
from projectdesk.worded import Worded, worded

Note = Callable[[int, str, str, Worded], None]
"""Takes a finding: row, property, code, text."""


class Lost(Exception):
    """An event whose time cannot be known; says why."""


class Times:
    """Reads the days and times of one calendar."""

    def __init__(self, zones: Zones, floating_zone: str, note: Note) -> None:
        """Read times.

        Args:
            zones: of the file.
            floating_zone: IANA name for times without a zone, "" = they stay so.
            note: takes what was bent.
        """
        self._zones = zones
        self._zone = floating_zone
        self._note = note
        self._told: set[str] = set()
        self._whens: dict[tuple[str, str, str], When] = {}

    def when(self, line: Line, text: str | None = None) -> When:
        """Return a property's day or time.

        Raises:
            ValueError: it is none, or lies out of reach.
            Lost: its zone cannot be known.
        """
        value = (line.value if text is None else text).strip()
        tzid = line.parameters.get("TZID")
        key = (value, tzid or "", line.parameters.get("VALUE", ""))
        found = self._whens.get(key)
        if found is None:
            found = self._whens[key] = self._read_when(line, value, tzid)
        return found

    def _read_when(self, line: Line, value: str, tzid: str | None) -> When:
        if ")" in value and tzid is not None and ":" in value:
            # A TZID with a colon that is not quoted, as (UTC-03:00) Brasilia.
            rest, _, value = value.rpartition(":")
            tzid = f"{tzid}:{rest}"
            self._note(
                line.row,
                line.name,
                "unquoted_zone",
                worded("TZID={tzid} is not quoted", tzid=tzid[:80]),
            )
        found, utc = read_when(value)
        in_reach(found.year)
        if line.parameters.get("VALUE", "").upper() == "DATE" and isinstance(found, datetime):
            self._note(
                line.row,
                line.name,
                "day_with_time",
                worded("a day with a time: {value}", value=value[:30]),
            )
            if found.time() == time.min:
                return found.date()
        if not isinstance(found, datetime):
            return found
        if utc:
            return CalendarTime(found, "UTC")
        if tzid is not None and (tzid.strip() or self._zones.has("")):
            return self._zoned(found, tzid, line)
        if tzid is not None:
            self._note(
                line.row, line.name, "blank_zone", worded("TZID is blank; read as without a zone")
            )
        return CalendarTime(found, self._zone)

    def _zoned(self, local: datetime, tzid: str, line: Line) -> CalendarTime:
        zone = self._zones.find(tzid, local.year)
        if zone is None:
            raise Lost(
                worded(
                    "{name} has the zone “{tzid}”, which nobody knows",
                    name=line.name,
                    tzid=tzid[:60],
                )
            )
        if zone.guessed and zone.guessed not in self._told:
            self._told.add(zone.guessed)
            self._note(line.row, "TZID", "zone_guessed", zone.guessed)
        return CalendarTime(local, zone.name, zone.rules)


def later(start: When, days: int, elapsed: timedelta) -> When | None:
    """Return the end after a duration: days by the calendar, then time as it elapses.

    Raises:
        ValueError, OverflowError: the duration is negative, or ends out of reach.
    """
    if days < 0 or elapsed < timedelta(0):
        raise ValueError(worded("a negative duration"))
    if not isinstance(start, CalendarTime):
        end = start + timedelta(days=days) + elapsed
        in_reach(end.year)
        return end if end > start else None
    local = start.local + timedelta(days=days)
    in_reach((local + elapsed).year)
    if start.zone in ("", "UTC"):
        return replace(start, local=local + elapsed)
    instant = replace(start, local=local).instant() + elapsed
    return replace(start, local=_local(instant, start))


def _local(instant: datetime, like: CalendarTime) -> datetime:
    return instant.astimezone(like.own_zone or zone_of(like.zone)).replace(tzinfo=None)


def alike(when: When | None, start: When) -> When | None:
    """Return a time as a day, or a day as a time, where the start is one."""
    if when is None or isinstance(when, CalendarTime) == isinstance(start, CalendarTime):
        return when
    if isinstance(when, CalendarTime):
        return when.local.date()
    if isinstance(start, CalendarTime):
        return replace(start, local=datetime.combine(when, start.local.time()))
    return when


def is_before(one: When, other: When) -> bool:
    """Return whether a time lies before another, or a day before a day."""
    if isinstance(one, CalendarTime) and isinstance(other, CalendarTime):
        return one.instant() < other.instant()
    if isinstance(one, CalendarTime) or isinstance(other, CalendarTime):
        return False
    return one < other
