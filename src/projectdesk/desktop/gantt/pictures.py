"""The chart as pictures: SVG, PNG, and the pages of a PDF. Always in the light theme.

They are painted by the same functions as the screen, with the fonts that the product ships, so a
picture looks the same from every computer. A QGuiApplication is enough.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from projectdesk import resources
from projectdesk.desktop.gantt import painting
from projectdesk.desktop.gantt.arrows import route, too_early
from projectdesk.desktop.gantt.layout import Lane, Layout, lay_out
from projectdesk.desktop.gantt.moving import last_month
from projectdesk.desktop.gantt.style import Style
from projectdesk.desktop.gantt.timescale import Timescale, fitted
from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.theme.tokens import LIGHT
from projectdesk.desktop.widgets.elision import shortened
from projectdesk.errors import DomainError
from projectdesk.services.gantt_rows import GanttBar, GanttPlan

PAGES = {"a4": (1400, 850), "a3": (1760, 1150)}
"""Pixels of the room that a page of a PDF has for the chart, which becomes 273 or 396 mm wide."""
WIDTH = 1664
"""Pixels of a picture of the whole chart."""
RATIO = 2
"""Pixels of a PNG for one of the chart's."""

_FONT_PIXELS = 13
_HEADING_PIXELS = 19
_TITLES = 430
_AFTER = 60
_BESIDE = 14
_LEGEND = 30
_MARGIN = 32
_HEADING = 64
_LARGEST = 32_000
_FONTS = ("NotoSans_400Regular.ttf", "NotoSans_700Bold.ttf")


@dataclass(frozen=True)
class Sheet:
    """One picture: the header over a run of lanes. Pixels.

    A picture that stands alone has a margin around it, and a heading, of which `heading` is the
    height; on a page of a document both are the page's.
    """

    layout: Layout
    scale: Timescale
    first: int
    last: int
    width: float
    height: float
    margin: float = 0.0
    heading: float = 0.0


@cache
def _family() -> str:
    """Load the fonts that ship with the product and return their family."""
    families: list[str] = []
    for name in _FONTS:
        number = QFontDatabase.addApplicationFont(str(resources.path("fonts", name)))
        families += QFontDatabase.applicationFontFamilies(number)
    return families[0] if families else "Noto Sans"


def _style() -> Style:
    font = QFont(_family())
    font.setPixelSize(_FONT_PIXELS)
    return Style(LIGHT, font)


def whole(plan: GanttPlan) -> tuple[Sheet, Style]:
    """Return the whole chart as one sheet that stands alone."""
    style = _style()
    width = WIDTH - 2 * _MARGIN
    layout, scale = _laid_out(plan, width, style)
    bare = _sheet(layout, scale, 0, len(layout.lanes), width)
    height = bare.height + _HEADING + 2 * _MARGIN
    return replace(bare, width=WIDTH, height=height, margin=_MARGIN, heading=_HEADING), style


def pages(plan: GanttPlan, today: date, paper: str) -> list[bytes]:
    """Return the chart as SVG, one for each page of a paper ("a4", "a3").

    Raises:
        DomainError: `unknown_paper`.
    """
    if paper not in PAGES:
        raise DomainError("unknown_paper", "“{paper}” is no paper: expected a4 or a3.", paper=paper)
    width, height = PAGES[paper]
    style = _style()
    layout, scale = _laid_out(plan, width, style)
    head = painting.header_height(scale, plan.periods) + _LEGEND
    runs = _runs(layout.lanes, height - head)
    return [svg(_sheet(layout, scale, first, last, width), style, today) for first, last in runs]


def _laid_out(plan: GanttPlan, width: float, style: Style) -> tuple[Layout, Timescale]:
    months = last_month(plan)
    month = fitted(width - _TITLES - _BESIDE - _AFTER, months)
    scale = Timescale(plan.start_date, months, month)
    return lay_out(plan, scale, frozenset(), style.measure), scale


def _runs(lanes: tuple[Lane, ...], room: float) -> list[tuple[int, int]]:
    """Cut the lanes into runs that fit; no work package is the last of a page before its tasks."""
    runs, first = [], 0
    while first < len(lanes):
        last = first
        while last < len(lanes) and lanes[last].top + lanes[last].height - lanes[first].top <= room:
            last += 1
        last = max(last, first + 1)
        if last < len(lanes) and last - first > 1 and lanes[last - 1].is_package:
            last -= 1
        runs.append((first, last))
        first = last
    return runs or [(0, 0)]


def _sheet(layout: Layout, scale: Timescale, first: int, last: int, width: float) -> Sheet:
    lanes = layout.lanes[first:last]
    height = lanes[-1].top + lanes[-1].height - lanes[0].top if lanes else 0.0
    head = painting.header_height(scale, layout.plan.periods)
    return Sheet(layout, scale, first, last, width, head + height + _LEGEND)


def svg(sheet: Sheet, style: Style, today: date) -> bytes:
    """Return a sheet as SVG."""
    octets = QByteArray()
    buffer = QBuffer(octets)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    made = QSvgGenerator()
    made.setOutputDevice(buffer)
    size = QSize(round(sheet.width), round(sheet.height))
    made.setResolution(96)
    made.setSize(size)
    made.setViewBox(QRectF(0, 0, size.width(), size.height()))
    made.setTitle(f"{sheet.layout.plan.acronym}: Gantt chart")
    made.setDescription(sheet.layout.plan.title)
    _paint_with(lambda: QPainter(made), sheet, style, today)
    buffer.close()
    return bytes(octets.data())


