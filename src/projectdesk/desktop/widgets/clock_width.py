"""How much wider a column has to be where times of day are long: "12:58 AM", "10:58 م".

Widths of columns are those of times of 24 hours; in other locales each time takes more room.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QLocale
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication

from projectdesk.desktop.models import formats

_TIMES: Final = [
    datetime(2000, 1, 1, hour, minute, tzinfo=UTC)
    for hour in (0, 10, 12, 20, 22)
    for minute in (0, 48, 58)
]


def with_clock(width: int, times: int = 1) -> int:
    """Return the width of a column that shows so many times of day, given that of "00:00"."""
    if QGuiApplication.instance() is None:
        return width  # no font, and nothing to show it on
    return width + times * _more(QLocale().name(), QGuiApplication.font().key())


@lru_cache(maxsize=8)
def _more(_locale: str, font: str) -> int:
    """Return how many pixels the widest time of the locale is wider than "00:00"."""
    made = QFont()
    made.fromString(font)
    measure = QFontMetricsF(made).horizontalAdvance
    widest = max(measure(formats.clock(time)) for time in _TIMES)
    return max(0, math.ceil(widest - measure("00:00")))
