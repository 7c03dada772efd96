"""Which lane each bar and mark is in and where it lies: pure geometry, in pixels.

Lanes lie under one another: one for milestones of several work packages, then each work package
with its tasks. A work package's deliverables, and the milestones that are its alone, stand below
its bar in strips, so that no label covers another.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import NamedTuple
from uuid import UUID

from projectdesk.desktop.gantt.timescale import Timescale
from projectdesk.services.gantt_rows import GanttBar, GanttMark, GanttPlan
from projectdesk.services.rows import Kind

TASK_HEIGHT = 28.0
PACKAGE_HEIGHT = 34.0
BAR_HEIGHT = 14.0
STRIP_HEIGHT = 19.0
MARK = 13.0
"""Side of a mark's symbol."""

_TOP_OF_STRIPS = 31.0
_BELOW_STRIPS = 5.0
_ABOVE_MILESTONES = 6.0
_BESIDE_LABEL = 5.0
_BETWEEN_MARKS = 7.0
_MOST_STRIPS = 5
_GRIP = 6.0
_TIE_FROM, _TIE_TO = 3.0, 17.0
TIE_AT = 10.0
"""From the end of a bar to the middle of the handle that draws a dependency."""

Measure = Callable[[str], float]
"""The width of a label in pixels."""


class Rect(NamedTuple):
    """A rectangle in the chart."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.top + self.height / 2

    def holds(self, x: float, y: float) -> bool:
        """Return whether a place lies in it."""
        return self.left <= x <= self.right and self.top <= y <= self.top + self.height


@dataclass(frozen=True)
class PlacedMark:
    """A mark in its lane. strip: 0 = the topmost. labelled: whether there is room for its label."""

    row: GanttMark
    strip: int
    labelled: bool


@dataclass(frozen=True)
class Lane:
    """One line of the chart. bar: None in the lane of milestones. children: how many tasks."""

    top: float
    height: float
    bar: GanttBar | None
    marks: tuple[PlacedMark, ...] = ()
    children: int = 0
    collapsed: bool = False

    @property
    def is_package(self) -> bool:
        """Whether its bar is a work package."""
        return self.bar is not None and self.bar.kind is Kind.WORK_PACKAGE

    def bar_rect(self, scale: Timescale) -> Rect:
        """Return where the bar lies.

        Raises:
            ValueError: this lane has none.
        """
        if self.bar is None:
            raise ValueError("the lane of milestones has no bar")
        room = PACKAGE_HEIGHT if self.is_package else self.height
        left = scale.left(self.bar.start_month)
        return Rect(
            left,
            self.top + (room - BAR_HEIGHT) / 2,
            scale.right(self.bar.end_month) - left,
            BAR_HEIGHT,
        )

    def mark_rect(self, mark: PlacedMark, scale: Timescale) -> Rect:
        """Return where the symbol of a mark lies: around the end of its month."""
        first = _ABOVE_MILESTONES if self.bar is None else _TOP_OF_STRIPS
        top = self.top + first + mark.strip * STRIP_HEIGHT
        middle = scale.right(mark.row.due_month)
        return Rect(middle - MARK / 2, top + (STRIP_HEIGHT - MARK) / 2, MARK, MARK)


class Part(Enum):
    """What of the chart a place belongs to."""

    BAR = "bar"
    START = "start"
    END = "end"
    TIE_START = "tie_start"
    TIE_END = "tie_end"
    MARK = "mark"
    LANE = "lane"


class Hit(NamedTuple):
    """What lies at a place. id: of the bar or mark, None for an empty part of the lane."""

    part: Part
    lane: int
    id: UUID | None


@dataclass(frozen=True)
class Layout:
    """The whole chart: its lanes from the top, and where each record is."""

    plan: GanttPlan
    lanes: tuple[Lane, ...] = ()
    lane_of: Mapping[UUID, int] = field(default_factory=dict)
    tops: tuple[float, ...] = ()

    @property
    def height(self) -> float:
        """Pixels from the first lane to the end of the last."""
        return self.lanes[-1].top + self.lanes[-1].height if self.lanes else 0.0

    def lane_at(self, y: float) -> int | None:
        """Return the number of the lane at a height, None outside."""
        if not self.lanes or not 0 <= y < self.height:
            return None
        return bisect_right(self.tops, y) - 1

    def between(self, top: float, bottom: float) -> range:
        """Return the numbers of the lanes that can be seen between two heights."""
        if not self.lanes or bottom <= 0 or top >= self.height:
            return range(0)
        return range(self.lane_at(max(top, 0.0)) or 0, bisect_right(self.tops, bottom))

    def hit(self, scale: Timescale, x: float, y: float, tied: UUID | None = None) -> Hit | None:
        """Return what lies at a place; marks win over bars.

        Args:
            scale: where months lie.
            x: pixels from the start.
            y: pixels from the first lane.
            tied: the bar whose handles for dependencies are shown.
        """
        number = self.lane_at(y)
        if number is None:
            return None
        lane = self.lanes[number]
        for mark in reversed(lane.marks):
            if _around(lane.mark_rect(mark, scale), 2).holds(x, y):
                return Hit(Part.MARK, number, mark.row.id)
        if lane.bar is None:
            return Hit(Part.LANE, number, None)
        rect = lane.bar_rect(scale)
        if rect.top - 3 <= y <= rect.top + rect.height + 3:
            part = _part_of_bar(rect, x, ties=lane.bar.id == tied)
            if part is not None:
                return Hit(part, number, lane.bar.id)
        return Hit(Part.LANE, number, None)

    def with_plan(self, plan: GanttPlan) -> Layout:
        """Return the same lanes with the rows of another state of the same plan.

        Only what moved is made anew: a lane none of whose rows changed is the same object, which
        is how a drag repaints little.
        """
        lanes = list(self.lanes)
        marks: dict[int, dict[UUID, GanttMark]] = defaultdict(dict)
        for row in _changed(self.plan, plan):
            number = self.lane_of.get(row.id)
            if number is None:
                continue
            if isinstance(row, GanttBar):
                lanes[number] = replace(lanes[number], bar=row)
            else:
                marks[number][row.id] = row
        for number, rows in marks.items():
            lanes[number] = _with_marks(lanes[number], rows)
        return replace(self, plan=plan, lanes=tuple(lanes))


def _changed(old: GanttPlan, new: GanttPlan) -> Iterator[GanttBar | GanttMark]:
    """Give the rows that are other objects; both plans have the same records in their order."""
    for bars in zip(old.bars, new.bars, strict=True):
        if bars[0] is not bars[1]:
            yield bars[1]
    for marks in zip(old.marks, new.marks, strict=True):
        if marks[0] is not marks[1]:
            yield marks[1]


def _with_marks(lane: Lane, rows: Mapping[UUID, GanttMark]) -> Lane:
    placed = (
        PlacedMark(rows[each.row.id], each.strip, each.labelled) if each.row.id in rows else each
        for each in lane.marks
    )
    return replace(lane, marks=tuple(placed))


def lay_out(plan: GanttPlan, scale: Timescale, collapsed: Set[UUID], measure: Measure) -> Layout:
    """Return where everything lies.

    Args:
        plan: what is shown.
        scale: where months lie.
        collapsed: work packages whose tasks are hidden.
        measure: width of a label.
    """
    own, common = _marks_of(plan)
    counts: dict[UUID, int] = defaultdict(int)
    for bar in plan.bars:
        counts[bar.work_package_id] += bar.kind is Kind.TASK
    lanes: list[Lane] = []
    lane_of: dict[UUID, int] = {}
    y = 0.0
    if common:
        placed, strips = _placed(common, scale, measure)
        height = strips * STRIP_HEIGHT + 2 * _ABOVE_MILESTONES
        lanes.append(Lane(y, height, None, placed))
        y += height
    for bar in plan.bars:
        if bar.kind is Kind.TASK and bar.work_package_id in collapsed:
            continue
        lane = _lane(bar, y, own, scale, measure)
        if bar.kind is Kind.WORK_PACKAGE:
            lane = replace(lane, children=counts[bar.id], collapsed=bar.id in collapsed)
        lane_of[bar.id] = len(lanes)
        lanes.append(lane)
        y += lane.height
    for number, lane in enumerate(lanes):
        lane_of |= {mark.row.id: number for mark in lane.marks}
    return Layout(plan, tuple(lanes), lane_of, tuple(lane.top for lane in lanes))


def _lane(
    bar: GanttBar,
    top: float,
    own: Mapping[UUID, list[GanttMark]],
    scale: Timescale,
    measure: Measure,
) -> Lane:
    if bar.kind is Kind.TASK:
        return Lane(top, TASK_HEIGHT, bar)
    placed, strips = _placed(own.get(bar.id, []), scale, measure)
    below = strips * STRIP_HEIGHT + _BELOW_STRIPS if strips else 0.0
    height = max(PACKAGE_HEIGHT, _TOP_OF_STRIPS + below)
    return Lane(top, height, bar, placed)


def _marks_of(plan: GanttPlan) -> tuple[dict[UUID, list[GanttMark]], list[GanttMark]]:
    """Return the marks of one work package each, and those of several or none."""
    packages = {bar.id for bar in plan.bars if bar.kind is Kind.WORK_PACKAGE}
    own: dict[UUID, list[GanttMark]] = defaultdict(list)
    common: list[GanttMark] = []
    for mark in plan.marks:
        if len(mark.work_package_ids) == 1 and mark.work_package_ids[0] in packages:
            own[mark.work_package_ids[0]].append(mark)
        else:
            common.append(mark)
    return own, common


def _placed(
    marks: list[GanttMark], scale: Timescale, measure: Measure
) -> tuple[tuple[PlacedMark, ...], int]:
    """Return the marks in strips, and how many strips there are.

    Each goes into the first strip where it and its label have room. When all are full it goes
    without its label into the one that is free the soonest.
    """
    free: list[float] = []
    placed: list[PlacedMark] = []
    for mark in sorted(marks, key=lambda each: each.due_month):
        left = scale.right(mark.due_month) - MARK / 2
        whole = left + MARK + _BESIDE_LABEL + measure(mark.label) + _BETWEEN_MARKS
        strip = next((n for n, edge in enumerate(free) if edge <= left), None)
        if strip is None and len(free) < _MOST_STRIPS:
            strip = len(free)
            free.append(0.0)
        if strip is not None:
            free[strip] = whole
            placed.append(PlacedMark(mark, strip, labelled=True))
            continue
        strip = min(range(len(free)), key=free.__getitem__)
        free[strip] = max(free[strip], left + MARK)
        placed.append(PlacedMark(mark, strip, labelled=False))
    return tuple(placed), len(free)


def _around(rect: Rect, air: float) -> Rect:
    return Rect(rect.left - air, rect.top - air, rect.width + 2 * air, rect.height + 2 * air)


def _part_of_bar(rect: Rect, x: float, *, ties: bool) -> Part | None:
    grip = min(_GRIP, rect.width / 3)
    if rect.left <= x <= rect.left + grip:
        return Part.START
    if rect.right - grip <= x <= rect.right:
        return Part.END
    if rect.left < x < rect.right:
        return Part.BAR
    if ties and _TIE_FROM < rect.left - x <= _TIE_TO:
        return Part.TIE_START
    if ties and _TIE_FROM < x - rect.right <= _TIE_TO:
        return Part.TIE_END
    if rect.left - _TIE_FROM <= x < rect.left:
        return Part.START
    if rect.right < x <= rect.right + _TIE_FROM:
        return Part.END
    return None
