"""Transport-wide congestion control feedback to a publisher.

draft-holmer-rmcat-transport-wide-cc-extensions-01: the publisher numbers all its packets, we say
when each arrived, and its browser finds the bit rate that the path carries.
"""

from __future__ import annotations

import struct

from projectdesk.media.embedded.rtcp import TRANSPORT_FEEDBACK
from projectdesk.media.embedded.rtp import extend_sequence

_FORMAT = 15
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
        first_byte = 0x80 | (0x20 if padding else 0) | _FORMAT
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
