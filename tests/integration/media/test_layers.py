"""Pictures in several sizes: each subscriber gets the one that fills its tile."""

from __future__ import annotations

import pytest

from projectdesk.media.embedded.backend import EmbeddedSettings
from projectdesk.media.embedded.udp import list_addresses
from projectdesk.signalling.media import WantedFeed
from tests.integration.media.lossy import Detours
from tests.integration.media.participants import pages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

SHOWS = """(received, height) => {
    const video = received['anna video'];
    if (video?.height !== height) return false;
    window.seen ??= {};
    window.seen[height] ??= video.frames;
    return video.frames > window.seen[height] + 5;
}"""
"""The picture has that height, and moves."""


def wanted(height: int | None) -> list[WantedFeed]:
    return [WantedFeed(participant="anna", source="video", height=height)]


@pytest.mark.full
async def test_a_small_tile_gets_the_small_picture_and_a_large_one_the_large(chromium_path):
    async with pages(chromium_path, "anna", "bert", "carl") as (exchange, room):
        anna, bert, carl = (exchange.participants[name] for name in ("anna", "bert", "carl"))
        await anna.join(layers=True)
        await room.want("bert", wanted(180))
        await room.want("carl", wanted(720))
        await bert.watch()
        await carl.watch()
        await bert.until(SHOWS, 180)
        await carl.until(SHOWS, 720)
        await room.want("bert", wanted(480))
        await bert.until(SHOWS, 720)
        await room.want("carl", wanted(270))
        await carl.until(SHOWS, 360)
        await anna.page.evaluate(
            """async () => {
                const sender = call.sending.find(([, source]) => source === 'video')[0].sender;
                const parameters = sender.getParameters();
                parameters.encodings[2].active = false;
                await sender.setParameters(parameters);
            }"""
        )
        await bert.until(SHOWS, 360)  # what fell silent is made up for by the next smaller one


@pytest.mark.full  # a measurement of time: the gate runs on busy machines too
async def test_a_narrow_path_gets_a_small_picture_and_a_wide_one_a_large(chromium_path):
    address = next(one for one in list_addresses() if ":" not in one)
    settings = EmbeddedSettings(interfaces=(address,))
    async with pages(chromium_path, "anna", "bert", settings=settings) as (exchange, _):
        anna, bert = exchange.participants["anna"], exchange.participants["bert"]
        detours = Detours(0.0)
        bert.reroute, bert.own = detours.reroute, detours.hide
        try:
            await anna.join(layers=True)
            await bert.watch()
            await bert.until(SHOWS, 720, seconds=60)
            detours.paths[0].carries = 350_000
            await bert.page.evaluate(
                "() => { window.seen = {}; call.videos.get('anna video').gap = 0; }"
            )
            await bert.until(SHOWS, 180, seconds=30)
            lost = detours.paths[0].lost
            frames = (await bert.page.evaluate("received()"))["anna video"]["frames"]
            await bert.until(f"(received) => received['anna video'].frames > {frames + 100}")
            assert detours.paths[0].lost - lost < 50, "what it gets fits"
            found = (await bert.page.evaluate("received()"))["anna video"]
            assert found["height"] == 180
            assert found["gap"] < 2.0
            detours.paths[0].carries = None
            await bert.page.evaluate("() => { window.seen = {}; }")
            await bert.until(SHOWS, 720, seconds=60)
        finally:
            detours.close()
