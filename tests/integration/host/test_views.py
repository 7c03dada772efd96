"""Who is sent whose picture, from the sockets of pages to the media server and back."""

from __future__ import annotations

from msgspec.structs import replace

from projectdesk.signalling import call, sight
from projectdesk.signalling.control import RoomRules
from projectdesk.signalling.media import SpeakerChanged, WantedFeed
from tests.integration.host.conftest import ROOM, plan, token_hash
from tests.unit.room.conftest import invitee


def name(number: int) -> str:
    return f"{number:032x}"


async def open_room(caller, premises, count: int, rules: RoomRules) -> None:
    """Put a room for so many people, a chair first."""
    people = [
        invitee(number, "chair" if number == 1 else "participant", token_hash=token_hash(number))
        for number in range(1, count + 1)
    ]
    snapshot = replace(plan(premises.now()), invitees=people, rules=rules)
    assert (await caller.put_room(snapshot))["status"] == 200


async def fill(caller, premises, count: int, rules: RoomRules):
    """Let so many people in, each with a camera and a subscribe leg; return their pages."""
    await open_room(caller, premises, count, rules)
    pages = {}
    for number in range(1, count + 1):
        page = pages[number] = await caller.enter(number)
        await page.expect(call.RoomState)
        await page.send(call.SetMedia(audio=True, video=True))
        await page.send(call.OpenSubscribe())
        await page.expect(call.SubscribeOffered)
    return pages


async def watched(page, *expected: bool) -> None:
    """Wait until a page was told in turn whether its camera is watched."""
    while [told.watched for told in page.got(sight.FeedWatched)] != list(expected):
        await page.expect(sight.FeedWatched)


async def chosen(page, *numbers: int) -> None:
    """Wait until the last thing a page was told is that it gets these cameras; none = all."""
    wanted = [name(number) for number in numbers] or None
    while [told.participants for told in page.got(sight.CamerasChosen)][-1:] != [wanted]:
        await page.expect(sight.CamerasChosen)


async def test_what_a_page_wants_reaches_the_media_and_who_is_watched_reaches_the_pages(
    caller, premises
):
    pages = await fill(caller, premises, 2, RoomRules(lobby=False))
    media = premises.backend.rooms[ROOM]
    await watched(pages[1], False, True)  # alone, at first
    shown = WantedFeed(participant=name(1), source="video", height=360)
    await pages[2].send(call.Want(feeds=[shown]))
    voice = WantedFeed(participant=name(1), source="audio")
    await premises.until(lambda: media.participants[name(2)].wanted == [voice, shown])
    await pages[2].send(call.Want(feeds=[]))
    await watched(pages[1], False, True, False)
    await premises.until(lambda: media.participants[name(2)].wanted == [voice])
    await pages[2].send(call.Want())
    await watched(pages[1], False, True, False, True)
    await premises.until(lambda: media.participants[name(2)].wanted is None)


async def test_in_a_large_room_few_are_seen_and_three_are_heard(caller, premises):
    rules = RoomRules(lobby=False, everyone=8, cameras=2)
    pages = await fill(caller, premises, 9, rules)
    media = premises.backend.rooms[ROOM]
    await chosen(pages[9], 1, 2)
    await premises.until(lambda: media.heard == (3, ()))

    def seen(number: int) -> set[str]:
        wanted = media.participants[name(number)].wanted or []
        return {feed.participant for feed in wanted if feed.source == "video"}

    await premises.until(lambda: seen(9) == {name(1), name(2)})
    media.emit(SpeakerChanged(participant=name(7)))
    await chosen(pages[9], 1, 7)
    await premises.until(lambda: seen(9) == {name(1), name(7)})
    await pages[8].send(call.Leave())
    await chosen(pages[9])
    await premises.until(lambda: media.participants[name(9)].wanted is None)
    await premises.until(lambda: media.heard == (None, ()))


async def test_a_full_room_says_so_to_who_comes_and_nothing_happens_to_the_others(caller, premises):
    rules = RoomRules(lobby=False, capacity=2)
    await fill(caller, premises, 2, rules)
    await open_room(caller, premises, 3, rules)
    refused = await caller.join(3)
    assert (refused["status"], refused["code"]) == (409, "room_full")
    assert "try again when somebody has left" in refused["text"]
