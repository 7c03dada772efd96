"""The table of every list: sort, filter, type to find, context menu, cells as in a spreadsheet.

A click on a cell that can be edited selects the cell, on any other the row. Shift with arrows and
dragging select rectangles, Shift+Space whole rows, Ctrl+A everything. Delete removes rows that are
selected whole (or whose cells cannot be edited) and empties cells otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from projectdesk.desktop.language import say
from projectdesk.desktop.models.cell_edits import CellEdit
from projectdesk.desktop.models.column_filters import ColumnFilter
from projectdesk.desktop.models.fields import Column, RowHeading
from projectdesk.desktop.models.rows_model import RowsModel
from projectdesk.desktop.models.sorted_rows import SortedRows
from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.desktop.theme.tokens import ROW_HEIGHT
from projectdesk.desktop.widgets.cells import CellDelegate
from projectdesk.desktop.widgets.column_layout import ColumnLayout
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.layout import show_if
from projectdesk.desktop.widgets.menu_place import menu_place
from projectdesk.desktop.widgets.refused_cell import RefusedCell
from projectdesk.desktop.widgets.table_cells import TableCells
from projectdesk.desktop.widgets.table_menus import add_cell_actions, column_menu, run_key

RowT = TypeVar("RowT")
_DELETE = "Del"


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
    """row, field, value of one cell"""
    edited_many = Signal(object, str)
    """list[models.cell_edits.CellEdit], label of the change"""
    selected_changed = Signal()
    refused = Signal(str)
    filters_changed = Signal()
    empty_acted = Signal()

    def __init__(
        self,
        columns: Sequence[Column[RowT]],
        key: Callable[[RowT], Hashable],
        empty: EmptyState,
        *,
        sortable: bool = True,
        name: str = "",
    ) -> None:
        """Make an empty table.

        Args:
            columns: what to show.
            key: identity of a row.
            empty: shown while there are no rows at all.
            sortable: False keeps the order in which rows are set.
            name: under which the look of the columns is kept; "" = it is not.
        """
        super().__init__()
        self.hovered_row = -1
        self._key = key
        self._actions: list[RowAction[RowT]] = []
        self._model = RowsModel(columns, key, self._announce_edit, self)
        self._sorted = SortedRows(self._model, self)
        self._loaded = False
        self._by_rows = True
        self._column_pressed = -1
        self.filterable = False
        self.ruled = False
        self.row_heading: RowHeading[RowT] | None = None
        self._pending: Hashable | None = None
        self.setModel(self._sorted)
        self.setItemDelegate(CellDelegate(self))
        self._set_up_look()
        self._set_up_header(sortable)
        self.layout_of_columns = ColumnLayout(self, columns, name)
        self.cells = TableCells(self, columns)
        self.cells.planned.connect(self._announce_edits)
        self.cells.refused.connect(self._refuse_here)
        self.refusal = RefusedCell(self)
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
        selection.selectionChanged.connect(self.selected_changed)
        for signal in (
            self._sorted.rowsInserted,
            self._sorted.rowsRemoved,
            self._sorted.modelReset,
            self._sorted.layoutChanged,
        ):
            signal.connect(self._show_emptiness)

    def _set_up_look(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
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
        # A header asks for the flags of every cell of columns that are selected whole, only to
        # know its neighbours: 1.2 s after Ctrl+A over 20,000 rows. It shows nothing of it here.
        header.setSelectionModel(QItemSelectionModel(self._sorted, header))
        header.setSectionsClickable(sortable)
        header.setMinimumSectionSize(40)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setFixedHeight(36)
        # Otherwise a title that is too long for a right-aligned column loses its beginning.
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._open_header_menu)
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
        self.layout_of_columns.measure(rows)
        if self._pending is not None and self.select(self._pending):
            self._pending = None
        self._show_emptiness()

    def refresh(self) -> None:
        """Show the same rows again, in another unit."""
        self._model.refresh()

    def set_columns_hidden(self, hidden: frozenset[int]) -> None:
        """Hide columns by number."""
        self.layout_of_columns.hide_for_page(hidden)

    @property
    def rows(self) -> tuple[RowT, ...]:
        """All rows, unsorted and unfiltered."""
        return self._model.rows

    def shown(self) -> list[RowT]:
        """Return the rows as sorted and filtered."""
        return self._sorted.shown()

    def cell(self, index: QModelIndex | QPersistentModelIndex) -> tuple[RowT, Column[RowT]]:
        """Return the row and column at an index of the view."""
        return self._sorted.row(index.row()), self._model.columns[index.column()]

    def current(self) -> RowT | None:
        """Return the row that the keyboard is on."""
        index = self.currentIndex()
        return self.cell(index)[0] if index.isValid() else None

    def selected(self) -> list[RowT]:
        """Return the rows with selected cells, in the order shown."""
        ranges = self.selectionModel().selection()
        numbers = {
            number
            for at in range(ranges.count())
            for number in range(ranges.at(at).top(), ranges.at(at).bottom() + 1)
        }
        return [self._sorted.row(number) for number in sorted(numbers)]

    def name_rows(self, title: Callable[[RowT], str]) -> None:
        """Call rows by `title` in the vertical header, which is not shown by itself."""
        self._sorted.row_title = title

    def row_name(self, row: RowT) -> str:
        """Return what a row is called: its number and its name."""
        columns = self._model.columns
        names = [c for c in columns if c.strong or not c.width] or list(columns)
        parts = dict.fromkeys((columns[0].text(row), names[0].text(row)))
        return "  ".join(part for part in parts if part)

    def set_column_filter(self, number: int, wanted: ColumnFilter | None) -> None:
        """Keep the rows whose cell in a column is wanted, None = all."""
        self._sorted.set_column_filter(number, wanted)
        self.filters_changed.emit()
        self._show_emptiness()

    def clear_column_filters(self) -> None:
        """Keep the rows whatever their columns hold."""
        self._sorted.clear_column_filters()
        self.filters_changed.emit()
        self._show_emptiness()

    @property
    def column_filters(self) -> list[tuple[int, Column[RowT], ColumnFilter]]:
        """The filters of columns: number, column, filter."""
        columns = self._model.columns
        return [(n, columns[n], wanted) for n, wanted in self._sorted.filters.items()]

    @property
    def columns(self) -> tuple[Column[RowT], ...]:
        """All columns."""
        return self._model.columns

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
        flag = QItemSelectionModel.SelectionFlag
        self._by_rows = True
        self.selectionModel().setCurrentIndex(
            index.siblingAtColumn(max(0, column)), flag.ClearAndSelect | flag.Rows
        )
        self.scrollTo(index)
        return True

    def select_cells(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Select a rectangle of cells, each given by the numbers of its shown row and column."""
        flag = QItemSelectionModel.SelectionFlag
        self._by_rows = False
        corners = (self._sorted.index(*first), self._sorted.index(*last))
        self.selectionModel().setCurrentIndex(corners[0], flag.NoUpdate)
        self.selectionModel().select(QItemSelection(*corners), flag.ClearAndSelect)

    def select_rows(self) -> None:
        """Select the rows of the selected cells whole."""
        flag = QItemSelectionModel.SelectionFlag
        self._by_rows = True
        chosen = QItemSelection(self.selectionModel().selection())
        self.selectionModel().select(chosen, flag.Select | flag.Rows)

    def clear_selection(self) -> None:
        """Select nothing."""
        self.refusal.forget()
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
                made.triggered.connect(lambda _=False, chosen=action: self._on_shortcut(chosen))
                self.addAction(made)

    def _on_shortcut(self, action: RowAction[RowT]) -> None:
        if action.shortcut == _DELETE and self.cells.clears():
            self.cells.clear()
        else:
            self._run(action)

    def _can_run(self, action: RowAction[RowT], rows: list[RowT]) -> bool:
        if not rows or (len(rows) > 1 and not action.many):
            return False
        return action.when is None or all(action.when(row) for row in rows)

    def _run(self, action: RowAction[RowT]) -> None:
        rows = self.selected()
        if self._can_run(action, rows):
            action.run(rows)

    @property
    def deletes_rows(self) -> bool:
        """Whether the Delete key removes rows that are selected whole."""
        return self._deletion() is not None

    def can_delete(self) -> bool:
        """Return whether the selected rows can be deleted together."""
        deletion = self._deletion()
        return deletion is not None and self._can_run(deletion, self.selected())

    def delete_selected(self) -> None:
        """Delete the selected rows as the Delete key does with whole rows."""
        deletion = self._deletion()
        if deletion is not None:
            self._run(deletion)

    def _deletion(self) -> RowAction[RowT] | None:
        return next((each for each in self._actions if each.shortcut == _DELETE), None)

    def menu(self) -> QMenu:
        """Return the context menu for what is selected; its owner deletes it."""
        menu = QMenu(self)
        rows = self.selected()
        clears = bool(rows) and self.cells.clears()
        for action in self._actions:
            made = menu.addAction(action.words)
            set_icon(made, action.icon, Tone.DANGER if action.danger else Tone.MUTED)
            if action.shortcut and not (clears and action.shortcut == _DELETE):
                made.setShortcut(QKeySequence(action.shortcut))
            made.setEnabled(self._can_run(action, rows))
            made.triggered.connect(lambda _=False, chosen=action: self._run(chosen))
        if self._actions:
            menu.addSeparator()
        add_cell_actions(menu, self, bool(rows), clears)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(menu_place(self, event))

    def header_menu(self, number: int) -> QMenu:
        """Return the menu of the header at a column; its owner deletes it."""
        return column_menu(self, number)

    def open_column_menu(self) -> None:
        """Open the menu of the column that the focus is in, below its title."""
        header = self.horizontalHeader()
        number = max(self.currentIndex().column(), 0)
        menu = self.header_menu(number)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        at = QPoint(header.sectionViewportPosition(number), header.height())
        menu.popup(header.viewport().mapToGlobal(at))

    def _open_header_menu(self, point: QPoint) -> None:
        menu = self.header_menu(self.horizontalHeader().logicalIndexAt(point))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.horizontalHeader().mapToGlobal(point))

    def copy(self) -> None:
        """Put the selected rows, with titles, or the selected cells on the clipboard."""
        self.cells.copy()

    # --- keyboard and mouse

    def selectionCommand(
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """Select the row of a cell that cannot be edited, the cell itself otherwise."""
        command = super().selectionCommand(index, event)
        flag = QItemSelectionModel.SelectionFlag
        if command == flag.NoUpdate or not index.isValid():
            return command
        if isinstance(event, QKeyEvent) and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
                self._by_rows = False
        elif not command & flag.Current:
            self._by_rows = not index.flags() & Qt.ItemFlag.ItemIsEditable
        elif isinstance(event, QMouseEvent) and index.column() != self._column_pressed:
            self._by_rows = False
        return command | flag.Rows if self._by_rows else command

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._column_pressed = self.indexAt(event.position().toPoint()).column()
        super().mousePressEvent(event)

    def selectAll(self) -> None:
        self._by_rows = True
        super().selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        editing = self.state() == QAbstractItemView.State.EditingState
        if not editing and run_key(self, event):
            return
        open_keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() in open_keys and not editing:
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

    @property
    def row_in_use(self) -> int:
        """Number of the row that the keyboard is on, -1 while rows are selected whole."""
        index = self.currentIndex()
        return index.row() if index.isValid() and not self._by_rows else -1

    def _on_double_click(self, index: QModelIndex) -> None:
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)
        else:
            self.opened.emit(self.cell(index)[0])

    # --- inside

    def _announce_edit(self, row: RowT, column: Column[RowT], value: object) -> None:
        self.edited.emit(row, column.field, value)

    def _announce_edits(self, edits: Sequence[CellEdit], label: str) -> None:
        self.refusal.forget()
        if len(edits) == 1:
            self.edited.emit(edits[0].row, edits[0].field, edits[0].value)
        else:
            self.edited_many.emit(edits, label)

    def _refuse_here(self, words: str) -> None:
        if not self.refusal.tell(self.currentIndex(), words):
            self.refused.emit(words)

    def key_of(self, row: RowT) -> Hashable:
        """Return the identity of a row."""
        return self._key(row)

    def index_of(self, key: Hashable, field_name: str) -> QModelIndex:
        """Return the cell of a field in the row with `key`; not valid where none is shown."""
        number = self._sorted.find(key)
        for at, column in enumerate(self._model.columns):
            if number is not None and column.field is not None and column.field.name == field_name:
                return self._sorted.index(number, at)
        return QModelIndex()

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
        self.layout_of_columns.share_width()
        self._place_emptiness()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.layout_of_columns.restore()
