"""When to meet: what each start of a period asks of each person, and which starts ask least.

Pure and without numpy: a person's period is laid out as stretches of whole days, and summed with
`itertools`. Local time is taken from `zone_offsets`, so gaps, folds and a day that a zone leaves
out are what they are on the clocks there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import accumulate
from math import gcd
from operator import sub
from typing import Final
from uuid import UUID

from projectdesk.domain.rules.pain import DAY, FINE, USUAL, Band, Hours, Weights, rhythm
from projectdesk.domain.rules.zone_offsets import Stretch, stretches, utc_minute
from projectdesk.errors import DomainError

MOST_DAYS: Final = 100
"""A period is at most so long."""
MOST_STARTS: Final = 20_000
"""So many starts are ranked at most."""
LONGEST: Final = 14 * DAY
"""A meeting is at most so long, in minutes."""
_MINUTE: Final = timedelta(minutes=1)
_USUAL_HOURS: Final = Hours()
_TENTATIVE, _BUSY = 1, 2


@dataclass(frozen=True, eq=False)
class FreeDays:
    """The days of a place on which people do not work. weekend: Monday = 0. holidays: names."""

    weekend: frozenset[int] = frozenset({5, 6})
    holidays: Mapping[date, str] = field(default_factory=dict)

    def surcharge(self, day: date, weights: Weights) -> int:
        """Return the points for an hour that a day asks on top."""
        weekend = weights.weekend if day.weekday() in self.weekend else 0
        return max(weekend, weights.holiday if day in self.holidays else 0)


@dataclass(frozen=True)
class Busy:
    """A time in which somebody is busy; UTC instants. what: in words, "" = not told."""

    start: datetime
    end: datetime
    tentative: bool = False
    what: str = ""


@dataclass(frozen=True)
class Attendee:
    """Somebody who is to come. zone: an IANA name."""

    id: UUID
    zone: str
    hours: Hours = _USUAL_HOURS
    days: FreeDays = field(default_factory=FreeDays)
    required: bool = True
    busy: tuple[Busy, ...] = ()


@dataclass(frozen=True)
class Grid:
    """Starts at every `step` minutes of [start, end) for a meeting that ends within it.

    start, end: UTC instants on whole minutes. minutes: of the meeting.
    """

    start: datetime
    end: datetime
    minutes: int
    step: int = 15

    def __post_init__(self) -> None:
        """Refuse a period or a meeting that cannot be.

        Raises:
            DomainError: `bad_duration`, `bad_step`, `bad_period`.
        """
        if not 1 <= self.minutes <= LONGEST:
            text = "A meeting has from 1 to {most} minutes."
            raise DomainError("bad_duration", text, field="minutes", most=LONGEST)
        if not 1 <= self.step <= DAY:
            text = "Starts are from 1 to {most} minutes apart."
            raise DomainError("bad_step", text, field="step", most=DAY)
        if self.start > self.end:
            text = "The period ends before it begins."
            raise DomainError("bad_period", text, field="to")
        if self.end - self.start > timedelta(days=MOST_DAYS):
            text = "A period has at most {most} days."
            raise DomainError("bad_period", text, field="to", most=MOST_DAYS)
        if self.count > MOST_STARTS:
            text = "That is more than {most} starts: make the period shorter or the steps longer."
            raise DomainError("bad_step", text, field="step", most=MOST_STARTS)

    @property
    def whole(self) -> int:
        """Length of the period in minutes."""
        return (self.end - self.start) // _MINUTE

    @property
    def count(self) -> int:
        """How many starts there are."""
        return max((self.whole - self.minutes) // self.step + 1, 0)

    def at(self, number: int) -> datetime:
        """Return a start, UTC."""
        return self.start + number * self.step * _MINUTE

    def number(self, start: datetime) -> int | None:
        """Return which start an instant is, None where it is none."""
        passed = (start - self.start) // _MINUTE
        number, rest = divmod(passed, self.step)
        return number if not rest and 0 <= number < self.count else None


@dataclass(frozen=True)
class Part:
    """What a slot asks of one person.

    local_start, local_end: naive, where they are. pain: points for an hour, the mean. bands: the
    parts of their day that it touches. holiday: name of one that it touches, "" = none. busy: what
    they have then.
    """

    attendee: Attendee
    local_start: datetime
    local_end: datetime
    pain: float
    bands: frozenset[Band]
    weekend: bool
    holiday: str
    busy: tuple[Busy, ...]

    @property
    def can_come(self) -> bool:
        """Whether nothing certain is in the way."""
        return all(each.tentative for each in self.busy)

    def of(self, attendee: Attendee, start: datetime, minutes: int) -> Part:
        """Return the same for somebody with the same zone, hours and free days."""
        end = start + minutes * _MINUTE
        busy = tuple(each for each in attendee.busy if each.start < end and start < each.end)
        return Part(
            attendee, self.local_start, self.local_end, self.pain, self.bands, self.weekend,
            self.holiday, busy,
        )  # fmt: skip


@dataclass(frozen=True)
class Slot:
    """One start. total: by it slots are ranked. worst: the most that it asks of one person.

    blocked: how many of those who are needed cannot come. All points are for an hour.
    """

    start: datetime
    total: float
    worst: float
    blocked: int


class SlotTable:
    """What every start of a grid asks of every attendee."""

    def __init__(self, grid: Grid, attendees: Sequence[Attendee], weights: Weights = USUAL) -> None:
        """Reckon.

        Args:
            grid: the starts.
            attendees: with known zones.
            weights: what an hour asks.

        Raises:
            DomainError: a zone is unknown.
        """
        self.grid, self.attendees, self.weights = grid, tuple(attendees), weights
        self._unit = FINE * grid.minutes
        self._stretches: dict[str, list[Stretch]] = {}
        alike: dict[tuple[str, Hours, FreeDays], list[int]] = {}
        self._rows: list[list[int]] = []
        self._flags: list[dict[int, int]] = []
        for each in attendees:
            key = (each.zone, each.hours, each.days)
            if key not in alike:
                alike[key] = self._sums(each)
            self._rows.append(alike[key])
            self._flags.append(_conflicts(grid, each.busy))
        self._add_up()

    # --- reading it

    def pain(self, attendee: int, start: int) -> float:
        """Return the points for an hour that a start asks of an attendee (numbers of both)."""
        return self._rows[attendee][start] / self._unit

    def means(self, attendees: Sequence[int], starts: Sequence[int]) -> list[float]:
        """Return the points that starts ask of some attendees in the mean, by their numbers."""
        alike: dict[int, tuple[list[int], int]] = {}
        for number in attendees:
            row = self._rows[number]
            alike[id(row)] = (row, alike.get(id(row), (row, 0))[1] + 1)
        weighted, whole = list(alike.values()), self._unit * max(len(attendees), 1)
        return [sum(row[at] * times for row, times in weighted) / whole for at in starts]

    def is_busy(self, attendee: int, start: int) -> bool:
        """Return whether an attendee certainly cannot come."""
        return self._flags[attendee].get(start) == _BUSY

    def slot(self, start: int) -> Slot:
        """Return a start by its number."""
        return Slot(
            self.grid.at(start),
            self._totals[start] / self._unit,
            self._worst[start] / self._unit,
            self._blocked[start],
        )

    def ranked(
        self, limit: int | None = None, *, blocked: bool = False, apart: bool = True
    ) -> list[Slot]:
        """Return the best starts, least points first, then the least worst, then the earliest.

        Args:
            limit: how many at most.
            blocked: those at which somebody needed cannot come too, after all others.
            apart: none that overlaps a better one.
        """
        order = self._order if blocked else [n for n in self._order if not self._blocked[n]]
        taken = bytearray(self.grid.count)
        reach = -(-self.grid.minutes // self.grid.step) - 1
        found: list[Slot] = []
        for number in order:
            if limit is not None and len(found) >= limit:
                break
            if apart and taken[number]:
                continue
            low, high = max(number - reach, 0), min(number + reach + 1, len(taken))
            taken[low:high] = b"\x01" * (high - low)
            found.append(self.slot(number))
        return found

    def parts(self, slot: Slot) -> list[Part]:
        """Return what a slot asks of each attendee, in their order."""
        number = self.grid.number(slot.start)
        if number is None:
            raise ValueError("this start is not of this grid")
        alike: dict[tuple[str, Hours, FreeDays], Part] = {}
        found = []
        for at, each in enumerate(self.attendees):
            key = (each.zone, each.hours, each.days)
            if key not in alike:
                pain = self.pain(at, number)
                alike[key] = part(each, slot.start, self.grid.minutes, self.weights, pain)
            found.append(alike[key].of(each, slot.start, self.grid.minutes))
        return found

    # --- reckoning

    @cached_property
    def _order(self) -> list[int]:
        keys = list(zip(self._blocked, self._totals, self._worst, strict=True))
        return sorted(range(self.grid.count), key=keys.__getitem__)

    def _sums(self, attendee: Attendee) -> list[int]:
        """Return the fine points of each start for somebody, summed over the meeting's minutes."""
        grid = self.grid
        if not grid.count:
            return []
        runs = self._runs(attendee.zone)
        cell = _cell(grid, runs, attendee.hours)
        prefix = list(accumulate(_cells(attendee, grid.start, runs, cell, self.weights), initial=0))
        stride, length = grid.step // cell, grid.minutes // cell
        ends = prefix[length::stride]
        return list(map(sub, ends, prefix[::stride]))[: grid.count]

    def _runs(self, zone: str) -> list[Stretch]:
        if zone not in self._stretches:
            self._stretches[zone] = stretches(zone, self.grid.start, self.grid.whole)
        return self._stretches[zone]

    def _add_up(self) -> None:
        """Sum what all ask, find the worst, and count who is needed and cannot come."""
        count, percent = self.grid.count, self.weights.optional_percent
        blocked, costs, felt = [0] * count, [[0] * count], [[0] * count]
        for each, row, flags in zip(self.attendees, self._rows, self._flags, strict=True):
            cost = self._cost(row, flags, each.required, blocked)
            felt.append(row if each.required or not flags else _without_absence(row, flags))
            costs.append(cost if each.required else [one * percent // 100 for one in cost])
        self._totals = list(map(sum, zip(*costs, strict=True)))
        self._worst = list(map(max, zip(*felt, strict=True)))
        self._blocked = blocked

    def _cost(
        self, row: list[int], flags: Mapping[int, int], required: bool, blocked: list[int]
    ) -> list[int]:
        """Return what each start costs for somebody; note where somebody needed is missing."""
        if not flags:
            return row
        uncertain = self.weights.tentative * self._unit
        absent = self.weights.absent * self._unit
        cost = row.copy()
        for number, flag in flags.items():
            if not required:
                cost[number] = absent if flag == _BUSY else cost[number]
            elif flag == _BUSY:
                blocked[number] += 1
            else:
                cost[number] += uncertain
        return cost


def part(
    attendee: Attendee,
    start: datetime,
    minutes: int,
    weights: Weights = USUAL,
    pain: float | None = None,
) -> Part:
    """Return what a time asks of one person.

    Args:
        attendee: who.
        start: UTC instant on a whole minute.
        minutes: how long.
        weights: what an hour asks.
        pain: where it is known already.
    """
    end = start + minutes * _MINUTE
    runs = stretches(attendee.zone, start, minutes)
    found = _days(attendee, start, runs)
    pattern = rhythm(attendee.hours, weights).runs
    bands = {band for _, a, b in found for low, high, band in pattern if low < b and a < high}
    touched = {_workday(day, low, attendee.hours) for day, low, _ in found}
    names = attendee.days.holidays
    if pain is None:
        pain = _points(attendee, found, weights) / (FINE * minutes)
    return Part(
        attendee,
        _local(start, runs[0]),
        _local(end, runs[-1]),
        pain,
        frozenset(bands),
        any(day.weekday() in attendee.days.weekend for day in touched),
        next((names[day] for day in sorted(touched) if day in names), ""),
        tuple(each for each in attendee.busy if each.start < end and start < each.end),
    )


_Stay = tuple[date, int, int]
"""A local day, and from and until which of its minutes; within the work of one day."""


def _days(attendee: Attendee, start: datetime, runs: Iterable[Stretch]) -> list[_Stay]:
    """Return the stays on local days that the stretches are."""
    turn, origin = attendee.hours.turn, utc_minute(start)
    found: list[_Stay] = []
    for run in runs:
        at, end = origin + run.first + run.offset, origin + run.last + run.offset
        while at < end:
            day, minute = divmod(at, DAY)
            stop = turn if minute < turn else DAY
            until = min(stop, minute + end - at)
            found.append((date.fromordinal(day), minute, until))
            at += until - minute
    return found


def _workday(day: date, minute: int, hours: Hours) -> date:
    """Return the day whose work a minute belongs to: after midnight it may be the day before's."""
    return day - timedelta(days=1) if minute < hours.turn else day


def _points(attendee: Attendee, stays: Iterable[_Stay], weights: Weights) -> int:
    rates = rhythm(attendee.hours, weights).rates
    return sum(
        sum(rates[low:high])
        + attendee.days.surcharge(_workday(day, low, attendee.hours), weights) * FINE * (high - low)
        for day, low, high in stays
    )


def _cell(grid: Grid, runs: Iterable[Stretch], hours: Hours) -> int:
    """Return the longest step that meets every start, every end and every local midnight."""
    cell = gcd(grid.step, grid.minutes, hours.turn, utc_minute(grid.start) % DAY)
    for run in runs:
        cell = gcd(cell, run.first, run.offset)
    return cell


def _cells(
    attendee: Attendee, start: datetime, runs: Iterable[Stretch], cell: int, weights: Weights
) -> list[int]:
    """Return the fine points of each cell of the period."""
    rates = rhythm(attendee.hours, weights).rates
    usual = [sum(rates[at : at + cell]) for at in range(0, DAY, cell)]
    days: dict[int, list[int]] = {0: usual}
    found: list[int] = []
    for day, low, high in _days(attendee, start, runs):
        extra = attendee.days.surcharge(_workday(day, low, attendee.hours), weights)
        if extra not in days:
            days[extra] = [points + extra * FINE * cell for points in usual]
        found += days[extra][low // cell : -(-high // cell)]
    return found


def _conflicts(grid: Grid, busy: Iterable[Busy]) -> dict[int, int]:
    """Return at which starts somebody is uncertain or busy; at all others they are free."""
    found: dict[int, int] = {}
    for each in sorted(busy, key=lambda each: not each.tentative):
        if each.end <= each.start:
            continue
        begins = (each.start - grid.start) // _MINUTE
        ends = -((grid.start - each.end) // _MINUTE)
        low = max((begins - grid.minutes) // grid.step + 1, 0)
        high = min(-(-ends // grid.step), grid.count)
        found.update(dict.fromkeys(range(low, high), _TENTATIVE if each.tentative else _BUSY))
    return found


def _without_absence(row: Sequence[int], flags: Mapping[int, int]) -> list[int]:
    """Return what is asked of somebody who is not waited for: nothing while they are busy."""
    found = list(row)
    for number, flag in flags.items():
        if flag == _BUSY:
            found[number] = 0
    return found


def _local(at: datetime, run: Stretch) -> datetime:
    return at.replace(tzinfo=None) + run.offset * _MINUTE
