"""Participants for tests of the back ends: aiortc's, and real pages in Chromium."""

from __future__ import annotations

import asyncio
import fractions
import os
import sys
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError
from av import VideoFrame
from playwright.async_api import async_playwright

from projectdesk.media.embedded.backend import EmbeddedBackend, EmbeddedSettings
from projectdesk.media.port import MediaBackend, MediaEnded, MediaRoom
from projectdesk.signalling.media import Event, FeedSource, SubscribeOffered
from tests.integration.media.support import Recorder

CALL_PAGE = Path(__file__).with_name("call_page.html")
ORIGIN = "https://call.test/"

SFU = [sys.executable, "-m", "projectdesk.media.embedded.process"]
FLAGS = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]
if sys.platform == "linux" and os.geteuid() == 0:
    FLAGS.append("--no-sandbox")  # Chromium refuses its sandbox to root

PLAYING = """(received, names) => names.every((name) => {
    const feed = received[name];
    if (!feed) return false;
    return name.endsWith("audio")
        ? feed.packets > 50 && feed.emitted > 0
        : feed.frames > 20 && feed.currentTime > 0.5;
})"""


class SmallPicture(MediaStreamTrack):
    """A 160x120 picture at ten frames a second whose brightness changes."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    async def recv(self) -> VideoFrame:
        await asyncio.sleep(0.1)
        frame = VideoFrame(width=160, height=120, format="yuv420p")
        for index, plane in enumerate(frame.planes):
            plane.update(
                bytes([(self._count * 8) % 256 if index == 0 else 128]) * plane.buffer_size
            )
        frame.pts, frame.time_base = self._count * 9000, fractions.Fraction(1, 90000)
        self._count += 1
        return frame


class NativeParticipant:
    """Two peer connections of aiortc that publish and count what they receive."""

    def __init__(self, name: str, room: MediaRoom) -> None:
        self.name = name
        self.frames: dict[tuple[str, FeedSource], int] = {}
        self._room = room
        self._publish: RTCPeerConnection | None = None
        self._subscribe: RTCPeerConnection | None = None
        self._feeds: dict[str, Any] = {}
        self._readers: set[asyncio.Task] = set()
        self._grew = asyncio.Event()

    async def join(self) -> None:
        await self._room.subscribe(self.name)
        await self.publish()

    async def publish(self, *, rebuild: bool = False) -> None:
        if self._publish is not None:
            await self._publish.close()
        peer = self._publish = RTCPeerConnection(_configuration())
        sources: dict[str, FeedSource] = {}
        tracks: list[tuple[MediaStreamTrack, FeedSource]] = [
            (AudioStreamTrack(), "audio"),
            (SmallPicture(), "video"),
        ]
        senders = [
            (peer.addTransceiver(track, direction="sendonly"), source) for track, source in tracks
        ]
        await peer.setLocalDescription(await peer.createOffer())
        for transceiver, source in senders:
            sources[str(transceiver.mid)] = source
        answer = await self._room.publish(
            self.name, peer.localDescription.sdp, sources, rebuild=rebuild
        )
        await peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def take_offer(self, offered: SubscribeOffered) -> None:
        if self._subscribe is None:
            self._subscribe = RTCPeerConnection(_configuration())
            self._subscribe.on("track", self._read)
        for feed in offered.feeds:
            self._feeds[feed.mid] = feed
        peer = self._subscribe
        await peer.setRemoteDescription(RTCSessionDescription(offered.sdp, "offer"))
        await peer.setLocalDescription(await peer.createAnswer())
        await self._room.answer(self.name, offered.offer, peer.localDescription.sdp)

    async def received(self, feed: tuple[str, FeedSource], count: int) -> None:
        """Wait until `count` more frames of a feed were decoded."""
        goal = self.frames.get(feed, 0) + count
        async with asyncio.timeout(20):
            while self.frames.get(feed, 0) < goal:
                self._grew.clear()
                await self._grew.wait()

    async def leave(self) -> None:
        for peer in (self._publish, self._subscribe):
            if peer is not None:
                await peer.close()
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)

    def _read(self, track: MediaStreamTrack) -> None:
        assert self._subscribe is not None
        for transceiver in self._subscribe.getTransceivers():
            if transceiver.receiver.track is track and str(transceiver.mid) in self._feeds:
                feed = self._feeds[str(transceiver.mid)]
                counting = self._count(track, (feed.participant, feed.source))
                task = asyncio.get_running_loop().create_task(counting)
                self._readers.add(task)

    async def _count(self, track: MediaStreamTrack, feed: tuple[str, FeedSource]) -> None:
        try:
            while True:
                await track.recv()
                self.frames[feed] = self.frames.get(feed, 0) + 1
                self._grew.set()
        except MediaStreamError:
            return


def _configuration() -> RTCConfiguration:
    return RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)


class Exchange:
    """Carries offers to the participants, as the host does, and records all events."""

    def __init__(self) -> None:
        self.recorder = Recorder()
        self.participants: dict[str, Any] = {}
        self._offers: asyncio.Queue[SubscribeOffered] = asyncio.Queue()

    def __call__(self, event: Event | MediaEnded) -> None:
        self.recorder(event)
        if isinstance(event, SubscribeOffered):
            self._offers.put_nowait(event)

    async def run(self) -> None:
        while True:
            offered = await self._offers.get()
            await self.participants[offered.participant].take_offer(offered)


class PageParticipant:
    """A page in Chromium."""

    def __init__(self, name: str, room: MediaRoom, page: Any) -> None:
        self.name = name
        self.page = page
        self._room = room

    async def open(self) -> None:
        body = CALL_PAGE.read_text(encoding="utf-8")
        await self.page.route("**/*", lambda route: route.fulfill(
            body=body, content_type="text/html"
        ))  # fmt: skip
        await self.page.goto(ORIGIN)

    async def join(self, *, screen: bool = False, tone: bool = False, layers: bool = False) -> None:
        await self._room.subscribe(self.name)
        options = {"screen": screen, "tone": tone, "layers": layers}
        offer = await self.page.evaluate("(options) => publish(options)", options)
        answer = await self._room.publish(self.name, self.own(offer["sdp"]), offer["sources"])
        await self.page.evaluate("(sdp) => acceptAnswer(sdp)", await self.reroute(answer))

    async def watch(self) -> None:
        """Receive only, as an observer does."""
        await self._room.subscribe(self.name)

    async def renegotiate(self, function: str) -> None:
        """Let the page change what it publishes on its connection."""
        offer = await self.page.evaluate(f"() => {function}()")
        answer = await self._room.publish(self.name, offer["sdp"], offer["sources"])
        await self.page.evaluate("(sdp) => acceptAnswer(sdp)", answer)

    async def take_offer(self, offered: SubscribeOffered) -> None:
        feeds = [msgspec.to_builtins(feed) for feed in offered.feeds]
        answer = await self.page.evaluate(
            "([sdp, feeds]) => answerOffer(sdp, feeds)", [await self.reroute(offered.sdp), feeds]
        )
        await self._room.answer(self.name, offered.offer, self.own(answer))

    async def reroute(self, sdp: str) -> str:
        """Return one of the server's descriptions as the page gets it; tests may detour it."""
        return sdp

    def own(self, sdp: str) -> str:
        """Return one of the page's descriptions as the server gets it."""
        return sdp

    async def until(self, condition: str, *arguments: Any, seconds: float = 25.0) -> Any:
        """Wait until an (async) JavaScript function over the page's statistics is true."""
        async with asyncio.timeout(seconds):
            while True:
                found = await self.page.evaluate(
                    f"async (given) => (({condition})(await received(), ...given))",
                    list(arguments),
                )
                if found:
                    return found
                await asyncio.sleep(0.1)


@asynccontextmanager
async def pages(
    chromium_path: Path,
    *names: str,
    settings: EmbeddedSettings | None = None,
    backend: MediaBackend | None = None,
):
    """Open a room of `backend` (else an embedded one) and a page per name; nobody has joined."""
    exchange = Exchange()
    if backend is None:
        backend = EmbeddedBackend(settings or EmbeddedSettings(), command=SFU)
    room = await backend.open_room("room", exchange)
    carrier = asyncio.get_running_loop().create_task(exchange.run())
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=str(chromium_path), args=FLAGS
            )
            for name in names:
                context = await browser.new_context()
                page = PageParticipant(name, room, await context.new_page())
                await page.open()
                exchange.participants[name] = page
            yield exchange, room
            await browser.close()
    finally:
        carrier.cancel()
        with suppress(asyncio.CancelledError):
            await carrier
        await backend.close()
