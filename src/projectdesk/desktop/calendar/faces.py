"""The two faces of the calendar: a month of cells, a week of hours. Each lays out and paints."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter

from projectdesk.desktop.calendar.days import View, days_of
from projectdesk.desktop.calendar.entries import DAY_MINUTES, Entry
from projectdesk.desktop.calendar.layout import (
    Box,
    MonthLayout,
    More,
    Place,
    Rect,
    Sizes,
    WeekLayout,
)
from projectdesk.desktop.calendar.painting import (
    Look,
    paint_block,
    paint_day_number,
    paint_elided,
    paint_line,
    paint_more,
    paint_place,
)
from projectdesk.desktop.calendar.words import day_name, number_words, other_day
from projectdesk.desktop.calendar.zones import ahead, clock_change, hours_there
from projectdesk.desktop.language import say
from projectdesk.desktop.models.formats import city, clock

_WEEKEND = 5
_WORK = (8 * 60, 18 * 60)
_STEP = 30
_SNAP = 15
_CENTRE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True)
class Content:
    """What a face shows. anchor: the day that one is at; now: naive, in the reader's zone."""

    begin: date
    end: date
    anchor: date
    entries: Sequence[Entry]
    now: datetime

    @property
    def days(self) -> tuple[date, ...]:
        """Return the days that are shown."""
        return days_of(self.begin, self.end)


class Face(ABC):
    """How a span of days looks, and what is where."""

    view: View
    scrolled = 0.0

    @abstractmethod
    def lay_out(
        self, content: Content, size: tuple[float, float], sizes: Sizes, look: Look
    ) -> None:
        """Place everything."""

    @abstractmethod
    def paint(self, painter: QPainter, look: Look, place: Place | None) -> None:
        """Paint everything; `place`: where the keyboard is."""

    @abstractmethod
    def box_at(self, x: float, y: float) -> Box | None:
        """Return what is at a point."""

    @abstractmethod
    def more_at(self, x: float, y: float) -> More | None:
        """Return what is left out at a point."""

    @abstractmethod
    def place_at(self, x: float, y: float, *, exact: bool = False) -> Place | None:
        """Return day and time at a point; `exact`: to the step of a drag."""

    @abstractmethod
    def rects_of(self, key: str) -> list[Rect]:
        """Return where the parts of an entry are."""

    @abstractmethod
    def moved(self, place: Place, key: int) -> Place:
        """Return the place that an arrow key leads to."""

    @abstractmethod
    def rest(self) -> float:
        """Return how much higher the content is than what is seen."""


class MonthFace(Face):
    """A month: a cell a day."""

    view = View.MONTH

    def lay_out(
        self, content: Content, size: tuple[float, float], sizes: Sizes, look: Look
    ) -> None:
        self.content = content
        self.laid = MonthLayout(content.days, content.entries, size, sizes, mirrored=look.mirrored)

    def paint(self, painter: QPainter, look: Look, place: Place | None) -> None:
        style, laid = look.style, self.laid
        for day, rect in laid.cells.items():
            cell = QRectF(*rect)
            other = day.month != self.content.anchor.month
            weekend = day.weekday() >= _WEEKEND
            painter.fillRect(cell, style.dim if other or weekend else style.surface)
        painter.setPen(style.hairline)
        for rect in laid.cells.values():
            edge = rect.left if look.mirrored else rect.right
            painter.drawLine(QLineF(edge - 0.5, rect.top, edge - 0.5, rect.bottom))
            painter.drawLine(QLineF(rect.left, rect.top + 0.5, rect.right, rect.top + 0.5))
        for day, (left, width) in zip(laid.days, laid.columns, strict=False):
            painter.setFont(style.small_strong)
            painter.setPen(style.muted)
            painter.drawText(QRectF(left, 0, width, laid.head), _CENTRE, day_name(day))
        for day, rect in laid.cells.items():
            other = day.month != self.content.anchor.month
            words = number_words(day, with_month=day.day == 1)
            today = day == self.content.now.date()
            paint_day_number(painter, words, rect, look, today=today, dim=other)
        for box in laid.boxes:
            paint_line(painter, box, look)
        for more in laid.mores:
            paint_more(painter, more, look)
        painter.setPen(style.hairline)
        end = QRectF(*laid.cells[laid.days[-1]]).bottom() - 0.5
        painter.drawLine(QLineF(0, end, laid.columns[0][1] * 7, end))
        if place is not None and place.day in laid.cells:
            paint_place(painter, QRectF(*laid.cells[place.day]), look)

    def box_at(self, x: float, y: float) -> Box | None:
        return self.laid.box_at(x, y)

    def more_at(self, x: float, y: float) -> More | None:
        return self.laid.more_at(x, y)

    def place_at(self, x: float, y: float, *, exact: bool = False) -> Place | None:
        return self.laid.place_at(x, y)

    def rects_of(self, key: str) -> list[Rect]:
        return self.laid.rects_of(key)

    def moved(self, place: Place, key: int) -> Place:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        return Place(place.day + timedelta(days=steps[Qt.Key(key)]))

    def rest(self) -> float:
        return 0.0


