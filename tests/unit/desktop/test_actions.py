"""The register of actions: filters, groups, the panel beside it, mail, what is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtGui import QGuiApplication

from projectdesk.desktop.models import action_words
from projectdesk.desktop.pages.action_dialogs import FollowUpDialog, GiveDialog, ask_postpone
from projectdesk.desktop.pages.actions import ActionsPage
from projectdesk.desktop.presenters.actions import ActionsPresenter
from projectdesk.desktop.routes import Place, Route
from projectdesk.domain.minutes import ActionStatus
from projectdesk.domain.rules.action_dates import FollowUp
from projectdesk.errors import DomainError
from projectdesk.services import action_desks, commands, queries
from projectdesk.services.action_rows import ActionRow
from projectdesk.services.action_settings import follow_up
from projectdesk.services.commands import actions as action_commands
from projectdesk.services.rows import Kind
from tests.unit.desktop.conftest import TODAY, choose
from tests.unit.desktop.test_presenters import view as view


@pytest.fixture
def actions(workspace, sample) -> dict[str, UUID]:
    """Three open actions: late of a person, due this week of nobody, without a date."""
    made = {}
    for text, person, due in (
        ("Send the draft", sample.people[0], TODAY - timedelta(days=3)),
        ("Ask the port", None, TODAY),
        ("Buy sensors", sample.people[0], None),
    ):
        made[text], _ = commands.create(
            workspace,
            Kind.ACTION,
            {
                "project_id": sample.project,
                "text": text,
                "owner_person_id": person,
                "due_on": due,
            },
        )
    return made


class Links:
    """Makes links as the desktop's runtime does, without a host."""

    def __init__(self, workspace: Any) -> None:
        self.workspace = workspace

    def issue(self, actions: Sequence[UUID], project: UUID, then: Any, failed: Any) -> None:
        action_commands.issue_links(self.workspace, actions)
        then(tuple(action_desks.action_links(self.workspace, project, "https://x.example")))


def row(workspace, made: UUID) -> ActionRow:
    return queries.action_detail(workspace, made).action


def test_actions_are_narrowed_to_a_group(instant, view, workspace, actions):
    presenter = ActionsPresenter(instant, view, lambda: TODAY)
    presenter.activate()
    presenter.group_by(action_words.PERSON)
    groups, chosen = view.said["show_groups"][-1]
    assert chosen is None
    assert [(g.name, g.open, g.late) for g in groups] == [("Bo OfDTU", 2, 1), ("Nobody", 1, 0)]
    presenter.show_group("")
    assert [r.text for r in view.last("show_rows")] == ["Ask the port"]
    presenter.group_by(action_words.LATENESS)
    groups, _ = view.said["show_groups"][-1]
    assert [g.name for g in groups] == ["Up to 7 days late", "Due this week", "Undated"]
    presenter.show_only(action_words.LATE)
    groups, _ = view.said["show_groups"][-1]
    assert [g.name for g in groups] == ["Up to 7 days late"]
    presenter.group_by(action_words.NONE)
    assert view.said["show_groups"][-1][0] == ()


def test_the_panel_shows_notes_and_leads_on(
    on_screen, session, settle, workspace, actions, kick_off, qtbot
):
    made = actions["Send the draft"]
    for number in range(5):
        action_commands.comment_action(workspace, made, f"Note {number}")
    seen = row(workspace, made)
    with workspace.change("Give it a meeting") as unit:
        from projectdesk.domain.minutes import Action

        unit.get(Action, made, seen.version).meeting_id = kick_off
    page = on_screen(ActionsPage(session, lambda: TODAY))
    page.open(Route(Place.ACTIONS, tab="all", select=made))
    settle()
    panel = page.todo.panel
    assert panel.isVisible()
    assert len(panel.lines) == 3
    assert panel.lines[0].accessibleName().endswith("Note 4")
    panel.earlier.click()
    assert len(panel.lines) == 5
    with qtbot.waitSignal(page.go) as told:
        panel._sources.itemAt(0).widget().layout().itemAt(0).widget().click()
    assert told.args[0] == Route(Place.MEETING, kick_off, tab="minutes", select=made)
    panel.done.click()
    settle()
    assert row(workspace, made).status is ActionStatus.DONE
    assert panel.reopen.isVisible()
    assert not panel.done.isVisible()
    commands.undo(workspace)
    settle()
    assert panel.done.isVisible()


