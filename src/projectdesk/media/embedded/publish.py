"""The leg that brings a participant's packets in: the client offers, we answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from projectdesk.errors import MediaError
from projectdesk.media.embedded import rtcp, rtp
from projectdesk.media.embedded._aiortc_seam import unprotect
from projectdesk.media.embedded.codecs import PictureCodec, answered, choose, described
from projectdesk.media.embedded.demand import LayerDemand
from projectdesk.media.embedded.description import (
    OPUS,
    VP8,
    LocalSection,
    choose_codecs,
    choose_extensions,
    choose_layers,
    find_source,
    write_description,
)
from projectdesk.media.embedded.feed import Feed
from projectdesk.media.embedded.feedback import ArrivalLog
from projectdesk.media.embedded.leg import Leg, Surroundings
from projectdesk.media.embedded.limits import MAX_STREAMS
from projectdesk.media.embedded.sdp import Codec, Section, SessionDescription
from projectdesk.media.embedded.track import Track
from projectdesk.signalling.media import SOUNDS, FeedSource, LegKind, LegStatistics, VideoCodec

_Stream = TypeVar("_Stream")


@dataclass(slots=True)
class _Line:
    """What was negotiated for one sending m-line."""

    feed: Feed
    codecs: tuple[Codec, ...]
    """What the answer names, the one to be sent first, with their retransmissions."""

    mid_extension: int
    rid_extension: int
    repaired_extension: int
    number_extension: int
    actions: tuple[int, ...]
    rids: tuple[str, ...] = ()
    """Layers that the picture is sent in, as the publisher lists them; empty: one size."""

    offered: tuple[VideoCodec, ...] = ()
    """Of a picture, what the publisher could send."""

    types: dict[int, PictureCodec] = field(default_factory=dict)
    """Of a picture, the codecs that may come, by the publisher's payload types."""

    @property
    def named(self) -> VideoCodec | None:
        """The picture codec that the publisher was told to send; None of sound."""
        first = self.types.get(self.codecs[0].payload_type)
        return first.name if first is not None else None


