"""Several records at once: pasted, edited in the inspector, deleted; one change, one undo."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from projectdesk.desktop.models.fields import Column, Entry, Field
from projectdesk.desktop.models.words import options, word
from projectdesk.desktop.pages.page import wire
from projectdesk.desktop.presenters.records import RecordsPresenter
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.domain.workplan import DeliverableStatus
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from tests.unit.desktop.conftest import choose

CTRL = Qt.KeyboardModifier.ControlModifier
TITLE = Field("title", "Title", lambda r: r.title)
DUE = Field(
    "due_month", "Due", lambda r: r.due_month, Entry.NUMBER, minimum=1, maximum=600, prefix="M"
)
STATUS = Field(
    "status", "Status", lambda r: r.status, Entry.CHOICE, lambda: options(DeliverableStatus)
)
COLUMNS = [
    Column("No.", lambda r: r.label, width=70),
    Column("Title", lambda r: r.title, strong=True, field=TITLE),
    Column("Due", lambda r: f"M{r.due_month}", width=80, field=DUE),
    Column("Status", lambda r: word(r.status), width=160, field=STATUS),
]


class DeliverablesPane(RecordsPane):
    def __init__(self, session, project) -> None:
        super().__init__(
            COLUMNS,
            EmptyState("package", "None", "x"),
            lines=[TITLE, [DUE, STATUS]],
            title=lambda r: r.title,
            delete_words="Delete",
        )
        self.presenter = RecordsPresenter(
            session, self, Kind.DELIVERABLE, lambda ws: queries.deliverables(ws, project)
        )
        wire(self, self.presenter, Kind.DELIVERABLE)
        self.table.set_actions(
            [
                RowAction(
                    "Delete",
                    "trash-2",
                    lambda rows: self.presenter.delete_rows(rows, lambda row: row.label),
                    "Del",
                    many=True,
                )
            ]
        )

    def close_page(self) -> None:
        self.presenter.close()


@pytest.fixture
def pane(on_screen, session, workspace, sample):
    for number in range(2, 5):
        commands.create(
            workspace,
            Kind.DELIVERABLE,
            {
                "work_package_id": sample.work_package,
                "title": f"Report {number}",
                "due_month": number,
            },
        )
    made = on_screen(DeliverablesPane(session, sample.project))
    made.table.setFocus()
    return made


@pytest.fixture
def due(workspace, sample):
    return lambda: [row.due_month for row in queries.deliverables(workspace, sample.project)]


def go_to(pane, qtbot, row: int, column: int, keys=Qt.KeyboardModifier.NoModifier) -> None:
    at = pane.table.visualRect(pane.table.model().index(row, column)).center()
    qtbot.mouseClick(pane.table.viewport(), Qt.MouseButton.LeftButton, keys, at)


def test_pasted_cells_are_one_change_with_one_undo(pane, qtbot, settle, workspace, due):
    go_to(pane, qtbot, 0, 2)
    QGuiApplication.clipboard().setText("M7\tSubmitted\r\n8\tsubmitted\r\n9\tPlanned\r\n")
    qtbot.keyClick(pane.table, Qt.Key.Key_V, CTRL)
    settle()
    assert due() == [7, 8, 9, 4]
    assert commands.undo_label(workspace) == "Paste 5 cells"
    commands.undo(workspace)
    assert due() == [2, 2, 3, 4]


def test_what_the_services_refuse_is_said_at_its_cell(pane, qtbot, settle, due):
    go_to(pane, qtbot, 0, 2)
    QGuiApplication.clipboard().setText("M7\nM99\n")
    qtbot.keyClick(pane.table, Qt.Key.Key_V, CTRL)
    settle()
    assert due() == [2, 2, 3, 4], "nothing is saved by halves"
    assert pane.table.refusal.bubble.words.startswith("D1.2: ")
    assert pane.table.refusal.is_at(pane.table.model().index(1, 2))


def test_one_cell_that_is_refused_opens_again_with_what_was_typed(pane, qtbot, settle, due):
    go_to(pane, qtbot, 1, 2)
    qtbot.keyClicks(pane.table, "M")
    editor = pane.table.indexWidget(pane.table.currentIndex())
    qtbot.keyClicks(editor, "99")
    with qtbot.waitSignal(pane.table.edited):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    settle()
    assert "M36" in pane.table.refusal.bubble.words
    assert pane.table.indexWidget(pane.table.currentIndex()).text() == "M99"
    assert due()[1] == 2


def test_several_selected_are_edited_together(pane, qtbot, settle, workspace, sample, due):
    go_to(pane, qtbot, 0, 0)
    go_to(pane, qtbot, 2, 0, Qt.KeyboardModifier.ShiftModifier)
    bulk = pane.bulk
    assert bulk.isVisible()
    assert not pane.inspector.isVisible()
    assert bulk.title == "3 selected"
    editor = bulk.form.rows["due_month"].editor
    assert editor.text() == ""
    assert editor.placeholderText() == "Several values"
    editor.setText("M12")
    editor.editingFinished.emit()
    settle()
    assert due() == [12, 12, 12, 4]
    choose(bulk.form.rows["status"].editor, DeliverableStatus.SUBMITTED)
    settle()
    rows = queries.deliverables(workspace, sample.project)
    assert [row.status for row in rows].count(DeliverableStatus.SUBMITTED) == 3
    assert commands.undo_label(workspace) == "Change status of 3 deliverables"
    commands.undo(workspace)
    commands.undo(workspace)
    assert due() == [2, 2, 3, 4]
    go_to(pane, qtbot, 1, 0)
    assert not bulk.isVisible()
    assert pane.inspector.isVisible()


def test_several_are_deleted_after_a_question_and_come_back(pane, qtbot, settle, workspace, due):
    go_to(pane, qtbot, 0, 0)
    go_to(pane, qtbot, 1, 0, Qt.KeyboardModifier.ShiftModifier)
    pane.bulk.delete.click()
    settle()
    (question,) = [d for d in pane.window().findChildren(Dialog) if d.isVisible()]
    assert len(due()) == 4
    question.buttons.itemAt(question.buttons.count() - 1).widget().click()
    settle()
    assert due() == [3, 4]
    commands.undo(workspace)
    assert due() == [2, 2, 3, 4]
