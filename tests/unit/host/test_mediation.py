from __future__ import annotations

import asyncio

import pytest

from projectdesk.errors import MediaError
from projectdesk.host import mediation
from projectdesk.host.mediation import Mediation
from projectdesk.media.fake import FakeBackend
from projectdesk.room import commands
from projectdesk.signalling.media import SpeakerChanged
from tests.unit.media.test_sdp import OFFER


class SlowBackend(FakeBackend):
    """Opens a room when it is allowed to, or fails."""

    def __init__(self) -> None:
        super().__init__()
        self.may_open = asyncio.Event()
        self.may_open.set()
        self.fails = False
        self.opened: list = []

    async def open_room(self, room, listener):
        await self.may_open.wait()
        if self.fails:
            raise MediaError("sfu_not_started", "No.")
        opened = await super().open_room(room, listener)
        self.opened.append(opened)
        return opened


class Side:
    """A mediation and what it reported."""

    def __init__(self, group: asyncio.TaskGroup) -> None:
        self.backend = SlowBackend()
        self.heard: asyncio.Queue = asyncio.Queue()
        put = self.heard.put_nowait
        self.mediation = Mediation(
            "room",
            self.backend,
            group.create_task,
            ready=lambda: put("ready"),
            lost=lambda: put("lost"),
            reported=put,
            accepted=lambda peer, sdp: put(("accepted", peer)),
            refused=lambda peer, request, error: put((peer, request, error.code)),
        )

    async def hears(self):
        return await asyncio.wait_for(self.heard.get(), 5)


async def test_a_server_that_comes_too_late_is_closed():
    async with asyncio.TaskGroup() as group:
        side = Side(group)
        side.backend.may_open.clear()
        side.mediation.open()
        side.mediation.close()
        side.backend.may_open.set()
    assert side.heard.empty()
    assert [server.closed for server in side.backend.opened] == [True]


async def test_a_server_that_was_replaced_is_not_heard_any_more():
    async with asyncio.TaskGroup() as group:
        side = Side(group)
        side.mediation.open()
        assert await side.hears() == "ready"
        side.mediation.open()
        assert await side.hears() == "ready"
        old, new = side.backend.opened
        assert old.closed
        old.die()
        old.emit(SpeakerChanged(participant="x"))
        new.emit(SpeakerChanged(participant="y"))
        assert await side.hears() == SpeakerChanged(participant="y")
        new.die()
        assert await side.hears() == "lost"


async def test_a_server_that_does_not_start_is_lost():
    async with asyncio.TaskGroup() as group:
        side = Side(group)
        side.backend.fails = True
        side.mediation.open()
        assert await side.hears() == "lost"


async def test_requests_wait_for_the_server_but_not_for_ever(monkeypatch):
    async with asyncio.TaskGroup() as group:
        side = Side(group)
        side.mediation.ask(commands.SubscribeLeg("p", "a", False))
        side.mediation.open()
        assert await side.hears() == "ready"
        offered = await side.hears()
        assert offered.participant == "a"
        await side.mediation.finish()
        monkeypatch.setattr(mediation, "_PATIENCE_S", 0.01)
        side.mediation.ask(commands.SubscribeLeg("p", "a", False))
        assert await side.hears() == ("p", "openSubscribe", "media_unavailable")
        side.mediation.ask(commands.CloseLegs("a"))  # nothing to close, nobody to tell


async def test_circles_reach_a_server_that_is_there():
    async with asyncio.TaskGroup() as group:
        side = Side(group)
        side.mediation.ask(commands.SetCircles((("a",),)))  # there is none to be told
        side.mediation.open()
        assert await side.hears() == "ready"
        side.mediation.ask(commands.SetCircles((("a", "b"), ("c",))))
    assert side.backend.opened[0].circles == [["a", "b"], ["c"]]


@pytest.mark.parametrize(
    ("command", "request_type"),
    [
        (commands.PublishLeg("p", "a", "nonsense", {}, False), "publish"),
        (commands.AnswerLeg("p", "a", 1, "nonsense"), "subscribeAnswer"),
    ],
)
async def test_what_the_server_refuses_is_told_to_who_asked(command, request_type):
    async with asyncio.TaskGroup() as group:
        side = Side(group)
        side.mediation.open()
        assert await side.hears() == "ready"
        side.mediation.ask(command)
        peer, request, code = await side.hears()
        assert (peer, request) == ("p", request_type)
        assert code


@pytest.mark.parametrize("end", ["close", "finish"])
async def test_who_waits_for_a_server_is_refused_at_once_when_none_will_come(end):
    async with asyncio.TaskGroup() as group:
        side = Side(group)
        side.backend.may_open.clear()
        side.mediation.open()
        for participant in ("ana", "bo"):
            side.mediation.ask(commands.SubscribeLeg("peer", participant, False))
        await asyncio.sleep(0)  # let them begin to wait
        if end == "close":
            side.mediation.close()
        else:
            await side.mediation.finish()
        for _ in range(2):
            assert await side.hears() == ("peer", "openSubscribe", "media_unavailable")
        side.backend.may_open.set()


async def test_a_feed_is_held_after_the_offer_that_it_follows_and_an_unknown_one_harms_nobody():
    async with asyncio.TaskGroup() as group:
        side = Side(group)
        side.mediation.ask(commands.HoldFeed("a", "audio", held=True))  # no server yet
        side.mediation.open()
        assert await side.hears() == "ready"
        side.mediation.ask(commands.HoldFeed("a", "audio", held=True))  # sends nothing
        side.mediation.ask(commands.PublishLeg("p", "a", OFFER, {"0": "audio"}, False))
        side.mediation.ask(commands.HoldFeed("a", "audio", held=True))
        assert await side.hears() == ("accepted", "p")
    (server,) = side.backend.opened
    assert server.muted == {("a", "audio")}
    assert side.heard.empty()
