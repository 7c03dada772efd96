"""Chat and the chair's orders through a host: over real sockets, to the media and the journal."""

from __future__ import annotations

import logging

from projectdesk.signalling import call, floor, journal
from tests.integration.host.conftest import ROOM
from tests.integration.host.test_call import OFFER, two_in_the_call

CHAIR, GUEST = f"{1:032x}", f"{3:032x}"


async def test_what_is_written_is_in_no_log_no_journal_and_no_file(caller, premises, caplog):
    caplog.set_level(logging.DEBUG)
    chair, guest = await two_in_the_call(caller)
    await guest.send(floor.SendChat(text="xyzzy-public"))
    await guest.send(floor.SendChat(text="xyzzy-private", to=f"{1:032x}"))
    await guest.send(floor.SendChat(text="xyzzy" * 1000))
    assert (await chair.expect(floor.ChatReceived)).message.text == "xyzzy-public"
    assert (await chair.expect(floor.ChatReceived)).message.to == f"{1:032x}"
    assert (await guest.expect(call.Problem)).code == "chat_too_long"
    await chair.send(floor.RaiseHand(raised=True))
    await guest.expect(call.ParticipantChanged)
    assert b"xyzzy" not in repr(await caller.facts()).encode()
    assert "xyzzy" not in caplog.text
    written = [path for path in premises.folder.rglob("*") if path.is_file()]
    assert written
    assert not any(b"xyzzy" in path.read_bytes() for path in written)


async def test_a_stop_reaches_the_media_and_ends_by_the_persons_own_word(caller, premises):
    chair, guest = await two_in_the_call(caller)
    await guest.send(call.Publish(sdp=OFFER, sources={"0": "audio"}))
    await guest.expect(call.PublishAnswered)
    (media,) = premises.backend.rooms.values()
    await chair.send(floor.StopFeed(source="audio", participant=GUEST))
    held = await guest.expect(floor.FeedHeld)
    await premises.until(lambda: media.muted == {(GUEST, "audio")})
    await guest.send(call.Publish(sdp=OFFER, sources={"0": "audio"}, rebuild=True))
    await guest.expect(call.PublishAnswered)
    assert media.muted == {(GUEST, "audio")}
    await guest.send(call.SetMedia(audio=True, video=False, heard=held.order))
    await premises.until(lambda: media.muted == set())


async def test_a_removed_person_is_refused_by_code_until_let_back_in(caller):
    chair, guest = await two_in_the_call(caller)
    await chair.send(floor.Remove(participant=GUEST))
    assert (await guest.expect(call.Ended)).reason == "removed"
    refused = await caller.join(3)
    assert (refused["status"], refused["code"]) == (403, "removed")
    await chair.send(floor.LetBackIn(participant=GUEST))
    await chair.expect(floor.RemovedChanged)
    await chair.expect(floor.RemovedChanged)
    await chair.send(floor.LockRoom(locked=True))
    await chair.expect(floor.LockChanged)
    refused = await caller.join(3)
    assert (refused["status"], refused["code"]) == (403, "locked")
    kinds = (journal.PersonRemoved, journal.PersonLetBackIn)
    assert [type(fact) for fact in await caller.facts(kinds)] == list(kinds)


async def test_the_console_gives_orders_and_takes_part_in_the_chat(caller):
    _, guest = await two_in_the_call(caller)
    console = await caller.console(ROOM, seat=CHAIR)
    await console.expect(call.RoomState)
    await guest.send(floor.SendChat(text="x"))
    assert (await console.expect(floor.ChatReceived)).message.text == "x"
    await guest.expect(floor.ChatReceived)
    await console.send(floor.SendChat(text="y", to=GUEST))
    message = (await guest.expect(floor.ChatReceived)).message
    assert (message.sender, message.sender_name, message.to) == (CHAIR, "Person 1", GUEST)
    await console.send(floor.AskToUnmute(participant=GUEST))
    assert (await guest.expect(floor.UnmuteAsked)).by == "Person 1"
