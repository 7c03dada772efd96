"""Partners that change, mailing lists and the world, as a person uses them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QPushButton

from projectdesk.desktop.pages.directory import DirectoryPage
from projectdesk.desktop.pages.project.mailing_lists import list_name
from projectdesk.desktop.pages.project.page import ProjectPage
from projectdesk.desktop.pages.project.partner_dialogs import (
    CoordinatorDialog,
    LeaveDialog,
    ReplaceDialog,
)
from projectdesk.desktop.pages.project.renumber_dialog import RenumberDialog
from projectdesk.desktop.presenters.consortium import NEW, NOBODY
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.domain.consortium import Membership, PartnerRole, Person
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from tests.unit.desktop.conftest import TODAY, choose, dialog_of, enter


@pytest.fixture
def page(on_screen, session, sample, settle) -> ProjectPage:
    made = on_screen(ProjectPage(session, today=lambda: TODAY))
    made.open(Route(Place.PROJECT, sample.project, "consortium"))
    settle()
    return made


def run(pane, words):
    """Choose an action of the table's menu."""
    action = next(a for a in pane.table.menu().actions() if a.text() == words)
    assert action.isEnabled()
    action.trigger()


@pytest.mark.full
def test_a_partner_leaves_and_what_it_leads_is_handed_over(page, workspace, sample, settle):
    mit = sample.partners[1]
    row = queries.work_packages(workspace, sample.project)[0]
    values = {"lead_partner_id": mit}
    commands.set_fields(workspace, Kind.WORK_PACKAGE, row.id, row.version, values)
    commands.create(
        workspace, Kind.RISK, {"project_id": sample.project, "title": "X", "owner_partner_id": mit}
    )
    settle()
    pane = page.partners
    pane.select(mit)
    settle()
    run(pane, "Partner leaves…")
    settle()
    dialog = dialog_of(page, LeaveDialog)
    first, second = dialog.hand_over.choices.values()
    choose(first, sample.partners[0])
    choose(second, NOBODY)
    dialog.form.rows["active_to"].editor.setText("nonsense")
    dialog.submit()
    assert dialog.form.rows["active_to"].problem
    dialog.form.rows["active_to"].editor.setText("2027-03-31")
    dialog.submit()
    settle()
    left = next(r for r in queries.partners(workspace, sample.project) if r.id == mit)
    assert left.active_to == date(2027, 3, 31)
    [package] = queries.work_packages(workspace, sample.project)
    assert package.lead == "DTU"
    assert [r.owner for r in queries.risks(workspace, sample.project)] == [""]
    assert "31" in pane.table.rows[1].active_to.isoformat()
    pane.who.buttons[1].click()
    settle()
    assert len(pane.table.rows) == 2
    commands.undo(workspace)
    settle()
    assert queries.partners(workspace, sample.project)[1].active_to is None


@pytest.mark.full
def test_the_coordinator_cannot_leave_and_the_dialog_says_so(page, sample, settle):
    pane = page.partners
    pane.select(sample.partners[0])
    settle()
    pane.more.menu().actions()[0].trigger()
    settle()
    dialog = dialog_of(page, LeaveDialog)
    dialog.submit()
    settle()
    assert "change the coordinator first" in dialog.form.rows["active_to"].problem
    assert dialog.isVisible()
    assert dialog.action.isEnabled()


@pytest.mark.full
def test_a_partner_is_replaced_with_its_people(page, workspace, sample, settle):
    pane = page.partners
    pane.select(sample.partners[1])
    settle()
    run(pane, "Replace partner…")
    settle()
    dialog = dialog_of(page, ReplaceDialog)
    [person] = dialog.people.values()
    assert person.text() == "Bo OfMIT"
    person.setChecked(True)
    assert set(dialog.hand_over.chosen().values()) <= {NEW}
    dialog.submit()
    assert dialog.form.rows["legal_name"].problem
    enter(dialog.form, legal_name="Northern Institute", short_name="NIN", country="US")
    dialog.submit()
    settle()
    rows = queries.partners(workspace, sample.project)
    assert [(r.short_name, r.active_from, r.active_to) for r in rows[1:]] == [
        ("MIT", None, date(2027, 3, 9)),
        ("NIN", TODAY, None),
    ]
    people = queries.people(workspace, sample.project)
    assert {p.partner for p in people} == {"DTU", "NIN"}
    assert pane.table.current().short_name == "NIN"
    assert "replaces MIT" in pane.inspector.findChildren(type(pane.inspector._subtitle))[1].text()


