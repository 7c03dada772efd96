"""Paints the chart onto any painter: the screen's, a picture's, an SVG's.

Coordinates are those of `layout`: x = 0 is where M1 begins, y = 0 is the top of the first lane.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from projectdesk.desktop.gantt.arrows import Point
from projectdesk.desktop.gantt.layout import (
    MARK,
    PACKAGE_HEIGHT,
    TIE_AT,
    Lane,
    Layout,
    PlacedMark,
    Rect,
)
from projectdesk.desktop.gantt.style import Style
from projectdesk.desktop.gantt.timescale import Timescale, Unit
from projectdesk.desktop.gantt.words import span_form, span_words
from projectdesk.desktop.language import say
from projectdesk.desktop.widgets.elision import shortened
from projectdesk.services.gantt_rows import GanttPeriod
from projectdesk.services.rows import Kind

TIER_HEIGHT = 24.0
_RADIUS = 3.0
_ARROW = 5.0
_LABEL_WIDTH = 58.0
_LEAD_WIDTH = 86.0
CHEVRON_WIDTH = 22.0
_AIR = 8.0
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
"""In windows that are read from the right too: time runs from left to right in them."""
_WORDS = _LEFT | Qt.TextFlag.TextSingleLine


# --- bars and marks


def paint_lane(painter: QPainter, lane: Lane, scale: Timescale, style: Style, today: date) -> None:
    """Paint the bar and the marks of a lane."""
    if lane.bar is not None:
        rect = lane.bar_rect(scale)
        painter.setPen(style.package_line if lane.is_package else style.bar_line)
        painter.setBrush(style.package if lane.is_package else style.bar)
        painter.drawRoundedRect(QRectF(*rect), _RADIUS, _RADIUS)
    for mark in lane.marks:
        _paint_mark(painter, mark, lane.mark_rect(mark, scale), style, today)


def _paint_mark(painter: QPainter, mark: PlacedMark, rect: Rect, style: Style, today: date) -> None:
    late = mark.row.late(today)
    _paint_sign(painter, mark.row.kind, QRectF(*rect), style, done=mark.row.done, late=late)
    if mark.labelled:
        painter.setFont(style.small_strong if late else style.small)
        painter.setPen(style.danger if late else style.text)
        # From a point, not into a box: Qt lays nothing out then, which is half of a frame's text.
        at = QPointF(rect.right + 4, rect.middle + style.small_drop)
        painter.drawText(at, mark.row.label)


def _paint_sign(
    painter: QPainter, kind: Kind, box: QRectF, style: Style, *, done: bool, late: bool
) -> None:
    """Paint a deliverable or milestone: filled with a tick when done, with `!` when late."""
    painter.setPen(style.done_line if done else style.late_line if late else style.mark_line)
    painter.setBrush(style.done if done else style.late if late else style.surface)
    _paint_symbol(painter, kind, box)
    if done:
        painter.setPen(style.tick)
        x, y = box.center().x(), box.center().y()
        painter.drawPolyline(
            [QPointF(x - 2.8, y + 0.2), QPointF(x - 0.8, y + 2.2), QPointF(x + 3.0, y - 2.2)]
        )
    elif late:
        _paint_exclamation(painter, box.center(), style)


def _paint_symbol(painter: QPainter, kind: Kind, box: QRectF) -> None:
    """Paint a diamond for a milestone, a rounded square for a deliverable."""
    if kind is Kind.MILESTONE:
        x, y, half = box.center().x(), box.center().y(), MARK / 2 + 0.5
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(x, y - half),
                    QPointF(x + half, y),
                    QPointF(x, y + half),
                    QPointF(x - half, y),
                ]
            )
        )
    else:
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 2.5, 2.5)


def paint_ring(painter: QPainter, rect: Rect, style: Style, *, diamond: bool) -> None:
    """Paint what says that a bar or a mark is chosen."""
    painter.setPen(style.ring)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    box = QRectF(*rect).adjusted(-3, -3, 3, 3)
    if diamond:
        x, y, half = box.center().x(), box.center().y(), box.width() / 2 + 2
        corners = [QPointF(x, y - half), QPointF(x + half, y), QPointF(x, y + half)]
        painter.drawPolygon(QPolygonF([*corners, QPointF(x - half, y)]))
    else:
        painter.drawRoundedRect(box, _RADIUS + 2, _RADIUS + 2)


def paint_ties(painter: QPainter, rect: Rect, style: Style) -> None:
    """Paint the handles from which a dependency is drawn."""
    painter.setPen(style.bar_line)
    painter.setBrush(style.surface)
    for x in (rect.left - TIE_AT, rect.right + TIE_AT):
        painter.drawEllipse(QPointF(x, rect.middle), 4.0, 4.0)


def paint_link(
    painter: QPainter, way: Sequence[Point], style: Style, *, broken: bool, chosen: bool = False
) -> None:
    """Paint a dependency's arrow; one that does not hold is dashed, red, and says `!`."""
    pen = style.link_chosen if chosen else style.link_broken if broken else style.link
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline([QPointF(*point) for point in way])
    end, before = way[-1], way[-2]
    painter.setBrush(pen.color())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPolygon(_head(before, end))
    if broken:
        _paint_warning(painter, way, style)


