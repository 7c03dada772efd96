"""Invitations that arrive as Outlook's own envelope, or inside a signature around all of a mail."""

from __future__ import annotations

import struct
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID

from projectdesk.errors import UnreadableFile
from projectdesk.exchange.calendar import (
    CalendarTime,
    Method,
    PartStat,
    is_calendar_file,
    occurrences,
    read_calendar,
    read_calendar_file,
    read_mail,
)
from projectdesk.exchange.calendar.outlook_meeting import calendars_in_winmail
from projectdesk.exchange.calendar.signed import content_of_signed
from projectdesk.exchange.calendar.winmail import open_winmail
from tests.unit.exchange.outlook import (
    BINARY,
    LONG,
    MEETING,
    MOMENT,
    OBJECT,
    SET,
    START,
    TRUTH,
    WIDE,
    attribute,
    envelope,
    in_pieces,
    mail,
    meeting,
    moment,
    pattern,
    properties,
)

EVENT = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:m1\r\n"
    b"DTSTAMP:20261101T080000Z\r\nSUMMARY:Review\r\nDTSTART:20261203T140000Z\r\n"
    b"END:VEVENT\r\nEND:VCALENDAR\r\n"
)


def test_a_meeting_in_outlooks_envelope_is_an_invitation() -> None:
    guests = struct.pack("<I", 2) + b"".join(
        properties((0x3001, WIDE, name), (0x39FE, WIDE, address), (0x0C15, LONG, role))
        for name, address, role in (("Bo", "bo@y.example", 1), ("Cy", "cy@y.example", 2))
    )
    read = read_mail(mail(meeting(rest=attribute(0x00069004, guests))))
    assert read.calendar is not None
    assert read.calendar.method is Method.REQUEST
    (event,) = read.calendar.events
    assert event.summary == "Board, 2nd; review"
    assert event.start == CalendarTime(START + timedelta(hours=1), "Europe/Paris")
    assert event.length() == timedelta(hours=1)
    assert (event.location, event.sequence, event.description) == ("Room 1", 3, "See you there")
    assert event.uid.startswith("040000008200E00074C5B7101A82E008")
    assert event.organiser is not None
    assert (event.organiser.address, event.organiser.name) == ("anna@x.example", "Lind, Anna")
    assert [(guest.address, guest.role) for guest in event.attendees] == [
        ("bo@y.example", "REQ-PARTICIPANT"),
        ("cy@y.example", "OPT-PARTICIPANT"),
    ]
    assert [link.label for link in event.conferences] == ["Microsoft Teams"]
    assert not read.findings


def test_an_answer_in_outlooks_envelope_says_who_gives_it() -> None:
    identity = bytes(40) + b"vCal-Uid\x01\0\0\0m1@projectdesk\0"
    answer = envelope(
        attribute(0x00078008, b"IPM.Microsoft Schedule.MtgRespN\0"),
        attribute(
            0x00069003,
            properties(
                ((SET, 0x820D), MOMENT, moment(START)), ((MEETING, 0x0003), BINARY, identity)
            ),
        ),
    )
    read = read_mail(mail(answer))
    assert read.calendar is not None
    assert read.calendar.method is Method.REPLY
    (event,) = read.calendar.events
    assert event.uid == "m1@projectdesk"
    assert [(each.address, each.partstat) for each in event.attendees] == [
        ("bo@x.example", PartStat.DECLINED)
    ], "who is not named inside is who sends the mail"


