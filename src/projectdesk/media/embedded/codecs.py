"""The picture codecs that can be forwarded: how they are described and how their packets are read.

A codec has payload types of its own towards subscribers, so a packet that is remembered tells by
itself what it is: a publisher may change its codec from one packet to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from projectdesk.media.embedded import h264, vp8, vp9
from projectdesk.media.embedded.description import ACCEPTED_FEEDBACK, VP8, VP8_AGAIN
from projectdesk.media.embedded.sdp import Codec, Section
from projectdesk.signalling.media import VideoCodec

Packet = bytes | bytearray

_CONSTRAINED_BASELINE = 0x42
_CONSTRAINT_1 = 0x40
"""A baseline stream with this bit is constrained baseline too (RFC 6184 section 8.1, table 5)."""


@dataclass(frozen=True, slots=True)
class PictureCodec:
    """One codec. The functions take a packet, where its payload begins, and its length.

    offered, again: as subscribers know it and its retransmissions.
    """

    name: VideoCodec
    offered: Codec
    again: Codec
    starts_key_frame: Callable[[Packet, int, int], bool]
    read_size: Callable[[Packet, int, int], tuple[int, int] | None]
    read_numbers: Callable[[Packet, int, int], vp8.FrameNumbers | None]

    def accepts(self, described: Codec) -> bool:
        """Tell whether a codec of somebody's description is this one, in the form we forward."""
        ours = self.offered
        if (described.name.lower(), described.clock_rate) != (self.name, ours.clock_rate):
            return False
        told = _parameters(described.parameters)
        if self.name == "vp9":
            return told.get("profile-id", "0") == "0"
        if self.name == "h264":
            return told.get("packetization-mode") == "1" and _is_baseline(told)
        return True


def _parameters(text: str) -> dict[str, str]:
    parts = (part.strip().partition("=") for part in text.split(";"))
    return {key.lower(): value for key, _, value in parts}


def _is_baseline(told: dict[str, str]) -> bool:
    try:
        level = bytes.fromhex(told.get("profile-level-id", ""))
    except ValueError:
        return False
    return len(level) == 3 and level[0] == _CONSTRAINED_BASELINE and bool(level[1] & _CONSTRAINT_1)


VP9_CODEC: Final = Codec(98, "VP9", 90000, 1, "profile-id=0", VP8.feedback)
VP9_AGAIN: Final = Codec(99, "rtx", 90000, 1, "apt=98")
H264_CODEC: Final = Codec(
    102, "H264", 90000, 1,
    "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f", VP8.feedback,
)  # fmt: skip
H264_AGAIN: Final = Codec(103, "rtx", 90000, 1, "apt=102")

CODECS: Final[dict[VideoCodec, PictureCodec]] = {
    "vp8": PictureCodec(
        "vp8", VP8, VP8_AGAIN, vp8.starts_key_frame, vp8.read_size, vp8.read_numbers
    ),
    "vp9": PictureCodec(
        "vp9", VP9_CODEC, VP9_AGAIN, vp9.starts_key_frame, vp9.read_size, vp9.read_numbers
    ),
    "h264": PictureCodec(
        "h264", H264_CODEC, H264_AGAIN,
        h264.starts_key_frame, h264.read_size, h264.read_numbers,
    ),
}  # fmt: skip

_BY_TYPE = {codec.offered.payload_type: codec for codec in CODECS.values()}


def read_numbers(packet: Packet, start: int, stop: int) -> vp8.FrameNumbers | None:
    """Return the frame numbers of a canonical packet, or None if it has none.

    Args:
        packet: with one of our payload types.
        start: where its payload begins.
        stop: its length.
    """
    codec = _BY_TYPE.get(packet[1] & 0x7F)
    return codec.read_numbers(packet, start, stop) if codec is not None else None


def repeating_type(packet: Packet) -> int:
    """Return the payload type by which a canonical packet of a picture is sent again."""
    codec = _BY_TYPE.get(packet[1] & 0x7F)
    return (codec.again if codec is not None else VP8_AGAIN).payload_type


def described(section: Section) -> dict[VideoCodec, Codec]:
    """Return what of an m-line we can forward, by our names."""
    found: dict[VideoCodec, Codec] = {}
    for codec in section.codecs.values():
        for ours in CODECS.values():
            if ours.name not in found and ours.accepts(codec):
                found[ours.name] = codec
    return found


def choose(
    names: Sequence[VideoCodec], has: Sequence[VideoCodec] | dict[VideoCodec, Codec]
) -> VideoCodec:
    """Return the first of `names` that is among `has`; VP8 if none is."""
    return next((name for name in names if name in has), "vp8")


def answered(section: Section, names: Sequence[VideoCodec]) -> dict[Codec, PictureCodec | None]:
    """Return the codecs of an answer to a picture's m-line, the one to be sent first.

    VP8 follows another, so that a browser whose encoder fails can go on. Of retransmissions there
    is no codec of ours (None). Payload types and parameters stay the offerer's.

    Args:
        section: of the offer.
        names: what is of use now, the best first.
    """
    offered = described(section)
    chosen: dict[Codec, PictureCodec | None] = {}
    for name in dict.fromkeys((choose(names, offered), "vp8")):
        codec = offered.get(name)
        if codec is None:
            continue
        feedback = tuple(item for item in codec.feedback if item in ACCEPTED_FEEDBACK)
        chosen[replace(codec, feedback=feedback)] = CODECS[name]
        again = section.find_retransmission(codec)
        if again is not None:
            chosen[again] = None
    return chosen


def offered(names: Sequence[VideoCodec]) -> tuple[Codec, ...]:
    """Return what a picture's m-line to a subscriber offers; VP8 is always there."""
    known = dict.fromkeys((*names, "vp8"))
    return tuple(codec for name in known for codec in (CODECS[name].offered, CODECS[name].again))
