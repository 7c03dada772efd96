"""Events placed in time: each occurrence of a series, changed and cancelled ones applied.

The rules are expanded on the local clock of the event's zone, so that ten o'clock stays ten o'clock
when the clocks move; how long it takes is elapsed time (RFC 5545, section 3.8.5.3).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.exchange.calendar.event import CalendarEvent, CalendarTime, EventStatus, When
from projectdesk.exchange.calendar.recurrence import (
    Steps,
    expand,
    last_start,
    left_out,
    never_takes_place,
    read_rule,
)
from projectdesk.exchange.findings import Findings
from projectdesk.worded import worded

STEPS_OF_A_RULE = 25_000
"""Each period and each time in it is a step: sixty years of days, or a week of minutes."""

STEPS_IN_ALL = 1_000_000
OCCURRENCES_LIMIT = 100_000
SHOWN = 80
"""Letters of a title that a finding repeats."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that an event takes place.

    event: whose texts and people hold for it. start: as planned. by_rule: its start before a change
    moved it, which tells the occurrences of a series apart. starts_at, ends_at: UTC instants,
    the end not included; None for whole days. first_day, last_day: both included; None for times.
    """

    event: CalendarEvent
    start: When
    by_rule: When
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    first_day: date | None = None
    last_day: date | None = None

    def order(self) -> datetime:
        """Return an instant to sort by; whole days come before the times of their first day."""
        if self.starts_at is not None:
            return self.starts_at
        return datetime.combine(self.first_day or date.min, time.min, UTC)


def occurrences(
    events: Iterable[CalendarEvent],
    first: datetime,
    last: datetime,
    *,
    zone: str = "UTC",
    file: str = "calendar",
    findings: Findings | None = None,
) -> list[Occurrence]:
    """Return what takes place between two instants, in the order of time.

    Whole days count where they touch the days from `first` to `last` in any zone. What is
    cancelled does not take place.

    Args:
        events: of one or several calendars.
        first: UTC instant.
        last: UTC instant, not included.
        zone: IANA name, in which floating times are read.
        file: name of the calendar, for findings.
        findings: takes which series were cut short, as they repeat too often.
    """
    placing = _Placing(first, last, zone)
    series: dict[str, list[CalendarEvent]] = defaultdict(list)
    for event in events:
        if event.recurrence_id is None and not event.rules and not event.additions:
            placing.singles.setdefault(event.uid, []).append(event)
        else:
            series[event.uid].append(event)
    found: list[Occurrence] = []
    for uid, same in placing.singles.items():
        if uid not in series:
            found += placing.single(latest(same))
    for uid, same in series.items():
        found += placing.series([*placing.singles.get(uid, ()), *same])
    if findings is not None:
        for event in placing.cut:
            title = (event.summary or event.uid)[:SHOWN]
            text = worded("“{title}” repeats too often; later ones are left out", title=title)
            findings.add(file, 0, "RRULE", "too_many_occurrences", text)
    found.sort(key=Occurrence.order)
    return found[:OCCURRENCES_LIMIT]


def latest(same: Sequence[CalendarEvent]) -> CalendarEvent:
    """Return the newest of several objects of the same event (RFC 5546, section 2.1.5)."""
    if len(same) == 1:
        return same[0]
    oldest = datetime.min.replace(tzinfo=UTC)
    return max(same, key=lambda event: (event.sequence, event.stamp or oldest))


class _Placing:
    """Places events in one window."""

    def __init__(self, first: datetime, last: datetime, zone: str) -> None:
        self._first, self._last, self._zone = first, last, zone
        self._first_day, self._last_day = first.date() - _DAY, last.date() + _DAY
        self._steps = Steps(STEPS_IN_ALL)
        self.singles: dict[str, list[CalendarEvent]] = {}
        self.cut: list[CalendarEvent] = []

    def single(self, event: CalendarEvent) -> Iterator[Occurrence]:
        """Yield an event that takes place once, if it does so in the window."""
        if event.status is not EventStatus.CANCELLED:
            yield from self._placed(event, event.start, self._length(event))

    def series(self, same: list[CalendarEvent]) -> Iterator[Occurrence]:
        """Yield the occurrences of a series, given all objects of one UID."""
        masters = [event for event in same if event.recurrence_id is None]
        changed: dict[object, CalendarEvent] = {}
        for event in same:
            if event.recurrence_id is not None:
                key = self._key(event.recurrence_id)
                changed[key] = latest([changed[key], event]) if key in changed else event
        if masters:
            master = latest(masters)
            changed = {
                key: event for key, event in changed.items() if not self._is_outdated(event, master)
            }
            if master.status is not EventStatus.CANCELLED:
                yield from self._of_master(master, changed)
        for event in changed.values():
            yield from self.single(event)

    def _is_outdated(self, change: CalendarEvent, master: CalendarEvent) -> bool:
        """Return whether a newer series has left out the occurrence that was changed before.

        Numbers of a series and of its changes run apart (RFC 5546, section 2.1.5, compares those of
        the same occurrence alone), and some programs write EXDATE for what they move: a change that
        is as new by its own stamp stays.
        """
        if change.recurrence_id is None or change.sequence >= master.sequence:
            return False
        if _is_as_new(change, master):
            return False
        key = self._key(change.recurrence_id)
        return any(self._key(when) == key for when in master.exceptions)

    def _of_master(
        self, master: CalendarEvent, changed: dict[object, CalendarEvent]
    ) -> Iterator[Occurrence]:
        following = [event for event in changed.values() if event.and_following]
        length = self._length(master)
        reach = length + max((_shift(event) for event in following), default=timedelta(0))
        without = {self._key(when) for when in master.exceptions} | set(changed)
        without.update(map(self._key, self._by_rules(master, reach, exceptions=True)))
        for start, own_length in self._starts(master, length, reach):
            if self._key(start) in without:
                continue
            now = self._at(start, master, following)
            if now is master:
                yield from self._placed(master, start, own_length)
            elif now.status is not EventStatus.CANCELLED:
                yield from self._placed(now, _moved(start, now), self._length(now), start)

    def _at(
        self, start: When, master: CalendarEvent, following: list[CalendarEvent]
    ) -> CalendarEvent:
        """Return what holds for an occurrence: the series, or the change before it on."""
        at = self._order(start)
        before = [
            (since, number)
            for number, event in enumerate(following)
            if event.recurrence_id is not None and (since := self._order(event.recurrence_id)) < at
        ]
        return following[max(before)[1]] if before else master

    def _order(self, when: When) -> datetime:
        if isinstance(when, CalendarTime):
            return when.instant(self._zone)
        return datetime.combine(when, time.min, UTC)

    def _starts(
        self, master: CalendarEvent, length: timedelta, reach: timedelta
    ) -> Iterator[tuple[When, timedelta]]:
        """Yield (start, length) of the occurrences that may touch the window, none twice."""
        seen = set()
        for start in self._by_rules(master, reach):
            key = self._key(start)
            if key not in seen:
                seen.add(key)
                yield start, length
        for addition in master.additions:
            key = self._key(addition.start)
            if key in seen:
                continue
            seen.add(key)
            alone = replace(master, start=addition.start, end=addition.end)
            yield addition.start, self._length(alone) if addition.end else length

    def _by_rules(
        self, master: CalendarEvent, reach: timedelta, *, exceptions: bool = False
    ) -> Iterator[When]:
        """Yield the starts by the rules; without a rule the first one alone.

        Args:
            master: the series.
            reach: how long before the window an occurrence may begin that touches it.
            exceptions: whether those by the exception rules are wanted; without one there are none.
        """
        rules = master.exception_rules if exceptions else master.rules
        if not rules:
            if not exceptions:
                yield master.start
            return
        start = master.start
        info: tzinfo | None
        if isinstance(start, CalendarTime):
            info, naive = self._info(start), start.local
        else:
            info, naive = None, datetime.combine(start, time.min)
        first = (self._first - reach).replace(tzinfo=None) - 2 * _DAY
        last = self._last.replace(tzinfo=None) + 2 * _DAY
        walk = left_out if exceptions else expand
        for text in rules:
            rule = read_rule(text)
            if never_takes_place(rule, naive, info):
                continue
            until = max(last_start(rule, info), naive)
            steps = Steps(min(STEPS_OF_A_RULE, max(0, self._steps.left)))
            before = steps.left
            for local in walk(rule, naive, first, min(last, until), steps):
                yield (
                    replace(start, local=local) if isinstance(start, CalendarTime) else local.date()
                )
            self._steps.take(before - steps.left)
            if steps.used_up:
                self.cut.append(master)

    def _placed(
        self, event: CalendarEvent, start: When, length: timedelta, by_rule: When | None = None
    ) -> Iterator[Occurrence]:
        by_rule = by_rule or event.recurrence_id or start
        if isinstance(start, CalendarTime):
            starts_at = start.instant(self._zone)
            ends_at = starts_at + length
            if starts_at < self._last and (ends_at > self._first or starts_at >= self._first):
                yield Occurrence(event, start, by_rule, starts_at, ends_at)
        else:
            last_day = start + length - _DAY
            if start <= self._last_day and last_day >= self._first_day:
                yield Occurrence(event, start, by_rule, first_day=start, last_day=last_day)

    def _length(self, event: CalendarEvent) -> timedelta:
        return max(timedelta(0), event.length(self._zone))

    def _key(self, when: When) -> date | datetime:
        """Return what tells occurrences apart: an instant, or a day."""
        return when.instant(self._zone) if isinstance(when, CalendarTime) else when

    def _info(self, start: CalendarTime) -> tzinfo:
        if start.own_zone is not None:
            return start.own_zone
        name = start.zone or self._zone
        return UTC if name == "UTC" else zone_of(name)


def _is_as_new(change: CalendarEvent, master: CalendarEvent) -> bool:
    """Return whether the stamps of both say that the series was not changed after the change."""
    if change.changed_at and master.changed_at:
        return change.changed_at >= master.changed_at
    if change.stamp and master.stamp:
        return change.stamp >= master.stamp
    return False


def _shift(event: CalendarEvent) -> timedelta:
    """Return how much later a change puts what follows, on the local clock."""
    start, was = event.start, event.recurrence_id
    if isinstance(start, CalendarTime) and isinstance(was, CalendarTime):
        return start.local - was.local
    if isinstance(start, CalendarTime) or isinstance(was, CalendarTime) or was is None:
        return timedelta(0)
    return start - was


def _moved(start: When, change: CalendarEvent) -> When:
    """Return the start of an occurrence after a change of all that follow."""
    if isinstance(start, CalendarTime) and isinstance(change.start, CalendarTime):
        return replace(change.start, local=start.local + _shift(change))
    if isinstance(start, CalendarTime) or isinstance(change.start, CalendarTime):
        return change.start
    return start + _shift(change)