@pytest.mark.parametrize(
    ("series", "starts"),
    [
        (pattern(0, 2 * 1440, b"", 0x2022, 3), ["02", "04", "06"]),
        (pattern(1, 1, struct.pack("<I", 0b1010), 0x2022, 3), ["02", "04", "09"]),
        (pattern(1, 1, struct.pack("<I", 0b10), 0x2022, 3, date(2026, 3, 9)), ["02", "16"]),
        (pattern(3, 1, struct.pack("<II", 0b10, 1), 0x2022, 2), ["02", "06"]),
        (pattern(2, 1, struct.pack("<I", 2), 0x2021, 0), ["02", "02"]),
    ],
)
def test_series_of_outlook(series: bytes, starts: list[str]) -> None:
    ((_, content),) = calendars_in_winmail(
        meeting("IPM.Schedule.Meeting.Request", ((SET, 0x8216), BINARY, series))
    )
    calendar = read_calendar(content)
    assert calendar.findings == ()
    found = occurrences(
        calendar.events, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    )
    assert [f"{each.starts_at:%d}" for each in found] == starts
    assert {
        f"{each.start.local:%H:%M}" for each in found if isinstance(each.start, CalendarTime)
    } == {"09:00"}, "the clocks of the zone count when its summer begins"


@pytest.mark.parametrize("cut", [0, 9])
def test_a_changed_occurrence_is_named_in_any_letters(cut: int) -> None:
    day = datetime(2026, 3, 9, 9, 0)  # noqa: DTZ001
    at = int((day - datetime(1601, 1, 1)) / timedelta(minutes=1))  # noqa: DTZ001
    times = struct.pack("<III", at, at + 30, at)
    change = struct.pack("<IIIIH", 0x3006, 0x3009, 540, 600, 2)
    change += times + struct.pack("<HI", 0x04, 5) + times
    change += struct.pack("<HHH", 0x11, 4, 3) + b"???" + struct.pack("<HH", 4, 3) + b"???"
    wide = struct.pack("<III", 0, 4, 0) + struct.pack("<I", 0)
    wide += struct.pack("<III", 4, 0, 0) + times
    wide += b"".join(
        struct.pack("<H", len(text)) + text.encode("utf-16-le") for text in ("Łódź", "Αθήνα")
    )
    wide += struct.pack("<II", 0, 0)
    series = pattern(
        1, 1, struct.pack("<I", 0b10), 0x2022, 3, changes=change + wide[: len(wide) - cut]
    )
    ((_, content),) = calendars_in_winmail(
        meeting("IPM.Schedule.Meeting.Request", ((SET, 0x8216), BINARY, series))
    )
    _, first, second = read_calendar(content).events
    assert (first.summary, first.location) == ("Board, 2nd; review", "Room 1")
    assert (second.summary, second.location) == (("???", "???") if cut else ("Łódź", "Αθήνα"))


def test_a_moved_occurrence_of_a_series() -> None:
    def minutes(at: datetime) -> int:
        return int((at - datetime(1601, 1, 1)) / timedelta(minutes=1))  # noqa: DTZ001

    original = datetime(2026, 3, 9, 9, 0)  # noqa: DTZ001
    moved = original + timedelta(days=1)
    change = struct.pack("<IIIIH", 0x3006, 0x3009, 540, 600, 1)
    change += struct.pack("<III", minutes(moved), minutes(moved) + 30, minutes(original))
    change += struct.pack("<HHH", 0x11, 6, 5) + b"Moved" + struct.pack("<HH", 7, 6) + b"Room 2"
    series = pattern(1, 1, struct.pack("<I", 0b10), 0x2022, 3, original.date(), changes=change)
    ((_, content),) = calendars_in_winmail(
        meeting("IPM.Schedule.Meeting.Request", ((SET, 0x8216), BINARY, series))
    )
    calendar = read_calendar(content)
    assert [event.summary for event in calendar.events] == ["Board, 2nd; review", "Moved"]
    found = occurrences(
        calendar.events, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    )
    assert [(f"{each.starts_at:%d %H:%M}", each.event.location) for each in found] == [
        ("02 08:00", "Room 1"),
        ("10 08:00", "Room 2"),
        ("16 08:00", "Room 1"),
    ]


