"""A mail: its parts, its headers, and what no header may hold."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projectdesk.errors import DomainError
from projectdesk.mail.address import Mailbox, clean_name, same_address, shown_address, wire_address
from projectdesk.mail.message import (
    Attachment,
    CalendarPart,
    InlineImage,
    as_bytes,
    as_unsent,
    compose,
    header_text,
    new_message_id,
    only_address,
    parse,
    parse_received,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SEED = UUID("018f0000-0000-7000-8000-000000000001")
ADA = Mailbox("ada@example.org", "Ada Lovelace")
BEN = Mailbox("ben@example.com", "Ben")
PNG = b"\x89PNG\r\n\x1a\n not really"
ICS = "BEGIN:VCALENDAR\r\nSUMMARY:Réunion\r\nEND:VCALENDAR\r\n".encode()


def mail(**changed: object) -> EmailMessage:
    parts: dict[str, object] = {
        "sender": ADA,
        "recipient": BEN,
        "subject": "Kick-off",
        "text": "Dear Ben",
        "message_id": new_message_id(ADA.address, SEED),
        "date": NOW,
    }
    return compose(**(parts | changed))  # type: ignore[arg-type]


def read(message: EmailMessage) -> EmailMessage:
    found = message_from_bytes(as_bytes(message), policy=policy.default)
    assert isinstance(found, EmailMessage)
    assert not found.defects
    return found


def bodies(message: EmailMessage) -> list[object]:
    return [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]


def test_a_whole_invitation_has_its_parts_where_mail_programs_look() -> None:
    message = read(
        mail(
            html="<p>Dear Ben <img src='cid:logo'></p>",
            images=[InlineImage("logo", PNG)],
            calendar=CalendarPart(ICS, "REQUEST"),
            attachments=[Attachment("Tagesordnung für März.pdf", b"%PDF", "application/pdf")],
        )
    )
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "text/calendar",
        "application/ics",
        "application/pdf",
    ]
    calendar = next(p for p in message.walk() if p.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_content_charset() == "utf-8"
    assert calendar.get_payload(decode=True) == ICS
    files = [part.get_filename() for part in message.iter_attachments()]
    assert files == ["invite.ics", "Tagesordnung für März.pdf"]
    picture = next(p for p in message.walk() if p.get_content_type() == "image/png")
    assert picture["Content-ID"] == "<logo>"
    assert picture.get_content() == PNG


def test_headers_of_a_mail() -> None:
    message = read(mail(reply_to=BEN, answers="<a@b>", automatic=True))
    assert message["Message-ID"] == "<018f0000000070008000000000000001@example.org>"
    assert message["Date"] == "Mon, 02 Mar 2026 09:30:00 +0000"
    assert message["Reply-To"].addresses[0].addr_spec == "ben@example.com"
    assert message["In-Reply-To"] == message["References"] == "<a@b>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "Auto-Submitted" not in mail()


def test_the_wire_is_ascii_with_short_lines() -> None:
    raw = as_bytes(mail(subject="Приглашение " * 8, text="ü" * 5_000, html="ö" * 5_000))
    assert raw.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert str(parse(raw)["Subject"]) == ("Приглашение " * 8).strip()


@pytest.mark.parametrize("sign", ["\n", "\r", "\r\nBcc: all@example.org", "\x00", "\u2028"])
def test_nobody_adds_a_header(sign: str) -> None:
    with pytest.raises(DomainError, match="no header"):
        mail(subject=f"Kick-off{sign}")
    with pytest.raises(DomainError, match="no header"):
        mail(attachments=[Attachment(f"a{sign}.pdf", b"")])
    with pytest.raises(DomainError):
        mail(message_id=f"<a@b{sign}>")
    with pytest.raises(DomainError):
        mail(recipient=Mailbox(f"ben@example.com{sign}, eve@example.com"))
    named = read(mail(recipient=Mailbox("ben@example.com", f"Ben{sign}")))
    assert only_address(named, "To") == "ben@example.com"
    assert named["Bcc"] is None


@settings(max_examples=30)
@given(
    name=st.text(max_size=120),
    subject=st.text(
        st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\x85"),
        max_size=200,
    ),
)
def test_names_and_subjects_of_any_script_arrive(name: str, subject: str) -> None:
    raw = as_bytes(mail(recipient=Mailbox("ben@example.com", name), subject=subject))
    message = parse(raw)
    assert only_address(message, "To") == "ben@example.com"
    assert set(message.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Content-Type"),
        *("Content-Transfer-Encoding", "MIME-Version"),
    }
    assert str(message["Subject"]) == subject.strip()


@settings(max_examples=30)
@given(st.text(st.characters(categories=("L", "N")), min_size=1, max_size=150))
def test_long_names_arrive_whole(name: str) -> None:
    raw = as_bytes(mail(recipient=Mailbox("ben@example.com", name)))
    # The new parser of Python 3.11 puts spaces between the coded words of a name; the old does not.
    read = str(make_header(decode_header(message_from_bytes(raw)["To"]))).replace('"', "")
    assert " ".join(read.split()) == f"{clean_name(name)} <ben@example.com>"


def test_addresses_of_other_scripts() -> None:
    assert wire_address("jürgen@büro.example") == "jürgen@xn--bro-hoa.example"
    assert shown_address("info@xn--bro-hoa.example") == "info@büro.example"
    assert same_address("Info@BÜRO.example", "info@xn--bro-hoa.example")
    assert as_bytes(mail(recipient=Mailbox("info@büro.example"))).isascii()
    wide = as_bytes(mail(recipient=Mailbox("jürgen@büro.example")))
    assert "jürgen@xn--bro-hoa.example".encode() in wide
    assert only_address(parse(wide), "To") == "jürgen@xn--bro-hoa.example"


@pytest.mark.parametrize("address", ["", "ben", "ben@", "a@b@c.org", "ben@-.org", "<ben@a.org>"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(DomainError) as caught:
        mail(recipient=Mailbox(address))
    assert caught.value.code == "bad_email"


def test_a_saved_mail_opens_as_a_draft_and_stays_whole() -> None:
    sent = as_bytes(mail(calendar=CalendarPart(ICS, "REQUEST"), html="<p>Grüße</p>"))
    saved = parse(as_unsent(sent))
    assert saved["X-Unsent"] == "1"
    assert saved["Message-ID"] == parse(sent)["Message-ID"]
    bodies = [p.get_payload(decode=True) for p in saved.walk() if not p.is_multipart()]
    assert bodies == [
        p.get_payload(decode=True) for p in parse(sent).walk() if not p.is_multipart()
    ]


def test_a_mail_without_text_is_refused() -> None:
    with pytest.raises(DomainError, match="needs a text"):
        mail(text=" \n", html="<p>Hello</p>")
    with pytest.raises(DomainError, match="page of HTML"):
        mail(images=[InlineImage("logo", PNG)])


def test_a_header_in_letters_that_nobody_knows_is_read_as_it_came() -> None:
    mail = parse_received(b"Subject: =?utf-\xff8?q?Call?= at noon\r\n\r\nNothing else.\r\n")
    assert "at noon" in header_text(mail, "Subject")
