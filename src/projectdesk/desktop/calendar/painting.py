"""Paints entries, days and hours onto any painter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPolygonF

from projectdesk.desktop.calendar.entries import Entry, EntryKind
from projectdesk.desktop.calendar.layout import Box, More, Rect
from projectdesk.desktop.calendar.style import Style
from projectdesk.desktop.calendar.words import (
    is_cancelled,
    time_there,
    time_words,
    title_words,
    zones_beside,
)
from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.formats import clock
from projectdesk.desktop.widgets.elision import shortened
from projectdesk.domain.meetings import MeetingState
from projectdesk.services.rows import Kind

_RADIUS = 4.0
_AIR = 6.0
_STRIPE = 3.0
_SIGN = 8.0
_TWO_LINES = 36.0
_NARROW = 90.0


@dataclass(frozen=True)
class Look:
    """How entries are painted.

    zone: the reader's; other: a second one, "" = none. named: with the project's acronym, as there
    is more than one. chosen: key of the entry that has the focus. held: of the one under the mouse.
    """

    style: Style
    today: date
    zone: str
    other: str = ""
    named: bool = False
    mirrored: bool = False
    chosen: str = ""
    held: str = ""


def paint_line(painter: QPainter, box: Box, look: Look) -> None:
    """Paint an entry as one line: in a month, and in the all-day row of a week."""
    rect, entry = QRectF(*box.rect), box.entry
    _paint_ground(painter, rect, box, look)
    left, right = rect.left() + _AIR + _STRIPE, rect.right() - _AIR
    if entry.kind is EntryKind.MARK:
        x = right - _SIGN if look.mirrored else rect.left() + _AIR
        _paint_sign(painter, entry, QPointF(x + _SIGN / 2, rect.center().y()), look)
        left, right = (left, x - 4) if look.mirrored else (x + _SIGN + 5, right)
    room = QRectF(left, rect.top(), max(right - left, 0), rect.height())
    words = _line_words(entry, look)
    if entry.meeting is not None and entry.start is not None and box.begins:
        room = _paint_time(painter, f"{clock(entry.start)}", room, look)
    _paint_words(painter, words, room, look, look.style.small, ink(entry, look), entry)
    _paint_ring(painter, rect, entry, look)


def paint_block(painter: QPainter, box: Box, look: Look) -> None:
    """Paint an entry among the hours of a day: what it is, when, where, as far as there is room."""
    rect, entry = QRectF(*box.rect), box.entry
    style = look.style
    if box.over:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.surface)
        painter.drawRoundedRect(rect.adjusted(-1.5, -1.5, 1.5, 1.5), _RADIUS, _RADIUS)
    _paint_ground(painter, rect, box, look)
    whole, rect = rect, QRectF(rect)
    if box.seen is not None:
        rect.setHeight(min(rect.height(), box.seen))
    room = rect.adjusted(_AIR + _STRIPE, 2, -_AIR + 2, -2)
    if look.mirrored:
        room = rect.adjusted(_AIR - 2, 2, -_AIR - _STRIPE, -2)
    height = style.metrics.height() + 1
    colour = ink(entry, look)
    if rect.height() < _TWO_LINES:
        line = QRectF(room.left(), rect.center().y() - height / 2, room.width(), height)
        words = _line_words(entry, look)
        if entry.start is not None and room.width() > _NARROW:
            words = f"{clock(entry.start)}  {words}"
        _paint_words(painter, words, line, look, style.small, colour, entry)
    else:
        font = style.struck if is_cancelled(entry) else style.small_strong
        top = room.top() + _paint_title(painter, title_words(entry), room, font, colour, look)
        for words in _block_words(entry, look):
            if top + height > rect.bottom() + 1:
                break
            line = QRectF(room.left(), top, room.width(), height)
            paint_elided(painter, words, line, style, style.muted, _side(look))
            top += height
    _paint_ring(painter, whole, entry, look)


def paint_more(painter: QPainter, more: More, look: Look) -> None:
    """Paint how many entries had no room."""
    words = say("{count} more", count=len(more.hidden))
    rect = QRectF(*more.rect).adjusted(_AIR, 0, -_AIR, 0)
    painter.setFont(look.style.small_strong)
    painter.setPen(look.style.accent)
    painter.drawText(rect, _side(look) | Qt.AlignmentFlag.AlignVCenter, words)


def paint_elided(
    painter: QPainter,
    words: str,
    rect: QRectF,
    style: Style,
    colour: QColor,
    side: Qt.AlignmentFlag,
    font: QFont | None = None,
) -> None:
    """Paint a line of text that ends in … where it does not fit; `font`: one of the style's."""
    font = font or style.small
    painter.setFont(font)
    painter.setPen(colour)
    metrics = style.measured(font)
    if metrics.horizontalAdvance(words) > rect.width():
        words = shortened(metrics, words, rect.width())
    painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, words)


