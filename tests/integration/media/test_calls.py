"""Real media through a real SFU process, with participants made of aiortc."""

from __future__ import annotations

import asyncio
import socket
import sys
from contextlib import asynccontextmanager, suppress

import pytest

from projectdesk.media.embedded.backend import EmbeddedBackend, EmbeddedSettings
from projectdesk.media.embedded.udp import list_addresses
from projectdesk.signalling.media import (
    FeedStarted,
    FeedStopped,
    LegChanged,
    SubscribeOffered,
    WantedFeed,
)
from tests.integration.media.participants import Exchange, NativeParticipant

SFU = [sys.executable, "-m", "projectdesk.media.embedded.process"]


@asynccontextmanager
async def call(*names: str, interfaces: tuple[str, ...] = ()):
    """Open a room in which native participants have joined."""
    exchange = Exchange()
    backend = EmbeddedBackend(EmbeddedSettings(interfaces=interfaces), command=SFU)
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


@pytest.mark.full
async def test_everyone_sees_and_hears_everyone():
    async with call("anna", "bert", "carl") as (exchange, room):
        for name, participant in exchange.participants.items():
            for other in exchange.participants.keys() - {name}:
                await participant.received((other, "video"), 10)
                await participant.received((other, "audio"), 20)
        started = {(e.participant, e.source) for e in exchange.recorder.heard(FeedStarted)}
        assert started == {(n, s) for n in exchange.participants for s in ("audio", "video")}
        statistics = await room.statistics()
        assert statistics.packets_out >= 1.5 * statistics.packets_in
        assert {leg.state for leg in statistics.legs} == {"connected"}


async def test_a_muted_feed_stops_and_resumes():
    async with call("anna", "bert") as (exchange, room):
        anna = exchange.participants["anna"]
        await anna.received(("bert", "video"), 5)
        await room.mute("bert", "video", muted=True)
        await anna.received(("bert", "audio"), 40)  # what was under way has arrived by now
        before = anna.frames["bert", "video"]
        await anna.received(("bert", "audio"), 40)
        assert anna.frames["bert", "video"] == before
        await room.mute("bert", "video", muted=False)
        await anna.received(("bert", "video"), 5)


async def test_an_unwanted_feed_stops_and_resumes():
    async with call("anna", "bert") as (exchange, room):
        anna = exchange.participants["anna"]
        await anna.received(("bert", "video"), 5)
        await room.want("anna", [WantedFeed(participant="bert", source="audio")])
        await anna.received(("bert", "audio"), 40)
        before = anna.frames["bert", "video"]
        await anna.received(("bert", "audio"), 40)
        assert anna.frames["bert", "video"] == before
        await room.want("anna", None)
        await anna.received(("bert", "video"), 5)


async def test_of_many_voices_those_are_forwarded_that_are_to_be_heard():
    async with call("anna", "bert", "carl") as (exchange, room):
        anna = exchange.participants["anna"]
        for name in ("bert", "carl"):
            await anna.received((name, "audio"), 5)
        await room.hear(1, ["carl"])  # both are silent: nobody is among the loudest
        await anna.received(("carl", "audio"), 40)
        before = anna.frames["bert", "audio"]
        await anna.received(("carl", "audio"), 40)
        assert anna.frames["bert", "audio"] <= before + 1
        await room.hear(None, [])
        await anna.received(("bert", "audio"), 20)


async def test_a_publisher_that_rebuilds_is_seen_on_the_same_line():
    async with call("anna", "bert") as (exchange, _):
        anna, bert = exchange.participants["anna"], exchange.participants["bert"]
        await anna.received(("bert", "video"), 5)
        offers = len(exchange.recorder.heard(SubscribeOffered))
        await bert.publish(rebuild=True)
        await anna.received(("bert", "video"), 10)
        await anna.received(("bert", "audio"), 20)
        assert len(exchange.recorder.heard(SubscribeOffered)) == offers
        assert exchange.recorder.heard(FeedStopped) == []


async def test_who_leaves_takes_its_feeds_along():
    async with call("anna", "bert", "carl") as (exchange, room):
        anna = exchange.participants["anna"]
        await anna.received(("bert", "video"), 5)
        await room.close_legs("bert")
        await exchange.recorder.next_of(FeedStopped, participant="bert", source="video")
        offered = await exchange.recorder.next_of(SubscribeOffered, participant="anna")
        assert "bert" not in {feed.participant for feed in offered.feeds}
        await anna.received(("carl", "video"), 5)


async def test_a_peer_that_closes_fails_its_leg():
    async with call("anna", "bert") as (exchange, _):
        bert = exchange.participants["bert"]
        await bert.received(("anna", "video"), 3)
        await bert.leave()
        await exchange.recorder.next_of(LegChanged, participant="bert", state="failed")


async def test_odd_datagrams_disturb_nobody():
    async with call("anna", "bert") as (exchange, room):
        anna = exchange.participants["anna"]
        await anna.received(("bert", "video"), 5)
        offered = exchange.recorder.heard(SubscribeOffered)[0]
        targets = {
            (line.split()[4], int(line.split()[5]))
            for line in offered.sdp.splitlines()
            if line.startswith("a=candidate") and ":" not in line.split()[4]
        }
        before = (await room.statistics()).dropped_datagrams
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for target in targets:
                for first in (0x80, 0x00, 0x16, 0x16, 0x45, 0xFF):
                    stranger.sendto(bytes([first]) * 1601, target)
                    stranger.sendto(bytes([first]) * 40, target)
                stranger.sendto(b"", target)
        await anna.received(("bert", "video"), 10)
        statistics = await room.statistics()
        assert statistics.dropped_datagrams >= before + 13 * len(targets)
        assert {leg.state for leg in statistics.legs} == {"connected"}


async def test_a_large_datagram_from_a_known_address_disturbs_nobody():
    """The path itself is known to the SFU: the length alone must not end its transport."""
    async with call("anna", "bert") as (exchange, _):
        anna, bert = exchange.participants["anna"], exchange.participants["bert"]
        await anna.received(("bert", "video"), 5)
        dtls = next(iter(bert._publish.getSenders())).transport
        for first in (0x80, 0x16):
            await dtls.transport._send(bytes([first]) * 1601)
        await anna.received(("bert", "video"), 10)


# One address per family, loopback only where there is no other: aiortc's own side leaves it out.
FAMILIES = {":" in address: address for address in reversed(list_addresses())}


@pytest.mark.full
@pytest.mark.parametrize("address", FAMILIES.values())
async def test_one_address_is_enough(address):
    async with call("anna", "bert", interfaces=(address,)) as (exchange, _):
        await exchange.participants["anna"].received(("bert", "video"), 5)
        offered = exchange.recorder.heard(SubscribeOffered)[0]
        lines = offered.sdp.splitlines()
        hosts = {line.split()[4] for line in lines if line.startswith("a=candidate")}
        assert hosts == {address}
