"""Pages over a real database: what a person does, and what is saved of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from sqlalchemy import update

from projectdesk.desktop.models import formats
from projectdesk.desktop.pages.actions import ActionsPage
from projectdesk.desktop.pages.dialogs import FormDialog
from projectdesk.desktop.pages.directory import DirectoryPage
from projectdesk.desktop.pages.home import HomePage, Line
from projectdesk.desktop.pages.import_dialog import ImportDialog
from projectdesk.desktop.pages.project.page import ProjectPage
from projectdesk.desktop.pages.projects import ProjectsPage
from projectdesk.desktop.pages.settings import SettingsPage
from projectdesk.desktop.pages.welcome import WelcomePage
from projectdesk.desktop.presenters.importing import import_plan
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.theme import Scheme
from projectdesk.desktop.widgets.badges import Elided
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.domain.consortium import BodyKind
from projectdesk.domain.minutes import ActionStatus
from projectdesk.domain.workplan import WorkPackage
from projectdesk.services import call_rules, commands, queries
from projectdesk.services.rows import Kind
from projectdesk.store import schema
from tests.unit.desktop.conftest import NOW, TODAY, choose, dialog_of, enter


def test_a_project_is_made_in_a_short_dialog(on_screen, session, settle, qtbot, workspace):
    page = on_screen(ProjectsPage(session))
    assert page.pane.table._empty.isVisible()
    page.new.click()
    dialog = dialog_of(page, FormDialog)
    dialog.submit()
    assert "needed" in dialog.form.rows["acronym"].problem
    enter(dialog.form, acronym="BOREAS", start_date="1 Mar 2027", duration_months="24")
    with qtbot.waitSignal(page.go) as told:
        dialog.submit()
    row = queries.project(workspace, told.args[0].id)
    assert (row.acronym, row.start_date, row.duration_months) == ("BOREAS", date(2027, 3, 1), 24)
    settle()
    assert [shown.acronym for shown in page.pane.table.shown()] == ["BOREAS"]


@pytest.fixture
def project(on_screen, session, settle, sample):
    page = on_screen(ProjectPage(session, lambda: TODAY))
    page.open(Route(Place.PROJECT, sample.project))
    settle()
    return page


def test_the_overview_saves_each_field_when_it_is_left(project, settle, workspace, sample, qtbot):
    rows = project.overview._what.rows
    editor = rows["title"].editor
    editor.setText("Southern lights")
    editor.editingFinished.emit()
    settle()
    assert queries.project(workspace, sample.project).title == "Southern lights"
    assert "Southern lights" in project.header._subtitle.text()
    rows["acronym"].editor.setText("")
    rows["acronym"].editor.editingFinished.emit()
    settle()
    assert rows["acronym"].problem
    assert queries.project(workspace, sample.project).acronym == "AURORA"


def test_a_partner_is_edited_beside_the_list(project, settle, workspace, sample):
    project.open(Route(Place.PROJECT, sample.project, "consortium"))
    settle()
    pane = project.partners
    pane.table.select(sample.partners[1])
    assert pane.inspector.isVisible()
    assert pane.inspector.title == "MIT"
    rows = pane.inspector.form.rows
    rows["contribution"].editor.setText("2,500.50")
    rows["contribution"].editor.editingFinished.emit()
    rows["city"].editor.setText("Boston")
    rows["city"].editor.editingFinished.emit()
    settle()
    row = queries.partners(workspace, sample.project)[1]
    assert str(row.contribution) == "2500.50"
    assert row.city == "Boston", "the city is the organisation's"
    assert pane.table.current().id == sample.partners[1]
    pane.inspector.history.click()
    settle()
    told = [label.text() for label in pane.inspector.findChildren(QLabel)]
    assert any(words.startswith("EU contribution: 2000") for words in told)
    pane.inspector.closed.emit()
    assert not pane.inspector.isVisible()


def test_a_partner_is_added_and_shown(project, settle, workspace, sample):
    project.open(Route(Place.PROJECT, sample.project, "consortium"))
    settle()
    project.partners.add.click()
    dialog = dialog_of(project, FormDialog)
    enter(dialog.form, legal_name="Sintef", short_name="SINTEF", country="NO")
    dialog.submit()
    settle()
    assert [row.short_name for row in queries.partners(workspace, sample.project)] == [
        "DTU",
        "MIT",
        "SINTEF",
    ]
    assert project.partners.table.current().short_name == "SINTEF"


def test_a_refused_dialog_stays_open_and_keeps_what_was_typed(project, settle, sample):
    project.open(Route(Place.PROJECT, sample.project, "consortium"))
    settle()
    project.ask_partner()
    dialog = dialog_of(project, FormDialog)
    enter(dialog.form, legal_name="Sintef", pic="12")
    dialog.submit()
    settle()
    assert dialog.isVisible()
    assert dialog.action.isEnabled()
    assert dialog.form.rows["legal_name"].value() == "Sintef"
    assert dialog.form.rows["pic"].problem


def test_a_person_is_added_for_a_partner(project, settle, workspace, sample):
    project.open(Route(Place.PROJECT, sample.project, "people"))
    settle()
    project.ask_person()
    dialog = dialog_of(project, FormDialog)
    enter(dialog.form, given_name="Kim", family_name="Ny", email="kim@example.org", zone="Oslo")
    dialog.form.rows["partner_id"].editor.set_value(sample.partners[0])
    dialog.submit()
    settle()
    row = next(r for r in queries.people(workspace, sample.project) if r.family_name == "Ny")
    assert (row.partner, row.zone) == ("DTU", "Europe/Oslo")
    pane = project.people
    pane.table.select(row.id)
    pane.inspector.delete.click()
    settle()
    names = [r.family_name for r in queries.people(workspace, sample.project)]
    assert "Ny" not in names


def test_the_plan_is_shown_in_months_and_as_dates(project, settle, sample):
    project.open(Route(Place.PROJECT, sample.project, Kind.DELIVERABLE.value, sample.deliverable))
    settle()
    table = project.plan.current.table
    assert project.plan.kind is Kind.DELIVERABLE
    assert table.current().id == sample.deliverable
    due = next(i for i, c in enumerate(table._model.columns) if c.title == "Due")
    assert table.model().index(0, due).data() == "M2"
    project.plan.show_unit(formats.CALENDAR)
    assert table.model().index(0, due).data() == formats.day(date(2027, 2, 28))


@pytest.mark.full
def test_a_month_is_typed_into_its_cell(project, settle, workspace, sample, qtbot):
    project.open(Route(Place.PROJECT, sample.project, Kind.WORK_PACKAGE.value))
    settle()
    table = project.plan.current.table
    table.select(sample.work_package)
    end = next(i for i, c in enumerate(table._model.columns) if c.title == "End")
    model = table.model()
    assert model.setData(model.index(0, end), 30)
    settle()
    assert queries.work_packages(workspace, sample.project)[0].end_month == 30
    assert model.setData(model.index(0, end), 0)
    settle()
    assert queries.work_packages(workspace, sample.project)[0].end_month == 30


@pytest.mark.full
@pytest.mark.parametrize(
    ("kind", "query"),
    [
        (Kind.WORK_PACKAGE, queries.work_packages),
        (Kind.TASK, queries.tasks),
        (Kind.DELIVERABLE, queries.deliverables),
        (Kind.MILESTONE, queries.milestones),
    ],
)
def test_records_of_the_plan_are_added(project, settle, workspace, sample, kind, query):
    project.open(Route(Place.PROJECT, sample.project, kind.value))
    settle()
    before = len(query(workspace, sample.project))
    project.plan.add_button.click()
    dialog = dialog_of(project, FormDialog)
    enter(dialog.form, title="Brand new")
    dialog.submit()
    settle()
    rows = query(workspace, sample.project)
    assert len(rows) == before + 1
    assert project.plan.current.table.current().title == "Brand new"


@pytest.mark.full
def test_the_work_packages_of_a_milestone_are_ticked(project, settle, workspace, sample):
    make = {"project_id": sample.project, "title": "Go"}
    milestone, _ = commands.create(workspace, Kind.MILESTONE, make)
    project.open(Route(Place.PROJECT, sample.project, Kind.MILESTONE.value))
    settle()
    pane = project.plan.current
    pane.table.select(milestone)
    editor = pane.inspector.form.rows["work_package_ids"].editor
    assert editor.shown_text() == "–"
    editor.showPopup()
    editor.list.itemClicked.emit(editor.list.item(0))
    editor.hidePopup()
    settle()
    row = queries.milestones(workspace, sample.project)[0]
    assert row.work_package_ids == (sample.work_package,)
    assert editor.shown_text() == "WP1"
    commands.undo(workspace)
    settle()
    assert editor.shown_text() == "–"


@pytest.mark.full
def test_bodies_start_with_the_usual_rules(project, settle, workspace, sample):
    project.open(Route(Place.PROJECT, sample.project, "bodies"))
    settle()
    project.bodies.add.click()
    settle()
    project.bodies.add.click()
    settle()
    rows = queries.bodies(workspace, sample.project)
    assert {row.name for row in rows} == {"General Assembly", "Executive Board"}


@pytest.fixture
def board(project, settle, workspace, sample):
    """Return the pane of bodies with an Executive Board selected."""
    project.open(Route(Place.PROJECT, sample.project, "bodies"))
    values = {
        "project_id": sample.project,
        "name": "Board",
        "kind": BodyKind.EXECUTIVE_BOARD,
        "chair_id": sample.people[0],
    }
    body, _ = commands.create(workspace, Kind.BODY, values)
    settle()
    project.bodies.table.select(body)
    settle()
    return project.bodies


@pytest.mark.full
def test_the_rules_of_a_body_are_edited_beside_the_list(board, settle, workspace, sample):
    rows = board.inspector.form.rows
    for name, words in (
        ("quorum_numerator", "1/2"),
        ("majority_numerator", "51 %"),
        ("notice_ordinary_days", "20"),
        ("notice_extraordinary_days", "5"),
        ("agenda_days", "10"),
        ("minutes_draft_days", "12"),
        ("minutes_accept_days", "16"),
    ):
        rows[name].editor.setText(words)
        rows[name].editor.editingFinished.emit()
        settle()
    row = queries.bodies(workspace, sample.project)[0]
    assert (row.quorum, row.majority) == ("1/2", "51/100")
    assert (row.notice_ordinary_days, row.notice_extraordinary_days) == (20, 5)
    assert (row.agenda_days, row.minutes_draft_days, row.minutes_accept_days) == (10, 12, 16)
    rows["quorum_numerator"].editor.setText("3/2")
    rows["quorum_numerator"].editor.editingFinished.emit()
    settle()
    assert "2/3" in rows["quorum_numerator"].problem
    assert queries.bodies(workspace, sample.project)[0].quorum == "1/2"


@pytest.mark.full
def test_members_of_a_body_come_and_go_and_name_their_people(board, settle, workspace, sample):
    members = board.members
    [body] = queries.bodies(workspace, sample.project)
    assert members.lines == []
    members.add.setCurrentIndex(2)
    members.add.activated.emit(2)
    settle()
    assert [line.words[0] for line in members.lines] == ["2  MIT"]
    assert members.add.count() == 2, "who has a seat is not offered again"
    members.add_all.click()
    settle()
    assert [line.words[0] for line in members.lines] == ["1  DTU", "2  MIT"]
    assert not members.add.isEnabled()
    line = members.lines[1]
    line.edit.click()
    who = line.form.form.rows["representative_id"].editor
    assert who.itemText(1) == "Bo OfMIT (MIT)", "the partner's own people come first"
    who.setCurrentIndex(1)
    who.activated.emit(1)
    settle()
    assert line is members.lines[1], "the line stays under one's hands"
    assert line.words[1] == "Bo OfMIT"
    row = queries.body_members(workspace, body.id)[1]
    assert row.representative_id == sample.people[1]
    line.drop.click()
    settle()
    assert [row.partner for row in queries.body_members(workspace, body.id)] == ["DTU"]
    assert commands.undo_label(workspace) == "Delete seat MIT"
    commands.undo(workspace)
    settle()
    assert [line.words for line in members.lines][1] == ("2  MIT", "Bo OfMIT")


def test_a_deleted_project_is_left(project, settle, qtbot, workspace, sample):
    with qtbot.waitSignal(project.go) as told:
        project.presenter.delete()
    assert told.args[0].place is Place.PROJECTS
    settle()
    assert queries.projects(workspace) == []


def test_an_import_shows_changes_first(on_screen, session, settle, sample, tmp_path):
    file = tmp_path / "wp.csv"
    file.write_text("number;title;lead;start;end\n2;Modelling;MIT;M3;M12\n", encoding="utf-8")
    page = on_screen(ProjectsPage(session))
    done = []
    dialog = ImportDialog(
        page, session, "Import", import_plan(sample.project, Kind.WORK_PACKAGE, file), done.append
    )
    dialog.open()
    settle()
    assert [change.title for _, change in dialog.changes.rows]
    assert dialog.go.isEnabled()
    dialog.go.click()
    settle()
    assert done[0].added == 1


def test_a_file_that_cannot_be_read_is_refused_in_the_dialog(
    on_screen, session, settle, sample, tmp_path
):
    page = on_screen(ProjectsPage(session))
    dialog = ImportDialog(
        page,
        session,
        "Import",
        import_plan(sample.project, Kind.TASK, tmp_path / "absent.csv"),
        lambda _: None,
    )
    dialog.open()
    settle()
    assert "Nothing was changed." in dialog._refusal.text()
    assert not dialog.go.isEnabled()


def test_who_does_an_action_is_changed_in_the_list_of_all(
    on_screen, session, settle, workspace, sample
):
    other, _ = commands.create(workspace, Kind.PROJECT, {"acronym": "BOREAS"})
    for project in (sample.project, other):
        commands.create(workspace, Kind.ACTION, {"project_id": project, "text": "Do it"})
    page = on_screen(ActionsPage(session, lambda: TODAY))
    mine, theirs = page.todo.table.shown()
    page.todo.table.select(theirs.id)
    settle()
    rows = page.todo.inspector.form.rows
    assert rows["owner_person_id"].editor.count() == 1, "nobody is in that project"
    page.todo.table.select(mine.id)
    settle()
    choose(rows["owner_person_id"].editor, sample.people[0])
    settle()
    choose(rows["owner_partner_id"].editor, sample.partners[0])
    settle()
    row = queries.actions(workspace, sample.project)[0]
    assert (row.owner_person_id, row.owner_partner_id) == (sample.people[0], sample.partners[0])
    assert rows["owner_person_id"].editor.currentText() == "Bo OfDTU (DTU)"
    choose(rows["status"].editor, ActionStatus.DONE)
    settle()
    assert queries.actions(workspace, sample.project)[0].done_on == TODAY
    commands.undo(workspace)
    settle()
    assert queries.actions(workspace, sample.project)[0].done_on is None


def test_actions_are_listed_and_lead_to_their_meeting(
    on_screen, session, settle, workspace, sample, kick_off, qtbot
):
    item = queries.agenda(workspace, kick_off)[0].id
    made, _ = commands.create(
        workspace,
        Kind.ACTION,
        {
            "project_id": sample.project,
            "meeting_id": kick_off,
            "agenda_item_id": item,
            "text": "Late one",
            "due_on": TODAY - timedelta(days=3),
        },
    )
    page = on_screen(ActionsPage(session, lambda: TODAY))
    assert "1 open action" in page.header._subtitle.text()
    assert "1 late" in page.header._subtitle.text()
    page.open(Route(Place.ACTIONS, tab="late", select=made))
    assert page.todo.table.current().id == made
    with qtbot.waitSignal(page.go) as told:
        page.todo.table.opened.emit(page.todo.table.current())
    assert told.args[0] == Route(Place.MEETING, kick_off, tab="minutes", select=made)


def test_home_leads_on(on_screen, session, settle, reader, kick_off, qtbot, sample):
    page = on_screen(HomePage(session, reader, lambda: TODAY, lambda: NOW.replace(tzinfo=None)))
    assert page.header._title.text() == "Good morning, Ada"
    lines = page.meetings.findChildren(Line)
    assert len(lines) == 1
    with qtbot.waitSignal(page.go) as told:
        qtbot.keyClick(lines[0], Qt.Key.Key_Return)
    assert told.args[0].id == kick_off
    page.by.choose("all")
    page._show_due()
    settle()
    late = [line for line in page.due.findChildren(Line) if line.isVisible()]
    with qtbot.waitSignal(page.go) as told:
        qtbot.mouseClick(late[0], Qt.MouseButton.LeftButton)
    assert told.args[0].select == sample.deliverable
    for way in ("project", "partner"):
        page.by.buttons[["mine", "all", "project", "partner"].index(way)].click()
        settle()
        [line] = [line for line in page.due.findChildren(Line) if line.isVisible()]
        with qtbot.waitSignal(page.go) as told:
            qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
        assert (told.args[0].id, told.args[0].tab) == (sample.project, "late")
    assert page.recent.isHidden()


def test_home_unfolds_all_that_is_late(on_screen, session, settle, reader, workspace, sample):
    for number in range(8):
        values = {"work_package_id": sample.work_package, "title": f"R{number}", "due_month": 2}
        commands.create(workspace, Kind.DELIVERABLE, values)
    page = on_screen(HomePage(session, reader, lambda: TODAY, lambda: NOW.replace(tzinfo=None)))
    page.by.choose("all")
    page._show_due()
    settle()

    def lines():
        return [line for line in page.due.findChildren(Line) if line.isVisible()]

    assert len(lines()) == 6
    assert page.due.more.isVisible()
    page.due.more.click()
    settle()
    assert len(lines()) == 9
    caption = lines()[-1].findChildren(Elided)[1].text()
    assert caption.startswith("due 28 Feb"), "what is cut at the end is not the day"
    page.due.more.click()
    settle()
    assert len(lines()) == 6
    page.by.buttons[2].click()  # by project: one line
    settle()
    assert len(lines()) == 1
    assert not page.due.more.isVisible()


def test_home_tells_what_others_did_since(
    on_screen, session, settle, reader, workspace, sample, qtbot
):
    page = on_screen(HomePage(session, reader, lambda: TODAY, lambda: NOW, NOW - timedelta(days=1)))
    settle()
    assert page.recent.isVisible()
    assert page.recent.findChildren(Line) == []
    row = queries.work_packages(workspace, sample.project)[0]
    commands.set_fields(workspace, Kind.WORK_PACKAGE, row.id, row.version, {"title": "Mine"})
    with workspace.change("Change title of WP1") as unit:
        unit.get(WorkPackage, row.id).title = "Theirs"
        unit.session.flush()
    with workspace.change("x", undoable=False) as unit:
        unit.session.execute(
            update(schema.history)
            .where(schema.history.c.after["title"].as_string() == "Theirs")
            .values(who="Bo Berg")
        )
        unit.touch(Kind.WORK_PACKAGE, row.id)

    def told():
        return [line for line in page.recent.findChildren(Line) if line.isVisible()]

    qtbot.waitUntil(lambda: len(told()) == 1)
    [line] = told()
    assert "Change title of WP1" in line.accessibleName()
    assert "Bo Berg" in line.accessibleName()


@pytest.mark.full
def test_the_directory_searches_in_the_database(on_screen, session, settle, sample, qtbot):
    page = on_screen(DirectoryPage(session))
    pane = page.organisations
    assert len(pane.table.rows) == 2
    qtbot.keyClicks(pane.filter, "university mit")
    settle()
    assert [row.short_name for row in pane.table.rows] == ["MIT"]
    pane.filter.clear()
    settle()
    pane.add.click()
    dialog = dialog_of(page, FormDialog)
    enter(dialog.form, legal_name="Sintef")
    dialog.submit()
    settle()
    assert pane.table.current().legal_name == "Sintef"
    page.open(Route(Place.DIRECTORY, tab=Kind.PERSON.value, select=sample.people[0]))
    settle()
    assert page.people.table.current().id == sample.people[0]


def test_settings_save_who_one_is_and_back_up(on_screen, session, settle, reader, workspace, qtbot):
    page = on_screen(SettingsPage(session, reader, workspace.data, Scheme.SYSTEM, ""))
    rows = page.me.rows
    assert rows["given_name"].value() == "Ada"
    rows["given_name"].editor.setText("Eva")
    rows["given_name"].editor.editingFinished.emit()
    settle()
    me = queries.me(workspace)
    assert me is not None
    assert me.given_name == "Eva"
    rows["email"].editor.setText("no address")
    rows["email"].editor.editingFinished.emit()
    settle()
    assert rows["email"].problem
    page.file_size.buttons[-1].click()
    settle()
    assert call_rules.file_megabytes(workspace) == call_rules.FILE_MEGABYTES[-1]
    with qtbot.waitSignal(session.noticed) as told:
        from projectdesk.desktop.presenters.settings import back_up_now

        back_up_now(session)
    assert "Backed up" in told.args[0].text
    with qtbot.waitSignal(page.scheme_chosen) as chosen:
        page.scheme.buttons[2].click()
    assert chosen.args == [Scheme.DARK]
    backup = workspace.data / "backups" / "x.sqlite"
    page.confirm_restore(backup)
    dialog = dialog_of(page, Dialog)
    with qtbot.waitSignal(page.restore_asked) as asked:
        dialog.buttons.itemAt(dialog.buttons.count() - 1).widget().click()
    assert asked.args == [backup]


def test_the_welcome_asks_who_one_is_and_then_how_to_begin(
    on_screen, session, settle, workspace, qtbot
):
    reader = Reader(session)
    page = on_screen(WelcomePage(session, reader))
    assert page.step == 0
    page.next.click()
    assert page.me.rows["family_name"].problem
    enter(page.me, given_name="Ada", family_name="Lund", email="ada@example.org", zone="Tokyo")
    page.next.click()
    settle()
    assert page.step == 1
    me = queries.me(workspace)
    assert me is not None
    assert me.zone == "Asia/Tokyo"
    with qtbot.waitSignal(page.import_asked):
        page.cordis.click()
    with qtbot.waitSignal(page.go, timeout=20_000):
        page.sample.click()
    assert len(queries.projects(workspace)) == 1
    reader.close()
