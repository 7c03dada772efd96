"""What stays when the chart is scrolled: the header above it and the titles at its left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from projectdesk.desktop.gantt import painting

if TYPE_CHECKING:
    from projectdesk.desktop.gantt.canvas import GanttCanvas

NARROWEST, WIDEST = 120, 560
"""Least and most pixels of the column of titles."""
_EDGE = 5


class TimeHeader(QWidget):
    """Reporting periods, calendar and project months over the chart."""

    def __init__(self, canvas: GanttCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas

    def paintEvent(self, event: QPaintEvent) -> None:
        canvas = self._canvas
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), canvas.looks.style.surface)
        offset = canvas.mapFromScene(0, 0).x()
        painter.translate(offset, 0)
        left, right = float(-offset), float(self.width() - offset)
        painting.paint_header(
            painter,
            max(left, 0.0),
            right,
            canvas.looks.scale,
            canvas.layout_shown.plan.periods,
            canvas.looks.style,
            canvas.looks.today,
        )
        painter.end()


class TitleColumn(QWidget):
    """Label, title and lead of each lane; its right edge can be dragged."""

    folded = Signal(object)
    """UUID of the work package whose arrow was clicked."""
    pressed = Signal(object)
    """UUID of the bar whose title was clicked."""
    opened = Signal(object)
    """UUID of the bar whose title was double-clicked."""
    widened = Signal(int)

    def __init__(self, canvas: GanttCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._dragging = False
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        return QSize(280, 100)

    @property
    def _head(self) -> int:
        return self._canvas.viewportMargins().top()

    def paintEvent(self, event: QPaintEvent) -> None:
        canvas, style = self._canvas, self._canvas.looks.style
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), style.surface)
        head = self._head
        painting.paint_titles_head(painter, QRectF(0, 0, self.width(), head), style)
        painter.setClipRect(0, head, self.width(), self.height() - head)
        offset = self._offset()
        painter.translate(0, offset)
        layout = canvas.layout_shown
        for number in layout.between(float(head - offset), float(self.height() - offset)):
            lane = layout.lanes[number]
            if lane.bar is not None and lane.bar.id == canvas.chosen:
                painter.fillRect(QRectF(0, lane.top, self.width(), lane.height), style.bar)
            painting.paint_title(painter, lane, self.width(), style)
        painter.resetTransform()
        painter.setClipping(False)
        painter.setPen(style.rule)
        painter.drawLine(self.width() - 1, 0, self.width() - 1, self.height())
        painter.drawLine(0, head - 1, self.width(), head - 1)
        painter.end()

    def _offset(self) -> int:
        """Return where the first lane is in this widget."""
        return self._head + self._canvas.mapFromScene(0, 0).y()

    def _lane_at(self, y: float) -> int | None:
        return None if y < self._head else self._canvas.layout_shown.lane_at(y - self._offset())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x, y = event.position().x(), event.position().y()
        if x >= self.width() - _EDGE:
            self._dragging = True
            return
        number = self._lane_at(y)
        bar = None if number is None else self._canvas.layout_shown.lanes[number].bar
        if number is None or bar is None:
            return
        lane = self._canvas.layout_shown.lanes[number]
        if painting.on_chevron(lane, x, y - self._offset()):
            self.folded.emit(bar.id)
        else:
            self.pressed.emit(bar.id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = round(event.position().x())
        if self._dragging:
            self.widened.emit(min(max(x, NARROWEST), WIDEST))
            return
        over_edge = x >= self.width() - _EDGE
        shape = Qt.CursorShape.SplitHCursor if over_edge else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragging = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        number = self._lane_at(event.position().y())
        bar = None if number is None else self._canvas.layout_shown.lanes[number].bar
        if bar is not None and event.position().x() > painting.CHEVRON_WIDTH:
            self.opened.emit(bar.id)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self._lane_at(event.pos().y())
            bar = None if number is None else self._canvas.layout_shown.lanes[number].bar
            if bar is None:
                QToolTip.hideText()
            else:
                lead = f"\n{bar.lead}" if bar.lead else ""
                QToolTip.showText(event.globalPos(), f"{bar.label}  {bar.title}{lead}", self)
            return True
        return super().event(event)
