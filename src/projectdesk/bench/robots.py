"""Robots: participants that send a fixed load and time what comes back.

Each leg has a UDP port of its own, as a browser's peer connection has, and speaks ICE, DTLS and
SRTP like one, so that they can drive any media server. They send what decisions 21 fixes: 50 audio
packets of 120 bytes and 75 video packets of 1100 bytes a second, evenly spaced.
"""

from __future__ import annotations

import asyncio
import random
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from projectdesk.media.embedded import rtcp, rtp
from projectdesk.media.embedded._aiortc_seam import (
    MAX_TRAILER,
    Certificate,
    SrtpBuffer,
    SrtpSession,
    protect,
    unprotect,
)
from projectdesk.media.embedded.description import (
    OPUS,
    VP8,
    VP8_AGAIN,
    LocalSection,
    OutgoingStream,
    write_description,
)
from projectdesk.media.embedded.leg import Leg, Surroundings, make_ssrc
from projectdesk.media.embedded.sdp import Setup, parse_description
from projectdesk.media.embedded.tasks import Tasks
from projectdesk.media.embedded.udp import Address, UdpPorts
from projectdesk.signalling.media import FeedSource, LegKind, LegStatistics

AUDIO_RATE, AUDIO_BYTES = 50, 120
VIDEO_RATE, VIDEO_BYTES = 75, 1100
"""Packets per second and bytes per RTP packet, header included."""

BUCKET_NS = 50_000
"""Width of one place in a histogram of delays: 50 us."""

BUCKETS = 20_000
"""The last place counts everything from one second on."""

_LOOPBACK = "127.0.0.1"
_REPORT_S = 1.0
STAMP = struct.Struct("!Q")
"""The last bytes of a packet: when it was sent, in nanoseconds of the monotonic clock."""

_EXTENSIONS = {
    1: rtp.URI_AUDIO_LEVEL,
    2: rtp.URI_SEND_TIME,
    3: rtp.URI_TRANSPORT_SEQUENCE,
}
_LAYER_EXTENSIONS = {**_EXTENSIONS, 4: rtp.URI_MID, 5: rtp.URI_STREAM_ID}


@dataclass(slots=True)
class Window:
    """Which packets count, by when they were sent, in nanoseconds of the monotonic clock."""

    start: int = 0
    stop: int = 0


