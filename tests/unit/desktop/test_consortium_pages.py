"""Partners that change, mailing lists and the world, as a person uses them."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.pages.project.page import ProjectPage
from projectdesk.desktop.pages.project.partner_dialogs import (
    CoordinatorDialog,
    LeaveDialog,
    ReplaceDialog,
)
from projectdesk.desktop.pages.project.renumber_dialog import RenumberDialog
from projectdesk.desktop.presenters.consortium import NEW, NOBODY
from projectdesk.desktop.routes import Place, Route
from projectdesk.domain.consortium import PartnerRole
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from tests.unit.desktop.conftest import TODAY, choose, dialog_of, enter


@pytest.fixture
def page(on_screen, session, sample, settle) -> ProjectPage:
    made = on_screen(ProjectPage(session, today=lambda: TODAY))
    made.open(Route(Place.PROJECT, sample.project, "consortium"))
    settle()
    return made


def run(pane: QWidget, words: str) -> None:
    """Choose an action of the table's menu."""
    action = next(a for a in pane.table.menu().actions() if a.text() == words)
    assert action.isEnabled()
    action.trigger()


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
