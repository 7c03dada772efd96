"""The keyboard: regions, menus, the list of keys, and the walk by Tab."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.routes import Place
from projectdesk.desktop.shell.shell import Shell
from projectdesk.desktop.shell.shortcuts import ShortcutsDialog, shortcuts
from projectdesk.desktop.widgets.data_table import DataTable, RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.layout import button, frame
from projectdesk.screens import rendering
from projectdesk.screens.access.keyboard import Keyboard, escapes
from projectdesk.screens.access.walking import walk_by_keys

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def table(dressed):
    made = DataTable(
        [Column("Name", str)], lambda r: r, EmptyState("users", "Nobody", "Add somebody.")
    )
    made.setAccessibleName("People")
    made.show_rows(["Ada", "Bo"])
    made.set_actions([RowAction("Open", "folder-open", lambda rows: None)])
    return made


@pytest.fixture
def page(table):
    """Return a page with a button, a list and an inspector with a field."""
    made: Any = QWidget()
    layout = QVBoxLayout(made)
    made.add = button("Add")
    made.field = QLineEdit()
    inside = QVBoxLayout()
    inside.addWidget(made.field)
    for widget in (made.add, table, frame("inspector", inside)):
        layout.addWidget(widget)
    return made


@pytest.fixture
def shell(qtbot, dressed, page):
    made = Shell()
    qtbot.addWidget(made)
    made.add_page(Place.HOME, page)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.show_place(Place.HOME)
    page.add.setFocus()
    qtbot.waitUntil(page.add.hasFocus)
    return made


def press(qtbot, key, modifiers=NONE):
    qtbot.keyClick(QApplication.focusWidget(), key, modifiers)


def test_f6_goes_round_the_regions_and_back(shell, page, table, qtbot):
    met = []
    for _ in range(5):
        press(qtbot, Qt.Key.Key_F6)
        met.append(QApplication.focusWidget())
    assert met[0] is table
    assert met[1] is page.field
    assert shell.rail.isAncestorOf(met[2])
    assert shell.top.isAncestorOf(met[3])
    assert met[4] is page.add
    press(qtbot, Qt.Key.Key_F6, SHIFT)
    assert QApplication.focusWidget() is met[3]


def test_f6_comes_back_to_where_one_was(shell, page, table, qtbot):
    more = button("More")
    page.layout().insertWidget(1, more)
    more.show()
    more.setFocus()
    qtbot.waitUntil(more.hasFocus)
    press(qtbot, Qt.Key.Key_F6)
    assert table.hasFocus()
    press(qtbot, Qt.Key.Key_F6, SHIFT)
    assert more.hasFocus()


def test_shift_f10_opens_the_menu_below_the_cell_that_has_the_focus(shell, table, qtbot):
    table.select("Bo")
    table.setFocus()
    press(qtbot, Qt.Key.Key_F10, SHIFT)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert "Open" in [action.text() for action in menu.actions()]
    cell = table.visualRect(table.currentIndex())
    assert menu.pos() == table.viewport().mapToGlobal(cell.bottomLeft())
    menu.close()


def test_a_menu_by_the_mouse_opens_at_the_mouse(table, qtbot):
    qtbot.addWidget(table)
    at = table.mapToGlobal(table.rect().center())
    mouse = QContextMenuEvent.Reason.Mouse
    table.contextMenuEvent(QContextMenuEvent(mouse, table.rect().center(), at))
    menu = QApplication.activePopupWidget()
    assert menu.pos() == at
    menu.close()


def test_all_keys_are_listed_and_can_be_searched(shell, qtbot):
    press(qtbot, Qt.Key.Key_Slash, CTRL)
    dialog = shell.findChild(ShortcutsDialog)
    assert dialog.isVisible()
    everywhere = [QKeySequence(one.keys) for one in shortcuts() if one.where == "Everywhere"]
    hidden = {"Ctrl+Y"}  # the other key for Redo
    for action in shell.actions():
        if action.shortcut().toString() not in hidden:
            assert action.shortcut() in everywhere, action.shortcut().toString()
    qtbot.keyClicks(dialog.filter, "quarter earlier")
    assert [row.keys for row in dialog.table.shown()] == ["Alt+Up"]
    qtbot.keyClick(dialog.filter, Qt.Key.Key_Escape)  # empties the field first
    assert len(dialog.table.shown()) == len(shortcuts())
    assert escapes(dialog) == []


def test_no_key_has_two_meanings_in_one_place():
    keys = [(one.where, one.keys) for one in shortcuts()]
    assert len(keys) == len(set(keys))
    for _, each in keys:
        assert not QKeySequence(each).isEmpty(), each


# --- the walk finds what is wrong


@pytest.fixture
def walked(qtbot, dressed):
    made = QWidget()
    made.setLayout(QVBoxLayout())
    qtbot.addWidget(made)

    def walk(*widgets: QWidget) -> list[str]:
        for widget in widgets:
            made.layout().addWidget(widget)
        with qtbot.waitExposed(made):
            made.show()
        made.activateWindow()
        qtbot.waitUntil(made.isActiveWindow)
        return [found.rule for found in Keyboard().findings(made)]

    return walk


def test_a_text_that_keeps_tab_is_a_trap(walked):
    editor = QPlainTextEdit()
    assert walked(button("One"), editor, button("Two")) == ["tab", "trap"]
    editor.setTabChangesFocus(True)
    assert walked() == []


def test_a_button_that_no_key_reaches_is_found(walked):
    made = QPushButton("Add")
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    assert walked(button("One"), made) == ["key"]
    made.setShortcut(QKeySequence("Alt+A"))
    assert walked() == []


def test_a_focus_that_is_not_seen_is_found(walked):
    made = QPushButton("Add")
    made.setStyleSheet("QPushButton, QPushButton:focus { border: 1px solid #888888; }")
    assert walked(made, button("Two")) == ["focus"]


def test_a_dialog_that_escape_does_not_close_is_found(qtbot, dressed):
    class Stubborn(QDialog):
        def reject(self) -> None:
            """Stay."""

    made = Stubborn()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    assert [found.rule for found in escapes(made)] == ["escape"]
    made.hide()


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_every_scene_is_walked_by_tab(dressed):
    seen = list(walk_by_keys(rendering.application()))
    assert len(seen) > 150
    assert {f"{one.data}/{one.scene}": one.findings for one in seen if one.findings} == {}
