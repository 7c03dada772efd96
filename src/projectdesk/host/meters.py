"""What a host counts while it runs, for its administrator; numbers only, never who or what.

Counters rise from the start of the process, as Prometheus expects them; gauges are read when asked.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from projectdesk.signalling.media import LegStatistics, RoomStatistics

SocketKind = Literal["page", "console"]


@dataclass
class Traffic:
    """What the SFU of one room carried, summed over servers and legs that have ended meanwhile."""

    cpu_s: float = 0.0
    packets_in: int = 0
    packets_out: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    lost: int = 0
    dropped_datagrams: int = 0
    legs: int = 0
    tasks: int = 0


@dataclass
class _Seen:
    """The counters as they stood at the last reading."""

    room: RoomStatistics | None = None
    legs: dict[tuple[str, str], LegStatistics] = field(default_factory=dict)


class MediaMeter:
    """Adds up readings of SFUs, whose own counters begin anew with each leg and each process."""

    def __init__(self) -> None:
        self.rooms: dict[str, Traffic] = {}
        self._seen: dict[str, _Seen] = {}

    def read(self, room: str, now: RoomStatistics) -> None:
        """Take a reading of a room's SFU."""
        total = self.rooms.setdefault(room, Traffic())
        seen = self._seen.setdefault(room, _Seen())
        before = seen.room
        if before is not None and now.cpu_s < before.cpu_s:
            before = None  # another process
        total.cpu_s += now.cpu_s - (before.cpu_s if before else 0.0)
        total.packets_in += _rise(now.packets_in, before.packets_in if before else 0)
        total.packets_out += _rise(now.packets_out, before.packets_out if before else 0)
        dropped = before.dropped_datagrams if before else 0
        total.dropped_datagrams += _rise(now.dropped_datagrams, dropped)
        total.legs, total.tasks = len(now.legs), now.tasks
        for leg in now.legs:
            known = seen.legs.get((leg.participant, leg.kind))
            total.bytes_in += _rise(leg.bytes_in, known.bytes_in if known else 0)
            total.bytes_out += _rise(leg.bytes_out, known.bytes_out if known else 0)
            total.lost += _rise(leg.lost, known.lost if known else 0)
        seen.room = now
        seen.legs = {(leg.participant, leg.kind): leg for leg in now.legs}

    def without(self, room: str) -> None:
        """Note that a room has no media server at the moment."""
        if room in self.rooms:
            self.rooms[room].legs = self.rooms[room].tasks = 0
        self._seen.pop(room, None)

    def keep(self, rooms: set[str]) -> None:
        """Forget rooms that the host no longer has."""
        for gone in self.rooms.keys() - rooms:
            del self.rooms[gone]
            self._seen.pop(gone, None)


def _rise(now: int, before: int) -> int:
    """Return by how much a counter rose; one that is lower than before began anew."""
    return now - before if now >= before else now


class Meters:
    """The counters of one host."""

    def __init__(self) -> None:
        self.sockets: Counter[SocketKind] = Counter()
        self.received = 0
        self.sent = 0
        self.dropped = 0
        """Messages over the rate, or that nobody could read."""
        self.answers: Counter[str] = Counter()
        """HTTP answers by class: "2xx"."""
        self.bad_tokens = 0
        self.records: Counter[str] = Counter()
        """Log records from warnings upwards, by level."""
        self.media = MediaMeter()

    @contextmanager
    def socket(self, kind: SocketKind) -> Iterator[None]:
        """Count an open socket."""
        self.sockets[kind] += 1
        try:
            yield
        finally:
            self.sockets[kind] -= 1

    def note_answer(self, status: int) -> None:
        """Count an HTTP answer."""
        self.answers[f"{status // 100}xx"] += 1


class RecordCounter(logging.Handler):
    """Counts what goes into the log, so that an alarm can be set on it."""

    def __init__(self, meters: Meters) -> None:
        super().__init__(logging.WARNING)
        self._meters = meters

    def emit(self, record: logging.LogRecord) -> None:
        """Count a record."""
        self._meters.records[record.levelname.lower()] += 1
