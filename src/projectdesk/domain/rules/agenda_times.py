"""When the items of an agenda are planned: day by day, fixed starts, breaks, parallel sessions.

Every time is an instant (UTC), so that an agenda is right across a change of the clocks and can be
shown in any zone. Local times are those of the meeting's zone.

- The first day begins with the meeting. Each later day begins when the night before it ends, or at
  the same local time as the first.
- An item follows what is before it, unless it has a fixed start. A fixed start may leave a gap, or
  come before what is before it ends.
- Neighbours with tracks are parallel sessions: each track goes on by itself from where the first
  of them begins, and what follows without a track waits for the longest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from projectdesk.domain.meetings import FoldRule
from projectdesk.domain.rules.zoned_time import to_local, to_utc

DAY_MINUTES: Final = 24 * 60
LAST_DAY: Final = 14
"""Most days that a meeting has."""

_NIGHT: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Night:
    """What parts two days: a day ends at `ends`, the next one begins at `begins`."""

    ends: time
    begins: time

    def __str__(self) -> str:
        return f"{self.ends:%H:%M}-{self.begins:%H:%M}"


@dataclass(frozen=True)
class Frame:
    """When a meeting is. local_start: naive, in `zone`. nights: after the first day, the second..

    A meeting of more than a day has nights though none are given: then only midnight ends a day.
    """

    local_start: datetime
    zone: str
    duration_minutes: int
    nights: tuple[Night, ...] = ()
    fold_rule: FoldRule = FoldRule.EARLIER

    @property
    def starts_at(self) -> datetime:
        """When it begins (UTC)."""
        return to_utc(self.local_start, self.zone, self.fold_rule)

    @property
    def ends_at(self) -> datetime:
        """When it ends (UTC)."""
        return self.starts_at + timedelta(minutes=self.duration_minutes)

    @property
    def days(self) -> int:
        """How many days it has."""
        if not self.nights and self.duration_minutes <= DAY_MINUTES:
            return 1
        last = to_local(self.ends_at - _MINUTE, self.zone).date()
        return max(1, (last - self.local_start.date()).days + 1)

    def date_of(self, day: int) -> date:
        """Return the local date of a day, counted from 1."""
        return self.local_start.date() + timedelta(days=day - 1)

    def begins(self, day: int) -> datetime:
        """Return when a day begins (UTC)."""
        if day <= 1:
            return self.starts_at
        at = self.nights[day - 2].begins if day - 2 < len(self.nights) else self.local_start.time()
        return self.at(day, at.hour * 60 + at.minute)

    def limit(self, day: int) -> datetime | None:
        """Return until when a day lasts (UTC), None = nobody said; after the meeting, its end."""
        if day >= self.days:
            return self.ends_at
        if day - 1 >= len(self.nights):
            return None
        ends = self.nights[day - 1].ends
        return self.at(day, ends.hour * 60 + ends.minute)

    def at(self, day: int, minute: int) -> datetime:
        """Return the instant of a local time of a day, `minute` counted from its midnight."""
        midnight = datetime.combine(self.date_of(day), time())
        return to_utc(midnight + timedelta(minutes=minute), self.zone, self.fold_rule)


@dataclass(frozen=True)
class TimedItem:
    """What of an item decides when it is; see `domain.meetings.AgendaItem`."""

    minutes: int
    day: int = 1
    starts_minute: int | None = None
    track: str = ""


@dataclass(frozen=True)
class Slot:
    """When an item is planned (UTC).

    gap: minutes that nothing fills before its fixed start. overlap: minutes by which its fixed
    start comes before the end of what is before it.
    """

    starts_at: datetime
    ends_at: datetime
    gap: int = 0
    overlap: int = 0


@dataclass(frozen=True)
class DayTimes:
    """One day. over: minutes by which it is too long. beyond: it is after the meeting's last day.

    planned: minutes from its begin to the end of its last item. limit: see `Frame.limit`.
    """

    day: int
    date: date
    starts_at: datetime
    ends_at: datetime
    limit: datetime | None
    planned: int
    over: int
    beyond: bool


@dataclass(frozen=True)
class AgendaTimes:
    """When everything is. slots: one for each item, in the order given. days: all, empty too."""

    slots: tuple[Slot, ...]
    days: tuple[DayTimes, ...]

    @property
    def over(self) -> int:
        """Minutes by which the last day is too long."""
        return max((day.over for day in self.days), default=0)


def plan_times(frame: Frame, items: Sequence[TimedItem]) -> AgendaTimes:
    """Return when items are planned.

    Args:
        frame: when the meeting is.
        items: in the order of the agenda, those of a day together.

    Raises:
        DomainError: `unknown_zone`.
    """
    slots: dict[int, Slot] = {}
    days = []
    for day in range(1, max([frame.days, *(item.day for item in items)]) + 1):
        of_day = [(n, item) for n, item in enumerate(items) if item.day == day]
        begins = frame.begins(day)
        slots |= _slots_of_day(frame, begins, of_day)
        mine = [slots[n] for n, _ in of_day]
        days.append(_day(frame, day, mine[0].starts_at if mine else begins, begins, mine))
    return AgendaTimes(tuple(slots[n] for n in range(len(items))), tuple(days))


def frame_around(local_start: datetime, zone: str, items: Sequence[TimedItem]) -> Frame:
    """Return the meeting that is as long as its items: each day until its last item ends.

    Later days begin at the local time of the first. It lasts a minute at least.
    """
    open_end = Frame(local_start, zone, LAST_DAY * DAY_MINUTES)
    days = [day for day in plan_times(open_end, items).days if day.planned]
    last = max((day.day for day in days), default=1)
    ends = {day.day: to_local(day.ends_at, zone).time() for day in days}
    begins = local_start.time()
    nights = tuple(Night(ends.get(day, begins), begins) for day in range(1, last))
    end = next((day.ends_at for day in days if day.day == last), open_end.starts_at)
    minutes = max(1, round((end - open_end.starts_at) / _MINUTE))
    return Frame(local_start, zone, minutes, nights)


def length_of(items: Iterable[tuple[str, int]]) -> int:
    """Return how many minutes items take one after another.

    Args:
        items: track ("" = for all) and minutes of each. Of neighbours with tracks the longest track
            counts (the call page has the same rule, `resources/web/clock.js`).
    """
    total, tracks = 0, dict[str, int]()
    for track, minutes in items:
        if track:
            tracks[track] = tracks.get(track, 0) + minutes
        else:
            total += max(tracks.values(), default=0) + minutes
            tracks = {}
    return total + max(tracks.values(), default=0)


def read_nights(texts: Iterable[str]) -> tuple[Night, ...]:
    """Return the nights written as "17:30-09:00"; what is not is left out with all after it."""
    nights = []
    for text in texts:
        found = _NIGHT.fullmatch(text)
        if found is None:
            break
        hour, minute, next_hour, next_minute = (int(part) for part in found.groups())
        nights.append(Night(time(hour, minute), time(next_hour, next_minute)))
    return tuple(nights)


def _slots_of_day(
    frame: Frame, begins: datetime, items: Sequence[tuple[int, TimedItem]]
) -> dict[int, Slot]:
    slots: dict[int, Slot] = {}
    cursor = begins
    fork: datetime | None = None
    tracks: dict[str, datetime] = {}
    for number, item in items:
        if not item.track and tracks:
            cursor, fork, tracks = max(tracks.values()), None, {}
        if item.track and fork is None:
            fork = cursor
        before = tracks.get(item.track, fork) if item.track else cursor
        slot = _slot(frame, item, before or cursor)
        slots[number] = slot
        if item.track:
            if not tracks and item.starts_minute is not None:
                fork = slot.starts_at  # the first session's fixed start is that of all tracks
            tracks[item.track] = slot.ends_at
        else:
            cursor = slot.ends_at
    return slots


def _slot(frame: Frame, item: TimedItem, before: datetime) -> Slot:
    starts = before if item.starts_minute is None else frame.at(item.day, item.starts_minute)
    apart = round((starts - before) / _MINUTE)
    ends = starts + timedelta(minutes=item.minutes)
    return Slot(starts, ends, gap=max(0, apart), overlap=max(0, -apart))


def _day(
    frame: Frame, day: int, starts_at: datetime, begins: datetime, slots: Sequence[Slot]
) -> DayTimes:
    beyond = day > frame.days
    ends_at = max((slot.ends_at for slot in slots), default=begins)
    first = min(starts_at, begins)
    limit = frame.limit(day)
    over = 0 if limit is None or not slots else max(0, round((ends_at - limit) / _MINUTE))
    return DayTimes(
        day=day,
        date=frame.date_of(day),
        starts_at=starts_at,
        ends_at=ends_at,
        limit=limit,
        planned=round((ends_at - first) / _MINUTE),
        over=0 if beyond else over,
        beyond=beyond and bool(slots),
    )