def paint_day_number(
    painter: QPainter, words: str, rect: Rect, look: Look, *, today: bool, dim: bool
) -> None:
    """Paint the number of a day in the corner of its cell; today's in a filled pill."""
    style = look.style
    font = style.small_strong if today else style.small
    width = max(style.measured(font).horizontalAdvance(words) + 12, 24.0)
    left = rect.right - width - 4 if look.mirrored else rect.left + 4
    pill = QRectF(left, rect.top + 3, width, 21)
    if today:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.accent)
        painter.drawRoundedRect(pill, 10.5, 10.5)
    colour = style.on_accent if today else style.muted if dim else style.text
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)


def paint_place(painter: QPainter, rect: QRectF, look: Look) -> None:
    """Paint where the keyboard is."""
    painter.setPen(look.style.ring)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(1.5, 1.5, -1.5, -1.5), 3, 3)


def ink(entry: Entry, look: Look) -> QColor:
    """Return the colour of what an entry says."""
    style, mark = look.style, entry.mark
    if mark is not None and not mark.done and mark.day < look.today:
        return style.danger
    if entry.meeting is not None and entry.meeting.state is MeetingState.LIVE:
        return style.on_accent
    quiet = entry.kind in (EntryKind.BUSY, EntryKind.HOLIDAY) or (mark is not None and mark.done)
    held = entry.meeting is not None and entry.meeting.state is not MeetingState.PLANNED
    return style.muted if quiet or held else style.text


# --- inside


def _line_words(entry: Entry, look: Look) -> str:
    title = title_words(entry)
    return formats.joined((title, entry.project)) if look.named and entry.project else title


def _block_words(entry: Entry, look: Look) -> Sequence[str]:
    there = [time_there(entry, zone) for zone in zones_beside(entry, look.zone, look.other)]
    place = entry.meeting.place if entry.meeting is not None else ""
    project = entry.project if look.named else ""
    return [words for words in (time_words(entry), *there, project, place) if words]


def _paint_ground(painter: QPainter, rect: QRectF, box: Box, look: Look) -> None:
    entry, style = box.entry, look.style
    if entry.kind is EntryKind.MARK:
        if entry.key == look.held:
            painter.fillRect(rect, style.quiet)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_ground(entry, look))
    if entry.kind is EntryKind.BUSY:
        painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
        painter.setBrush(style.hatch)
    if is_cancelled(entry):
        painter.setPen(style.dashed)
    elif entry.meeting is not None and entry.meeting.state is MeetingState.HELD:
        painter.setPen(style.outline)
    painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
    if entry.kind is EntryKind.MEETING and box.begins:
        painter.setPen(style.stripe(entry.colour))
        x = rect.right() - _STRIPE if look.mirrored else rect.left() + _STRIPE
        painter.drawLine(QPointF(x, rect.top() + 3), QPointF(x, rect.bottom() - 3))