def test_whole_days_and_a_meeting_without_a_known_zone() -> None:
    days = envelope(
        attribute(0x00078008, b"IPM.Appointment\0"),
        attribute(
            0x00069003,
            properties(
                ((SET, 0x820D), MOMENT, moment(datetime(2026, 3, 1, 23, 0))),  # noqa: DTZ001
                ((SET, 0x820E), MOMENT, moment(datetime(2026, 3, 3, 23, 0))),  # noqa: DTZ001
                ((SET, 0x8215), TRUTH, 1),
            ),
        ),
    )
    ((_, content),) = calendars_in_winmail(days)
    (event,) = read_calendar(content).events
    assert (event.start, event.end) == (date(2026, 3, 2), date(2026, 3, 4))


def test_files_and_messages_in_the_envelope() -> None:
    inner = bytes(16) + meeting()
    outer = envelope(
        attribute(0x00078008, b"IPM.Note\0"),
        attribute(0x00069002, bytes(14), 2),
        attribute(0x00018010, b"Invite.ICS\0", 2),
        attribute(0x0006800F, EVENT, 2),
        attribute(0x00069002, bytes(14), 2),
        attribute(0x00069005, properties((0x3701, OBJECT, inner)), 2),
    )
    read = read_mail(mail(outer, "application/octet-stream", "WINMAIL.DAT"))
    assert sorted(one.events[0].summary for one in read.calendars) == [
        "Board, 2nd; review",
        "Review",
    ]


def test_an_envelope_that_somebody_saved_is_a_calendar_file(tmp_path: Path) -> None:
    file = tmp_path / "winmail.dat"
    file.write_bytes(meeting())
    assert is_calendar_file(file)
    (calendar,) = read_calendar_file(file).calendars
    assert calendar.events[0].summary == "Board, 2nd; review"
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(file, "mail/winmail.dat")
    assert len(read_calendar_file(packed).calendars) == 1
    file.write_bytes(envelope(attribute(0x00078008, b"IPM.Note\0")))
    with pytest.raises(UnreadableFile) as refused:
        read_calendar_file(file)
    assert refused.value.code == "no_calendar_in_mail"


def test_a_damaged_envelope_says_what_was_read_before() -> None:
    whole = meeting()
    for end in range(0, len(whole), 7):
        list(calendars_in_winmail(whole[:end]))
    with pytest.raises(ValueError, match="TNEF"):
        open_winmail(whole[:20])
    many = envelope(attribute(0x00069003, struct.pack("<IHHI", 1, 0x1003, 1, 0xFFFFFFFF)))
    assert list(calendars_in_winmail(many)) == []


# --- signed in one piece --------------------------------------------------------------------------


def signed(content: bytes) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Anna")])
    day = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(day)
        .not_valid_after(day + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(certificate, key, hashes.SHA256())
    return builder.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])


INNER = b"Content-Type: text/calendar; method=REQUEST\r\n\r\n" + EVENT


@pytest.mark.parametrize("seal", [signed, in_pieces])
def test_an_invitation_that_is_signed_in_one_piece(seal: object, tmp_path: Path) -> None:
    assert callable(seal)
    content = seal(INNER)
    assert content_of_signed(content) == INNER
    file = tmp_path / "signed.eml"
    file.write_bytes(mail(content, "application/pkcs7-mime; smime-type=signed-data", "smime.p7m"))
    read = read_mail(file.read_bytes())
    assert read.calendar is not None
    assert read.calendar.method is Method.REQUEST
    assert not read.sealed
    assert read_calendar_file(file).calendars[0].events[0].summary == "Review"


def test_what_is_encrypted_or_broken_stays_closed() -> None:
    whole = signed(INNER)
    for end in range(0, len(whole), 11):
        content_of_signed(whole[:end])
    encrypted = whole.replace(
        bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d010703")
    )
    assert content_of_signed(encrypted) is None
    assert content_of_signed(b"\x30\x80" * 100_000) is None
    assert read_mail(mail(encrypted, "application/pkcs7-mime", "smime.p7m")).sealed
