"""A reminder on its whole way: planned, due, taken by a real server, read by its receiver."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from projectdesk.domain.meetings import MeetingState, MeetingType
from projectdesk.exchange.calendar import read_calendar
from projectdesk.mail.account import MailAccount, MailServer, Security, SignIn
from projectdesk.mail.message import parse
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, mail_accounts, queries
from projectdesk.services.commands.meetings import plan_meeting
from projectdesk.services.hosting import personal_links
from projectdesk.services.rows import Kind
from projectdesk.services.sending import send_due
from projectdesk.services.workspace import Workspace
from tests.unit.mail.mail_server import SmtpServer
from tests.unit.meetings.conftest import LOCAL, Clock, add_consortium
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


def queue_due(workspace: Workspace) -> int:
    """Put what is due into the outbox, as the desktop does; return how many mails."""
    mails = 0
    for due in queries.due_reminders(workspace):
        links = personal_links(workspace, due.meeting_id, "https://meet.example.org")
        made, _ = commands.send_reminder(
            workspace, due.reminder_id, {link.invitation_id: link.url for link in links}
        )
        mails += made.mails if made is not None else 0
    return mails


def test_planned_due_sent_moved_cancelled(workspace: Workspace, clock: Clock) -> None:
    consortium = add_consortium(workspace)
    meeting, _ = plan_meeting(
        workspace, consortium.project, MeetingType.KICK_OFF, LOCAL, "Europe/Copenhagen"
    )
    commands.add_reminders(workspace, meeting, [24 * 60])
    starts_at = queries.meeting(workspace, meeting).starts_at
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
        clock.now = starts_at - timedelta(days=1)
        expected = queue_due(workspace)
        assert expected == queries.meeting_reminders(workspace, meeting).recipients
        report = send_due(workspace)  # one address needs a server that knows SMTPUTF8
        assert len(report.sent) == len(server.delivered)
        assert len(report.sent + report.refused) == expected + 1  # who invites hears the state
        assert queue_due(workspace) == 0
        mail = parse(server.delivered[0].content)
        (entry,) = [part for part in mail.iter_attachments() if part.get_filename()]
        content = entry.get_payload(decode=True)
        assert isinstance(content, bytes)
        (event,) = read_calendar(content).events
        assert event.url.startswith("https://meet.example.org/r/")

        row = queries.meeting(workspace, meeting)
        later = {"local_start": row.local_start + timedelta(days=2)}
        commands.set_fields(workspace, Kind.MEETING, meeting, row.version, later)
        clock.now += timedelta(days=2)
        assert queue_due(workspace) == expected
        row = queries.meeting(workspace, meeting)
        cancelled = {"state": MeetingState.CANCELLED}
        commands.set_fields(workspace, Kind.MEETING, meeting, row.version, cancelled)
        assert commands.drop_stale_reminders(workspace) == expected + 1
        before = len(server.delivered)
        assert send_due(workspace).sent == []
        assert len(server.delivered) == before
