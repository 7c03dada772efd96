"""Reminders: who gets which when, what they say, and that nobody gets one twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

import pytest
from sqlalchemy import select

from projectdesk.cli import main
from projectdesk.domain.consortium import Person
from projectdesk.domain.meetings import (
    AgendaItem,
    Invitation,
    InvitationAnswer,
    Meeting,
    MeetingState,
)
from projectdesk.domain.rules.reminding import USUAL_MINUTES, ReminderState
from projectdesk.domain.rules.zoned_time import to_utc
from projectdesk.errors import DomainError
from projectdesk.exchange.calendar import read_calendar
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.services import commands, mail_accounts, queries
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from tests.unit.services.conftest import Clock

STARTS = datetime(2026, 4, 1, 8, tzinfo=UTC)
LISBON = "Europe/Lisbon"
A = InvitationAnswer


@pytest.fixture
def meeting(workspace: Workspace, project_id: UUID) -> UUID:
    """A call on the 1 April at 9:00 in Lisbon, with four invitees and a mail account."""
    mail_accounts.save(
        workspace.data,
        MailAccount(address="ines@udr.example", smtp=MailServer("smtp.udr.example", 587)),
    )
    commands.set_me(workspace, {"given_name": "Inês", "email": "ines@udr.example"})
    local = datetime.combine(STARTS.date(), time(9))
    made = Meeting(
        project_id=project_id,
        title="WP2 call",
        local_start=local,
        zone=LISBON,
        starts_at=to_utc(local, LISBON),
    )
    with workspace.change("Plan") as unit:
        unit.add(made, AgendaItem(meeting_id=made.id, title="Sensors", duration_minutes=20))
        for name, zone, answer in (
            ("Ana", LISBON, A.ACCEPTED),
            ("Bo", "Asia/Seoul", A.NONE),
            ("Cy", LISBON, A.DECLINED),
            ("Di", "", A.TENTATIVE),
        ):
            person = Person(given_name=name, email=f"{name.lower()}@x.example", zone=zone)
            unit.add(person, Invitation(meeting_id=made.id, person_id=person.id, answer=answer))
    commands.add_reminders(workspace, made.id, USUAL_MINUTES)
    return made.id


def send(workspace: Workspace, host: str = "meet.example.org") -> list[int]:
    """Send what is due; return how many mails each reminder made."""
    sent = []
    for due in queries.due_reminders(workspace):
        links = {
            row.id: f"https://{host}/r/ROOM#T{row.name}"
            for row in queries.invitations(workspace, due.meeting_id)
        }
        reminded, _ = commands.send_reminder(workspace, due.reminder_id, links)
        assert reminded is not None
        sent.append(reminded.mails)
    return sent


def mails(workspace: Workspace, purpose: str = "reminder") -> dict[str, EmailMessage]:
    table = schema.outgoing_mail.c
    query = select(table.recipient, table.content).where(table.purpose == purpose)
    with workspace.read() as session:
        return {
            row.recipient: message_from_bytes(row.content, policy=policy.default)
            for row in session.execute(query.order_by(table.made_at))
        }


def body(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def states(workspace: Workspace, meeting: UUID) -> list[ReminderState]:
    return [row.state for row in queries.meeting_reminders(workspace, meeting).reminders]


def test_who_has_not_declined_is_reminded_once(
    workspace: Workspace, meeting: UUID, clock: Clock
) -> None:
    clock.now = STARTS - timedelta(days=7, minutes=1)
    assert send(workspace) == []
    clock.advance(minutes=1)
    assert send(workspace) == [3]
    assert send(workspace) == []
    assert set(mails(workspace)) == {"ana@x.example", "bo@x.example", "di@x.example"}
    assert states(workspace, meeting) == [
        ReminderState.SENT,
        ReminderState.PLANNED,
        ReminderState.PLANNED,
    ]
    clock.now = STARTS - timedelta(hours=1)
    assert send(workspace) == [3]


def test_a_reminder_has_agenda_entry_and_links_by_the_readers_clock(
    workspace: Workspace, meeting: UUID, clock: Clock
) -> None:
    clock.now = STARTS - timedelta(days=1)
    assert send(workspace) == [3]
    message = mails(workspace)["bo@x.example"]
    assert "Reminder: WP2 call" in message["Subject"]
    assert "in a day, 17:00 Seoul" in message["Subject"]
    text = body(message)
    assert "This meeting begins in a day. You have not answered yet" in text
    assert "https://meet.example.org/r/ROOM/check#TBo" in text
    assert "17:00  1. Sensors" in text
    (entry,) = [part for part in message.iter_attachments() if part.get_filename() == "meeting.ics"]
    (event,) = read_calendar(entry.get_payload(decode=True)).events
    assert (event.summary, event.url) == ("WP2 call", "https://meet.example.org/r/ROOM#TBo")
    assert message["Auto-Submitted"] == "auto-generated"
    assert "not answered" not in body(mails(workspace)["ana@x.example"])


@pytest.mark.full
def test_one_that_goes_out_too_late_says_so(
    workspace: Workspace, meeting: UUID, clock: Clock
) -> None:
    clock.now = STARTS - timedelta(hours=20)
    (due,) = queries.due_reminders(workspace)
    assert due.late
    assert send(workspace) == [3]
    text = body(mails(workspace)["ana@x.example"])
    assert "This reminder is late: it was due Tue 31 March, 09:00." in text
    assert states(workspace, meeting)[0] is ReminderState.PASSED


def test_a_meeting_that_moves_is_reminded_of_again(
    workspace: Workspace, meeting: UUID, clock: Clock
) -> None:
    clock.now = STARTS - timedelta(days=7)
    assert send(workspace) == [3]
    row = queries.meeting(workspace, meeting)
    later = row.local_start + timedelta(days=14)
    commands.set_fields(workspace, Kind.MEETING, meeting, row.version, {"local_start": later})
    assert send(workspace) == []
    assert states(workspace, meeting)[0] is ReminderState.PLANNED
    clock.advance(days=14)
    assert send(workspace) == [3]


def test_a_cancelled_meeting_is_not_reminded_of(
    workspace: Workspace, meeting: UUID, clock: Clock
) -> None:
    row = queries.meeting(workspace, meeting)
    values = {"state": MeetingState.CANCELLED}
    commands.set_fields(workspace, Kind.MEETING, meeting, row.version, values)
    clock.now = STARTS - timedelta(days=1)
    assert send(workspace) == []
    assert mails(workspace) == {}


def waiting(workspace: Workspace) -> int:
    mail = schema.outgoing_mail.c
    query = select(mail.id).where(mail.state == "queued")
    with workspace.read() as session:
        return len(session.execute(query).all())


def test_what_waits_in_the_outbox_goes_when_it_is_no_longer_true(
    workspace: Workspace, meeting: UUID, clock: Clock
) -> None:
    clock.now = STARTS - timedelta(days=7)
    assert send(workspace) == [3]
    assert commands.drop_stale_reminders(workspace) == 0
    assert waiting(workspace) == 4
    row = queries.meeting(workspace, meeting)
    later = row.local_start + timedelta(days=1)
    commands.set_fields(workspace, Kind.MEETING, meeting, row.version, {"local_start": later})
    assert commands.drop_stale_reminders(workspace) == 4
    assert waiting(workspace) == 0


def test_a_link_that_opens_only_here_is_not_mailed(
    workspace: Workspace, meeting: UUID, clock: Clock
) -> None:
    clock.now = STARTS - timedelta(days=1)
    assert send(workspace, "127.0.0.1") == [3]
    text = body(mails(workspace)["ana@x.example"])
    assert "127.0.0.1" not in text
    assert "Your personal link is in your invitation." in text


def test_who_invites_is_told_who_is_not_prepared(
    workspace: Workspace, meeting: UUID, clock: Clock
) -> None:
    clock.now = STARTS - timedelta(days=1)
    assert send(workspace) == [3]
    told = mails(workspace, "reminder-state")["ines@udr.example"]
    assert told["Subject"] == "WP2 call: 0 of 3 have checked"
    assert "Not checked yet:\n- Ana\n- Bo\n- Di" in body(told)
    assert "Not answered yet:\n- Bo" in body(told)


def test_without_a_mail_account_nothing_is_queued_and_it_stays_due(
    workspace: Workspace, meeting: UUID, clock: Clock
) -> None:
    mail_accounts.forget(workspace.data, workspace.secrets)
    clock.now = STARTS - timedelta(days=1)
    (due,) = queries.due_reminders(workspace)
    with pytest.raises(DomainError) as refused:
        commands.send_reminder(workspace, due.reminder_id, {})
    assert refused.value.code == "no_mail_account"
    assert mails(workspace) == {}
    assert len(queries.due_reminders(workspace)) == 1


def test_reminders_are_chosen_and_taken_back(workspace: Workspace, meeting: UUID) -> None:
    commands.add_reminders(workspace, meeting, [60, 15])
    shown = queries.meeting_reminders(workspace, meeting).reminders
    assert [row.minutes_before for row in shown] == [*USUAL_MINUTES, 15]
    commands.undo(workspace)
    assert len(queries.meeting_reminders(workspace, meeting).reminders) == 3
    with pytest.raises(DomainError):
        commands.add_reminders(workspace, meeting, [0])
    for state in (MeetingState.HELD, MeetingState.CANCELLED, MeetingState.LIVE):
        with workspace.change("Later") as unit:
            unit.get(Meeting, meeting).state = state
        with pytest.raises(DomainError) as refused:
            commands.add_reminders(workspace, meeting, [15])
        assert refused.value.code == "no_meeting_ahead"
    assert len(queries.meeting_reminders(workspace, meeting).reminders) == 3
    commands.set_usual_reminders(workspace, [60, 1440])
    assert queries.usual_reminders(workspace) == (1440, 60)


@pytest.mark.full
def test_the_command_line_plans_lists_and_sends(
    workspace: Workspace, meeting: UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    row = queries.meeting(workspace, meeting)
    soon = datetime.now(UTC).replace(tzinfo=None, microsecond=0) + timedelta(minutes=40)
    values = {"local_start": soon, "zone": "UTC"}
    commands.set_fields(workspace, Kind.MEETING, meeting, row.version, values)
    workspace.close()
    data = ["--data", str(workspace.data), "--json"]
    assert main(["remind", str(meeting), "--before", "2h", *data]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [each["minutes_before"] for each in said["reminders"]] == [*USUAL_MINUTES[:2], 120, 60]
    assert main(["remind", "--due", *data]) == 0
    (reminded,) = json.loads(capsys.readouterr().out)["reminded"]
    assert (reminded["mails"], reminded["without_link"]) == (3, True)
    assert main(["remind", "--due", *data]) == 0
    assert json.loads(capsys.readouterr().out)["reminded"] == []
    assert main(["remind", str(meeting), "--before", "soon", *data]) == 2
    assert "bad_reminder" in capsys.readouterr().err
    for before in ("0m", "-5d"):
        assert main(["remind", str(meeting), "--before", before, *data]) == 2
        assert "between a minute and 60 days" in capsys.readouterr().err
