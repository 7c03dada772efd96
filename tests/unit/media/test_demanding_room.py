"""What a room tells publishers of which sizes anybody gets; nobody is connected."""

from __future__ import annotations

from contextlib import asynccontextmanager

from projectdesk.media.embedded.demand import LOWER_AFTER_S
from projectdesk.media.embedded.sfu import Sfu
from projectdesk.signalling.media import Configure, LayersWanted, WantedFeed
from tests.integration.media.support import write_offer


class Hall:
    """A room in which Anna sends a camera in three sizes."""

    def __init__(self) -> None:
        self.told: list[list[str]] = []
        self.sfu = Sfu(Configure(id=1, room="r", interfaces=["127.0.0.1"]), self._hear)
        self.now = self.sfu._around.clock()
        self.sdp, self.mids = write_offer("video", layers=("q", "h", "f"))

    def _hear(self, event: object) -> None:
        if isinstance(event, LayersWanted):
            assert (event.participant, event.source) == ("anna", "video")
            self.told.append(event.layers)

    async def publish(self, *, rebuild: bool = False) -> None:
        await self.sfu.publish("anna", self.sdp, self.mids, rebuild=rebuild)

    async def want(self, name: str, *heights: int | None) -> None:
        """Let somebody show Anna in a tile; without a height, not at all."""
        feeds = [WantedFeed(participant="anna", source="video", height=one) for one in heights]
        await self.sfu.want(name, feeds)

    def wait(self, seconds: float) -> None:
        """Let time pass by half seconds, as the timer of a room does."""
        for _ in range(round(2 * seconds)):
            self.now += 0.5
            self.sfu._settle_demand(self.now)


@asynccontextmanager
async def hall(*watching: str):
    opened = Hall()
    opened.sfu._ports.open_missing()
    await opened.publish()
    assert opened.told == [["q", "h", "f"]], "what a connection before was told holds no more"
    opened.told.clear()
    for name in watching:
        await opened.sfu.subscribe(name, rebuild=False)
    try:
        yield opened
    finally:
        await opened.sfu.close()


async def test_the_largest_that_anybody_wants_is_sent_and_the_smallest_always():
    async with hall("bert", "carl") as room:
        await room.want("bert", 90)
        await room.want("carl", 720)
        room.wait(LOWER_AFTER_S + 1)
        assert room.told == [["q", "f"]]
        await room.want("carl", 360)
        assert room.told[-1] == ["q", "h", "f"], "at once"
        room.wait(LOWER_AFTER_S + 1)
        assert room.told[-1] == ["q", "h"]
        await room.want("carl")
        room.wait(LOWER_AFTER_S + 1)
        assert room.told[-1] == ["q"]


async def test_what_nobody_watches_is_no_reason_to_say_anything():
    async with hall("bert") as room:
        await room.want("bert")
        room.wait(60)
        assert room.told == []


async def test_a_recording_gets_the_largest_size():
    async with hall("bert") as room:
        await room.want("bert", 90)
        room.wait(LOWER_AFTER_S + 1)
        assert room.told == [["q"]]
        feed = room.sfu._participants["anna"].feeds["video"]
        feed.tape = object()  # type: ignore[assignment]
        room.sfu._settle_demand(room.now)
        assert room.told[-1] == ["q", "f"]
        await room.want("bert")
        room.wait(60)
        assert room.told[-1] == ["q", "f"], "also where nobody looks"
        feed.tape = None


async def test_a_new_connection_is_told_anew_and_a_renegotiated_one_is_not():
    async with hall("bert") as room:
        await room.want("bert", 90)
        room.wait(LOWER_AFTER_S + 1)
        await room.publish()
        assert room.told == [["q"]]
        await room.publish(rebuild=True)
        assert room.told[1:] == [["q", "h", "f"]]
        room.wait(LOWER_AFTER_S + 1)
        assert room.told[2:] == [["q"]]


async def test_who_leaves_wants_nothing_any_more():
    async with hall("bert", "carl") as room:
        await room.want("bert", 90)
        await room.sfu.close_legs("carl")
        room.wait(LOWER_AFTER_S + 1)
        assert room.told == [["q"]]
