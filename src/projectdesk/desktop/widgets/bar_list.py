"""Bars under one another: how long something took, or somebody spoke; each with its figures.

Said twice over: by the bar, and by the words at its end. Up and Down move through the lines, and
the line that the cursor is on is what a screen reader is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
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
from projectdesk.desktop.theme.tokens import RADIUS_S, SPACE_S, Tone
from projectdesk.desktop.widgets.elision import shortened
from projectdesk.desktop.widgets.spoken import Role, play

_LINE: Final = 40
_BAR: Final = 8
_LABELS: Final = 0.42
"""Share of the width that names take."""
_FIGURES: Final = 132


@dataclass(frozen=True)
class Bar:
    """One line. value: of the bar; mark: a tick it is compared with, None = none.

    figures: at the end of the line. tone: of the bar. tip: all that is known of it.
    """

    name: str
    value: float
    figures: str
    mark: float | None = None
    tone: Tone = Tone.ACCENT
    tip: str = ""

    @property
    def words(self) -> str:
        """The line in words."""
        return ", ".join(part for part in (self.name, self.figures, self.tip) if part)


class BarList(QWidget):
    """Paints bars, all to one scale."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._bars: Sequence[Bar] = ()
        self._cursor = 0
        play(self, Role.Chart)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    @property
    def bars(self) -> Sequence[Bar]:
        """The lines shown."""
        return self._bars

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show lines, in order."""
        self._bars = bars
        self._cursor = min(self._cursor, max(len(bars) - 1, 0))
        self.setFixedHeight(max(len(bars), 1) * _LINE)
        self._tell()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, max(len(self._bars), 1) * _LINE)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        most = max([1.0, *(max(bar.value, bar.mark or 0.0) for bar in self._bars)])
        for number, bar in enumerate(self._bars):
            box = QRectF(0, number * _LINE, self.width(), _LINE)
            if self.hasFocus() and number == self._cursor:
                painter.fillRect(box, QColor(tokens().hover))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(tokens().accent), 1))
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_S, RADIUS_S)
            self._paint(painter, box, bar, most)
        painter.end()

    def _paint(self, painter: QPainter, box: QRectF, bar: Bar, most: float) -> None:
        colours = tokens()
        names = box.width() * _LABELS
        painter.setFont(self.font())
        metrics = QFontMetricsF(self.font())
        painter.setPen(QColor(colours.text))
        label = QRectF(box.left(), box.top(), names - SPACE_S, box.height())
        words = shortened(metrics, bar.name, label.width())
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(label, Qt.AlignmentFlag.AlignLeft | middle, words)
        room = box.width() - names - _FIGURES - SPACE_S
        track = QRectF(names, box.center().y() - _BAR / 2, max(room, 10.0), _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.sunken))
        painter.drawRoundedRect(track, _BAR / 2, _BAR / 2)
        if bar.value > 0:
            filled = QRectF(track)
            filled.setWidth(max(track.width() * bar.value / most, _BAR))
            painter.setBrush(QColor(colours.colour(bar.tone)))
            painter.drawRoundedRect(filled, _BAR / 2, _BAR / 2)
        if bar.mark is not None:
            x = track.left() + track.width() * bar.mark / most
            painter.setPen(QPen(QColor(colours.text), 2))
            painter.drawLine(QPointF(x, track.top() - 4), QPointF(x, track.bottom() + 4))
        small = QFont(self.font())
        small.setPointSizeF(theme().points("caption"))
        painter.setFont(small)
        painter.setPen(QColor(colours.colour(bar.tone if bar.tone is Tone.DANGER else Tone.MUTED)))
        end = QRectF(box.right() - _FIGURES, box.top(), _FIGURES, box.height())
        painter.drawText(end, Qt.AlignmentFlag.AlignRight | middle, bar.figures)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        wanted = self._cursor + ways.get(Qt.Key(event.key()), 0)
        if wanted != self._cursor and 0 <= wanted < len(self._bars):
            self._cursor = wanted
            self._tell()
            self.update()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = int(event.position().y() // _LINE)
        if 0 <= number < len(self._bars):
            self._cursor = number
            self._tell()
            self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            number = event.pos().y() // _LINE
            if 0 <= number < len(self._bars):
                bar = self._bars[number]
                QToolTip.showText(event.globalPos(), bar.tip or bar.words, self)
            return True
        return super().event(event)

    def _tell(self) -> None:
        words = self._bars[self._cursor].words if self._bars else ""
        self.setAccessibleDescription(words)
        changed = QAccessible.Event.DescriptionChanged
        QAccessible.updateAccessibility(QAccessibleEvent(self, changed))
