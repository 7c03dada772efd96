"""The Janus API over one WebSocket: a session, its handles, requests and what comes unasked.

Every request carries a transaction. A plugin answers some at once (`success`) and others later
(`ack`, then an `event` with the transaction); both look the same to who asks here.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from projectdesk.errors import MediaError
from projectdesk.media.embedded.tasks import Tasks

log = logging.getLogger(__name__)

PLUGIN = "janus.plugin.videoroom"
NO_SUCH_FEED = 428
"""The VideoRoom's number for a publisher or stream that is not there (any more)."""

_PROTOCOL = "janus-protocol"
_KEEPALIVE_S = 20.0
"""A session without a request for 60 seconds ends (Janus' default)."""

_HEARTBEAT_S = 10.0
"""A node that answers no ping for half of this is lost, however its connection looks."""

_REQUEST_TIMEOUT_S = 15.0
_CONNECT_TIMEOUT_S = 5.0
_MAX_MESSAGE = 4 << 20

Body = dict[str, Any]


class JanusRefused(MediaError):
    """Janus or its plugin refused a request; `number` is its error code."""

    def __init__(self, number: int, reason: str) -> None:
        """Keep the number beside the text that people read."""
        super().__init__("janus_refused", "The media server refused: {reason}.", reason=reason)
        self.number = number


@dataclass(frozen=True, slots=True)
class Reply:
    """What a plugin says: its own fields and, where it negotiates, a session description."""

    data: Body
    sdp: str | None


@dataclass(frozen=True, slots=True)
class MediaUp:
    """ICE and DTLS of a handle's peer connection are done."""


@dataclass(frozen=True, slots=True)
class HungUp:
    """A handle's peer connection ended."""

    reason: str


@dataclass(frozen=True, slots=True)
class Receiving:
    """Packets of one m-line began to come in, or none came for a second."""

    mid: str
    receiving: bool


@dataclass(frozen=True, slots=True)
class SlowLink:
    """Packets were lost on a handle's peer connection since the last such notice."""

    lost: int


Notice = Reply | MediaUp | HungUp | Receiving | SlowLink
"""What a handle hears without having asked."""


class Handle:
    """One attachment to the plugin: the way to one peer connection."""

    def __init__(
        self, connection: JanusConnection, number: int, hear: Callable[[Notice], None]
    ) -> None:
        """Keep what identifies it; made by `JanusConnection.attach`."""
        self.number = number
        self.hear = hear
        self._connection = connection

    async def ask(self, body: Body, sdp: tuple[str, str] | None = None) -> Reply:
        """Send a request to the plugin and return its answer.

        Args:
            body: the plugin's request.
            sdp: `offer` or `answer`, and the session description that goes with it.

        Raises:
            MediaError: `janus_refused`, `media_slow`, `media_ended`.
        """
        message: Body = {"janus": "message", "handle_id": self.number, "body": body}
        if sdp is not None:
            message["jsep"] = {"type": sdp[0], "sdp": sdp[1]}
        answer = _read_reply(await self._connection.request(message))
        if "error_code" in answer.data:
            raise JanusRefused(int(answer.data["error_code"]), str(answer.data.get("error", "")))
        return answer

    async def detach(self) -> None:
        """End the handle and its peer connection. Idempotent."""
        if self._connection.forget(self):
            with contextlib.suppress(MediaError):
                await self._connection.request({"janus": "detach", "handle_id": self.number})


