"""Packets as a browser sends them, made by real encoders; and what a network does to them."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import av

OPUS_TYPE, VP8_TYPE = 111, 96
FRAME_S, SOUND_S = 0.04, 0.02


@dataclass(frozen=True)
class Sent:
    """One packet: when it is sent, and its bytes."""

    at: float
    data: bytes


LONGEST_S = 8.0


def wave(*, loud: bool) -> bytes:
    """Return 20 ms of a square wave of 1 kHz, or of silence."""
    half = struct.pack("<hh", 20000, 20000) * 24 + struct.pack("<hh", -20000, -20000) * 24
    return half * 20 if loud else bytes(960 * 4)


def sounds(seconds: float) -> tuple[bytes, ...]:
    """Return the first Opus packets of `_sounds`."""
    return _sounds()[: round(seconds / SOUND_S)]


def pictures(seconds: float, width: int = 160, height: int = 120) -> tuple[bytes, ...]:
    """Return the first VP8 frames of `_pictures`."""
    return _pictures(width, height)[: round(seconds / FRAME_S)]


@lru_cache
def _sounds() -> tuple[bytes, ...]:
    """Return Opus packets: silence with a click of 40 ms at the beginning of each second."""
    codec = av.CodecContext.create("libopus", "w")
    codec.sample_rate, codec.layout, codec.format = 48000, "stereo", "s16"
    codec.time_base = Fraction(1, 48000)
    packets: list[bytes] = []
    for number in range(round(LONGEST_S / SOUND_S)):
        frame = av.AudioFrame(format="s16", layout="stereo", samples=960)
        frame.sample_rate, frame.pts, frame.time_base = 48000, number * 960, Fraction(1, 48000)
        frame.planes[0].update(wave(loud=number % 50 < 2))
        packets += [bytes(packet) for packet in codec.encode(frame)]
    return tuple(packets)


@lru_cache
def _pictures(width: int, height: int) -> tuple[bytes, ...]:
    """Return VP8 frames: black, white in the first 80 ms of each second; a key frame a second."""
    codec = av.CodecContext.create("libvpx", "w")
    codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
    codec.time_base, codec.framerate = Fraction(1, 90000), Fraction(25, 1)
    codec.gop_size = 25
    codec.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
    found: list[bytes] = []
    for number in range(round((LONGEST_S - 2) / FRAME_S)):
        frame = av.VideoFrame(width, height, "yuv420p")
        frame.pts, frame.time_base = number * 3600, Fraction(1, 90000)
        light = 235 if number % 25 < 2 else 16
        for plane, level in zip(frame.planes, (light, 128, 128), strict=True):
            plane.update(bytes([level]) * plane.buffer_size)
        found += [bytes(packet) for packet in codec.encode(frame)]
    return tuple(found)


def header(kind: int, number: int, timestamp: int, ssrc: int, *, marker: bool) -> bytes:
    return struct.pack(
        "!BBHII",
        0x80,
        kind | (0x80 if marker else 0),
        number & 0xFFFF,
        timestamp & 0xFFFFFFFF,
        ssrc,
    )


def audio_packets(seconds: float, *, begin: float = 0.0, first: int = 65500) -> Iterator[Sent]:
    """Yield a voice, sent as it sounds; sequence numbers and times run over their end."""
    for number, sound in enumerate(sounds(seconds)):
        timestamp = 0xFFFFFF00 + number * 960
        head = header(OPUS_TYPE, first + number, timestamp, 0xA0D10, marker=False)
        yield Sent(begin + number * SOUND_S, head + sound)


def video_packets(
    seconds: float,
    *,
    begin: float = 0.0,
    size: int = 400,
    late: float = 0.0,
    number: int = 65520,
    **shape: int,
) -> Iterator[Sent]:
    """Yield a camera in packets of `size` bytes; `late`: the encoder takes so long.

    number: of the first packet, 16 bits.
    """
    for place, picture in enumerate(pictures(seconds, **shape)):
        pieces = [picture[at : at + size] for at in range(0, len(picture), size)]
        for at, piece in enumerate(pieces):
            descriptor = bytes(
                [0x90 if at == 0 else 0x80, 0x80, 0x80 | place >> 8 & 0x7F, place & 0xFF]
            )
            timestamp = 12345 + round(begin * 90000) + place * 3600
            is_last = at == len(pieces) - 1
            head = header(VP8_TYPE, number, timestamp, 0x51DE0, marker=is_last)
            yield Sent(begin + late + place * FRAME_S + at * 0.0001, head + descriptor + piece)
            number += 1


def through_network(
    sent: Iterator[Sent],
    *,
    loss: float = 0.0,
    delay: float = 0.02,
    jitter: float = 0.0,
    again_after: float | None = None,
    seed: int = 1,
) -> list[Sent]:
    """Return packets as they arrive; what is lost comes `again_after`, or never."""
    chance = random.Random(seed)
    arrived = []
    for one in sent:
        at = one.at + delay + chance.random() * jitter
        if chance.random() < loss:
            if again_after is None:
                continue
            at += again_after
        arrived.append(Sent(at, one.data))
    return sorted(arrived, key=lambda one: one.at)