def _head(before: Point, end: Point) -> QPolygonF:
    along_x = (end.x > before.x) - (end.x < before.x)
    along_y = (end.y > before.y) - (end.y < before.y)
    back = QPointF(end.x - along_x * _ARROW * 1.3, end.y - along_y * _ARROW * 1.3)
    side = QPointF(along_y * _ARROW * 0.75, along_x * _ARROW * 0.75)
    return QPolygonF([QPointF(*end), back + side, back - side])


def _paint_warning(painter: QPainter, way: Sequence[Point], style: Style) -> None:
    """Paint a disc with an exclamation mark on the longest part of an arrow."""
    pairs = pairwise(way)
    one, two = max(pairs, key=lambda pair: abs(pair[0].x - pair[1].x) + abs(pair[0].y - pair[1].y))
    x, y = (one.x + two.x) / 2, (one.y + two.y) / 2
    painter.setPen(style.late_line)
    painter.setBrush(style.surface)
    painter.drawEllipse(QPointF(x, y), 5.5, 5.5)
    _paint_exclamation(painter, QPointF(x, y), style)


def _paint_exclamation(painter: QPainter, at: QPointF, style: Style) -> None:
    x, y = at.x(), at.y()
    painter.setPen(style.exclamation)
    painter.drawLines([QLineF(x, y - 3.4, x, y + 0.8), QLineF(x, y + 1.8, x, y + 3.6)])


# --- behind and beside them


def paint_grid(
    painter: QPainter,
    box: QRectF,
    layout: Layout,
    scale: Timescale,
    style: Style,
    *,
    last: float | None = None,
) -> None:
    """Paint what is behind the bars: reporting periods, the lines of the calendar and of lanes.

    last: where a page ends; a line closes it.
    """
    bottom = min(box.bottom(), layout.height)
    for number, period in enumerate(layout.plan.periods):
        if number % 2:
            left, right = _period(period, scale)
            band = QRectF(left, box.top(), right - left, bottom - box.top())
            painter.fillRect(band & box, style.band)
    smooth = painter.testRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # level lines need none: faster
    right = min(box.right(), scale.width)
    upright = [QLineF(x, box.top(), x, bottom) for x in _lines(scale, box.left(), box.right())]
    hair: list[QLineF] = []
    rules: list[QLineF] = []
    for number in layout.between(box.top(), box.bottom()):
        lane = layout.lanes[number]
        line = QLineF(box.left(), lane.top, right, lane.top)
        (rules if lane.is_package else hair).append(line)
    if last is not None or box.bottom() >= layout.height:
        end = layout.height if last is None else last
        rules.append(QLineF(box.left(), end, right, end))
    for pen, lines in ((style.hairline, upright + hair), (style.rule, rules)):
        if lines:
            painter.setPen(pen)
            painter.drawLines(lines)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)


def _lines(scale: Timescale, left: float, right: float) -> Sequence[float]:
    """Return where lines of the calendar are between two places, without dates of months."""
    if scale.start is not None:
        every = _calendar_lines(scale)
        return every[bisect_left(every, left - 1) : bisect_right(every, right + 1)]
    step = scale.month_step
    first = (scale.month_at(left) - 1) // step * step + 1
    last = scale.month_at(right) + 1
    return [scale.left(month) for month in range(first, last + 1, step)]


@lru_cache(maxsize=8)
def _calendar_lines(scale: Timescale) -> tuple[float, ...]:
    """Return where all lines of the calendar are: dates are slow, and each frame asks."""
    spans = scale.spans(scale.tiers[-1], 0.0, scale.width)
    return (*(span.left for span in spans), scale.width)


def _period(period: GanttPeriod, scale: Timescale) -> tuple[float, float]:
    return scale.left(period.start_month), min(scale.right(period.end_month), scale.width)


