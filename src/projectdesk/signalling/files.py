"""Files in the chat: they go to the host by HTTP, and to everybody in the call as a chat message.

    POST /r/ROOM/api/files?name=NAME    body: the file; answer: `SharedFile`
    GET  /r/ROOM/api/files/FILE         the file, as an attachment

Both need the session's cookie and a person who is in the call. A file is for all who read the chat
and is kept with the meeting: the desktop fetches it (`signalling.control`).
"""

from __future__ import annotations

import msgspec

MAX_FILE_NAME = 120
"""Longest name of a file in characters, its ending included."""


class SharedFile(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A file in the chat. id: 32 hex digits, made by the host. size: in bytes."""

    id: str
    name: str
    size: int
