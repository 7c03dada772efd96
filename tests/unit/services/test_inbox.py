"""Mail that was received: who takes it, and that none counts twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from email.message import EmailMessage, Message
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from projectdesk.errors import FileTooLarge
from projectdesk.mail.account import Inbox, MailAccount, MailServer, Security
from projectdesk.mail.address import Mailbox
from projectdesk.mail.imap import Fetched, Position
from projectdesk.mail.message import CalendarPart, as_bytes, compose, new_message_id, parse_received
from projectdesk.services import inbox, mail_accounts, outbox
from projectdesk.services.inbox import IncomingMail, Taken
from projectdesk.services.inbox_check import InboxReport, check_inbox
from projectdesk.services.mail_words import words_of_html
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from tests.unit.exchange.outlook import in_pieces, mail, meeting

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


@pytest.mark.parametrize(
    "content",
    [
        b"From: " + b"(" * 50_000 + b"\r\n\r\nhi",
        b"Subject: " + b"=?utf-8?Q?a?= " * 30_000 + b"\r\n\r\nhi",
        b"Content-Type: text/plain" + b"; a=b" * 100_000 + b"\r\n\r\nhi",
        b"Content-Type: message/rfc822\r\n\r\n" * 5_000,
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
            for n in range(2_000)
        ),
        b"Content-Type: text/html\r\n\r\n" + b"<!--" * 500_000,
        pytest.param(
            b"Content-Type: text/html\r\n\r\n" + b'<a b="' * 300_000, marks=pytest.mark.full
        ),
    ],
)
def test_hostile_mail_costs_little_time(workspace: Workspace, content: bytes) -> None:
    before = time.process_time()
    assert inbox.take(workspace, content, NOW, [Taker(None)]).taken is None
    assert time.process_time() - before < 8


def test_an_empty_comment_hides_nothing_of_a_letter() -> None:
    """The shortest comment is whole (HTML, section 13.1.6); what follows it is read."""
    assert words_of_html("<p>We <!-->come<!-- no --> both.</p>") == "We come both."


class Letters:
    """An inbox with some letters, as a connection."""

    def __init__(self, *letters: bytes) -> None:
        self.letters = letters

    def open(self) -> None: ...

    def close(self) -> None: ...

    def new_messages(
        self, after: Position | None, today: date, stop: Callable[[], bool]
    ) -> Iterator[Fetched]:
        for number, content in enumerate(self.letters, start=1):
            if after is None or number > after.uid:
                yield Fetched(Position(1, number), NOW, content)


def test_a_mail_that_nothing_can_be_done_with_keeps_none_behind_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server = MailServer("mail.example.org", 993, Security.TLS)
    mail_accounts.save(
        workspace.data, MailAccount("ada@example.org", smtp=server, inbox=Inbox(server))
    )
    parsed = parse_received

    def trip(content: bytes) -> Message:
        if content == b"odd":
            raise RecursionError
        return parsed(content)

    monkeypatch.setattr(inbox, "parse_received", trip)
    letters = Letters(b"odd", answer())

    def look() -> InboxReport:
        return check_inbox(workspace, connect=lambda: letters, handlers=[Taker("answer_taken")])

    first = look()
    assert (first.read, [each.message_id for each in first.taken]) == (
        2,
        ["<answer-1@example.com>"],
    )
    assert "could not be written down" in caplog.text
    assert look().read == 0, "how far was read is remembered"


def test_an_answer_that_is_signed_or_in_outlooks_envelope_is_seen() -> None:
    answer = b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n"
    inner = b"Content-Type: text/calendar; method=REPLY\r\n\r\n" + answer
    content = mail(in_pieces(inner), "application/pkcs7-mime", "smime.p7m")
    assert inbox.incoming(content, NOW).calendars == (("REPLY", answer),)
    ((_, found),) = inbox.incoming(mail(meeting()), NOW).calendars
    assert found.startswith(b"BEGIN:VCALENDAR")


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
