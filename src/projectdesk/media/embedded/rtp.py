"""RTP packets in place: header, header extensions, retransmissions.

RFC 3550 (RTP), RFC 8285 (header extensions, one-byte form), RFC 4588 (retransmission format).
Packets come from the network: every offset is checked before it is used.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

FIXED_HEADER = struct.Struct("!BBHII")
"""First byte, marker and payload type, sequence number, timestamp, SSRC."""

SEQUENCE_TIME_SSRC = struct.Struct("!HII")
"""What differs per subscriber, at byte 2 of the header."""

_EXTENSION_HEADER = struct.Struct("!HH")
_ONE_BYTE_PROFILE = 0xBEDE

# What becomes of an incoming header extension. These are also the ids that our own offers give
# them ("canonical"), so one rewriting serves every subscriber.
BLANK = 0
AUDIO_LEVEL = 1
SEND_TIME = 2
ORIENTATION = 3
TRANSPORT_SEQUENCE = 4

NUMBER = struct.Struct("!H")
"""A transport-wide sequence number, as it stands in its extension."""

URI_MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
URI_STREAM_ID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
URI_REPAIRED_STREAM_ID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
URI_AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
URI_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
URI_ORIENTATION = "urn:3gpp:video-orientation"
URI_TRANSPORT_SEQUENCE = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

_ACTIONS = {
    URI_AUDIO_LEVEL: AUDIO_LEVEL,
    URI_SEND_TIME: SEND_TIME,
    URI_ORIENTATION: ORIENTATION,
    URI_TRANSPORT_SEQUENCE: TRANSPORT_SEQUENCE,
}

UNKNOWN = -1
"""No such extension in this packet."""


def extension_actions(extensions: Mapping[int, str]) -> tuple[int, ...]:
    """Turn negotiated extensions (id to URI) into a table for `canonicalise`.

    Ids of the one-byte form are 1 to 14; all others, and unknown URIs, are blanked.
    """
    return tuple(
        _ACTIONS.get(extensions.get(identifier, ""), BLANK) if 0 < identifier < 15 else BLANK
        for identifier in range(16)
    )


def payload_offset(packet: bytes | bytearray, size: int) -> int:
    """Return where the payload begins in the first `size` bytes, or 0 if they are no RTP packet."""
    if size < 12 or packet[0] >> 6 != 2:
        return 0
    offset = 12 + 4 * (packet[0] & 0x0F)
    if packet[0] & 0x10:
        if offset + 4 > size:
            return 0
        offset += 4 + 4 * int.from_bytes(packet[offset + 2 : offset + 4], "big")
    return offset if offset <= size else 0


def canonicalise(
    packet: bytearray, stop: int, actions: tuple[int, ...], send_time: int
) -> tuple[int, int, int]:
    """Give the header extensions the ids we offer to subscribers; blank the rest.

    Ids that a publisher chose mean something else to a subscriber, who then plays nothing. The
    send time is stamped here, once, by our clock: publishers' clocks differ, and a packet that is
    sent again must have the same bytes (AES-GCM). The transport-wide number is made 0: each
    subscriber's path has numbers of its own.

    Args:
        packet: an RTP packet whose header was checked by `payload_offset`.
        stop: where its payload begins.
        actions: table made by `extension_actions`.
        send_time: our clock as 24 bits of 6.18 fixed-point seconds.

    Returns:
        audio level in -dBov (0 loudest, 127 silence) and transport-wide sequence number, `UNKNOWN`
        for what the packet has not; and where that number stood, 0 if there is no such place.
    """
    level = transport_sequence = UNKNOWN
    slot = 0
    if not packet[0] & 0x10:
        return level, transport_sequence, slot
    start = 12 + 4 * (packet[0] & 0x0F)
    at = start + 4
    if packet[start] != 0xBE or packet[start + 1] != 0xDE:
        packet[at:stop] = bytes(stop - at)  # the two-byte form is never negotiated
        _EXTENSION_HEADER.pack_into(packet, start, _ONE_BYTE_PROFILE, (stop - at) // 4)
        return level, transport_sequence, slot
    while at < stop:
        head = packet[at]
        if head == 0:
            at += 1
            continue
        following = at + 2 + (head & 0x0F)
        if head >= 0xF0 or following > stop:
            packet[at:stop] = bytes(stop - at)  # id 15 ends the list; so does a broken length
            break
        action = actions[head >> 4]
        if action == SEND_TIME and head & 0x0F == 2:
            packet[at] = SEND_TIME << 4 | 2
            packet[at + 1] = send_time >> 16
            packet[at + 2] = send_time >> 8 & 0xFF
            packet[at + 3] = send_time & 0xFF
        elif action == AUDIO_LEVEL:
            packet[at] = AUDIO_LEVEL << 4 | head & 0x0F
            level = packet[at + 1] & 0x7F
        elif action == ORIENTATION:
            packet[at] = ORIENTATION << 4 | head & 0x0F
        elif action == TRANSPORT_SEQUENCE and head & 0x0F == 1:
            slot = at + 1
            transport_sequence = packet[slot] << 8 | packet[slot + 1]
            packet[at] = TRANSPORT_SEQUENCE << 4 | 1
            packet[slot] = packet[slot + 1] = 0
        else:
            packet[at:following] = bytes(following - at)
        at = following
    return level, transport_sequence, slot


def add_slot(packet: bytes, stop: int) -> tuple[bytes, int]:
    """Return a copy with room for a transport-wide number, and where that is.

    Args:
        packet: what `canonicalise` left, without such a place.
        stop: where its payload begins.
    """
    start = 12 + 4 * (packet[0] & 0x0F)
    extension = bytes((TRANSPORT_SEQUENCE << 4 | 1, 0, 0, 0))
    if packet[0] & 0x10:
        words = int.from_bytes(packet[start + 2 : start + 4], "big") + 1
        head = packet[:start] + _EXTENSION_HEADER.pack(_ONE_BYTE_PROFILE, words)
        return head + packet[start + 4 : stop] + extension + packet[stop:], stop + 1
    head = bytes((packet[0] | 0x10,)) + packet[1:start]
    head += _EXTENSION_HEADER.pack(_ONE_BYTE_PROFILE, 1)
    return head + extension + packet[stop:], stop + 5


def find_slot(packet: bytes | bytearray, stop: int) -> int:
    """Return where a canonical packet holds its transport-wide number, or 0."""
    return _find_extension(packet, stop, TRANSPORT_SEQUENCE)


def read_extension(packet: bytes | bytearray, stop: int, identifier: int) -> bytes | None:
    """Return the value of one-byte extension `identifier`, or None.

    Args:
        packet: an RTP packet whose header was checked by `payload_offset`.
        stop: where its payload begins.
        identifier: 1 to 14.
    """
    at = _find_extension(packet, stop, identifier)
    return bytes(packet[at : at + (packet[at - 1] & 0x0F) + 1]) if at else None


def _find_extension(packet: bytes | bytearray, stop: int, identifier: int) -> int:
    """Return where the value of one-byte extension `identifier` begins, or 0."""
    if not packet[0] & 0x10:
        return 0
    start = 12 + 4 * (packet[0] & 0x0F)
    if packet[start] != 0xBE or packet[start + 1] != 0xDE:
        return 0
    at = start + 4
    while at < stop:
        head = packet[at]
        if head == 0:
            at += 1
            continue
        following = at + 2 + (head & 0x0F)
        if head >= 0xF0 or following > stop:
            return 0
        if head >> 4 == identifier:
            return at + 1
        at = following
    return 0


def extend_sequence(sequence: int, reference: int) -> int:
    """Return the number nearest to `reference` whose low 16 bits are `sequence`."""
    return reference + ((sequence - reference + 0x8000) & 0xFFFF) - 0x8000


def unwrap_retransmission(
    packet: bytearray, size: int, start: int, payload_type: int, ssrc: int
) -> int:
    """Turn a retransmission into the packet it repeats, in place (RFC 4588 section 4).

    Args:
        packet: the retransmission, its header checked.
        size: its length in bytes.
        start: where its payload begins.
        payload_type: of the repeated stream.
        ssrc: of the repeated stream.

    Returns:
        the new length; 0 if there is nothing to repeat (padding sent to probe the path).
    """
    padding = packet[size - 1] if packet[0] & 0x20 else 0
    if size - start - padding < 3:
        return 0
    packet[1] = packet[1] & 0x80 | payload_type
    packet[2:4] = packet[start : start + 2]
    packet[8:12] = ssrc.to_bytes(4, "big")
    packet[start : size - 2] = packet[start + 2 : size]
    return size - 2


def wrap_retransmission(
    packet: bytes, start: int, payload_type: int, sequence: int, ssrc: int
) -> bytearray:
    """Return `packet` as a retransmission of the stream `ssrc` (RFC 4588 section 4).

    Args:
        packet: the packet to repeat, with the sequence number that the subscriber knows.
        start: where its payload begins.
        payload_type: of the retransmission stream.
        sequence: next sequence number of the retransmission stream.
        ssrc: of the retransmission stream.
    """
    again = bytearray(packet[:start])
    again += packet[2:4]
    again += packet[start:]
    again[1] = again[1] & 0x80 | payload_type
    again[2:4] = sequence.to_bytes(2, "big")
    again[8:12] = ssrc.to_bytes(4, "big")
    return again


_PADDING_BYTES = 255
"""The most that the last byte of a packet can count (RFC 3550 section 5.1)."""


def build_padding(
    payload_type: int, sequence: int, timestamp: int, ssrc: int, transport_sequence: int
) -> bytes:
    """Return a packet that holds nothing but padding and a transport-wide number."""
    head = FIXED_HEADER.pack(0xB0, payload_type, sequence, timestamp, ssrc)
    head += _EXTENSION_HEADER.pack(_ONE_BYTE_PROFILE, 1)
    head += bytes((TRANSPORT_SEQUENCE << 4 | 1,)) + NUMBER.pack(transport_sequence) + bytes(1)
    return head + bytes(_PADDING_BYTES - 1) + bytes((_PADDING_BYTES,))