class JanusConnection:
    """A WebSocket to a node and a session on it."""

    def __init__(self, node: str, api_secret: str | None, lost: Callable[[], None]) -> None:
        """Make a connection that is not open.

        Args:
            node: URL of its WebSocket API.
            api_secret: goes into every request, where the node has one.
            lost: called once if the connection or the session ends without `close`.
        """
        self.node = node
        self._api_secret = api_secret
        self._lost = lost
        self._client: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._session: int | None = None
        self._handles: dict[int, Handle] = {}
        self._waiting: dict[str, asyncio.Future[Body]] = {}
        self._numbers = itertools.count(1)
        self._tasks = Tasks()
        self._closing = False

    async def open(self) -> None:
        """Connect and make a session.

        Raises:
            MediaError: `media_unreachable`, or as `request`.
        """
        self._client = aiohttp.ClientSession()
        try:
            async with asyncio.timeout(_CONNECT_TIMEOUT_S):
                self._socket = await self._client.ws_connect(
                    self.node,
                    protocols=(_PROTOCOL,),
                    max_msg_size=_MAX_MESSAGE,
                    heartbeat=_HEARTBEAT_S,
                )
            self._tasks.start(self._read(self._socket))
            made = await self.request({"janus": "create"})
            self._session = int(made["data"]["id"])
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            await self.close()
            raise MediaError(
                "media_unreachable", "The media server {node} does not answer.", node=self.node
            ) from error
        except BaseException:
            await self.close()
            raise
        self._tasks.start(self._keep_alive(self._session))

    async def attach(self, hear: Callable[[Notice], None]) -> Handle:
        """Attach to the VideoRoom plugin.

        Args:
            hear: hears what comes unasked; must not block or raise.
        """
        made = await self.request({"janus": "attach", "plugin": PLUGIN})
        handle = Handle(self, int(made["data"]["id"]), hear)
        self._handles[handle.number] = handle
        return handle

    def forget(self, handle: Handle) -> bool:
        """Pass nothing to a handle any more; tell whether anything was."""
        return self._handles.pop(handle.number, None) is not None

    async def request(self, message: Body) -> Body:
        """Send a message and return the one that answers it.

        Raises:
            MediaError: `janus_refused`, `media_slow`, `media_ended`.
        """
        socket = self._socket
        if socket is None or socket.closed:
            raise _media_ended()
        transaction = str(next(self._numbers))
        waiting: asyncio.Future[Body] = asyncio.get_running_loop().create_future()
        self._waiting[transaction] = waiting
        try:
            async with asyncio.timeout(_REQUEST_TIMEOUT_S):
                await socket.send_str(self._pack({**message, "transaction": transaction}))
                answer = await waiting
        except TimeoutError as error:
            raise MediaError("media_slow", "The media server did not answer in time.") from error
        except (aiohttp.ClientError, ConnectionError) as error:
            raise _media_ended() from error
        finally:
            self._waiting.pop(transaction, None)
        if answer.get("janus") == "error":
            found = answer.get("error", {})
            raise JanusRefused(int(found.get("code", 0)), str(found.get("reason", "")))
        return answer

    async def close(self) -> None:
        """End the session and the connection. Idempotent."""
        if self._closing:
            return
        self._closing = True
        if self._session is not None:
            with contextlib.suppress(MediaError):
                await self.request({"janus": "destroy"})
        self._handles.clear()
        if self._socket is not None:
            await self._socket.close()
        if self._client is not None:
            await self._client.close()
        await self._tasks.cancel()

    # --- inside ---------------------------------------------------------------------------------

    def _pack(self, message: Body) -> str:
        if self._session is not None:
            message["session_id"] = self._session
        if self._api_secret is not None:
            message["apisecret"] = self._api_secret
        return json.dumps(message)

    async def _keep_alive(self, session: int) -> None:
        while True:
            await asyncio.sleep(_KEEPALIVE_S)
            assert self._socket is not None  # noqa: S101 - open; tells the type checker
            message = {"janus": "keepalive", "transaction": f"keepalive-{session}"}
            with contextlib.suppress(ConnectionError, aiohttp.ClientError):
                await self._socket.send_str(self._pack(message))

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            if frame.type is not aiohttp.WSMsgType.TEXT:
                continue
            try:
                message = json.loads(frame.data)
                if message["janus"] == "timeout":
                    break
                self._take(message)
            except (ValueError, KeyError, TypeError, AttributeError):
                log.exception("a message of the media server %s was not understood", self.node)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(_media_ended())
        self._waiting.clear()
        if not self._closing:
            self._session = None
            log.warning("the media server %s was lost", self.node)
            self._lost()

    def _take(self, message: Body) -> None:
        kind = message["janus"]
        waiting = self._waiting.get(message.get("transaction", ""))
        if waiting is not None:
            if kind != "ack" and not waiting.done():
                waiting.set_result(message)
            return
        handle = self._handles.get(message.get("sender", 0))
        if handle is None:
            return
        notice = _read_notice(kind, message)
        if notice is not None:
            handle.hear(notice)


def _read_reply(message: Body) -> Reply:
    description = message.get("jsep") or {}
    return Reply(message.get("plugindata", {}).get("data", {}), description.get("sdp"))


def _read_notice(kind: str, message: Body) -> Notice | None:
    match kind:
        case "event":
            return _read_reply(message)
        case "webrtcup":
            return MediaUp()
        case "hangup":
            return HungUp(str(message.get("reason", "")))
        case "media":
            return Receiving(str(message["mid"]), bool(message["receiving"]))
        case "slowlink":
            return SlowLink(int(message.get("lost", 0)))
    return None


def _media_ended() -> MediaError:
    return MediaError("media_ended", "The media server of this room ended.")
