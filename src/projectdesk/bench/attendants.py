"""Attendants: robots that come in by a personal link, as a page does, and send and count.

They speak the page's HTTP and WebSocket and, with the legs of `robots`, its ICE, DTLS and SRTP.
What they send is either the fixed load of decisions 21 or a short clip that a browser can decode.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from projectdesk.bench.clip import ClipStream, Frames
from projectdesk.bench.robots import (
    PublishingRobot,
    RobotWorld,
    SubscribingRobot,
    Window,
)
from projectdesk.demo.seat import Seat
from projectdesk.media.embedded import rtcp, rtp
from projectdesk.media.embedded._aiortc_seam import unprotect
from projectdesk.media.embedded.leg import Leg, Surroundings
from projectdesk.media.embedded.sdp import parse_description
from projectdesk.signalling import call

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

    def __init__(
        self, name: str, around: Surroundings, changed: Callable[[Leg], None], window: Window
    ) -> None:
        """Make a robot's subscribe leg; see `Leg`."""
        super().__init__(name, around, changed, window)
        self.receptions: dict[int, Reception] = {}
        self.payload_types: frozenset[int] = frozenset()
        self.sections = 0
        """m-lines of the last offer."""

    async def take(self, sdp: str) -> str:
        """Answer an offer; see `SubscribingRobot.take`."""
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
        self._seat = Seat(url)
        self._listener: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._tasks = world.tasks
        self._answered = False
        name = url[-8:]
        self.sender = _Sender(name, world.surround(), self._note, world.window)
        self.receiver = _Receiver(name, world.surround(), self._note, world.window)
        if frames is not None:
            self.sender.show(frames)

    async def join(self) -> None:
        """Come in and send until `leave`; return once both connections stand.

        Raises:
            RuntimeError: the host refused, or a connection failed.
            TimeoutError: it took over 30 s.
        """
        await self._seat.take()
        self._listener = self._tasks.start(self._listen())
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
        await self._seat.leave(politely=politely)
        if self._listener is not None:
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener
        self.sender.send = None  # its timers run on, and find nothing to do
        await asyncio.gather(self.sender.close(), self.receiver.close())

    def _note(self, leg: Leg) -> None:
        self._changed.set()

    async def _listen(self) -> None:
        try:
            async for message in self._seat.messages():
                await self._on_message(message)
        finally:
            self._changed.set()

    async def _on_message(self, message: call.HostMessage) -> None:
        match message:
            case call.RoomState():
                sdp, sources = await self.sender.offer()
                await self._seat.send(call.Publish(sdp=sdp, sources=sources))
                await self._seat.send(call.SetMedia(audio=True, video=True))
                await self._seat.send(call.OpenSubscribe())
            case call.PublishAnswered(sdp=sdp):
                self.sender.answered(sdp)
            case call.SubscribeOffered(offer=offer, sdp=sdp):
                answer = await self.receiver.take(sdp)
                await self._seat.send(call.SubscribeAnswer(offer=offer, sdp=answer))
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
