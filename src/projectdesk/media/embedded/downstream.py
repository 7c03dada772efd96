"""One feed on its way to one subscriber.

The subscriber sees one continuous stream under an SSRC of ours, whatever happens to the incoming
ones: a publisher that rebuilds its connection, a muted minute, a feed that was not wanted for a
while, another layer of a picture that is sent in several sizes. Sequence numbers, timestamps and
frame numbers go on without a gap of our making. AES-GCM forbids different bytes under one
SSRC and sequence number, so a number is given out once: packets from before the last join are
never sent again under a new mapping.
"""

from __future__ import annotations

import itertools
import secrets
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from projectdesk.media.embedded import rtp, vp8
from projectdesk.media.embedded.codecs import read_numbers, repeating_type
from projectdesk.media.embedded.rtcp import SenderReport

if TYPE_CHECKING:
    from collections.abc import Callable

    from projectdesk.media.embedded.track import Track
    from projectdesk.media.embedded.udp import Destination, Send

_FIRST_SEQUENCES = 1 << 15
"""Start below 32768: a receiver that misses the first packets must not guess that the number
wrapped, or it decrypts with the wrong index (RFC 3711 section 3.3.1)."""

_CLOCKS_AGREE_S = 1.0
"""Where sender reports of two layers put a frame this far from when it came, they are not used."""

_ALWAYS_ZERO = itertools.repeat(0).__next__
_NOBODY: deque[tuple[float, int]] = deque(maxlen=0)