class PublishLeg(Leg):
    """Takes packets of at most one audio, one video and one screen feed."""

    kind: ClassVar[LegKind] = "publish"

    def __init__(
        self,
        participant: str,
        around: Surroundings,
        changed: Callable[[Leg], None],
        started: Callable[[Feed], None],
    ) -> None:
        """Make a leg.

        Args:
            participant: whose it is.
            around: what the room's legs share.
            changed: called after each change of `state`.
            started: called at the first packet of a feed.
        """
        super().__init__(participant, around, changed, controlling=False)
        self.tracks: dict[int, Track] = {}
        self._started = started
        self._lines: dict[str, _Line] = {}
        self._repairs: dict[int, tuple[Track, dict[int, int]]] = {}
        """Retransmission SSRC to the track it repeats, and which payload type each of its own
        repeats."""

        self._user = ""
        self._version = 0
        self._arrivals = ArrivalLog(self.ssrc)
        self.preferred: tuple[VideoCodec, ...] = ("vp8",)
        """What pictures are to be sent in, the best first; set by the room."""

    @property
    def feeds(self) -> list[Feed]:
        """The feeds that the last offer named."""
        return [line.feed for line in self._lines.values()]

    @property
    def is_outdated(self) -> bool:
        """Whether another answer would name another picture codec than the last one did."""
        return any(
            line.named is not None and choose(self.preferred, line.offered) != line.named
            for line in self._lines.values()
        )

    async def negotiate(
        self, offer: SessionDescription, sources: dict[str, FeedSource], feeds: dict[str, Feed]
    ) -> str:
        """Return the answer to an offer and take its streams from now on.

        Args:
            offer: the client's.
            sources: mid of each sending m-line to its source.
            feeds: the participant's feeds by source, made by the room.

        Raises:
            MediaError: `ice_restart`, `no_common_codec`, `sdp_not_multiplexed`, `unknown_mid`.
        """
        if self._user and offer.transport.user != self._user:
            raise MediaError("ice_restart", "An ICE restart needs a new peer connection (rebuild).")
        lines = _read_lines(offer, sources, feeds, self.preferred)
        local = await self.open()
        self._apply(offer, lines)
        if not self._user:
            self._user = offer.transport.user
            self.start(offer.transport, server=offer.transport.setup != "passive")
        self._version += 1
        return write_description(
            [_answer_section(section, lines.get(section.mid)) for section in offer.sections],
            local,
            version=self._version,
            setup="active" if offer.transport.setup == "passive" else "passive",
        )

    def _apply(self, offer: SessionDescription, lines: dict[str, _Line]) -> None:
        for mid, line in lines.items():
            known = self._lines.get(mid)
            if known is None or known.feed is not line.feed:
                line.feed.stop()
                # A page sends everything by a new connection, whatever it was told before.
                line.feed.demand = LayerDemand(line.rids) if line.rids else None
                if not line.rids:
                    section = next(one for one in offer.sections if one.mid == mid)
                    self._add_announced(line, section)
            elif not line.feed.is_audio:
                for track in line.feed.layers:
                    track.accept(line.types)
        self._lines = lines
        kept = {id(line.feed) for line in lines.values()}
        self.tracks = {s: t for s, t in self.tracks.items() if id(t.feed) in kept}
        self._repairs = {s: r for s, r in self._repairs.items() if id(r[0].feed) in kept}

    def _add_announced(self, line: _Line, section: Section) -> None:
        """Take the streams that an offer names by SSRC; layers are found by their ids instead."""
        repairs = set(section.repairs)
        media = [ssrc for ssrc in section.streams if ssrc not in repairs]
        if media:
            self._add_track(line, media[0])
        for repair, repeated in section.repairs.items():
            if repeated in self.tracks:
                self._repairs[repair] = self.tracks[repeated], _repeated_types(line)

    def _add_track(self, line: _Line, ssrc: int, rid: str = "") -> Track:
        now = self._around.clock()
        ours = OPUS if line.feed.is_audio else VP8
        track = Track(
            line.feed,
            ssrc,
            payload_types=(line.codecs[0].payload_type, ours.payload_type),
            clock_rate=line.codecs[0].clock_rate,
            actions=line.actions,
            buffers=(self._around.inbox, self._around.outbox),
            ask_key_frame=self.ask_key_frame,
            rid=rid,
            rank=line.rids.index(rid) if rid else 0,
            codecs=line.types,
        )
        self.tracks[ssrc] = track
        forgotten = _forget_oldest(self.tracks)
        if forgotten is not None:
            forgotten.feed.drop(forgotten, now)
        if rid:
            track.received_at = now  # its first packet is being read
        line.feed.add(track, now)
        track.want_key_frame(now)
        return track

    # --- packets --------------------------------------------------------------------------------

    def receive_packet(self, size: int) -> None:
        """Decrypt one packet and give it to its track."""
        inbox = self._around.inbox
        inbox.length[0] = size
        if unprotect(self.transport.srtp_in, inbox.address, inbox.length):
            return
        size = inbox.length[0]
        ssrc = int.from_bytes(inbox.view[8:12], "big")
        now = self._around.clock()
        track = self.tracks.get(ssrc)
        if track is None:
            repeats = self._repairs.get(ssrc)
            track = repeats[0] if repeats is not None else self._bind(ssrc, size)
            if track is None:
                self._note_arrival(size, now)
                return
            size = self._unwrap(ssrc, size, now)
            if not size:
                return
        if track.receive(size, now):
            feed = track.feed
            if not feed.started:
                feed.started = True
                self._started(feed)
            if track.has_gaps:
                self._ask_lost(track, now)
        if track.transport_sequence >= 0:
            self._arrivals.note(track.transport_sequence, now)

    def _note_arrival(self, size: int, now: float) -> None:
        """Note a packet of no known stream, with which a publisher may try its path."""
        inbox = self._around.inbox.bytes
        start = rtp.payload_offset(inbox, size)
        for line in self._lines.values():
            value = rtp.read_extension(inbox, start, line.number_extension) if start else None
            if value is not None and len(value) == 2:
                self._arrivals.note(int.from_bytes(value, "big"), now)
                return

    def _unwrap(self, ssrc: int, size: int, now: float) -> int:
        """Turn a retransmission in the inbox into what it repeats.

        Returns the new size; `size` as it was for a packet of no retransmission stream, 0 for
        padding that only probes the path.
        """
        found = self._repairs.get(ssrc)
        if found is None:
            return size
        track, types = found
        inbox = self._around.inbox.bytes
        start = rtp.payload_offset(inbox, size)
        repeated = types.get(inbox[1] & 0x7F)
        if not start or repeated is None:
            return 0
        unwrapped = rtp.unwrap_retransmission(inbox, size, start, repeated, track.ssrc)
        if not unwrapped:
            _, transport_sequence, _ = rtp.canonicalise(inbox, start, track.actions, 0)
            if transport_sequence >= 0:
                self._arrivals.note(transport_sequence, now)
        return unwrapped

    def _bind(self, ssrc: int, size: int) -> Track | None:
        """Find the m-line of an SSRC that no offer named, by its MID extension (RFC 9143).

        Of a picture in layers the stream id tells which one it is (RFC 8852).
        """
        inbox = self._around.inbox.bytes
        start = rtp.payload_offset(inbox, size)
        if not start:
            return None
        payload_type = inbox[1] & 0x7F
        for mid, line in self._lines.items():
            if rtp.read_extension(inbox, start, line.mid_extension) == mid.encode():
                break
        else:
            return None
        repeated = _repeated_types(line)
        if payload_type in line.types or payload_type == line.codecs[0].payload_type:
            rid = _read_layer(inbox, start, line.rid_extension, line)
            return self._add_track(line, ssrc, rid) if rid is not None else None
        if payload_type in repeated:
            rid = _read_layer(inbox, start, line.repaired_extension, line)
            track = next((one for one in line.feed.layers if one.rid == rid), None)
            if track is not None and self.tracks.get(track.ssrc) is track:
                self._repairs[ssrc] = (track, repeated)
                _forget_oldest(self._repairs)
                return track
        return None

    # --- RTCP -----------------------------------------------------------------------------------

    def handle_control(self, message: rtcp.Message, now: float) -> None:
        """Translate sender reports to all subscribers."""
        if not isinstance(message, rtcp.SenderReport):
            return
        track = self.tracks.get(message.ssrc)
        if track is None:
            return
        track.note_report(message, now)
        if track.feed.tape is not None:
            track.feed.tape.report(track, message, now)
        for downstream in track.live:
            if downstream.report is not None and downstream.offset is not None:
                downstream.report(downstream.translate(message, now))

    def ask_key_frame(self, track: Track) -> None:
        """Send a picture loss indication for `track`."""
        self.send_control(
            rtcp.build_receiver_report(self.ssrc, [])
            + rtcp.build_picture_loss(self.ssrc, track.ssrc)
        )

    def _ask_lost(self, track: Track, now: float) -> None:
        due = track.due_again(now)
        if due:
            self.send_control(
                rtcp.build_receiver_report(self.ssrc, [])
                + rtcp.build_nack(self.ssrc, track.ssrc, due)
            )

    def tick(self, now: float) -> None:
        """Ask again for what is lost and send due key frame requests."""
        for track in self.tracks.values():
            if track.has_gaps:
                self._ask_lost(track, now)
            track.send_due(now)
        for line in self._lines.values():
            line.feed.settle(now)

    def report_arrivals(self) -> None:
        """Say when packets arrived, for the publisher's congestion control."""
        if self.tracks:
            feedback = self._arrivals.build(next(iter(self.tracks)))
            if feedback is not None:
                self.send_control(feedback)

    def report(self, now: float, bits_per_second: int) -> None:
        """Send receiver reports, and how much the pictures may take together.

        Args:
            now: seconds.
            bits_per_second: for all video of this leg; 0 if it has none.
        """
        blocks = [block for track in self.tracks.values() if (block := track.report(now))]
        compound = rtcp.build_receiver_report(self.ssrc, blocks)
        compound += rtcp.build_source_description(self.ssrc, "projectdesk")
        pictures = [ssrc for ssrc, track in self.tracks.items() if not track.feed.is_audio]
        if pictures and bits_per_second:
            compound += rtcp.build_estimate(self.ssrc, bits_per_second, pictures)
        self.send_control(compound)

    def statistics(self) -> LegStatistics:
        """Return the counters."""
        tracks = self.tracks.values()
        return LegStatistics(
            participant=self.participant,
            kind=self.kind,
            state=self.state,
            packets_in=sum(track.received for track in tracks),
            bytes_in=sum(track.octets for track in tracks),
            lost=sum(track.lost for track in tracks),
        )


