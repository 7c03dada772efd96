"""The menus and keys of a `DataTable`: what is done with cells, and with columns."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu

from projectdesk.desktop.language import say
from projectdesk.desktop.theme import Tone, set_icon

_COPY_WITH_TITLES = "Ctrl+Shift+C"
_FILL_DOWN = "Ctrl+D"
_FILL_RIGHT = "Ctrl+R"
_SELECT_ROWS = "Shift+Space"
_COLUMN_MENU = "F4"


def run_key(table: Any, event: QKeyEvent) -> bool:
    """Do what a key does with the cells of a table.

    Returns:
        Whether it does anything.
    """
    done = _of_key(table, event)
    if done is None:
        return False
    done()
    return True


def _of_key(table: Any, event: QKeyEvent) -> Callable[[], object] | None:
    cells = table.cells
    pressed = QKeySequence(event.keyCombination())
    if event.matches(QKeySequence.StandardKey.Copy):
        return table.copy  # type: ignore[no-any-return]
    if pressed == QKeySequence(_COPY_WITH_TITLES):
        return partial(cells.copy, titles=True)
    if pressed == QKeySequence(_SELECT_ROWS):
        return table.select_rows  # type: ignore[no-any-return]
    if pressed == QKeySequence(_COLUMN_MENU):
        return table.open_column_menu  # type: ignore[no-any-return]
    if event.key() == Qt.Key.Key_Escape and not table.refusal.bubble.isHidden():
        return table.refusal.forget  # type: ignore[no-any-return]
    if not cells.can_edit:
        return None
    if event.matches(QKeySequence.StandardKey.Paste):
        return cells.paste  # type: ignore[no-any-return]
    if pressed == QKeySequence(_FILL_DOWN):
        return cells.fill  # type: ignore[no-any-return]
    if pressed == QKeySequence(_FILL_RIGHT):
        return partial(cells.fill, right=True)
    if event.key() == Qt.Key.Key_Delete and cells.clears():
        return cells.clear  # type: ignore[no-any-return]
    return None


def add_cell_actions(menu: QMenu, table: Any, any_rows: bool, clears: bool) -> None:
    """Offer in a context menu what is done with the selected cells."""
    cells = table.cells

    def add(
        words: str, icon: str, keys: QKeySequence | str, run: Callable[[], object], on: bool
    ) -> None:
        made = QAction(words, menu)
        made.setShortcut(QKeySequence(keys) if isinstance(keys, str) else keys)
        set_icon(made, icon, Tone.MUTED)
        made.setEnabled(on)
        made.triggered.connect(lambda _=False: run())
        menu.addAction(made)

    copy_keys = QKeySequence(QKeySequence.StandardKey.Copy)
    add(say("Copy"), "copy", copy_keys, table.copy, any_rows)
    with_titles = partial(cells.copy, titles=True)
    add(say("Copy with titles"), "copy", _COPY_WITH_TITLES, with_titles, any_rows)
    if cells.can_edit:
        paste_keys = QKeySequence(QKeySequence.StandardKey.Paste)
        add(say("Paste"), "file-down", paste_keys, cells.paste, any_rows)
        add(say("Fill down"), "chevron-down", _FILL_DOWN, cells.fill, any_rows)
        right = partial(cells.fill, right=True)
        add(say("Fill right"), "chevron-right", _FILL_RIGHT, right, any_rows)
        add(say("Clear cells"), "minus", "Del" if clears else "", cells.clear, clears)
        add(say("Select whole rows"), "list-checks", _SELECT_ROWS, table.select_rows, any_rows)


def column_menu(table: Any, number: int) -> QMenu:
    """Return the menu of a header: sort and filter by a column, choose which ones are shown."""
    menu = QMenu(table)
    columns, layout = table.columns, table.layout_of_columns
    if table.isSortingEnabled() and 0 <= number < len(columns):
        up, down = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        for words, icon, order in (
            (say("Sort upwards"), "chevron-up", up),
            (say("Sort downwards"), "chevron-down", down),
        ):
            sorting = menu.addAction(words)
            set_icon(sorting, icon, Tone.MUTED)
            sorting.triggered.connect(partial(table.sortByColumn, number, order))
    if table.filterable and 0 <= number < len(columns) and columns[number].title:
        filtering = menu.addAction(say("Filter {column}…", column=columns[number].title))
        set_icon(filtering, "search", Tone.MUTED)
        filtering.triggered.connect(lambda _=False: _ask_filter(table, number))
    if table.column_filters:
        clear = menu.addAction(say("Clear filters"))
        set_icon(clear, "x", Tone.MUTED)
        clear.triggered.connect(lambda _=False: table.clear_column_filters())
    menu.addSeparator()
    shown = layout.visible
    for each, column in enumerate(columns):
        if layout.is_offered(each):
            tick = menu.addAction(column.title)
            tick.setCheckable(True)
            tick.setChecked(each in shown)
            tick.toggled.connect(partial(layout.show_column, each))
    menu.addSeparator()
    reset = menu.addAction(say("Reset columns"))
    set_icon(reset, "undo-2", Tone.MUTED)
    reset.setEnabled(layout.changed_by_hand)
    reset.triggered.connect(lambda _=False: layout.reset())
    return menu


def _ask_filter(table: Any, number: int) -> None:
    from projectdesk.desktop.widgets.filter_dialog import FilterDialog

    FilterDialog(table, number).open()
