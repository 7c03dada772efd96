"""What waits for a coming meeting, beside the agenda: put on it by button, key or drag."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListWidget, QListWidgetItem, QMenu

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.agenda_table import WAITING
from projectdesk.desktop.widgets.layout import (
    button,
    column,
    hairline,
    icon_button,
    row,
    show_if,
    text,
)
from projectdesk.desktop.widgets.menu_place import menu_place
from projectdesk.services.agenda_rows import BacklogRow

_WIDTH = 300
_ROW = Qt.ItemDataRole.UserRole


class WaitingList(QListWidget):
    """The items of a backlog; Return puts the selected ones on the agenda, Delete deletes one."""

    chosen = Signal(object)
    delete_asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(say("Backlog"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(True)
        self.setSpacing(SPACE_XS)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.itemDoubleClicked.connect(lambda _: self.chosen.emit(self.selected()))

    def show_rows(self, rows: Sequence[BacklogRow]) -> None:
        """Show what waits."""
        self.clear()
        for waiting in rows:
            item = QListWidgetItem(_words(waiting))
            item.setData(_ROW, waiting)
            item.setToolTip(_tip(waiting))
            self.addItem(item)

    def selected(self) -> list[BacklogRow]:
        """Return the selected rows, in the order shown."""
        items = sorted(self.selectedItems(), key=self.row)
        return [item.data(_ROW) for item in items]

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        data = QMimeData()
        rows = [item.data(_ROW) for item in sorted(items, key=self.row)]
        data.setData(WAITING, "\n".join(waiting.id.hex for waiting in rows).encode("ascii"))
        return data

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.selected())
        elif event.key() == Qt.Key.Key_Delete and len(self.selected()) == 1:
            self.delete_asked.emit(self.selected()[0])
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        rows = self.selected()
        if not rows:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        put = QAction(say("Put on the agenda"), menu)
        set_icon(put, "arrow-left", Tone.MUTED)
        put.triggered.connect(lambda: self.chosen.emit(rows))
        menu.addAction(put)
        if len(rows) == 1:
            delete = QAction(say("Delete"), menu)
            set_icon(delete, "trash-2", Tone.DANGER)
            delete.triggered.connect(lambda: self.delete_asked.emit(rows[0]))
            menu.addAction(delete)
        menu.popup(menu_place(self, event))


class BacklogPanel(QFrame):
    """The backlog of the meeting's project and body.

    put: list[BacklogRow] that come onto the agenda. added: the title of something new.
    """

    put = Signal(object)
    added = Signal()
    delete_asked = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.setFixedWidth(_WIDTH)
        self.list = WaitingList()
        self.list.chosen.connect(self.put)
        self.list.delete_asked.connect(self.delete_asked)
        self.list.itemSelectionChanged.connect(self._follow)
        self.to_agenda = button(say("Put on the agenda"), "", "arrow-left", self._put)
        self.to_agenda.setEnabled(False)
        self.add = button(say("Add"), "quiet", "plus", self.added.emit)
        self.none = text(
            say("Nothing waits. What a meeting does not get to can be put here for the next one."),
            "muted",
            wrap=True,
        )
        head = row(
            text(say("Backlog"), "heading"), None, icon_button("x", say("Close"), self.closed.emit)
        )
        layout = column(
            head,
            hairline(),
            self.none,
            self.list,
            row(self.to_agenda, None, self.add, spacing=SPACE_S),
            spacing=SPACE_M,
            margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_M),
        )
        layout.setStretch(3, 1)
        self.setLayout(layout)

    def show_rows(self, rows: Sequence[BacklogRow]) -> None:
        """Show what waits."""
        self.list.show_rows(rows)
        show_if(self.none, not rows)
        self._follow()

    def _follow(self) -> None:
        self.to_agenda.setEnabled(bool(self.list.selectedItems()))

    def _put(self) -> None:
        self.put.emit(self.list.selected())


def _words(waiting: BacklogRow) -> str:
    parts = [formats.minutes(waiting.duration_minutes), waiting.presenter or waiting.presenter_text]
    parts += [*waiting.related, waiting.body]
    return f"{waiting.title}\n{formats.joined(parts)}"


def _tip(waiting: BacklogRow) -> str:
    parts = [
        say("From {meeting}", meeting=waiting.carried_from) if waiting.carried_from else "",
        waiting.reason,
        waiting.description,
    ]
    return "\n".join(part for part in parts if part)
