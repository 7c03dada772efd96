"""VP8 pictures out of RTP packets (RFC 7741), undecoded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_MAX_PICTURE = 8 << 20
"""Bytes of one picture; more is not a picture of a call."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One coded picture. timestamp: RTP; width and height: of a key picture, else 0."""

    timestamp: int
    data: bytes
    key: bool
    width: int = 0
    height: int = 0


def descriptor_size(payload: bytes) -> int:
    """Return the length of the payload descriptor, or 0 if it is cut short (RFC 7741, 4.2)."""
    if not payload:
        return 0
    size = 1
    if payload[0] & 0x80:
        if len(payload) < 2:
            return 0
        bits = payload[1]
        size = 2
        if bits & 0x80:
            if len(payload) <= size:
                return 0
            size += 2 if payload[size] & 0x80 else 1
        if bits & 0x40:
            size += 1
        if bits & 0x30:
            size += 1
    return size if size < len(payload) else 0


def begins_picture(payload: bytes) -> bool:
    """Tell whether a payload with a whole descriptor is the first of its picture."""
    return bool(payload[0] & 0x10) and payload[0] & 0x07 == 0


class Pictures:
    """Puts pictures together; after a loss everything up to the next key picture is useless."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0
        self._timestamp: int | None = None
        self.broken = True
        """Whether a key picture is needed before anything can be kept."""

    def restart(self) -> None:
        """Forget what is begun; wait for a key picture."""
        self._drop()
        self.broken = True

    def push(self, payload: bytes, timestamp: int, *, marker: bool, gap: bool) -> Iterator[Picture]:
        """Take the next payload in order; yield the picture that it completes.

        Args:
            payload: of one packet, padding removed; empty for padding only.
            timestamp: RTP.
            marker: the last packet of its picture.
            gap: packets before this one are lost.
        """
        if gap:
            self.restart()
        if not payload:
            return
        size = descriptor_size(payload)
        if not size:
            self.restart()
            return
        if begins_picture(payload):
            self._drop()
            self._timestamp = timestamp
        elif timestamp != self._timestamp:
            self.restart()  # a middle without its beginning
            return
        self._parts.append(payload[size:])
        self._size += len(payload) - size
        if self._size > _MAX_PICTURE:
            self.restart()
        elif marker:
            yield from self._finish(timestamp)

    def _finish(self, timestamp: int) -> Iterator[Picture]:
        data = b"".join(self._parts)
        self._drop()
        picture = read_picture(data, timestamp)
        if picture is None:
            self.broken = True
        elif picture.key or not self.broken:
            self.broken = False
            yield picture

    def _drop(self) -> None:
        self._parts.clear()
        self._size = 0
        self._timestamp = None


def read_picture(data: bytes, timestamp: int) -> Picture | None:
    """Return a picture with what its header says (RFC 6386, 9.1); None if it is none."""
    if len(data) < 3:
        return None
    if data[0] & 1:
        return Picture(timestamp, data, key=False)
    if len(data) < 10 or data[3:6] != b"\x9d\x01\x2a":
        return None
    width = int.from_bytes(data[6:8], "little") & 0x3FFF
    height = int.from_bytes(data[8:10], "little") & 0x3FFF
    return Picture(timestamp, data, key=True, width=width, height=height)
