"""What the chair sets for all, over real sockets: minutes to read, breakout rooms, the journal."""

from __future__ import annotations

import logging

from projectdesk.signalling import breakouts, call, journal, leading, notes
from tests.integration.host.conftest import ROOM
from tests.integration.host.test_call import two_in_the_call

CHAIR, GUEST = f"{1:032x}", f"{3:032x}"


async def test_minutes_reach_who_reads_and_outlive_the_console_and_no_file_has_them(
    caller, premises, caplog
):
    caplog.set_level(logging.DEBUG)
    _, guest = await two_in_the_call(caller)
    console = await caller.console(ROOM)
    state = await console.expect(call.RoomState)
    item = state.clock.items[0].id
    text = "xyzzy " * 5000  # larger than any other message may be
    written = notes.ItemNotes(item=item, text=text, decisions=["Yes."])
    await console.send(notes.WriteNotes(notes=written))
    shown = (await guest.expect(notes.NotesShown)).notes
    assert (shown.text, shown.decisions) == (text.strip(), ["Yes."])
    await console.send(call.Leave())
    assert await console.closed() == 4000
    late = await caller.enter(2)
    await late.expect(call.Lobby)
    again = await caller.console(ROOM)
    await again.expect(call.RoomState)
    await again.send(call.Admit())
    assert (await late.expect(notes.NotesShown)).notes == shown
    await again.send(notes.ShareNotes(shared=False))
    assert (await late.expect(notes.NotesShared)).shared is False
    assert "xyzzy" not in caplog.text
    files = [path for path in premises.folder.rglob("*") if path.is_file()]
    assert files
    assert not any(b"xyzzy" in path.read_bytes() for path in files)


async def test_groups_narrow_the_media_and_are_journaled(caller, premises):
    chair, guest = await two_in_the_call(caller)
    await chair.send(call.OpenSubscribe())
    await guest.send(call.OpenSubscribe())
    await premises.until(lambda: len(premises.backend.rooms) == 1)
    (media,) = premises.backend.rooms.values()
    await premises.until(lambda: {CHAIR, GUEST} <= media.participants.keys())
    planned = breakouts.PlannedGroup(name="WP1", people=[GUEST])
    await chair.send(breakouts.OpenBreakouts(groups=[planned], minutes=10))
    told = (await guest.expect(breakouts.BreakoutsChanged)).breakouts
    assert told is not None
    assert [(group.name, group.people) for group in told.groups] == [("WP1", [GUEST])]

    def is_apart() -> bool:
        return media.participants[GUEST].wanted == media.participants[CHAIR].wanted == []

    await premises.until(is_apart)
    await guest.send(breakouts.CallChair())
    await chair.expect(breakouts.BreakoutsChanged)
    called = (await chair.expect(breakouts.BreakoutsChanged)).breakouts
    assert called is not None
    assert called.groups[0].calls is not None
    await chair.send(breakouts.MoveToGroup(participant=CHAIR, group=told.groups[0].id))
    wanted = {(CHAIR, source) for source in ("audio", "video", "screen")}

    def is_joined() -> bool:
        feeds = media.participants[GUEST].wanted or []
        return {(feed.participant, feed.source) for feed in feeds} >= wanted

    await premises.until(is_joined)
    await chair.send(breakouts.CloseBreakouts(at_once=True))
    await premises.until(lambda: media.participants[GUEST].wanted is None)
    kinds = (journal.BreakoutsOpened, journal.BreakoutMoved, journal.BreakoutsClosed)
    assert [type(fact) for fact in await caller.facts(kinds)] == list(kinds)
    assert not await caller.facts((journal.PersonLeft,))


async def test_what_is_left_is_timed_anew_and_recorded(caller):
    chair, guest = await two_in_the_call(caller)
    console = await caller.console(ROOM)
    item = (await console.expect(call.RoomState)).clock.items[-1].id
    changes = [leading.Retiming(item=item, minutes=3)]
    await console.send(leading.RetimeAgenda(items=changes))
    clock = (await guest.expect(call.ClockChanged)).clock
    assert clock.items[-1].allotted_minutes == 3
    (fact,) = await caller.facts((journal.AgendaRetimed,))
    assert (fact.items, fact.by) == (changes, CHAIR)
    await chair.send(leading.Spotlight(participant=GUEST))
    assert (await guest.expect(leading.FocusChanged)).focus.participant == GUEST