Sent = tuple[float, int]
"""When a packet left, in seconds, and its length in bytes."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """How the packets of one track became those of the stream, for a while.

    Extended incoming numbers from `base` to before `end` plus `offset` are outgoing ones.
    """

    track: Track
    offset: int
    base: int
    end: int
    timestamp_offset: int
    picture_offset: int
    layer_offset: int


class Downstream:
    """Maps one feed's packets to the subscriber's SSRC, numbers and timestamps."""

    __slots__ = (
        "_before",
        "_clock",
        "_forwarded",
        "_forwarded_octets",
        "_left_at",
        "_next_layer",
        "_next_number",
        "_next_picture",
        "_next_repair",
        "_next_timestamp",
        "_octets",
        "_packets",
        "base",
        "clock_rate",
        "dropped",
        "fraction_lost",
        "layer",
        "layer_offset",
        "lost",
        "next_number",
        "note",
        "offset",
        "overloads",
        "paused",
        "peer",
        "picture_offset",
        "ready",
        "repair_ssrc",
        "report",
        "report_middle",
        "report_sent_at",
        "send",
        "shifted",
        "srtp",
        "ssrc",
        "starved",
        "timestamp_offset",
        "track",
        "waiting_for",
    )

    def __init__(self, ssrc: int, repair_ssrc: int | None, clock_rate: int) -> None:
        """Make the mapping.

        Args:
            ssrc: of the stream that the subscriber sees.
            repair_ssrc: of its retransmissions; None where they are repeated as they were.
            clock_rate: of the timestamps, in Hz.
        """
        self.ssrc = ssrc
        self.repair_ssrc = repair_ssrc
        self.clock_rate = clock_rate
        self.ready = False
        """The subscriber's answer took the m-line and the leg is connected."""

        self.paused = False
        """The subscriber does not want the feed now."""

        self.starved = False
        """The subscriber's path has no room for it now."""

        self.layer = 0
        """Which of the feed's layers it should get, from the smallest; see `Feed.refresh`."""

        self.overloads = False
        """The layer that it gets is more than the path carries: better nothing until the next."""

        self.track: Track | None = None
        """Whose packets it gets; changed by `Track.attach` and `Track.detach` only."""

        self.waiting_for: Track | None = None
        """Whose next key frame it waits for, to go on with that layer."""

        # Where and how packets leave; set by the leg when it has connected or its path changed.
        self.srtp: Any = None
        self.send: Send | None = None
        self.peer: Destination = ("", 0)
        self.report: Callable[[SenderReport], None] | None = None

        # The path's transport-wide numbers, and what was sent under them; set by the leg. Where the
        # subscriber takes none they stay 0, as a packet that is repeated must be the same.
        self.next_number: Callable[[], int] = _ALWAYS_ZERO
        self.note: Callable[[Sent], None] = _NOBODY.append

        # Incoming extended number + offset = outgoing extended number; None before the first
        # packet after a join. Packets numbered below `base` belong to an earlier mapping.
        self.offset: int | None = None
        self.base = 0
        self.timestamp_offset = 0
        self.picture_offset = 0
        self.layer_offset = 0
        self.shifted = False
        """Whether frame numbers are changed."""

        self.dropped = 0
        self.lost = 0
        self.fraction_lost = 0
        self.report_middle = 0
        self.report_sent_at = 0.0
        self._packets = 0
        self._octets = 0
        self._forwarded = 0
        self._forwarded_octets = 0
        self._next_number = secrets.randbelow(_FIRST_SEQUENCES)
        self._next_repair = secrets.randbelow(_FIRST_SEQUENCES)
        self._next_timestamp = -1
        self._next_picture = -1
        self._next_layer = -1
        self._left_at = 0.0
        self._clock: tuple[int, int] | None = None
        """NTP time and our timestamp of the last track's last sender report."""

        self._before: Mapping | None = None
        """What the layer before this one was mapped to."""

    @property
    def wanted(self) -> bool:
        """Whether packets should flow."""
        return self.ready and not self.paused and not self.starved

    # --- counters -------------------------------------------------------------------------------

    @property
    def packets(self) -> int:
        """Packets sent, without repeats."""
        track = self.track
        return self._packets + (track.forwarded - self._forwarded if track is not None else 0)

    @property
    def octets(self) -> int:
        """Bytes of these packets, headers included."""
        track = self.track
        more = track.forwarded_octets - self._forwarded_octets if track is not None else 0
        return self._octets + more

    def attached(self, track: Track) -> None:
        """Note that `track` sends to this stream from its next packet on."""
        self.track = track
        self._forwarded, self._forwarded_octets = track.forwarded, track.forwarded_octets

    def skip(self, size: int) -> None:
        """Note that a packet of `size` bytes was none of this stream's."""
        self._packets -= 1
        self._octets -= size

    def drop(self, size: int) -> None:
        """Note that a packet of `size` bytes did not leave."""
        self.skip(size)
        self.dropped += 1

    # --- mapping --------------------------------------------------------------------------------

    def join(self, packet: bytes, number: int, timestamp: int, now: float) -> int:
        """Map the first packet of a new or resumed stream; return the offset.

        Args:
            packet: as it came.
            number: its extended sequence number.
            timestamp: its RTP timestamp.
            now: seconds.
        """
        self.offset = self._next_number - number
        self.base = number
        if self._next_timestamp >= 0:
            next_timestamp = self._follow_clock(timestamp, now)
            self.timestamp_offset = (next_timestamp - timestamp) & 0xFFFFFFFF
        self.picture_offset = self.layer_offset = 0
        numbers = _read_numbers(packet)
        if numbers is not None and self._next_picture >= 0 and numbers.picture_at:
            self.picture_offset = (self._next_picture - numbers.picture) & vp8.PICTURE_MASK
        if numbers is not None and self._next_layer >= 0 and numbers.layer_at:
            self.layer_offset = (self._next_layer - numbers.layer) & 0xFF
        self.shifted = bool(self.picture_offset or self.layer_offset)
        return self.offset

    def _follow_clock(self, timestamp: int, now: float) -> int:
        """Return which timestamp continues the stream.

        Two layers' sender reports tell which timestamps stand for one instant, which keeps sound
        and picture together; without them the time between two arrivals has to do.
        """
        last = self._next_timestamp
        passed = max(1, int((now - self._left_at) * self.clock_rate))
        clock = self.track.clock if self.track is not None else None
        if self._clock is None or clock is None:
            return last + passed
        ntp, ours = self._clock
        elapsed = (clock[0] - ntp) / (1 << 32)
        instant = ours + int(elapsed * self.clock_rate) + timestamp - clock[1]
        ahead = ((instant - last + 0x80000000) & 0xFFFFFFFF) - 0x80000000
        if abs(ahead - passed) > _CLOCKS_AGREE_S * self.clock_rate:
            return last + passed
        return last + max(1, ahead)

    def leave(self, *, switching: bool = False) -> None:
        """Remember where the stream stands, so that the next join continues it.

        Args:
            switching: another layer follows at once; lost packets of this one can be asked for.
        """
        track = self.track
        if track is None:
            return
        self._packets, self._octets = self.packets, self.octets
        self.track = None
        if self.offset is None:
            return
        end = track.highest + 1
        mapping = self._mapping(track, end)
        self._before = mapping if switching else None
        self._next_number = end + self.offset
        self._next_timestamp = (track.timestamp + self.timestamp_offset) & 0xFFFFFFFF
        self._left_at = track.received_at
        clock = track.clock
        if clock is not None:
            self._clock = (clock[0], clock[1] + self.timestamp_offset & 0xFFFFFFFF)
        last = track.remembered(track.highest)
        numbers = _read_numbers(last)
        if numbers is not None and numbers.picture_at:
            self._next_picture = numbers.picture + self.picture_offset + 1 & vp8.PICTURE_MASK
        if numbers is not None and numbers.layer_at:
            self._next_layer = numbers.layer + self.layer_offset + 1 & 0xFF
        self.offset = None

    def _mapping(self, track: Track, end: int) -> Mapping:
        assert self.offset is not None  # noqa: S101 - callers looked; tells the type checker
        return Mapping(
            track, self.offset, self.base, end,
            self.timestamp_offset, self.picture_offset, self.layer_offset,
        )  # fmt: skip

    # --- repeats --------------------------------------------------------------------------------

    def _find(self, sequence: int) -> tuple[Mapping, bytes] | None:
        """Return the incoming packet behind outgoing number `sequence` (16 bits), if remembered."""
        track, before = self.track, self._before
        if track is not None and self.offset is not None:
            mapping = self._mapping(track, track.highest + 1)
            top = track.highest + self.offset
            number = rtp.extend_sequence(sequence, top) - self.offset
            packet = track.remembered(number) if number >= self.base else None
            if packet is not None:
                return mapping, packet
        if before is not None:
            number = rtp.extend_sequence(sequence, before.end + before.offset) - before.offset
            packet = before.track.remembered(number) if before.base <= number < before.end else None
            if packet is not None:
                return before, packet
        return None

    def _rewrite(self, mapping: Mapping, packet: bytes, sequence: int) -> bytearray:
        """Return `packet` exactly as the subscriber got it under `sequence`."""
        again = bytearray(packet)
        timestamp = int.from_bytes(packet[4:8], "big") + mapping.timestamp_offset
        rtp.SEQUENCE_TIME_SSRC.pack_into(again, 2, sequence, timestamp & 0xFFFFFFFF, self.ssrc)
        if mapping.picture_offset or mapping.layer_offset:
            start = rtp.payload_offset(again, len(again))
            numbers = read_numbers(again, start, len(again))
            if numbers is not None:
                vp8.shift_numbers(again, numbers, mapping.picture_offset, mapping.layer_offset)
        return again

    def repeat(self, sequence: int, now: float) -> bytearray | None:
        """Return the packet that answers a NACK for `sequence`, or None if it is forgotten.

        With a retransmission stream every repeat has a number of its own; without one the very
        same bytes go out again.

        Args:
            sequence: 16 bits, as the subscriber knows it.
            now: seconds.
        """
        found = self._find(sequence)
        if found is None:
            return None
        again = self._rewrite(*found, sequence)
        if self.repair_ssrc is None:
            return again
        start = rtp.payload_offset(again, len(again))
        again = rtp.wrap_retransmission(
            bytes(again), start, repeating_type(again), self._number_repair(), self.repair_ssrc
        )
        slot = rtp.find_slot(again, start)
        if slot:
            rtp.NUMBER.pack_into(again, slot, self.next_number() & 0xFFFF)
            self.note((now, len(again)))
        return again

    def fill(self, payload_type: int, now: float) -> bytes | None:
        """Return a packet of mere padding that tries what the path carries.

        It belongs to the retransmission stream, whose receiver throws it away.

        Args:
            payload_type: of retransmissions.
            now: seconds.
        """
        if self.repair_ssrc is None:
            return None
        timestamp = max(0, self._next_timestamp)
        if self.track is not None and self.offset is not None:
            timestamp = self.track.timestamp + self.timestamp_offset & 0xFFFFFFFF
        number = self.next_number() & 0xFFFF
        packet = rtp.build_padding(
            payload_type, self._number_repair(), timestamp, self.repair_ssrc, number
        )
        self.note((now, len(packet)))
        return packet

    def _number_repair(self) -> int:
        number = self._next_repair
        self._next_repair = (number + 1) & 0xFFFF
        return number

    def translate(self, report: SenderReport, now: float) -> SenderReport:
        """Return a publisher's sender report as one of this stream.

        Args:
            report: the publisher's; its clock stays, so that sound and picture stay together.
            now: seconds; remembered for the round trip.
        """
        self.report_middle = report.ntp >> 16 & 0xFFFFFFFF
        self.report_sent_at = now
        return SenderReport(
            self.ssrc,
            report.ntp,
            (report.rtp + self.timestamp_offset) & 0xFFFFFFFF,
            self.packets,
            self.octets,
        )


def _read_numbers(packet: bytes | None) -> vp8.FrameNumbers | None:
    if packet is None:
        return None
    return read_numbers(packet, rtp.payload_offset(packet, len(packet)), len(packet))
