"""Replicas in a Yjs text: state vectors, who wrote which stretch, positions that move with it.

Every character has the id (replica, clock) of whoever typed it, and a clock counts UTF-16 units.
pycrdt's own relative positions count bytes within a block of characters and fail at the end of a
text, so a place beside an umlaut would be shown elsewhere by yjs. Here the block's start is looked
for, from where clock and byte differ by the same amount, and counted from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pycrdt import Assoc, StickyIndex, Text

from projectdesk.text.positions import utf8_range, utf16_length

_BY_ID: Final = 0
_END_OF_NAMED: Final = 1
_SEVEN_BITS: Final = 0x7F
_MORE: Final = 0x80
_LONGEST_NUMBER: Final = 56
"""Bits: a replica's id has 53."""

_Id = tuple[int, int]
"""Replica, and a clock that is exact at the start of a block only."""


def clocks(vector: bytes) -> dict[int, int]:
    """Return a state vector as replica -> clock of the next change that is not known yet.

    Raises:
        ValueError: it is damaged.
    """
    count, at = _number(vector, 0)
    found = {}
    for _ in range(count):
        replica, at = _number(vector, at)
        found[replica], at = _number(vector, at)
    return found


def stretches(text: Text) -> list[tuple[int, int, int]]:
    """Return (start, length, replica) of each stretch of a text, in UTF-16 units."""
    found: list[tuple[int, int, int]] = []
    place = byte = 0
    for letter in str(text):
        replica, _ = _id(text, byte)
        units = utf16_length(letter)
        if found and found[-1][2] == replica:
            found[-1] = (found[-1][0], found[-1][1] + units, replica)
        else:
            found.append((place, units, replica))
        place, byte = place + units, byte + len(letter.encode())
    return found


def position(text: Text, name: str, place: int) -> bytes:
    """Return a place in a text (UTF-16 units) as yjs encodes a relative position.

    Raises:
        DomainError: `position_outside_text` or `position_inside_character`.
    """
    words = str(text)
    byte, _ = utf8_range(words, place, 0)
    octets = words.encode()
    if byte == len(octets):
        named = name.encode()
        return bytes([_END_OF_NAMED, *_octets(len(named)), *named, 0])
    replica, _ = _id(text, byte)
    start = _block_start(text, octets, byte)
    clock = _id(text, start)[1] + utf16_length(octets[start:byte].decode())
    return bytes([_BY_ID, *_octets(replica), *_octets(clock), 0])


def place(text: Text, name: str, encoded: bytes, known: Mapping[int, int]) -> int | None:
    """Return where a relative position is in a text, in UTF-16 units; None if it is nowhere.

    known: the state vector of the text's document.
    """
    words = str(text)
    try:
        kind, at = _number(encoded, 0)
        if kind == _END_OF_NAMED:
            size, at = _number(encoded, at)
            return utf16_length(words) if encoded[at : at + size] == name.encode() else None
        replica, at = _number(encoded, at)
        clock, at = _number(encoded, at)
    except ValueError:
        return None
    if kind != _BY_ID or clock >= known.get(replica, 0):
        return None
    found = StickyIndex.from_json({"item": {"client": replica, "clock": clock}, "assoc": 0}, text)
    octets = words.encode()
    byte = min(found.get_index(), len(octets))
    # pycrdt counts bytes up to the block and units within it.
    if byte == len(octets) or _id(text, byte)[0] != replica:
        return utf16_length(octets[:byte].decode(errors="ignore"))
    start = _block_start(text, octets, byte)
    within = clock - _id(text, start)[1]
    size = utf16_length(words)
    return max(0, min(utf16_length(octets[:start].decode(errors="ignore")) + within, size))


def _block_start(text: Text, octets: bytes, byte: int) -> int:
    """Return the first byte of the block of characters that `byte` is in."""
    replica, clock = _id(text, byte)
    drift = clock - byte

    def is_within(at: int) -> bool:
        other, there = _id(text, at)
        return other == replica and there - at == drift

    first, step = byte, 1
    while first > 0 and is_within(max(first - step, 0)):
        first, step = max(first - step, 0), step * 2
    outside = max(first - step, -1) if first > 0 else -1
    while first - outside > 1:
        middle = (first + outside) // 2
        if is_within(middle):
            first = middle
        else:
            outside = middle
    while first < byte and octets[first] & 0xC0 == _MORE:
        first += 1
    return first


def _id(text: Text, byte: int) -> _Id:
    """Return the id of what is at a byte that lies within the text."""
    item = text.sticky_index(byte, Assoc.AFTER).to_json()["item"]
    return item["client"], item["clock"]


def _number(octets: bytes, at: int) -> tuple[int, int]:
    """Return a variable-length number of lib0, and where the next thing begins."""
    value = shift = 0
    while shift < _LONGEST_NUMBER and at < len(octets):
        octet = octets[at]
        value |= (octet & _SEVEN_BITS) << shift
        shift, at = shift + 7, at + 1
        if octet < _MORE:
            return value, at
    raise ValueError("a damaged number")


def _octets(value: int) -> list[int]:
    found = []
    while value > _SEVEN_BITS:
        found.append(value & _SEVEN_BITS | _MORE)
        value >>= 7
    return [*found, value]
