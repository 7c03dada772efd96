"""Mail that was received: who takes it, and that none counts twice."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from projectdesk.errors import FileTooLarge
from projectdesk.mail.address import Mailbox
from projectdesk.mail.message import CalendarPart, as_bytes, compose, new_message_id
from projectdesk.services import inbox, outbox
from projectdesk.services.inbox import IncomingMail, Taken
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

if TYPE_CHECKING:
    from projectdesk.services.session import Unit

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ICS = b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n"


def answer(**changed: object) -> bytes:
    parts: dict[str, object] = {
        "sender": Mailbox("ben@example.com", "Ben"),
        "recipient": Mailbox("ada@example.org"),
        "subject": "Accepted: Kick-off",
        "text": "Ben accepts.",
        "message_id": "<answer-1@example.com>",
        "date": NOW,
        "calendar": CalendarPart(ICS, "REPLY"),
        "answers": "<asked@example.org>",
    }
    return as_bytes(compose(**(parts | changed)))  # type: ignore[arg-type]


class Taker:
    def __init__(self, outcome: str | None) -> None:
        self.outcome = outcome
        self.seen: list[IncomingMail] = []

    def __call__(self, unit: Unit, mail: IncomingMail) -> Taken | None:
        self.seen.append(mail)
        return Taken(self.outcome, "in words") if self.outcome else None


def written_down(workspace: Workspace) -> list[tuple[str, str]]:
    table = schema.incoming_mail.c
    with workspace.read() as session:
        return [tuple(row) for row in session.execute(select(table.message_id, table.outcome))]


def test_a_mail_counts_once(workspace: Workspace) -> None:
    first, second = Taker(None), Taker("answer_taken")
    read = inbox.take(workspace, answer(), NOW, [first, second])
    assert read.taken == Taken("answer_taken", "in words")
    assert written_down(workspace) == [("<answer-1@example.com>", "answer_taken")]
    again = inbox.take(workspace, answer(), NOW, [first, second])
    assert again.known
    assert len(second.seen) == 1


def test_a_mail_that_none_takes_is_not_kept(workspace: Workspace) -> None:
    assert inbox.take(workspace, answer(), NOW, [Taker(None)]).taken is None
    assert written_down(workspace) == []


def test_what_a_handler_sees() -> None:
    mail = inbox.incoming(answer(html="<p>Ben accepts.</p>", automatic=True), NOW)
    assert (mail.sender, mail.sender_name) == ("ben@example.com", "Ben")
    assert mail.calendars == (("REPLY", ICS),), "the same object twice in a mail counts once"
    assert mail.refers_to[0] == "<asked@example.org>"
    assert mail.text.strip() == "Ben accepts."
    assert mail.automatic


def test_a_mail_of_html_alone_has_words() -> None:
    message = EmailMessage()
    message["From"] = "ben@example.com"
    message.set_content(
        "<style>p {}</style><p>I can on <b>2&nbsp;May</b>.</p><p>Ben</p>", subtype="html"
    )
    mail = inbox.incoming(message.as_bytes(), NOW)
    assert mail.text.replace("\xa0", " ") == "I can on 2 May.\nBen"
    assert mail.message_id.endswith("@read.projectdesk.invalid>")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"From: =?utf-8?b?!!!?= <a@b>\r\nContent-Type: text/plain; charset=nope\r\n\r\n\xe4",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/calendar",
        b"From: @@@\r\nMessage-ID: <<>>\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
    ],
)
def test_broken_mail_breaks_nothing(workspace: Workspace, content: bytes) -> None:
    assert inbox.take(workspace, content, NOW, [Taker(None)]).taken is None


def test_a_mail_that_is_too_large_is_not_read(workspace: Workspace) -> None:
    with pytest.raises(FileTooLarge):
        inbox.take(workspace, b"x" * (inbox.LARGEST + 1), NOW, [Taker(None)])


def bounce(message_id: str, action: str = "failed") -> bytes:
    return (
        "From: Mail Delivery System <mailer-daemon@example.org>\r\nTo: ada@example.org\r\n"
        f"Subject: Undelivered\r\nMessage-ID: <{action}@example.org>\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; ben@example.com\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 No such\r\n user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    ).encode()


def test_a_mail_that_comes_back_is_refused(workspace: Workspace) -> None:
    message = compose(
        sender=Mailbox("ada@example.org"),
        recipient=Mailbox("ben@example.com"),
        subject="Kick-off",
        text="Dear Ben",
        message_id=new_message_id("ada@example.org", uuid4()),
        date=NOW,
    )
    with workspace.change("Invite") as unit:
        outbox.queue(unit, purpose="invitation", recipient="ben@example.com", message=message)
        unit.session.execute(update(schema.outgoing_mail).values(state="sent"))
    sent = str(message["Message-ID"])
    assert inbox.take(workspace, bounce("<other@x>"), NOW).taken is None
    later = inbox.take(workspace, bounce(sent, "delayed"), NOW).taken
    assert later is not None
    assert later.outcome == "delivery_told"
    failed = inbox.take(workspace, bounce(sent), NOW).taken
    assert failed is not None
    assert failed.detail == "The mail to ben@example.com came back: 550 5.1.1 No such user"
    with workspace.read() as session:
        row = session.execute(select(schema.outgoing_mail)).one()
    assert (row.state, row.reply) == ("refused", "550 5.1.1 No such user")
