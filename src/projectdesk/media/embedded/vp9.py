"""The VP9 payload descriptor (RFC 9628): where key frames begin, their size, their numbers.

As in `vp8`: who forwards now one and now another of a sender's sizes must renumber frames. Numbers
are written in the same two places, so `vp8.FrameNumbers` and `vp8.shift_numbers` serve here too;
references to other frames count back from their own (flexible mode) or follow from the structure
of a group (the other), so neither changes with an offset. A stream with spatial layers (SVC) is
forwarded whole: it begins with its lowest, and no layer is taken out. Bytes come from the network:
every offset is checked before it is used, and nothing here raises.
"""

from __future__ import annotations

from projectdesk.media.embedded.vp8 import FrameNumbers

_PICTURE, _PREDICTED, _LAYERS, _FLEXIBLE, _BEGINS, _STRUCTURE = 0x80, 0x40, 0x20, 0x10, 0x08, 0x02
"""Bits of the first octet (section 4.2); what is between is the end of a frame and upper layers."""

_MAX_REFERENCES = 3
_SYNC_CODE = b"\x49\x83\x42"
_RGB = 7


def _walk(packet: bytes | bytearray, at: int, stop: int) -> tuple[int, FrameNumbers | None, int]:
    """Return where the VP9 payload begins (0 if the descriptor is cut off), the numbers, the layer.

    The layer is the spatial one, 0 the lowest.
    """
    if at >= stop:
        return 0, None, 0
    first = packet[at]
    at += 1
    picture_at = picture = layer_at = layer = spatial = 0
    wide = False
    if first & _PICTURE:
        wide = at < stop and bool(packet[at] & 0x80)
        following = at + (2 if wide else 1)
        if following > stop:
            return 0, None, 0
        picture_at = at
        picture = (packet[at] & 0x7F) << 8 | packet[at + 1] if wide else packet[at]
        at = following
    if first & _LAYERS:
        following = at + (1 if first & _FLEXIBLE else 2)
        if following > stop:
            return 0, None, 0
        spatial = packet[at] >> 1 & 0x07
        if not first & _FLEXIBLE:
            layer_at, layer = at + 1, packet[at + 1]
        at = following
    if first & _FLEXIBLE and first & _PREDICTED:
        at = _after_references(packet, at, stop)
    if first & _STRUCTURE and at:
        at = _after_structure(packet, at, stop)
    if not at or at >= stop:
        return 0, None, spatial
    if not picture_at and not layer_at:
        return at, None, spatial
    return at, FrameNumbers(picture_at, picture, wide, layer_at, layer), spatial


def _after_references(packet: bytes | bytearray, at: int, stop: int) -> int:
    """Return where the list of referenced frames ends; 0 if it is cut off or too long."""
    for _ in range(_MAX_REFERENCES):
        if at >= stop:
            return 0
        at += 1
        if not packet[at - 1] & 0x01:
            return at
    return 0


def _after_structure(packet: bytes | bytearray, at: int, stop: int) -> int:
    """Return where the scalability structure ends; 0 if it is cut off."""
    if at >= stop:
        return 0
    head = packet[at]
    at += 1
    if head & 0x10:
        at += 4 * ((head >> 5) + 1)  # a width and a height of 16 bits for each spatial layer
    if not head & 0x08:
        return at
    if at >= stop:
        return 0
    pictures = packet[at]
    at += 1
    for _ in range(pictures):
        if at >= stop:
            return 0
        at += 1 + (packet[at] >> 2 & 0x03)
    return at


def read_numbers(packet: bytes | bytearray, start: int, stop: int) -> FrameNumbers | None:
    """Return a packet's frame numbers, or None if it has none.

    Args:
        packet: an RTP packet.
        start: where its payload begins.
        stop: its length.
    """
    return _walk(packet, start, stop)[1]


def payload_start(packet: bytes | bytearray, start: int, stop: int) -> int:
    """Return where the VP9 bytes begin, 0 if the descriptor is cut off (as `read_numbers`)."""
    return _walk(packet, start, stop)[0]


def starts_key_frame(packet: bytes | bytearray, start: int, stop: int) -> bool:
    """Tell whether the packet is the first of a key frame (arguments as `read_numbers`).

    The descriptor says that nothing earlier is needed, which is also true of an intra-only frame;
    the frame's own header tells them apart.
    """
    if start >= stop or packet[start] & (_BEGINS | _PREDICTED) != _BEGINS:
        return False
    payload, _, spatial = _walk(packet, start, stop)
    return bool(payload) and not spatial and _is_key(packet, payload)


def _is_key(packet: bytes | bytearray, at: int) -> bool:
    """Read the first octet of an uncompressed header (VP9 bitstream specification, 6.2)."""
    first = packet[at]
    if first >> 6 != 2:
        return False
    if first & 0x30 == 0x30:  # profile 3 has a reserved bit before the two that are looked at
        return not first & 0x06
    return not first & 0x0C


def read_size(packet: bytes | bytearray, start: int, stop: int) -> tuple[int, int] | None:
    """Return width and height in pixels from the first packet of a key frame.

    VP9 bitstream specification, 6.2 and 6.2.2; profile 0 alone, which is what browsers send.
    Arguments as `read_numbers`; None if the packet does not hold them.
    """
    at = _walk(packet, start, stop)[0]
    if (
        not at
        or at + 9 > stop
        or packet[at] & 0xFC != 0x80
        or packet[at + 1 : at + 4] != _SYNC_CODE
    ):
        return None
    if packet[at + 4] >> 5 == _RGB:
        return None
    bits = int.from_bytes(packet[at + 4 : at + 9], "big")  # 3 colour space, 1 range, 16 and 16
    return (bits >> 20 & 0xFFFF) + 1, (bits >> 4 & 0xFFFF) + 1
