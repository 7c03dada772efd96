"""The way of a dependency's arrow from bar to bar, in right angles, and whether it holds."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from projectdesk.desktop.gantt.layout import Rect
from projectdesk.domain.rules.dependencies import Bar, Link, months_too_early
from projectdesk.domain.workplan import DependencyType
from projectdesk.services.gantt_rows import GanttBar, GanttLink

_OUT = 9.0
_INTO = 6.0


class Point(NamedTuple):
    """A place in the chart, pixels."""

    x: float
    y: float


def too_early(link: GanttLink, before: GanttBar, after: GanttBar) -> int:
    """Return by how many months `after` starts or ends too early; 0 when the dependency holds."""
    first = Bar(before.id, before.start_month, before.end_month)
    second = Bar(after.id, after.start_month, after.end_month)
    return months_too_early(Link(before.id, after.id, link.type, link.lag_months), first, second)


def ends_of(link: DependencyType) -> tuple[bool, bool]:
    """Return whether a dependency leaves the end of the first bar, and enters that of the second.

    False is a start.
    """
    leaves = link in {DependencyType.FINISH_START, DependencyType.FINISH_FINISH}
    enters = link in {DependencyType.FINISH_FINISH, DependencyType.START_FINISH}
    return leaves, enters


def type_between(*, leaves_end: bool, enters_end: bool) -> DependencyType:
    """Return the dependency between two ends of bars."""
    if leaves_end:
        return DependencyType.FINISH_FINISH if enters_end else DependencyType.FINISH_START
    return DependencyType.START_FINISH if enters_end else DependencyType.START_START


def route(before: Rect, after: Rect, link: DependencyType) -> tuple[Point, ...]:
    """Return the corners of an arrow, from the bar that is waited for to the one that waits."""
    leaves, enters = ends_of(link)
    out, into = (1 if leaves else -1), (-1 if enters else 1)
    begin = Point(before.right if leaves else before.left, before.middle)
    target = Point(after.right if enters else after.left, after.middle)
    if out == into and (target.x - begin.x) * out >= -1:
        return _down(begin, target, after, into)
    near, far = begin.x + out * _OUT, target.x - into * _OUT
    if out != into:
        edge = min(near, far) if out < 0 else max(near, far)
        return begin, Point(edge, begin.y), Point(edge, target.y), target
    below = after.middle > before.middle
    gap = after.top - 5 if below else after.top + after.height + 5
    return (
        begin,
        Point(near, begin.y),
        Point(near, gap),
        Point(far, gap),
        Point(far, target.y),
        target,
    )


def _down(begin: Point, target: Point, after: Rect, into: int) -> tuple[Point, ...]:
    """Return the short way: out of one bar and down (or up) onto the edge of the other."""
    x = target.x + into * min(_INTO, after.width / 2)
    edge = after.top if after.middle > begin.y else after.top + after.height
    return begin, Point(x, begin.y), Point(x, edge)


def distance(way: tuple[Point, ...], x: float, y: float) -> float:
    """Return how far a place is from an arrow; its lines are level or upright."""
    found = float("inf")
    for one, two in pairwise(way):
        near_x = min(max(x, min(one.x, two.x)), max(one.x, two.x))
        near_y = min(max(y, min(one.y, two.y)), max(one.y, two.y))
        found = min(found, ((x - near_x) ** 2 + (y - near_y) ** 2) ** 0.5)
    return found
