"""One incoming stream and the feed it belongs to.

A `Track` lives as long as its SSRC, a `Feed` as long as the participant publishes the source: a
publisher that rebuilds its connection brings a new track for the same feed, and subscribers see an
unbroken stream.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from projectdesk.media.embedded import rtp
from projectdesk.media.embedded._aiortc_seam import SrtpBuffer, protect
from projectdesk.media.embedded.limits import AUDIO_RING, KEY_FRAME_INTERVAL_S, VIDEO_RING
from projectdesk.media.embedded.rtcp import ReportBlock, SenderReport

if TYPE_CHECKING:
    from collections.abc import Callable

    from projectdesk.media.embedded.downstream import Downstream
    from projectdesk.signalling.media import FeedSource

_MAX_GAP = 256
"""Packets missed at once that are asked for again; after more, only a key frame helps."""

_MAX_TRIES = 8
_RETRY_S = 0.1

_SILENT_S = 3.0

_SMOOTHING = 0.08
"""Weight of one packet (20 ms) in the loudness: about a quarter of a second."""


class Feed:
    """One source of one participant, and who receives it."""

    def __init__(self, participant: str, source: FeedSource) -> None:
        """Make a feed that nobody receives yet."""
        self.participant = participant
        self.source: FeedSource = source
        self.muted = False
        self.started = False
        self.track: Track | None = None
        self.downstreams: list[Downstream] = []
        self.live: list[Downstream] = []
        """Those that get packets now; read for every packet, changed by `refresh` only."""

        self.loudness = 0.0
        self._key_frame_at = float("-inf")
        self._key_frame_due = False
        self.ask_key_frame: Callable[[Track], None] | None = None

    @property
    def is_audio(self) -> bool:
        """Whether the feed is sound."""
        return self.source == "audio"

    def flows(self, now: float) -> bool:
        """Whether packets came lately; a source that is switched off leaves its line silent."""
        return self.track is not None and now - self.track.received_at < _SILENT_S

    def follow(self, track: Track | None, now: float) -> None:
        """Continue with another incoming stream (None: none for now)."""
        for downstream in self.downstreams:
            downstream.leave(self.track, now)
        self.track = track

    def refresh(self, now: float) -> None:
        """Work out anew who gets packets; who starts to also gets a key frame soon."""
        before = self.live
        self.live = (
            [] if self.muted else [one for one in self.downstreams if one.ready and not one.paused]
        )
        for downstream in before:
            if downstream not in self.live:
                downstream.leave(self.track, now)
        if any(downstream not in before for downstream in self.live):
            self.want_key_frame(now)

    def remove(self, downstream: Downstream, now: float) -> None:
        """Stop sending to one subscriber for good."""
        if downstream in self.downstreams:
            self.downstreams.remove(downstream)
            self.refresh(now)

    def want_key_frame(self, now: float) -> None:
        """Ask the publisher for a key frame, now or as soon as the last request is old enough."""
        if not self.is_audio:
            self._key_frame_due = True
            self.send_due(now)

    def send_due(self, now: float) -> None:
        """Send the request that was held back, if its time has come."""
        track = self.track
        if not self._key_frame_due or track is None or self.ask_key_frame is None:
            return
        if now - self._key_frame_at >= KEY_FRAME_INTERVAL_S:
            self._key_frame_due = False
            self._key_frame_at = now
            self.ask_key_frame(track)


class Track:
    """An incoming SSRC: checks, remembers and forwards its packets."""

    def __init__(
        self,
        feed: Feed,
        ssrc: int,
        *,
        payload_types: tuple[int, int],
        clock_rate: int,
        actions: tuple[int, ...],
        buffers: tuple[SrtpBuffer, SrtpBuffer],
    ) -> None:
        """Make a track.

        Args:
            feed: whose subscribers get the packets.
            ssrc: of the stream.
            payload_types: the publisher's, and ours to subscribers.
            clock_rate: of its timestamps, in Hz.
            actions: what to do with header extensions (`rtp.extension_actions`).
            buffers: where packets are received, and where they are encrypted for subscribers.
        """
        self.feed = feed
        self.ssrc = ssrc
        self.clock_rate = clock_rate
        self.actions = actions
        self.payload_type, self._outgoing_type = payload_types
        self._inbox, self._outbox = buffers
        size = AUDIO_RING if feed.is_audio else VIDEO_RING
        self._mask = size - 1
        self._numbers = [-1] * size
        self._packets: list[bytes] = [b""] * size
        self.highest = -1
        self.timestamp = 0
        self.transport_sequence = rtp.UNKNOWN
        """Transport-wide number of the last packet, for the leg."""

        self.received = 0
        self.received_at = float("-inf")
        """When the last packet came, in seconds."""

        self.octets = 0
        self._first = 0
        self._missing: dict[int, list[float]] = {}
        self._jitter = 0.0
        self._transit = 0.0
        self._expected_before = 0
        self._received_before = 0
        self._report_middle = 0
        self._report_at = 0.0

    @property
    def lost(self) -> int:
        """Packets that never came, so far."""
        return max(0, self._expected - self.received) if self.highest >= 0 else 0

    @property
    def _expected(self) -> int:
        return self.highest - self._first + 1

    def receive(self, size: int, now: float) -> bool:
        """Take the decrypted packet in the inbox and forward it; return whether it was new.

        Args:
            size: its length in bytes.
            now: seconds.
        """
        inbox = self._inbox.bytes
        stop = rtp.payload_offset(inbox, size)
        _, kind, sequence, timestamp, _ = rtp.FIXED_HEADER.unpack_from(inbox)
        if not stop or kind & 0x7F != self.payload_type:
            return False
        level, self.transport_sequence = rtp.canonicalise(
            inbox, stop, self.actions, int(now * 262144) & 0xFFFFFF
        )
        number = self._accept(sequence, now)
        if number < 0:
            return False
        inbox[1] = kind & 0x80 | self._outgoing_type
        packet = bytes(self._inbox.view[:size])
        slot = number & self._mask
        self._numbers[slot] = number
        self._packets[slot] = packet
        self.received += 1
        self.received_at = now
        self.octets += size - stop
        transit = now * self.clock_rate - timestamp
        self._jitter += (abs(transit - self._transit) % 0x7FFFFFFF - self._jitter) / 16
        self._transit = transit
        feed = self.feed
        if level >= 0 and not feed.muted:
            feed.loudness += ((127 - level) - feed.loudness) * _SMOOTHING
        if feed.live:
            self._forward(feed.live, packet, number, timestamp, now)
        if number == self.highest:
            self.timestamp = timestamp
        return True

    def _forward(
        self, live: list[Downstream], packet: bytes, number: int, timestamp: int, now: float
    ) -> None:
        """Rewrite, encrypt and send one packet for every live subscriber.

        The hottest loop of the program: a room of twelve runs it 16,500 times a second. Hence one
        function, names bound outside the loop, one buffer, and no object made per subscriber but
        the slice that is sent.
        """
        outbox = self._outbox
        out, view, address, length = outbox.bytes, outbox.view, outbox.address, outbox.length
        pack_into = rtp.SEQUENCE_TIME_SSRC.pack_into
        size = len(packet)
        for one in live:
            offset = one.offset
            if offset is None:
                offset = one.join(number, timestamp, now)
            elif number < one.base:
                continue
            out[:size] = packet
            pack_into(
                out,
                2,
                number + offset & 0xFFFF,
                timestamp + one.timestamp_offset & 0xFFFFFFFF,
                one.ssrc,
            )
            length[0] = size
            if protect(one.srtp, address, length):
                one.dropped += 1
                continue
            try:
                one.send(view[: length[0]], one.peer)  # type: ignore[misc]
            except OSError:
                one.dropped += 1  # a full buffer or a vanished network loses it
                continue
            one.packets += 1
            one.octets += size

    def _accept(self, sequence: int, now: float) -> int:
        """Return the extended number of a packet seen for the first time, else -1."""
        highest = self.highest
        if highest < 0:
            self.highest = self._first = 0x10000 + sequence
            return self.highest
        number = highest + ((sequence - highest + 0x8000) & 0xFFFF) - 0x8000
        if number == highest + 1:
            self.highest = number
        elif number > highest:
            self._note_gap(highest + 1, number, now)
            self.highest = number
        elif highest - number > self._mask or self._numbers[number & self._mask] == number:
            return -1
        else:
            self._missing.pop(number, None)
        return number

    def _note_gap(self, first: int, following: int, now: float) -> None:
        if self.feed.is_audio:
            return  # Opus conceals and carries its own repair; a late packet is of no use
        if following - first > _MAX_GAP:
            self._missing.clear()
            self.feed.want_key_frame(now)
            return
        for number in range(first, following):
            self._missing[number] = [0.0, 0]

    def due_again(self, now: float) -> list[int]:
        """Return the 16-bit numbers of lost packets to ask the publisher for now."""
        if not self._missing:
            return []
        due = []
        for number, state in list(self._missing.items()):
            if state[1] >= _MAX_TRIES or self.highest - number > self._mask:
                del self._missing[number]
            elif now >= state[0]:
                state[0] = now + _RETRY_S
                state[1] += 1
                due.append(number & 0xFFFF)
        return due

    @property
    def has_gaps(self) -> bool:
        """Whether packets are missing that may still come."""
        return bool(self._missing)

    def remembered(self, number: int) -> bytes | None:
        """Return the packet with extended number `number`, if the ring still has it."""
        slot = number & self._mask
        return self._packets[slot] if self._numbers[slot] == number else None

    def note_report(self, report: SenderReport, now: float) -> None:
        """Remember when the publisher's sender report came."""
        self._report_middle = report.ntp >> 16 & 0xFFFFFFFF
        self._report_at = now

    def report(self, now: float) -> ReportBlock | None:
        """Return what to report to the publisher since the last time (RFC 3550 appendix A.3)."""
        if self.highest < 0:
            return None
        expected = self._expected - self._expected_before
        received = self.received - self._received_before
        self._expected_before, self._received_before = self._expected, self.received
        lost = max(0, expected - received)
        return ReportBlock(
            ssrc=self.ssrc,
            fraction_lost=min(255, lost * 256 // expected) if expected > 0 else 0,
            lost=self._expected - self.received,
            highest=self.highest - 0x10000,
            jitter=int(self._jitter),
            last_report=self._report_middle,
            delay=int((now - self._report_at) * 65536) if self._report_middle else 0,
        )
