"""Where everything of a month or a week lies; no Qt.

Coordinates are pixels from the top left of what is painted. In a script that is read from right to
left, days run from right to left too: `mirrored`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise
from typing import NamedTuple

from projectdesk.desktop.calendar.entries import DAY_MINUTES, Entry

LEAST_MINUTES = 25
"""A shorter meeting is painted as long as this: its title has to be read."""
MOST_WHOLE_DAY = 4
"""Lines of the all-day row of a week."""
_GAP = 2.0
_NARROW = 84.0
"""Meetings of columns below this width lie over one another, where their titles stay seen."""
_SHIFT = 14.0
_TITLE_MINUTES = 25

Extent = tuple[float, float]
"""Width and height in pixels."""


class Rect(NamedTuple):
    """A rectangle in pixels."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Return its lower edge."""
        return self.top + self.height

    def has(self, x: float, y: float) -> bool:
        """Return whether a point is in it."""
        return self.left <= x < self.right and self.top <= y < self.bottom


class Place(NamedTuple):
    """A day, and the minute of it; None = the day as a whole."""

    day: date
    minute: int | None = None


@dataclass(frozen=True)
class Sizes:
    """Sizes in pixels.

    line: height of an entry in a month and in the all-day row; number: of a day's number; head: of
    the names of days; hour: of an hour. gutter: width of a column of hours; gutters: how many.
    """

    line: float = 22.0
    number: float = 26.0
    head: float = 30.0
    hour: float = 48.0
    gutter: float = 56.0
    gutters: int = 1


@dataclass(frozen=True)
class Box:
    """A part of an entry. begins, ends: the entry begins, ends with it.

    seen: height of the part that nothing covers, at its top; None = all. over: covers another.
    """

    entry: Entry
    rect: Rect
    begins: bool
    ends: bool
    seen: float | None = None
    over: bool = False


@dataclass(frozen=True)
class More:
    """What had no room on a day."""

    day: date
    rect: Rect
    hidden: tuple[Entry, ...]


class _Run(NamedTuple):
    """Days of one line, by their numbers, that an entry takes."""

    entry: Entry
    lane: int
    first: int
    last: int


def in_lanes(entries: Iterable[Entry], days: Sequence[date]) -> list[_Run]:
    """Return in which line of a row of days each entry stands: the first that is free."""
    taken: list[list[bool]] = []
    runs = []
    for entry in entries:
        if entry.last < days[0] or entry.first > days[-1]:
            continue
        first = max(0, (entry.first - days[0]).days)
        last = min(len(days) - 1, (entry.last - days[0]).days)
        lane = next(
            (n for n, lane in enumerate(taken) if not any(lane[first : last + 1])), len(taken)
        )
        if lane == len(taken):
            taken.append([False] * len(days))
        taken[lane][first : last + 1] = [True] * (last + 1 - first)
        runs.append(_Run(entry, lane, first, last))
    return runs


