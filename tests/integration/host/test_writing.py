"""The minutes written together, over real sockets: merging, keeping, who may, what goes wrong."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from projectdesk.signalling import call, journal, notes, writing
from projectdesk.signalling.control import RoomRules, RoomSnapshot
from projectdesk.text.minutes import EMPTY_UPDATE, MinutesText
from tests.integration.host.conftest import ROOM, Caller, Page, token_hash
from tests.unit.room.conftest import invitee, planned, snapshot

ITEM = UUID(int=0xA)
DOCUMENT = f"{7:032x}"
READER, GUEST = f"{2:032x}", f"{3:032x}"


class Replica:
    """A writer: a document, and the socket over which it stays in step."""

    def __init__(self, page: Page, text: MinutesText | None = None) -> None:
        self.page = page
        self.text = text or MinutesText()
        self.n = 0
        self.document = ""

    async def open(self, document: str = "") -> writing.MinutesOpened:
        """Tell what is here, take what is not, send what the host lacks."""
        asked = writing.OpenMinutes(
            replica=self.text.replica, vector=self.text.vector(), document=document
        )
        await self.page.send(asked)
        opened: writing.MinutesOpened = await self.page.expect(writing.MinutesOpened)
        self.document = opened.document
        self.text.apply(opened.update)
        lacking = self.text.missing(opened.vector)
        if lacking != EMPTY_UPDATE:
            await self.send(lacking)
        return opened

    async def type(self, words: str, at: int = 0, item: UUID = ITEM) -> None:
        updates: list[bytes] = []
        stop = self.text.listen(updates.append)
        self.text.edit(item, at, 0, words)
        stop()
        for update in updates:
            await self.send(update)

    async def send(self, update: bytes, **parts: int) -> None:
        self.n += 1
        edit = writing.EditMinutes(n=self.n, document=self.document, update=update, **parts)
        await self.page.send(edit)

    async def take(self) -> None:
        """Take one change of somebody else."""
        self.text.apply((await self.page.expect(writing.MinutesEdited)).update)

    async def kept(self) -> None:
        """Wait until the host has everything on its disk."""
        while (await self.page.expect(writing.MinutesKept)).n < self.n:
            pass

    @property
    def words(self) -> str:
        return self.text.item_text(ITEM)


@pytest.fixture
async def caller(premises) -> Caller:
    """A room whose third invitee writes the minutes; the second does not."""
    caller = await premises.caller()
    await caller.put_room(room(premises.now()))
    return caller


def room(now: datetime, **third: Any) -> RoomSnapshot:
    people = [
        invitee(1, "chair", token_hash=token_hash(1)),
        invitee(2, token_hash=token_hash(2)),
        invitee(3, token_hash=token_hash(3), **{"writes_minutes": True, **third}),
    ]
    rules = RoomRules(lobby=False)
    return snapshot(people, starts_at=now, agenda=[planned(ITEM.hex), planned("b")], rules=rules)


async def entered(caller: Caller, number: int) -> Replica:
    page = await caller.enter(number)
    await page.expect(call.RoomState)
    return Replica(page)


async def at_console(caller: Caller, text: MinutesText | None = None) -> Replica:
    page = await caller.console()
    await page.expect(call.RoomState)
    return Replica(page, text)


async def test_console_and_guest_write_at_once_and_readers_get_text_alone(caller):
    console, guest, reader = (
        await at_console(caller),
        await entered(caller, 3),
        await entered(caller, 2),
    )
    console.text.edit(ITEM, 0, 0, "Träger 🚀 ")
    await console.open(DOCUMENT)
    opened = await guest.open()
    assert (opened.document, guest.words) == (DOCUMENT, "Träger 🚀 ")
    await guest.type("ja", at=len("Träger ") + 2)
    await console.take()
    await console.type("nein ")
    await guest.take()
    assert console.words == guest.words == "nein Träger 🚀ja "
    while (await reader.page.expect(notes.NotesShown)).notes.text != "nein Träger 🚀ja":
        pass
    assert not reader.page.got(writing.WritingNews)
    await guest.kept()
    await console.kept()


async def test_who_may_not_write_is_refused_until_the_chair_lets_them(caller):
    chair, reader = await entered(caller, 1), await entered(caller, 2)
    asked = writing.OpenMinutes(replica=reader.text.replica, vector=b"\x00")
    await reader.page.send(asked)
    assert (await reader.page.expect(call.Problem)).code == "not_allowed"
    await reader.page.send(writing.LetWrite(participant=READER, writes=True))
    assert (await reader.page.expect(call.Problem)).code == "not_allowed"
    await chair.page.send(writing.LetWrite(participant=READER, writes=True))
    changed = await reader.page.expect(call.ParticipantChanged)
    assert (changed.participant.id, changed.participant.writes) == (READER, True)
    await reader.open()
    await reader.type("mine")
    await reader.kept()
    await chair.page.send(writing.LetWrite(participant=READER, writes=False))
    assert (await reader.page.expect(writing.MinutesShut)).reason == "not_allowed"
    await reader.type("more ")
    assert (await reader.page.expect(call.Problem)).code == "not_allowed"


async def test_a_damaged_change_is_refused_and_changes_nothing(caller, premises):
    guest, chair = await entered(caller, 3), await entered(caller, 1)
    await guest.open()
    await chair.open()
    await guest.type("whole")
    await chair.take()
    await guest.send(b"\x01\x02\xff")
    problem = await guest.page.expect(call.Problem)
    assert (problem.code, problem.in_reply_to) == ("bad_update", "editMinutes")
    await guest.send(b"\x00\x00", part=1, parts=2)
    assert (await guest.page.expect(call.Problem)).code == "bad_update"
    bad = writing.OpenMinutes(replica=5, vector=b"\xff")
    await guest.page.send(bad)
    assert (await guest.page.expect(call.Problem)).code == "bad_vector"
    await guest.page.socket.send_str('{"type":"editMinutes","n":1,"document":"","update":"?"}')
    assert (await guest.page.expect(call.Problem)).code == "bad_message"
    await guest.type("still ")
    await chair.take()
    assert chair.words == "still whole"


@pytest.mark.full
async def test_a_large_change_comes_in_parts_and_a_document_has_a_limit(caller):
    guest, chair = await entered(caller, 3), await entered(caller, 1)
    await guest.open()
    await chair.open()
    long = MinutesText()
    long.edit(ITEM, 0, 0, "x" * 300_000)
    whole = long.state()
    size = writing.MAX_UPDATE
    pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
    for number, piece in enumerate(pieces):
        await guest.send(piece, part=number, parts=len(pieces))
    await chair.take()
    assert len(chair.words) == 300_000
    long.edit(ITEM, 0, 0, "y" * (writing.MAX_DOCUMENT - 100_000))
    whole = long.missing(chair.text.vector())
    pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
    for number, piece in enumerate(pieces):
        await guest.send(piece, part=number, parts=len(pieces))
        await asyncio.sleep(0.05)  # as fast as a socket may send
    assert (await guest.page.expect(call.Problem)).code == "minutes_full"


async def test_cursors_have_names_and_go_with_their_writer(caller):
    console, guest = await at_console(caller), await entered(caller, 3)
    await console.open(DOCUMENT)
    await guest.open()
    await guest.type("words")
    await console.take()
    place = guest.text.position(ITEM, 2)
    await guest.page.send(writing.PointMinutes(item=ITEM.hex, anchor=place, head=place))
    pointed = await console.page.expect(writing.MinutesPointed)
    assert (pointed.name, pointed.item) == ("Person 3", ITEM.hex)
    assert console.text.place(ITEM, pointed.head) == 2
    chair = await entered(caller, 1)
    await chair.open()
    assert (await chair.page.expect(writing.MinutesPointed)).writer == pointed.writer
    await guest.page.send(call.Leave())
    gone = await chair.page.expect(writing.MinutesPointed)
    assert (gone.writer, gone.item) == (pointed.writer, None)


async def test_host_and_desktop_are_restarted_and_offline_changes_merge(caller, premises):
    console, guest = await at_console(caller), await entered(caller, 3)
    await console.open(DOCUMENT)
    await guest.open()
    await guest.type("kept ")
    await guest.kept()
    await console.take()
    await premises.stop()
    guest.text.edit(ITEM, 5, 0, "offline ")
    desk = MinutesText.from_state([console.text.state()])  # as a desktop has it on its disk
    desk.edit(ITEM, 0, 0, "desk ")
    await premises.start()
    again = Caller(premises.url, caller.key)
    premises.callers = [again]
    console, guest = (
        await at_console(again, desk),
        Replica((await entered(again, 3)).page, guest.text),
    )
    opened = await guest.open()
    assert opened.document == DOCUMENT
    await console.open(DOCUMENT)
    await guest.take()
    assert console.words == guest.words == "desk kept offline "


async def test_the_journal_says_that_there_is_something_to_fetch(caller, premises):
    console, guest = await at_console(caller), await entered(caller, 3)
    await console.open(DOCUMENT)
    await guest.open()
    await guest.type("taken at once ")
    await console.take()
    await console.page.send(call.Leave())
    await console.page.closed()
    await guest.type("with nobody there ")
    await guest.kept()
    await guest.page.send(call.Leave())
    await guest.page.closed()
    facts = await caller.facts((journal.MinutesWritten,))
    assert facts == [journal.MinutesWritten(document=DOCUMENT)]


async def test_another_revision_is_another_document(caller):
    console, guest = await at_console(caller), await entered(caller, 3)
    await console.open(DOCUMENT)
    await guest.open()
    await guest.type("first revision")
    await console.take()
    second = Replica(console.page)
    await second.open(f"{8:032x}")
    assert (await guest.page.expect(writing.MinutesShut)).reason == "replaced"
    await guest.type("late ")
    assert (await guest.page.expect(call.Problem)).code == "minutes_not_opened"
    late = Replica(guest.page)
    assert (await late.open()).document == f"{8:032x}"
    assert late.words == ""


async def test_a_full_disk_is_told_and_the_change_kept_once_there_is_room(caller, premises):
    guest = await entered(caller, 3)
    await guest.open()
    await guest.type("before ")
    await guest.kept()
    await premises.journal.run(lambda c: c.exec_driver_sql("PRAGMA max_page_count=1"))
    await guest.type("x" * 50_000)
    await guest.page.expect(writing.MinutesUnkept)
    assert not [kept for kept in guest.page.got(writing.MinutesKept) if kept.n == guest.n]
    await premises.journal.run(lambda c: c.exec_driver_sql("PRAGMA max_page_count=1000000"))
    await guest.kept()


async def test_what_the_host_has_is_collected_with_its_authors(caller):
    guest = await entered(caller, 3)
    await guest.open()
    await guest.type("words of a guest")
    await guest.kept()
    answer = await caller.api("GET", f"/api/v1/rooms/{ROOM}/minutes")
    kept = msgspec.convert(answer, writing.KeptMinutes)
    assert kept.document == ""  # the desktop has not named it
    text = MinutesText.from_state([kept.update])
    assert text.item_text(ITEM) == "words of a guest"
    replica = guest.text.replica
    assert kept.authors == [writing.Author(replica=replica, participant=GUEST, name="Person 3")]
    assert text.authors(ITEM) == [(0, 16, replica)]
    console = await at_console(caller)
    await console.open(DOCUMENT)
    assert console.words == "words of a guest"
    signed = [told.author for told in console.page.got(writing.MinutesSigned)]
    assert kept.authors[0] in signed or (
        (await console.page.expect(writing.MinutesSigned)).author == kept.authors[0]
    )
    stranger = await caller.api("GET", "/api/v1/rooms/nosuchroom/minutes")
    assert (stranger["status"], stranger["code"]) == (404, "room_unknown")
