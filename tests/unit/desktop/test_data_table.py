"""The table that every list uses."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit

from projectdesk.desktop.models.fields import Column, Entry, Field, Option
from projectdesk.desktop.theme.tokens import ROW_HEIGHT, Tone
from projectdesk.desktop.widgets.data_table import DataTable, RowAction
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.editors import ChoiceEditor, TextEditor
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.ordered_table import OrderedTable


@dataclass(frozen=True)
class Thing:
    id: int
    name: str
    state: str = "open"


COLUMNS = [
    Column[Thing]("No.", lambda r: str(r.id), sort=lambda r: r.id, width=60),
    Column[Thing]("Name", lambda r: r.name, field=Field("name", "Name", lambda r: r.name)),
    Column[Thing](
        "State",
        lambda r: r.state,
        width=120,
        tone=lambda r: Tone.SUCCESS,
        optional=True,
        field=Field(
            "state",
            "State",
            lambda r: r.state,
            Entry.CHOICE,
            lambda: [Option("open", "Open"), Option("done", "Done")],
        ),
    ),
]
THINGS = [Thing(2, "beta"), Thing(1, "alpha"), Thing(3, "gamma")]


@pytest.fixture
def table(qtbot, dressed):
    made = DataTable(COLUMNS, lambda r: r.id, EmptyState("users", "Nobody", "Add somebody", "Add"))
    made.resize(600, 400)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.show_rows(THINGS)
    return made


def names(table) -> list[str]:
    return [row.name for row in table.shown()]


def test_a_header_sorts(table):
    table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert names(table) == ["alpha", "beta", "gamma"]


def test_a_filter_that_matches_nothing_says_so(table):
    table.set_filter("zeta")
    assert names(table) == []
    assert table._nothing.isVisible()
    assert not table._empty.isVisible()
    table.set_filter("")
    assert not table._nothing.isVisible()


def test_without_rows_it_says_what_to_do_next(table, qtbot):
    table.show_rows([])
    assert table._empty.isVisible()
    with qtbot.waitSignal(table.empty_acted):
        table._empty.action.click()
    table.show_rows(THINGS)
    assert not table._empty.isVisible()


def test_nothing_is_said_before_the_rows_are_known(qtbot, dressed):
    made = DataTable(COLUMNS, lambda r: r.id, EmptyState("users", "Nobody", "x"))
    qtbot.addWidget(made)
    made.show()
    assert not made._empty.isVisible()


def test_the_selection_stays_when_rows_are_loaded_again(table):
    table.select(1)
    table.show_rows([Thing(5, "new"), *THINGS])
    assert table.current().id == 1
    assert [row.id for row in table.selected()] == [1]


def test_a_row_is_selected_as_soon_as_it_is_there(table):
    table.select(9, later=True)
    table.show_rows([*THINGS, Thing(9, "late")])
    assert table.current().id == 9


def test_copying_gives_a_header_and_tabs(table):
    table.select(1)
    table.copy()
    assert QGuiApplication.clipboard().text() == "No.\tName\tState\n1\talpha\topen"


def test_typing_finds_a_row_by_its_name(table, qtbot):
    table.select(2)
    table.setFocus()
    qtbot.keyClicks(table, "gam")
    assert table.current().name == "gamma"


def test_enter_and_a_double_click_open_a_row(table, qtbot):
    table.select(1)
    table.setFocus()
    with qtbot.waitSignal(table.opened) as told:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert told.args[0].id == 1
    index = table.model().index(0, 0)
    with qtbot.waitSignal(table.opened):
        table.doubleClicked.emit(index)


def test_f2_edits_a_cell_and_asks_to_save_it(table, qtbot):
    table.select(1)
    table.setCurrentIndex(table.currentIndex().siblingAtColumn(1))
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_F2)
    editor = table.viewport().findChild(TextEditor)
    assert editor.text() == "alpha"
    editor.setText("omega")
    with qtbot.waitSignal(table.edited) as told:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    row, field, value = told.args
    assert (row.id, field.name, value) == (1, "name", "omega")
    assert "alpha" in names(table), "the row changes when it is saved, not before"


def test_what_is_typed_in_a_cell_outlives_what_others_save(table, qtbot):
    table.select(1)
    table.setCurrentIndex(table.currentIndex().siblingAtColumn(1))
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_F2)
    editor = table.viewport().findChild(TextEditor)
    qtbot.waitUntil(editor.hasFocus)
    qtbot.keyClicks(editor, "omega")
    table.show_rows([THINGS[0], Thing(1, "theirs"), THINGS[2]])
    qtbot.keyClicks(editor, " and more")
    assert editor.text() == "omega and more"
    with qtbot.waitSignal(table.edited) as told:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    row, _, value = told.args
    assert row == THINGS[1], "the edit is of what was seen, so that theirs is not overwritten"
    assert value == "omega and more"


def test_a_choice_in_a_cell_is_saved_when_chosen(table, qtbot):
    table.select(1)
    table.edit(table.currentIndex().siblingAtColumn(2))
    editor = table.viewport().findChild(ChoiceEditor)
    qtbot.waitUntil(lambda: editor.view().isVisible())
    editor.hidePopup()
    with qtbot.waitSignal(table.edited) as told:
        editor.setCurrentIndex(1)
        editor.activated.emit(1)
    assert told.args[2] == "done"


def test_actions_are_offered_for_what_is_selected(table):
    done: list[Thing] = []
    table.set_actions(
        [
            RowAction("Close", "check", done.extend, many=True, when=lambda r: r.id != 3),
            RowAction("Open", "folder-open", done.extend),
        ]
    )
    table.select(1)
    menu = table.menu()
    close, open_ = menu.actions()[0], menu.actions()[1]
    assert close.isEnabled()
    assert open_.isEnabled()
    close.trigger()
    assert [row.id for row in done] == [1]
    table.selectAll()
    menu = table.menu()
    assert not menu.actions()[0].isEnabled(), "one of them cannot be closed"
    assert not menu.actions()[1].isEnabled(), "only one can be opened"


@pytest.fixture
def ordered(qtbot, dressed):
    made = OrderedTable(COLUMNS, lambda r: r.id, EmptyState("users", "Nobody", "Add somebody"))
    made.resize(600, 400)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.show_rows(THINGS)
    return made


def test_a_row_is_moved_by_the_keyboard(ordered, qtbot):
    table = ordered
    table.select(2)
    table.setFocus()
    with qtbot.waitSignal(table.moved) as told:
        qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert (told.args[0].id, told.args[1]) == (2, 1)
    with qtbot.assertNotEmitted(table.moved):
        qtbot.keyClick(table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)


@pytest.mark.parametrize(
    ("selected", "y", "target"),
    [(2, 3 * ROW_HEIGHT + 5, 2), (3, 2, 0), (2, ROW_HEIGHT + 2, None)],
)
def test_a_row_is_dropped_between_others(ordered, qtbot, selected, y, target):
    table = ordered
    table.select(selected)
    moved = []
    table.moved.connect(lambda row, at: moved.append((row.id, at)))
    table.dropEvent(
        QDropEvent(
            QPointF(10, y),
            Qt.DropAction.MoveAction,
            QMimeData(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    assert moved == ([] if target is None else [(selected, target)])


def test_optional_columns_go_where_there_is_no_room(table):
    table.resize(220, 400)
    assert table.isColumnHidden(2)
    table.resize(600, 400)
    assert not table.isColumnHidden(2)


def test_columns_that_share_the_rest_never_take_more_than_there_is(qtbot, dressed):
    columns = [
        Column[Thing]("No.", lambda r: str(r.id), width=400),
        Column[Thing]("Name", lambda r: r.name, stretch=3),
        Column[Thing]("State", lambda r: r.state, stretch=1),
    ]
    table = DataTable(columns, lambda r: r.id, EmptyState("users", "Nobody", "Add somebody"))
    qtbot.addWidget(table)
    table.resize(400 + 300, 300)
    with qtbot.waitExposed(table):
        table.show()
    table.show_rows(THINGS)
    widths = [table.columnWidth(number) for number in range(3)]
    assert widths[2] == 88, "its least, which is more than a quarter of the rest"
    assert sum(widths) <= table.viewport().width()


def test_a_dialog_is_high_enough_for_a_sentence_that_wraps(qtbot, dressed):
    dialog = Dialog(None, "Poll", "Dates are added next, nobody is asked before. " * 3)
    editor = QPlainTextEdit()
    editor.setFixedHeight(200)
    dialog.add(editor)
    dialog.add_button("Close", "", dialog.reject)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    assert dialog.height() >= dialog.heightForWidth(dialog.width())