@pytest.mark.full
def test_an_action_is_postponed_in_its_dialog(on_screen, session, settle, workspace, actions):
    page = on_screen(ActionsPage(session, lambda: TODAY))
    shown = row(workspace, actions["Send the draft"])
    dialog = ask_postpone(page, [shown], page.todo.presenter.postpone)
    dialog.form.rows["due_on"].editor.set_value(None)
    dialog.submit()
    assert dialog.form.rows["due_on"].problem, "a date is needed"
    later = workspace.now().date() + timedelta(days=30)
    dialog.form.rows["due_on"].editor.set_value(later)
    dialog.form.rows["text"].editor.set_value("Ill.")
    dialog.submit()
    settle()
    found = queries.action_detail(workspace, shown.id)
    assert (found.action.due_on, found.action.first_due_on) == (later, shown.due_on)
    assert found.notes[0].text == "Ill."


@pytest.mark.full
def test_a_link_is_copied_and_mail_says_who_gets_it(
    on_screen, session, settle, workspace, actions, sample
):
    page = on_screen(ActionsPage(session, lambda: TODAY, Links(workspace)))
    made = actions["Send the draft"]
    page.open(Route(Place.ACTIONS, tab="all", select=made))
    settle()
    page.todo.panel.copy.click()
    settle()
    assert QGuiApplication.clipboard().text().startswith("https://x.example/d/")
    assert "was not mailed" in page.todo.panel.link.text()
    rows = queries.actions(workspace)
    given: list[Any] = []
    dialog = GiveDialog(page, rows, lambda *args, **more: given.append((args, more)))
    email = row(workspace, made).email
    assert ("Bo OfDTU (2)" in dialog.listing.text()) == bool(email)
    assert "1 without an owner" in dialog.missing.text()
    dialog.submit()
    (_, _, failed), more = given[0]
    assert more == {"again": False, "anyway": False}
    failed(DomainError("link_not_public", "Only this network."))
    assert not dialog.anyway.isHidden()
    assert dialog.action.isEnabled()
    dialog.reject()


@pytest.mark.full
def test_when_mail_goes_out_is_kept(on_screen, session, settle, workspace, sample):
    page = on_screen(ActionsPage(session, lambda: TODAY))
    follow = page._follow_up
    projects = [(sample.project, "AURORA", None)]
    dialog = FollowUpDialog(page, FollowUp(), projects, follow.keep)
    dialog.form.rows["after"].editor.set_value("soon")
    dialog.submit()
    assert dialog.form.rows["after"].problem
    dialog.form.rows["after"].editor.set_value("2 9")
    choose(dialog.form.rows["weekday"].editor, 4)
    choose(dialog.form.rows["escalate"].editor, -1)
    dialog.projects[sample.project].setChecked(True)
    dialog.submit()
    settle()
    kept = follow_up(workspace)
    assert kept.rules == FollowUp((3,), (2, 9), None, 4)
    assert list(kept.projects) == [sample.project]


def test_filter_and_groups_are_kept(on_screen, session, settle, tmp_path, actions):
    page = on_screen(ActionsPage(session, lambda: TODAY, None, tmp_path))
    page.todo.restore(action_words.LATE, action_words.PERSON)
    settle()
    page.close_page()
    again = on_screen(ActionsPage(session, lambda: TODAY, None, tmp_path))
    settle()
    assert again.todo.chosen == (action_words.LATE, action_words.PERSON)
    assert [g.title for g in again.todo.groups.picks()] == ["All", "Bo OfDTU"]
    assert [r.text for r in again.todo.table.shown()] == ["Send the draft"]


@pytest.mark.full
@pytest.mark.parametrize("kept", ["", "[]", json.dumps({"filter": "x", "group": 7})])
def test_nonsense_that_was_kept_is_the_usual(on_screen, session, tmp_path, kept):
    (tmp_path / "actions-page.json").write_text(kept, encoding="utf-8")
    page = on_screen(ActionsPage(session, lambda: TODAY, None, tmp_path))
    assert page.todo.chosen == (action_words.OPEN, action_words.NONE)


@pytest.mark.full
def test_lateness_is_said(workspace, actions):
    late = row(workspace, actions["Send the draft"])
    assert action_words.late_words(late, TODAY) == "3 days"
    assert action_words.late_words(row(workspace, actions["Ask the port"]), TODAY) == "today"
    assert action_words.late_words(row(workspace, actions["Buy sensors"]), TODAY) == ""
    assert isinstance(late.due_on, date)
