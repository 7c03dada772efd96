"""How large a picture is, by its first octets: PNG, GIF and JPEG."""

from __future__ import annotations

import struct

_NO_FRAME = {0xC4, 0xC8, 0xCC}
"""JPEG markers between SOF0 and SOF15 that begin no frame (ITU-T T.81, table B.1)."""


def pixels(content: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels, None = no picture that can be read."""
    size = None
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        size = struct.unpack(">II", content[16:24])
    elif content.startswith(b"GIF8") and len(content) >= 10:
        size = struct.unpack("<HH", content[6:10])
    elif content.startswith(b"\xff\xd8"):
        size = _jpeg(content)
    return (size[0], size[1]) if size is not None and size[0] > 0 and size[1] > 0 else None


def _jpeg(content: bytes) -> tuple[int, int] | None:
    """Return the size that the frame header of a JPEG tells (ITU-T T.81, B.2.2)."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        at += 2 + int(struct.unpack(">H", content[at + 2 : at + 4])[0])
    return None
