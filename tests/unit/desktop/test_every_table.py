"""What all tables of the desktop have: cells as in a spreadsheet, and looks that are kept."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.models.entries import copied
from projectdesk.desktop.pages import page as pages
from projectdesk.desktop.pages.directory import EveryonePane, OrganisationsPane
from projectdesk.desktop.pages.project.bodies import BodiesPane
from projectdesk.desktop.pages.project.check import CheckPane
from projectdesk.desktop.pages.project.effort import EffortPane
from projectdesk.desktop.pages.project.people import person_columns
from projectdesk.desktop.pages.project.plan_desk import PlanDesk
from projectdesk.desktop.pages.project.tree import TreePane
from projectdesk.desktop.pages.project.work_plan import RisksPane, WorkPlanPane
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.editors import LongTextEditor, TextEditor
from projectdesk.services import commands, queries
from projectdesk.services.plan_problems import PlanProblem, Severity
from projectdesk.services.rows import Kind
from tests.unit.desktop.conftest import TODAY

PAGES = Path(pages.__file__).parent
PASSING = {
    "find_time/dialogs.py",  # of a dialog
    "find_time/poll_tables.py:AnswersTable",  # a column for each date of one poll
    "find_time/slot_tables.py:HourTable",  # a column for each hour
    "import_dialog.py",
    "meeting/agenda_preview.py:AgendaPreview",  # of a dialog
    "meeting/inviting_dialog.py",
    "project/plan_dialogs.py",
}
"""Tables whose looks are not kept: they are gone with their dialog, or have other columns then."""


def tables() -> Iterator[tuple[str, bool]]:
    """Yield every place of the pages that makes a table, and whether its looks are kept."""
    for path in sorted(PAGES.rglob("*.py")):
        words = path.read_text(encoding="utf-8")
        if "DataTable" not in words and "RecordsPane" not in words:
            continue
        place = path.relative_to(PAGES).as_posix()
        tree = ast.parse(words)
        for scope in ast.walk(tree):
            if not isinstance(scope, ast.ClassDef):
                continue
            of_table = any("DataTable" in ast.unparse(base) for base in scope.bases)
            for call in (node for node in ast.walk(scope) if isinstance(node, ast.Call)):
                named = "name" in {word.arg for word in call.keywords}
                match call.func:
                    case ast.Name("DataTable" | "RecordsPane"):
                        yield place, named
                    case ast.Attribute(ast.Call(ast.Name("super")), "__init__") if of_table:
                        yield f"{place}:{scope.name}", named


def test_the_columns_of_every_table_are_kept() -> None:
    found = list(tables())
    assert len(found) > 25
    assert {place for place, kept in found if not kept} == PASSING


@pytest.fixture
def choices(instant, sample):
    made = Choices(instant)
    made.open(sample.project)
    yield made
    made.close()


@pytest.fixture
def desk(instant, choices, sample, dressed):
    made = PlanDesk(instant, choices, lambda: TODAY, QWidget)
    made.open_project(sample.project)
    yield made
    made.close_presenters()
    made.deleteLater()


def shown(qtbot, pane):
    qtbot.addWidget(pane)
    pane.resize(1500, 700)
    with qtbot.waitExposed(pane):
        pane.show()
    return pane


def paste(table, row: int, title: str, words: str) -> None:
    """Paste a block at a cell, whose column is shown for it."""
    number = next(n for n, column in enumerate(table.columns) if column.title == title)
    table.layout_of_columns.show_column(number, True)
    table.select_cells((row, number), (row, number))
    QGuiApplication.clipboard().setText(words)
    table.cells.paste()
    dialogs = [each for each in table.window().findChildren(Dialog) if each.isVisible()]
    assert not dialogs, "every cell of the block is a value of its column"


def test_the_rules_of_bodies_are_pasted_from_a_spreadsheet(
    qtbot, dressed, instant, choices, sample
) -> None:
    for name in ("General Assembly", "Board"):
        values = {"project_id": sample.project, "name": name}
        commands.create(instant.workspace, Kind.BODY, values)
    pane = shown(qtbot, BodiesPane(instant, choices))
    pane.open_project(sample.project)
    paste(pane.table, 0, "Quorum", "1/2\n3/4")
    paste(pane.table, 0, "Notice, days", "30")
    paste(pane.table, 1, "Chair", "Bo OfMIT")
    first, second = queries.bodies(instant.workspace, sample.project)
    assert (first.quorum, second.quorum) == ("1/2", "3/4")
    assert (first.notice_ordinary_days, second.chair) == (30, "Bo OfMIT")
    commands.undo(instant.workspace)
    commands.undo(instant.workspace)
    assert commands.undo_label(instant.workspace) == "Paste 2 cells"
    pane.close_presenters()


@pytest.mark.full
def test_deliverables_take_the_dates_and_people_of_a_spreadsheet(
    qtbot, instant, desk, sample
) -> None:
    pane = WorkPlanPane(desk)
    pane.open_project(sample.project)
    shown(qtbot, pane)
    pane.show_table(Kind.DELIVERABLE)
    table = pane.current.table
    paste(table, 0, "Submitted on", "2027-02-20")
    paste(table, 0, "Reviewer", "Bo OfDTU")
    paste(table, 0, "Level", "SEN")
    paste(table, 0, "Number", "4")
    (row,) = queries.deliverables(instant.workspace, sample.project)
    assert (row.submitted_on.isoformat(), row.reviewer) == ("2027-02-20", "Bo OfDTU")
    assert (row.level.value, row.label) == ("SEN", "D1.4")
    pane.close_presenters()


@pytest.mark.full
def test_a_milestone_is_achieved_in_its_cell_and_no_words_are_copied_as_a_day(
    qtbot, instant, desk, sample
) -> None:
    values = {"project_id": sample.project, "title": "Go", "due_month": 1}
    commands.create(instant.workspace, Kind.MILESTONE, values)
    pane = WorkPlanPane(desk)
    pane.open_project(sample.project)
    shown(qtbot, pane)
    pane.show_table(Kind.MILESTONE)
    table = pane.current.table
    achieved = next(column for column in table.columns if column.title == "Achieved")
    assert achieved.text(table.rows[0]), "it says how late it is"
    assert copied(achieved, table.rows[0]) == ""
    paste(table, 0, "Achieved", "2027-03-01")
    paste(table, 0, "WPs", "WP1")
    (row,) = queries.milestones(instant.workspace, sample.project)
    assert (row.achieved_on.isoformat(), row.work_packages) == ("2027-03-01", "WP1")
    pane.close_presenters()


@pytest.mark.full
def test_several_lines_are_written_in_a_cell_and_saved_by_enter(
    qtbot, instant, desk, sample
) -> None:
    commands.create(instant.workspace, Kind.RISK, {"project_id": sample.project, "title": "Late"})
    pane = RisksPane(desk)
    pane.open_project(sample.project)
    shown(qtbot, pane)
    pane.activateWindow()
    table = pane.pane.table
    table.setFocus()
    number = next(n for n, c in enumerate(table.columns) if c.title == "What may happen")
    table.select_cells((0, number), (0, number))
    table.edit(table.currentIndex())
    (editor,) = table.findChildren(LongTextEditor)
    assert editor.height() > table.visualRect(table.currentIndex()).height()
    assert table.viewport().rect().contains(editor.geometry())
    editor.setPlainText("Sensors")
    editor.moveCursor(editor.textCursor().MoveOperation.End)
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    QTest.keyClicks(editor, "late")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    (risk,) = queries.risks(instant.workspace, sample.project)
    assert risk.title == "Sensors\nlate"
    pane.close_presenters()


def test_several_lines_that_are_refused_stay_in_their_cell(qtbot, instant, desk, sample) -> None:
    commands.create(instant.workspace, Kind.RISK, {"project_id": sample.project, "title": "Late"})
    pane = RisksPane(desk)
    pane.open_project(sample.project)
    shown(qtbot, pane)
    table = pane.pane.table
    number = next(n for n, c in enumerate(table.columns) if c.title == "What may happen")
    table.select_cells((0, number), (0, number))
    typed = "\n \n"
    table.edit(table.currentIndex())
    (editor,) = table.findChildren(LongTextEditor)
    editor.setPlainText(typed)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert table.refusal.bubble.words
    assert table.refusal.words_for(table.currentIndex()) == typed
    again = LongTextEditor(table.viewport())
    table.itemDelegate().setEditorData(again, table.currentIndex())
    assert again.toPlainText() == typed
    (risk,) = queries.risks(instant.workspace, sample.project)
    assert risk.title == "Late"
    pane.close_presenters()


@pytest.mark.full
def test_people_of_the_directory_are_deleted_together(qtbot, dressed, instant, sample) -> None:
    pane = shown(qtbot, EveryonePane(instant))
    table = pane.table
    table.select(sample.people[0])
    table.selectAll()
    assert table.deletes_rows
    rows = [row for row in table.rows if not row.is_me]
    pane.presenter.delete_rows(rows, lambda row: row.name)
    (dialog,) = [each for each in pane.window().findChildren(Dialog) if each.isVisible()]
    dialog.reject()
    assert len(queries.people(instant.workspace)) == 3, "it asks first"
    pane.presenter.close()
    pane.memberships.presenter.close()
    pane.calendars.let_go()


@pytest.mark.full
def test_an_organisation_is_corrected_in_its_cells(qtbot, dressed, instant, sample) -> None:
    pane = shown(qtbot, OrganisationsPane(instant))
    at = [row.short_name for row in pane.table.shown()].index("MIT")
    paste(pane.table, at, "City", "Cambridge")
    paste(pane.table, at, "Post code", "02139")
    row = next(r for r in queries.organisations(instant.workspace) if r.short_name == "MIT")
    assert (row.city, row.post_code) == ("Cambridge", "02139")
    pane.presenter.close()


def test_each_field_of_a_person_has_a_column(choices, dressed) -> None:
    names = {column.field.name for column in person_columns(choices) if column.field is not None}
    assert names >= {
        *("given_name", "family_name", "email", "phone", "languages", "partner_id", "function"),
        *("zone", "work_from", "work_to", "country", "region"),
    }


def test_two_dependencies_that_one_task_breaks_are_two_problems(dressed, instant, sample) -> None:
    pane = CheckPane(instant)
    broken = PlanProblem(
        *("violated", Severity.WARNING, Kind.TASK, sample.work_package, "T1.2", "Test"),
        *("It begins before T1.1 allows.", "Move it.", {}),
    )
    pane._show([broken, replace(broken, text="It begins before T2.1 allows.")])
    assert len(pane.table.rows) == 2
    pane.close_presenters()
    pane.deleteLater()


@pytest.fixture
def tree(qtbot, instant, desk, sample):
    """Return the pane with the tree of the sample's plan, with the focus in the tree."""
    pane = TreePane(desk)
    pane.open_project(sample.project)
    shown(qtbot, pane)
    pane.activateWindow()
    pane.tree.setFocus()
    yield pane
    pane.close_presenters()


