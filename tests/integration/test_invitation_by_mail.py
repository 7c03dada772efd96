"""An invitation on its whole way: a real server takes it, a program answers, it is shown."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from projectdesk.domain.meetings import InvitationAnswer, Meeting, MeetingState, MeetingType
from projectdesk.domain.rules.invitation_changes import Telling
from projectdesk.exchange.calendar import (
    Method,
    PartStat,
    read_calendar,
    write_calendar,
)
from projectdesk.mail.account import MailAccount, MailServer, Security, SignIn
from projectdesk.mail.address import Mailbox
from projectdesk.mail.message import CalendarPart, as_bytes, compose, only_address, parse
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import inbox, mail_accounts, queries
from projectdesk.services.commands.inviting import Request, send_invitations
from projectdesk.services.commands.meetings import plan_meeting
from projectdesk.services.hosting import personal_links
from projectdesk.services.inviting.planning import plan_invitations
from projectdesk.services.inviting.sender import check_can_send, sender_of
from projectdesk.services.sending import send_due
from projectdesk.services.workspace import Workspace
from tests.unit.mail.mail_server import SmtpServer
from tests.unit.meetings.conftest import LOCAL, Clock, add_consortium
from tests.unit.meetings.itip import calendar_of, checked
from tests.unit.services.conftest import blank_data as blank_data

pytestmark = [pytest.mark.loopback, pytest.mark.full]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, clock: Clock, blank_data: Path) -> Iterator[Workspace]:
    shutil.copytree(blank_data, tmp_path / "data")
    with Workspace.open(tmp_path / "data", secrets=MemorySecrets(), now=clock) as opened:
        yield opened


def reply_of(delivered: bytes, partstat: PartStat, clock: Clock) -> bytes:
    """Return what a calendar program answers to a mail that it got."""
    mail = parse(delivered)
    content = calendar_of(mail)
    checked(content)
    asked = read_calendar(content).events[0]
    (attendee,) = asked.attendees
    answered = replace(asked, attendees=(replace(attendee, partstat=partstat),), stamp=clock.now)
    guest, organiser = only_address(mail, "To"), only_address(mail, "From")
    assert attendee.address == guest
    assert asked.organiser is not None
    assert asked.organiser.address == organiser
    return as_bytes(
        compose(
            sender=Mailbox(guest),
            recipient=Mailbox(organiser),
            subject=f"{partstat}: {asked.summary}",
            text="Answered.",
            calendar=CalendarPart(write_calendar((answered,), Method.REPLY), "REPLY"),
            message_id=f"<{partstat.value.lower()}@client.example.net>",
            date=clock.now,
            answers=str(mail["Message-ID"]),
        )
    )


def test_invited_moved_answered_cancelled(workspace: Workspace, clock: Clock) -> None:
    consortium = add_consortium(workspace)
    meeting, _ = plan_meeting(
        workspace, consortium.project, MeetingType.KICK_OFF, LOCAL, "Europe/Copenhagen"
    )

    def order() -> Request:
        links = personal_links(workspace, meeting, "https://meet.example.org")
        return Request(
            sender_of(workspace, meeting),
            {link.invitation_id: link.url for link in links},
            chosen=[consortium.people["Kiri"]],
        )

    with SmtpServer() as server:
        mail_accounts.save(
            workspace.data,
            MailAccount(
                "office@example.org",
                "Project office",
                smtp=MailServer("localhost", server.port, Security.NONE),
                sign_in=SignIn.NONE,
            ),
        )
        check_can_send(workspace)
        send_invitations(workspace, meeting, order())
        assert len(send_due(workspace).sent) == 1
        clock.advance(hours=1)
        first = server.delivered[-1].content
        taken = inbox.take(workspace, reply_of(first, PartStat.ACCEPTED, clock)).taken
        assert taken is not None
        assert taken.outcome == "answer_taken"
        rows = {row.name: row for row in queries.invitations(workspace, meeting)}
        assert rows["Kiri Test"].answer is InvitationAnswer.ACCEPTED
        clock.advance(hours=1)
        with workspace.change("Move") as unit:
            unit.get(Meeting, meeting).duration_minutes += 30
        clock.advance(hours=1)
        send_invitations(workspace, meeting, order())
        assert len(send_due(workspace).sent) == 1
        second = server.delivered[-1].content
        assert second != first
        late = inbox.take(workspace, reply_of(first, PartStat.TENTATIVE, clock)).taken
        assert late is not None
        assert late.outcome == "answer_outdated"
        clock.advance(hours=1)
        inbox.take(workspace, reply_of(second, PartStat.DECLINED, clock))
        rows = {row.name: row for row in queries.invitations(workspace, meeting)}
        assert rows["Kiri Test"].answer is InvitationAnswer.DECLINED
        send_invitations(workspace, meeting, replace(order(), cancel=True))
        assert len(send_due(workspace).sent) == 1
        last = checked(calendar_of(parse(server.delivered[-1].content)))
        assert last.method.value == "CANCEL"
    assert queries.meeting(workspace, meeting).state is MeetingState.CANCELLED
    lines = plan_invitations(workspace, meeting).lines
    assert all(line.telling is Telling.NOTHING for line in lines)
