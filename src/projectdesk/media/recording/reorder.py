"""Puts packets of one stream back into order: a second of patience for what is under way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from projectdesk.media.embedded.rtp import extend_sequence

PATIENCE_S = 1.0
"""How long a missing packet is waited for: what was asked for eight times is there by then."""

_MOST = 2048
"""Packets kept at most; past that the oldest gap is given up."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """A packet in its turn. after_gap: packets before it never came. at: its arrival, seconds."""

    packet: bytes
    at: float
    after_gap: bool


class Reorder:
    """Waits for what is missing, drops what came twice or too late."""

    def __init__(self) -> None:
        self._waiting: dict[int, tuple[bytes, float]] = {}
        self._next: int | None = None
        self._has_begun = False
        self.lost = 0
        """Packets given up."""

    def push(self, sequence: int, packet: bytes, at: float) -> None:
        """Take a packet with its 16-bit number."""
        if self._next is None:
            self._next = 0x10000 + sequence
        number = extend_sequence(sequence, self._next)
        if number < self._next and not self._has_begun:
            self._next = number  # the very first packets may have changed places
        if number >= self._next:
            self._waiting.setdefault(number, (packet, at))

    def is_past(self, sequence: int) -> bool:
        """Return whether a packet with this 16-bit number would be dropped as too late."""
        return self._next is not None and extend_sequence(sequence, self._next) < self._next

    def pop(self, now: float) -> Iterator[Ordered]:
        """Yield what is in order, and what has waited long enough for what is missing.

        The first packet waits too: one before it may still come.
        """
        while self._waiting and self._next is not None:
            number = self._next
            gap = 0
            if number not in self._waiting or not self._has_begun:
                first = min(self._waiting)
                patient = now - self._waiting[first][1] < PATIENCE_S
                if patient and len(self._waiting) <= _MOST:
                    return
                gap = first - number
                number = first
            packet, at = self._waiting.pop(number)
            self._next = number + 1
            self.lost += gap
            self._has_begun = True
            yield Ordered(packet, at, gap > 0)

    def flush(self) -> Iterator[Ordered]:
        """Yield all that is left."""
        yield from self.pop(float("inf"))
