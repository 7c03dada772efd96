"""The leg that takes feeds out to one participant: we offer, the client answers.

Each feed gets an m-line of its own and keeps it; an ended feed leaves a dead m-line behind, because
a browser does not take another source on a used one. The first m-line carries nothing: it holds
the transport of the bundle, so that it comes up before anybody publishes and never dies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from projectdesk.errors import MediaError
from projectdesk.media.embedded import rtcp, rtp
from projectdesk.media.embedded._aiortc_seam import MAX_TRAILER, SrtpBuffer, protect
from projectdesk.media.embedded.allocation import STARVED, Allocation, Layer, Wish, allocate
from projectdesk.media.embedded.allowance import Allowance
from projectdesk.media.embedded.codecs import described
from projectdesk.media.embedded.codecs import offered as offered_codecs
from projectdesk.media.embedded.demand import needed_sizes
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
from projectdesk.media.embedded.feed import Feed
from projectdesk.media.embedded.feedback import read_arrivals
from projectdesk.media.embedded.leg import Leg, Surroundings, make_ssrc
from projectdesk.media.embedded.limits import (
    AUDIO_BITRATE,
    MAX_BITRATE,
    MAX_DATAGRAM,
    MAX_DEAD_SECTIONS,
    MAX_REPEATS_BURST,
    MAX_REPEATS_S,
    MAX_SDP_SECTIONS,
    MIN_BITRATE,
    START_BITRATE,
)
from projectdesk.media.embedded.path import SubscriberPath
from projectdesk.media.embedded.sdp import Codec, Section, SessionDescription
from projectdesk.media.embedded.udp import Address, UdpPort
from projectdesk.signalling.media import (
    LegKind,
    LegStatistics,
    SubscribedFeed,
    SubscribeOffered,
    VideoCodec,
)

_GROWTH = 1.05
"""Per report interval, while nothing limits."""

_LAYER_RATES = (150_000, 500_000, 1_500_000)
"""Bits per second taken for layers of which nothing is known yet."""

_DOUBT_S = 2.0
_SPARE_TO_COME_BACK = 1.1
"""Pictures are left out where there was no room for so long, and come back with some to spare."""

_SPARE = 1.5
_UNLIMITED_AFTER_S = 20.0
"""A path that carries all that is wanted, with so much to spare for so long, has no limit."""

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
        codecs: Sequence[VideoCodec] = ("vp8",),
    ) -> None:
        """Make a leg.

        Args:
            participant: who receives.
            around: what the room's legs share.
            changed: called after each change of `state`.
            offered: takes each offer for the client.
            next_number: gives each offer its number, unique in the room: a late answer to an
                earlier leg must not pass for an answer to this one.
            codecs: what pictures may come in.
        """
        super().__init__(participant, around, changed, controlling=True)
        self.video_bitrate = START_BITRATE
        """Bits per second that one picture may take on the way to this subscriber."""

        self.takes: frozenset[VideoCodec] | None = None
        """What pictures its answers accept; None before the first of a picture."""

        self._codecs = offered_codecs(codecs)
        self._offered = offered
        self._lines: list[_Line] = []
        self._by_ssrc: dict[int, _Line] = {}
        self._dirty = True
        self._outstanding: int | None = None
        self._offered_lines = 0
        self._next_number = next_number
        self._version = 0
        self._height: Callable[[Feed], int | None] = lambda _: None
        self._path = SubscriberPath()
        self._allocation = Allocation((), 0.0, 0.0)
        self._missing = 0.0
        """Bits per second of what is wanted and has no room yet."""

        self._tight_since: float | None = None
        self._told = False
        self._ticked_at = 0.0
        self._repeats = Allowance(MAX_REPEATS_S, MAX_REPEATS_BURST)
        self._sent_octets = 0
        self._sent_rate = 0.0
        self._again = SrtpBuffer(2 * MAX_DATAGRAM + MAX_TRAILER)

    # --- what is offered ------------------------------------------------------------------------

    def update(
        self,
        feeds: Iterable[Feed],
        wanted: Callable[[Feed], bool],
        height: Callable[[Feed], int | None] = lambda _: None,
    ) -> None:
        """Offer m-lines for new feeds, end those of ended ones, pause what is not wanted.

        Args:
            feeds: all feeds of the others that live now.
            wanted: whether the participant wants one of them.
            height: of a picture's tile in device pixels; None = as large as there is.
        """
        self._height = height
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
        self._allocate(now)
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
            [_first_section(), *(_section(line, self._codecs) for line in self._lines)],
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
            elif _reports_arrivals(section):
                line.downstream.next_number = self._path.next_number
                line.downstream.note = self._path.note
            line.downstream.ready = accepted and not line.dead
            if accepted and section.kind == "video":
                self.takes = frozenset(described(section))
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
                    self._repeat(line, lost, now)
            case rtcp.KeyFrameRequest(media=media):
                for ssrc in media:
                    line = self._by_ssrc.get(ssrc)
                    track = line.downstream.track if line is not None else None
                    if track is not None:
                        track.want_key_frame(now)
            case rtcp.ArrivalFeedback(body=body):
                arrivals = read_arrivals(body)
                if arrivals is not None:
                    self._path.take(arrivals, now)
            case rtcp.BitrateEstimate(bits_per_second=bits):
                if not self._path.is_reported:
                    self._told = True
                    self._path.estimate.told(bits, self._sent_rate, now)
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

    def _repeat(self, line: _Line, lost: Iterable[int], now: float) -> None:
        if self.send is None or line.downstream.track is None:
            return
        for sequence in lost:
            if not self._repeats.take(now):
                return
            packet = line.downstream.repeat(sequence, now)
            if packet is not None and not self._send_apart(packet):
                return

    def _send_apart(self, packet: bytes | bytearray) -> bool:
        """Encrypt and send a packet of ours; return whether the kernel took it."""
        again = self._again
        again.bytes[: len(packet)] = packet
        again.length[0] = len(packet)
        if self.send is None or protect(self.transport.srtp_out, again.address, again.length):
            return True
        try:
            self.send(again.view[: again.length[0]], self.peer)
        except OSError:
            return False
        return True

    # --- rates ----------------------------------------------------------------------------------

    def live_pictures(self) -> list[Feed]:
        """Return the video and screen feeds that this subscriber gets now."""
        return [
            line.feed
            for line in self._lines
            if not line.feed.is_audio and line.downstream.track is not None
        ]

    def allowed_rates(self, now: float) -> Iterable[tuple[Feed, int]]:
        """Yield each picture that this subscriber wants, and what its publisher may send for it.

        Of a picture in one size that is what the path takes. One in layers is not held back: each
        subscriber gets the layer that its path takes, and a browser that was held back takes half
        a minute to send its largest layer again.
        """
        for line in self._lines:
            one, feed = line.downstream, line.feed
            if not line.dead and not feed.is_audio and one.ready and not one.paused:
                yield feed, self.video_bitrate if feed.is_flat(now) else MAX_BITRATE

    def needs(self, now: float) -> Iterable[tuple[Feed, set[str]]]:
        """Yield each picture in several sizes that is wanted, and which of them are needed."""
        for line in self._lines:
            feed, one = line.feed, line.downstream
            if feed.demand is None or line.dead or one.paused:
                continue
            sizes = feed.sizes()
            given = None
            if one.starved:
                given = sizes[0].rid
            elif one.ready and feed.flows(now) and not feed.is_flat(now):
                given = feed.layers[min(one.layer, len(feed.layers) - 1)].rid
            ready = {track.rid for track in feed.ready_layers(now)}
            yield feed, needed_sizes(sizes, self._height(feed), given, ready)

    def tick(self, now: float) -> None:
        """Try whether the path carries more, where more is wanted; called many times a second."""
        passed, self._ticked_at = min(now - self._ticked_at, 0.2), now
        amount = self._path.try_more(self._missing, now, passed)
        if amount <= 0 or self.state != "connected":
            return
        line = next(
            (line for line in self._lines
             if line.downstream.ready and not line.dead and not line.feed.is_audio),
            None,
        )  # fmt: skip
        while line is not None and amount > 0:
            packet = line.downstream.fill(VP8_AGAIN.payload_type, now)
            if packet is None or not self._send_apart(packet):
                return
            amount -= len(packet)

    def weigh(self, elapsed: float, now: float) -> None:
        """Work out anew which layers fit, and what one picture may take, at each report interval.

        Args:
            elapsed: seconds since the last time.
            now: seconds.
        """
        octets = sum(line.downstream.octets for line in self._lines)
        sent = (octets - self._sent_octets) * 8 / elapsed
        self._sent_octets = octets
        self._sent_rate += (sent - self._sent_rate) * _SMOOTHING
        estimate = self._path.estimate
        self._allocate(now)
        flat = [feed for feed in self.live_pictures() if feed.is_flat(now)]
        needed = self._allocation.rate + sum(feed.rate for feed in flat)
        calm = now - estimate.congested_at > _UNLIMITED_AFTER_S
        if calm and not self._missing and needed * _SPARE < estimate.bits_per_second:
            estimate.forget_limit()
        if not flat or not (self._told or self._path.is_reported):
            return
        rate = self.video_bitrate * _GROWTH
        if estimate.limited:
            layered = self._allocation.rate - sum(_flat_cost(feed) for feed in flat)
            rate = min((self._budget() - layered) / len(flat), rate)
        self.video_bitrate = int(max(MIN_BITRATE, min(rate, MAX_BITRATE)))
        if estimate.limited and self.video_bitrate < START_BITRATE:
            self._missing = self._missing or START_BITRATE - self.video_bitrate

    def _budget(self) -> float:
        """Return how many bits per second all pictures together may take."""
        sounds = sum(
            line.feed.is_audio and line.downstream.track is not None for line in self._lines
        )
        return self._path.estimate.bits_per_second - sounds * AUDIO_BITRATE

    def _allocate(self, now: float) -> None:
        """Choose the layer of each picture that is wanted, and leave out what has no room."""
        lines = [
            line for line in self._lines
            if not line.dead and not line.feed.is_audio
            and line.downstream.ready and not line.downstream.paused and line.feed.flows(now)
        ]  # fmt: skip
        lines.sort(key=self._rank)
        wishes = [self._wish(line, now) for line in lines]
        limited = self._is_tight(sum(wish.layers[0].rate for wish in wishes), now)
        self._allocation = allocate(wishes, self._budget(), limited=limited)
        self._missing = self._allocation.missing
        for line, chosen in zip(lines, self._allocation.layers, strict=True):
            one = line.downstream
            starved = chosen == STARVED
            layer = one.layer if starved else _place_of(line.feed, chosen, now)
            if (starved, layer) != (one.starved, one.layer):
                one.starved, one.layer = starved, layer
                one.overloads = self._overloads(one)
                line.feed.refresh(now)

    def _overloads(self, one: Downstream) -> bool:
        """Whether the layer that a stream has is more by itself than the path is known to carry."""
        estimate = self._path.estimate
        known = estimate.limited and self._path.is_reported
        return known and one.track is not None and one.track.rate > estimate.bits_per_second

    def _is_tight(self, smallest: float, now: float) -> bool:
        """Whether pictures have to be left out; a moment of doubt is no reason to.

        What a receiver estimates itself (REMB) is too rough for it.

        Args:
            smallest: bits per second of all wanted pictures in their smallest layers.
            now: seconds.
        """
        estimate = self._path.estimate
        room = self._budget() / (_SPARE_TO_COME_BACK if self._tight_since is not None else 1.0)
        if not estimate.limited or not self._path.is_reported or smallest <= room:
            self._tight_since = None
            return False
        if self._tight_since is None:
            self._tight_since = now
        return now - self._tight_since >= _DOUBT_S

    def _rank(self, line: _Line) -> tuple[bool, float]:
        """Screens come first, then what is shown largest."""
        height = self._height(line.feed)
        return line.feed.source != "screen", -float("inf") if height is None else -height

    def _wish(self, line: _Line, now: float) -> Wish:
        feed, one = line.feed, line.downstream
        if feed.is_flat(now):
            layers: tuple[Layer, ...] = (Layer(0, _flat_cost(feed)),)
            current = STARVED if one.starved else 0
            return Wish(None, layers, current)
        ready = feed.ready_layers(now) or feed.layers
        layers = tuple(
            Layer(track.height, max(track.rate, track.usual_rate) or guess)
            for track, guess in zip(ready, _LAYER_RATES, strict=False)
        )
        target = one.waiting_for or one.track
        current = ready.index(target) if target in ready else 0
        return Wish(self._height(feed), layers, STARVED if one.starved else current)

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


def _section(line: _Line, pictures: tuple[Codec, ...]) -> LocalSection:
    audio = line.feed.is_audio
    return LocalSection(
        kind="audio" if audio else "video",
        mid=line.mid,
        direction="inactive" if line.dead else "sendonly",
        codecs=(OPUS,) if audio else pictures,
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


def _flat_cost(feed: Feed) -> float:
    """Return what a picture in one size takes at least: its publisher can be told to send less."""
    return min(feed.rate, float(MIN_BITRATE))


def _place_of(feed: Feed, chosen: int, now: float) -> int:
    """Return where a wish's layer stands among all layers of the feed."""
    if feed.is_flat(now):
        return len(feed.layers) - 1  # the one that flows; others may come back
    ready = feed.ready_layers(now) or feed.layers
    return feed.layers.index(ready[min(chosen, len(ready) - 1)])


def _reports_arrivals(section: Section) -> bool:
    """Whether an answer takes transport-wide numbers and promises to report on them."""
    numbered = section.extensions.get(rtp.TRANSPORT_SEQUENCE) == rtp.URI_TRANSPORT_SEQUENCE
    return numbered and any("transport-cc" in codec.feedback for codec in section.codecs.values())
