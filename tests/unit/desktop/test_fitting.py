"""What does not fit makes room: words of other languages, larger letters, narrow places."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.elision import shortened
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.header import TabRow
from projectdesk.desktop.widgets.layout import button, text
from projectdesk.desktop.widgets.toolbar import Toolbar


@pytest.fixture
def show(qtbot, dressed):
    """Show a widget in a window that leaves its size to the test."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1300, 500)

    def show(widget: QWidget, width: int, height: int = 40) -> None:
        widget.setParent(window)
        widget.resize(width, height)
        with qtbot.waitExposed(window):
            window.show()
            widget.show()

    return show


def _resized(widget: QWidget, width: int) -> None:
    """Give `widget` another width, and the height that it asks for then, as a layout does."""
    widget.resize(width, widget.height())
    QApplication.processEvents()
    widget.resize(width, max(widget.height(), widget.sizeHint().height()))
    QApplication.processEvents()
    assert widget.width() == width


def test_a_toolbar_becomes_two_rows_where_one_is_too_narrow(qtbot, show):
    first, last = button("Deliverables and milestones"), button("Add a deliverable")
    bar = Toolbar(first, None, last)
    show(bar, 900)
    one_row = bar.sizeHint().height()
    assert (bar.lines, first.y()) == (1, last.y())
    assert last.geometry().right() == bar.rect().right()
    _resized(bar, first.width() + 20)
    assert bar.lines == 2
    assert last.y() > first.geometry().bottom()
    assert last.geometry().right() == bar.rect().right()
    assert bar.sizeHint().height() > one_row, "the list below makes room"
    assert bar.minimumHeight() == 0, "one that is set would count more than what two rows need"
    assert bar.minimumSizeHint().height() >= first.height() + last.height()
    assert bar.minimumSizeHint().width() == max(first.minimumWidth(), first.sizeHint().width())
    last.hide()
    qtbot.waitUntil(lambda: bar.lines == 1)


def test_tabs_stand_closer_before_they_make_their_page_wider(show):
    labels = [(n, f"Aufzeichnungen {n}") for n in range(5)]
    tabs = TabRow(labels, "tab", 24, 24)
    show(tabs, 1200)
    gap = tabs.buttons[1].x() - tabs.buttons[0].geometry().right() - 1
    assert gap == 24
    _resized(tabs, tabs.minimumSizeHint().width())
    gap = tabs.buttons[1].x() - tabs.buttons[0].geometry().right() - 1
    assert 4 <= gap < 24
    assert tabs.rect().contains(tabs.buttons[-1].geometry())


def _columns() -> list[Column[str]]:
    return [
        Column("Name", lambda row: row, stretch=2),
        Column("Stellungnahmen", lambda row: "1", width=50),
        Column("Datum", lambda row: "30. September 2026", width=100),
        Column("", lambda row: "x" * 200, width=60),
    ]


def _table(show, width: int) -> DataTable[str]:
    table = DataTable(_columns(), lambda row: row, EmptyState("inbox", "None", "Nothing yet."))
    table.show_rows(["a"])
    show(table, width, 200)
    return table


def test_a_title_and_its_values_take_what_the_others_can_spare(show):
    table = _table(show, 900)
    metrics = table.horizontalHeader().fontMetrics()
    assert table.columnWidth(1) > metrics.horizontalAdvance("Stellungnahmen") + 20
    needed = QFontMetrics(table.font()).horizontalAdvance("30. September 2026") + 20
    assert min(needed, 150) <= table.columnWidth(2) <= 150
    assert table.columnWidth(3) == 90, "one long value does not take the room of all"
    assert sum(map(table.columnWidth, range(4))) <= table.viewport().width()


def test_a_narrow_table_keeps_the_widths_that_were_written_down(show):
    table = _table(show, 340)
    assert [table.columnWidth(number) for number in (1, 2, 3)] == [50, 100, 60]


def test_a_width_that_the_person_chose_stays(qtbot, show):
    table = _table(show, 900)
    table.setColumnWidth(1, 44)
    table.resize(880, 200)
    qtbot.waitUntil(lambda: table.width() == 880)
    assert table.columnWidth(1) == 44


def test_an_empty_state_fits_a_narrow_list_and_a_low_one(qtbot, show):
    words = "Between meetings a body decides by personal links; no account is needed."
    state = EmptyState(
        "gavel", "No written procedures", words, "New written procedure", "Read the guide"
    )
    show(state, 600, 400)
    assert state.action.y() == state.other.y()
    picture = state._icon
    assert picture.isVisible()
    _resized(state, 260)
    for label in state.findChildren(QLabel):
        assert state.rect().contains(label.geometry()), label.text()
    assert state.other.y() > state.action.y()
    state.resize(260, 150)
    qtbot.waitUntil(picture.isHidden)


def test_a_dialog_is_as_high_as_its_words(qtbot, dressed):
    """Wrapped words are guessed higher than they are: the rest would part what belongs together."""
    dialog = Dialog(None, "When was it sent?", "What is sent from here is noted by itself. " * 4)
    dialog.add(text("A line of words that wraps once it is as long as this. " * 3, wrap=True))
    dialog.add_button("Close", "", dialog.reject)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    qtbot.waitUntil(lambda: dialog.height() == dialog.heightForWidth(dialog.width()))


@pytest.mark.parametrize("backwards", [False, True])
def test_the_end_of_a_line_is_where_its_letters_end(qapp, dressed, backwards):
    metrics = QFontMetrics(qapp.font())
    direction = Qt.LayoutDirection
    qapp.setLayoutDirection(direction.RightToLeft if backwards else direction.LeftToRight)
    try:
        assert shortened(metrics, "Short", 500) == "Short"
        shown = shortened(metrics, "Early warning of compound coastal floods", 100)
    finally:
        qapp.setLayoutDirection(direction.LeftToRight)
    assert shown.endswith("…")
    assert shown.startswith("\u2068Early" if backwards else "Early"), "an isolate holds the …"
