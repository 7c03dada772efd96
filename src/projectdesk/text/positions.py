"""Positions in a text: Qt and yjs count UTF-16 units, pycrdt counts UTF-8 bytes (decisions 12).

pycrdt does not refuse a byte position inside a character: it inserts somewhere else. So every
position goes through here, and one that lies inside a surrogate pair is refused, never rounded.
"""

from __future__ import annotations

from projectdesk.errors import DomainError

_UTF16_BYTES = 2


def utf16_length(text: str) -> int:
    """Return how many UTF-16 units `text` has, as Qt and JavaScript count.

    Raises:
        DomainError: `lone_surrogate`, the text holds half a surrogate pair.
    """
    return len(_utf16(text)) // _UTF16_BYTES


def utf8_range(text: str, start: int, length: int) -> tuple[int, int]:
    """Return a UTF-16 range of `text` as UTF-8 byte positions (from, to).

    Args:
        text: the whole text that the range lies in.
        start: first UTF-16 unit, 0-based.
        length: how many UTF-16 units.

    Raises:
        DomainError: `position_outside_text` when the range does not lie in the text;
            `position_inside_character` when an end of it lies inside a surrogate pair.
    """
    units = _utf16(text)
    size = len(units) // _UTF16_BYTES
    if start < 0 or length < 0 or start + length > size:
        raise DomainError(
            "position_outside_text",
            "The change at {start} of {length} units lies outside the text of {size} units.",
            start=start,
            length=length,
            size=size,
        )
    first = _utf8_size(units, 0, start)
    return first, first + _utf8_size(units, start, start + length)


def _utf8_size(units: bytes, start: int, end: int) -> int:
    part = units[start * _UTF16_BYTES : end * _UTF16_BYTES]
    try:
        return len(part.decode("utf-16-le").encode())
    except UnicodeDecodeError as error:
        raise DomainError(
            "position_inside_character",
            "The change from {start} to {end} cuts a character in two: "
            "positions lie between whole characters.",
            start=start,
            end=end,
        ) from error


def _utf16(text: str) -> bytes:
    try:
        return text.encode("utf-16-le")
    except UnicodeEncodeError as error:
        raise DomainError(
            "lone_surrogate",
            "The text holds half a character at position {position}.",
            position=error.start,
        ) from error
