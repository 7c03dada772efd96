"""The files in a room's chat, as they survive the host."""

from __future__ import annotations

import msgspec

from projectdesk.signalling.files import SharedFile
from projectdesk.signalling.floor import ChatMessage
from projectdesk.signalling.instant import Instant


class FileMemory(msgspec.Struct, frozen=True, kw_only=True):
    """One file. by: invitation of who shared it. group: who reads of it; None = everybody."""

    id: str
    name: str
    size: int
    by: str
    by_name: str
    at: Instant
    group: list[str] | None = None

    def message(self, number: int) -> ChatMessage:
        """Return the message that tells of it."""
        return ChatMessage(
            number=number,
            at=self.at,
            sender=self.by,
            sender_name=self.by_name,
            to=None,
            to_name="",
            text="",
            file=SharedFile(id=self.id, name=self.name, size=self.size),
        )

    @property
    def readers(self) -> frozenset[str] | None:
        """Return who reads of it, as the chat keeps it."""
        return None if self.group is None else frozenset(self.group)
