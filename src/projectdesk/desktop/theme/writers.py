"""Colours of those who write the minutes together; the page has the same (`css/tokens.css`).

A colour is never alone: the name stands at the cursor, in the legend and in the tooltip.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QColor

from projectdesk.desktop.theme.theme import tokens

LIGHT_WRITERS: Final = (
    *("#1f5fbf", "#8a4b00", "#1c6b36", "#a8243b"),
    *("#6b3fa0", "#0f6868", "#665800", "#99227f"),
)
DARK_WRITERS: Final = (
    *("#7fb2ff", "#ffb454", "#7bd88f", "#ff8fa3"),
    *("#c9a0ff", "#5fd7d7", "#e6d35c", "#ff9ee6"),
)
LIGHT_INK: Final = "#ffffff"
DARK_INK: Final = "#14171c"
_SHADE = 46
"""Of 255: how strongly a stretch of text is tinted; the text stays readable on it."""


def writer_colour(number: int) -> QColor:
    """Return the colour of a writer."""
    colours = DARK_WRITERS if tokens().dark else LIGHT_WRITERS
    return QColor(colours[number % len(colours)])


def writer_ink() -> QColor:
    """Return the colour of a name on a writer's colour."""
    return QColor(DARK_INK if tokens().dark else LIGHT_INK)


def writer_shade(number: int) -> QColor:
    """Return the colour behind what a writer wrote."""
    colour = writer_colour(number)
    colour.setAlpha(_SHADE)
    return colour
