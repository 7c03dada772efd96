"""How a line that is too long is cut."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QGuiApplication

_ISOLATE = "\u2068"
"""First strong isolate (UAX 9): what follows has the direction of its own first letter."""


def shortened(metrics: QFontMetrics | QFontMetricsF, words: str, room: float) -> str:
    """Return `words`, ending in … where they need more than `room` pixels.

    In a window that is read from the right the … of a line in Latin letters would stand before its
    first letter, as if the beginning was missing: it belongs to the line, and so to its direction.
    """
    room = max(int(room), 0)
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
    if shown == words or not QGuiApplication.isRightToLeft():
        return shown
    return _ISOLATE + shown