@pytest.mark.full
def test_who_replaces_a_partner_is_found_as_one_types(page, workspace, sample, settle, qtbot):
    values = {"legal_name": "Polar Institute", "short_name": "POL", "country": "NO"}
    known, _ = commands.create(workspace, Kind.ORGANISATION, {**values, "pic": "912345678"})
    pane = page.partners
    pane.select(sample.partners[1])
    settle()
    run(pane, "Replace partner…")
    settle()
    dialog = dialog_of(page, ReplaceDialog)
    dialog.finder.search.setText("polar")
    qtbot.waitUntil(lambda: dialog.finder.found.count() == 1, timeout=10_000)
    dialog.finder.found.itemClicked.emit(dialog.finder.found.item(0))
    assert dialog.form.rows["pic"].value() == "912345678"
    dialog.submit()
    settle()
    new = queries.partners(workspace, sample.project)[-1]
    assert (new.organisation_id, new.short_name, new.replaces) == (known, "POL", "MIT")


@pytest.mark.full
def test_the_coordinator_changes(page, workspace, sample, settle):
    page.partners.ask_coordinator(sample.partners[1])
    settle()
    dialog = dialog_of(page, CoordinatorDialog)
    dialog.swap.setChecked(True)
    dialog.submit()
    settle()
    first, second = queries.partners(workspace, sample.project)
    assert (first.short_name, first.role, first.number) == ("MIT", PartnerRole.COORDINATOR, 1)
    assert (second.short_name, second.role) == ("DTU", PartnerRole.BENEFICIARY)


@pytest.mark.full
def test_partners_are_numbered_in_the_order_they_are_put_into(page, workspace, sample, settle):
    page.partners.ask_numbers()
    settle()
    dialog = dialog_of(page, RenumberDialog)
    dialog.down.click()
    assert [dialog.list.item(n).text() for n in (0, 1)] == ["1  MIT   (was 2)", "2  DTU   (was 1)"]
    dialog.down.click()
    dialog.submit()
    settle()
    rows = queries.partners(workspace, sample.project)
    assert [(row.number, row.short_name) for row in rows] == [(1, "MIT"), (2, "DTU")]


@pytest.mark.full
def test_an_affiliated_entity_chooses_its_beneficiary_in_the_inspector(
    page, workspace, sample, settle
):
    pane = page.partners
    dtu, mit = sample.partners
    pane.select(mit)
    settle()
    belongs = pane.inspector.form.rows["parent_id"].editor
    assert not belongs.isEnabled()
    choose(pane.inspector.form.rows["role"].editor, PartnerRole.AFFILIATED_ENTITY)
    settle()
    assert belongs.isEnabled()
    choose(belongs, dtu)
    settle()
    assert queries.partners(workspace, sample.project)[1].parent == "DTU"
    assert pane.table.rows[1].parent_id == dtu


# --- mailing lists


@pytest.fixture
def lists(page, sample, settle):
    page.open(Route(Place.PROJECT, sample.project, "lists"))
    settle()
    pane = page.mailing_lists
    pane.opened = []
    pane._open_link = lambda url: pane.opened.append(url.toEncoded().data().decode()) or True
    return pane


@pytest.mark.full
def test_a_list_is_copied_and_mailed_with_hidden_addresses(lists, session, qapp):
    told = []
    session.noticed.connect(lambda notice: told.append(notice.text))
    assert [list_name(row) for row in lists.lists.rows] == [
        "Whole consortium",
        "Coordinator",
        "Beneficiaries",
        "Work package leaders",
        "WP1 Sensing",
        "1  DTU",
        "2  MIT",
    ]
    assert [row.name for row in lists.people.rows] == ["Bo OfDTU", "Bo OfMIT"]
    lists.copying.click()
    assert qapp.clipboard().text() == "bo@dtu.example; bo@mit.example"
    assert told == ["2 addresses are copied. Paste into Bcc."]
    lists.separator.buttons[1].click()
    lists.writing.click()
    lists.hidden.setChecked(False)
    lists.writing.click()
    assert lists.opened == [
        "mailto:?bcc=bo@dtu.example,bo@mit.example",
        "mailto:bo@dtu.example,bo@mit.example",
    ]


@pytest.mark.full
def test_who_has_no_address_is_named(lists, workspace, sample, settle):
    person = queries.people(workspace, sample.project)[0]
    commands.set_fields(workspace, Kind.PERSON, person.id, person.version, {"email": ""})
    settle()
    assert lists.missing.words == f"Without an address: {person.name}"
    assert lists.people.rows[-1].name == person.name
    lists.lists.select(f"partner/{person.partner.casefold()}")
    assert not lists.copying.isEnabled()