def test_what_is_typed_in_the_tree_outlives_what_others_change(
    qtbot, instant, tree, sample
) -> None:
    view = tree.tree
    view.select(sample.work_package)
    view.edit_title()
    (editor,) = view.viewport().findChildren(TextEditor)
    editor.setText("Typed")
    (row,) = queries.deliverables(instant.workspace, sample.project)
    commands.set_fields(instant.workspace, Kind.DELIVERABLE, row.id, 1, {"title": "Theirs"})
    assert view.state() is view.State.EditingState
    assert editor.text() == "Typed"
    tree.refresh()  # as when partners or people are read anew
    assert (editor.text(), editor.selectedText()) == ("Typed", "")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: (
            [
                (node.row.title, [below.row.title for below in node.children])
                for node in view.plan.top
            ]
            == [("Typed", ["Theirs"])]
        )
    )


@pytest.mark.full
def test_what_others_change_is_shown_after_an_edit_that_is_given_up(
    qtbot, instant, tree, sample
) -> None:
    view = tree.tree
    view.select(sample.work_package)
    view.edit_title()
    (editor,) = view.viewport().findChildren(TextEditor)
    values = {"title": "Theirs"}
    commands.set_fields(instant.workspace, Kind.WORK_PACKAGE, sample.work_package, 1, values)
    assert view.plan.top[0].row.title == "Sensing"
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: view.plan.top[0].row.title == "Theirs")


