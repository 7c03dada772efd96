"""Tables as spreadsheets: cells, rectangles, clipboard, columns, filters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QPushButton

from projectdesk.desktop import preferences
from projectdesk.desktop.models.column_filters import Between, Holds, OneOf, Way, way_of
from projectdesk.desktop.models.fields import Column, Entry, Field, Option
from projectdesk.desktop.widgets.column_layout import ColumnKeeper, keeper_of
from projectdesk.desktop.widgets.data_table import DataTable, RowAction
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.editors import TextEditor
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.filter_bar import FilterBar
from projectdesk.desktop.widgets.filter_dialog import FilterDialog

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True)
class Thing:
    id: int
    name: str
    state: str = "open"
    month: int | None = 1
    cost: Decimal | None = None
    day: date | None = None


STATES = [Option("open", "Open"), Option("done", "Done")]
FIELDS = {
    "name": Field[Thing]("name", "Name", lambda r: r.name),
    "state": Field[Thing]("state", "State", lambda r: r.state, Entry.CHOICE, lambda: STATES),
    "month": Field[Thing](
        "month", "Month", lambda r: r.month, Entry.NUMBER, minimum=1, maximum=36, prefix="M"
    ),
    "cost": Field[Thing]("cost", "Cost", lambda r: r.cost, Entry.MONEY),
    "day": Field[Thing]("day", "Day", lambda r: r.day, Entry.DATE),
}
COLUMNS = [
    Column[Thing]("No.", lambda r: str(r.id), sort=lambda r: r.id, width=60, muted=True),
    Column[Thing]("Name", lambda r: r.name, strong=True, field=FIELDS["name"]),
    Column[Thing](
        "State", lambda r: r.state.capitalize(), width=100, optional=True, field=FIELDS["state"]
    ),
    Column[Thing]("Month", lambda r: f"M{r.month}", width=80, field=FIELDS["month"]),
    Column[Thing]("Cost", lambda r: f"{r.cost or ''}", width=90, field=FIELDS["cost"]),
    Column[Thing]("Day", lambda r: f"{r.day or ''}", width=110, field=FIELDS["day"]),
]
THINGS = [
    Thing(1, "alpha", "open", 3, Decimal("12.50"), date(2027, 3, 12)),
    Thing(2, "beta", "done", 6),
    Thing(3, "gamma", "open", 9),
    Thing(4, "delta", "open", 12),
]


@pytest.fixture(autouse=True)
def _british(qapp):
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def window(qtbot, dressed, tmp_path):
    made = QMainWindow()
    ColumnKeeper(tmp_path, made)
    qtbot.addWidget(made)
    made.resize(800, 400)
    return made


def table_in(window, qtbot, name="things"):
    made = DataTable(COLUMNS, lambda r: r.id, EmptyState("users", "Nobody", "x"), name=name)
    window.setCentralWidget(made)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    made.show_rows(THINGS)
    made.setFocus()
    return made


@pytest.fixture
def table(window, qtbot):
    return table_in(window, qtbot)


class Asked:
    """What a table asks to have changed."""

    def __init__(self, table) -> None:
        self.edits: list[tuple[int, str, object]] = []
        self.label = ""
        table.edited.connect(self._one)
        table.edited_many.connect(self._many)

    def _one(self, row, field, value) -> None:
        self.edits.append((row.id, field.name, value))

    def _many(self, edits, label) -> None:
        self.edits += [(edit.row.id, edit.field.name, edit.value) for edit in edits]
        self.label = label


def go_to(table, row: int, column: int) -> None:
    at = table.visualRect(table.model().index(row, column)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def extend(table, qtbot, *, down: int = 0, right: int = 0) -> None:
    for _ in range(right):
        qtbot.keyClick(table, Qt.Key.Key_Right, SHIFT)
    for _ in range(down):
        qtbot.keyClick(table, Qt.Key.Key_Down, SHIFT)


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def put_on_clipboard(words: str) -> None:
    QGuiApplication.clipboard().setText(words)


def problems_of(table) -> Dialog:
    (dialog,) = [d for d in table.window().findChildren(Dialog) if d.isVisible()]
    return dialog


def test_a_click_selects_the_cell_or_the_row_of_one_that_cannot_be_edited(table, qtbot):
    def click(row: int, column: int, keys=Qt.KeyboardModifier.NoModifier) -> None:
        at = table.visualRect(table.model().index(row, column)).center()
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys, at)

    click(1, 2)
    area = table.cells.area()
    assert (list(area.rows), list(area.columns), area.whole_rows) == ([1], [2], False)
    click(1, 0)
    assert table.cells.area().whole_rows
    click(3, 0, SHIFT)
    assert [row.id for row in table.selected()] == [2, 3, 4]
    assert table.cells.area().whole_rows
    click(0, 1)
    click(2, 3, SHIFT)
    area = table.cells.area()
    assert (list(area.rows), list(area.columns)) == ([0, 1, 2], [1, 2, 3])


def test_arrows_go_cell_by_cell_and_shift_selects_a_rectangle(table, qtbot):
    go_to(table, 0, 1)
    qtbot.keyClick(table, Qt.Key.Key_Right)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    index = table.currentIndex()
    assert (index.row(), index.column()) == (1, 2)
    extend(table, qtbot, down=1, right=1)
    area = table.cells.area()
    assert (list(area.rows), list(area.columns)) == ([1, 2], [2, 3])
    qtbot.keyClick(table, Qt.Key.Key_Space, SHIFT)
    assert [row.id for row in table.selected()] == [2, 3]
    assert table.cells.area().whole_rows
    qtbot.keyClick(table, Qt.Key.Key_A, CTRL)
    assert len(table.selected()) == 4


def test_a_rectangle_is_copied_without_titles_as_text_and_html(table, qtbot):
    go_to(table, 0, 3)
    extend(table, qtbot, down=1, right=2)
    qtbot.keyClick(table, Qt.Key.Key_C, CTRL)
    assert clipboard() == "M3\t12.5\t2027-03-12\nM6\t\t"
    html = QGuiApplication.clipboard().mimeData().html()
    assert "<td>12.5</td>" in html
    qtbot.keyClick(table, Qt.Key.Key_C, CTRL | SHIFT)
    assert clipboard().startswith("Month\tCost\tDay\n")


def test_a_block_of_excel_is_read_by_the_fields_and_saved_as_one_change(table, qtbot):
    asked = Asked(table)
    go_to(table, 1, 1)
    put_on_clipboard(
        '"two\nlines"\tdone\tM7\t"1,250.5"\t14/04/2027\r\nthree\tDone\t8\t3,5\t2027-04-15\r\n'
    )
    qtbot.keyClick(table, Qt.Key.Key_V, CTRL)
    assert asked.edits == [
        (2, "name", "two lines"),
        (2, "month", 7),
        (2, "cost", Decimal("1250.50")),
        (2, "day", date(2027, 4, 14)),
        (3, "name", "three"),
        (3, "state", "done"),
        (3, "month", 8),
        (3, "cost", Decimal("3.50")),
        (3, "day", date(2027, 4, 15)),
    ]
    assert asked.label == "Paste 9 cells"


def test_what_cannot_be_read_is_said_by_cell_before_anything_is_saved(table, qtbot):
    asked = Asked(table)
    go_to(table, 2, 2)
    put_on_clipboard("closed\tM5\ndone\tM99\nopen\tM1")
    qtbot.keyClick(table, Qt.Key.Key_V, CTRL)
    assert asked.edits == []
    dialog = problems_of(table)
    words = " | ".join(label.text() for label in dialog.findChildren(type(dialog._problem)))
    assert "3  gamma  ·  State" in words
    assert "Expected one of: Open, Done." in words
    assert "4  delta  ·  Month" in words
    assert "M1" in words
    assert "The table ends before here." in words
    dialog.buttons.itemAt(dialog.buttons.count() - 1).widget().click()
    assert asked.edits == [(3, "month", 5), (4, "state", "done")]


def test_one_value_fills_the_selection_and_a_line_of_titles_is_no_data(table, qtbot):
    asked = Asked(table)
    go_to(table, 0, 3)
    extend(table, qtbot, down=2)
    put_on_clipboard("M20\r\n")
    qtbot.keyClick(table, Qt.Key.Key_V, CTRL)
    assert asked.edits == [(n, "month", 20) for n in (1, 2, 3)]
    asked.edits.clear()
    go_to(table, 0, 0)
    put_on_clipboard("Name\tState\nomega\tdone\n")
    qtbot.keyClick(table, Qt.Key.Key_V, CTRL)
    assert asked.edits == []
    put_on_clipboard("No.\tName\tState\n1\tomega\tdone\n")
    qtbot.keyClick(table, Qt.Key.Key_V, CTRL)
    assert asked.edits == [(1, "name", "omega"), (1, "state", "done")]


def test_filling_takes_the_first_row_or_column_or_the_neighbour(table, qtbot):
    asked = Asked(table)
    go_to(table, 0, 2)
    extend(table, qtbot, down=2, right=1)
    qtbot.keyClick(table, Qt.Key.Key_D, CTRL)
    assert asked.edits == [(2, "state", "open"), (2, "month", 3), (3, "month", 3)]
    assert asked.label == "Fill 3 cells"
    asked.edits.clear()
    go_to(table, 3, 2)
    qtbot.keyClick(table, Qt.Key.Key_D, CTRL)
    assert asked.edits == []
    go_to(table, 1, 3)
    qtbot.keyClick(table, Qt.Key.Key_D, CTRL)
    assert asked.edits == [(2, "month", 3)]
    asked.edits.clear()
    go_to(table, 0, 4)
    qtbot.keyClick(table, Qt.Key.Key_R, CTRL)
    assert asked.edits == [], "M3 is no amount, which is said"
    assert "amount" in table.refusal.bubble.words


def test_delete_clears_cells_and_deletes_whole_rows(table, qtbot):
    asked, deleted = Asked(table), []
    table.set_actions([RowAction("Delete", "trash-2", deleted.extend, "Del", many=True)])
    go_to(table, 0, 4)
    extend(table, qtbot, right=1)
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert asked.edits == [(1, "cost", None), (1, "day", None)]
    assert deleted == []
    offered = next(a for a in table.menu().actions() if a.text() == "Delete")
    assert offered.shortcut().isEmpty(), "the key does something else here"
    qtbot.keyClick(table, Qt.Key.Key_Space, SHIFT)
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert [row.id for row in deleted] == [1]
    assert len(asked.edits) == 2


def test_a_cell_that_is_never_empty_says_so_and_stays(table, qtbot):
    asked = Asked(table)
    go_to(table, 1, 2)
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert asked.edits == []
    assert table.refusal.bubble.words == "This cannot be empty."


def test_typing_starts_editing_a_cell_and_finds_a_row_elsewhere(table, qtbot):
    go_to(table, 1, 3)
    qtbot.keyClicks(table, "7")
    editor = table.viewport().findChild(TextEditor)
    assert editor.text() == "7"
    with qtbot.waitSignal(table.edited) as told:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert told.args[2] == 7
    go_to(table, 0, 0)
    qtbot.keyClicks(table, "del")
    assert table.current().name == "delta"


def test_what_is_no_value_stays_in_the_open_cell_with_the_reason(table, qtbot):
    go_to(table, 1, 3)
    qtbot.keyClick(table, Qt.Key.Key_F2)
    editor = table.viewport().findChild(TextEditor)
    editor.setText("M99")
    with qtbot.assertNotEmitted(table.edited):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert "M36" in table.refusal.bubble.words
    assert editor.isVisible()
    editor.setText("M30")
    with qtbot.waitSignal(table.edited):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert table.refusal.bubble.words == ""


def test_a_value_that_is_not_saved_is_kept_in_its_cell_for_correction(table, qtbot):
    go_to(table, 1, 1)
    qtbot.keyClick(table, Qt.Key.Key_F2)
    editor = table.viewport().findChild(TextEditor)
    editor.setText("twice")
    with qtbot.waitSignal(table.edited):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert table.refusal.tell_typed("name", "This name is taken.")
    assert table.refusal.bubble.words == "This name is taken."
    again = table.indexWidget(table.currentIndex())
    assert again.text() == "twice"
    qtbot.keyClick(again, Qt.Key.Key_Escape)
    qtbot.keyClick(again, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: table.state() != DataTable.State.EditingState)
    qtbot.keyClick(table, Qt.Key.Key_Escape)
    assert table.refusal.bubble.words == ""
    assert not table.refusal.tell_typed("name", "x"), "nothing was typed since"


def test_columns_are_chosen_moved_and_sized_and_kept_for_the_next_start(window, qtbot, tmp_path):
    table = table_in(window, qtbot)
    menu = table.header_menu(1)
    (day,) = [a for a in menu.actions() if a.text() == "Day"]
    assert day.isChecked()
    day.trigger()
    header = table.horizontalHeader()
    header.moveSection(3, 1)
    header.resizeSection(4, 155)
    assert table.isColumnHidden(5)
    keeper_of(table).save()

    again = QMainWindow()
    qtbot.addWidget(again)
    ColumnKeeper(tmp_path, again)
    again.resize(800, 400)
    table = table_in(again, qtbot)
    assert table.isColumnHidden(5)
    assert table.columnWidth(4) == 155
    assert table.layout_of_columns.visible == [0, 3, 1, 2, 4]
    go_to(table, 0, 3)
    extend(table, qtbot, right=1)
    qtbot.keyClick(table, Qt.Key.Key_C, CTRL)
    assert clipboard() == "M3\talpha", "cells are copied in the order shown"
    (reset,) = [a for a in table.header_menu(0).actions() if a.text() == "Reset columns"]
    reset.trigger()
    assert table.layout_of_columns.visible == [0, 1, 2, 3, 4, 5]
    assert table.columnWidth(4) == 90


def test_a_chosen_column_stays_where_there_is_no_room_and_the_last_one_cannot_go(table):
    table.window().resize(300, 400)
    assert table.isColumnHidden(2)
    table.layout_of_columns.show_column(2, True)
    assert not table.isColumnHidden(2)
    for number in range(6):
        table.layout_of_columns.show_column(number, False)
    assert len(table.layout_of_columns.visible) == 1


@pytest.mark.parametrize("kept", ["{", "[]", '{"things": {"shown": 3, "widths": {"month": -1}}}'])
def test_nonsense_that_was_kept_costs_nothing(tmp_path, kept):
    (tmp_path / "tables.json").write_text(kept, encoding="utf-8")
    assert preferences.load_tables(tmp_path).get("things", preferences.TableLook()) == (
        preferences.TableLook()
    )


def test_columns_are_filtered_shown_as_chips_and_cleared(table):
    bar = FilterBar(table)
    bar.setParent(table)
    table.set_column_filter(2, OneOf(frozenset({"Open"})))
    assert [row.id for row in table.shown()] == [1, 3, 4]
    table.set_column_filter(3, Between(5, 10))
    assert [row.id for row in table.shown()] == [3]
    assert not bar.isHidden()
    chips = [chip.text() for chip in bar.findChildren(QPushButton)]
    assert "State: Open" in chips
    assert "Month: M5 – M10" in chips
    table.set_column_filter(1, Holds("ZZ"))
    assert table.shown() == []
    assert table._nothing.isVisible()
    table.clear_column_filters()
    assert len(table.shown()) == 4
    assert bar.isHidden()


def test_a_column_is_filtered_in_the_way_of_its_values(table, qtbot):
    FilterBar(table).setParent(table)
    ways = [way_of(column, THINGS) for column in COLUMNS]
    assert ways[1:] == [Way.VALUES, Way.VALUES, Way.NUMBERS, Way.NUMBERS, Way.DATES]
    dialog = FilterDialog(table, 2)
    dialog.open()
    dialog.values.setCurrentRow(1)
    qtbot.keyClick(dialog.values, Qt.Key.Key_Space)
    dialog._apply()
    assert {row.state for row in table.shown()} == {"done"}
    dialog = FilterDialog(table, 5)
    dialog.open()
    dialog.low.setText("yesterday")
    dialog._apply()
    assert "date" in dialog.problem
    dialog.low.setText("2027-01-01")
    dialog._apply()
    assert table.shown() == []
    table.clear_column_filters()
    dialog = FilterDialog(table, 3)
    dialog.open()
    dialog.low.setText("M9")
    dialog._apply()
    assert [row.id for row in table.shown()] == [3, 4]
    texts = [action.text() for action in table.header_menu(3).actions()]
    assert "Filter Month…" in texts
    assert "Clear filters" in texts


def test_the_selection_stays_with_its_rows_when_many_are_filtered_and_sorted(table):
    rows = [Thing(n, f"thing {n % 7}", "open", n % 36 + 1) for n in range(1, 500)]
    table.show_rows(rows)
    table.select(77)
    table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert [row.id for row in table.selected()] == [77]
    table.set_filter("thing 0")
    assert [row.id for row in table.selected()] == [77]
    table.set_filter("")
    assert [row.id for row in table.selected()] == [77]
    assert len(table.shown()) == 499
    table.show_rows([replace(row, name="new") for row in rows[::2]])
    assert [row.id for row in table.selected()] == [77]
    assert table.rowAt(QPoint(5, 5).y()) >= 0
