"""A line in steps over time: how many there were, how many were needed, where it was too few.

Said three times over: by the line and its ground, by the words at the cursor, and in the table that
stands beside it. Left and Right move the cursor from stretch to stretch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from projectdesk.desktop.theme import theme, tokens
from projectdesk.desktop.theme.tokens import SPACE_S, SPACE_XL, Tone
from projectdesk.desktop.widgets.spoken import Role, play

_HEIGHT: Final = 200
_LEFT: Final = 44
_RIGHT: Final = 24
_BELOW: Final = 26
_TICK_ROOM: Final = 76
"""Least pixels between two times below the line."""


@dataclass(frozen=True)
class Step:
    """One stretch. height: how many there were. good: they were enough.

    words: said of it. begins: its start as written below the line.
    """

    start: datetime
    end: datetime
    height: int
    good: bool
    words: str
    begins: str


class StepChart(QWidget):
    """Paints steps; `chosen` tells the number of the one that the cursor is on."""

    chosen = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # time does, in every language
        self._steps: Sequence[Step] = ()
        self._needed, self._whole = 0, 0
        self._needed_words, self._end = "", ""
        self._cursor = 0
        play(self, Role.Chart)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def show_steps(
        self, steps: Sequence[Step], needed: int, whole: int, needed_words: str, end: str
    ) -> None:
        """Show stretches without a gap.

        Args:
            steps: in order of time.
            needed: where the line of what is needed is.
            whole: the highest there can be.
            needed_words: at that line.
            end: the last one's end as written below the line.
        """
        self._steps, self._needed, self._whole = steps, needed, whole
        self._needed_words, self._end = needed_words, end
        self._cursor = min(self._cursor, max(len(steps) - 1, 0))
        self._tell()
        self.update()

    def choose(self, number: int) -> None:
        """Put the cursor on a stretch."""
        if 0 <= number < len(self._steps) and number != self._cursor:
            self._cursor = number
            self._tell()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, _HEIGHT)

    # --- places

    def _plot(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_LEFT, SPACE_XL, -_RIGHT, -_BELOW)

    def _x(self, instant: datetime) -> float:
        start, end = self._steps[0].start, self._steps[-1].end
        length = (end - start).total_seconds()
        part = (instant - start).total_seconds() / length if length else 0.0
        return self._plot().left() + part * self._plot().width()

    def _y(self, height: float) -> float:
        return self._plot().bottom() - height / max(self._whole, 1) * self._plot().height()

    def _at(self, x: float) -> int:
        numbers = [n for n, step in enumerate(self._steps) if self._x(step.start) <= x]
        return numbers[-1] if numbers else 0

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._steps:
            return
        painter = QPainter(self)
        font = QFont(self.font())
        font.setPointSizeF(theme().points("caption"))
        painter.setFont(font)
        self._paint_grounds(painter)
        self._paint_scale(painter)
        self._paint_line(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens().accent), 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _paint_grounds(self, painter: QPainter) -> None:
        plot, colours = self._plot(), tokens()
        for number, step in enumerate(self._steps):
            left, right = self._x(step.start), self._x(step.end)
            box = QRectF(left, plot.top(), right - left, plot.height())
            if not step.good:
                painter.fillRect(box, QColor(colours.danger_soft))
            elif number == self._cursor:
                painter.fillRect(box, QColor(colours.hover))
            if number == self._cursor:
                mark = QRectF(left, plot.bottom(), max(right - left, 2.0), 3)
                painter.fillRect(mark, QColor(colours.accent))

    def _paint_scale(self, painter: QPainter) -> None:
        plot, colours = self._plot(), tokens()
        metrics = QFontMetricsF(painter.font())
        painter.setPen(QColor(colours.line_strong))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        painter.setPen(QColor(colours.muted))
        for height in {0, self._whole}:
            y = self._y(height)
            box = QRectF(0, y - metrics.height() / 2, _LEFT - SPACE_S, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight, str(height))
        last = -float(_TICK_ROOM)
        ends = plot.right()
        for step in self._steps:
            x = self._x(step.start)
            if x - last >= _TICK_ROOM and ends - x >= _TICK_ROOM:
                self._paint_time(painter, x, step.begins)
                last = x
        self._paint_time(painter, ends, self._end)
        y = self._y(self._needed)
        painter.setPen(QPen(QColor(colours.warning), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        painter.setPen(QColor(colours.warning))
        painter.drawText(QPointF(plot.left() + SPACE_S, y + metrics.height()), self._needed_words)

    def _paint_time(self, painter: QPainter, x: float, words: str) -> None:
        plot = self._plot()
        width = QFontMetricsF(painter.font()).horizontalAdvance(words)
        left = min(max(x - width / 2, 0.0), self.width() - width)
        box = QRectF(left, plot.bottom() + SPACE_S, width + 2, _BELOW - SPACE_S)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, words)

    def _paint_line(self, painter: QPainter) -> None:
        colours = tokens()
        before: float | None = None
        for step in self._steps:
            tone = Tone.SUCCESS if step.good else Tone.DANGER
            y, left, right = self._y(step.height), self._x(step.start), self._x(step.end)
            painter.setPen(QPen(QColor(colours.line_strong), 1.5))
            if before is not None:
                painter.drawLine(QPointF(left, before), QPointF(left, y))
            painter.setPen(QPen(QColor(colours.colour(tone)), 3))
            painter.drawLine(QPointF(left, y), QPointF(right, y))
            words = str(step.height)
            if right - left > QFontMetricsF(painter.font()).horizontalAdvance(words) + SPACE_S:
                painter.setPen(QColor(colours.text))
                box = QRectF(left, y - 20, right - left, 16)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
            before = y

    # --- keyboard and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        key = Qt.Key(event.key())
        if key in ways:
            self._move(self._cursor + ways[key])
        elif key is Qt.Key.Key_Home:
            self._move(0)
        elif key is Qt.Key.Key_End:
            self._move(len(self._steps) - 1)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._steps:
            self._move(self._at(event.position().x()))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self._steps:
            step = self._steps[self._at(event.pos().x())]
            QToolTip.showText(event.globalPos(), step.words, self)
            return True
        return super().event(event)

    def _move(self, number: int) -> None:
        if 0 <= number < len(self._steps):
            self._cursor = number
            self._tell()
            self.update()
            self.chosen.emit(number)

    def _tell(self) -> None:
        words = self._steps[self._cursor].words if self._steps else ""
        self.setAccessibleDescription(words)
        changed = QAccessible.Event.DescriptionChanged
        QAccessible.updateAccessibility(QAccessibleEvent(self, changed))
