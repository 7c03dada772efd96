"""Attendants: robots that come in by a personal link, as a page does, and send and count.

They speak the page's HTTP and WebSocket and, with the legs of `robots`, its ICE, DTLS and SRTP.
What they send is either the fixed load of decisions 21 or a short clip that a browser can decode.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
import msgspec

from projectdesk.bench.clip import ClipStream, Frames
from projectdesk.bench.robots import PublishingRobot, RobotWorld, SubscribingRobot
from projectdesk.media.embedded import rtcp, rtp
from projectdesk.media.embedded._aiortc_seam import unprotect
from projectdesk.media.embedded.leg import Leg
from projectdesk.media.embedded.sdp import parse_description
from projectdesk.signalling import VERSION, call

_PATIENCE_S = 30
_FOREVER_S = 1e9
_COUNTED = frozenset({"opus", "vp8"})


@dataclass(slots=True)
class Reception:
    """What came of one stream: extended numbers from the first to the highest, and how many."""

    first: int
    highest: int
    received: int = 1

    @property
    def expected(self) -> int:
        """How many there were to come."""
        return self.highest - self.first + 1


class _Sender(PublishingRobot):
    """Sends streams that a browser can decode, if it is given a clip."""

    def show(self, frames: Frames) -> None:
        """Send a clip in place of the fixed load."""
        voice, picture = self.streams
        self.streams = (voice, ClipStream(frames, picture.ssrc))

    def handle_control(self, message: rtcp.Message, now: float) -> None:
        """Begin with a key frame again when one is asked for."""
        if isinstance(message, rtcp.KeyFrameRequest):
            for stream in self.streams:
                if isinstance(stream, ClipStream):
                    stream.begin_again()


class _Receiver(SubscribingRobot):
    """Counts what comes of each stream by sequence numbers."""

    receptions: dict[int, Reception]
    payload_types: frozenset[int] = frozenset()
    sections: int = 0
    """m-lines of the last offer."""

    async def take(self, sdp: str) -> str:
        """Answer an offer; see `SubscribingRobot.take`."""
        if not hasattr(self, "receptions"):
            self.receptions = {}
        offer = parse_description(sdp)
        self.sections = len(offer.sections)
        self.payload_types = frozenset(
            number
            for section in offer.sections
            for number, codec in section.codecs.items()
            if codec.name.lower() in _COUNTED
        )
        return await super().take(sdp)

    def receive_packet(self, size: int) -> None:
        """Decrypt and count one packet."""
        inbox = self._around.inbox
        inbox.length[0] = size
        if unprotect(self.transport.srtp_in, inbox.address, inbox.length):
            return
        _, second, sequence, _, ssrc = rtp.FIXED_HEADER.unpack_from(inbox.bytes)
        if second & 0x7F not in self.payload_types:
            return
        self._streams[ssrc] = sequence
        known = self.receptions.get(ssrc)
        if known is None:
            self.receptions[ssrc] = Reception(sequence, sequence)
            return
        known.highest = max(known.highest, rtp.extend_sequence(sequence, known.highest))
        known.received += 1


class Attendant:
    """One participant, from the link to leaving. url: a personal link of a room without lobby."""

    def __init__(self, url: str, world: RobotWorld, frames: Frames | None = None) -> None:
        parts = urlsplit(url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._room = f"{self._origin}{parts.path}"
        self._token = parts.fragment
        self._decoder = msgspec.json.Decoder(call.HostMessage)
        self._http: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._listener: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._tasks = world.tasks
        self._answered = False
        name = self._token[:8]
        self.sender = _Sender(name, world.surround(), self._note, world.window)
        self.receiver = _Receiver(name, world.surround(), self._note, world.window)
        self.receiver.receptions = {}
        if frames is not None:
            self.sender.show(frames)

    async def join(self) -> None:
        """Come in and send until `leave`; return once both connections stand.

        Raises:
            RuntimeError: the host refused, or a connection failed.
            TimeoutError: it took over 30 s.
        """
        self._http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        look = await self._post("look", call.LookRequest(token=self._token))
        name = msgspec.json.decode(look, type=call.Look).name
        raw = await self._post("join", call.JoinRequest(token=self._token, name=name))
        resume = msgspec.json.decode(raw, type=call.JoinReply).resume
        self._socket = await self._http.ws_connect(
            f"{self._room}/ws".replace("http", "ws", 1), headers={"Origin": self._origin}
        )
        await self._send(call.Hello(version=VERSION, resume=resume))
        self._listener = self._tasks.start(self._listen(self._socket))
        async with asyncio.timeout(_PATIENCE_S):
            while not (self._answered and self.sender.state == "connected"):
                if self._listener.done():
                    self._listener.result()
                    raise RuntimeError("the host closed the socket")
                if self.sender.state == "failed":
                    raise RuntimeError("an attendant's connection failed")
                self._changed.clear()
                await self._changed.wait()
        loop = asyncio.get_running_loop()
        self.sender.play(loop, loop.time() + _FOREVER_S)

    async def leave(self, *, politely: bool = True) -> None:
        """Go; without politeness the network just ends."""
        if politely and self._socket is not None and not self._socket.closed:
            await self._send(call.Leave())
        if self._listener is not None:
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener
        self.sender.send = None  # its timers run on, and find nothing to do
        await asyncio.gather(self.sender.close(), self.receiver.close())
        if self._socket is not None:
            await self._socket.close()
        if self._http is not None:
            await self._http.close()

    def _note(self, leg: Leg) -> None:
        self._changed.set()

    async def _post(self, what: str, body: msgspec.Struct) -> bytes:
        assert self._http is not None  # noqa: S101 - join made it
        async with self._http.post(
            f"{self._room}/api/{what}",
            data=msgspec.json.encode(body),
            headers={"Content-Type": "application/json", "Origin": self._origin},
        ) as response:
            raw = await response.read()
            if response.status >= 300:
                raise RuntimeError(f"{what}: {response.status} {raw[:200]!r}")
            return raw

    async def _send(self, message: call.ClientMessage) -> None:
        assert self._socket is not None  # noqa: S101 - join made it
        await self._socket.send_str(msgspec.json.encode(message).decode("utf-8"))

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        try:
            async for received in socket:
                if received.type is aiohttp.WSMsgType.TEXT:
                    await self._on_message(self._decoder.decode(received.data))
        finally:
            self._changed.set()

    async def _on_message(self, message: call.HostMessage) -> None:
        match message:
            case call.RoomState():
                sdp, sources = await self.sender.offer()
                await self._send(call.Publish(sdp=sdp, sources=sources))
                await self._send(call.SetMedia(audio=True, video=True))
                await self._send(call.OpenSubscribe())
            case call.PublishAnswered(sdp=sdp):
                self.sender.answered(sdp)
            case call.SubscribeOffered(offer=offer, sdp=sdp):
                answer = await self.receiver.take(sdp)
                await self._send(call.SubscribeAnswer(offer=offer, sdp=answer))
                self._answered = True
                self._changed.set()
            case call.Problem(code=code, text=text):
                raise RuntimeError(f"{code}: {text}")
            case call.Ended(reason=reason):
                raise RuntimeError(f"an attendant was sent away: {reason}")
            case _:
                pass


def together(attendants: Sequence[Attendant]) -> tuple[int, int]:
    """Return how many packets came to all attendants, and how many were to come."""
    receptions = [r for one in attendants for r in one.receiver.receptions.values()]
    return sum(r.received for r in receptions), sum(r.expected for r in receptions)
