"""Actions by mail on their whole way: a real server takes the reminder and holds the answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from projectdesk.domain.minutes import ActionStatus
from projectdesk.mail.account import Credentials, Inbox, MailAccount, MailServer, Security, SignIn
from projectdesk.mail.imap import ImapConnection
from projectdesk.mail.message import parse
from projectdesk.services import action_mail, commands, mail_accounts, queries
from projectdesk.services.action_desks import action_links
from projectdesk.services.action_settings import turn_on
from projectdesk.services.commands import actions as action_commands
from projectdesk.services.inbox_check import check_inbox
from projectdesk.services.rows import Kind
from projectdesk.services.sending import send_due
from projectdesk.services.workspace import Workspace
from tests.integration.test_poll_by_mail import reply_to
from tests.integration.test_poll_by_mail import workspace as workspace
from tests.unit.mail.conftest import certificate as certificate
from tests.unit.mail.dovecot import PASSWORD, Dovecot, program
from tests.unit.mail.mail_server import Certificate, SmtpServer
from tests.unit.meetings.conftest import add_consortium
from tests.unit.services.conftest import blank_data as blank_data

pytestmark = [pytest.mark.loopback, pytest.mark.full]


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


def test_reminded_answered_and_silent_after(
    workspace: Workspace, tmp_path: Path, certificate: Certificate, smtp: SmtpServer
) -> None:
    if program() is None:
        pytest.fail("dovecot is not installed")
    consortium = add_consortium(workspace)
    today = workspace.now().date()
    made, _ = commands.create(
        workspace,
        Kind.ACTION,
        {
            "project_id": consortium.project,
            "text": "Buy sensors",
            "owner_person_id": consortium.people["Kiri"],
            "due_on": today + timedelta(days=3),
        },
    )
    turn_on(workspace, consortium.project)
    with Dovecot(tmp_path / "dovecot", certificate) as imap:
        held = Inbox(MailServer("localhost", imap.port, Security.STARTTLS))
        account = MailAccount(
            "maya@example.org",
            "Maya Test",
            smtp=MailServer("localhost", smtp.port, Security.NONE),
            inbox=held,
            sign_in=SignIn.NONE,
        )
        mail_accounts.save(workspace.data, account)
        action_commands.issue_links(workspace, [made])
        links = action_links(workspace, consortium.project, "https://meet.example.org")
        sent, _ = action_mail.send_due(workspace, links)
        assert sent.digests + sent.reminders == 1
        assert len(send_due(workspace).sent) == 1
        reminder = smtp.delivered[-1].content
        assert "[TIDE A1] Buy sensors" in str(parse(reminder)["Subject"])
        assert links[0].url in parse(reminder).get_body(("plain",)).get_content()  # type: ignore[union-attr]

        imap.deliver("ada", reply_to(reminder, "Done, they are in the store."))

        def connect() -> ImapConnection:
            return ImapConnection(held, Credentials("ada", PASSWORD), str(certificate.chain))

        report = check_inbox(workspace, connect=connect)
        assert report.problem is None
        assert [each.taken.outcome for each in report.taken if each.taken] == ["answer_taken"]
        found = queries.action_detail(workspace, made)
        assert found.action.status is ActionStatus.DONE
        assert [note.text for note in found.notes] == ["they are in the store."]
        assert check_inbox(workspace, connect=connect).taken == [], "none counts twice"
        assert not action_mail.due_mail(workspace)
    assert datetime.now(UTC) >= found.notes[0].made_at
