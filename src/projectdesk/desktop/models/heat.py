"""What each hour of a week asks of people, by zone: what the heat map paints, and says in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from projectdesk.desktop.models import formats
from projectdesk.domain.rules.zone_offsets import offset_minutes
from projectdesk.domain.rules.zoned_time import to_local, to_utc
from projectdesk.services.slot_rows import SlotPerson, SlotReport

HOURS: Final = 24
MOST_ZONES: Final = 12
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class HeatRow:
    """One line. zone: IANA name, "" = everybody. people: how many. pains: of each hour, points."""

    label: str
    zone: str
    people: int
    names: tuple[str, ...]
    pains: tuple[float, ...]


@dataclass(frozen=True)
class HeatWeek:
    """The hours of some days by the clocks of `zone`, 24 a day.

    starts: UTC; an hour that the clocks leave out is that after it. blocked: of each hour, how
    many of those needed cannot come to a meeting that begins then; None where none can begin.
    marks: (hours since the first midnight, rank) of the best slots in it.
    """

    zone: str
    starts: tuple[datetime, ...]
    everybody: HeatRow
    rows: tuple[HeatRow, ...]
    blocked: tuple[int | None, ...]
    marks: tuple[tuple[float, int], ...]

    def hour_of(self, start: datetime) -> float:
        """Return how many hours after the first midnight an instant is, by the clock."""
        return _hours(to_local(self.starts[0], self.zone), to_local(start, self.zone))


def heat_week(report: SlotReport, first: date, days: int = 7) -> HeatWeek:
    """Return what the hours of some days ask.

    Args:
        report: whose reckoning it is.
        first: the first day, by the clocks of the request's zone.
        days: how many.
    """
    zone, midnight = report.request.zone, datetime.combine(first, time())
    starts = tuple(to_utc(midnight + n * _HOUR, zone) for n in range(days * HOURS))
    numbers = [report.table.grid.number(start) for start in starts]
    table = report.table
    groups = _groups(report.people, starts[0])
    known = sorted({number for number in numbers if number is not None})
    rows = []
    for clock, members in groups:
        means = dict(zip(known, table.means(members, known), strict=True))
        pains = tuple(0.0 if n is None else means[n] for n in numbers)
        names = tuple(report.people[at].name for at in members)
        rows.append(HeatRow(formats.city(clock), clock, len(members), names, pains))
    slots = [None if n is None else table.slot(n) for n in numbers]
    worst = tuple(0.0 if slot is None else slot.worst for slot in slots)
    whole = HeatRow("", "", len(report.people), (), worst)
    hours = [
        (_hours(midnight, to_local(slot.start, zone)), rank)
        for rank, slot in enumerate(report.slots, 1)
    ]
    marks = tuple(mark for mark in hours if 0 <= mark[0] < days * HOURS)
    blocked = tuple(None if slot is None else slot.blocked for slot in slots)
    return HeatWeek(zone, starts, whole, tuple(rows), blocked, marks)


def _groups(people: Sequence[SlotPerson], at: datetime) -> list[tuple[str, list[int]]]:
    """Return the people of each clock, west to east, each under the zone that most of them have.

    Zones whose clocks go alike in the week are one.
    """
    later = at + timedelta(days=7)
    alike: dict[tuple[int, int], list[int]] = {}
    for number, person in enumerate(people):
        key = (offset_minutes(person.zone, at), offset_minutes(person.zone, later))
        alike.setdefault(key, []).append(number)
    found = []
    for _, members in sorted(alike.items()):
        zones = [people[number].zone for number in members]
        found.append((max(sorted(set(zones)), key=zones.count), members))
    return found[:MOST_ZONES]


def _hours(midnight: datetime, local: datetime) -> float:
    return (local - midnight) / _HOUR
