"""The VP8 payload descriptor (RFC 7741): where frames begin, which are key frames, their numbers.

Who forwards now one and now another of a sender's layers must renumber frames: each layer counts
its own, and a decoder that sees a frame number go back waits for frames that never come. Bytes come
from the network: every offset is checked before it is used, and nothing here raises.
"""

from __future__ import annotations

from typing import NamedTuple

_START_CODE = b"\x9d\x01\x2a"
PICTURE_MASK = 0x7FFF
"""Frame numbers ("PictureID") have 15 bits in what browsers send, else 7."""


class FrameNumbers(NamedTuple):
    """Where a packet's descriptor holds its frame numbers, and what they are.

    picture_at, layer_at: offsets in the packet of PictureID and TL0PICIDX; 0 where it has none.
    """

    picture_at: int
    picture: int
    wide: bool
    layer_at: int
    layer: int


def _walk(packet: bytes | bytearray, at: int, stop: int) -> tuple[int, FrameNumbers | None]:
    """Return where the VP8 payload begins (0 if the descriptor is cut off) and the numbers."""
    if at >= stop:
        return 0, None
    first = packet[at]
    at += 1
    if not first & 0x80:
        return (at if at < stop else 0), None
    if at >= stop:
        return 0, None
    optional = packet[at]
    at += 1
    picture_at = picture = layer_at = layer = 0
    wide = False
    if optional & 0x80:
        wide = at < stop and bool(packet[at] & 0x80)
        following = at + (2 if wide else 1)
        if following > stop:
            return 0, None
        picture_at = at
        picture = (packet[at] & 0x7F) << 8 | packet[at + 1] if wide else packet[at]
        at = following
    if optional & 0x40:
        if at >= stop:
            return 0, None
        layer_at, layer = at, packet[at]
        at += 1
    if optional & 0x30:
        at += 1
    if at >= stop:
        return 0, None
    if not picture_at and not layer_at:
        return at, None
    return at, FrameNumbers(picture_at, picture, wide, layer_at, layer)


def read_numbers(packet: bytes | bytearray, start: int, stop: int) -> FrameNumbers | None:
    """Return a packet's frame numbers, or None if it has none.

    Args:
        packet: an RTP packet.
        start: where its payload begins.
        stop: its length.
    """
    return _walk(packet, start, stop)[1]


def starts_key_frame(packet: bytes | bytearray, start: int, stop: int) -> bool:
    """Tell whether the packet is the first of a key frame (arguments as `read_numbers`)."""
    if start >= stop or packet[start] & 0x17 != 0x10:  # start of the first partition
        return False
    payload, _ = _walk(packet, start, stop)
    return bool(payload) and not packet[payload] & 0x01


def read_size(packet: bytes | bytearray, start: int, stop: int) -> tuple[int, int] | None:
    """Return width and height in pixels from the first packet of a key frame.

    RFC 6386 section 9.1. Arguments as `read_numbers`; None if the packet does not hold them.
    """
    payload, _ = _walk(packet, start, stop)
    if not payload or payload + 10 > stop or packet[payload + 3 : payload + 6] != _START_CODE:
        return None
    width = packet[payload + 6] | (packet[payload + 7] & 0x3F) << 8
    height = packet[payload + 8] | (packet[payload + 9] & 0x3F) << 8
    return width, height


def shift_numbers(
    packet: bytearray, numbers: FrameNumbers, picture_offset: int, layer_offset: int
) -> None:
    """Add to a packet's frame numbers, in place.

    Args:
        packet: the packet, or a copy with the same descriptor at the same place.
        numbers: where they are, and their values before.
        picture_offset: modulo 2**15 (of a 7-bit number its low bits count).
        layer_offset: modulo 256.
    """
    at = numbers.picture_at
    if at:
        picture = numbers.picture + picture_offset
        if numbers.wide:
            packet[at] = 0x80 | picture >> 8 & 0x7F
            packet[at + 1] = picture & 0xFF
        else:
            packet[at] = picture & 0x7F
    if numbers.layer_at:
        packet[numbers.layer_at] = numbers.layer + layer_offset & 0xFF
