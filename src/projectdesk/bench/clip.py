"""A short picture in VP8 that a browser can decode, as RTP packets that are sent over and over."""

from __future__ import annotations

import fractions
import struct
from collections.abc import Sequence

import av
from av import VideoFrame

from projectdesk.bench.robots import Stream
from projectdesk.media.embedded import rtp
from projectdesk.media.embedded.description import VP8

RATE = 15
"""Pictures a second."""

SECONDS = 2
WIDTH, HEIGHT = 320, 180
_PAYLOAD = 1100
_BEGINS = b"\x10"
_GOES_ON = b"\x00"
"""VP8 payload descriptors (RFC 7741 section 4.2): start of the first partition, or not."""

Frames = Sequence[bytes]


def make_frames() -> Frames:
    """Return the pictures of a clip in VP8: the first is a key frame, the others are not."""
    codec = av.CodecContext.create("libvpx", "w")
    assert isinstance(codec, av.VideoCodecContext)  # noqa: S101 - tells the type checker
    codec.width, codec.height, codec.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    codec.time_base = fractions.Fraction(1, RATE)
    codec.bit_rate = 300_000
    codec.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
    codec.gop_size = RATE * SECONDS * 2
    found: list[bytes] = []
    for number in range(RATE * SECONDS):
        picture = VideoFrame(WIDTH, HEIGHT, "yuv420p")
        for index, plane in enumerate(picture.planes):
            shade = 40 + number * 160 // (RATE * SECONDS) if index == 0 else 128
            plane.update(bytes([shade]) * plane.buffer_size)
        picture.pts = number
        found += [bytes(packet) for packet in codec.encode(picture)]
    found += [bytes(packet) for packet in codec.encode(None)]
    return found


class ClipStream(Stream):
    """A stream whose packets are those of a clip; see `Stream`."""

    def __init__(self, frames: Frames, ssrc: int) -> None:
        super().__init__("video", ssrc)
        self._packets = [
            (
                _GOES_ON if start else _BEGINS,
                frame[start : start + _PAYLOAD],
                start + _PAYLOAD >= len(frame),
            )
            for frame in frames
            for start in range(0, len(frame), _PAYLOAD)
        ]
        self.interval = len(frames) / RATE / len(self._packets)
        self._step = VP8.clock_rate // RATE
        self._at = 0
        self._wanted = False

    def begin_again(self) -> None:
        """Go on with the key frame, after the picture that is under way."""
        self._wanted = True

    def advance(self, stamp: int) -> bytearray:
        """Return the next packet."""
        descriptor, payload, last = self._packets[self._at]
        self._sequence = (self._sequence + 1) & 0xFFFF
        if descriptor == _BEGINS:
            self._time = (self._time + self._step) & 0xFFFFFFFF
        header = bytearray(rtp.FIXED_HEADER.size)
        marked = (0x80 if last else 0) | VP8.payload_type
        struct.pack_into("!BBHII", header, 0, 0x80, marked, self._sequence, self._time, self.ssrc)
        self._at = (self._at + 1) % len(self._packets)
        if last and self._wanted:
            self._wanted, self._at = False, 0
        self.packet = header + descriptor + payload
        return self.packet
