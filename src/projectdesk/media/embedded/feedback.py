"""Transport-wide congestion control feedback: to publishers, and from subscribers.

draft-holmer-rmcat-transport-wide-cc-extensions-01: the sender numbers its packets, the receiver
says when each arrived, and the sender finds the bit rate that the path carries. A publisher's
browser does so with what we tell it (`ArrivalLog`), and we do (`bandwidth`) with what subscribers'
browsers tell us (`read_arrivals`).
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from projectdesk.media.embedded.rtcp import ARRIVALS, TRANSPORT_FEEDBACK
from projectdesk.media.embedded.rtp import extend_sequence

_HEAD = struct.Struct("!HH")
_TICK_S = 0.00025
_REFERENCE_TICKS = 256
"""The reference time counts 64 ms, deltas count 250 us."""

MAX_SPAN = 512
"""Packets reported in one message; after a longer gap we start afresh."""


class ArrivalLog:
    """Collects when numbered packets arrived and turns them into feedback messages."""

    def __init__(self, sender: int) -> None:
        """Make a log whose messages come from SSRC `sender`."""
        self._sender = sender
        self._arrivals: dict[int, float] = {}
        self._highest = 0
        self._next = -1
        self._count = 0

    def note(self, sequence: int, at: float) -> None:
        """Remember that transport-wide number `sequence` (16 bits) arrived at `at` (seconds)."""
        extended = extend_sequence(sequence, self._highest) if self._next >= 0 else sequence + 65536
        if self._next < 0:
            self._next = self._highest = extended
        if extended > self._highest:
            self._highest = extended
        self._arrivals.setdefault(extended, at)

    def build(self, media: int) -> bytes | None:
        """Return feedback on all packets since the last message, or None if none arrived.

        Args:
            media: SSRC of any stream of the publisher.
        """
        if not self._arrivals:
            return None
        last = max(self._arrivals)
        base = max(self._next, last - MAX_SPAN + 1)
        arrivals = [self._arrivals.get(number) for number in range(base, last + 1)]
        late = all(arrival is None for arrival in arrivals)
        self._arrivals.clear()
        self._next = max(self._next, last + 1)
        if late:
            return None
        self._count = (self._count + 1) & 0xFF
        return self._pack(media, base, arrivals)

    def _pack(self, media: int, base: int, arrivals: list[float | None]) -> bytes:
        first = next(arrival for arrival in arrivals if arrival is not None)
        reference = int(first / _TICK_S) // _REFERENCE_TICKS
        ticks = reference * _REFERENCE_TICKS
        symbols: list[int] = []
        deltas = bytearray()
        for arrival in arrivals:
            if arrival is None:
                symbols.append(0)
                continue
            delta = max(-32768, min(int(arrival / _TICK_S) - ticks, 32767))
            ticks += delta
            symbols.append(1 if 0 <= delta <= 255 else 2)
            deltas += bytes((delta,)) if 0 <= delta <= 255 else struct.pack("!h", delta)
        body = struct.pack("!IIHH", self._sender, media, base & 0xFFFF, len(symbols))
        body += (reference & 0xFFFFFF).to_bytes(3, "big") + bytes((self._count,))
        body += _pack_symbols(symbols) + deltas
        padding = -len(body) % 4
        if padding:
            body += bytes(padding - 1) + bytes((padding,))
        first_byte = 0x80 | (0x20 if padding else 0) | ARRIVALS
        return struct.pack("!BBH", first_byte, TRANSPORT_FEEDBACK, len(body) // 4) + body


def _pack_symbols(symbols: list[int]) -> bytes:
    """Return status chunks: runs of equal symbols where they are long, else seven at a time."""
    chunks = bytearray()
    at = 0
    while at < len(symbols):
        run = 1
        while at + run < len(symbols) and symbols[at + run] == symbols[at] and run < 8191:
            run += 1
        if run >= 7:
            chunks += (symbols[at] << 13 | run).to_bytes(2, "big")
            at += run
            continue
        seven = symbols[at : at + 7]
        chunk = 0xC000
        for place, symbol in enumerate(seven):
            chunk |= symbol << (12 - 2 * place)
        chunks += chunk.to_bytes(2, "big")
        at += len(seven)
    return bytes(chunks)


_REFERENCE_S = 0.064

MAX_REPORTED = 4096
"""Packets taken from one message of a subscriber; no browser reports more at once."""


class Arrivals(NamedTuple):
    """One message of a subscriber.

    base: 16-bit number of the first packet.
    times: when each arrived, in seconds of the subscriber's clock (which wraps after twelve days);
        None for a packet that did not come so far.
    """

    base: int
    times: list[float | None]


def read_arrivals(body: bytes) -> Arrivals | None:
    """Read what follows the SSRCs of a feedback message; None if it is not well-formed."""
    if len(body) < 8:
        return None
    base, count = _HEAD.unpack_from(body)
    if not 0 < count <= MAX_REPORTED:
        return None
    reference = int.from_bytes(body[4:7], "big")
    symbols, at = _read_symbols(body, 8, count)
    if len(symbols) < count:
        return None
    now = reference * _REFERENCE_S
    times: list[float | None] = []
    for symbol in symbols:
        if symbol == 1:
            if at >= len(body):
                return None
            now += body[at] * _TICK_S
            at += 1
            times.append(now)
        elif symbol == 2:
            if at + 2 > len(body):
                return None
            now += ((body[at] << 8 | body[at + 1]) ^ 0x8000) * _TICK_S - 0x8000 * _TICK_S
            at += 2
            times.append(now)
        else:
            times.append(None)
    return Arrivals(base, times)


def _read_symbols(body: bytes, at: int, count: int) -> tuple[list[int], int]:
    """Return the states of `count` packets, fewer if the chunks end early, and what follows."""
    symbols: list[int] = []
    while len(symbols) < count and at + 2 <= len(body):
        chunk = body[at] << 8 | body[at + 1]
        at += 2
        if not chunk & 0x8000:
            symbols += [chunk >> 13 & 3] * min(chunk & 0x1FFF, count - len(symbols))
            if not chunk & 0x1FFF:
                break
        elif chunk & 0x4000:
            symbols += [chunk >> shift & 3 for shift in range(12, -1, -2)]
        else:
            symbols += [chunk >> shift & 1 for shift in range(13, -1, -1)]
    return symbols[:count], at
