"""What lib0 writes, the encoding beneath Yjs: numbers of variable length and words."""

from __future__ import annotations

from typing import Final

_SEVEN_BITS: Final = 0x7F
_MORE: Final = 0x80
_LONGEST_NUMBER: Final = 56
"""Bits: a replica's id has 53."""


class Octets:
    """Bytes that are read from the front. Every method raises ValueError where they are damaged."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._at = 0

    def number(self) -> int:
        """Return the next number, 0 or more."""
        value = shift = 0
        while shift < _LONGEST_NUMBER and self._at < len(self._octets):
            octet = self._octets[self._at]
            value |= (octet & _SEVEN_BITS) << shift
            shift, self._at = shift + 7, self._at + 1
            if octet < _MORE:
                return value
        raise ValueError("a damaged number")

    def words(self) -> str:
        """Return the next words."""
        size = self.number()
        end = self._at + size
        if end > len(self._octets):
            raise ValueError("words are missing")
        found, self._at = self._octets[self._at : end], end
        return found.decode()


def number(value: int) -> bytes:
    """Return a number of 0 or more as lib0 writes it."""
    found = []
    while value > _SEVEN_BITS:
        found.append(value & _SEVEN_BITS | _MORE)
        value >>= 7
    return bytes([*found, value])


def words(value: str) -> bytes:
    """Return words as lib0 writes them."""
    octets = value.encode()
    return number(len(octets)) + octets
