"""The work plan's tree, risks, lists and dialogs: what a person does, and what is saved of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication

from projectdesk.desktop.models import formats
from projectdesk.desktop.models.months import MonthUnit
from projectdesk.desktop.models.plan_tree import PlanRows, plan_nodes
from projectdesk.desktop.pages.dialogs import FormDialog
from projectdesk.desktop.pages.project.late import LatePane
from projectdesk.desktop.pages.project.page import ProjectPage
from projectdesk.desktop.pages.project.plan_boxes import AchievedBox, LifeBox, LinksBox
from projectdesk.desktop.pages.project.plan_dialogs import RenumberDialog, ShiftDialog, StartDialog
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.widgets.editors import NotAValue
from projectdesk.domain.workplan import DeliverableStatus, RiskGrade
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from tests.unit.desktop.conftest import TODAY, choose, dialog_of

START = date(2027, 1, 1)


@pytest.fixture
def plan(workspace, sample):
    """Add to the sample: WP2 in M7 to M12, tasks T1.1 (M1-6), T1.2 (M7-36), T2.1, and MS1."""

    def make(kind, **values):
        return commands.create(workspace, kind, values)[0]

    class Plan:
        project, wp1, d11 = sample.project, sample.work_package, sample.deliverable
        wp2 = make(Kind.WORK_PACKAGE, project_id=sample.project, title="Modelling",
                   start_month=7, end_month=12)  # fmt: skip
        t11 = make(Kind.TASK, work_package_id=wp1, title="Build", start_month=1, end_month=6)
        t12 = make(Kind.TASK, work_package_id=wp1, title="Try", start_month=7, end_month=36)
        t21 = make(Kind.TASK, work_package_id=wp2, title="Run", start_month=7, end_month=12)
        ms1 = make(Kind.MILESTONE, project_id=sample.project, title="It works", due_month=12,
                   work_package_ids=[wp2], means_of_verification="Report")  # fmt: skip

    return Plan


@pytest.fixture
def page(on_screen, session, settle, plan):
    page = on_screen(ProjectPage(session, lambda: TODAY))
    page.open(Route(Place.PROJECT, plan.project, "tree"))
    settle()
    return page


def labels(workspace, project):
    return {row.id: row.label for row in queries.tasks(workspace, project)}


def shown(tree):
    return [[node.row.label, *(child.row.label for child in node.children)]
            for node in tree.plan.top]  # fmt: skip


# --- the tree


def test_the_tree_shows_what_is_in_each_work_package(page, settle, plan):
    tree = page.tree.tree
    assert shown(tree) == [["WP1", "T1.1", "T1.2", "D1.1"], ["WP2", "T2.1", "MS1"]]
    tree.select(plan.t12)
    assert page.tree.inspectors[Kind.TASK].isVisible()
    tree.select(plan.ms1)
    assert not page.tree.inspectors[Kind.TASK].isVisible()
    assert page.tree.inspectors[Kind.MILESTONE].title == "MS1  It works"
    page.tree.filter.setText("run")
    assert shown(tree) == [["WP2", "T2.1"]]
    page.tree.filter.setText("")
    assert len(shown(tree)) == 2


def test_a_milestone_of_no_work_package_stands_by_itself(workspace, plan):
    commands.create(
        workspace, Kind.MILESTONE, {"project_id": plan.project, "title": "Alone", "due_month": 3}
    )
    rows = PlanRows(
        queries.work_packages(workspace, plan.project),
        milestones=queries.milestones(workspace, plan.project),
    )
    top = plan_nodes(rows)
    assert [node.row.label for node in top] == ["WP1", "WP2", "MS2"]
    assert [node.place for node in top] == [0, 1, 2]


@pytest.mark.full
def test_a_task_is_added_and_named_in_place(page, settle, workspace, plan):
    tree = page.tree.tree
    tree.select(plan.wp2)
    page.tree.add_below(Kind.TASK)
    settle()
    node = tree.current()
    assert (node.row.label, node.row.start_month, node.row.end_month) == ("T2.2", 7, 12)
    index = tree.currentIndex()
    assert index.column() == 1
    assert tree.indexWidget(index) is not None or tree.state() == tree.State.EditingState
    assert tree.plan.setData(index, "Compare")
    settle()
    assert "Compare" in [row.title for row in queries.tasks(workspace, plan.project)]


@pytest.mark.full
def test_what_is_closed_stays_closed(page, settle, plan, on_screen, session):
    tree = page.tree.tree
    tree.collapse(tree.plan.find(plan.wp1))
    settle()
    assert not tree.isExpanded(tree.plan.find(plan.wp1))
    page.tree.presenter.load()
    settle()
    assert not tree.isExpanded(tree.plan.find(plan.wp1))
    other = on_screen(ProjectPage(session, lambda: TODAY))
    other.open(Route(Place.PROJECT, plan.project, "tree"))
    settle()
    again = other.tree.tree
    assert not again.isExpanded(again.plan.find(plan.wp1))
    assert again.isExpanded(again.plan.find(plan.wp2))


@pytest.mark.full
def test_a_task_is_dragged_to_another_work_package(page, settle, workspace, plan):
    tree = page.tree.tree
    node = tree.plan.node(tree.plan.find(plan.t11))
    target = tree.plan.node(tree.plan.find(plan.wp2))
    assert tree.drop_on(node, target, below=False, on=True)
    settle()
    assert labels(workspace, plan.project)[plan.t11] == "T2.2"
    assert shown(tree)[1] == ["WP2", "T2.1", "T2.2", "MS1"]
    commands.undo(workspace)
    assert labels(workspace, plan.project)[plan.t11] == "T1.1"


@pytest.mark.full
def test_tasks_are_put_in_another_order(page, settle, workspace, plan, qtbot):
    tree = page.tree.tree
    tree.select(plan.t12)
    tree.setFocus()
    qtbot.keyClick(tree, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    settle()
    assert labels(workspace, plan.project)[plan.t12] == "T1.1"
    assert tree.current().row.id == plan.t12
    node, first = tree.current(), tree.plan.node(tree.plan.find(plan.t11))
    assert tree.drop_on(node, first, below=True, on=False)
    settle()
    assert labels(workspace, plan.project)[plan.t12] == "T1.2"
    milestone = tree.plan.node(tree.plan.find(plan.ms1))
    assert not tree.drop_on(milestone, first, below=True, on=False)


# --- months and dates


@pytest.mark.full
def test_months_and_dates_toggle_everywhere_and_are_kept(page, settle, plan, on_screen, session):
    page.tree.unit.chosen.emit(formats.CALENDAR)
    settle()
    page.open(Route(Place.PROJECT, plan.project, Kind.TASK.value))
    settle()
    table = page.plan.current.table
    end = next(i for i, c in enumerate(table._model.columns) if c.title == "End")
    assert table.model().index(0, end).data() == formats.day(date(2027, 6, 30))
    assert page.plan.unit.value == formats.CALENDAR
    table.select(plan.t11)
    editor = page.plan.current.inspector.form.rows["end_month"].editor
    assert editor.text() == formats.day(date(2027, 6, 30))
    editor.setText("31 Aug 2027")
    editor.editingFinished.emit()
    settle()
    row = next(row for row in table.rows if row.id == plan.t11)
    assert row.end_month == 8
    page.plan.show_unit(formats.MONTHS)
    assert editor.text() == "M8"
    page.plan.show_unit(formats.CALENDAR)
    settle()
    other = on_screen(ProjectPage(session, lambda: TODAY))
    other.open(Route(Place.PROJECT, plan.project, "tree"))
    settle()
    assert other.tree.unit.value == formats.CALENDAR


def test_a_month_is_read_as_a_number_or_a_day(dressed):
    unit = MonthUnit(formats.CALENDAR, START)
    assert [unit.read(words) for words in ("M12", "12", "31 Mar 2027", "")] == [12, 12, 3, None]
    assert unit.span(1, 2) == f"{formats.day(START)} – {formats.day(date(2027, 2, 28))}"
    assert [unit.read(words) for words in ("Month 9", "monat 9", "M 10", "10.0")] == [9, 9, 10, 10]
    for words, expected in (
        ("31 Dec 2026", "in no month"),
        ("M0", "from M1"),
        ("soon", "such as M12, or a date"),
        ("46173", "such as M12, or a date"),
    ):
        with pytest.raises(NotAValue, match=expected):
            unit.read(words)
    assert MonthUnit(formats.CALENDAR, None).ends(3) == "M3"


# --- dependencies


def box_of(page, kind):
    found = [box for box in page.tree.findChildren(kind) if box.isVisible()]
    assert len(found) == 1
    return found[0]


def tie(page, settle, after, before):
    page.tree.tree.select(after)
    box = box_of(page, LinksBox)
    box.add.click()
    dialog = dialog_of(page, FormDialog)
    choose(dialog.form.rows["before_task_id"].editor, before)
    dialog.submit()
    settle()
    return box, dialog


@pytest.mark.full
def test_a_task_waits_for_another_and_a_circle_is_refused(page, settle, workspace, plan):
    box, _ = tie(page, settle, plan.t21, (Kind.TASK, plan.t12))
    (link,) = queries.dependencies(workspace, plan.project)
    assert (link.after, link.before, link.violated, link.months) == ("T2.1", "T1.2", True, 30)
    assert [each.id for each in box.shown] == [link.id]
    page.open(Route(Place.PROJECT, plan.project, "dependencies"))
    settle()
    table = page.links.pane.table
    holds = next(i for i, c in enumerate(table._model.columns) if c.title == "Holds")
    assert table.model().index(0, holds).data() == "30 months too early"
    page.links.pane.select(link.id)
    lag = page.links.pane.inspector.form.rows["lag_months"].editor
    choose(lag, -30)
    settle()
    assert table.model().index(0, holds).data() == "yes"
    page.open(Route(Place.PROJECT, plan.project, "tree"))
    settle()
    _, dialog = tie(page, settle, plan.t12, (Kind.TASK, plan.t21))
    assert dialog.isVisible()
    problem = dialog.form.rows["before_task_id"].problem
    assert "T1.2" in problem
    assert "T2.1" in problem
    dialog.reject()
    (link,) = page.plan_desk.planning.links
    page.plan_desk.planning.untie(link)
    settle()
    assert queries.dependencies(workspace, plan.project) == []


@pytest.mark.full
def test_what_waits_is_moved_after_a_preview(page, settle, workspace, plan):
    tie(page, settle, plan.t21, (Kind.TASK, plan.t11))
    tie(page, settle, plan.t12, (Kind.TASK, plan.t21))
    dialog = page.plan_desk.ask_waiting()
    settle()
    assert [row.label for row in dialog.table.rows] == ["WP1", "T1.2"]
    assert dialog.extend.isVisible()
    assert not dialog.action.isEnabled()
    dialog.extend.setChecked(True)
    dialog.submit()
    settle()
    assert not any(row.violated for row in queries.dependencies(workspace, plan.project))
    assert queries.project(workspace, plan.project).duration_months == 42


# --- moving and renumbering


def test_a_work_package_is_moved_with_all_in_it(page, settle, workspace, plan):
    page.plan_desk.ask_shift(queries.work_packages(workspace, plan.project)[1])
    settle()
    dialog = dialog_of(page, ShiftDialog)
    assert [row.label for row in dialog.table.rows] == ["WP2", "T2.1", "MS1"]
    editor = dialog.form.rows["months"].editor
    editor.setText("2")
    editor.editingFinished.emit()
    settle()
    assert [row.start_after for row in dialog.table.rows] == [9, 9, 14]
    choose(dialog.form.rows["direction"].editor, "earlier")
    editor.setText("7")
    editor.editingFinished.emit()
    settle()
    assert "before M1" in dialog.form.rows["months"].problem
    assert not dialog.action.isEnabled()
    editor.setText("6")
    editor.editingFinished.emit()
    settle()
    dialog.submit()
    settle()
    package = queries.work_packages(workspace, plan.project)[1]
    assert (package.start_month, package.end_month) == (1, 6)
    commands.undo(workspace)
    assert queries.tasks(workspace, plan.project)[2].start_month == 7


@pytest.mark.full
def test_numbers_are_given_anew_after_a_preview(page, settle, workspace, plan):
    commands.create(
        workspace, Kind.DELIVERABLE, {"work_package_id": plan.wp1, "title": "A", "due_month": 1}
    )
    page.plan_desk.ask_renumber(Kind.DELIVERABLE)
    settle()
    dialog = dialog_of(page, RenumberDialog)
    assert [(row.label, row.label_after) for row in dialog.table.rows] == [
        ("D1.1", "D1.2"), ("D1.2", "D1.1"),
    ]  # fmt: skip
    dialog.submit()
    settle()
    first, *_ = queries.deliverables(workspace, plan.project)
    assert first.title == "A"


@pytest.mark.full
def test_the_start_moves_and_says_what_has_passed(page, settle, workspace, plan):
    dialog = page.plan_desk.ask_start()
    assert isinstance(dialog, StartDialog)
    editor = dialog.form.rows["months"].editor
    editor.setText("1 Jun 2026")
    editor.editingFinished.emit()
    settle()
    passed = [row.label for row in dialog.table.rows if row.passed]
    assert passed == ["D1.1"]
    assert "1 date has passed" in dialog.note.text()
    dialog.submit()
    settle()
    assert queries.project(workspace, plan.project).start_date == date(2026, 6, 1)


# --- the life of a deliverable, and milestones


def test_a_deliverable_goes_through_its_life(page, settle, workspace, plan):
    page.tree.tree.select(plan.d11)
    box = box_of(page, LifeBox)
    days = (TODAY - date(2027, 2, 28)).days
    assert box.late.words == f"Submission {days} d late"

    def row():
        return queries.deliverables(workspace, plan.project)[0]

    for status in (DeliverableStatus.IN_PREPARATION, DeliverableStatus.INTERNAL_REVIEW):
        box.steps[status].click()
        settle()
        assert row().status is status
    box.steps[DeliverableStatus.SUBMITTED].click()
    dialog = dialog_of(page, FormDialog)
    assert dialog.form.rows["day"].value() == TODAY
    dialog.submit()
    settle()
    assert (row().status, row().submitted_on) == (DeliverableStatus.SUBMITTED, TODAY)
    assert row().reviewed_on == TODAY
    assert box.late.words == f"came {days} days late"
    box.steps[DeliverableStatus.ACCEPTED].click()
    dialog = dialog_of(page, FormDialog)
    dialog.form.rows["day"].editor.set_value(TODAY - timedelta(days=1))
    dialog.submit()
    settle()
    assert "before the submission" in dialog.problem
    dialog.form.rows["day"].editor.set_value(TODAY)
    dialog.submit()
    settle()
    assert (row().status, row().decided_on) == (DeliverableStatus.ACCEPTED, TODAY)
    commands.undo(workspace)
    assert (row().status, row().decided_on) == (DeliverableStatus.SUBMITTED, None)


@pytest.mark.full
def test_a_milestone_is_verified_by_somebody(page, settle, workspace, plan, sample):
    page.tree.tree.select(plan.ms1)
    box = box_of(page, AchievedBox)
    box.achieve.click()
    dialog = dialog_of(page, FormDialog)
    assert "Report" in dialog._sentence.text()
    choose(dialog.form.rows["verified_by_id"].editor, sample.people[0])
    dialog.form.rows["verification"].editor.setPlainText("Report read on site")
    dialog.submit()
    settle()
    (row,) = queries.milestones(workspace, plan.project)
    assert (row.achieved_on, row.verified_by) == (TODAY, "Bo OfDTU")
    assert row.verification == "Report read on site"
    box.take_back.click()
    settle()
    assert queries.milestones(workspace, plan.project)[0].achieved_on is None


# --- risks


@pytest.mark.full
def test_risks_are_added_and_kept_by_cell(page, settle, workspace, plan):
    for title, likelihood in (("Storm", RiskGrade.HIGH), ("Strike", RiskGrade.LOW)):
        commands.create(
            workspace,
            Kind.RISK,
            {"project_id": plan.project, "title": title, "likelihood": likelihood,
             "severity": RiskGrade.HIGH},
        )  # fmt: skip
    page.open(Route(Place.PROJECT, plan.project, "risks"))
    settle()
    pane, matrix = page.risks.pane, page.risks.matrix
    cell = matrix.cells[RiskGrade.HIGH, RiskGrade.HIGH]
    assert cell.labels == ["R1"]
    assert "R1" in cell.accessibleName()
    assert "high" in cell.accessibleName().lower()
    cell.click()
    assert [row.title for row in pane.table.shown()] == ["Storm"]
    cell.click()
    assert len(pane.table.shown()) == 2
    page.risks.add_button.click()
    dialog = dialog_of(page, FormDialog)
    dialog.form.rows["title"].editor.setText("Delay")
    dialog.submit()
    settle()
    assert [row.label for row in queries.risks(workspace, plan.project)] == ["R1", "R2", "R3"]
    assert pane.table.current().title == "Delay"


# --- what is late, and what is wrong


@pytest.mark.full
def test_reminders_are_mailed_and_copied(session, on_screen, settle, workspace, plan, sample):
    mails: list[QUrl] = []
    membership = queries.people(workspace, plan.project)
    assert any(row.email == "bo@dtu.example" for row in membership)

    class Window(LatePane):
        close_page = LatePane.close_presenters

    pane = Window(session, lambda: TODAY, mails.append)
    pane.open_project(plan.project)
    on_screen(pane)
    (row,) = pane.table.rows
    assert (row.label, row.person) == ("D1.1", "Bo OfDTU")
    pane.mail_button.click()
    (url,) = mails
    assert url.scheme() == "mailto"
    assert url.path() == "bo@dtu.example"
    assert "D1.1" in url.query(QUrl.ComponentFormattingOption.FullyDecoded)
    pane.copy_button.click()
    assert "D1.1 Report: Submission, due on 28 Feb 2027" in QGuiApplication.clipboard().text()


@pytest.mark.full
def test_a_problem_opens_its_record(page, settle, workspace, plan):
    page.open(Route(Place.PROJECT, plan.project, "check"))
    settle()
    table = page.check.table
    problem = next(row for row in table.rows if row.id == plan.t21 and row.code == "no_leader")
    table.select((problem.code, problem.id))
    table.opened.emit(problem)
    settle()
    assert page.plan.kind is Kind.TASK
    assert page.plan.current.table.current().id == plan.t21
    before = len(table.rows)
    task = next(row for row in queries.tasks(workspace, plan.project) if row.id == plan.t21)
    lead = queries.partners(workspace, plan.project)[0].id
    commands.set_fields(workspace, Kind.TASK, plan.t21, task.version, {"lead_partner_id": lead})
    page.open(Route(Place.PROJECT, plan.project, "check"))
    settle()
    assert len(table.rows) == before - 1