@pytest.mark.full
def test_lines_of_the_tree_are_copied_and_delete_asks_for_what_goes_along(tree, sample) -> None:
    view = tree.tree
    view.select(sample.work_package)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = [line.split("\t")[:3] for line in QGuiApplication.clipboard().text().split("\n")]
    assert lines == [["WP1", "Sensing", "DTU"], ["D1.1", "Report", ""]]
    QTest.keyClick(view, Qt.Key.Key_Delete)
    (dialog,) = [each for each in tree.findChildren(Dialog) if each.isVisible()]
    dialog.reject()


def test_ctrl_f_leads_to_the_filter_on_the_screen(qtbot, instant, desk, sample) -> None:
    pane = WorkPlanPane(desk)
    pane.open_project(sample.project)
    shown(qtbot, pane)
    pane.activateWindow()
    pane.current.table.setFocus()
    QTest.keyClick(pane.current.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(pane.filter.hasFocus)
    pane.close_presenters()


@pytest.mark.full
def test_a_partner_is_found_in_the_effort_and_all_rows_stay(
    qtbot, dressed, instant, sample
) -> None:
    pane = EffortPane(instant)
    pane.open_project(sample.project)
    shown(qtbot, pane)
    pane.finder.setText("mit")
    assert pane.table.current().name == "MIT"
    pane.finder.setText("dtu")
    assert pane.table.current().name == "DTU"
    assert len(pane.table.shown()) == 2
    pane.close_presenters()
