"""A table whose rows have an order of their own, changed by dragging and by the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractItemView

from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.theme import tokens
from projectdesk.desktop.theme.tokens import ROW_HEIGHT
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.empty_state import EmptyState

RowT = TypeVar("RowT")


class OrderedTable(DataTable[RowT]):
    """Rows are moved by dragging and by Alt+Up and Alt+Down; `moved` says which and where to."""

    moved = Signal(object, int)

    def __init__(
        self,
        columns: Sequence[Column[RowT]],
        key: Callable[[RowT], Hashable],
        empty: EmptyState,
        *,
        name: str = "",
    ) -> None:
        super().__init__(columns, key, empty, sortable=False, name=name)
        self.drop_line = -1
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(False)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        for keys, step in (("Alt+Up", -1), ("Alt+Down", 1)):
            made = QAction(self)
            made.setShortcut(QKeySequence(keys))
            made.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            made.triggered.connect(lambda _=False, by=step: self._move_by(by))
            self.addAction(made)

    def _move_by(self, step: int) -> None:
        row = self.current()
        target = self.currentIndex().row() + step
        if row is not None and 0 <= target < self.model().rowCount():
            self.moved.emit(row, target)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.source() is not self:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.MoveAction)
        event.accept()
        self.drop_line = self._gap_at(event.position().toPoint())
        self.viewport().update()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drop_line = -1
        self.viewport().update()

    def dropEvent(self, event: QDropEvent) -> None:
        gap, self.drop_line = self._gap_at(event.position().toPoint()), -1
        row, at = self.current(), self.currentIndex().row()
        event.setDropAction(Qt.DropAction.CopyAction)  # the model moves it when it is saved
        event.accept()
        self.viewport().update()
        target = gap - 1 if gap > at else gap
        if row is not None and target != at:
            self.moved.emit(row, target)

    def _gap_at(self, point: QPoint) -> int:
        """Return the gap between rows nearest to `point`: 0 = above the first row."""
        number = self.rowAt(point.y())
        if number < 0:
            return self.model().rowCount() if point.y() > 0 else 0
        return number + (point.y() - self.rowViewportPosition(number) > ROW_HEIGHT // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.drop_line < 0:
            return
        painter = QPainter(self.viewport())
        painter.setPen(QPen(QColor(tokens().accent), 2))
        y = self.drop_line * ROW_HEIGHT - self.verticalScrollBar().value()
        painter.drawLine(0, max(1, y), self.viewport().width(), max(1, y))
        painter.end()
