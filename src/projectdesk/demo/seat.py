"""A participant's way in without a browser: the page's HTTP and WebSocket (docs/signalling.md)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import aiohttp
import msgspec

from projectdesk.signalling import VERSION, call

_HEADERS = {"User-Agent": "ProjectDesk"}


class Seat:
    """One seat of a room, by its personal link.

    Args:
        url: the link.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._room = f"{self._origin}{parts.path}"
        self._token = parts.fragment
        self._decoder = msgspec.json.Decoder(call.HostMessage)
        self._http: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None

    async def take(self) -> None:
        """Join under the invited name and open the socket; what follows comes by `messages`.

        Raises:
            RuntimeError: the host refuses; says with what.
        """
        self._http = aiohttp.ClientSession(
            headers=_HEADERS, cookie_jar=aiohttp.CookieJar(unsafe=True)
        )
        look = await self._post("look", call.LookRequest(token=self._token))
        name = msgspec.json.decode(look, type=call.Look).name
        raw = await self._post("join", call.JoinRequest(token=self._token, name=name))
        resume = msgspec.json.decode(raw, type=call.JoinReply).resume
        self._socket = await self._http.ws_connect(
            f"{self._room}/ws".replace("http", "ws", 1), headers={"Origin": self._origin}
        )
        await self.send(call.Hello(version=VERSION, resume=resume))

    async def send(self, message: call.ClientMessage) -> None:
        """Send a message of a page."""
        assert self._socket is not None  # noqa: S101 - `take` made it
        await self._socket.send_str(msgspec.json.encode(message).decode("utf-8"))

    async def messages(self) -> AsyncIterator[call.HostMessage]:
        """Yield what the host says, until the socket is closed."""
        assert self._socket is not None  # noqa: S101 - `take` made it
        async for received in self._socket:
            if received.type is aiohttp.WSMsgType.TEXT:
                yield self._decoder.decode(received.data)

    async def leave(self, *, politely: bool) -> None:
        """Close the socket, with a word before it or without. Idempotent."""
        if self._socket is not None and not self._socket.closed:
            if politely:
                await self.send(call.Leave())
            await self._socket.close()
        if self._http is not None:
            await self._http.close()

    async def _post(self, what: str, body: msgspec.Struct) -> bytes:
        assert self._http is not None  # noqa: S101 - `take` made it
        async with self._http.post(
            f"{self._room}/api/{what}",
            data=msgspec.json.encode(body),
            headers={"Content-Type": "application/json", "Origin": self._origin},
        ) as response:
            raw = await response.read()
            if response.status >= 300:
                raise RuntimeError(f"{what}: {response.status} {raw[:200]!r}")
            return raw
