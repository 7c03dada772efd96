"""Where the fuzz begins: well-formed examples of what each target reads."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from pathlib import Path

from projectdesk.media.embedded import rtcp

_FIXTURES = Path(__file__).parents[1] / "fixtures" / "signalling"
_SHARED = Path(__file__).parents[3] / "shared" / "data" / "webrtc"
_MOST_SHARED = 60


def seeds(target: str) -> list[bytes]:
    """Return examples for a target; at least one."""
    return list(_MAKERS[target]())


def _client_messages() -> Iterator[bytes]:
    for message in json.loads((_FIXTURES / "client.json").read_text(encoding="utf-8")):
        yield json.dumps(message).encode()


def _bodies() -> Iterator[bytes]:
    yield b'\x00{"token": "abc"}'
    yield b'\x01{"token": "abc", "name": "Ana", "move": true}'
    yield b'\x03{"journal": "x", "epoch": 1, "seq": 2}'


def _descriptions() -> Iterator[bytes]:
    from tests.unit.media.test_sdp import OFFER

    yield OFFER.encode()
    if _SHARED.is_dir():
        files = sorted(path for path in _SHARED.rglob("*") if path.suffix in {".sdp", ".txt"})
        yield from (path.read_bytes() for path in files[:_MOST_SHARED])


def _packets() -> Iterator[bytes]:
    header = struct.pack("!BBHII", 0x90, 0xE0, 7, 90000, 5)
    extensions = b"\xbe\xde\x00\x02\x10\x90\x31\x00\x05\x22\x00\x00"
    for first in (b"\xa8\x92\x34\0\x56", b"\xfa\x12\0\x03\x04\x18\1\x40\0\xb4\1\x14\1"):
        yield header + extensions + first + b"\x82\x49\x83\x42\0\x14\1\x0b\x10"
    yield (
        header
        + extensions
        + b"\x78\0\x0a\x67\x42\xc0\x1f\x8c\x8d\x40\x50\x5e\x90\0\4\x68\xce\x3c\x80"
    )
    for descriptor in (b"\x10", b"\x90\xe0\x81\x23\x05\x40", b"\x90\x80\x11", b"\x00"):
        yield header + extensions + descriptor + b"\x10\x02\x00\x9d\x01\x2a\x40\x01\xb4\x00" + b"x"


def _control() -> Iterator[bytes]:
    block = rtcp.ReportBlock(5, 1, 2, 3, 4, 5, 6)
    yield rtcp.build_sender_report(rtcp.SenderReport(1, 2, 3, 4, 5, (block,)))
    yield rtcp.build_receiver_report(1, [block]) + rtcp.build_nack(1, 5, [1, 2, 40])
    yield rtcp.build_picture_loss(1, 5) + rtcp.build_estimate(1, 500_000, [5, 6])
    yield (
        b"\x8f\xcd\x00\x06" + bytes(8) + b"\x00\x01\x00\x03\x00\x00\x01\x00\x20\x03\x04\x04\x04\x00"
    )


def _stun() -> Iterator[bytes]:
    user = b"\x00\x06\x00\x09abcd:efgh\x00\x00\x00"
    priority = b"\x00\x24\x00\x04\x6e\x7f\x1e\xff"
    address = b"\x00\x20\x00\x08\x00\x01\x21\x35\xe1\x12\xa6\x43"
    for kind, body in ((b"\x00\x01", user + priority), (b"\x01\x01", address)):
        yield kind + struct.pack("!H", len(body)) + b"\x21\x12\xa4\x42" + b"t" * 12 + body


def _names() -> Iterator[bytes]:
    yield "Zażółć ‮gęślą‬ jaźń 👩‍🔬".encode()
    yield b"a\x00b\r\nc"


_CALENDAR = b"""BEGIN:VCALENDAR
VERSION:2.0
METHOD:REQUEST
X-WR-TIMEZONE:Europe/Lisbon
BEGIN:VTIMEZONE
TZID:Office
BEGIN:STANDARD
DTSTART:20001029T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:a1@x
DTSTAMP:20260101T000000Z
DTSTART;TZID=Office:20260303T100000
DURATION:PT1H30M
RRULE:FREQ=MONTHLY;BYDAY=1TU,-1FR;COUNT=9
EXDATE;TZID=Office:20260407T100000
RDATE;VALUE=PERIOD:20260501T100000Z/PT2H
ATTENDEE;CN="A, B";PARTSTAT=ACCEPTED:mailto:a@b.example
DESCRIPTION:https://meet.google.com/abc-defg-hij\\n
END:VEVENT
BEGIN:VFREEBUSY
FREEBUSY;FBTYPE=BUSY:20260303T100000Z/20260303T110000Z
END:VFREEBUSY
END:VCALENDAR
"""


def _calendars() -> Iterator[bytes]:
    yield _CALENDAR
    yield _CALENDAR.replace(b"FREQ=MONTHLY;BYDAY=1TU,-1FR;COUNT=9", b"FREQ=HOURLY;BYHOUR=3")
    yield _CALENDAR.replace(b"DTSTART;TZID=Office:20260303T100000", b"DTSTART:20260303")


def _mails() -> Iterator[bytes]:
    head = b"From: a@b.example\nSubject: =?utf-8?q?x?=\nMIME-Version: 1.0\n"
    parts = b'Content-Type: multipart/mixed; boundary="q"\n\n--q\nContent-Type: text/calendar\n\n'
    yield head + parts + _CALENDAR + b"--q--\n"
    yield head + b"\nHello\n"


def _enclosed() -> Iterator[bytes]:
    from tests.unit.exchange.outlook import BINARY, SET, in_pieces, meeting, pattern

    weekly = pattern(1, 1, struct.pack("<I", 0b1010), 0x2022, 3)
    yield meeting()
    yield meeting("IPM.Schedule.Meeting.Request", ((SET, 0x8216), BINARY, weekly))
    yield in_pieces(b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR")


_MAKERS = {
    "client_message": _client_messages,
    "http_body": _bodies,
    "description": _descriptions,
    "packet": _packets,
    "control_packet": _control,
    "stun": _stun,
    "name": _names,
    "calendar": _calendars,
    "mail": _mails,
    "enclosed": _enclosed,
}
