"""Invitations inside mails, wherever programs put them."""

from __future__ import annotations

import base64
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from projectdesk.errors import ImportError_, UnreadableFile
from projectdesk.exchange.calendar import Method, is_mail, read_calendar_file, read_mail

EVENT = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{method}BEGIN:VEVENT\r\nUID:m1\r\nSEQUENCE:{sequence}\r\n"
    "DTSTAMP:20261101T080000Z\r\nSUMMARY:Prüfung\r\nDTSTART:20261203T140000Z\r\n"
    "DTEND:20261203T150000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def invitation(method: str = "REQUEST", sequence: int = 1) -> str:
    return EVENT.format(method=f"METHOD:{method}\r\n" if method else "", sequence=sequence)


def mail(**headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Ánna Lind <Anna.Lind@x.example>"
    made["Subject"] = "Einladung: Prüfung"
    made["Date"] = "Tue, 24 Nov 2026 10:41:00 +0100"
    made["Message-ID"] = "<abc@x.example>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("You are invited.\n\n> quoted")
    return made


def test_an_alternative_and_the_same_as_a_file_count_once() -> None:
    made = mail(In_Reply_To="<q@y>", References="<p@y> <q@y>")
    text = invitation()
    made.add_alternative("<p>You are invited.</p>", subtype="html")
    made.add_alternative(text, subtype="calendar", params={"method": "REQUEST"}, cte="base64")
    made.make_mixed()
    made.add_attachment(invitation("").encode(), "application", "ics", filename="invite.ics")
    read = read_mail(made.as_bytes())
    assert len(read.calendars) == 1
    assert read.calendar is not None
    assert read.calendar.method is Method.REQUEST
    assert read.calendar.events[0].summary == "Prüfung"
    assert (read.sender, read.sender_name) == ("anna.lind@x.example", "Ánna Lind")
    assert read.subject == "Einladung: Prüfung"
    assert read.sent_at == datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
    assert read.in_reply_to == ("<q@y>", "<p@y>")
    assert read.text.startswith("You are invited.")


@pytest.mark.parametrize("cte", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_every_transfer_encoding_and_charset_is_undone(cte: str, charset: str) -> None:
    made = mail()
    made.add_alternative(invitation(), subtype="calendar", charset=charset, cte=cte)
    read = read_mail(made.as_bytes())
    assert read.calendar is not None
    assert read.calendar.events[0].summary == "Prüfung"
    assert read.findings == ()


def test_an_attachment_without_a_type_and_a_forwarded_mail_are_looked_into() -> None:
    inner = mail()
    inner.add_attachment(
        invitation().encode(), "application", "octet-stream", filename="Meeting.ICS"
    )
    outer = mail(X_Forwarded="yes")
    outer.add_attachment(inner)
    read = read_mail(outer.as_bytes())
    assert read.calendar is not None
    assert read.calendar.events[0].uid == "m1"


def test_a_newer_object_beside_an_older_one_stays() -> None:
    made = mail()
    made.add_attachment(invitation("").encode(), "text", "calendar", filename="a.ics")
    made.add_attachment(invitation("CANCEL", 2).encode(), "text", "calendar", filename="b.ics")
    read = read_mail(made.as_bytes())
    assert [one.method for one in read.calendars] == [Method.CANCEL, Method.NONE]


def test_a_broken_object_beside_a_good_one_is_told() -> None:
    made = mail()
    made.add_attachment(b"BEGIN:VCALENDAR\nBEGIN:VEVENT", "text", "calendar", filename="a.ics")
    made.add_attachment(invitation().encode(), "text", "calendar", filename="b.ics")
    read = read_mail(made.as_bytes())
    assert read.calendar is not None
    assert [found.code for found in read.findings] == ["cut_off"]


def test_outlooks_own_envelope_is_refused_with_what_to_ask_for() -> None:
    made = mail()
    made.add_attachment(b"\x78\x9f\x3e\x22", "application", "ms-tnef", filename="winmail.dat")
    with pytest.raises(UnreadableFile, match="calendar file"):
        read_mail(made.as_bytes())


def test_a_mail_without_an_invitation_is_no_error_until_one_is_wanted(tmp_path: Path) -> None:
    assert read_mail(mail().as_bytes()).calendar is None
    file = tmp_path / "letter.eml"
    file.write_bytes(mail().as_bytes())
    with pytest.raises(UnreadableFile) as refused:
        read_calendar_file(file)
    assert refused.value.code == "no_calendar_in_mail"


def test_a_mail_is_told_from_a_calendar() -> None:
    assert is_mail(mail().as_bytes())
    assert is_mail(b"Received: from x\r\n by y\r\nFrom: a@b\r\n\r\nBEGIN:VCALENDAR")
    assert not is_mail(invitation().encode())
    assert not is_mail(b"")


def test_parts_in_parts_without_end_are_refused() -> None:
    body = b"From: a@b\r\nMIME-Version: 1.0\r\n"
    for depth in range(600):
        body += b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (depth, depth)
    with pytest.raises(ImportError_):
        read_mail(body)
    few = body.split(b"--40\r\n", maxsplit=1)[0]
    with pytest.raises(ImportError_):
        read_mail(few)


def test_headers_of_a_stranger_do_no_harm() -> None:
    raw = (
        b"From: =?utf-99?q?x?= <a@b.example>\r\nDate: yesterday\r\nMessage-ID: <" + b"x" * 5000
        + b">\r\nSubject: =?utf-8?b?" + base64.b64encode(b"\xff\x00ok") + b"?=\r\n\r\nHello\r\n"
    )  # fmt: skip
    read = read_mail(raw)
    assert read.sender == "a@b.example"
    assert read.sent_at is None
    assert len(read.message_id) <= 2000


def test_a_subject_in_letters_that_nobody_knows_is_shown_as_it_came() -> None:
    read = read_mail(b"Subject: =?utf-\xff8?q?Call?= at noon\r\n\r\nNothing else.\r\n")
    assert "at noon" in read.subject


def written(content_type: str, body: bytes, *, sender: bytes = b"Ida <ida@x.example>") -> bytes:
    return b"From: %s\r\nMIME-Version: 1.0\r\nContent-Type: %s\r\n\r\n%s" % (
        sender,
        content_type.encode(),
        body,
    )


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/octet-stream", "application/calendar", "text/calendar; charset=x"],
)
def test_a_calendar_is_known_by_how_it_begins(content_type: str) -> None:
    read = read_mail(written(content_type, b"\r\n" + invitation().encode()))
    assert [one.events[0].summary for one in read.calendars] == ["Prüfung"]


def test_a_forwarded_mail_in_base64_or_as_a_file_is_looked_into() -> None:
    inner = base64.encodebytes(written("text/calendar", invitation().encode()))
    for content_type in ("message/rfc822", "application/octet-stream; name=invitation.eml"):
        part = b"--B\r\nContent-Type: %s\r\nContent-Transfer-Encoding: base64\r\n\r\n%s--B--\r\n"
        data = written("multipart/mixed; boundary=B", part % (content_type.encode(), inner))
        assert [one.method for one in read_mail(data).calendars] == [Method.REQUEST], content_type


DEEP = b"From: x@y.eu\r\n" + b"".join(
    b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (depth, depth)
    for depth in range(40)
)


@pytest.mark.parametrize(
    "attached",
    [b"Forwarded message\r\nFrom: x@y.eu\r\n\r\nHello", DEEP, DEEP + b"boundary=" * 600],
    ids=["no headers", "deep", "many parts"],
)
def test_an_attached_mail_that_cannot_be_read_spoils_none(attached: bytes) -> None:
    made = mail()
    made.add_attachment(attached, "application", "octet-stream", filename="old.eml")
    made.add_attachment(invitation().encode(), "text", "calendar", filename="a.ics")
    assert [one.events[0].uid for one in read_mail(made.as_bytes()).calendars] == ["m1"]


def test_base64_that_is_damaged_at_its_end_is_read_as_far_as_it_goes() -> None:
    body = base64.encodebytes(invitation().encode() + b"\r\n\r\n\r\n").rstrip()[:-3]
    data = written("text/calendar\r\nContent-Transfer-Encoding: base64", body)
    assert read_mail(data).calendars[0].events[0].summary == "Prüfung"


def test_what_the_calendar_is_for_may_stand_in_its_part_alone() -> None:
    (read,) = read_mail(written("text/calendar; method=cancel", invitation("").encode())).calendars
    assert read.method is Method.CANCEL
    (read,) = read_mail(written("text/calendar; method=x", invitation("").encode())).calendars
    assert read.method is Method.NONE


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        (b"=?utf-8?Q?Holm=2C_J=C3=B8rgen?= <ida@x.example>", "Holm, Jørgen"),
        ("Jørgen Holm <ida@x.example>".encode(), "Jørgen Holm"),
        ("Jørgen Holm <ida@x.example>".encode("cp1252"), "Jørgen Holm"),
        (b'"Holm, Ida" <Ida@X.example>', "Holm, Ida"),
        (b"ida@x.example", ""),
    ],
)
def test_a_sender_keeps_letters_and_address(sender: bytes, name: str) -> None:
    read = read_mail(written("text/plain", b"hi", sender=sender))
    assert (read.sender_name, read.sender) == (name, "ida@x.example")


