"""Robots that do more of what browsers do: cameras in several sizes, repeats, reports of arrivals.

The plain robots send and count, so that they cost little beside what is measured. These also lose
packets on purpose, as a bad network would.
"""

from __future__ import annotations

import asyncio
import random
import struct
import time
from collections import OrderedDict
from collections.abc import Callable, Collection

from projectdesk.bench.robots import (
    BUCKET_NS,
    BUCKETS,
    STAMP,
    VIDEO_BYTES,
    PublishingRobot,
    Stream,
    SubscribingRobot,
    Window,
)
from projectdesk.bench.scenario import LAYER_HEIGHTS, LAYER_RATES, Scenario
from projectdesk.media.embedded import rtcp, rtp
from projectdesk.media.embedded._aiortc_seam import protect, unprotect
from projectdesk.media.embedded.description import OPUS, VP8, VP8_AGAIN
from projectdesk.media.embedded.feedback import ArrivalLog
from projectdesk.media.embedded.leg import Leg, Surroundings, make_ssrc

_KEPT = 512
"""Packets that a publisher can repeat."""

_TRIES = 8
_RETRY_S = 0.1
_REPORT_S = 0.1
_MOST_MISSING = 256

MID_EXTENSION, LAYER_EXTENSION = 4, 5


class LayerStream(Stream):
    """One size of a camera: VP8 by its first bytes, with a key frame a second or when asked for."""

    def __init__(self, size: str, ssrc: int) -> None:
        """Make the packet; see `Stream`.

        Args:
            size: `q`, `h` or `f`.
            ssrc: of the stream.
        """
        super().__init__("video", ssrc)
        self.size = size
        self.interval = 1 / LAYER_RATES[size]
        self._step = int(VP8.clock_rate * self.interval)
        extensions = bytes((MID_EXTENSION << 4,)) + b"1"
        extensions += bytes((LAYER_EXTENSION << 4,)) + size.encode() + bytes((0x31, 0, 0))
        extensions += bytes(-len(extensions) % 4)
        head = rtp.FIXED_HEADER.pack(0x90, 0x80 | VP8.payload_type, self._sequence, 0, ssrc)
        head += struct.pack("!HH", 0xBEDE, len(extensions) // 4) + extensions
        self._start = len(head)
        descriptor = bytes((0x90, 0xE0, 0x80, 0, 0, 0))
        height = LAYER_HEIGHTS[size]
        frame = b"\x01\0\0\x9d\x01\x2a" + struct.pack("<HH", height * 16 // 9, height)
        head += descriptor + frame
        self.packet = bytearray(head + bytes(VIDEO_BYTES - len(head)))
        self._picture = 0
        self._until_key = 0

    def begin_again(self) -> None:
        """Make the next frame a key frame."""
        self._until_key = 0

    def advance(self, stamp: int) -> bytearray:
        """Return the next packet, a frame of its own."""
        packet = super().advance(stamp)
        at = self._start
        self._picture = (self._picture + 1) & 0x7FFF
        packet[at + 2] = 0x80 | self._picture >> 8
        packet[at + 3] = packet[at + 4] = self._picture & 0xFF
        key = self._until_key == 0
        packet[at + 6] = 0x00 if key else 0x01
        self._until_key = LAYER_RATES[self.size] if key else self._until_key - 1
        return packet


class BrowserlikePublisher(PublishingRobot):
    """Sends sizes, repeats what was lost, and begins with a key frame when one is asked for."""

    def __init__(
        self,
        name: str,
        around: Surroundings,
        changed: Callable[[Leg], None],
        window: Window,
        scenario: Scenario,
    ) -> None:
        """Make a publisher; see `PublishingRobot`."""
        super().__init__(name, around, changed, window)
        self._loss = scenario.loss
        self._kept: OrderedDict[tuple[int, int], bytes] = OrderedDict()
        if scenario.simulcast:
            layers = [LayerStream(size, make_ssrc()) for size in LAYER_RATES]
            self.streams = (self.streams[0], *layers)
            self.layers = tuple(LAYER_RATES)

    def want_layers(self, sizes: Collection[str]) -> None:
        """Send these sizes of the camera and no others; each begins with a key frame."""
        for stream in self.streams:
            if isinstance(stream, LayerStream):
                wakes = stream.asleep and stream.size in sizes
                stream.asleep = stream.size not in sizes
                if wakes:
                    stream.begin_again()

    def let_out(self, packet: bytearray, stream: Stream) -> bool:
        """Keep a picture's packet for repeats; return False where the network loses it."""
        if not self._loss:
            return True
        if stream.source != "audio":
            sequence = int.from_bytes(packet[2:4], "big")
            self._kept[stream.ssrc, sequence] = bytes(packet)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return random.random() >= self._loss  # noqa: S311 - no secret

    def handle_control(self, message: rtcp.Message, now: float) -> None:
        """Act on requests for key frames and for lost packets."""
        if isinstance(message, rtcp.KeyFrameRequest):
            for stream in self.streams:
                if stream.ssrc in message.media and isinstance(stream, LayerStream):
                    stream.begin_again()
        elif isinstance(message, rtcp.Nack):
            for sequence in message.lost:
                packet = self._kept.get((message.media, sequence))
                if packet is not None and random.random() >= self._loss:  # noqa: S311
                    self._repeat(packet)

    def _repeat(self, packet: bytes) -> None:
        outbox, size = self._around.outbox, len(packet)
        outbox.bytes[:size] = packet
        outbox.length[0] = size
        if self.send is not None and not protect(
            self.transport.srtp_out, outbox.address, outbox.length
        ):
            try:
                self.send(outbox.view[: outbox.length[0]], self.peer)
            except OSError:
                self.failed += 1


class BrowserlikeSubscriber(SubscribingRobot):
    """Reports arrivals, and asks for pictures' packets that were lost."""

    def __init__(
        self,
        name: str,
        around: Surroundings,
        changed: Callable[[Leg], None],
        window: Window,
        scenario: Scenario,
    ) -> None:
        """Make a subscriber; see `SubscribingRobot`."""
        super().__init__(name, around, changed, window)
        self.received_audio = 0
        self._loss = scenario.loss
        self._arrivals = ArrivalLog(self.ssrc)
        self._missing: dict[tuple[int, int], tuple[float, int]] = {}
        """SSRC and number of what did not come, to when it was asked for and how often."""

    def play(self, loop: asyncio.AbstractEventLoop, stop: float) -> None:
        """Report until `stop` (loop time)."""
        super().play(loop, stop)
        self._report_arrivals(loop, stop)

    def _report_arrivals(self, loop: asyncio.AbstractEventLoop, stop: float) -> None:
        if self._streams:
            feedback = self._arrivals.build(next(iter(self._streams)))
            if feedback is not None:
                self.send_control(rtcp.build_receiver_report(self.ssrc, []) + feedback)
        self._ask_lost()
        if loop.time() < stop:
            loop.call_later(_REPORT_S, self._report_arrivals, loop, stop)

    def receive_packet(self, size: int) -> None:
        """Decrypt, note, count and time one packet, or lose it."""
        if self._loss and random.random() < self._loss:  # noqa: S311 - no secret
            return
        inbox = self._around.inbox
        inbox.length[0] = size
        if unprotect(self.transport.srtp_in, inbox.address, inbox.length):
            return
        size, packet = inbox.length[0], inbox.bytes
        _, kind, sequence, _, ssrc = rtp.FIXED_HEADER.unpack_from(packet)
        start = rtp.payload_offset(packet, size)
        number = rtp.read_extension(packet, start, rtp.TRANSPORT_SEQUENCE)
        if number is not None:
            self._arrivals.note(int.from_bytes(number, "big"), time.monotonic())
        kind &= 0x7F
        if kind == VP8_AGAIN.payload_type:
            self._take_repeat(size, start)
        elif kind == OPUS.payload_type or self._note(ssrc, sequence):
            self._count(size, audio=kind == OPUS.payload_type)

    def _take_repeat(self, size: int, start: int) -> None:
        packet = self._around.inbox.bytes
        if size - start - (packet[size - 1] if packet[0] & 0x20 else 0) < 3:
            return  # padding
        sequence = int.from_bytes(packet[start : start + 2], "big")
        repaired = self._repaired.get(int.from_bytes(packet[8:12], "big"), 0)
        if self._missing.pop((repaired, sequence), None) is not None:
            self._count(size, audio=False)

    def _note(self, ssrc: int, sequence: int) -> bool:
        """Note a packet of a picture and the gap before it; return whether it is new."""
        before = self._streams.get(ssrc)
        if before is None:
            self._streams[ssrc] = sequence
            return True
        ahead = (sequence - before) & 0xFFFF
        if ahead == 0 or ahead >= 0x8000:
            return self._missing.pop((ssrc, sequence), None) is not None
        self._streams[ssrc] = sequence
        if 1 < ahead <= _MOST_MISSING:
            for number in range(1, ahead):
                self._missing[ssrc, before + number & 0xFFFF] = (0.0, 0)
            self._ask_lost()
        return True

    def _ask_lost(self) -> None:
        now = time.monotonic()
        asked: dict[int, list[int]] = {}
        for key, (at, tries) in list(self._missing.items()):
            if tries >= _TRIES:
                del self._missing[key]
            elif now - at >= _RETRY_S:
                self._missing[key] = (now, tries + 1)
                asked.setdefault(key[0], []).append(key[1])
        for ssrc, numbers in asked.items():
            self.send_control(
                rtcp.build_receiver_report(self.ssrc, [])
                + rtcp.build_nack(self.ssrc, ssrc, numbers)
            )

    def _count(self, size: int, *, audio: bool) -> None:
        (stamp,) = STAMP.unpack_from(self._around.inbox.bytes, size - 8)
        if self._window.start <= stamp < self._window.stop:
            self.received += 1
            self.received_audio += audio
            bucket = (time.monotonic_ns() - stamp) // BUCKET_NS
            self.delays[bucket if bucket < BUCKETS else BUCKETS] += 1
