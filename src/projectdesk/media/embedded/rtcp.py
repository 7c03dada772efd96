"""RTCP messages that a forwarding server reads and writes.

RFC 3550 (reports), RFC 4585 (NACK, PLI), RFC 5104 (FIR), REMB as browsers speak it. Parsing never
raises: what is not understood is left out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SENDER_REPORT = 200
RECEIVER_REPORT = 201
SOURCE_DESCRIPTION = 202
TRANSPORT_FEEDBACK = 205
PAYLOAD_FEEDBACK = 206

_NACK = 1
_PICTURE_LOSS = 1
_FULL_INTRA = 4
_APPLICATION = 15
ARRIVALS = 15
"""Transport-wide congestion control, a format of `TRANSPORT_FEEDBACK`."""

_HEADER = struct.Struct("!BBH")
_REPORT_BLOCK = struct.Struct("!IIIIII")
_SENDER_INFO = struct.Struct("!IQIII")
_TWO_SSRCS = struct.Struct("!II")

MAX_NACKED = 512
"""Sequence numbers taken from one message; more would be a flood, not a loss."""


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """How one receiver gets one stream (RFC 3550 section 6.4.1)."""

    ssrc: int
    fraction_lost: int
    lost: int
    highest: int
    jitter: int
    last_report: int
    delay: int


@dataclass(frozen=True, slots=True)
class SenderReport:
    """Ties a stream's timestamps to its sender's clock."""

    ssrc: int
    ntp: int
    rtp: int
    packets: int
    octets: int
    reports: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    """Reports of somebody who sends nothing itself."""

    ssrc: int
    reports: tuple[ReportBlock, ...]


@dataclass(frozen=True, slots=True)
class Nack:
    """Asks for lost packets by their 16-bit sequence numbers."""

    media: int
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeyFrameRequest:
    """Asks for a key frame, by PLI or FIR."""

    media: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BitrateEstimate:
    """What the receiver can take in all, in bits per second (REMB)."""

    bits_per_second: int


@dataclass(frozen=True, slots=True)
class ArrivalFeedback:
    """When numbered packets arrived; `feedback.read_arrivals` reads the rest.

    body: what follows the two SSRCs.
    """

    body: bytes


Message = SenderReport | ReceiverReport | Nack | KeyFrameRequest | BitrateEstimate | ArrivalFeedback


def parse(compound: bytes) -> list[Message]:
    """Return the messages of a compound packet that we act upon; stops at the first broken one."""
    found: list[Message] = []
    at = 0
    while at + 4 <= len(compound):
        first, kind, words = _HEADER.unpack_from(compound, at)
        stop = at + 4 + 4 * words
        if first >> 6 != 2 or stop > len(compound):
            break
        body_stop = stop
        if first & 0x20 and stop > at + 4:
            body_stop = max(at + 4, stop - compound[stop - 1])
        message = _parse_one(kind, first & 0x1F, compound[at + 4 : body_stop])
        if message is not None:
            found.append(message)
        at = stop
    return found


def _parse_one(kind: int, count: int, body: bytes) -> Message | None:
    if kind == SENDER_REPORT and len(body) >= _SENDER_INFO.size:
        ssrc, ntp, rtp, packets, octets = _SENDER_INFO.unpack_from(body)
        blocks = _parse_blocks(body, _SENDER_INFO.size, count)
        return SenderReport(ssrc, ntp, rtp, packets, octets, blocks)
    if kind == RECEIVER_REPORT and len(body) >= 4:
        return ReceiverReport(int.from_bytes(body[:4], "big"), _parse_blocks(body, 4, count))
    if len(body) < 8:
        return None
    media = int.from_bytes(body[4:8], "big")
    if kind == TRANSPORT_FEEDBACK and count == _NACK:
        return Nack(media, _parse_nacked(body[8:]))
    if kind == TRANSPORT_FEEDBACK and count == ARRIVALS:
        return ArrivalFeedback(body[8:])
    if kind == PAYLOAD_FEEDBACK and count == _PICTURE_LOSS:
        return KeyFrameRequest((media,))
    if kind == PAYLOAD_FEEDBACK and count == _FULL_INTRA:
        stops = range(8, len(body) - 7, 8)
        return KeyFrameRequest(tuple(int.from_bytes(body[at : at + 4], "big") for at in stops))
    if kind == PAYLOAD_FEEDBACK and count == _APPLICATION and body[8:12] == b"REMB":
        return _parse_estimate(body)
    return None


def _parse_blocks(body: bytes, at: int, count: int) -> tuple[ReportBlock, ...]:
    blocks = []
    for _ in range(count):
        if at + _REPORT_BLOCK.size > len(body):
            break
        ssrc, losses, highest, jitter, last, delay = _REPORT_BLOCK.unpack_from(body, at)
        lost = losses & 0xFFFFFF
        if lost & 0x800000:
            lost -= 1 << 24
        blocks.append(ReportBlock(ssrc, losses >> 24, lost, highest, jitter, last, delay))
        at += _REPORT_BLOCK.size
    return tuple(blocks)


def _parse_nacked(items: bytes) -> tuple[int, ...]:
    nacked: list[int] = []
    for at in range(0, len(items) - 3, 4):
        first = int.from_bytes(items[at : at + 2], "big")
        mask = int.from_bytes(items[at + 2 : at + 4], "big")
        nacked.append(first)
        nacked.extend((first + bit + 1) & 0xFFFF for bit in range(16) if mask >> bit & 1)
        if len(nacked) >= MAX_NACKED:
            break
    return tuple(nacked[:MAX_NACKED])


def _parse_estimate(body: bytes) -> BitrateEstimate | None:
    if len(body) < 16:
        return None
    packed = int.from_bytes(body[13:16], "big")
    return BitrateEstimate((packed & 0x3FFFF) << (packed >> 18))


def _pack(count: int, kind: int, body: bytes) -> bytes:
    return _HEADER.pack(0x80 | count, kind, len(body) // 4) + body


def build_sender_report(report: SenderReport) -> bytes:
    """Return a sender report without report blocks."""
    return _pack(
        0,
        SENDER_REPORT,
        _SENDER_INFO.pack(
            report.ssrc, report.ntp, report.rtp, report.packets & 0xFFFFFFFF,
            report.octets & 0xFFFFFFFF,
        ),
    )  # fmt: skip


def build_receiver_report(ssrc: int, blocks: Sequence[ReportBlock]) -> bytes:
    """Return a receiver report with at most 31 blocks (RFC 3550 section 6.4.2)."""
    body = bytearray(ssrc.to_bytes(4, "big"))
    for block in blocks[:31]:
        body += _REPORT_BLOCK.pack(
            block.ssrc,
            block.fraction_lost << 24 | max(-0x800000, min(block.lost, 0x7FFFFF)) & 0xFFFFFF,
            block.highest & 0xFFFFFFFF,
            block.jitter & 0xFFFFFFFF,
            block.last_report,
            block.delay & 0xFFFFFFFF,
        )
    return _pack(min(len(blocks), 31), RECEIVER_REPORT, bytes(body))


def build_source_description(ssrc: int, name: str) -> bytes:
    """Return the canonical name of `ssrc`, which every compound report carries."""
    text = name.encode()[:255]
    body = ssrc.to_bytes(4, "big") + bytes((1, len(text))) + text
    return _pack(1, SOURCE_DESCRIPTION, body + bytes(4 - len(body) % 4))


def build_nack(sender: int, media: int, lost: Iterable[int]) -> bytes:
    """Return a request for the packets `lost` (16-bit sequence numbers, in order)."""
    items = bytearray()
    pending = list(lost)
    while pending:
        first, mask, rest = pending[0], 0, []
        for sequence in pending[1:]:
            distance = (sequence - first) & 0xFFFF
            if 1 <= distance <= 16:
                mask |= 1 << (distance - 1)
            else:
                rest.append(sequence)
        items += struct.pack("!HH", first, mask)
        pending = rest
    return _pack(_NACK, TRANSPORT_FEEDBACK, _TWO_SSRCS.pack(sender, media) + items)


def build_picture_loss(sender: int, media: int) -> bytes:
    """Return a request for a key frame of the stream `media`."""
    return _pack(_PICTURE_LOSS, PAYLOAD_FEEDBACK, _TWO_SSRCS.pack(sender, media))


def build_estimate(sender: int, bits_per_second: int, streams: Sequence[int]) -> bytes:
    """Return a REMB message: all `streams` together may send this much."""
    exponent = max(0, bits_per_second.bit_length() - 18)
    packed = exponent << 18 | bits_per_second >> exponent
    body = _TWO_SSRCS.pack(sender, 0) + b"REMB" + bytes((len(streams),)) + packed.to_bytes(3, "big")
    for stream in streams:
        body += stream.to_bytes(4, "big")
    return _pack(_APPLICATION, PAYLOAD_FEEDBACK, body)
