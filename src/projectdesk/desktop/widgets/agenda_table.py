"""The list of an agenda: headings across, items that move, what is dropped on it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent

from projectdesk.desktop.models.agenda_lines import AgendaLine
from projectdesk.desktop.widgets.ordered_table import OrderedTable

WAITING = "application/x-projectdesk-waiting"
"""What is dragged out of the backlog: ids as hex, one a line."""


def waiting_ids(data: QMimeData) -> list[UUID]:
    """Return the ids of the items of a backlog that are being dragged."""
    words = bytes(data.data(WAITING).data()).decode("ascii", "replace").split()
    return [UUID(word) for word in words if len(word) == 32]


class AgendaTable(OrderedTable[AgendaLine]):
    """An `OrderedTable` whose headings reach across all columns."""

    waiting_dropped = Signal(object, int)
    """list[UUID], before which line"""
    files_dropped = Signal(object, object)
    """AgendaLine, QMimeData"""

    def show_rows(self, rows: Sequence[AgendaLine]) -> None:
        """Show lines; a heading takes the whole width."""
        super().show_rows(rows)
        self.clearSpans()
        for number, line in enumerate(self.shown()):
            if line.item is None:
                self.setSpan(number, 0, 1, self.model().columnCount())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(WAITING) or event.mimeData().hasUrls():
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        data = event.mimeData()
        point = event.position().toPoint()
        if data.hasFormat(WAITING):
            self.drop_line = self._gap_at(point)
        elif data.hasUrls():
            line = self.line_at(point.y())
            if line is None or line.item is None or line.item.is_break:
                self.hovered_row = -1
                self.viewport().update()
                event.ignore()
                return
            self.hovered_row = self.rowAt(point.y())
        else:
            super().dragMoveEvent(event)
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.viewport().update()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.hovered_row = -1
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        data, point = event.mimeData(), event.position().toPoint()
        if data.hasFormat(WAITING):
            gap, self.drop_line = self._gap_at(point), -1
            event.acceptProposedAction()
            self.viewport().update()
            self.waiting_dropped.emit(waiting_ids(data), gap)
        elif data.hasUrls():
            line = self.line_at(point.y())
            if line is not None and line.item is not None:
                event.acceptProposedAction()
                self.files_dropped.emit(line, data)
        else:
            super().dropEvent(event)

    def line_at(self, y: int) -> AgendaLine | None:
        """Return the line at a height of the view."""
        number = self.rowAt(y)
        return self.shown()[number] if number >= 0 else None
