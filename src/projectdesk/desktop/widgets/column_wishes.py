"""How wide a column would like to be, for its title and for what is in it.

A width that is written down is right for the words of one language. Titles and values are longer in
others, and a title that is cut says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QTableView

from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.theme import theme
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S

_SIDES = 2 * SPACE_M + 1
_MEASURED = 30
"""Rows: what is farther down is seen by who scrolls, when the columns stand still."""
_MOST = 1.5
"""Times its own width: one long value does not take the room of all others."""


def title_width(table: QTableView, column: Column[Any]) -> int:
    """Return what the title of a column needs, in pixels."""
    words = table.horizontalHeader().fontMetrics().horizontalAdvance(column.title)
    return words + _SIDES if column.title else 0


def value_width(table: QTableView, column: Column[Any], rows: Sequence[Any]) -> int:
    """Return what the values of the first rows need in a column with a width, in pixels."""
    if not column.width:
        return 0
    words = (column.text(row) for row in rows[:_MEASURED])
    metrics, sides = QFontMetrics(_font(table, column)), _SIDES
    if column.tone is not None:
        sides += 2 * SPACE_S
    widest = max((metrics.horizontalAdvance(each) for each in words if each), default=-sides)
    return min(widest + sides, int(column.width * _MOST))


def _font(table: QTableView, column: Column[Any]) -> QFont:
    font = QFont(table.font())
    if column.tone is not None:
        font.setPointSizeF(theme().points("caption"))
        font.setWeight(QFont.Weight.Medium)
    elif column.strong or column.bold is not None:
        font.setWeight(QFont.Weight.DemiBold)
    return font
