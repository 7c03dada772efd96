"""The table that every list uses: sort, filter, type to find, context menu, copy, edit in place."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from projectdesk.desktop.language import say
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.models.rows_model import RowsModel
from projectdesk.desktop.models.sorted_rows import SortedRows
from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.desktop.theme.tokens import ROW_HEIGHT
from projectdesk.desktop.widgets.cells import CellDelegate
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.layout import show_if

RowT = TypeVar("RowT")
_LEAST_STRETCHED = 44


@dataclass(frozen=True)
class RowAction(Generic[RowT]):
    """What can be done with selected rows. many: also with several at once."""

    words: str
    icon: str
    run: Callable[[list[RowT]], None]
    shortcut: str = ""
    many: bool = False
    when: Callable[[RowT], bool] | None = None
    danger: bool = False


class DataTable(QTableView, Generic[RowT]):
    """Frozen rows in a table. Enter or a double click opens a row, F2 edits a cell."""

    opened = Signal(object)
    current_changed = Signal(object)
    edited = Signal(object, object, object)
    refused = Signal(str)
    empty_acted = Signal()

    def __init__(
        self,
        columns: Sequence[Column[RowT]],
        key: Callable[[RowT], Hashable],
        empty: EmptyState,
        *,
        sortable: bool = True,
    ) -> None:
        """Make an empty table.

        Args:
            columns: what to show.
            key: identity of a row.
            empty: shown while there are no rows at all.
            sortable: False keeps the order in which rows are set.
        """
        super().__init__()
        self.hovered_row = -1
        self._key = key
        self._actions: list[RowAction[RowT]] = []
        self._model = RowsModel(columns, key, self._announce_edit, self)
        self._sorted = SortedRows(self._model, self)
        self._loaded = False
        self._hidden: frozenset[int] = frozenset()
        self._pending: Hashable | None = None
        self.setModel(self._sorted)
        self.setItemDelegate(CellDelegate(self))
        self._set_up_look()
        self._set_up_header(sortable)
        self._empty = empty
        self._empty.setParent(self.viewport())
        self._empty.hide()
        self._empty.acted.connect(self.empty_acted)
        self._nothing = EmptyState("search", say("Nothing matches"), say("Try fewer letters."))
        self._nothing.setParent(self.viewport())
        self._nothing.hide()
        self.doubleClicked.connect(self._on_double_click)
        selection = self.selectionModel()
        selection.currentRowChanged.connect(self._on_current)
        for signal in (
            self._sorted.rowsInserted,
            self._sorted.rowsRemoved,
            self._sorted.modelReset,
            self._sorted.layoutChanged,
        ):
            signal.connect(self._show_emptiness)

    def _set_up_look(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setMinimumSectionSize(ROW_HEIGHT)

    def _set_up_header(self, sortable: bool) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(sortable)
        header.setMinimumSectionSize(40)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setFixedHeight(36)
        if sortable:
            self.setSortingEnabled(True)
            header.setSortIndicatorClearable(True)
            self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorShown(sortable)

    # --- rows

    def show_rows(self, rows: Sequence[RowT]) -> None:
        """Show `rows`; the selection stays where it can."""
        self._loaded = True
        self._model.set_rows(rows)
        if self._pending is not None and self.select(self._pending):
            self._pending = None
        self._show_emptiness()

    def refresh(self) -> None:
        """Show the same rows again, in another unit."""
        self._model.refresh()

    def set_columns_hidden(self, hidden: frozenset[int]) -> None:
        """Hide columns by number."""
        self._hidden = hidden
        self._share_width()

    @property
    def rows(self) -> tuple[RowT, ...]:
        """All rows, unsorted and unfiltered."""
        return self._model.rows

    def shown(self) -> list[RowT]:
        """Return the rows as sorted and filtered."""
        return self._sorted.shown()

    def cell(self, index: QModelIndex | QPersistentModelIndex) -> tuple[RowT, Column[RowT]]:
        """Return the row and column at an index of the view."""
        source = self._sorted.mapToSource(index)
        return self._model.row(source.row()), self._model.columns[source.column()]

    def current(self) -> RowT | None:
        """Return the row that the keyboard is on."""
        index = self.currentIndex()
        return self.cell(index)[0] if index.isValid() else None

    def selected(self) -> list[RowT]:
        """Return the selected rows, in the order shown."""
        indexes = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        return [self.cell(index)[0] for index in indexes]

    def select(self, key: Hashable, *, later: bool = False) -> bool:
        """Select the row with `key`; with `later`, as soon as it is there."""
        number = self._model.find(key)
        if number is None:
            if later:
                self._pending = key
            return False
        index = self._sorted.mapFromSource(self._model.index(number, 0))
        if not index.isValid():
            return False
        column = self.currentIndex().column() if self.currentIndex().isValid() else 0
        self.setCurrentIndex(index.siblingAtColumn(max(0, column)))
        self.scrollTo(index)
        return True

    def clear_selection(self) -> None:
        """Select nothing."""
        self.selectionModel().clear()
        self.current_changed.emit(None)

    def set_filter(self, words: str) -> None:
        """Keep the rows that hold every word."""
        self._sorted.set_filter(words)
        self._show_emptiness()

    # --- what can be done

    def set_actions(self, actions: Sequence[RowAction[RowT]]) -> None:
        """Offer `actions` in the context menu and by their shortcuts."""
        self._actions = list(actions)
        for action in self._actions:
            if action.shortcut:
                made = QAction(action.words, self)
                made.setShortcut(QKeySequence(action.shortcut))
                made.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
                made.triggered.connect(lambda _=False, chosen=action: self._run(chosen))
                self.addAction(made)

    def _can_run(self, action: RowAction[RowT], rows: list[RowT]) -> bool:
        if not rows or (len(rows) > 1 and not action.many):
            return False
        return action.when is None or all(action.when(row) for row in rows)

    def _run(self, action: RowAction[RowT]) -> None:
        rows = self.selected()
        if self._can_run(action, rows):
            action.run(rows)

    def menu(self) -> QMenu:
        """Return the context menu for what is selected; its owner deletes it."""
        menu = QMenu(self)
        rows = self.selected()
        for action in self._actions:
            made = menu.addAction(action.words)
            set_icon(made, action.icon, Tone.DANGER if action.danger else Tone.MUTED)
            if action.shortcut:
                made.setShortcut(QKeySequence(action.shortcut))
            made.setEnabled(self._can_run(action, rows))
            made.triggered.connect(lambda _=False, chosen=action: self._run(chosen))
        if self._actions:
            menu.addSeparator()
        copy = menu.addAction(say("Copy"))
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        set_icon(copy, "copy", Tone.MUTED)
        copy.setEnabled(bool(rows))
        copy.triggered.connect(self.copy)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def copy(self) -> None:
        """Put the selected rows on the clipboard as tab-separated text with a header."""
        visible = [n for n in range(len(self._model.columns)) if not self.isColumnHidden(n)]
        columns = [self._model.columns[number] for number in visible]
        lines = ["\t".join(column.title for column in columns)]
        for row in self.selected():
            cells = (column.text(row) for column in columns)
            lines.append("\t".join(" ".join(cell.split()) for cell in cells))
        QGuiApplication.clipboard().setText("\n".join(lines))

    # --- keyboard and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        open_keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() in open_keys and self.state() != QAbstractItemView.State.EditingState:
            row = self.current()
            if row is not None:
                self.opened.emit(row)
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Find by typing in the first column that takes the rest of the width (the name)."""
        names = [n for n, column in enumerate(self._model.columns) if column.width == 0]
        index = self.currentIndex()
        if names and not self.isColumnHidden(names[0]):
            at = self._sorted.index(max(0, index.row()), names[0])
            self.selectionModel().setCurrentIndex(at, QItemSelectionModel.SelectionFlag.NoUpdate)
        super().keyboardSearch(search)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()).row())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def _hover(self, number: int) -> None:
        if number != self.hovered_row:
            self.hovered_row = number
            self.viewport().update()

    def _on_double_click(self, index: QModelIndex) -> None:
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)
        else:
            self.opened.emit(self.cell(index)[0])

    # --- inside

    def _announce_edit(self, row: RowT, column: Column[RowT], value: object) -> None:
        self.edited.emit(row, column.field, value)

    def _on_current(self, index: QModelIndex) -> None:
        self.current_changed.emit(self.cell(index)[0] if index.isValid() else None)

    def _show_emptiness(self) -> None:
        none = self._loaded and self._model.rowCount() == 0
        filtered = self._loaded and not none and self._sorted.rowCount() == 0
        show_if(self._empty, none)
        show_if(self._nothing, filtered)
        show_if(self.horizontalHeader(), not none)
        self._place_emptiness()

    def _place_emptiness(self) -> None:
        for state in (self._empty, self._nothing):
            state.setGeometry(self.viewport().rect())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()
        self._place_emptiness()

    def _share_width(self) -> None:
        columns = list(enumerate(self._model.columns))
        shown = [(n, c) for n, c in columns if n not in self._hidden]
        room = self.viewport().width()
        for number, column in reversed(shown[:]):
            if _least_width(shown) <= room:
                break
            if column.optional:
                shown.remove((number, column))
        for number, column in columns:
            self.setColumnHidden(number, (number, column) not in shown)
        fixed = sum(column.width for _, column in shown)
        shares = sum(column.stretch for _, column in shown if not column.width) or 1
        for number, column in shown:
            least = _least(column)
            width = column.width or max(least, (room - fixed) * column.stretch // shares)
            self.setColumnWidth(number, width)


def _least_width(shown: Sequence[tuple[int, Column[RowT]]]) -> int:
    return sum(_least(column) for _, column in shown)


def _least(column: Column[RowT]) -> int:
    return column.width or _LEAST_STRETCHED * (column.stretch + 1)
