"""What comes before a meeting: the notice guard, the reminders, the notice before it begins."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from PySide6.QtWidgets import QPushButton

from projectdesk.desktop.coming import Coming
from projectdesk.desktop.pages.dialogs import FormDialog
from projectdesk.desktop.pages.meeting.page import MeetingPage
from projectdesk.desktop.pages.meetings import MeetingsPage
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.alarms import Alarms
from projectdesk.desktop.runtime.reminding import Reminding
from projectdesk.desktop.shell.shell import Shell
from projectdesk.domain.meetings import MeetingType
from projectdesk.domain.rules.notice import NoticeLight, NoticeRule
from projectdesk.domain.rules.reminding import ReminderState
from projectdesk.errors import EnvironmentFailure
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.services import commands, mail_accounts, queries
from projectdesk.services.commands.alarms import set_alarm_minutes
from projectdesk.services.queries.alarms import due_alarms
from projectdesk.services.rows import Kind
from tests.unit.desktop.conftest import NOW, TODAY, InstantSession, dialog_of, enter

ZONE = "Europe/Copenhagen"


@pytest.fixture
def assembly(workspace, sample) -> UUID:
    """A General Assembly in 22 days: its invitations are late, its agenda is due tomorrow."""
    body, _ = commands.create(
        workspace, Kind.BODY, {"project_id": sample.project, "name": "General Assembly"}
    )
    start = (NOW + timedelta(days=22)).replace(tzinfo=None, hour=10)
    made, _ = commands.plan_meeting(workspace, sample.project, MeetingType.AD_HOC, start, ZONE)
    row = queries.meeting(workspace, made)
    commands.set_fields(workspace, Kind.MEETING, made, row.version, {"body_id": body})
    return made


@pytest.fixture
def page(on_screen, session, settle, reader, assembly):
    made = on_screen(MeetingPage(session, reader, lambda *_: None, lambda: TODAY))
    made.open(Route(Place.MEETING, assembly, tab="details"))
    settle()
    return made


def test_the_guard_says_what_is_late_and_what_to_do(page):
    words = "\n".join(page.preparing.notice.words)
    assert "Invitations sent by Mon, 15 Feb 2027, 45 days before: 23 days late" in words
    assert "Agenda sent by Thu, 11 Mar 2027, 21 days before: 1 day left" in words
    assert "What is decided can be contested" in words
    assert "Move it to Sat, 24 Apr 2027 or later." in words


@pytest.mark.full
def test_one_says_when_it_was_sent_by_other_means(page, workspace, assembly, settle):
    page.preparing.ask_when_sent(NoticeRule.INVITATION)
    dialog = dialog_of(page, FormDialog)
    enter(dialog.form, on="14 Feb 2027")
    dialog.submit()
    settle()
    assert queries.meeting_notice(workspace, assembly).deadlines[0].done_on == date(2027, 2, 14)
    assert "done 14 Feb 2027" in "\n".join(page.preparing.notice.words)
    commands.undo(workspace)
    settle()
    assert "23 days late" in "\n".join(page.preparing.notice.words)


@pytest.mark.full
def test_without_a_body_the_guard_says_so(page, workspace, assembly, settle):
    row = queries.meeting(workspace, assembly)
    commands.set_fields(workspace, Kind.MEETING, assembly, row.version, {"body_id": None})
    settle()
    assert "no body" in page.preparing.notice.words[0]


@pytest.mark.full
def test_the_body_is_chosen_in_the_details(page, workspace, assembly, settle):
    page.details.form.entered.emit("body_id", None)
    settle()
    assert queries.meeting(workspace, assembly).notice is NoticeLight.NONE


@pytest.mark.full
def test_the_list_has_a_light(on_screen, session, settle, reader, assembly):
    made = on_screen(MeetingsPage(session, reader, lambda: NOW))
    settle()
    (row,) = made.pane.table.shown()
    column = next(each for each in made.pane.table.columns if each.title == "Notice")
    assert column.text(row) == "Not kept"


def test_reminders_are_planned_and_removed(page, workspace, assembly, settle):
    card = page.preparing.reminders
    page.preparing.presenter.add_reminders([1440, 60])
    settle()
    assert [row.minutes_before for row in reminders(workspace, assembly)] == [1440, 60]
    assert any(words.startswith("1 day before") for words in card.words)
    assert "No mail account" in card.trouble.words
    card.remove_asked.emit(reminders(workspace, assembly)[0])
    settle()
    assert [row.minutes_before for row in reminders(workspace, assembly)] == [60]


def reminders(workspace, meeting):
    return queries.meeting_reminders(workspace, meeting).reminders


# --- sending --------------------------------------------------------------------------------------


@pytest.fixture
def due(workspace, assembly) -> UUID:
    """A meeting with a reminder that is due, and an account to send it with."""
    server = MailServer("smtp.udr.example", 587)
    mail_accounts.save(workspace.data, MailAccount(address="ines@udr.example", smtp=server))
    row = queries.meeting(workspace, assembly)
    soon = NOW.replace(tzinfo=None) + timedelta(hours=1)
    values = {"local_start": soon, "zone": "UTC"}
    commands.set_fields(workspace, Kind.MEETING, assembly, row.version, values)
    commands.add_reminders(workspace, assembly, [60])
    return assembly


def test_what_is_due_goes_out_once(qtbot, workspace, due):
    asked = []

    def links(meeting, then, failed):
        asked.append(meeting)
        rows = queries.invitations(workspace, meeting)
        then({row.id: f"https://meet.example.org/r/R#{row.name}" for row in rows})

    reminding = Reminding(InstantSession(workspace), links)
    with qtbot.waitSignal(reminding.reminded) as told:
        reminding.look()
    assert told.args[1].mails == queries.meeting_reminders(workspace, due).recipients
    reminding.look()
    assert asked == [due]
    assert reminders(workspace, due)[0].state is ReminderState.SENT


def test_a_host_that_is_not_reached_does_not_keep_it_back(qtbot, workspace, due):
    tries = []

    def links(meeting, then, failed):
        tries.append(meeting)
        failed(EnvironmentFailure("host_not_started", "No."))

    reminding = Reminding(InstantSession(workspace), links)
    reminding.look()
    reminding.look()
    assert reminders(workspace, due)[0].state is ReminderState.DUE
    with qtbot.waitSignal(reminding.reminded) as told:
        reminding.look()
    assert told.args[1].without_link
    assert len(tries) == 3


# --- the notice before it begins ------------------------------------------------------------------


@pytest.fixture
def beginning(workspace, kick_off) -> UUID:
    row = queries.meeting(workspace, kick_off)
    soon = NOW.replace(tzinfo=None) + timedelta(minutes=4)
    values = {"local_start": soon, "zone": "UTC"}
    commands.set_fields(workspace, Kind.MEETING, kick_off, row.version, values)
    return kick_off


def test_a_meeting_that_begins_is_told_of_once(workspace, beginning):
    told = []
    for _start in range(2):
        alarms = Alarms(InstantSession(workspace))
        alarms.begins.connect(told.append)
        alarms.look()
        alarms.look()
    assert [alarm.meeting_id for alarm in told] == [beginning]


def test_it_is_told_when_the_person_wants_and_not_at_all_if_not(workspace, beginning):
    set_alarm_minutes(workspace, 1)
    assert due_alarms(workspace) == []
    set_alarm_minutes(workspace, 10)
    assert len(due_alarms(workspace)) == 1
    set_alarm_minutes(workspace, 0)
    assert due_alarms(workspace) == []


def test_join_on_the_bar_opens_the_call(qtbot, workspace, beginning):
    session, started = InstantSession(workspace), []
    shell = Shell()
    qtbot.addWidget(shell)
    reader = Reader(session)
    coming = Coming(session, shell, reader, lambda *_: None, started.append, shell)
    shell.show()
    coming.alarms.look()
    assert coming.bar is not None
    assert coming.bar.isVisible()
    assert "begins at" in coming.bar.words
    join = coming.bar.findChild(QPushButton)
    join.click()
    assert [alarm.meeting_id for alarm in started] == [beginning]
    assert not coming.bar.isVisible()
    coming.stop()
    reader.close()
