"""The globe as a band of 24 hours: where it is day, where the partners are.

Drawn from the sun's position and from the places of the tz database, which is in the public domain:
a point for each hints at the continents. There are no borders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from projectdesk.desktop.theme import Tone, theme, tokens
from projectdesk.desktop.theme.tokens import RADIUS_M
from projectdesk.domain.places import all_places
from projectdesk.domain.rules import sun

_NORTH, _SOUTH = 74.0, -56.0
"""Latitudes at the upper and lower edge."""
_HOURS_HEIGHT: Final = 22
_LEAST, _MOST = 200, 330
_DOT: Final = 5.0
_NEAR: Final = 9.0
_STEP: Final = 3
"""Degrees between two points of the line between day and night."""


@dataclass(frozen=True)
class Mark:
    """One place to show. label: short words beside it. tip: what it says when pointed at."""

    latitude: float
    longitude: float
    label: str
    tip: str
    tone: Tone


class WorldBand(QWidget):
    """Paints day, night, hours and marks at an instant."""

    def __init__(self) -> None:
        super().__init__()
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # time does, in every language
        self._now: datetime | None = None
        self._marks: tuple[Mark, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setMinimumHeight(_LEAST)
        self.setMaximumHeight(_MOST)
        theme().changed.connect(self.update)

    def show_world(self, now: datetime, marks: Sequence[Mark]) -> None:
        """Show the globe at an instant (UTC) with `marks`."""
        self._now, self._marks = now, tuple(marks)
        self.setAccessibleDescription(". ".join(mark.tip for mark in marks))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(900, 230)

    def marks_near(self, point: QPointF) -> list[Mark]:
        """Return the marks at a point of the widget."""
        return [
            mark for mark in self._marks if (self._place(mark) - point).manhattanLength() <= _NEAR
        ]

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            words = "\n".join(mark.tip for mark in self.marks_near(QPointF(event.pos())))
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    # --- where things are

    def _map(self) -> QRectF:
        return QRectF(self.rect()).adjusted(0, _HOURS_HEIGHT, 0, 0)

    def _at(self, latitude: float, longitude: float) -> QPointF:
        box = self._map()
        x = box.left() + (longitude + 180) / 360 * box.width()
        y = box.top() + (_NORTH - latitude) / (_NORTH - _SOUTH) * box.height()
        return QPointF(x, y)

    def _place(self, mark: Mark) -> QPointF:
        return self._at(mark.latitude, mark.longitude)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPointSizeF(theme().points("caption"))
        painter.setFont(font)
        frame = QPainterPath()
        frame.addRoundedRect(self._map(), RADIUS_M, RADIUS_M)
        painter.save()
        painter.setClipPath(frame)
        self._paint_ground(painter)
        if self._now is not None:
            self._paint_night(painter, self._now)
        self._paint_marks(painter)
        painter.restore()
        if self._now is not None:
            self._paint_hours(painter, self._now)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        colours = tokens()
        painter.fillRect(self._map(), QColor(colours.info_soft))
        painter.setPen(QPen(_faint(colours.info, 34), 1))
        box = self._map()
        for longitude in range(-165, 180, 15):
            x = self._at(0, longitude).x()
            painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
        equator = self._at(0, 0).y()
        painter.drawLine(QPointF(box.left(), equator), QPointF(box.right(), equator))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_faint(colours.info, 88))
        for place in all_places():
            painter.drawEllipse(self._at(place.latitude, place.longitude), 1.8, 1.8)

    def _paint_night(self, painter: QPainter, now: datetime) -> None:
        line = QPolygonF()
        in_the_north = False
        for longitude in range(-180, 180 + _STEP, _STEP):
            latitude, in_the_north = sun.terminator(now, longitude)
            line.append(self._at(latitude, longitude))
        edge = self._map().top() - 1 if in_the_north else self._map().bottom() + 1
        night = QPolygonF(line)
        night.append(QPointF(self._map().right() + 1, edge))
        night.append(QPointF(self._map().left() - 1, edge))
        dark = tokens().dark
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 118) if dark else QColor(24, 34, 66, 92))
        painter.drawPolygon(night)
        painter.setPen(QPen(_faint(tokens().warning, 150), 1.5))
        painter.drawPolyline(line)
        overhead = self._at(*sun.subsolar_point(now))
        painter.setPen(Qt.PenStyle.NoPen)
        for radius, strength in ((15.0, 50), (9.0, 210)):
            painter.setBrush(_faint("#f2b233", strength))
            painter.drawEllipse(overhead, radius, radius)

    def _paint_hours(self, painter: QPainter, now: datetime) -> None:
        """Write the hour of each nautical zone above the map; the day begins at the 0."""
        colours = tokens()
        width = self._map().width() / 24
        for step in range(-12, 12):
            there = now + timedelta(hours=step)
            x = self._at(0, step * 15).x()
            box = QRectF(x - width / 2, 0, width, _HOURS_HEIGHT - 2)
            noon = there.hour == 12
            painter.setPen(QColor(colours.text if noon or there.hour == 0 else colours.muted))
            if box.left() >= 0:
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{there.hour:02d}")

    def _paint_marks(self, painter: QPainter) -> None:
        colours = tokens()
        taken: list[QRectF] = [
            QRectF(at.x() - _DOT, at.y() - _DOT, 2 * _DOT, 2 * _DOT)
            for at in map(self._place, self._marks)
        ]
        for mark in self._marks:
            painter.setPen(QPen(QColor(colours.surface), 1.5))
            painter.setBrush(QColor(colours.colour(mark.tone)))
            painter.drawEllipse(self._place(mark), _DOT, _DOT)
        said: set[str] = set()
        metrics = QFontMetricsF(painter.font())
        for mark in self._marks:
            if mark.label and mark.label not in said:
                box = self._room_for(mark, metrics, taken)
                if box is not None:
                    said.add(mark.label)
                    taken.append(box)
                    self._paint_label(painter, box, mark.label)

    def _room_for(
        self, mark: Mark, metrics: QFontMetricsF, taken: Sequence[QRectF]
    ) -> QRectF | None:
        """Return where a label covers neither a dot nor another one; None = nowhere."""
        at, width = self._place(mark), metrics.horizontalAdvance(mark.label) + 8
        height = metrics.height() + 2
        right, left = at.x() + _DOT + 3, at.x() - _DOT - 3 - width
        above, below = at.y() - height - _DOT - 2, at.y() + _DOT + 2
        middle = at.y() - height / 2
        corners = [
            (right, middle),
            (left, middle),
            (at.x() - width / 2, above),
            (at.x() - width / 2, below),
            (right, above),
            (left, above),
            (right, below),
            (left, below),
        ]
        for x, y in corners:
            box = QRectF(x, y, width, height)
            if self._map().contains(box) and not any(box.intersects(each) for each in taken):
                return box
        return None

    def _paint_label(self, painter: QPainter, box: QRectF, words: str) -> None:
        colours = tokens()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_faint(colours.surface, 225))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(colours.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def _faint(colour: str, strength: int) -> QColor:
    """Return a colour with an opacity of 0..255."""
    made = QColor(colour)
    made.setAlpha(strength)
    return made
