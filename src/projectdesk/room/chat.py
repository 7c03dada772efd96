"""What was written in the call; it lives as long as the room's process and its meeting."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice

from projectdesk.signalling.floor import CHAT_KEPT, ChatHistory, ChatMessage

_PIECE = 25
"""Messages in one piece of the history: at 2000 characters of four octets below 256 KiB."""
_PRIVATE_KEPT = 400


class Chat:
    """The last public messages, and the last private ones for those two who may read them.

    Nothing of it is journaled, logged or stored (security.md).
    """

    def __init__(self) -> None:
        self._public: deque[ChatMessage] = deque(maxlen=CHAT_KEPT)
        self._private: deque[ChatMessage] = deque(maxlen=_PRIVATE_KEPT)
        self._group: deque[tuple[frozenset[str], ChatMessage]] = deque(maxlen=_PRIVATE_KEPT)
        self._written = 0

    def next_number(self) -> int:
        """Return the number of the message to come."""
        return self._written + 1

    def keep(self, message: ChatMessage, *, group: frozenset[str] | None = None) -> None:
        """Keep a message for who comes later.

        Args:
            message: as it is told.
            group: who reads it when it was written to all of a breakout room.
        """
        self._written = message.number
        if message.to is not None:
            self._private.append(message)
        elif group is not None:
            self._group.append((group, message))
        else:
            self._public.append(message)

    def history(self, participant: str) -> Iterator[ChatHistory]:
        """Yield what somebody may read, oldest first, in pieces; nothing if there is nothing."""
        own = [m for m in self._private if participant in {m.sender, m.to}]
        own += [message for readers, message in self._group if participant in readers]
        messages = iter(sorted([*self._public, *own], key=lambda message: message.number))
        first = True
        while piece := list(islice(messages, _PIECE)):
            yield ChatHistory(messages=piece, first=first)
            first = False

    def erase(self) -> None:
        """Forget everything."""
        self._public.clear()
        self._private.clear()
        self._group.clear()