@pytest.mark.full
def test_a_long_list_is_copied_or_split_as_one_chooses(
    page, lists, workspace, sample, settle, qapp
):
    with workspace.change("Add many") as unit:
        for number in range(60):
            address = f"{'x' * 30}{number}@example.org"
            person = Person(family_name=f"P{number}", email=address)
            part = {"person_id": person.id, "partner_id": sample.partners[0]}
            unit.add(person, Membership(project_id=sample.project, **part))
    settle()
    lists.writing.click()
    dialog = dialog_of(page, Dialog)
    copy = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Copy addresses")
    copy.click()
    assert lists.opened == []
    assert qapp.clipboard().text().count(";") == 61
    lists.writing.click()
    dialog = dialog_of(page, Dialog)
    several = next(b for b in dialog.findChildren(QPushButton) if b.text().startswith("Open"))
    assert several.text() == "Open 2 mails"
    several.click()
    assert len(lists.opened) == 2
    assert all(len(link) <= 2000 for link in lists.opened)


@pytest.mark.full
def test_without_a_mail_program_the_addresses_are_copied(lists, session, qapp):
    lists._open_link = lambda _: False
    qapp.clipboard().clear()
    lists.writing.click()
    assert qapp.clipboard().text() == "bo@dtu.example; bo@mit.example"


@pytest.mark.full
def test_a_list_is_exported(lists, tmp_path, settle):
    lists.presenter.export("all", tmp_path / "all.csv")
    settle()
    assert "bo@dtu.example" in (tmp_path / "all.csv").read_text(encoding="utf-8-sig")


# --- the world


@pytest.fixture
def world(page, sample, settle):
    page.open(Route(Place.PROJECT, sample.project, "world"))
    settle()
    return page.world


def cells(pane, number: int) -> list[str]:
    row = pane.table.shown()[number]
    return [column.text(row) for column in pane.table.columns]


@pytest.mark.full
def test_the_world_shows_times_from_west_to_east(world):
    # 10 March 2027, 09:00 UTC; I am in Copenhagen.
    assert cells(world, 0)[:8] == [
        "US", "MIT", "", "04:00", "−6 h", "Night", "0 of 1 at work", "Working day",
    ]  # fmt: skip
    assert cells(world, 1)[:8] == [
        "DK", "DTU", "", "10:00", "as here", "Day", "1 of 1 at work", "Working day",
    ]  # fmt: skip


@pytest.mark.full
def test_a_partner_is_found_on_the_map_by_pointing_at_it(world):
    [mark] = [mark for mark in world.band._marks if mark.label == "DK"]
    here = world.band._place(mark)
    assert [found.tip for found in world.band.marks_near(here)] == [
        "DTU, Denmark, 10:00, 1 of 1 at work"
    ]
    assert world.band.marks_near(here + here) == []


@pytest.mark.full
def test_the_world_asks_again_each_minute_while_it_is_seen(world, workspace, settle, qtbot):
    assert world._minute.isActive()
    assert 0 < world._minute.remainingTime() <= 60_000
    later = workspace.now() + timedelta(minutes=1)
    workspace.now = lambda: later
    world._minute.timeout.emit()
    settle()
    assert cells(world, 1)[3] == "10:01"
    world.hide()
    assert not world._minute.isActive()


# --- people and bodies


@pytest.mark.full
def test_a_person_is_edited_whole_in_the_inspector(page, workspace, sample, settle):
    page.open(Route(Place.PROJECT, sample.project, "people"))
    settle()
    pane = page.people
    pane.select(sample.people[0])
    settle()
    typed = {
        "phone": "+45 1234",
        "languages": "da, en; de",
        "work_from": "8:30",
        "country": "DE",
        "region": "BY",
        "function": "Legal signatory",
    }
    for name, words in typed.items():
        editor = pane.inspector.form.rows[name].editor
        editor.setText(words)
        editor.editingFinished.emit()
        settle()
    person = queries.people(workspace, sample.project)[0]
    assert (person.phone, person.languages) == ("+45 1234", ("da", "en", "de"))
    assert (person.own_country, person.region, person.function) == ("DE", "BY", "Legal signatory")
    assert (person.work_from, person.work_to) == (510, 1020)
    for words, kept in (("18", 1080), ("25:00", 1080), ("0:00", 1440), ("6", 360), ("8:30", 360)):
        editor = pane.inspector.form.rows["work_to"].editor
        editor.setText(words)
        editor.editingFinished.emit()
        settle()
        assert queries.people(workspace, sample.project)[0].work_to == kept
    assert "when it begins" in pane.inspector.form.rows["work_to"].problem


@pytest.mark.full
def test_usual_functions_are_offered_and_any_other_is_taken(page, workspace, sample, settle):
    page.open(Route(Place.PROJECT, sample.project, "people"))
    settle()
    page.people.select(sample.people[0])
    settle()
    editor = page.people.inspector.form.rows["function"].editor
    completer = editor.completer()
    completer.setCompletionPrefix("sign")
    assert completer.currentCompletion() == "Legal signatory"
    editor.setText("Keeper of the tides")
    editor.editingFinished.emit()
    settle()
    assert queries.people(workspace, sample.project)[0].function == "Keeper of the tides"


