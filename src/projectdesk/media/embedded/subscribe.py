"""The leg that takes feeds out to one participant: we offer, the client answers.

Each feed gets an m-line of its own and keeps it; an ended feed leaves a dead m-line behind, because
a browser does not take another source on a used one. The first m-line carries nothing: it holds
the transport of the bundle, so that it comes up before anybody publishes and never dies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from projectdesk.errors import MediaError
from projectdesk.media.embedded import rtcp
from projectdesk.media.embedded._aiortc_seam import MAX_TRAILER, SrtpBuffer, protect
from projectdesk.media.embedded.description import (
    AUDIO_EXTENSIONS,
    OPUS,
    VIDEO_EXTENSIONS,
    VP8,
    VP8_AGAIN,
    LocalSection,
    OutgoingStream,
    write_description,
)
from projectdesk.media.embedded.downstream import Downstream
from projectdesk.media.embedded.leg import Leg, Surroundings, make_ssrc
from projectdesk.media.embedded.limits import (
    AUDIO_BITRATE,
    MAX_BITRATE,
    MAX_DATAGRAM,
    MAX_DEAD_SECTIONS,
    MAX_SDP_SECTIONS,
    MIN_BITRATE,
    START_BITRATE,
)
from projectdesk.media.embedded.sdp import SessionDescription
from projectdesk.media.embedded.track import Feed
from projectdesk.media.embedded.udp import Address, UdpPort
from projectdesk.signalling.media import (
    LegKind,
    LegStatistics,
    SubscribedFeed,
    SubscribeOffered,
)

_CONGESTED = 0.9
"""On overuse a browser estimates 0.85 of what it receives; at rest its estimate only trails what
it receives, and says nothing about what the path could carry."""

_GROWTH = 1.05
"""Per report interval, while nothing limits."""

_SMOOTHING = 0.3
"""Weight of one report interval in the rate sent, which key frames make uneven."""


@dataclass(slots=True)
class _Line:
    """One m-line after the first: a feed and its stream; dead once the feed has ended."""

    mid: str
    feed: Feed
    downstream: Downstream
    dead: bool = False


class SubscribeLeg(Leg):
    """Sends the feeds of the others to one participant."""

    kind: ClassVar[LegKind] = "subscribe"

    def __init__(
        self,
        participant: str,
        around: Surroundings,
        changed: Callable[[Leg], None],
        offered: Callable[[SubscribeOffered], None],
        next_number: Callable[[], int],
    ) -> None:
        """Make a leg.

        Args:
            participant: who receives.
            around: what the room's legs share.
            changed: called after each change of `state`.
            offered: takes each offer for the client.
            next_number: gives each offer its number, unique in the room: a late answer to an
                earlier leg must not pass for an answer to this one.
        """
        super().__init__(participant, around, changed, controlling=True)
        self.video_bitrate = START_BITRATE
        """Bits per second that one picture may take on the way to this subscriber."""

        self._offered = offered
        self._lines: list[_Line] = []
        self._by_ssrc: dict[int, _Line] = {}
        self._dirty = True
        self._outstanding: int | None = None
        self._offered_lines = 0
        self._next_number = next_number
        self._version = 0
        self._estimate: int | None = None
        self._sent_octets = 0
        self._sent_rate = 0.0
        self._again = SrtpBuffer(2 * MAX_DATAGRAM + MAX_TRAILER)

    # --- what is offered ------------------------------------------------------------------------

    def update(self, feeds: Iterable[Feed], wanted: Callable[[Feed], bool]) -> None:
        """Offer m-lines for new feeds, end those of ended ones, pause what is not wanted.

        Args:
            feeds: all feeds of the others that live now.
            wanted: whether the participant wants one of them.
        """
        now = self._around.clock()
        alive = {id(feed): feed for feed in feeds}
        for line in self._lines:
            if not line.dead and id(line.feed) not in alive:
                line.dead = True
                line.downstream.ready = False
                line.feed.remove(line.downstream, now)
                self._dirty = True
        known = {id(line.feed) for line in self._lines if not line.dead}
        for feed in alive.values():
            if id(feed) not in known and wanted(feed):
                self._add_line(feed)
        for line in self._lines:
            paused = not line.dead and not wanted(line.feed)
            if line.downstream.paused != paused:
                line.downstream.paused = paused
                line.feed.refresh(now)
        self.offer()

    def _add_line(self, feed: Feed) -> None:
        if len(self._lines) + 1 >= MAX_SDP_SECTIONS:
            return
        ssrc, again = self._make_ssrc(), self._make_ssrc()
        downstream = Downstream(
            ssrc,
            None if feed.is_audio else again,
            OPUS.clock_rate if feed.is_audio else VP8.clock_rate,
        )
        line = _Line(str(len(self._lines) + 1), feed, downstream)
        downstream.report = self._send_report
        self._lines.append(line)
        self._by_ssrc[ssrc] = line
        feed.downstreams.append(downstream)
        self._dirty = True

    def _make_ssrc(self) -> int:
        ssrc = make_ssrc()
        while ssrc in self._by_ssrc or ssrc == self.ssrc:
            ssrc = make_ssrc()
        return ssrc

    @property
    def worn_out(self) -> bool:
        """Whether so many m-lines are dead that the page has to build a new connection."""
        dead = sum(line.dead for line in self._lines)
        return dead > MAX_DEAD_SECTIONS or (dead > 0 and len(self._lines) + 1 >= MAX_SDP_SECTIONS)

    def offer(self) -> None:
        """Make an offer if something changed and none is outstanding."""
        if self.local is None or not self._dirty or self._outstanding is not None:
            return
        if self.state in ("failed", "closed"):
            return
        self._version += 1
        self._outstanding = number = self._next_number()
        self._offered_lines = len(self._lines)
        self._dirty = False
        text = write_description(
            [_first_section(), *map(_section, self._lines)],
            self.local,
            version=self._version,
            setup="actpass",
        )
        feeds = [
            SubscribedFeed(mid=line.mid, participant=line.feed.participant, source=line.feed.source)
            for line in self._lines
            if not line.dead
        ]
        self._offered(
            SubscribeOffered(participant=self.participant, offer=number, sdp=text, feeds=feeds)
        )

    def answer(self, number: int, description: SessionDescription) -> None:
        """Take the client's answer and start what it accepts.

        Args:
            number: of the offer; an answer to another than the outstanding one is ignored.
            description: the answer.

        Raises:
            MediaError: `answer_mismatch` if its m-lines are not those of the offer.
        """
        if number != self._outstanding:
            return
        mids = [section.mid for section in description.sections]
        if mids != ["0", *(line.mid for line in self._lines[: self._offered_lines])]:
            raise MediaError("answer_mismatch", "The answer does not have the offer's m-lines.")
        self._outstanding = None
        self.start(description.transport, server=description.transport.setup != "passive")
        for line, section in zip(self._lines, description.sections[1:], strict=False):
            accepted = not section.rejected and section.direction in ("recvonly", "sendrecv")
            again = section.find_codec("rtx", VP8_AGAIN.clock_rate)
            if again is None:
                line.downstream.repair_ssrc = None
            line.downstream.ready = accepted and not line.dead
        self._connect_downstreams()
        self.offer()

    # --- packets out ----------------------------------------------------------------------------

    def path_changed(self, port: UdpPort, peer: Address) -> None:
        """Send to `peer` from now on, by a socket of its own: most of our packets go this way."""
        self.send, self.peer = port.path_to(peer)
        for line in self._lines:
            line.downstream.send, line.downstream.peer = self.send, self.peer

    def connection_changed(self) -> None:
        """Start or stop packets after the leg's state changed."""
        self._connect_downstreams()

    def _connect_downstreams(self) -> None:
        """Let packets flow where the answer took the m-line and the leg is connected."""
        now = self._around.clock()
        connected = self.state == "connected"
        for line in self._lines:
            downstream = line.downstream
            downstream.send, downstream.peer = self.send, self.peer
            downstream.srtp = self.transport.srtp_out
            if not connected:
                line.feed.remove(downstream, now)
            elif not line.dead and downstream not in line.feed.downstreams:
                line.feed.downstreams.append(downstream)
            line.feed.refresh(now)

    def end(self) -> None:
        """Take this subscriber off all feeds."""
        now = self._around.clock()
        for line in self._lines:
            line.feed.remove(line.downstream, now)

    def _send_report(self, report: rtcp.SenderReport) -> None:
        self.send_control(
            rtcp.build_sender_report(report)
            + rtcp.build_source_description(report.ssrc, self.participant)
        )

    # --- RTCP from the subscriber ---------------------------------------------------------------

    def receive_packet(self, size: int) -> None:
        """Ignore media: a subscriber has nothing to send here."""

    def handle_control(self, message: rtcp.Message, now: float) -> None:
        """Repeat lost packets, pass key frame requests on, note reports and estimates."""
        match message:
            case rtcp.Nack(media=media, lost=lost):
                line = self._by_ssrc.get(media)
                if line is not None:
                    self._repeat(line, lost)
            case rtcp.KeyFrameRequest(media=media):
                for ssrc in media:
                    line = self._by_ssrc.get(ssrc)
                    if line is not None and line.downstream.ready:
                        line.feed.want_key_frame(now)
            case rtcp.BitrateEstimate(bits_per_second=bits):
                self._estimate = bits
            case rtcp.ReceiverReport(reports=reports) | rtcp.SenderReport(reports=reports):
                for block in reports:
                    self._note_block(block, now)

    def _note_block(self, block: rtcp.ReportBlock, now: float) -> None:
        line = self._by_ssrc.get(block.ssrc)
        if line is None:
            return
        downstream = line.downstream
        downstream.lost, downstream.fraction_lost = block.lost, block.fraction_lost
        if block.last_report and block.last_report == downstream.report_middle:
            trip = now - downstream.report_sent_at - block.delay / 65536
            self.round_trip_s = max(0.0, trip)

    def _repeat(self, line: _Line, lost: Iterable[int]) -> None:
        track = line.feed.track
        if track is None or self.send is None or line.downstream not in line.feed.live:
            return
        again = self._again
        for sequence in lost:
            packet = line.downstream.repeat(sequence, track, VP8_AGAIN.payload_type)
            if packet is None:
                continue
            again.bytes[: len(packet)] = packet
            again.length[0] = len(packet)
            if protect(self.transport.srtp_out, again.address, again.length) == 0:
                try:
                    self.send(again.view[: again.length[0]], self.peer)
                except OSError:
                    return

    # --- rates ----------------------------------------------------------------------------------

    def live_pictures(self) -> list[Feed]:
        """Return the video and screen feeds that this subscriber gets now."""
        return [
            line.feed
            for line in self._lines
            if not line.feed.is_audio and line.downstream in line.feed.live
        ]

    def weigh(self, elapsed: float) -> None:
        """Work out anew what one picture may take; called at every report interval.

        Args:
            elapsed: seconds since the last time.
        """
        octets = sum(line.downstream.octets for line in self._lines)
        sent = (octets - self._sent_octets) * 8 / elapsed
        self._sent_octets = octets
        self._sent_rate += (sent - self._sent_rate) * _SMOOTHING
        live = [line for line in self._lines if line.downstream in line.feed.live]
        pictures = sum(not line.feed.is_audio for line in live)
        if self._estimate is None or not pictures:
            return
        sounds = len(live) - pictures
        share = int((self._estimate - sounds * AUDIO_BITRATE) / pictures)
        if self._estimate < _CONGESTED * self._sent_rate:
            rate = share
        else:
            rate = max(share, int(self.video_bitrate * _GROWTH))
        self.video_bitrate = max(MIN_BITRATE, min(rate, MAX_BITRATE))

    def statistics(self) -> LegStatistics:
        """Return the counters."""
        downstreams = [line.downstream for line in self._lines]
        return LegStatistics(
            participant=self.participant,
            kind=self.kind,
            state=self.state,
            packets_out=sum(one.packets for one in downstreams),
            bytes_out=sum(one.octets for one in downstreams),
            lost=sum(max(0, one.lost) for one in downstreams),
            round_trip_ms=None if self.round_trip_s is None else self.round_trip_s * 1000,
        )


def _first_section() -> LocalSection:
    return LocalSection("audio", "0", "inactive", (OPUS,), tuple(AUDIO_EXTENSIONS.items()))


def _section(line: _Line) -> LocalSection:
    audio = line.feed.is_audio
    return LocalSection(
        kind="audio" if audio else "video",
        mid=line.mid,
        direction="inactive" if line.dead else "sendonly",
        codecs=(OPUS,) if audio else (VP8, VP8_AGAIN),
        extensions=tuple((AUDIO_EXTENSIONS if audio else VIDEO_EXTENSIONS).items()),
        stream=None
        if line.dead
        else OutgoingStream(
            line.downstream.ssrc,
            line.downstream.repair_ssrc,
            line.feed.participant,
            line.feed.source,
        ),
    )