def paint_today(
    painter: QPainter, top: float, bottom: float, scale: Timescale, style: Style, today: date
) -> None:
    """Paint the line of today, where the chart has dates and today is in it."""
    x = scale.of_day(today)
    if x is not None:
        painter.setPen(style.today)
        painter.drawLine(QLineF(x, top, x, bottom))


# --- the header


def header_height(scale: Timescale, periods: Sequence[GanttPeriod]) -> float:
    """Return how high the header is: reporting periods, the calendar's tiers, project months."""
    tiers = len(scale.tiers) if scale.start is not None else 0
    return TIER_HEIGHT * (bool(periods) + tiers + 1)


def paint_header(
    painter: QPainter,
    left: float,
    right: float,
    scale: Timescale,
    periods: Sequence[GanttPeriod],
    style: Style,
    today: date,
) -> None:
    """Paint the header from y = 0 down, between two places of the chart."""
    y = 0.0
    painter.setFont(style.small)
    if periods:
        for number, period in enumerate(periods):
            x1, x2 = _period(period, scale)
            box = QRectF(x1, y, x2 - x1, TIER_HEIGHT)
            if number % 2:
                painter.fillRect(box, style.band)
            _paint_cell(painter, box, period.label, left, style, strong=True)
        y += TIER_HEIGHT
        _level(painter, left, right, y, scale, style)
    if scale.start is not None:
        for number, unit in enumerate(scale.tiers):
            _paint_tier(painter, unit, left, right, y, scale, style, strong=number == 0)
            y += TIER_HEIGHT
            _level(painter, left, right, y, scale, style)
    _paint_months(painter, left, right, y, scale, style)
    _level(painter, left, right, y + TIER_HEIGHT, scale, style)
    _paint_now(painter, y + TIER_HEIGHT, scale, style, today)


def _level(
    painter: QPainter, left: float, right: float, y: float, scale: Timescale, style: Style
) -> None:
    painter.setPen(style.hairline)
    painter.drawLine(QLineF(left, y - 0.5, min(right, scale.width), y - 0.5))


def _paint_tier(
    painter: QPainter,
    unit: Unit,
    left: float,
    right: float,
    y: float,
    scale: Timescale,
    style: Style,
    *,
    strong: bool,
) -> None:
    form = span_form(unit, scale.month_width, style.measure)
    for span in scale.spans(unit, left, right):
        box = QRectF(span.left, y, span.right - span.left, TIER_HEIGHT)
        words = span_words(unit, span.first, form)
        _paint_cell(painter, box, words, left, style, strong=strong)


def _paint_months(
    painter: QPainter, left: float, right: float, y: float, scale: Timescale, style: Style
) -> None:
    step = scale.month_step
    first = (scale.month_at(left) - 1) // step * step + 1
    for month in range(first, min(scale.month_at(right), scale.months) + 1, step):
        width = scale.month_width * min(step, scale.months - month + 1)
        box = QRectF(scale.left(month), y, width, TIER_HEIGHT)
        _paint_cell(painter, box, f"M{month}", left, style)


def _paint_cell(
    painter: QPainter, box: QRectF, words: str, left: float, style: Style, *, strong: bool = False
) -> None:
    """Paint a cell of the header; its words stay in sight while any of it is."""
    painter.setPen(style.hairline)
    painter.drawLine(QLineF(box.left(), box.top(), box.left(), box.bottom()))
    seen = box.adjusted(max(left - box.left(), 0.0), 0, 0, 0)
    room = style.measure(words)
    if room + 4 > seen.width():
        return
    painter.setFont(style.small_strong if strong else style.small)
    painter.setPen(style.text if strong else style.muted)
    air = _AIR if room + 2 * _AIR <= seen.width() else (seen.width() - room) / 2
    painter.drawText(seen.adjusted(air, 0, 0, 0), _WORDS, words)


def _paint_now(
    painter: QPainter, bottom: float, scale: Timescale, style: Style, today: date
) -> None:
    """Paint a pointer at the head of today's line; it covers no words."""
    x = scale.of_day(today)
    if x is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.danger)
        corners = [QPointF(x - 5, bottom - 6), QPointF(x + 5, bottom - 6), QPointF(x, bottom)]
        painter.drawPolygon(QPolygonF(corners))


# --- the column of titles


def paint_titles_head(
    painter: QPainter, box: QRectF, style: Style, *, indent: float = CHEVRON_WIDTH
) -> None:
    """Paint the words over the column of titles, at its bottom."""
    line = QRectF(box.left(), box.bottom() - TIER_HEIGHT, box.width(), TIER_HEIGHT)
    painter.setFont(style.small)
    painter.setPen(style.muted)
    painter.drawText(line.adjusted(indent, 0, 0, 0), _WORDS, say("Title"))
    if box.width() > 240:
        lead = QRectF(line.right() - _LEAD_WIDTH, line.top(), _LEAD_WIDTH - _AIR, TIER_HEIGHT)
        painter.drawText(lead, _WORDS, say("Lead"))