def test_a_sealed_mail_is_told_what_to_do_with(tmp_path: Path) -> None:
    file = tmp_path / "sealed.eml"
    file.write_bytes(written("application/pkcs7-mime; name=smime.p7m", b"AAAA"))
    with pytest.raises(UnreadableFile) as refused:
        read_calendar_file(file)
    assert refused.value.code == "sealed_mail"
    assert not read_mail(file.read_bytes()).calendars, "no error for who reads any mail"


def test_a_mark_before_a_mail_is_no_header() -> None:
    data = b"\xef\xbb\xbf" + written("text/calendar", invitation().encode())
    assert read_mail(data).sender == "ida@x.example"


@pytest.mark.parametrize(
    "head",
    [
        b"From: " + b"(" * 100_000,
        b"From: " + b'"a" <' * 100_000,
        b"Subject: " + b"=?utf-8?Q?a?= " * 30_000,
        b"Content-Type: text/plain" + b"; a=b" * 100_000,
        b"Content-Type: text/plain" + b"".join(b"; a*%d*=b" % at for at in range(30_000)),
    ],
)
def test_a_header_without_end_costs_little(head: bytes) -> None:
    before = time.process_time()
    read = read_mail(b"X-A: b\r\n" + head + b"\r\n\r\nhi")
    assert read.text.strip() == "hi"
    assert time.process_time() - before < 5


def test_a_mail_of_more_parts_than_is_sensible_is_refused() -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_mail(written('multipart/mixed; boundary="b"', b"\r\n--b\r\n\r\nx" * 30_000))
    assert refused.value.code == "nested_too_deep"
