"""Real media through a Janus node: participants made of aiortc, and pages in Chromium."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress

import pytest

from projectdesk.bench.janus import JanusProcess
from projectdesk.media.janus.backend import JanusBackend
from projectdesk.signalling.media import (
    FeedStarted,
    FeedStopped,
    LegChanged,
    SpeakerChanged,
    SubscribeOffered,
    WantedFeed,
)
from tests.integration.media.participants import PLAYING, Exchange, NativeParticipant, pages


@pytest.fixture(scope="module")
def janus():
    with JanusProcess() as process:
        yield process


@asynccontextmanager
async def call(janus: JanusProcess, *names: str):
    """Open a room in which native participants have joined."""
    exchange = Exchange()
    backend = JanusBackend(janus.settings())
    room = await backend.open_room("room", exchange)
    carrier = asyncio.get_running_loop().create_task(exchange.run())
    try:
        for name in names:
            exchange.participants[name] = NativeParticipant(name, room)
        for name in names:
            await exchange.participants[name].join()
        yield exchange, room
    finally:
        for participant in exchange.participants.values():
            await participant.leave()
        carrier.cancel()
        with suppress(asyncio.CancelledError):
            await carrier
        await backend.close()


async def test_both_see_and_hear_each_other(janus):
    async with call(janus, "anna", "bert") as (exchange, room):
        for name, participant in exchange.participants.items():
            for other in exchange.participants.keys() - {name}:
                await participant.received((other, "video"), 10)
                await participant.received((other, "audio"), 20)
        started = {(e.participant, e.source) for e in exchange.recorder.heard(FeedStarted)}
        assert started == {(n, s) for n in exchange.participants for s in ("audio", "video")}
        assert {leg.state for leg in (await room.statistics()).legs} == {"connected"}


async def test_a_muted_feed_stops_and_resumes(janus):
    async with call(janus, "anna", "bert") as (exchange, room):
        anna = exchange.participants["anna"]
        await anna.received(("bert", "video"), 5)
        await room.mute("bert", "video", muted=True)
        await anna.received(("bert", "audio"), 40)  # what was under way has arrived by now
        before = anna.frames["bert", "video"]
        await anna.received(("bert", "audio"), 40)
        assert anna.frames["bert", "video"] == before
        await room.mute("bert", "video", muted=False)
        await anna.received(("bert", "video"), 5)


@pytest.mark.full
async def test_an_unwanted_feed_stops_and_resumes_without_an_offer(janus):
    async with call(janus, "anna", "bert") as (exchange, room):
        anna = exchange.participants["anna"]
        await anna.received(("bert", "video"), 5)
        offers = len(exchange.recorder.heard(SubscribeOffered))
        await room.want("anna", [WantedFeed(participant="bert", source="audio")])
        await anna.received(("bert", "audio"), 40)
        before = anna.frames["bert", "video"]
        await anna.received(("bert", "audio"), 40)
        assert anna.frames["bert", "video"] == before
        await room.want("anna", None)
        await anna.received(("bert", "video"), 5)
        assert len(exchange.recorder.heard(SubscribeOffered)) == offers


@pytest.mark.full
async def test_a_publisher_that_rebuilds_is_seen_again_and_stays_muted(janus):
    async with call(janus, "anna", "bert") as (exchange, room):
        anna, bert = exchange.participants["anna"], exchange.participants["bert"]
        await anna.received(("bert", "video"), 5)
        await room.mute("bert", "audio", muted=True)
        await bert.publish(rebuild=True)
        await exchange.recorder.next_of(LegChanged, participant="bert", state="closed")
        await anna.received(("bert", "video"), 10)
        before = anna.frames["bert", "audio"]
        await anna.received(("bert", "video"), 10)
        assert anna.frames["bert", "audio"] == before
        assert exchange.recorder.heard(FeedStopped) == []


async def test_a_peer_that_closes_fails_its_leg(janus):
    async with call(janus, "anna", "bert") as (exchange, _):
        bert = exchange.participants["bert"]
        await bert.received(("anna", "video"), 3)
        await bert.leave()
        await exchange.recorder.next_of(LegChanged, participant="bert", state="failed")


@pytest.mark.full  # the gate has the real page on Janus: tests/e2e/page
@pytest.mark.browser
@pytest.mark.timeout(180)
async def test_two_pages_see_and_hear_each_other_and_who_comes_later(janus, chromium_path):
    backend = JanusBackend(janus.settings())
    async with pages(chromium_path, "anna", "bert", "carl", backend=backend) as (exchange, room):
        anna, bert, carl = (exchange.participants[name] for name in ("anna", "bert", "carl"))
        await anna.join()
        await bert.join(screen=True, tone=True)
        await anna.until(PLAYING, ["bert audio", "bert video", "bert screen"])
        await bert.until(PLAYING, ["anna audio", "anna video"])
        assert (await anna.page.evaluate("uplink()"))["srtp"] == "SRTP_AEAD_AES_256_GCM"
        await exchange.recorder.next_of(SpeakerChanged, participant="bert")
        # Carl's sound and picture come on the m-lines that were Bert's.
        offers = [o for o in exchange.recorder.heard(SubscribeOffered) if o.participant == "anna"]
        berts = {feed.mid for feed in offers[-1].feeds}
        await room.close_legs("bert")
        await exchange.recorder.next_of(FeedStopped, participant="bert", source="screen")
        await carl.join()
        await anna.until(PLAYING, ["carl audio", "carl video"])
        offers = [o for o in exchange.recorder.heard(SubscribeOffered) if o.participant == "anna"]
        assert {feed.participant for feed in offers[-1].feeds} == {"carl"}
        assert {feed.mid for feed in offers[-1].feeds} < berts
