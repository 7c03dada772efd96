"""Colours, pens and fonts of the chart, made once from the tokens of a theme."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPen

from projectdesk.desktop.theme.tokens import Tokens

_SMALL = 0.88


class Style:
    """What the painting functions paint with.

    Args:
        tokens: the colours.
        font: of the body; labels are smaller.
    """

    def __init__(self, tokens: Tokens, font: QFont) -> None:
        self.tokens = tokens
        self.body = QFont(font)
        self.strong = _bold(font)
        self.small = QFont(font)
        size = font.pointSizeF()
        if size > 0:
            self.small.setPointSizeF(size * _SMALL)
        else:
            self.small.setPixelSize(max(1, round(font.pixelSize() * _SMALL)))
        self.small_strong = _bold(self.small)
        metrics = QFontMetricsF(self.small)
        self.small_drop = (metrics.ascent() - metrics.descent()) / 2
        self.measure = _Measured(self.small_strong)
        self.surface = QBrush(QColor(tokens.surface))
        self.bar = QBrush(QColor(tokens.accent_soft))
        self.package = QBrush(QColor(tokens.accent))
        self.bar_line = _pen(tokens.accent, 1.2)
        self.package_line = _pen(tokens.accent, 1.2)
        self.hairline = _pen(tokens.line, 1.0)
        self.rule = _pen(tokens.line_strong, 1.0)
        self.ring = _pen(tokens.text, 1.6)
        self.link = _pen(tokens.muted, 1.2)
        self.link_broken = _pen(tokens.danger, 1.5, Qt.PenStyle.DashLine)
        self.link_chosen = _pen(tokens.accent, 2.4)
        self.today = _pen(tokens.danger, 1.4)
        self.mark_line = _pen(tokens.accent, 1.6)
        self.late_line = _pen(tokens.danger, 1.6)
        self.done_line = _pen(tokens.success, 1.6)
        self.exclamation = _pen(tokens.danger, 1.8)
        self.exclamation.setCapStyle(Qt.PenCapStyle.FlatCap)
        self.tick = _pen(tokens.surface, 1.6)
        self.done = QBrush(QColor(tokens.success))
        self.late = QBrush(QColor(tokens.danger_soft))
        self.text = QColor(tokens.text)
        self.muted = QColor(tokens.muted)
        self.danger = QColor(tokens.danger)
        self.band = QColor(tokens.text)
        self.band.setAlphaF(0.035 if not tokens.dark else 0.05)


class _Measured:
    """Widths of labels, each measured once."""

    def __init__(self, font: QFont) -> None:
        self._metrics = QFontMetricsF(font)
        self._widths: dict[str, float] = {}

    def __call__(self, label: str) -> float:
        if label not in self._widths:
            self._widths[label] = self._metrics.horizontalAdvance(label)
        return self._widths[label]


def _bold(font: QFont) -> QFont:
    made = QFont(font)
    made.setWeight(QFont.Weight.DemiBold)
    return made


def _pen(colour: str, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    made = QPen(QColor(colour), width, style)
    made.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return made