@pytest.mark.full
def test_a_body_goes_back_to_the_usual_rules(page, workspace, sample, settle):
    values = {"project_id": sample.project, "name": "Assembly", "quorum_numerator": 1}
    body, _ = commands.create(workspace, Kind.BODY, {**values, "notice_ordinary_days": 30})
    commands.add_body_members(workspace, body, list(sample.partners))
    page.open(Route(Place.PROJECT, sample.project, "bodies"))
    settle()
    pane = page.bodies
    pane.select(body)
    settle()
    assert pane.table.rows[0].unrepresented == 2
    assert "notice 45 days, extraordinary 15" in pane.usual.words
    pane.usual.reset.click()
    settle()
    [row] = queries.bodies(workspace, sample.project)
    assert (row.quorum, row.notice_ordinary_days) == ("2/3", 45)
    assert not pane.usual.reset.isEnabled()
    line = pane.members.lines[0]
    assert line.words[1] == "no representative named"
    [first, _] = queries.body_members(workspace, body)
    people = {"representative_id": sample.people[0]}
    commands.set_fields(workspace, Kind.BODY_MEMBER, first.id, first.version, people)
    settle()
    assert pane.members.lines[0].words[1] == "Bo OfDTU"
    assert pane.table.rows[0].unrepresented == 1


@pytest.mark.full
def test_the_rules_of_votes_are_changed_in_the_desktop(page, workspace, sample, settle):
    values = {"project_id": sample.project, "name": "Assembly"}
    body, _ = commands.create(workspace, Kind.BODY, values)
    commands.add_body_members(workspace, body, list(sample.partners))
    page.open(Route(Place.PROJECT, sample.project, "bodies"))
    settle()
    pane = page.bodies
    pane.select(body)
    settle()
    assert "in writing 51/100 of the votes, 10 days to answer; veto within 15 days" in (
        pane.usual.words
    )
    for name, value in {"written_days": 21, "veto_days": 30, "proxy_limit": 1}.items():
        editor = pane.inspector.form.rows[name].editor
        editor.set_value(value)
        editor.committed.emit()
        settle()
    [row] = queries.bodies(workspace, sample.project)
    assert (row.written_days, row.veto_days, row.proxy_limit) == (21, 30, 1)
    line = pane.members.lines[0]
    line.entered.emit(line._row, "weight", 3)
    settle()
    line.entered.emit(line._row, "in_default", True)
    settle()
    assert line.words[1].endswith("3 votes  ·  in default, no vote")


@pytest.mark.full
def test_a_person_of_the_directory_has_a_part_in_each_project(
    on_screen, session, sample, workspace, settle
):
    other, _ = commands.create(workspace, Kind.PROJECT, {"acronym": "BOREAS"})
    page = on_screen(DirectoryPage(session))
    page.open(Route(Place.DIRECTORY, tab=Kind.PERSON, select=sample.people[1]))
    settle()
    shown = page.people.memberships
    assert [line.words for line in shown.lines] == [("AURORA", "MIT")]
    choose(shown.add, other)
    settle()
    assert [line.words for line in shown.lines] == [("AURORA", "MIT"), ("BOREAS", "External")]
    first = shown.lines[0]
    first.edit.setChecked(True)
    choose(first.form.form.rows["partner_id"].editor, sample.partners[0])
    settle()
    function = first.form.form.rows["function"].editor
    function.setText("Reviewer")
    function.editingFinished.emit()
    settle()
    assert first.words == ("AURORA", "DTU  ·  Reviewer")
    shown.lines[1].drop.click()
    settle()
    assert [row.project for row in queries.memberships(workspace, sample.people[1])] == ["AURORA"]
    assert [line.words[0] for line in shown.lines] == ["AURORA"]


def test_partners_and_people_are_edited_in_their_cells(page, workspace, sample, settle):
    def edit(table, key, name: str, value: object) -> None:
        column = next(c for c in table.columns if c.field and c.field.name == name)
        row = next(row for row in table.rows if row.id == key)
        table.edited.emit(row, column.field, value)
        settle()

    edit(page.partners.table, sample.partners[1], "contribution", Decimal(77))
    edit(page.partners.table, sample.partners[1], "city", "Boston")
    row = queries.partners(workspace, sample.project)[1]
    assert (row.contribution, row.city) == (Decimal(77), "Boston")
    page.open(Route(Place.PROJECT, sample.project, "people"))
    settle()
    edit(page.people.table, sample.people[0], "languages", "da, en")
    edit(page.people.table, sample.people[0], "partner_id", None)
    person = queries.people(workspace, sample.project)[0]
    assert (person.languages, person.partner) == (("da", "en"), "")