def _forget_oldest(streams: dict[int, _Stream]) -> _Stream | None:
    """Bound what a peer with ever new SSRCs makes us remember; return what is forgotten."""
    return streams.pop(next(iter(streams))) if len(streams) > MAX_STREAMS else None


def _repeated_types(line: _Line) -> dict[int, int]:
    """Return which payload type each of the retransmissions repeats."""
    return {one.payload_type: again for one in line.codecs if (again := one.repeats) is not None}


def _read_layer(packet: bytearray, start: int, extension: int, line: _Line) -> str | None:
    """Return which layer a packet names; empty where the line has none, None if it names none."""
    if not line.rids:
        return ""
    value = rtp.read_extension(packet, start, extension) if extension else None
    rid = value.decode("ascii", "replace") if value is not None else None
    return rid if rid in line.rids else None


def _read_lines(
    offer: SessionDescription,
    sources: dict[str, FeedSource],
    feeds: dict[str, Feed],
    preferred: Sequence[VideoCodec],
) -> dict[str, _Line]:
    """Return what to take of each m-line that `sources` names."""
    lines = {}
    for mid, source in sources.items():
        section, codecs = find_source(offer, mid, source)
        types: dict[int, PictureCodec] = {}
        if source not in SOUNDS:
            pictures = answered(section, preferred)
            codecs = tuple(pictures)
            types = {one.payload_type: ours for one, ours in pictures.items() if ours is not None}
        extensions = choose_extensions(section)
        numbers = {uri: number for number, uri in extensions.items()}
        lines[mid] = _Line(
            feed=feeds[source],
            codecs=codecs,
            mid_extension=numbers.get(rtp.URI_MID, 0),
            rid_extension=numbers.get(rtp.URI_STREAM_ID, 0),
            repaired_extension=numbers.get(rtp.URI_REPAIRED_STREAM_ID, 0),
            number_extension=numbers.get(rtp.URI_TRANSPORT_SEQUENCE, 0),
            actions=rtp.extension_actions(extensions),
            rids=choose_layers(section, codecs),
            offered=tuple(described(section)) if source not in SOUNDS else (),
            types=types,
        )
    return lines


def _answer_section(section: Section, line: _Line | None) -> LocalSection:
    """Return our side of an offered m-line: received, idle, or rejected for good."""
    codecs = line.codecs if line is not None else ()
    if line is None and section.kind in ("audio", "video"):
        codecs = choose_codecs(section)
    if section.rejected or not codecs:
        first = next(iter(section.codecs), None)
        return LocalSection(
            kind=section.kind,
            mid=section.mid,
            direction="inactive",
            codecs=(),
            rejected=True,
            format="webrtc-datachannel" if section.kind == "application" else str(first or 0),
        )
    return LocalSection(
        kind=section.kind,
        mid=section.mid,
        direction="recvonly" if line is not None else "inactive",
        codecs=codecs,
        extensions=tuple(choose_extensions(section).items()),
        layers=line.rids if line is not None else (),
    )
