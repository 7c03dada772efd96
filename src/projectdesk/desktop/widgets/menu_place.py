"""Where a context menu opens."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QAbstractItemView


def menu_place(view: QAbstractItemView, event: QContextMenuEvent) -> QPoint:
    """Return where the menu of a list opens, on the screen.

    That is at the mouse; for the keyboard below the cell that has the focus, where Qt would take
    the middle of the list.
    """
    index = view.currentIndex()
    if event.reason() is not QContextMenuEvent.Reason.Keyboard or not index.isValid():
        return event.globalPos()
    return view.viewport().mapToGlobal(view.visualRect(index).bottomLeft())
