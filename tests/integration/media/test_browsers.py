"""Real pages in Chromium, in both directions, through a real SFU process."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import asynccontextmanager, suppress

import pytest
from playwright.async_api import async_playwright

from projectdesk.media.embedded.backend import EmbeddedBackend
from projectdesk.signalling.media import FeedStarted, SpeakerChanged
from tests.integration.media.participants import Exchange, NativeParticipant, PageParticipant

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

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


@asynccontextmanager
async def pages(chromium_path, *names: str):
    """Open a room and a page per name; nobody has joined yet."""
    exchange = Exchange()
    backend = EmbeddedBackend(command=SFU)
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


async def test_two_pages_see_and_hear_each_other(chromium_path):
    async with pages(chromium_path, "anna", "bert") as (exchange, _):
        anna, bert = exchange.participants["anna"], exchange.participants["bert"]
        await anna.join()
        await bert.join(screen=True, tone=True)
        await anna.until(PLAYING, ["bert audio", "bert video", "bert screen"])
        await bert.until(PLAYING, ["anna audio", "anna video"])
        seen = await anna.page.evaluate("received()")
        again = f"(received) => received['bert video'].frames > {seen['bert video']['frames']}"
        await anna.until(again)
        assert (await anna.page.evaluate("uplink()"))["srtp"] == "SRTP_AEAD_AES_256_GCM"
        await exchange.recorder.next_of(SpeakerChanged, participant="bert")


async def test_a_page_that_lost_its_connection_rebuilds_both_legs(chromium_path):
    async with pages(chromium_path, "anna", "bert") as (exchange, room):
        anna, bert = exchange.participants["anna"], exchange.participants["bert"]
        await anna.join()
        await bert.join()
        await anna.until(PLAYING, ["bert audio", "bert video"])
        await bert.page.evaluate(
            "() => { call.publish.close(); call.subscribe.close(); call.subscribe = null; }"
        )
        offer = await bert.page.evaluate("() => publish()")
        answer = await room.publish("bert", offer["sdp"], offer["sources"], rebuild=True)
        await bert.page.evaluate("(sdp) => acceptAnswer(sdp)", answer)
        await room.subscribe("bert", rebuild=True)
        await bert.until(PLAYING, ["anna audio", "anna video"])
        frames = (await anna.page.evaluate("received()"))["bert video"]["frames"]
        await anna.until(f"(received) => received['bert video'].frames > {frames + 20}")


async def test_a_page_and_a_native_participant_understand_each_other(chromium_path):
    async with pages(chromium_path, "anna") as (exchange, room):
        anna = exchange.participants["anna"]
        native = exchange.participants["bert"] = NativeParticipant("bert", room)
        await anna.join()
        await native.join()
        await native.received(("anna", "video"), 10)
        await anna.until("(received) => (received['bert video']?.frames ?? 0) > 10")
        started = {
            (event.participant, event.source) for event in exchange.recorder.heard(FeedStarted)
        }
        assert len(started) == 4
        await native.leave()
