"""A date poll by mail on its whole way: real servers take the question and hold the answer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from projectdesk.domain.preparation import PollState
from projectdesk.mail.account import Credentials, Inbox, MailAccount, MailServer, Security, SignIn
from projectdesk.mail.address import Mailbox
from projectdesk.mail.imap import ImapConnection
from projectdesk.mail.message import as_bytes, compose, only_address, parse
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, mail_accounts, queries
from projectdesk.services.commands import NewVoter
from projectdesk.services.inbox_check import check_inbox
from projectdesk.services.sending import send_due
from projectdesk.services.workspace import Workspace
from tests.unit.mail.conftest import certificate as certificate
from tests.unit.mail.dovecot import PASSWORD, Dovecot, program
from tests.unit.mail.mail_server import Certificate, SmtpServer
from tests.unit.meetings.conftest import add_consortium
from tests.unit.services.conftest import blank_data as blank_data

pytestmark = [pytest.mark.loopback, pytest.mark.full]


@pytest.fixture
def workspace(tmp_path: Path, blank_data: Path) -> Iterator[Workspace]:
    """By the real clock: the server of the inbox says when a mail came."""
    shutil.copytree(blank_data, tmp_path / "data")
    with Workspace.open(tmp_path / "data", secrets=MemorySecrets()) as opened:
        yield opened


def reply_to(delivered: bytes, words: str) -> bytes:
    """Return what a voter's mail program sends: the words above, the question quoted below."""
    mail = parse(delivered)
    part = next(each for each in mail.walk() if each.get_content_type() == "text/plain")
    quoted = "\n".join(f"> {line}" for line in part.get_content().splitlines())
    return as_bytes(
        compose(
            sender=Mailbox(only_address(mail, "To")),
            recipient=Mailbox(only_address(mail, "From")),
            subject=f"Re: {mail['Subject']}",
            text=f"{words}\n\nOn Monday, Maya wrote:\n{quoted}\n",
            message_id="<answer@client.example.net>",
            date=datetime.now(UTC),
            answers=str(mail["Message-ID"]),
        )
    )


def test_asked_answered_and_told(
    workspace: Workspace, tmp_path: Path, certificate: Certificate
) -> None:
    if program() is None:
        pytest.fail("dovecot is not installed")
    consortium = add_consortium(workspace)
    first = (datetime.now(UTC) + timedelta(days=9)).replace(
        hour=9, minute=0, second=0, microsecond=0, tzinfo=None
    )
    voters = [NewVoter(consortium.people[name]) for name in ("Maya", "Kiri")]
    starts = [first, first + timedelta(days=1)]
    poll, _ = commands.create_poll(
        workspace,
        consortium.project,
        "WP4 call",
        "Europe/Copenhagen",
        starts,
        voters,
        deadline=datetime.now(UTC) + timedelta(days=2),
    )
    commands.open_poll(workspace, poll)
    kiri = next(v for v in queries.date_poll(workspace, poll).voters if v.name == "Kiri Test")
    with SmtpServer() as smtp, Dovecot(tmp_path / "dovecot", certificate) as imap:
        held = Inbox(MailServer("localhost", imap.port, Security.STARTTLS))
        account = MailAccount(
            "maya@example.org",
            "Maya Test",
            smtp=MailServer("localhost", smtp.port, Security.NONE),
            inbox=held,
            sign_in=SignIn.NONE,
        )
        mail_accounts.save(workspace.data, account)
        links = commands.poll_links(workspace, poll, "https://meet.example.org")
        commands.mail_voters(workspace, poll, links, {kiri.id})
        assert len(send_due(workspace).sent) == 1
        question = smtp.delivered[-1].content
        assert next(each.url for each in links if each.voter_id == kiri.id) in (
            parse(question).get_body(("plain",)).get_content()  # type: ignore[union-attr]
        )

        imap.deliver("ada", reply_to(question, "1 no\n2 yes\nLater is better for us."))

        def connect() -> ImapConnection:
            return ImapConnection(held, Credentials("ada", PASSWORD), str(certificate.chain))

        report = check_inbox(workspace, connect=connect)
        assert report.problem is None
        outcomes = [each.taken.outcome for each in report.taken if each.taken is not None]
        assert outcomes == ["answer_taken"]
        found = queries.date_poll(workspace, poll)
        answered = next(voter for voter in found.voters if voter.id == kiri.id)
        assert [choice.value for choice in answered.choices.values()] == ["no", "yes"]
        assert answered.comment == "Later is better for us."
        assert [option.number for option in found.best] == [2]
        assert check_inbox(workspace, connect=connect).taken == [], "none counts twice"

        commands.close_poll(workspace, poll, found.best[0].id, tell=True)
        assert len(send_due(workspace).sent) == 2
        told = {parse(each.content)["To"] for each in smtp.delivered[-2:]}
        assert len(told) == 2
        assert "The date is settled" in str(parse(smtp.delivered[-1].content)["Subject"])
    assert queries.date_poll(workspace, poll).poll.state is PollState.DECIDED
