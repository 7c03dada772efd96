"""Real pages in Chromium, in both directions, through a real SFU process."""

from __future__ import annotations

import asyncio
import re

import pytest

from projectdesk.errors import MediaError
from projectdesk.signalling.media import FeedStarted, FeedStopped, SpeakerChanged
from tests.integration.media.participants import PLAYING, NativeParticipant, pages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.mark.full
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


@pytest.mark.full
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


def hide_addresses(sdp: str) -> str:
    """Name addresses as browsers do that hide them: nobody here can resolve such a name."""
    name = "5a4b1c6e-0f35-4b6e-9f3e-2f5f6c1d7a11.local"
    return re.sub(r"^(a=candidate:\S+ \d \S+ \d+) \S+", rf"\1 {name}", sdp, flags=re.MULTILINE)


@pytest.mark.full
async def test_who_hides_its_addresses_is_reached_all_the_same(chromium_path):
    async with pages(chromium_path, "anna", "observer") as (exchange, room):
        anna, observer = exchange.participants["anna"], exchange.participants["observer"]
        anna.own = observer.own = hide_addresses
        await anna.join()
        await observer.watch()
        await observer.until(PLAYING, ["anna audio", "anna video"])
        legs = {(leg.participant, leg.kind) for leg in (await room.statistics()).legs}
        assert ("observer", "publish") not in legs


def hide_streams(sdp: str) -> str:
    """Leave out the SSRCs, as a peer may that relies on MID alone."""
    return re.sub(r"^a=ssrc.*\r?\n", "", sdp, flags=re.MULTILINE)


@pytest.mark.full
async def test_streams_that_no_offer_announced_are_found_by_their_mid(chromium_path):
    async with pages(chromium_path, "anna", "bert") as (exchange, _):
        anna, bert = exchange.participants["anna"], exchange.participants["bert"]
        bert.own = hide_streams
        await anna.join()
        await bert.join(screen=True)
        await anna.until(PLAYING, ["bert audio", "bert video", "bert screen"])


@pytest.mark.full
async def test_a_screen_is_shown_ended_and_shown_again(chromium_path):
    async with pages(chromium_path, "anna", "bert") as (exchange, _):
        anna, bert = exchange.participants["anna"], exchange.participants["bert"]
        await anna.join()
        await bert.join()
        await anna.until(PLAYING, ["bert video"])
        for _ in range(2):
            await bert.renegotiate("showScreen")
            await exchange.recorder.next_of(FeedStarted, participant="bert", source="screen")
            await anna.until(PLAYING, ["bert screen"])
            await bert.renegotiate("endScreen")
            await exchange.recorder.next_of(FeedStopped, participant="bert", source="screen")
        await anna.until(PLAYING, ["bert audio", "bert video"])


@pytest.mark.full
async def test_one_screen_at_a_time_and_a_silent_line_is_none(chromium_path):
    async with pages(chromium_path, "anna", "bert") as (exchange, _):
        anna, bert = exchange.participants["anna"], exchange.participants["bert"]
        await anna.join(screen=True)
        await bert.join()
        await bert.until(PLAYING, ["anna screen"])
        with pytest.raises(MediaError) as caught:
            await bert.renegotiate("showScreen")
        assert caught.value.code == "screen_taken"
        await bert.page.evaluate("() => call.publish.setLocalDescription({type: 'rollback'})")
        # What the call page does when sharing ends: the line stays and carries nothing.
        await anna.page.evaluate(
            "() => call.sending.find(([, s]) => s === 'screen')[0].sender.replaceTrack(null)"
        )
        async with asyncio.timeout(20):
            while True:
                try:
                    await bert.renegotiate("showScreen")
                    break
                except MediaError:
                    rollback = "() => call.publish.setLocalDescription({type: 'rollback'})"
                    await bert.page.evaluate(rollback)
        await anna.until(PLAYING, ["bert screen"])


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
