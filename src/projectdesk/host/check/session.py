"""One connection check: the socket of a page that calls itself and measures its path."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import WSMsgType, web

from projectdesk.errors import MediaError, RemoteProtocolError
from projectdesk.host.check.trials import Trial
from projectdesk.host.peer import CLOSE_FLOOD, Peer
from projectdesk.signalling import call, check, codec
from projectdesk.signalling.media import SubscribeOffered

DOWNLOAD_S = 2.0
LONGEST_S = 180.0
"""A check takes half a minute; somebody may stop to plug in a headset."""


@dataclass
class _Upload:
    """What came in. The first frame only starts the clock."""

    frames: int = 0
    volume: int = 0
    counted: int = 0
    began: float = 0.0
    ended: float = 0.0

    def take(self, size: int, now: float) -> None:
        if self.frames == 0:
            self.began = now
        else:
            self.counted += size
        self.frames += 1
        self.volume += size
        self.ended = now


class CheckSession:
    """Answers one page until it closes, or for three minutes."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        peer: Peer,
        trial: Trial | None,
        allows: Callable[[], bool],
        *,
        personal: bool,
    ) -> None:
        """Make a session.

        Args:
            socket: prepared; the page has said hello.
            peer: sends what is said here.
            trial: of the media; None where there are none now.
            allows: takes one message; False = it is too many.
            personal: by somebody's link; others may ask for nothing that costs the host much.
        """
        self._socket = socket
        self._peer = peer
        self._trial = trial
        self._allows = allows
        self._personal = personal
        self._upload = _Upload()
        if trial is not None:
            trial.listen(self._offered)

    async def run(self) -> None:
        """Answer until the end."""
        try:
            async with asyncio.timeout(LONGEST_S):
                async for frame in self._socket:
                    if frame.type is WSMsgType.BINARY:
                        self._take_block(len(frame.data))
                    elif frame.type is WSMsgType.TEXT:
                        await self._take_text(frame.data)
        except TimeoutError:
            self._peer.close()

    def _take_block(self, size: int) -> None:
        self._upload.take(size, asyncio.get_running_loop().time())
        most = check.MAX_VOLUME + check.MAX_BLOCK if self._personal else 0
        if self._upload.volume > most or size > check.MAX_BLOCK:
            self._peer.close(CLOSE_FLOOD)

    async def _take_text(self, text: str) -> None:
        if not self._allows():
            self._peer.close(CLOSE_FLOOD)
            return
        try:
            message: check.CheckMessage = codec.decode(text, check.CheckMessage, limit=call.MAX_SDP)
        except RemoteProtocolError as error:
            self._say(call.Problem(code=error.code, text=error.text))
            return
        try:
            await self._answer(message)
        except MediaError as error:
            asked = codec.tag_of(message)
            self._say(call.Problem(code=error.code, text=error.text, in_reply_to=asked))

    async def _answer(self, message: check.CheckMessage) -> None:
        match message:
            case call.Ping(n=n):
                self._say(call.Pong(n=n))
            case check.MeasureDownload() | check.UploadEnded() if not self._personal:
                self._say(call.Problem(code="not_allowed", text="That needs a personal link."))
            case check.MeasureDownload():
                await self._send_blocks()
            case check.UploadEnded():
                done, self._upload = self._upload, _Upload()
                seconds = done.ended - done.began
                self._say(check.UploadMeasured(bytes=done.counted, seconds=seconds))
            case call.Publish(sdp=sdp, sources=sources, rebuild=rebuild):
                answer = await self._media().publish(sdp, sources, rebuild=rebuild)
                self._say(call.PublishAnswered(sdp=answer))
            case call.OpenSubscribe(rebuild=rebuild):
                await self._media().subscribe(rebuild=rebuild)
            case call.SubscribeAnswer(offer=offer, sdp=sdp):
                await self._media().answer(offer, sdp)
            case check.CheckHello():
                self._say(call.Problem(code="unexpected_message", text="That was said already."))

    def _media(self) -> Trial:
        if self._trial is None:
            raise MediaError("media_unavailable", "No test picture can be taken at the moment.")
        return self._trial

    async def _send_blocks(self) -> None:
        block = secrets.token_bytes(check.MAX_BLOCK)  # what no proxy can make smaller
        clock = asyncio.get_running_loop().time
        end, sent = clock() + DOWNLOAD_S, 0
        while clock() < end and sent < check.MAX_VOLUME:
            await self._socket.send_bytes(block)
            sent += len(block)
        self._say(check.DownloadEnded(bytes=sent))

    def _offered(self, offered: SubscribeOffered) -> None:
        self._say(call.SubscribeOffered(offer=offered.offer, sdp=offered.sdp, feeds=offered.feeds))

    def _say(self, message: check.CheckNews) -> None:
        self._peer.send(codec.encode(message).decode())
