"""Frames from the SFU to its recorder, over the recorder's standard input; and lines back.

A frame is a header (kind, number of a stream, the SFU's clock in seconds, length of what follows)
and a body. A stream is one incoming SSRC. What the recorder says is one JSON object a line.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import BinaryIO

import msgspec

from projectdesk.signalling.media import FeedSource, RecordedPerson

HEADER = struct.Struct("!BHdI")
"""Kind, stream, seconds, length of the body in bytes."""

REPORT = struct.Struct("!QI")
"""Body of REPORT: NTP time (32.32 fixed-point seconds) and the RTP time of the same instant."""

MAX_BODY = 1 << 20


class Kind(IntEnum):
    """What a frame is."""

    TICK = 0  # time passes
    STREAM = 1  # `Stream` as JSON: what the packets of this number are
    PACKET = 2  # an RTP packet
    REPORT = 3  # of an RTCP sender report
    PEOPLE = 4  # JSON list of RecordedPerson: who is in the call and recorded from now on
    PAUSE = 5
    RESUME = 6
    END = 7  # JSON list of participants whose material is erased


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """One incoming stream. clock_rate: of its RTP times, in Hz."""

    participant: str
    source: FeedSource
    clock_rate: int


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What the recorder says.

    what: "started", "key_frame" (a picture of `stream` cannot be continued), "failed" (with code
    and text; it ends), "ended". seconds: length of this part.
    """

    what: str
    stream: int = -1
    code: str = ""
    text: str = ""
    seconds: float = 0.0


People = list[RecordedPerson]


def pack(kind: Kind, stream: int, at: float, body: bytes = b"") -> bytes:
    """Return the bytes of a frame."""
    return HEADER.pack(kind, stream, at, len(body)) + body


def read_frame(source: BinaryIO) -> tuple[Kind, int, float, bytes] | None:
    """Return the next frame: kind, stream, seconds, body; None at the end or after nonsense."""
    head = source.read(HEADER.size)
    if len(head) < HEADER.size:
        return None
    kind, stream, at, length = HEADER.unpack(head)
    if length > MAX_BODY or kind not in set(Kind):
        return None
    body = source.read(length) if length else b""
    if len(body) < length:
        return None
    return Kind(kind), stream, at, body
