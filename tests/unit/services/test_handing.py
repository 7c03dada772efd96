"""Reminders that a server sends: handed over, replaced, taken back, heard of once.

The server is the host's own journal, asked without HTTP; it may be away, and lose answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from projectdesk.domain.consortium import Person
from projectdesk.domain.meetings import Invitation, InvitationAnswer, Meeting, MeetingState
from projectdesk.domain.rules.zoned_time import to_utc
from projectdesk.host.journal import entries, keys
from projectdesk.host.journal.mails import Limits
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.services import (
    commands,
    handing,
    later_meetings,
    mail_accounts,
    personal_data,
    queries,
)
from projectdesk.services.meeting_hosts import keep_server
from projectdesk.services.outbox import MailState
from projectdesk.services.queries import mail as mail_queries
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import Clock
from tests.unit.services.later_server import SERVER, LaterServer

STARTS = datetime(2026, 4, 1, 8, tzinfo=UTC)
LOCAL = datetime.combine(STARTS.date(), time(9))
LISBON = "Europe/Lisbon"
S = MailState


@pytest.fixture
def server(
    tmp_path: Path, clock: Clock, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LaterServer]:
    made = LaterServer(tmp_path / "server", clock)
    monkeypatch.setattr(handing, "ask", made.ask)
    keep_server(workspace, SERVER, "Team", made.secret)
    mail_accounts.save(
        workspace.data,
        MailAccount(
            "ines@udr.example",
            smtp=MailServer("smtp.udr.example", 587),
            later_server="meet.example.org",
        ),
    )
    yield made
    made.engine.dispose()


@pytest.fixture
def meeting(workspace: Workspace, project_id: UUID, server: LaterServer) -> UUID:
    """A call on the 1 April at 9:00 in Lisbon, with three invitees who may come, and one not."""
    commands.set_me(workspace, {"given_name": "Inês", "email": "ines@udr.example"})
    made = Meeting(
        project_id=project_id,
        title="WP2 call",
        local_start=LOCAL,
        zone=LISBON,
        starts_at=to_utc(LOCAL, LISBON),
    )
    with workspace.change("Plan") as unit:
        unit.add(made)
        for name in ("Ana", "Bo", "Cy"):
            person = Person(given_name=name, email=f"{name.lower()}@x.example", zone=LISBON)
            answer = InvitationAnswer.DECLINED if name == "Cy" else InvitationAnswer.ACCEPTED
            unit.add(person, Invitation(meeting_id=made.id, person_id=person.id, answer=answer))
    commands.add_reminders(workspace, made.id, [24 * 60])
    return made.id


def round_(workspace: Workspace) -> handing.HandReport:
    links = {
        each: {
            row.id: f"https://meet.example.org/r/ROOM#T{row.name}"
            for row in queries.invitations(workspace, each)
        }
        for each in handing.meetings_ahead(workspace)
    }
    report = handing.hand_over(workspace, links)
    assert report.problem is None, report.problem
    return report


def states(workspace: Workspace) -> dict[str, MailState]:
    rows = mail_queries.outbox(workspace)
    return {row.recipient.partition("@")[0]: row.state for row in rows}


def edit(workspace: Workspace, meeting: UUID, **values: Any) -> None:
    version = queries.meeting(workspace, meeting).version
    commands.set_fields(workspace, Kind.MEETING, meeting, version, values)


def due(workspace: Workspace) -> int:
    """Do what the desktop does when it looks for due reminders; return how many mails."""
    mails_made = 0
    for each in queries.due_reminders(workspace):
        made, _ = commands.send_reminder(workspace, each.reminder_id, {})
        mails_made += made.mails if made is not None else 0
    return mails_made


def test_handed_over_once_sent_and_heard_of_once(
    workspace: Workspace, clock: Clock, server: LaterServer, meeting: UUID
) -> None:
    assert len(round_(workspace).handed) == 2
    assert states(workspace) == {"ana": S.HANDED, "bo": S.HANDED}
    (reminder,) = queries.meeting_reminders(workspace, meeting).reminders
    assert (reminder.state, reminder.server) == ("planned", SERVER)
    assert not round_(workspace)
    assert server.puts == 2
    row = mail_queries.outbox(workspace)[0]
    text = mail_queries.mail(workspace, row.id).text
    assert "Wed 1 April, 09:00" in text
    assert "in a day" not in text + row.subject  # it is true whenever it goes out
    assert "#T" in text
    clock.now = STARTS - timedelta(days=1)
    assert server.send_due() == ["ana@x.example", "bo@x.example"]
    assert due(workspace) == 0  # the server's to send
    commands.collect(workspace, server.batch())
    commands.collect(workspace, server.batch())
    told = {
        r.recipient.partition("@")[0]: (r.state, r.late) for r in mail_queries.outbox(workspace)
    }
    assert told["ana"] == told["bo"] == (S.SENT, False)
    assert told["ines"][0] is S.QUEUED  # how far the others are is of that day, so it is ours
    assert queries.meeting_reminders(workspace, meeting).reminders[0].state == "sent"


@pytest.mark.full
def test_late_where_the_server_was_down(
    workspace: Workspace, clock: Clock, server: LaterServer, meeting: UUID
) -> None:
    round_(workspace)
    clock.now = STARTS - timedelta(hours=2)
    assert len(server.send_due()) == 2
    commands.collect(workspace, server.batch())
    assert {row.late for row in mail_queries.outbox(workspace)} == {True}


@pytest.mark.full
def test_not_after_the_meeting_began(
    workspace: Workspace, clock: Clock, server: LaterServer, meeting: UUID
) -> None:
    round_(workspace)
    clock.now = STARTS
    assert server.send_due() == []
    commands.collect(workspace, server.batch())
    assert set(states(workspace).values()) == {S.CANCELLED}


@pytest.mark.full
def test_moved_is_another_time_and_the_old_one_is_taken_back(
    workspace: Workspace, server: LaterServer, meeting: UUID
) -> None:
    round_(workspace)
    edit(workspace, meeting, local_start=LOCAL + timedelta(days=1))
    report = round_(workspace)
    assert (len(report.taken_back), len(report.handed)) == (2, 2)
    assert set(server.waiting().values()) == {STARTS}
    edit(workspace, meeting, local_start=LOCAL)
    round_(workspace)  # back: the same mails as first
    assert set(server.waiting().values()) == {STARTS - timedelta(days=1)}


@pytest.mark.full
def test_other_words_replace_it(workspace: Workspace, server: LaterServer, meeting: UUID) -> None:
    first = round_(workspace)
    before = {
        row.id: mail_queries.mail(workspace, row.id) for row in mail_queries.outbox(workspace)
    }
    edit(workspace, meeting, title="WP2 and WP3 call")
    assert sorted(round_(workspace).replaced) == sorted(first.handed)
    for row in mail_queries.outbox(workspace):
        assert "WP2 and WP3" in row.subject
        assert mail_queries.mail(workspace, row.id).message_id != before[row.id].message_id
    assert len(server.waiting()) == 2


@pytest.mark.parametrize(
    "how",
    [
        "cancelled",
        *(
            pytest.param(how, marks=pytest.mark.full)
            for how in ("erased", "deleted", "reminder", "declined")
        ),
    ],
)
def test_what_is_no_longer_true_is_taken_back(
    workspace: Workspace, server: LaterServer, meeting: UUID, how: str
) -> None:
    round_(workspace)
    left = 0
    ana = next(r for r in queries.invitations(workspace, meeting) if r.name == "Ana")
    match how:
        case "cancelled":
            edit(workspace, meeting, state=MeetingState.CANCELLED)
        case "deleted":
            version = queries.meeting(workspace, meeting).version
            commands.delete(workspace, Kind.MEETING, meeting, version)
        case "reminder":
            (reminder,) = queries.meeting_reminders(workspace, meeting).reminders
            commands.delete(workspace, Kind.REMINDER, reminder.id, reminder.version)
        case "declined":
            with workspace.change("Answer") as unit:
                unit.get(Invitation, ana.id).answer = InvitationAnswer.DECLINED
            left = 1
        case "erased":
            personal_data.erase_person(workspace, ana.person_id)
            left = 1
    round_(workspace)
    assert len(server.waiting()) == left
    assert [row.state for row in mail_queries.outbox(workspace)].count(S.HANDED) == left


def test_a_server_that_is_away_has_none_and_one_that_is_deaf_may_have(
    workspace: Workspace, clock: Clock, server: LaterServer, meeting: UUID
) -> None:
    server.away = True
    links: Any = {meeting: {}}
    assert handing.hand_over(workspace, links).problem is not None
    assert mail_queries.outbox(workspace) == []
    server.away = False
    monkey = server._answer

    def lost(connection: Any, key: str, method: str, path: str, body: Any) -> Any:
        answer = monkey(connection, key, method, path, body)
        server.deaf = method == "PUT"
        return answer

    server._answer = lost  # type: ignore[method-assign]
    assert handing.hand_over(workspace, links).problem is not None
    assert [row.state for row in mail_queries.outbox(workspace)] == [S.HANDED]
    server.deaf, server._answer = False, monkey  # type: ignore[method-assign]
    clock.now = STARTS - timedelta(days=1, minutes=1)  # too late to hand it over again
    round_(workspace)
    assert server.waiting() == {}
    assert [row.state for row in mail_queries.outbox(workspace)] == [S.QUEUED]  # so it is ours
    clock.now = STARTS - timedelta(days=1)
    assert due(workspace) == 1  # to who has none yet


@pytest.mark.full
def test_what_the_server_refuses_this_computer_sends(
    workspace: Workspace, clock: Clock, server: LaterServer, meeting: UUID
) -> None:
    server.limits = Limits(waiting=1)
    report = round_(workspace)
    assert (len(report.handed), [code for _, code in report.left]) == (1, ["too_many_mails"])
    clock.now = STARTS - timedelta(days=1)
    assert due(workspace) == 1
    assert len(server.send_due()) == 1


@pytest.mark.full
def test_another_domain_is_told_before_anything_is_handed(
    workspace: Workspace, server: LaterServer, meeting: UUID
) -> None:
    with server.engine.begin() as connection:
        keys.set_mail_domains(connection, "Ines", ["other.example"])
    report = handing.hand_over(workspace, {meeting: {}})
    assert report.problem is not None
    assert report.problem.code == "mail_sender_not_allowed"
    assert mail_queries.outbox(workspace) == []


@pytest.mark.full
def test_put_back_from_a_backup_each_way(
    workspace: Workspace, clock: Clock, server: LaterServer, meeting: UUID
) -> None:
    round_(workspace)
    with server.engine.begin() as connection:  # the server's: handed over anew
        entries.start(connection, clock(), restored=True)
    assert server.waiting() == {}
    commands.collect(workspace, server.batch())
    assert len(round_(workspace).handed) == 2
    assert len(server.waiting()) == 2
    clock.now = STARTS - timedelta(hours=23, minutes=59)
    server.send_due()
    rows = mail_queries.outbox(workspace)
    with workspace.change("As it was before", undoable=False) as unit:  # the desktop's
        from projectdesk.store import schema

        unit.session.execute(schema.outgoing_mail.delete())
    clock.now = STARTS - timedelta(days=2)
    assert round_(workspace).handed == []  # the same ids: the server says that it sent them
    assert [row.state for row in mail_queries.outbox(workspace)] == [S.HANDED] * len(rows)


@pytest.mark.full
def test_taken_back_on_the_way_stays_sent(
    workspace: Workspace, clock: Clock, server: LaterServer, meeting: UUID
) -> None:
    round_(workspace)
    clock.now = STARTS - timedelta(days=1)
    server.send_due()
    edit(workspace, meeting, state=MeetingState.CANCELLED)
    assert round_(workspace).taken_back == []
    commands.collect(workspace, server.batch())
    assert set(states(workspace).values()) == {S.SENT}


@pytest.mark.full
def test_of_a_colleague_it_is_taken_back_never_changed(
    workspace: Workspace, server: LaterServer, meeting: UUID
) -> None:
    round_(workspace)
    known = mail_accounts.account(workspace.data)
    assert known is not None
    mail_accounts.save(workspace.data, MailAccount("bo@udr.example", smtp=known.smtp))
    edit(workspace, meeting, title="Other")
    assert not round_(workspace)
    edit(workspace, meeting, state=MeetingState.CANCELLED)
    assert len(round_(workspace).taken_back) == 2


@pytest.mark.full
def test_another_key_that_knows_nothing_of_it(
    workspace: Workspace, clock: Clock, server: LaterServer, meeting: UUID
) -> None:
    round_(workspace)
    with server.engine.begin() as connection:
        other = keys.add(connection, "New", clock())
        keys.set_mail_domains(connection, "New", ["udr.example"])
    keep_server(workspace, SERVER, "Team", other)
    edit(workspace, meeting, state=MeetingState.CANCELLED)
    round_(workspace)
    assert set(states(workspace).values()) == {S.UNCERTAIN}  # only a person knows better


@pytest.mark.full
def test_no_server_chosen_nothing_handed(
    workspace: Workspace, server: LaterServer, meeting: UUID
) -> None:
    round_(workspace)
    known = mail_accounts.account(workspace.data)
    assert known is not None
    mail_accounts.save(workspace.data, MailAccount(known.address, smtp=known.smtp))
    assert len(round_(workspace).taken_back) == 2  # this computer sends again
    assert server.waiting() == {}
    assert handing.meetings_ahead(workspace) == []
    assert not handing.anything_handed(workspace)


def test_ids_are_of_reminder_person_and_time() -> None:
    one, other, at = uuid4(), uuid4(), STARTS
    assert later_meetings.mail_id(one, other, at) == later_meetings.mail_id(one, other, at)
    many = {
        later_meetings.mail_id(one, other, at),
        later_meetings.mail_id(other, one, at),
        later_meetings.mail_id(one, other, at + timedelta(minutes=1)),
    }
    assert len(many) == 3
