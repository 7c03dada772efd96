"""What stands in the calendar: meetings and busy times in the reader's zone, days, holidays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from projectdesk.domain.meetings import FoldRule
from projectdesk.domain.rules.zoned_time import to_local, to_utc
from projectdesk.services.calendar_rows import (
    CalendarBusy,
    CalendarMark,
    CalendarMeeting,
    CalendarRow,
)

DAY_MINUTES: Final = 24 * 60
_DAY: Final = timedelta(days=1)
_INSTANT: Final = timedelta(microseconds=1)


class EntryKind(StrEnum):
    """What an entry is, in the order in which those of one day stand."""

    HOLIDAY = "holiday"
    MARK = "mark"
    BUSY = "busy"
    MEETING = "meeting"


@dataclass(frozen=True)
class Entry:
    """One thing in the calendar.

    key: its identity. project: acronym, "" = of none; colour: number of its project. first, last:
    the days it is on in the reader's zone. start, end: naive, in that zone; None = whole days.
    """

    key: str
    kind: EntryKind
    title: str
    project: str
    colour: int
    first: date
    last: date
    start: datetime | None = None
    end: datetime | None = None
    meeting: CalendarMeeting | None = None
    mark: CalendarMark | None = None
    tentative: bool = False

    @property
    def in_hours(self) -> bool:
        """Whether it stands among the hours of a day: it has hours, and less than a whole day."""
        return self.start is not None and self.end is not None and self.end - self.start < _DAY

    @property
    def movable(self) -> bool:
        """Whether it may be moved to another time."""
        return self.meeting is not None and self.meeting.movable

    def minutes_on(self, day: date) -> tuple[int, int] | None:
        """Return from when to when it is on a day, in minutes of the clock; None = not at all.

        Where the clocks are set back, it may end at an earlier minute than it starts: then it has
        the length that it lasts.
        """
        if self.start is None or self.end is None or not self.first <= day <= self.last:
            return None
        begin = _minute(self.start) if self.start.date() == day else 0
        end = _minute(self.end) if self.end.date() == day else DAY_MINUTES
        if end <= begin and self.first == self.last and self.meeting is not None:
            end = begin + self.meeting.duration_minutes
        return begin, min(max(end, begin), DAY_MINUTES)


@dataclass(frozen=True)
class Shows:
    """What is shown beside the meetings."""

    marks: bool = True
    holidays: bool = True
    busy: bool = True


def entries(found: CalendarRow, zone: str, shows: Shows) -> list[Entry]:
    """Return what is in the calendar in the zone of who reads: by day, then by time.

    Args:
        found: what was read; days beside its span are left out.
        zone: IANA name.
        shows: what is wanted beside the meetings.
    """
    colours = {project: number for number, (project, _) in enumerate(found.projects)}
    made = list(_all(found, zone, shows, colours))
    made = [each for each in made if each.last >= found.begin and each.first < found.end]
    return sorted(made, key=in_order)


def in_order(entry: Entry) -> tuple[date, bool, float, int, str, str]:
    """Return the order of entries: whole days before hours, long ones first, then by name."""
    if entry.in_hours and entry.start is not None:
        at = float(_minute(entry.start))
    else:
        at = -float((entry.last - entry.first).days)
    kind = list(EntryKind).index(entry.kind)
    return entry.first, entry.in_hours, at, kind, entry.project, entry.title


def moved_entry(entry: Entry, start: datetime) -> Entry:
    """Return a meeting's entry as it would be from another start on; naive, in the same zone."""
    if entry.start is None or entry.end is None:
        return entry
    end = start + (entry.end - entry.start)
    return Entry(
        key=entry.key,
        kind=entry.kind,
        title=entry.title,
        project=entry.project,
        colour=entry.colour,
        first=start.date(),
        last=_last_day(start, end),
        start=start,
        end=end,
        meeting=entry.meeting,
    )


def planned_at(meeting: CalendarMeeting, start: datetime, zone: str) -> dict[str, object]:
    """Return the fields of a meeting that starts at a time of the reader's zone.

    The meeting stays in its own zone; a time that this zone has twice keeps its instant.

    Args:
        meeting: as it was.
        start: naive, in `zone`.
        zone: the reader's.
    """
    instant = to_utc(start, zone)
    local = to_local(instant, meeting.zone)
    first = to_utc(local, meeting.zone, FoldRule.EARLIER)
    rule = FoldRule.EARLIER if first == instant else FoldRule.LATER
    return {"local_start": local, "fold_rule": rule}


def on_another_day(meeting: CalendarMeeting, days: int) -> dict[str, object]:
    """Return the fields of a meeting so many days later at the same time of its own zone."""
    return {"local_start": meeting.local_start + timedelta(days=days)}


# --- inside


def _all(
    found: CalendarRow, zone: str, shows: Shows, colours: Mapping[UUID, int]
) -> Iterator[Entry]:
    if shows.holidays:
        for holiday in found.holidays:
            key = f"holiday {holiday.day}"
            yield Entry(key, EntryKind.HOLIDAY, holiday.name, "", -1, holiday.day, holiday.day)
    if shows.marks:
        for mark in found.marks:
            yield _mark(mark, colours.get(mark.project_id, -1))
    if shows.busy:
        for busy in found.busy:
            yield _busy(busy, zone)
    for meeting in found.meetings:
        yield _meeting(meeting, zone, colours.get(meeting.project_id, -1))


def _mark(mark: CalendarMark, colour: int) -> Entry:
    title = f"{mark.label} {mark.title}".strip()
    return Entry(
        key=f"{mark.kind} {mark.id} {mark.day}",
        kind=EntryKind.MARK,
        title=title,
        project=mark.project,
        colour=colour,
        first=mark.day,
        last=mark.day,
        mark=mark,
    )


def _busy(busy: CalendarBusy, zone: str) -> Entry:
    key = f"busy {busy.source_id} {busy.seq}"
    if busy.starts_at is not None and busy.ends_at is not None:
        start, end = to_local(busy.starts_at, zone), to_local(busy.ends_at, zone)
        first, last = start.date(), _last_day(start, end)
        return Entry(
            key, EntryKind.BUSY, busy.title, "", -1, first, last, start, end,
            tentative=busy.tentative,
        )  # fmt: skip
    first = busy.first_day or date.min
    last = busy.last_day or first
    return Entry(key, EntryKind.BUSY, busy.title, "", -1, first, last, tentative=busy.tentative)


def _meeting(meeting: CalendarMeeting, zone: str, colour: int) -> Entry:
    start, end = to_local(meeting.starts_at, zone), to_local(meeting.ends_at, zone)
    return Entry(
        key=f"meeting {meeting.id}",
        kind=EntryKind.MEETING,
        title=meeting.title,
        project=meeting.project,
        colour=colour,
        first=start.date(),
        last=_last_day(start, end),
        start=start,
        end=end,
        meeting=meeting,
    )


def _last_day(start: datetime, end: datetime) -> date:
    """Return the last day of a time: one that ends at midnight is not on the day that begins."""
    return max(start, end - _INSTANT).date()


def _minute(at: datetime) -> int:
    return at.hour * 60 + at.minute