class WeekFace(Face):
    """A week: a column a day, and its hours in one zone or two."""

    view = View.WEEK

    def lay_out(
        self, content: Content, size: tuple[float, float], sizes: Sizes, look: Look
    ) -> None:
        self.content = content
        self.size = size
        self.laid = WeekLayout(
            content.days, content.entries, size[0], sizes, mirrored=look.mirrored
        )

    def rest(self) -> float:
        return max(0.0, self.laid.top + self.laid.height - self.size[1])

    def paint(self, painter: QPainter, look: Look, place: Place | None) -> None:
        painter.fillRect(QRectF(0, 0, *self.size), look.style.surface)
        painter.save()
        painter.setClipRect(QRectF(0, self.laid.top, self.size[0], self.size[1] - self.laid.top))
        painter.translate(0, self.laid.top - self.scrolled)
        self._paint_hours(painter, look)
        seen = self.size[1] - self.laid.top
        for box in self.laid.hours:
            if box.rect.bottom > self.scrolled and box.rect.top < self.scrolled + seen:
                paint_block(painter, box, look)
        self._paint_now(painter, look)
        if place is not None and place.minute is not None and place.day in self.laid.days:
            left, width = self.laid.columns[self.laid.days.index(place.day)]
            hour = self.laid.sizes.hour
            top = place.minute * hour / 60
            paint_place(painter, QRectF(left, top, width, hour * _STEP / 60), look)
        painter.restore()
        self._paint_head(painter, look)
        if place is not None and place.minute is None and place.day in self.laid.days:
            left, width = self.laid.columns[self.laid.days.index(place.day)]
            paint_place(painter, QRectF(left, 0, width, self.laid.top), look)

    # --- its parts

    def _paint_hours(self, painter: QPainter, look: Look) -> None:
        style, laid = look.style, self.laid
        hour = laid.sizes.hour
        for day, (left, width) in zip(laid.days, laid.columns, strict=True):
            if day.weekday() >= _WEEKEND:
                painter.fillRect(QRectF(left, 0, width, laid.height), style.dim)
            else:
                morning, evening = (minute * hour / 60 for minute in _WORK)
                painter.fillRect(QRectF(left, 0, width, morning), style.dim)
                painter.fillRect(QRectF(left, evening, width, laid.height - evening), style.dim)
            self._paint_change(painter, look, day, QRectF(left, 0, width, laid.height))
        left = 0.0 if look.mirrored else laid.gutter.width
        right = self.size[0] - (laid.gutter.width if look.mirrored else 0.0)
        # Level lines need no smoothing, and a dotted line is slow with it.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(style.half)
        painter.drawLines(
            [QLineF(left, (n + 0.5) * hour, right, (n + 0.5) * hour) for n in range(24)]
        )
        painter.setPen(style.hairline)
        painter.drawLines([QLineF(left, n * hour, right, n * hour) for n in range(25)])
        for edge, width in laid.columns:
            x = edge + width - 0.5 if look.mirrored else edge + 0.5
            painter.drawLine(QLineF(x, 0, x, laid.height))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_gutters(painter, look)

    def _paint_gutters(self, painter: QPainter, look: Look) -> None:
        """Paint the hours at the side, and inside the days on which the other zone differs."""
        style, laid = look.style, self.laid
        first = laid.days[0]
        own = hours_there(first, look.zone, look.zone)
        self._paint_column(painter, look, 0, [clock(at) for at in own])
        if not look.other:
            return
        there = hours_there(first, look.zone, look.other)
        named = [clock(at) + other_day(at.date(), first) for at in there]
        self._paint_column(painter, look, 1, named)
        usual = ahead(first, there)
        for day, (left, width) in zip(laid.days, laid.columns, strict=True):
            hours = hours_there(day, look.zone, look.other)
            if ahead(day, hours) == usual:
                continue
            for hour, at in enumerate(hours):
                rect = QRectF(left + 4, hour * laid.sizes.hour + 1, width - 8, 18)
                side = Qt.AlignmentFlag.AlignLeft if look.mirrored else Qt.AlignmentFlag.AlignRight
                words = f"{city(look.other)} {clock(at)}{other_day(at.date(), day)}"
                paint_elided(painter, words, rect, style, style.warning, side)

    def _paint_column(
        self, painter: QPainter, look: Look, number: int, words: Sequence[str]
    ) -> None:
        style, sizes = look.style, self.laid.sizes
        painter.setFont(style.small)
        painter.setPen(style.text if number == 0 else style.muted)
        left = self._gutter_left(number, look)
        for hour, label in enumerate(words):
            if hour:
                rect = QRectF(left, hour * sizes.hour - 9, sizes.gutter - 6, 18)
                painter.drawText(
                    rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, label
                )

    def _gutter_left(self, number: int, look: Look) -> float:
        """Return where a column of hours begins: the reader's is beside the days."""
        sizes = self.laid.sizes
        place = sizes.gutters - 1 - number
        if look.mirrored:
            return self.laid.gutter.left + (sizes.gutters - 1 - place) * sizes.gutter
        return place * sizes.gutter

    def _paint_change(self, painter: QPainter, look: Look, day: date, column: QRectF) -> None:
        """Paint the hour that is skipped, or comes twice, where clocks are changed."""
        change = clock_change(day, look.zone)
        if change is None:
            return
        hour = self.laid.sizes.hour
        top, bottom = change.begin * hour / 60, change.end * hour / 60
        rect = QRectF(column.left(), top, column.width(), bottom - top)
        painter.fillRect(rect, look.style.hatch)
        words = say("clocks go forward") if change.skipped else say("this hour comes twice")
        room = rect.adjusted(6, 0, -6, 0)
        ground = QRectF(room.left(), rect.center().y() - 9, room.width(), 18)
        style, side = look.style, Qt.AlignmentFlag.AlignHCenter
        painter.fillRect(ground, style.surface)
        paint_elided(painter, words, room, style, style.muted, side)

    def _paint_now(self, painter: QPainter, look: Look) -> None:
        now = self.content.now
        if now.date() not in self.laid.days:
            return
        left, width = self.laid.columns[self.laid.days.index(now.date())]
        y = (now.hour * 60 + now.minute) * self.laid.sizes.hour / 60
        painter.setPen(look.style.now)
        painter.drawLine(QLineF(left, y, left + width, y))
        painter.setBrush(look.style.danger)
        x = left + width if look.mirrored else left
        painter.drawEllipse(QRectF(x - 3.5, y - 3.5, 7, 7))

    def _paint_head(self, painter: QPainter, look: Look) -> None:
        style, laid = look.style, self.laid
        painter.fillRect(QRectF(0, 0, self.size[0], laid.top), style.surface)
        for day, (left, width) in zip(laid.days, laid.columns, strict=True):
            today = day == self.content.now.date()
            words = f"{day_name(day)} {number_words(day, with_month=day.day == 1)}"
            cell = QRectF(left, 0, width, laid.sizes.head)
            if today:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(style.accent)
                length = min(style.strong_metrics.horizontalAdvance(words) + 18, width)
                pill = QRectF(cell.center().x() - length / 2, 4, length, 22)
                painter.drawRoundedRect(pill, 11, 11)
            painter.setFont(style.small_strong)
            painter.setPen(style.on_accent if today else style.text)
            painter.drawText(cell, _CENTRE, words)
            painter.setPen(style.hairline)
            x = left + width - 0.5 if look.mirrored else left + 0.5
            painter.drawLine(QLineF(x, laid.sizes.head, x, laid.top))
        for number, zone in enumerate((look.zone, look.other)[: laid.sizes.gutters]):
            gutter = self._gutter_left(number, look)
            rect = QRectF(gutter + 3, 0, laid.sizes.gutter - 6, laid.sizes.head)
            colour = style.muted if number else style.text
            paint_elided(painter, city(zone), rect, look.style, colour, Qt.AlignmentFlag.AlignRight)
        for box in laid.whole:
            paint_line(painter, box, look)
        for more in laid.mores:
            paint_more(painter, more, look)
        painter.setPen(style.rule)
        painter.drawLine(QLineF(0, laid.top - 0.5, self.size[0], laid.top - 0.5))

    # --- what is where

    def box_at(self, x: float, y: float) -> Box | None:
        return self.laid.box_at(x, y, self.scrolled)

    def more_at(self, x: float, y: float) -> More | None:
        return self.laid.more_at(x, y)

    def place_at(self, x: float, y: float, *, exact: bool = False) -> Place | None:
        return self.laid.place_at(x, y, self.scrolled, _SNAP if exact else _STEP)

    def rects_of(self, key: str) -> list[Rect]:
        return self.laid.rects_of(key, self.scrolled)

    def moved(self, place: Place, key: int) -> Place:
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            days = 1 if key == Qt.Key.Key_Right else -1
            return Place(place.day + timedelta(days=days), place.minute)
        if place.minute is None:
            return place if key == Qt.Key.Key_Up else Place(place.day, 0)
        minute = place.minute + (_STEP if key == Qt.Key.Key_Down else -_STEP)
        if minute < 0:
            return Place(place.day)
        return Place(place.day, min(minute, DAY_MINUTES - _STEP))
