"""Guests of the demo without a browser: two participants of aiortc.

They come in by the same link, HTTP and WebSocket as a page, send a moving picture and a tone, and
count every frame that they decode. Run as `python -m projectdesk.demo.robots`.
"""

from __future__ import annotations

import asyncio
import fractions
import logging
import math
import sys
import threading
from collections.abc import Coroutine
from typing import Any

from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame

from projectdesk.demo.lines import Order, answer, orders
from projectdesk.demo.seat import Seat
from projectdesk.signalling import call

_log = logging.getLogger(__name__)
_RATE = 48_000
_SAMPLES = 960


class Picture(MediaStreamTrack):
    """A picture of 320x180 at 10 frames a second in which a bar moves."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    async def recv(self) -> VideoFrame:
        """Return the next picture, a tenth of a second later."""
        await asyncio.sleep(0.1)
        frame = VideoFrame(320, 180, "yuv420p")
        for index, plane in enumerate(frame.planes):
            shade = (self._count * 8) % 256 if index == 0 else 128
            plane.update(bytes([shade]) * plane.buffer_size)
        frame.pts, frame.time_base = self._count * 9000, fractions.Fraction(1, 90_000)
        self._count += 1
        return frame


class Tone(MediaStreamTrack):
    """A quiet tone of 440 Hz."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self._wave = b"".join(
            int(2000 * math.sin(2 * math.pi * 440 * n / _RATE)).to_bytes(2, "little", signed=True)
            for n in range(_SAMPLES * 6)
        )

    async def recv(self) -> AudioFrame:
        """Return the next 20 ms."""
        await asyncio.sleep(0.02)
        start = (self._count % 6) * _SAMPLES * 2
        frame = AudioFrame(format="s16", layout="mono", samples=_SAMPLES)
        frame.planes[0].update(self._wave[start : start + _SAMPLES * 2])
        frame.pts, frame.sample_rate = self._count * _SAMPLES, _RATE
        frame.time_base = fractions.Fraction(1, _RATE)
        self._count += 1
        return frame


def _connection() -> RTCPeerConnection:
    return RTCPeerConnection(
        RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
    )


class Robot:
    """One participant. url: its link; place: where it is, in the words of the page's session."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._seat = Seat(url)
        self._publish = _connection()
        self._subscribe = _connection()
        self._feeds: dict[str, str] = {}
        self._readers: set[asyncio.Task[None]] = set()
        self._in = asyncio.Event()
        self.place = "look"
        self.frames: dict[str, int] = {}

    async def join(self) -> None:
        """Come in and knock; the rest happens as the host's messages arrive."""
        self._subscribe.on("track", self._on_track)
        await self._seat.take()
        self._start(self._listen())
        async with asyncio.timeout(20):
            await self._in.wait()

    async def leave(self, *, politely: bool) -> None:
        """Go; without politeness the network just ends."""
        await self._seat.leave(politely=politely)
        readers = list(self._readers)
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)
        await asyncio.gather(self._publish.close(), self._subscribe.close())

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._readers.add(task)
        task.add_done_callback(self._on_done)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self._readers.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.place = "problem"
            _log.error("a guest failed", exc_info=error)

    async def _listen(self) -> None:
        async for message in self._seat.messages():
            await self._on_message(message)
        self.place = "lost" if self.place == "call" else self.place

    async def _on_message(self, message: call.HostMessage) -> None:
        match message:
            case call.Lobby():
                self.place = "lobby"
                self._in.set()
            case call.RoomState():
                self.place = "call"
                self._in.set()
                await self._offer()
                await self._seat.send(call.OpenSubscribe())
            case call.PublishAnswered(sdp=sdp):
                await self._publish.setRemoteDescription(RTCSessionDescription(sdp, "answer"))
            case call.SubscribeOffered():
                await self._take(message)
            case call.Ended():
                self.place = "ended"
            case _:
                pass

    async def _offer(self) -> None:
        lines = [
            (self._publish.addTransceiver(Tone(), direction="sendonly"), "audio"),
            (self._publish.addTransceiver(Picture(), direction="sendonly"), "video"),
        ]
        await self._publish.setLocalDescription(await self._publish.createOffer())
        sources: Any = {str(line.mid): source for line, source in lines}
        await self._seat.send(call.Publish(sdp=self._publish.localDescription.sdp, sources=sources))
        await self._seat.send(call.SetMedia(audio=True, video=True))

    async def _take(self, offered: call.SubscribeOffered) -> None:
        for feed in offered.feeds:
            if feed.source == "video":
                self._feeds[feed.mid] = feed.participant
        connection = self._subscribe
        await connection.setRemoteDescription(RTCSessionDescription(offered.sdp, "offer"))
        await connection.setLocalDescription(await connection.createAnswer())
        sdp = connection.localDescription.sdp
        await self._seat.send(call.SubscribeAnswer(offer=offered.offer, sdp=sdp))

    def _on_track(self, track: MediaStreamTrack) -> None:
        for line in self._subscribe.getTransceivers():
            if line.receiver.track is track:
                self._start(self._count(track, str(line.mid)))

    async def _count(self, track: MediaStreamTrack, mid: str) -> None:
        try:
            while True:
                await track.recv()
                whose = self._feeds.get(mid)
                if whose is not None:
                    self.frames[whose] = self.frames.get(whose, 0) + 1
        except MediaStreamError:
            return


class Robots:
    """All robots, on the event loop that they live on."""

    def __init__(self) -> None:
        self._robots: dict[str, Robot] = {}

    async def carry_out(self, order: Order) -> Order:
        """Do what an order says and return what to answer."""
        name = order.get("name", "")
        if order["do"] == "open":
            self._robots[name] = Robot(order["url"])
            return {}
        if order["do"] == "read":
            return {"guests": {who: _seen(robot) for who, robot in self._robots.items()}}
        robot = self._robots[name]
        match order["do"]:
            case "join":
                await robot.join()
                return {"state": robot.place}
            case "leave":
                await robot.leave(politely=True)
                return {"state": "left"}
            case "rejoin":
                again = self._robots[name] = Robot(robot.url)
                await again.join()
                return {"state": again.place}
            case "drop":
                await self._robots.pop(name).leave(politely=False)
            case other:
                raise ValueError(f"a guest without a browser cannot {other!r}")
        return {}

    async def close(self) -> None:
        """Let everybody go."""
        for robot in self._robots.values():
            await robot.leave(politely=False)


def _seen(robot: Robot) -> Order:
    statistics = {whose: {"framesDecoded": count} for whose, count in robot.frames.items()}
    return {"state": {"name": robot.place}, "statistics": statistics}


def main() -> int:
    """Serve orders until standard input ends; the robots live on a loop of their own thread."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    robots = Robots()
    for order in orders():
        working = asyncio.run_coroutine_threadsafe(robots.carry_out(order), loop)
        answer(working.result)
    asyncio.run_coroutine_threadsafe(robots.close(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
