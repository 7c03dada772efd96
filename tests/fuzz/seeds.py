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


_MAKERS = {
    "client_message": _client_messages,
    "http_body": _bodies,
    "description": _descriptions,
    "packet": _packets,
    "control_packet": _control,
    "stun": _stun,
    "name": _names,
}