@dataclass(frozen=True)
class _Row:
    """A row of days with room for some lines below its numbers."""

    days: Sequence[date]
    columns: Sequence[tuple[float, float]]
    top: float
    room: int
    sizes: Sizes

    def place(self, entries: Iterable[Entry], boxes: list[Box], mores: list[More]) -> None:
        runs = in_lanes(entries, self.days)
        hidden: dict[int, list[Entry]] = {}
        for day in range(len(self.days)):
            here = [run for run in runs if run.first <= day <= run.last]
            if any(run.lane >= self.room for run in here):
                hidden[day] = [run.entry for run in here if run.lane >= self.room - 1]
        for run in runs:
            shown = [
                day
                for day in range(run.first, run.last + 1)
                if run.lane < self.room - (day in hidden)
            ]
            boxes += [self._box(run, first, last) for first, last in _runs(shown)]
        for day, left_out in hidden.items():
            rect = self._rect(day, day, max(0, self.room - 1))
            mores.append(More(self.days[day], rect, tuple(left_out)))

    def _box(self, run: _Run, first: int, last: int) -> Box:
        begins = run.entry.first >= self.days[0] and first == run.first
        ends = run.entry.last <= self.days[-1] and last == run.last
        return Box(run.entry, self._rect(first, last, run.lane), begins, ends)

    def _rect(self, first: int, last: int, lane: int) -> Rect:
        one, other = self.columns[first], self.columns[last]
        left = min(one[0], other[0]) + _GAP
        right = max(one[0] + one[1], other[0] + other[1]) - _GAP
        top = self.top + lane * self.sizes.line
        return Rect(left, top, right - left, self.sizes.line - _GAP)


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return runs of neighbours, first and last."""
    if not numbers:
        return []
    breaks = [n for n, (one, two) in enumerate(pairwise(numbers), 1) if two != one + 1]
    edges = [0, *breaks, len(numbers)]
    return [(numbers[a], numbers[b - 1]) for a, b in pairwise(edges)]


def _columns(count: int, left: float, width: float, *, mirrored: bool) -> list[tuple[float, float]]:
    """Return left edge and width of each column, in the order of days."""
    edges = [round(left + width * n / count) for n in range(count + 1)]
    made = [(float(a), float(b - a)) for a, b in pairwise(edges)]
    return made[::-1] if mirrored else made


class MonthLayout:
    """Weeks under one another, each day a cell."""

    def __init__(
        self,
        days: Sequence[date],
        entries: Sequence[Entry],
        size: Extent,
        sizes: Sizes,
        *,
        mirrored: bool = False,
    ) -> None:
        """Lay out.

        Args:
            days: whole weeks.
            entries: in order; those on no shown day are left out.
            size: width and height of all.
            sizes: of lines.
            mirrored: the first day of a week is at the right.
        """
        self.days = tuple(days)
        self.head = sizes.head
        self.columns = _columns(7, 0.0, size[0], mirrored=mirrored)
        self.boxes: list[Box] = []
        self.mores: list[More] = []
        self.cells: dict[date, Rect] = {}
        weeks = [self.days[n : n + 7] for n in range(0, len(self.days), 7)]
        edges = [
            round(sizes.head + (size[1] - sizes.head) * n / len(weeks))
            for n in range(len(weeks) + 1)
        ]
        for week, (top, bottom) in zip(weeks, pairwise(edges), strict=True):
            for day, (left, width) in zip(week, self.columns, strict=True):
                self.cells[day] = Rect(left, float(top), width, float(bottom - top))
            room = max(1, int((bottom - top - sizes.number - _GAP) // sizes.line))
            _Row(week, self.columns, top + sizes.number, room, sizes).place(
                entries, self.boxes, self.mores
            )

    def place_at(self, x: float, y: float) -> Place | None:
        """Return which day is at a point; None outside."""
        return next((Place(day) for day, rect in self.cells.items() if rect.has(x, y)), None)

    def box_at(self, x: float, y: float) -> Box | None:
        """Return what is at a point."""
        return next((box for box in self.boxes if box.rect.has(x, y)), None)

    def more_at(self, x: float, y: float) -> More | None:
        """Return what is left out at a point."""
        return next((more for more in self.mores if more.rect.has(x, y)), None)

    def rects_of(self, key: str) -> list[Rect]:
        """Return where the parts of an entry are."""
        return [box.rect for box in self.boxes if box.entry.key == key]


class WeekLayout:
    """Days side by side: their names, a row of what takes whole days, and the hours, which scroll.

    Boxes of `hours` lie below the top of the hours: their y is 0 at midnight.
    """

    def __init__(
        self,
        days: Sequence[date],
        entries: Sequence[Entry],
        width: float,
        sizes: Sizes,
        *,
        mirrored: bool = False,
    ) -> None:
        """Lay out, as `MonthLayout`; `size` is only a width, as the hours scroll."""
        self.days = tuple(days)
        self.sizes = sizes
        gutters = sizes.gutter * sizes.gutters
        self.gutter = Rect(width - gutters if mirrored else 0.0, 0.0, gutters, 0.0)
        self.columns = _columns(
            len(days), 0.0 if mirrored else gutters, width - gutters, mirrored=mirrored
        )
        self.whole: list[Box] = []
        self.mores: list[More] = []
        self.hours: list[Box] = []
        whole = [entry for entry in entries if not entry.in_hours]
        lanes = max((run.lane + 1 for run in in_lanes(whole, days)), default=0)
        room = min(max(lanes, 1), MOST_WHOLE_DAY)
        _Row(days, self.columns, sizes.head + _GAP, room, sizes).place(
            whole, self.whole, self.mores
        )
        self.top = round(sizes.head + room * sizes.line + 2 * _GAP)
        self.height = 24 * sizes.hour
        for day, column in zip(days, self.columns, strict=True):
            self._place_hours(day, [entry for entry in entries if entry.in_hours], column, mirrored)

    def _place_hours(
        self, day: date, entries: Sequence[Entry], column: tuple[float, float], mirrored: bool
    ) -> None:
        parts = []
        for entry in entries:
            minutes = entry.minutes_on(day)
            if minutes is not None:
                parts.append((minutes[0], max(minutes[1], minutes[0] + LEAST_MINUTES), entry))
        parts.sort(key=lambda part: (part[0], -part[1]))
        spans = [(begin, end) for begin, end, _ in parts]
        room = column[1] - 3 * _GAP
        placed = side_by_side(spans)
        stacks = stacked(spans, placed)
        for number, (begin, end, entry) in enumerate(parts):
            lane, lanes = placed[number]
            narrow = stacks[number] and room / lanes < _NARROW
            width = room - lane * min(_SHIFT, room / lanes / 2) if narrow else room / lanes
            shift = room - width if narrow else lane * width
            if mirrored:
                shift = room - width - shift
            top = min(begin, DAY_MINUTES - LEAST_MINUTES) * self.sizes.hour / 60
            bottom = min(end, DAY_MINUTES) * self.sizes.hour / 60
            rect = Rect(column[0] + _GAP + shift, top + 1, width - 1, max(bottom - top - _GAP, 4.0))
            later = next((one for one, _ in spans[number + 1 :] if one < end), None)
            seen = (later - begin) * self.sizes.hour / 60 - 2 if narrow and later else None
            first, last = entry.first == day, entry.last == day
            self.hours.append(Box(entry, rect, first, last, seen, over=narrow and lane > 0))

    def column_at(self, x: float) -> int | None:
        """Return the number of the day at x; None beside the days."""
        for number, (left, width) in enumerate(self.columns):
            if left <= x < left + width:
                return number
        return None

    def place_at(self, x: float, y: float, scrolled: float, step: int = 30) -> Place | None:
        """Return day and time at a point.

        Args:
            x: of the point.
            y: of the point, in the window.
            scrolled: how far the hours are scrolled.
            step: minutes to which times are rounded down.
        """
        column = self.column_at(x)
        if column is None or y < 0:
            return None
        if y < self.top:
            return Place(self.days[column])
        minute = int((y - self.top + scrolled) / self.sizes.hour * 60)
        return Place(self.days[column], min(max(minute, 0), DAY_MINUTES - step) // step * step)

    def box_at(self, x: float, y: float, scrolled: float) -> Box | None:
        """Return what is at a point of the window."""
        if y < self.top:
            return next((box for box in self.whole if box.rect.has(x, y)), None)
        below = y - self.top + scrolled
        return next((box for box in reversed(self.hours) if box.rect.has(x, below)), None)

    def more_at(self, x: float, y: float) -> More | None:
        """Return what is left out of the all-day row at a point."""
        return next((more for more in self.mores if more.rect.has(x, y)), None)

    def rects_of(self, key: str, scrolled: float) -> list[Rect]:
        """Return where the parts of an entry are in the window."""
        whole = [box.rect for box in self.whole if box.entry.key == key]
        return whole + [
            Rect(box.rect.left, box.rect.top + self.top - scrolled, box.rect.width, box.rect.height)
            for box in self.hours
            if box.entry.key == key
        ]


def side_by_side(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return in which of how many columns each span stands, so that none covers another.

    Args:
        spans: (begin, end), by their begin.
    """
    placed: list[tuple[int, int]] = []
    cluster: list[int] = []
    ends: list[int] = []
    until = 0
    for begin, end in spans:
        if begin >= until and cluster:
            placed += [(column, len(ends)) for column in cluster]
            cluster, ends = [], []
        column = next((n for n, last in enumerate(ends) if last <= begin), len(ends))
        if column == len(ends):
            ends.append(end)
        else:
            ends[column] = end
        cluster.append(column)
        until = max(until, end)
    return placed + [(column, len(ends)) for column in cluster]


def stacked(spans: Sequence[tuple[int, int]], placed: Sequence[tuple[int, int]]) -> list[bool]:
    """Return which spans may lie over one another, each shifted, where columns were too narrow.

    So may a group of which each begins so long after what it covers that the title of that is seen.

    Args:
        spans: (begin, end), by their begin.
        placed: what `side_by_side` made of them.
    """
    groups: list[list[int]] = []
    until = 0
    for number, (begin, end) in enumerate(spans):
        if begin >= until or not groups:
            groups.append([])
        groups[-1].append(number)
        until = max(until, end)
    may = [False] * len(spans)
    for group in groups:
        fits = all(
            placed[one][0] < placed[two][0] and spans[two][0] - spans[one][0] >= _TITLE_MINUTES
            for one, two in combinations(group, 2)
            if spans[two][0] < spans[one][1]
        )
        for number in group:
            may[number] = fits
    return may
