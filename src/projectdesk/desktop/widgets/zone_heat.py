"""A week by the hour, a line for each zone: how much a meeting would ask of the people there.

Said three times over: by colour, by the height of the bar in each hour, and, for the hour that the
cursor is on, in words. Arrows move the cursor, Enter or a click takes the hour.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QBrush,
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

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.heat import HOURS, HeatRow, HeatWeek
from projectdesk.desktop.models.slot_words import points, short_day
from projectdesk.desktop.theme import theme, tokens
from projectdesk.desktop.theme.tokens import RADIUS_S, SPACE_S
from projectdesk.desktop.widgets.elision import shortened
from projectdesk.desktop.widgets.spoken import Role, play
from projectdesk.domain.rules.zoned_time import to_local

_LINE: Final = 24
_THIN: Final = 17
"""A line's height, and where there are more than `_MANY` of them."""
_MANY: Final = 6
_BETWEEN: Final = 5
_HEADER: Final = 38
_LABEL: Final = 148
_FULL: Final = 10.0
"""Points at which a bar is as high as it gets."""
_PILL: Final = 16
_MARKED: Final = 9
"""So many of the best slots have their rank written in the map."""


class ZoneHeat(QWidget):
    """Paints a `HeatWeek` and lets an hour of it be taken."""

    taken = Signal(object)
    """datetime, UTC: the hour that was clicked, or entered"""

    def __init__(self) -> None:
        super().__init__()
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # time does, in every language
        self._week: HeatWeek | None = None
        self._cursor = 0
        self._chosen = -1
        play(self, Role.Chart)
        self.setAccessibleName(say("What each hour of the week asks of people, by zone"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def show_week(self, week: HeatWeek | None) -> None:
        """Show a week, None = nothing."""
        self._week = week
        self._cursor = min(self._cursor, max(len(week.starts) - 1, 0)) if week else 0
        self._chosen = -1
        self.setFixedHeight(self.sizeHint().height())
        self._tell()
        self.update()

    def choose(self, number: int) -> None:
        """Mark an hour as the one that is looked at, -1 = none."""
        self._chosen = number
        if number >= 0:
            self._cursor = number
            self._tell()
        self.update()

    @property
    def cursor_hour(self) -> int:
        """Number of the hour that the cursor is on."""
        return self._cursor

    def sizeHint(self) -> QSize:
        rows = 1 + len(self._week.rows) if self._week else 1
        return QSize(900, _HEADER + rows * self._line + 4)

    def words(self, number: int) -> str:
        """Return all that the map says of an hour."""
        week = self._week
        if week is None or not 0 <= number < len(week.starts):
            return ""
        start = week.starts[number]
        lines = [self._when(number)]
        blocked = week.blocked[number]
        if blocked is None:
            lines.append(say("No meeting of this length begins then in the period."))
        elif blocked:
            lines.append(
                say_count(
                    blocked, "{count} who is needed is busy", "{count} who are needed are busy"
                )
            )
        for line in week.rows:
            clock = formats.clock(to_local(start, line.zone))
            lines.append(f"{clock} {line.label}: {points(line.pains[number])}")
        return "\n".join(lines)

    # --- keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -HOURS,
            Qt.Key.Key_Down: HOURS,
            Qt.Key.Key_Home: -(self._cursor % HOURS),
            Qt.Key.Key_End: HOURS - 1 - self._cursor % HOURS,
        }
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._take(self._cursor)
        elif (step := steps.get(Qt.Key(event.key()))) is not None and self._week is not None:
            self._cursor = min(max(self._cursor + step, 0), len(self._week.starts) - 1)
            self._tell()
            self.update()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._number_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and number >= 0:
            self._cursor = number
            self._tell()
            self._take(number)
        else:
            super().mousePressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            words = self.words(self._number_at(QPointF(event.pos())))
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def _take(self, number: int) -> None:
        if self._week is not None and self._week.blocked[number] is not None:
            self.taken.emit(self._week.starts[number])

    def _tell(self) -> None:
        """Say to assistive technology where the cursor is."""
        self.setAccessibleDescription(self.words(self._cursor).replace("\n", ". "))
        if self.hasFocus():
            changed = QAccessible.Event.DescriptionChanged
            QAccessible.updateAccessibility(QAccessibleEvent(self, changed))

    def _when(self, number: int) -> str:
        week = self._week
        if week is None:
            return ""
        local = to_local(week.starts[number], week.zone)
        return f"{short_day(local)}, {formats.clock(local)} {formats.city(week.zone)}"

    # --- where things are

    @property
    def _days(self) -> int:
        return len(self._week.starts) // HOURS if self._week else 0

    @property
    def _hour_width(self) -> float:
        hours = len(self._week.starts) if self._week else 0
        return (self.width() - _LABEL - 2) / hours if hours else 1.0

    def _left(self, hour: float) -> float:
        return _LABEL + hour * self._hour_width

    @property
    def _line(self) -> int:
        return _THIN if self._week is not None and len(self._week.rows) > _MANY else _LINE

    def _top(self, line: int) -> float:
        return _HEADER + line * self._line

    @property
    def _marks(self) -> list[tuple[float, int]]:
        """Where the best slots are marked, and their ranks; of two that would touch, the better."""
        found: list[tuple[float, int]] = []
        for hour, rank in self._week.marks if self._week is not None else ():
            middle = self._left(hour) + self._hour_width / 2
            if rank <= _MARKED and all(abs(middle - other) > _PILL + 1 for other, _ in found):
                found.append((middle, rank))
        return found

    def _number_at(self, point: QPointF) -> int:
        hours = len(self._week.starts) if self._week else 0
        number = int((point.x() - _LABEL) // self._hour_width)
        inside = point.x() >= _LABEL and _HEADER <= point.y() < self.height()
        return number if inside and 0 <= number < hours else -1

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPointSizeF(theme().points("caption"))
        painter.setFont(font)
        week = self._week
        if week is not None and week.starts:
            self._paint_days(painter, week)
            self._paint_line(painter, week, 0, week.everybody, say("Hardest for anybody"))
            for line, shown in enumerate(week.rows, 1):
                count = f"  ({shown.people})" if shown.people > 1 else ""
                self._paint_line(painter, week, line, shown, shown.label + count)
            self._paint_blocked(painter, week)
            self._paint_marks(painter, week)
            self._paint_cursor(painter)
        painter.end()

    def _paint_days(self, painter: QPainter, week: HeatWeek) -> None:
        colours = tokens()
        bottom = self._top(1 + len(week.rows))
        for day in range(self._days):
            left = self._left(day * HOURS)
            local = to_local(week.starts[day * HOURS], week.zone)
            box = QRectF(left, 0, HOURS * self._hour_width, _HEADER / 2)
            painter.setPen(QColor(colours.text))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, short_day(local))
            painter.setPen(QColor(colours.muted))
            for hour in (6, 12, 18):
                middle = self._left(day * HOURS + hour)
                if all(abs(middle - other) > _PILL for other, _ in self._marks):
                    at = QRectF(middle - 14, _HEADER / 2, 28, _HEADER / 2)
                    painter.drawText(at, Qt.AlignmentFlag.AlignCenter, str(hour))
            painter.setPen(QPen(QColor(colours.line_strong), 1))
            painter.drawLine(QPointF(left, 4), QPointF(left, bottom))

    def _paint_line(
        self, painter: QPainter, week: HeatWeek, line: int, shown: HeatRow, label: str
    ) -> None:
        colours = tokens()
        tall = self._line - _BETWEEN
        top = self._top(line) + _BETWEEN / 2
        strong = QFont(painter.font())
        strong.setWeight(QFont.Weight.Medium if line == 0 else QFont.Weight.Normal)
        painter.save()
        painter.setFont(strong)
        painter.setPen(QColor(colours.text))
        room = _LABEL - SPACE_S
        words = shortened(QFontMetricsF(strong), label, room)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(0, top - 2, room, tall + 4), middle, words)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        for number, pain in enumerate(shown.pains):
            if week.blocked[number] is None:
                continue
            left, right = self._left(number), self._left(number + 1)
            cell = QRectF(left, top, right - left, tall)
            painter.fillRect(cell, _ground(pain))
            height = tall * min(pain / _FULL, 1.0)
            if height:
                bar = QRectF(left, top + tall - height, right - left, height)
                painter.fillRect(bar, _heat(pain))
        painter.restore()

    def _paint_blocked(self, painter: QPainter, week: HeatWeek) -> None:
        """Hatch the hours at which somebody needed is busy, over all lines."""
        colours = tokens()
        height = self._top(1 + len(week.rows)) - _HEADER
        for number, blocked in enumerate(week.blocked):
            if blocked:
                box = QRectF(self._left(number), _HEADER, self._hour_width, height)
                painter.fillRect(box, QBrush(QColor(colours.text), Qt.BrushStyle.BDiagPattern))

    def _paint_marks(self, painter: QPainter, week: HeatWeek) -> None:
        """Write the ranks of the best slots over the map."""
        colours = tokens()
        bottom = self._top(1 + len(week.rows))
        for middle, rank in self._marks:
            painter.setPen(QPen(QColor(colours.accent), 1.5))
            painter.drawLine(QPointF(middle, _HEADER - 4), QPointF(middle, bottom))
            box = QRectF(middle - _PILL / 2, _HEADER - _PILL - 2, _PILL, _PILL)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent))
            painter.drawRoundedRect(box, RADIUS_S, RADIUS_S)
            painter.setPen(QColor(colours.on_accent))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(rank))

    def _paint_cursor(self, painter: QPainter) -> None:
        colours = tokens()
        bottom = self._top(1 + (len(self._week.rows) if self._week else 0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        cursor = self._cursor if self.hasFocus() else -1
        # The cursor's frame is around that of the chosen hour: both are seen where they are one.
        for number, colour, out in ((self._chosen, colours.text, 1), (cursor, colours.accent, 3)):
            if number >= 0:
                left, right = self._left(number) - out, self._left(number + 1) + out
                box = QRectF(left, _HEADER - out, right - left, bottom - _HEADER + 2 * out - 1)
                painter.setPen(QPen(QColor(colour), 2.0))
                painter.drawRect(box)


def _ground(pain: float) -> QColor:
    """Return what is behind the bar of an hour: working hours are green through and through."""
    colours = tokens()
    if pain <= 0:
        return _mixed(colours.success_soft, colours.success, 0.45)
    return _mixed(colours.surface, colours.neutral_soft, 0.8)


def _heat(pain: float) -> QColor:
    """Return the colour of a bar: from a warning for the evening to danger for the night."""
    colours = tokens()
    share = min(pain / _FULL, 1.0)
    soft = _mixed(colours.warning_soft, colours.danger_soft, share)
    strong = _mixed(colours.warning, colours.danger, share)
    return _mixed(soft.name(), strong.name(), 0.3 + 0.25 * share)


def _mixed(first: str, second: str, share: float) -> QColor:
    """Return a colour between two."""
    one, other = QColor(first), QColor(second)
    keep = 1.0 - share
    return QColor(
        round(one.red() * keep + other.red() * share),
        round(one.green() * keep + other.green() * share),
        round(one.blue() * keep + other.blue() * share),
    )
