"""Frames of the control connection: a 4-byte big-endian length and that much JSON.

Both ends use this: the SFU process and the host's side (docs/signalling.md).
"""

from __future__ import annotations

import asyncio
from typing import TypeVar

import msgspec

from projectdesk.errors import RemoteProtocolError
from projectdesk.signalling import codec
from projectdesk.signalling.media import MAX_FRAME

_T = TypeVar("_T", bound=msgspec.Struct)


async def read_frame(reader: asyncio.StreamReader, wire: type[_T]) -> _T | None:
    """Return the next message, or None at the end of the connection.

    Args:
        reader: of the connection.
        wire: union of the messages that may come.

    Raises:
        RemoteProtocolError: the frame is too large or not one of those messages.
    """
    try:
        length = int.from_bytes(await reader.readexactly(4), "big")
        if length > MAX_FRAME:
            raise RemoteProtocolError(
                "message_too_large", "A control frame of {length} bytes.", length=length
            )
        body = await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    message: _T = codec.decode(body, wire, limit=MAX_FRAME)
    return message


def pack_frame(message: msgspec.Struct) -> bytes:
    """Return the bytes of a message."""
    body = codec.encode(message)
    return len(body).to_bytes(4, "big") + body
