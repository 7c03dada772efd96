"""One feed on its way to one subscriber.

The subscriber sees one continuous stream under an SSRC of ours, whatever happens to the incoming
one: a publisher that rebuilds its connection, a muted minute, a feed that was not wanted for a
while. AES-GCM forbids different bytes under one SSRC and sequence number, so a number is given out
once: packets from before the last join are never sent again under a new mapping.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from projectdesk.media.embedded import rtp
from projectdesk.media.embedded.rtcp import SenderReport

if TYPE_CHECKING:
    from collections.abc import Callable

    from projectdesk.media.embedded.track import Track
    from projectdesk.media.embedded.udp import Destination, Send

_FIRST_SEQUENCES = 1 << 15
"""Start below 32768: a receiver that misses the first packets must not guess that the number
wrapped, or it decrypts with the wrong index (RFC 3711 section 3.3.1)."""


class Downstream:
    """Maps one feed's packets to the subscriber's SSRC, sequence numbers and timestamps."""

    __slots__ = (
        "_joined_at",
        "_next_number",
        "_next_repair",
        "_next_timestamp",
        "base",
        "clock_rate",
        "dropped",
        "fraction_lost",
        "lost",
        "octets",
        "offset",
        "packets",
        "paused",
        "peer",
        "ready",
        "repair_ssrc",
        "report",
        "report_middle",
        "report_sent_at",
        "send",
        "srtp",
        "ssrc",
        "timestamp_offset",
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

        # Where and how packets leave; set by the leg when it has connected or its path changed.
        self.srtp: Any = None
        self.send: Send | None = None
        self.peer: Destination = ("", 0)
        self.report: Callable[[SenderReport], None] | None = None

        # Incoming extended number + offset = outgoing extended number; None before the first
        # packet after a join. Packets numbered below `base` belong to an earlier mapping.
        self.offset: int | None = None
        self.base = 0
        self.timestamp_offset = 0

        self.packets = 0
        self.octets = 0
        self.dropped = 0
        self.lost = 0
        self.fraction_lost = 0
        self.report_middle = 0
        self.report_sent_at = 0.0
        self._next_number = secrets.randbelow(_FIRST_SEQUENCES)
        self._next_repair = secrets.randbelow(_FIRST_SEQUENCES)
        self._next_timestamp = -1
        self._joined_at = 0.0

    def join(self, number: int, timestamp: int, now: float) -> int:
        """Map the first packet of a new or resumed stream; return the offset.

        Args:
            number: its extended sequence number.
            timestamp: its RTP timestamp.
            now: seconds.
        """
        self.offset = self._next_number - number
        self.base = number
        if self._next_timestamp >= 0:
            pause = max(1, int((now - self._joined_at) * self.clock_rate))
            self.timestamp_offset = (self._next_timestamp + pause - timestamp) & 0xFFFFFFFF
        return self.offset

    def leave(self, track: Track | None, now: float) -> None:
        """Remember where the stream stands, so that the next join continues it.

        Args:
            track: the incoming stream it followed so far.
            now: seconds.
        """
        if self.offset is None or track is None:
            return
        self._next_number = track.highest + self.offset + 1
        self._next_timestamp = (track.timestamp + self.timestamp_offset) & 0xFFFFFFFF
        self._joined_at = now
        self.offset = None

    def find_original(self, sequence: int, track: Track) -> bytes | None:
        """Return the incoming packet behind outgoing number `sequence` (16 bits), if remembered."""
        if self.offset is None:
            return None
        number = rtp.extend_sequence(sequence, track.highest + self.offset) - self.offset
        return track.remembered(number) if number >= self.base else None

    def rewrite(self, packet: bytes, sequence: int) -> bytearray:
        """Return `packet` exactly as the subscriber got it under `sequence`."""
        again = bytearray(packet)
        timestamp = int.from_bytes(packet[4:8], "big") + self.timestamp_offset
        rtp.SEQUENCE_TIME_SSRC.pack_into(again, 2, sequence, timestamp & 0xFFFFFFFF, self.ssrc)
        return again

    def repeat(self, sequence: int, track: Track, payload_type: int) -> bytearray | None:
        """Return the packet that answers a NACK for `sequence`, or None if it is forgotten.

        With a retransmission stream every repeat has a number of its own; without one the very
        same bytes go out again.
        """
        original = self.find_original(sequence, track)
        if original is None:
            return None
        again = self.rewrite(original, sequence)
        if self.repair_ssrc is None:
            return again
        start = rtp.payload_offset(again, len(again))
        number = self._next_repair
        self._next_repair = (number + 1) & 0xFFFF
        return rtp.wrap_retransmission(bytes(again), start, payload_type, number, self.repair_ssrc)

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
