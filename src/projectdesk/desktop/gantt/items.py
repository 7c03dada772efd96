"""What lies in the scene: one item a lane, one a dependency. Only those in sight are painted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from projectdesk.desktop.gantt.arrows import Point, route, too_early
from projectdesk.desktop.gantt.layout import Lane, Layout
from projectdesk.desktop.gantt.painting import paint_lane, paint_link
from projectdesk.desktop.gantt.style import Style
from projectdesk.desktop.gantt.timescale import Timescale
from projectdesk.services.gantt_rows import GanttLink

if TYPE_CHECKING:
    from uuid import UUID

BESIDE = 24.0
"""Pixels of the scene at the left of M1: half a mark, and the handle of a dependency."""
BEYOND = 60.0
"""Pixels of the scene after the last month: a mark's label."""


class Looks:
    """What all items are painted with; the view changes it in place."""

    def __init__(self, scale: Timescale, style: Style, today: date) -> None:
        self.scale = scale
        self.style = style
        self.today = today


class LaneItem(QGraphicsItem):
    """The bar and the marks of one lane."""

    def __init__(self, lane: Lane, looks: Looks) -> None:
        super().__init__()
        self._lane = lane
        self._looks = looks
        self._box = self._bounds()

    @property
    def lane(self) -> Lane:
        """What is shown."""
        return self._lane

    def set_lane(self, lane: Lane) -> None:
        """Show another state of the lane; only what it covered and covers is painted again."""
        changed = self._changed(lane)
        self._lane = lane
        box = self._bounds()
        if box != self._box:
            self.prepareGeometryChange()
            self._box = box
        else:
            self.update(changed)

    def _bounds(self) -> QRectF:
        width = BESIDE + self._looks.scale.width + BEYOND
        return QRectF(-BESIDE, self._lane.top, width, self._lane.height)

    def _changed(self, lane: Lane) -> QRectF:
        """Return what two states of the bar cover; the whole lane when marks moved."""
        if lane.bar is None or lane.marks != self._lane.marks or self._lane.bar is None:
            return self._bounds()
        old, new = self._lane.bar_rect(self._looks.scale), lane.bar_rect(self._looks.scale)
        return (QRectF(*old) | QRectF(*new)).adjusted(-22, -5, 22, 5)

    def boundingRect(self) -> QRectF:
        return self._box

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        looks = self._looks
        paint_lane(painter, self._lane, looks.scale, looks.style, looks.today)


class LinkItem(QGraphicsItem):
    """The arrow of a dependency. An end in a folded work package is at the package's bar."""

    def __init__(self, link: GanttLink, looks: Looks) -> None:
        super().__init__()
        self.link = link
        self.chosen = False
        self.broken = False
        self.way: tuple[Point, ...] = ()
        self._looks = looks
        self._box = QRectF()
        self.setZValue(1)

    def place(self, layout: Layout, lane_of: Callable[[UUID], int | None]) -> None:
        """Find the way between the bars as they lie now; hidden when both are in one lane."""
        ends = lane_of(self.link.before), lane_of(self.link.after)
        if ends[0] is None or ends[1] is None or ends[0] == ends[1]:
            self.setVisible(False)
            return
        scale = self._looks.scale
        first, second = layout.lanes[ends[0]], layout.lanes[ends[1]]
        self.prepareGeometryChange()
        self.way = route(first.bar_rect(scale), second.bar_rect(scale), self.link.type)
        self.broken = self._is_broken(first, second)
        xs, ys = [point.x for point in self.way], [point.y for point in self.way]
        self._box = QRectF(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
        self._box.adjust(-9, -9, 9, 9)
        self.setVisible(True)
        self.update()

    def _is_broken(self, first: Lane, second: Lane) -> bool:
        before, after = first.bar, second.bar
        if before is None or after is None:
            return False
        if before.id != self.link.before or after.id != self.link.after:
            return False
        return too_early(self.link, before, after) > 0

    def boundingRect(self) -> QRectF:
        return self._box

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        paint_link(painter, self.way, self._looks.style, broken=self.broken, chosen=self.chosen)
