"""What lies in a signed message of one piece (CMS, RFC 5652; S/MIME, RFC 8551 section 3.5.2).

The signature is not checked, as no one's is here: what a mail says is taken as what a mail says.
"""

from __future__ import annotations

from collections.abc import Iterator

_SIGNED = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_SEQUENCE, _SET, _OCTETS, _OCTETS_IN_PIECES, _INSIDE = 0x30, 0x31, 0x04, 0x24, 0xA0
_DEPTH_LIMIT = 20
_OPEN_END = b"\0\0"


def content_of_signed(data: bytes) -> bytes | None:
    """Return what a message holds that is signed and not encrypted, None of any other bytes."""
    try:
        kind, inside = _pair(data, 0, _SEQUENCE)
        if kind != _SIGNED:
            return None
        signed = dict(_children(data, next(at for tag, at in _children(data, inside))))
        kind, inside = _pair(data, signed[_SEQUENCE], _SEQUENCE)
        if kind != _DATA:
            return None
        return _octets(data, next(at for tag, at in _children(data, inside)), 0)
    except (ValueError, IndexError, KeyError, StopIteration):
        return None


def _pair(data: bytes, at: int, wanted: int) -> tuple[bytes, int]:
    """Return (the name of a kind as it is encoded, where its content is) of a sequence."""
    if data[at] != wanted:
        raise ValueError("another kind of element")
    first, second = (where for _, where in _children(data, at))
    if data[second] != _INSIDE:
        raise ValueError("no content")
    return data[first : _end(data, first, 0)], second


def _header(data: bytes, at: int) -> tuple[int | None, int]:
    """Return (length or None where an end mark closes it, where the content begins)."""
    if data[at] & 0x1F == 0x1F:
        raise ValueError("a long tag, which no such message has")
    first = data[at + 1]
    if first < 0x80:
        return first, at + 2
    if first == 0x80:
        return None, at + 2
    width = first & 0x7F
    if width > 5:
        raise ValueError("too long")
    return int.from_bytes(data[at + 2 : at + 2 + width], "big"), at + 2 + width


def _end(data: bytes, at: int, depth: int) -> int:
    """Return where an element ends."""
    length, inside = _header(data, at)
    if length is not None:
        if inside + length > len(data):
            raise ValueError("cut off")
        return inside + length
    if depth > _DEPTH_LIMIT:
        raise ValueError("too deep")
    while data[inside : inside + 2] != _OPEN_END:
        inside = _end(data, inside, depth + 1)
    return inside + 2


def _children(data: bytes, at: int) -> Iterator[tuple[int, int]]:
    """Yield (tag, place) of the elements in an element."""
    length, inside = _header(data, at)
    end = len(data) if length is None else inside + length
    while inside < end and (length is not None or data[inside : inside + 2] != _OPEN_END):
        yield data[inside], inside
        inside = _end(data, inside, 0)


def _octets(data: bytes, at: int, depth: int) -> bytes:
    """Return the bytes of a string that is whole or in pieces."""
    if data[at] == _OCTETS:
        length, inside = _header(data, at)
        return data[inside : inside + (length or 0)]
    if data[at] != _OCTETS_IN_PIECES or depth > _DEPTH_LIMIT:
        raise ValueError("no bytes")
    return b"".join(_octets(data, piece, depth + 1) for _, piece in _children(data, at))