def image(sheet: Sheet, style: Style, today: date) -> QImage:
    """Return a sheet as a picture of two pixels for one; of fewer when it would be too large."""
    ratio = min(RATIO, _LARGEST / max(sheet.height, 1), _LARGEST / max(sheet.width, 1))
    size = QSize(round(sheet.width * ratio), round(sheet.height * ratio))
    made = QImage(size, QImage.Format.Format_RGB32)
    made.setDevicePixelRatio(ratio)
    made.fill(LIGHT.surface)
    _paint_with(lambda: QPainter(made), sheet, style, today)
    return made


def png(sheet: Sheet, style: Style, today: date) -> bytes:
    """Return a sheet as PNG."""
    octets = QByteArray()
    buffer = QBuffer(octets)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image(sheet, style, today).save(buffer, "PNG")  # type: ignore[call-overload]
    buffer.close()
    return bytes(octets.data())


def _paint_with(begin: Callable[[], QPainter], sheet: Sheet, style: Style, today: date) -> None:
    painter = begin()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # as the chart on the screen
    paint_sheet(painter, sheet, style, today)
    painter.end()


def paint_sheet(painter: QPainter, sheet: Sheet, style: Style, today: date) -> None:
    """Paint a sheet from (0, 0): heading, titles, header, lanes, and what the signs mean."""
    layout, scale = sheet.layout, sheet.scale
    head = painting.header_height(scale, layout.plan.periods)
    lanes = layout.lanes[sheet.first : sheet.last]
    top = lanes[0].top if lanes else 0.0
    height = sheet.height - 2 * sheet.margin - sheet.heading
    bottom = top + height - head - _LEGEND
    painter.fillRect(QRectF(0, 0, sheet.width, sheet.height), style.surface)
    painter.save()
    painter.translate(sheet.margin, sheet.margin)
    if sheet.heading:
        _paint_heading(painter, sheet, style, today)
        painter.translate(0, sheet.heading)
    painter.save()
    painter.translate(_TITLES + _BESIDE, 0)
    painting.paint_header(painter, 0.0, scale.width, scale, layout.plan.periods, style, today)
    painter.translate(0, head - top)
    box = QRectF(-_BESIDE, top, _BESIDE + scale.width, bottom - top)
    painting.paint_grid(painter, box, layout, scale, style, last=bottom)
    for lane in lanes:
        painting.paint_lane(painter, lane, scale, style, today)
    painter.save()
    painter.setClipRect(box.adjusted(0, 0, _AFTER, 0))
    _paint_links(painter, sheet, style)
    painter.restore()
    painting.paint_today(painter, top, bottom, scale, style, today)
    painter.restore()
    _paint_titles(painter, lanes, head, top, style)
    painting.paint_legend(painter, 0, height - _LEGEND + 8, style)
    painter.restore()


def _paint_heading(painter: QPainter, sheet: Sheet, style: Style, today: date) -> None:
    """Paint whose chart it is, and of which day."""
    plan, room = sheet.layout.plan, sheet.width - 2 * sheet.margin
    font = QFont(style.strong)
    font.setPixelSize(_HEADING_PIXELS)
    words = f"{plan.acronym} – {plan.title}" if plan.title else plan.acronym
    painter.setFont(font)
    painter.setPen(style.text)
    elided = shortened(QFontMetricsF(font), words, room)
    painter.drawText(QRectF(0, 0, room, 28), Qt.AlignmentFlag.AlignLeft, elided)
    painter.setFont(style.body)
    painter.setPen(style.muted)
    below = formats.joined((say("Gantt chart"), formats.day(today)))
    painter.drawText(QRectF(0, 28, room, 22), Qt.AlignmentFlag.AlignLeft, below)


def _paint_links(painter: QPainter, sheet: Sheet, style: Style) -> None:
    layout, scale = sheet.layout, sheet.scale
    for link in layout.plan.links:
        numbers = layout.lane_of.get(link.before), layout.lane_of.get(link.after)
        if numbers[0] is None or numbers[1] is None:
            continue
        if not any(sheet.first <= number < sheet.last for number in numbers if number is not None):
            continue
        first, second = layout.lanes[numbers[0]], layout.lanes[numbers[1]]
        before, after = first.bar, second.bar
        if isinstance(before, GanttBar) and isinstance(after, GanttBar):
            way = route(first.bar_rect(scale), second.bar_rect(scale), link.type)
            broken = too_early(link, before, after) > 0
            painting.paint_link(painter, way, style, broken=broken)


def _paint_titles(
    painter: QPainter, lanes: tuple[Lane, ...], head: float, top: float, style: Style
) -> None:
    painting.paint_titles_head(painter, QRectF(0, 0, _TITLES, head), style, indent=0)
    painter.save()
    painter.translate(0, head - top)
    for lane in lanes:
        painting.paint_title(painter, lane, _TITLES, style, chevron=False)
    if lanes:
        painter.setPen(style.rule)
        bottom = lanes[-1].top + lanes[-1].height
        painter.drawLine(0, round(bottom), _TITLES, round(bottom))
    painter.restore()
