"""The whole way: invitations to a real SMTP server, answers out of a real IMAP inbox."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from projectdesk.domain.meetings import InvitationAnswer
from projectdesk.exchange.calendar import PartStat
from projectdesk.mail.account import Inbox, MailAccount, MailServer, Security
from projectdesk.mail.message import only_address, parse
from projectdesk.services import mail_accounts
from projectdesk.services.inbox_check import check_inbox
from projectdesk.services.queries.mail import mail as content_of
from projectdesk.services.queries.mail import outbox, received
from projectdesk.services.sending import send_due
from projectdesk.services.workspace import Workspace
from tests.unit.mail.dovecot import PASSWORD, Dovecot, letter, program
from tests.unit.mail.mail_server import SmtpServer, make_certificate
from tests.unit.meetings.conftest import Clock
from tests.unit.meetings.itip import calendar_of, checked
from tests.unit.meetings.test_inviting import SENDER, said, send
from tests.unit.meetings.test_replies import mail, reply


@pytest.mark.full
@pytest.mark.loopback
def test_invited_by_smtp_and_answered_by_imap(
    workspace: Workspace, clock: Clock, kick_off: UUID, tmp_path: Path
) -> None:
    if program() is None:
        pytest.fail("dovecot is not installed")
    certificate = make_certificate(tmp_path)
    with (
        SmtpServer(certificate, users={SENDER.address: PASSWORD}, enable_SMTPUTF8=True) as smtp,
        Dovecot(tmp_path / "dovecot", certificate) as imap,
    ):
        known = mail_accounts.save(
            workspace.data,
            MailAccount(
                SENDER.address,
                smtp=MailServer("localhost", smtp.port, Security.STARTTLS),
                inbox=Inbox(MailServer("localhost", imap.tls_port, Security.TLS)),
                ca_file=str(certificate.chain),
            ),
        )
        mail_accounts.keep_password(workspace.secrets, known, PASSWORD)
        composed = send(workspace, kick_off)
        report = send_due(workspace)
        assert report.problem is None
        assert [row.reply for row in outbox(workspace) if row.id in report.refused] == []
        assert len(report.sent) == len(composed) == len(smtp.delivered)
        for envelope in smtp.delivered:
            content = envelope.content
            assert isinstance(content, bytes)
            arrived = parse(content)
            assert envelope.rcpt_tos == [only_address(arrived, "To")]
            checked(calendar_of(arrived))
        assert not send_due(workspace), "once"

        clock.advance(hours=1)
        asked = next(row for row in outbox(workspace) if row.recipient.startswith("kiri"))
        answer = reply(kick_off, PartStat.ACCEPTED)
        imap.deliver(SENDER.address, letter("<lunch@x>", "Lunch?"))
        imap.deliver(SENDER.address, mail(answer, number=1))
        imap.deliver(SENDER.address, bounce(workspace))
        looked = check_inbox(workspace)
        assert looked.problem is None
        assert looked.read == 3
        assert said(workspace, kick_off, "Kiri") is InvitationAnswer.ACCEPTED
        outcomes = {row.outcome for row in received(workspace)}
        assert "delivery_failed" in outcomes
        assert len(received(workspace)) == 2, "what is nobody's is not kept"
        assert {row.state for row in outbox(workspace) if row.id == asked.id} == {"sent"}
        assert [row.state for row in outbox(workspace)].count("refused") == 1
        assert check_inbox(workspace).read == 0


def bounce(workspace: Workspace) -> bytes:
    """Return the report that one of the mails, not Kiri's, could not be delivered."""
    other = next(row for row in outbox(workspace) if not row.recipient.startswith("kiri"))
    message_id = content_of(workspace, other.id).message_id
    return (
        "From: mailer-daemon@example.org\r\nTo: maya@example.org\r\nSubject: Undelivered\r\n"
        "Message-ID: <bounce@example.org>\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; {other.recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    ).encode()