def paint_title(
    painter: QPainter, lane: Lane, width: float, style: Style, *, chevron: bool = True
) -> None:
    """Paint label, title and lead of a lane, from x = 0 to `width`; chevron: it can be folded."""
    left = CHEVRON_WIDTH if chevron else 0.0
    height = PACKAGE_HEIGHT if lane.is_package or lane.bar is None else lane.height
    line = QRectF(0, lane.top, width, min(height, lane.height))
    painter.setPen(style.rule if lane.is_package else style.hairline)
    painter.drawLine(QLineF(0, lane.top, width, lane.top))
    painter.setPen(style.text)
    if lane.bar is None:
        painter.setFont(style.strong)
        painter.drawText(line.adjusted(left, 0, 0, 0), _WORDS, say("Milestones"))
        return
    if chevron and lane.is_package and lane.children:
        _paint_chevron(painter, line, style, down=not lane.collapsed)
    font = style.strong if lane.is_package else style.body
    indent = left if lane.is_package else left + 12
    painter.setFont(font)
    painter.drawText(line.adjusted(indent, 0, 0, 0), _WORDS, lane.bar.label)
    lead = _LEAD_WIDTH if width > 240 else 0.0
    metrics = QFontMetricsF(font)
    room = line.adjusted(indent + _LABEL_WIDTH - 8, 0, -lead - _AIR, 0)
    elided = shortened(metrics, lane.bar.title, room.width())
    painter.drawText(room, _WORDS, elided)
    if lead:
        painter.setFont(style.small)
        painter.setPen(style.muted)
        box = QRectF(width - lead, line.top(), lead - _AIR, line.height())
        small = QFontMetricsF(style.small)
        words = shortened(small, lane.bar.lead, box.width())
        painter.drawText(box, _WORDS, words)


def _paint_chevron(painter: QPainter, line: QRectF, style: Style, *, down: bool) -> None:
    x, y = 12.0, line.center().y()
    painter.setPen(QPen(style.muted, 1.6))
    if down:
        corners = [QPointF(x - 3.5, y - 1.8), QPointF(x, y + 1.8), QPointF(x + 3.5, y - 1.8)]
    else:
        corners = [QPointF(x - 1.8, y - 3.5), QPointF(x + 1.8, y), QPointF(x - 1.8, y + 3.5)]
    painter.drawPolyline(corners)
    painter.setPen(style.text)


def on_chevron(lane: Lane, x: float, y: float) -> bool:
    """Return whether a place in the column of titles is the arrow that folds a work package."""
    inside = lane.top <= y < lane.top + PACKAGE_HEIGHT
    return lane.is_package and lane.children > 0 and x < CHEVRON_WIDTH and inside


# --- what the signs mean


def paint_legend(painter: QPainter, x: float, y: float, style: Style) -> float:
    """Paint what each sign means in one line, and return where it ends."""
    signs = (
        (Kind.DELIVERABLE, False, False, say("Deliverable")),
        (Kind.MILESTONE, False, False, say("Milestone")),
        (Kind.DELIVERABLE, True, False, say("done")),
        (Kind.DELIVERABLE, False, True, say("late")),
    )
    for kind, done, late, words in signs:
        _paint_sign(painter, kind, QRectF(x + 2, y + 2, MARK, MARK), style, done=done, late=late)
        x = _paint_legend_words(painter, x + MARK + 8, y, words, style)
    link = (Point(x, y + MARK / 2 + 2), Point(x + 26, y + MARK / 2 + 2))
    paint_link(painter, link, style, broken=False)
    x = _paint_legend_words(painter, x + 32, y, say("waits for"), style)
    link = (Point(x, y + MARK / 2 + 2), Point(x + 34, y + MARK / 2 + 2))
    paint_link(painter, link, style, broken=True)
    x = _paint_legend_words(painter, x + 40, y, say("too early"), style)
    painter.setPen(style.today)
    painter.drawLine(QLineF(x + 2, y, x + 2, y + MARK + 4))
    return _paint_legend_words(painter, x + 9, y, say("today"), style)


def _paint_legend_words(painter: QPainter, x: float, y: float, words: str, style: Style) -> float:
    painter.setFont(style.small)
    painter.setPen(style.muted)
    painter.drawText(QRectF(x, y - 2, 300, MARK + 8), _WORDS, words)
    return x + style.measure(words) + 16
