"""The list of what is late: reminders from here, when they go by themselves, what is expected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from projectdesk.desktop.pages.project.late import LatePane
from projectdesk.desktop.pages.project.late_reminders import LateRemindersDialog
from projectdesk.desktop.runtime.plan_reminding import PlanReminding
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.services import commands, mail_accounts, plan_reminders, queries
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from tests.unit.desktop.conftest import TODAY, InstantSession, Sample


@pytest.fixture
def account(workspace: Workspace) -> None:
    server = MailServer("smtp.dtu.example", 587)
    known = MailAccount(address="ada@example.org", name="Ada Lund", smtp=server)
    mail_accounts.save(workspace.data, known)


@pytest.fixture
def pane(
    qtbot: QtBot, dressed: object, instant: InstantSession, sample: Sample
) -> Iterator[LatePane]:
    made = LatePane(instant, lambda: TODAY)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.open_project(sample.project)
    made.resize(1300, 600)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.close_presenters()


def subjects(workspace: Workspace) -> list[str]:
    with workspace.read() as session:
        return list(session.scalars(select(schema.outgoing_mail.c.subject)))


def dialog_of(pane: LatePane) -> LateRemindersDialog:
    pane.ask_settings()
    (dialog,) = [d for d in pane.findChildren(LateRemindersDialog) if d.isVisible()]
    return dialog


def test_a_reminder_is_sent_from_here_and_the_list_says_when(
    pane: LatePane, account: None, instant: InstantSession, workspace: Workspace
) -> None:
    (row,) = pane.table.rows
    reminded = next(c for c in pane.table.columns if c.title == "Reminded on")
    assert reminded.text(row) == ""
    pane.send_button.click()
    assert subjects(workspace) == ["AURORA: reminder of D1.1"]
    assert instant.notices[-1].text == "1 reminder is in the outbox."
    assert "2027" in reminded.text(row)


@pytest.mark.full
def test_without_a_mail_account_sending_is_refused(
    pane: LatePane, instant: InstantSession, workspace: Workspace
) -> None:
    pane.send_button.click()
    assert instant.notices[-1].error
    assert subjects(workspace) == []


@pytest.mark.full
def test_reminders_are_turned_on_for_the_project_and_nonsense_is_said_at_its_field(
    pane: LatePane, workspace: Workspace, sample: Sample
) -> None:
    dialog = dialog_of(pane)
    assert not dialog.on.isChecked()
    dialog.on.setChecked(True)
    dialog.form.rows["before"].editor.setText("ten")
    dialog.submit()
    assert dialog.isVisible()
    assert dialog.form.rows["before"].problem == "Give numbers of days, as in 7 2."
    dialog.form.rows["before"].editor.setText("95")
    dialog.submit()
    assert dialog.isVisible()
    assert "from 0 to 90" in dialog.problem
    dialog.form.rows["before"].editor.setText("7, 3")
    dialog.submit()
    assert not dialog.isVisible()
    settings = plan_reminders.plan_reminding(workspace)
    assert settings.rules.before == (7, 3)
    assert list(settings.projects) == [sample.project]
    again = dialog_of(pane)
    assert again.on.isChecked()
    again.on.setChecked(False)
    again.submit()
    assert plan_reminders.plan_reminding(workspace).projects == {}


@pytest.mark.full
def test_when_something_is_expected_is_pasted_and_undone(
    pane: LatePane, workspace: Workspace, sample: Sample
) -> None:
    number = next(n for n, c in enumerate(pane.table.columns) if c.title == "Expected on")
    pane.table.select_cells((0, number), (0, number))
    QGuiApplication.clipboard().setText("2027-03-20")
    pane.table.cells.paste()
    (row,) = queries.deliverables(workspace, sample.project)
    assert row.expected_on == date(2027, 3, 20)
    assert pane.table.rows[0].expected_on == date(2027, 3, 20)
    commands.undo(workspace)
    assert pane.table.rows[0].expected_on is None


def test_the_desktop_sends_what_is_due_by_itself_once(
    qtbot: QtBot, account: None, instant: InstantSession, workspace: Workspace, sample: Sample
) -> None:
    row = queries.deliverables(workspace, sample.project)[0]
    commands.set_fields(workspace, Kind.DELIVERABLE, row.id, row.version, {"due_month": 3})
    due = date(2027, 3, 31) - timedelta(days=14)  # its draft
    ahead = (due - TODAY).days
    plan_reminders.set_plan_reminding(workspace, (ahead,), (), {sample.project: True})
    reminding = PlanReminding(instant)  # type: ignore[arg-type]
    told: list[int] = []
    reminding.reminded.connect(told.append)
    reminding.look()
    reminding.look()
    assert told == [1]
    assert subjects(workspace) == ["AURORA: reminder of D1.1"]
    reminding.deleteLater()
