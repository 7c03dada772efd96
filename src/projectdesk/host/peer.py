"""One open socket as a room sees it: a queue that never blocks and never grows without end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from projectdesk.host.meters import Meters

MAX_WAITING = 256
"""Messages that may wait for a slow client; then it is disconnected and may come back."""

CLOSE_OVER = 4000
"""Close code: what was said before it tells why."""
CLOSE_FLOOD = 4002
"""Close code: the client sends too much."""


@dataclass(frozen=True)
class _Close:
    code: int


class Peer:
    """Sends in the background (`pump`) what rooms hand over at once."""

    def __init__(
        self,
        name: str,
        socket: web.WebSocketResponse,
        abort: Callable[[], None],
        meters: Meters | None = None,
    ) -> None:
        """Make a peer.

        Args:
            name: unique in this host.
            socket: prepared.
            abort: cuts the connection off without waiting for the client.
            meters: count its messages.
        """
        self.name = name
        self._socket = socket
        self._abort = abort
        self.meters = meters or Meters()
        self._waiting: asyncio.Queue[str | _Close] = asyncio.Queue(MAX_WAITING)
        self._closing = False

    def send(self, text: str) -> None:
        """Send after what was handed over before; a client that does not keep up is cut off."""
        if not self._closing:
            self._put(text)

    def close(self, code: int = CLOSE_OVER) -> None:
        """Close after what was handed over before; nothing is sent after it."""
        if not self._closing:
            self._put(_Close(code))
            self._closing = True

    async def pump(self) -> None:
        """Send until closed, cut off or cancelled."""
        try:
            while True:
                match await self._waiting.get():
                    case _Close(code=code):
                        await self._socket.close(code=code)
                        return
                    case text:
                        await self._socket.send_str(text)
                        self.meters.sent += 1
        except ConnectionError:
            return  # the reader of the socket notices and says so to the room

    def _put(self, item: str | _Close) -> None:
        try:
            self._waiting.put_nowait(item)
        except asyncio.QueueFull:
            self._closing = True
            self._abort()
