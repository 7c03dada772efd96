"""The effort matrix on the screen."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QGuiApplication

from projectdesk.desktop.pages.project.effort import EffortPane
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.domain.effort import EffortStatement, ReportedEffort, StatementState
from projectdesk.domain.identity import new_id
from projectdesk.services import commands, queries
from projectdesk.services.effort_rows import EffortGrid
from projectdesk.services.rows import Kind


class ShownPane(EffortPane):
    """The pane as `on_screen` shows and closes it."""

    def close_page(self) -> None:
        self.close_presenters()


CTRL = Qt.KeyboardModifier.ControlModifier
MONTHS = st.decimals(min_value=0, max_value=1000, places=2)


@pytest.fixture(autouse=True)
def _british(qapp):
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def pane(on_screen, session, workspace, sample, settle):
    commands.create(
        workspace,
        Kind.WORK_PACKAGE,
        {
            "project_id": sample.project,
            "title": "Pilots",
            "lead_partner_id": sample.partners[1],
            "start_month": 1,
            "end_month": 12,
        },
    )
    made = ShownPane(session)
    on_screen(made)
    made.open_project(sample.project)
    settle()
    made.table.setFocus()
    return made


def planned(workspace, sample) -> dict[tuple[str, str], Decimal]:
    matrix = queries.effort_matrix(workspace, sample.project)
    return {
        (line.partner, line.work_package): line.planned
        for line in queries.effort_lines(workspace, matrix.project_id)
        if line.planned is not None
    }


def go_to(pane, qtbot, row: int, column: int) -> None:
    at = pane.table.visualRect(pane.table.model().index(row, column)).center()
    qtbot.mouseClick(pane.table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_a_cell_is_typed_summed_and_undone(pane, qtbot, settle, workspace, sample):
    go_to(pane, qtbot, 0, 1)
    qtbot.keyClick(pane.table, Qt.Key.Key_4)
    editor = pane.table.indexWidget(pane.table.currentIndex())
    qtbot.keyClicks(editor, ",25")
    with qtbot.waitSignal(pane.table.edited):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    settle()
    assert planned(workspace, sample) == {("DTU", "WP2"): Decimal("4.25")}
    assert commands.undo_label(workspace) == "Change effort of DTU in WP2"
    assert pane.table.model().index(0, 1).data() == "4.25"
    assert pane.totals.words == ["4.25", "0.00", "4.25"]
    assert "DTU, 4.25" in pane.table.model().headerData(0, Qt.Orientation.Vertical)
    commands.undo(workspace)
    settle()
    assert pane.table.model().index(0, 1).data() == ""


@pytest.mark.full
def test_a_block_of_a_spreadsheet_is_one_change(pane, qtbot, settle, workspace, sample):
    go_to(pane, qtbot, 0, 0)
    QGuiApplication.clipboard().setText("6\t4,5\r\n\t12.00\r\n")
    qtbot.keyClick(pane.table, Qt.Key.Key_V, CTRL)
    settle()
    assert planned(workspace, sample) == {
        ("DTU", "WP1"): Decimal(6),
        ("DTU", "WP2"): Decimal("4.5"),
        ("MIT", "WP2"): Decimal(12),
    }
    assert commands.undo_label(workspace) == "Paste 3 cells"
    qtbot.keyClick(pane.table, Qt.Key.Key_A, CTRL)
    qtbot.keyClick(pane.table, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "6\t4.5\n\t12"
    qtbot.keyClick(pane.table, Qt.Key.Key_C, CTRL | Qt.KeyboardModifier.ShiftModifier)
    headed = "Partner\tWP1\tWP2\nDTU\t6\t4.5\nMIT\t\t12"
    assert QGuiApplication.clipboard().text() == headed
    go_to(pane, qtbot, 0, 0)
    qtbot.keyClick(pane.table, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(pane.table, Qt.Key.Key_Delete)
    settle()
    assert planned(workspace, sample) == {("MIT", "WP2"): Decimal(12)}


def test_a_table_with_names_goes_where_they_belong(pane, qtbot, settle, workspace, sample):
    go_to(pane, qtbot, 1, 1)
    QGuiApplication.clipboard().setText("Partner\tWP2\twp1\nMIT\t5\t\n1\t\t7.5\nTotal\t5\t7.5\n")
    qtbot.keyClick(pane.table, Qt.Key.Key_V, CTRL)
    (dialog,) = [d for d in pane.window().findChildren(Dialog) if d.isVisible()]
    assert planned(workspace, sample) == {}
    dialog.buttons.itemAt(dialog.buttons.count() - 1).widget().click()
    settle()
    assert planned(workspace, sample) == {
        ("DTU", "WP1"): Decimal("7.5"),
        ("MIT", "WP2"): Decimal(5),
    }


def test_what_is_no_person_months_is_said_at_the_cell(pane, qtbot, settle, workspace, sample):
    go_to(pane, qtbot, 1, 0)
    QGuiApplication.clipboard().setText("1.125")
    qtbot.keyClick(pane.table, Qt.Key.Key_V, CTRL)
    assert "two places" in pane.table.refusal.bubble.words
    assert planned(workspace, sample) == {}


def test_the_leader_s_cell_is_bold(pane):
    dtu, mit = pane.table.rows
    first, second = pane.table.columns
    assert [first.bold(dtu), first.bold(mit)] == [True, False]
    assert [second.bold(dtu), second.bold(mit)] == [False, True]


def test_reported_and_deviation_are_read_only(pane, qtbot, settle, workspace, sample):
    partner = sample.partners[0]
    commands.set_efforts(workspace, sample.project, {(partner, sample.work_package): Decimal(36)})
    period = commands.create(
        workspace,
        Kind.REPORTING_PERIOD,
        {"project_id": sample.project, "start_month": 1, "end_month": 12},
    )[0]
    statement = EffortStatement(
        period_id=period, partner_id=partner, state=StatementState.APPROVED, desk=str(new_id())
    )
    with workspace.change("Report") as unit:
        unit.add(statement)
        unit.add(
            ReportedEffort(
                statement_id=statement.id,
                work_package_id=sample.work_package,
                months=Decimal("14.5"),
            )
        )
    settle()
    assert pane.table.model().index(0, 0).data() == "36.00"
    pane.figures.buttons[1].click()
    assert pane.table.model().index(0, 0).data() == "14.50"
    assert pane.period.isVisible()
    assert not pane.table.cells.can_edit
    pane.figures.buttons[2].click()
    assert "the periodic report counts a missing one as 0" in pane.hint.text()
    assert pane.table.model().index(0, 0).data() == "+2.50"
    assert pane.totals.words[0] == "+2.50"
    assert not pane.period.isVisible()


def test_without_work_packages_it_says_what_to_do(on_screen, session, workspace, settle):
    project, _ = commands.create(workspace, Kind.PROJECT, {"acronym": "EMPTY"})
    made = ShownPane(session)
    on_screen(made)
    made.open_project(project)
    settle()
    assert made.nothing.isVisible()
    assert not made.table.isVisible()


@given(st.dictionaries(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), MONTHS))
def test_sums_of_rows_columns_and_all_reconcile(cells):
    grid = EffortGrid(cells)
    rows = sum((grid.of_partner(partner) for partner in "abc"), Decimal(0))
    columns = sum((grid.of_package(package) for package in "xyz"), Decimal(0))
    assert rows == columns == grid.total
