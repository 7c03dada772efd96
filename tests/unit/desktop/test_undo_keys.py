"""Undo and redo by the keyboard, wherever the focus is, but for a text being typed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt

from projectdesk.desktop.models.fields import Column, Field
from projectdesk.desktop.shell.shell import Shell
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.empty_state import EmptyState

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@dataclass(frozen=True)
class Thing:
    id: int
    name: str


@pytest.fixture
def shell(qtbot, dressed):
    made = Shell()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


@pytest.fixture
def table(shell):
    made = DataTable(
        [Column("Name", lambda r: r.name, field=Field("name", "Name", lambda r: r.name))],
        lambda r: r.id,
        EmptyState("users", "Nobody", "x"),
    )
    shell.content.addWidget(made)
    shell.content.setCurrentWidget(made)
    made.show_rows([Thing(1, "alpha"), Thing(2, "beta")])
    made.select(1)
    made.setFocus()
    return made


@pytest.mark.parametrize(
    ("key", "keys", "signal"),
    [
        (Qt.Key.Key_Z, CTRL, "undo_asked"),
        (Qt.Key.Key_Z, CTRL | SHIFT, "redo_asked"),
        (Qt.Key.Key_Y, CTRL, "redo_asked"),
    ],
)
def test_a_table_lets_undo_and_redo_through(shell, table, qtbot, key, keys, signal):
    qtbot.waitUntil(table.hasFocus)
    with qtbot.waitSignal(getattr(shell, signal)):
        qtbot.keyClick(table, key, keys)


def test_a_cell_being_typed_keeps_its_own_undo(shell, table, qtbot):
    qtbot.waitUntil(table.hasFocus)
    qtbot.keyClick(table, Qt.Key.Key_F2)
    editor = table.indexWidget(table.currentIndex())
    qtbot.keyClicks(editor, "new")
    with qtbot.assertNotEmitted(shell.undo_asked):
        qtbot.keyClick(editor, Qt.Key.Key_Z, CTRL)
    assert editor.text() == "alpha"
