"""H.264 in RTP (RFC 6184, packetization mode 1): where a picture can be entered, and its size.

A decoder can begin where a sequence parameter set (SPS) stands before an IDR picture; browsers send
it with each of them, in a packet of its own or packed together with what follows (STAP-A). Frames
have no numbers, so nothing is rewritten when another size is forwarded. Bytes come from the
network: every offset is checked before it is used, and nothing here raises.
"""

from __future__ import annotations

_SPS, _STAP_A = 7, 24
_MAX_SPS = 512
"""Bytes of a parameter set that are read; what browsers send has 20."""

_MAX_PREFIX = 31
_HIGH_PROFILES = frozenset((44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244))
_MAX_REFERENCES = 255


def read_numbers(packet: bytes | bytearray, start: int, stop: int) -> None:
    """Return None: frames have no numbers."""


def starts_key_frame(packet: bytes | bytearray, start: int, stop: int) -> bool:
    """Tell whether a decoder can begin with this packet.

    Args:
        packet: an RTP packet.
        start: where its payload begins.
        stop: its length.
    """
    return _find_sps(packet, start, stop)[1] > 0


def _find_sps(packet: bytes | bytearray, start: int, stop: int) -> tuple[int, int]:
    """Return where a packet's sequence parameter set begins and ends; (0, 0) if it has none."""
    if start >= stop:
        return 0, 0
    kind = packet[start] & 0x1F
    if kind == _SPS:
        return start, stop
    if kind != _STAP_A:
        return 0, 0
    at = start + 1
    while at + 2 < stop:
        size = packet[at] << 8 | packet[at + 1]
        at += 2
        if not size or at + size > stop:
            return 0, 0
        if packet[at] & 0x1F == _SPS:
            return at, at + size
        at += size
    return 0, 0


def read_size(packet: bytes | bytearray, start: int, stop: int) -> tuple[int, int] | None:
    """Return width and height in pixels of the picture that begins in this packet.

    ITU-T H.264 section 7.3.2.1.1. Arguments as `starts_key_frame`; None if it does not say.
    """
    begin, end = _find_sps(packet, start, stop)
    if not end:
        return None
    try:
        return _read_sps(_Bits(bytes(packet[begin + 1 : min(end, begin + _MAX_SPS)])))
    except _CutOffError:
        return None


class _CutOffError(Exception):
    """The bits ended, or say what cannot be."""


class _Bits:
    """Reads the bits of a parameter set, without the bytes that keep start codes out."""

    def __init__(self, escaped: bytes) -> None:
        data = escaped.replace(b"\0\0\x03", b"\0\0")
        self._value = int.from_bytes(data, "big")
        self._left = 8 * len(data)

    def read(self, count: int) -> int:
        """Return the next `count` bits."""
        self._left -= count
        if self._left < 0:
            raise _CutOffError
        return self._value >> self._left & (1 << count) - 1

    def number(self) -> int:
        """Return an unsigned Exp-Golomb number (section 9.1)."""
        zeros = 0
        while not self.read(1):
            zeros += 1
            if zeros > _MAX_PREFIX:
                raise _CutOffError
        return (1 << zeros) - 1 + self.read(zeros)

    def signed(self) -> int:
        """Return a signed Exp-Golomb number (section 9.1.1)."""
        number = self.number()
        return (number + 1) // 2 if number & 1 else -(number // 2)


def _read_sps(bits: _Bits) -> tuple[int, int] | None:
    profile = bits.read(8)
    bits.read(16)  # constraints and level
    bits.number()  # id
    chroma = 1
    if profile in _HIGH_PROFILES:
        chroma = _read_high(bits)
    bits.number()  # bits of a frame number
    _skip_order(bits)
    bits.number()  # reference frames
    bits.read(1)
    width = 16 * (bits.number() + 1)
    units = bits.number() + 1
    frames_only = bits.read(1)
    if not frames_only:
        bits.read(1)
    height = 16 * units * (2 - frames_only)
    bits.read(1)
    if bits.read(1):
        left, right, top, bottom = (bits.number() for _ in range(4))
        across, down = (2, 2) if chroma == 1 else (2, 1) if chroma == 2 else (1, 1)
        width -= across * (left + right)
        height -= down * (2 - frames_only) * (top + bottom)
    return (width, height) if 0 < width <= 0xFFFF and 0 < height <= 0xFFFF else None


def _read_high(bits: _Bits) -> int:
    """Skip what only the higher profiles have; return the chroma format."""
    chroma = bits.number()
    if chroma == 3:
        bits.read(1)
    bits.number()
    bits.number()
    bits.read(1)
    if bits.read(1):
        for index in range(8 if chroma != 3 else 12):
            if bits.read(1):
                _skip_scaling(bits, 16 if index < 6 else 64)
    return chroma


def _skip_scaling(bits: _Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.signed()) & 0xFF
        last = following or last


def _skip_order(bits: _Bits) -> None:
    """Skip how the order of output is told."""
    kind = bits.number()
    if kind == 0:
        bits.number()
    elif kind == 1:
        bits.read(1)
        bits.signed()
        bits.signed()
        count = bits.number()
        if count > _MAX_REFERENCES:
            raise _CutOffError
        for _ in range(count):
            bits.signed()