class Stream:
    """One stream of a robot: packets that differ in number, time and stamp only."""

    def __init__(self, source: FeedSource, ssrc: int) -> None:
        """Make the packet that is sent again and again.

        Args:
            source: `audio` or `video`.
            ssrc: of the stream.
        """
        audio = source == "audio"
        self.source: FeedSource = source
        self.ssrc = ssrc
        self.size = ""
        """Layer id where a camera is sent in several sizes."""

        self.asleep = False
        """Nobody gets it: its time passes, and nothing is sent."""

        self.interval = 1 / (AUDIO_RATE if audio else VIDEO_RATE)
        self.sent = self.counted = 0
        self._sequence = random.randrange(1 << 15)  # noqa: S311 - no secret
        self._time = 0
        self._step = int((OPUS if audio else VP8).clock_rate * self.interval)
        extensions = bytes((0x10, 0x80 | 30)) if audio else b""
        extensions += bytes((0x22, 0, 0, 0, 0x31, 0, 0))
        extensions += bytes(-len(extensions) % 4)
        head = rtp.FIXED_HEADER.pack(
            0x90, (OPUS if audio else VP8).payload_type, self._sequence, 0, ssrc
        )
        head += struct.pack("!HH", 0xBEDE, len(extensions) // 4) + extensions
        size = AUDIO_BYTES if audio else VIDEO_BYTES
        self.packet = bytearray(head + bytes(size - len(head)))

    def advance(self, stamp: int) -> bytearray:
        """Return the next packet, stamped with when it is sent."""
        self._sequence = (self._sequence + 1) & 0xFFFF
        self._time = (self._time + self._step) & 0xFFFFFFFF
        rtp.SEQUENCE_TIME_SSRC.pack_into(self.packet, 2, self._sequence, self._time, self.ssrc)
        STAMP.pack_into(self.packet, len(self.packet) - 8, stamp)
        return self.packet

    def skip(self) -> None:
        """Let the time of one packet pass."""
        self._time = (self._time + self._step) & 0xFFFFFFFF

    def report(self) -> bytes:
        """Return a sender report for now."""
        ntp = int((time.time() + 2208988800) * (1 << 32))
        return rtcp.build_sender_report(
            rtcp.SenderReport(self.ssrc, ntp, self._time, self.sent, self.sent * len(self.packet))
        )


class PublishingRobot(Leg):
    """Sends one voice and one picture."""

    kind: ClassVar[LegKind] = "publish"

    def __init__(
        self, name: str, around: Surroundings, changed: Callable[[Leg], None], window: Window
    ) -> None:
        """Make a robot's publish leg; see `Leg`."""
        super().__init__(name, around, changed, controlling=True)
        self.streams: tuple[Stream, ...] = (
            Stream("audio", make_ssrc()),
            Stream("video", make_ssrc()),
        )
        self.layers: tuple[str, ...] = ()
        """Sizes of the camera, where there are several."""

        self.failed = 0
        self._window = window
        self._session: SrtpSession | None = None

    async def offer(self) -> tuple[str, dict[str, FeedSource]]:
        """Return the offer and its sources by mid."""
        sections = [
            LocalSection(
                kind=stream.source,
                mid=str(number),
                direction="sendonly",
                codecs=(OPUS,) if stream.source == "audio" else (VP8, VP8_AGAIN),
                extensions=tuple((_LAYER_EXTENSIONS if self.layers else _EXTENSIONS).items()),
                stream=OutgoingStream(stream.ssrc, None, self.participant, stream.source),
                layers=self.layers if stream.source == "video" else (),
            )
            for number, stream in enumerate(self.streams[:2])
        ]
        text = write_description(sections, await self.open(), version=1, setup="actpass")
        return text, {str(number): stream.source for number, stream in enumerate(self.streams[:2])}

    def answered(self, sdp: str) -> None:
        """Connect to whom the answer describes."""
        peer = parse_description(sdp).transport
        self.start(peer, server=peer.setup == "active")

    def aim(self, session: SrtpSession, reflector: Address) -> None:
        """Send to a reflector with a known key, without ICE and DTLS."""
        port = self._around.ports.ports[0]
        self._session = session
        self.transport.srtp_out = session.raw
        self.path_changed(port, reflector)

    def play(self, loop: asyncio.AbstractEventLoop, stop: float) -> None:
        """Send all streams until `stop` (loop time), at phases of their own."""
        for stream in self.streams:
            phase = random.random() * stream.interval  # noqa: S311 - no secret
            loop.call_at(loop.time() + phase, self._send, stream, loop, loop.time() + phase, stop)
        loop.call_later(_REPORT_S, self._report, loop, stop)

    def _send(
        self, stream: Stream, loop: asyncio.AbstractEventLoop, due: float, stop: float
    ) -> None:
        if stream.asleep:
            stream.skip()
            if (due := due + stream.interval) < stop:
                loop.call_at(due, self._send, stream, loop, due, stop)
            return
        outbox, stamp = self._around.outbox, time.monotonic_ns()
        packet = stream.advance(stamp)
        size = len(packet)
        outbox.bytes[:size] = packet
        outbox.length[0] = size
        if self.send is not None and not protect(
            self.transport.srtp_out, outbox.address, outbox.length
        ):
            try:
                if self.let_out(packet, stream):
                    self.send(outbox.view[: outbox.length[0]], self.peer)
                stream.sent += 1
            except OSError:
                self.failed += 1
            stream.counted += self._window.start <= stamp < self._window.stop
        due += stream.interval
        if due < stop:
            loop.call_at(due, self._send, stream, loop, due, stop)

    def let_out(self, packet: bytearray, stream: Stream) -> bool:
        """Return whether a packet leaves: here all do."""
        return True

    def _report(self, loop: asyncio.AbstractEventLoop, stop: float) -> None:
        for stream in self.streams:
            self.send_control(stream.report())
        if loop.time() < stop:
            loop.call_later(_REPORT_S, self._report, loop, stop)

    def receive_packet(self, size: int) -> None:
        """Ignore media: nobody sends any here."""

    def handle_control(self, message: rtcp.Message, now: float) -> None:
        """Ignore reports and requests: the load is fixed."""

    def statistics(self) -> LegStatistics:
        """Return the counters."""
        return LegStatistics(
            participant=self.participant,
            kind=self.kind,
            state=self.state,
            packets_out=sum(stream.sent for stream in self.streams),
        )


class SubscribingRobot(Leg):
    """Counts and times the packets of all others."""

    kind: ClassVar[LegKind] = "subscribe"

    def __init__(
        self, name: str, around: Surroundings, changed: Callable[[Leg], None], window: Window
    ) -> None:
        """Make a robot's subscribe leg; see `Leg`."""
        super().__init__(name, around, changed, controlling=False)
        self.received = 0
        self.delays = [0] * (BUCKETS + 1)
        self._window = window
        self._session: SrtpSession | None = None
        self._version = 0
        self._streams: dict[int, int] = {}
        """SSRC to highest sequence number, for reports."""

        self._repaired: dict[int, int] = {}
        """SSRC of repeats to that of what they repeat."""

    async def take(self, sdp: str) -> str:
        """Return the answer to an offer: everything is received."""
        offer = parse_description(sdp)
        local = await self.open()
        sections = [
            LocalSection(
                kind=section.kind,
                mid=section.mid,
                direction="recvonly" if section.sends else "inactive",
                codecs=tuple(section.codecs.values()),
                extensions=tuple(section.extensions.items()),
                rejected=section.rejected,
                format=str(next(iter(section.codecs), 0)),
            )
            for section in offer.sections
        ]
        self._version += 1
        for section in offer.sections:
            self._repaired.update(section.repairs)
        self.start(offer.transport, server=offer.transport.setup == "active")
        setup: Setup = "passive" if offer.transport.setup == "active" else "active"
        return write_description(sections, local, version=self._version, setup=setup)

    def aim(self, session: SrtpSession, reflector: Address) -> None:
        """Receive from a reflector with a known key, without ICE and DTLS."""
        port = self._around.ports.ports[0]
        self._session = session
        self.transport.srtp_in = session.raw
        port.claim(reflector, self.transport)
        self.path_changed(port, reflector)

    def play(self, loop: asyncio.AbstractEventLoop, stop: float) -> None:
        """Send receiver reports until `stop` (loop time)."""
        blocks = [rtcp.ReportBlock(ssrc, 0, 0, highest, 0, 0, 0)
                  for ssrc, highest in self._streams.items()]  # fmt: skip
        self.send_control(
            rtcp.build_receiver_report(self.ssrc, blocks)
            + rtcp.build_estimate(self.ssrc, 100_000_000, list(self._streams)[:31])
        )
        if loop.time() < stop:
            loop.call_later(_REPORT_S, self.play, loop, stop)

    def receive_packet(self, size: int) -> None:
        """Decrypt, count and time one packet."""
        inbox = self._around.inbox
        inbox.length[0] = size
        if unprotect(self.transport.srtp_in, inbox.address, inbox.length):
            return
        _, _, sequence, _, ssrc = rtp.FIXED_HEADER.unpack_from(inbox.bytes)
        self._streams[ssrc] = sequence
        (stamp,) = STAMP.unpack_from(inbox.bytes, inbox.length[0] - 8)
        if self._window.start <= stamp < self._window.stop:
            self.received += 1
            bucket = (time.monotonic_ns() - stamp) // BUCKET_NS
            self.delays[bucket if bucket < BUCKETS else BUCKETS] += 1

    def handle_control(self, message: rtcp.Message, now: float) -> None:
        """Ignore reports."""

    def statistics(self) -> LegStatistics:
        """Return the counters."""
        return LegStatistics(
            participant=self.participant,
            kind=self.kind,
            state=self.state,
            packets_in=self.received,
        )


class RobotWorld:
    """What the robots of one process share, and how their legs are made."""

    def __init__(self, address: str = _LOOPBACK) -> None:
        """Reserve buffers and make a certificate.

        Args:
            address: of this machine, on which the robots have their ports.
        """
        self.window = Window()
        self._address = address
        self._inbox = SrtpBuffer(65536 + MAX_TRAILER)
        self._outbox = SrtpBuffer(2048 + MAX_TRAILER)
        self._certificate = Certificate()
        self.tasks = Tasks()
        self._ports: list[UdpPorts] = []

    async def close(self) -> None:
        """Close the ports of all legs."""
        await self.tasks.cancel()
        for ports in self._ports:
            ports.close()

    def surround(self) -> Surroundings:
        """Return surroundings for one leg: a UDP port of its own, all else shared."""
        ports = UdpPorts(self._inbox.bytes, [self._address], None)
        ports.open_missing()
        self._ports.append(ports)
        return Surroundings(
            ports=ports,
            certificate=self._certificate,
            inbox=self._inbox,
            outbox=self._outbox,
            public_addresses=(),
            clock=time.monotonic,
            tasks=self.tasks,
        )
