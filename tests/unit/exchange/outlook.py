"""Mails of Outlook and of who signs all of a mail, written for tests."""

from __future__ import annotations

import base64
import struct
from datetime import date, datetime, timedelta

SET = bytes.fromhex("0220060000000000c000000000000046")
MEETING = bytes.fromhex("90dad86e0b451b1098da00aa003f1305")
LONG, TRUTH, MOMENT, WIDE, BINARY, OBJECT = 0x03, 0x0B, 0x40, 0x1F, 0x102, 0x0D
START = datetime(2026, 3, 2, 8, 0)  # noqa: DTZ001 - 9 o'clock in Brussels
Named = int | tuple[bytes, int] | tuple[bytes, str]


def padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % 4)


def wide(text: str) -> bytes:
    return (text + "\0").encode("utf-16-le")


def moment(at: datetime) -> int:
    return int((at - datetime(1601, 1, 1)) / timedelta(microseconds=1)) * 10  # noqa: DTZ001


def properties(*given: tuple[Named, int, object]) -> bytes:
    """Write properties as MS-OXTNEF section 2.1.3.4 has them."""
    written = struct.pack("<I", len(given))
    for name, kind, value in given:
        if isinstance(name, int):
            written += struct.pack("<HH", kind, name)
        else:
            space, key = name
            written += struct.pack("<HH", kind, 0x8001) + space
            if isinstance(key, int):
                written += struct.pack("<II", 0, key)
            else:
                text = wide(key)
                written += struct.pack("<II", 1, len(text)) + padded(text)
        if isinstance(value, int):
            written += struct.pack("<q", value)[: 8 if kind == MOMENT else 4]
        else:
            content = wide(value) if isinstance(value, str) else value
            assert isinstance(content, bytes)
            written += struct.pack("<II", 1, len(content)) + padded(content)
    return written


def attribute(number: int, content: bytes, level: int = 1) -> bytes:
    check = struct.pack("<H", sum(content) & 0xFFFF)
    return bytes([level]) + struct.pack("<II", number, len(content)) + content + check


def envelope(*attributes: bytes) -> bytes:
    return b"\x78\x9f\x3e\x22\x01\x00" + b"".join(attributes)


def zone_key(name: str) -> bytes:
    text = name.encode("utf-16-le")
    return struct.pack("<BBHHH", 2, 1, len(text) + 6, 0, len(name)) + text + struct.pack("<H", 0)


def meeting(
    kind: str = "IPM.Microsoft Schedule.MtgReq", *more: tuple[Named, int, object], rest: bytes = b""
) -> bytes:
    identity = bytes.fromhex("040000008200e00074c5b7101a82e008") + bytes(24) + b"\x01\x02"
    return envelope(
        attribute(0x00078008, kind.encode() + b"\0"),
        attribute(
            0x00069003,
            properties(
                (0x0037, WIDE, "Board, 2nd; review"),
                ((SET, 0x820D), MOMENT, moment(START)),
                ((SET, 0x820E), MOMENT, moment(START + timedelta(hours=1))),
                ((SET, 0x8208), WIDE, "Room 1"),
                ((SET, 0x8201), LONG, 3),
                ((SET, 0x825E), BINARY, zone_key("Romance Standard Time")),
                ((MEETING, 0x0023), BINARY, identity),
                (0x0042, WIDE, "Lind, Anna"),
                (0x5D02, WIDE, "anna@x.example"),
                (
                    (SET, "SkypeTeamsMeetingUrl"),
                    WIDE,
                    "https://teams.microsoft.com/l/meetup-join/a",
                ),
                *more,
            ),
        ),
        rest,
    )


def mail(content: bytes, kind: str = "application/ms-tnef", name: str = "winmail.dat") -> bytes:
    return (
        (
            f"From: Bo <bo@x.example>\r\nSubject: Hello\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: text/plain\r\n\r\nSee you there\r\n"
            f'--b\r\nContent-Type: {kind}; name="{name}"\r\n'
            "Content-Transfer-Encoding: base64\r\n\r\n"
        ).encode()
        + base64.encodebytes(content)
        + b"--b--\r\n"
    )


def pattern(
    kind: int, period: int, specific: bytes, end: int, count: int, *days: date, changes: bytes = b""
) -> bytes:
    """Write a pattern of recurrence (MS-OXOCAL section 2.2.1.44.1)."""

    def minutes(at: datetime | date) -> int:
        whole = datetime(at.year, at.month, at.day)  # noqa: DTZ001
        return int((whole - datetime(1601, 1, 1)) / timedelta(minutes=1))  # noqa: DTZ001

    head = struct.pack("<HHHHHIII", 0x3004, 0x3004, 0x200B, kind, 0, 0, period, 0) + specific
    head += struct.pack("<III", end, count, 1) + struct.pack("<I", len(days))
    head += b"".join(struct.pack("<I", minutes(day)) for day in days)
    head += struct.pack("<I", 0)
    head += struct.pack("<II", minutes(START), minutes(date(2026, 4, 30)))
    return head + changes


def in_pieces(content: bytes) -> bytes:
    """Write signed data as BER without lengths, as mail programs that stream it do."""
    pieces = [content[at : at + 100] for at in range(0, len(content), 100)]
    octets = b"".join(bytes([4, len(piece)]) + piece for piece in pieces)
    data = bytes.fromhex("06092a864886f70d010701") + b"\xa0\x80\x24\x80" + octets + bytes(6)
    body = b"\x02\x01\x01\x31\x80\0\0\x30\x80" + data + b"\x31\x80\0\0"
    kind = bytes.fromhex("06092a864886f70d010702")
    return b"\x30\x80" + kind + b"\xa0\x80\x30\x80" + body + b"\0\0" * 3
