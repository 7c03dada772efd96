"""Colours, pens and fonts of the calendar, made once from the tokens of a theme."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPen

from projectdesk.desktop.theme.tokens import Tokens, Tone

_SMALL = 0.88
_TONES = (Tone.ACCENT, Tone.SUCCESS, Tone.WARNING, Tone.INFO)
_STRIPES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)


class Style:
    """What the painting functions paint with.

    Args:
        tokens: the colours.
        font: of the body; entries are smaller.
    """

    def __init__(self, tokens: Tokens, font: QFont) -> None:
        self.tokens = tokens
        self.body = QFont(font)
        self.strong = _bold(font)
        self.small = QFont(font)
        self.small.setPointSizeF(max(font.pointSizeF(), 1.0) * _SMALL)
        self.small_strong = _bold(self.small)
        self.struck = QFont(self.small)
        self.struck.setStrikeOut(True)
        self.metrics = QFontMetricsF(self.small)
        self.strong_metrics = QFontMetricsF(self.small_strong)
        self._struck_metrics = QFontMetricsF(self.struck)
        self.text = QColor(tokens.text)
        self.muted = QColor(tokens.muted)
        self.danger = QColor(tokens.danger)
        self.warning = QColor(tokens.warning)
        self.accent = QColor(tokens.accent)
        self.on_accent = QColor(tokens.on_accent)
        self.surface = QColor(tokens.surface)
        self.dim = QColor(tokens.window)
        self.quiet = QColor(tokens.sunken)
        self.neutral = QColor(tokens.neutral_soft)
        self.hairline = _pen(tokens.line, 1.0)
        self.half = _pen(tokens.line, 1.0, Qt.PenStyle.DotLine)
        self.rule = _pen(tokens.line_strong, 1.0)
        self.ring = _pen(tokens.accent, 2.0)
        self.now = _pen(tokens.danger, 1.6)
        self.outline = _pen(tokens.line_strong, 1.0)
        self.dashed = _pen(tokens.muted, 1.0, Qt.PenStyle.DashLine)
        hatch = QColor(tokens.line_strong)
        self.hatch = QBrush(hatch, Qt.BrushStyle.BDiagPattern)

    def measured(self, font: QFont) -> QFontMetricsF:
        """Return the metrics of one of these fonts, made once: a week paints hundreds of texts."""
        if font is self.small:
            return self.metrics
        return self.strong_metrics if font is self.small_strong else self._struck_metrics

    def colour(self, number: int) -> QColor:
        """Return the colour of a project by its number; -1 = of no project."""
        return QColor(self.tokens.colour(_tone(number)))

    def soft(self, number: int) -> QColor:
        """Return the background of a project's entries."""
        return QColor(self.tokens.soft(_tone(number)))

    def stripe(self, number: int) -> QPen:
        """Return the pen of a project's stripe: dashed, then dotted, once colours come again."""
        style = _STRIPES[max(number, 0) // len(_TONES) % len(_STRIPES)]
        pen = QPen(self.colour(number), 3.0, style)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        return pen


def _tone(number: int) -> Tone:
    return Tone.NEUTRAL if number < 0 else _TONES[number % len(_TONES)]


def _bold(font: QFont) -> QFont:
    made = QFont(font)
    made.setWeight(QFont.Weight.DemiBold)
    return made


def _pen(colour: str, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    return QPen(QColor(colour), width, style)