def _ground(entry: Entry, look: Look) -> QColor:
    style, meeting = look.style, entry.meeting
    if entry.kind is not EntryKind.MEETING or meeting is None:
        return style.neutral
    if meeting.state is MeetingState.LIVE:
        return style.accent
    if meeting.state is not MeetingState.PLANNED:
        return style.surface
    return style.soft(entry.colour)


def _paint_time(painter: QPainter, words: str, room: QRectF, look: Look) -> QRectF:
    """Paint a time at the beginning of a line; return the room that is left."""
    style = look.style
    width = style.strong_metrics.horizontalAdvance(words)
    if width + 24 > room.width():
        return room
    left = room.right() - width if look.mirrored else room.left()
    painter.setFont(style.small_strong)
    painter.setPen(style.muted)
    painter.drawText(
        QRectF(left, room.top(), width + 1, room.height()), Qt.AlignmentFlag.AlignVCenter, words
    )
    if look.mirrored:
        return room.adjusted(0, 0, -(width + _AIR), 0)
    return room.adjusted(width + _AIR, 0, 0, 0)


def _paint_title(
    painter: QPainter, words: str, room: QRectF, font: QFont, colour: QColor, look: Look
) -> float:
    """Paint a title, on a second line too where there is room for one; return how high it is."""
    metrics = look.style.measured(font)
    height = metrics.height() + 1
    first, rest = words, ""
    if metrics.horizontalAdvance(words) > room.width() and room.height() >= 3 * height:
        first, rest = _broken(words, metrics, room.width())
    for number, line in enumerate(each for each in (first, rest) if each):
        at = QRectF(room.left(), room.top() + number * height, room.width(), height)
        paint_elided(painter, line, at, look.style, colour, _side(look), font)
    return height * (2 if rest else 1)


def _broken(words: str, metrics: QFontMetricsF, width: float) -> tuple[str, str]:
    """Return a first line that fits, and what is left; one word that does not fit stays whole."""
    first, rest = "", words.split(" ")
    while rest and metrics.horizontalAdvance(f"{first} {rest[0]}".strip()) <= width:
        first = f"{first} {rest.pop(0)}".strip()
    return (first, " ".join(rest)) if first else (words, "")


def _paint_words(
    painter: QPainter,
    words: str,
    room: QRectF,
    look: Look,
    font: QFont,
    colour: QColor,
    entry: Entry,
) -> None:
    if is_cancelled(entry):
        font = look.style.struck
    paint_elided(painter, words, room, look.style, colour, _side(look), font)


def _paint_sign(painter: QPainter, entry: Entry, at: QPointF, look: Look) -> None:
    """Paint a diamond for a milestone, a square for a deliverable, a flag for a deadline."""
    mark, style = entry.mark, look.style
    if mark is None:
        return
    colour = ink(entry, look) if mark.day < look.today else style.colour(entry.colour)
    painter.setPen(colour)
    painter.setBrush(colour if mark.done else Qt.BrushStyle.NoBrush)
    x, y, half = at.x(), at.y(), _SIGN / 2
    if mark.kind is Kind.MILESTONE:
        corners = [QPointF(x, y - half), QPointF(x + half, y), QPointF(x, y + half)]
        painter.drawPolygon(QPolygonF([*corners, QPointF(x - half, y)]))
    elif mark.kind is Kind.DELIVERABLE:
        painter.drawRoundedRect(QRectF(x - half + 0.5, y - half + 0.5, 7, 7), 2, 2)
    else:
        painter.drawLine(QLineF(x - half + 1, y - half, x - half + 1, y + half + 1))
        flag = [QPointF(x - half + 1, y - half), QPointF(x + half, y - half + 2.5)]
        painter.drawPolygon(QPolygonF([*flag, QPointF(x - half + 1, y + 1)]))


def _paint_ring(painter: QPainter, rect: QRectF, entry: Entry, look: Look) -> None:
    if entry.key == look.chosen:
        painter.setPen(look.style.ring)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)


def _side(look: Look) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if look.mirrored else Qt.AlignmentFlag.AlignLeft
