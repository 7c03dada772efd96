"""Votes over real sockets: secret ballots in the files of a host, and hosts that are killed."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from projectdesk.signalling import call, control, journal, votes
from tests.integration.host.conftest import Caller, Page, plan
from tests.integration.host.test_files import restart
from tests.integration.host.test_serve import Computer, computer

__all__ = ["computer"]

MEMBERS = [f"{number:032x}" for number in range(0xABC1, 0xABC5)]
RECEIPT = re.compile(rb"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}")
ASK = votes.PrepareVote(question="Adopt the budget?", open=True)
SECRET = msgspec.structs.replace(ASK, secret=True)


def assembly(before: control.RoomSnapshot) -> control.RoomSnapshot:
    """Return the meeting as one of a body of its four people."""
    people = [
        msgspec.structs.replace(one, partner=member)
        for one, member in zip(before.invitees, MEMBERS, strict=True)
    ]
    seats = [
        votes.SeatPlan(partner=member, name=one.name, representative=one.id)
        for one, member in zip(people, MEMBERS, strict=True)
    ]
    rules = msgspec.structs.replace(before.rules, lobby=False)
    body = votes.BodyPlan(name="General Assembly", members=seats)
    return msgspec.structs.replace(before, invitees=people, rules=rules, body=body)


async def convened(caller: Caller, snapshot: control.RoomSnapshot) -> list[Page]:
    """Let the four people of the body into the call."""
    answer = await caller.put_room(assembly(snapshot))
    assert answer["status"] == 200, answer
    return [await caller.enter(number) for number in (1, 2, 3, 4)]


async def seen(page: Page, state: str, voted: int = 0) -> votes.BodyVote:
    """Read until a vote is in a state, with so many who have voted."""
    while True:
        vote: votes.BodyVote = (await page.expect(votes.VoteChanged)).vote
        if vote.state == state and sum(seat.voted for seat in vote.seats) >= voted:
            return vote


async def cast(page: Page, number: int, choice: str) -> None:
    """Vote for one's own member."""
    await page.send(votes.CastVote(vote=1, seat=MEMBERS[number - 1], choice=choice))


async def cast_secretly(pages: list[Page], *choices: tuple[int, str]) -> dict[str, str]:
    """Vote in secret, one after the other; return receipts by member."""
    receipts = {}
    for number, choice in choices:
        await cast(pages[number - 1], number, choice)
        taken = await pages[number - 1].expect(votes.BallotTaken)
        receipts[taken.seat] = taken.receipt
    return receipts


def commits(log: bytes) -> Iterator[bytes]:
    """Yield what each transaction in a write-ahead log of SQLite wrote (sqlite.org/walformat)."""
    if len(log) < 32:
        return
    (size,) = struct.unpack(">I", log[8:12])
    pages = b""
    for start in range(32, len(log) - 24 - size + 1, 24 + size):
        pages += log[start + 24 : start + 24 + size]
        if struct.unpack(">I", log[start + 4 : start + 8])[0]:
            yield pages
            pages = b""


def links(folder: Path) -> set[tuple[str, str]]:
    """Return member and receipt of all that a transaction in a host's log wrote together."""
    found, known_receipts, known_members = set(), set[bytes](), set[bytes]()
    for pages in commits((folder / "host.sqlite3-wal").read_bytes()):
        receipts = set(RECEIPT.findall(pages))
        members = {member.encode() for member in MEMBERS if _is_in_turnout(pages, member)}
        if len(receipts - known_receipts) == len(members - known_members) == 1:
            (receipt,), (member,) = receipts - known_receipts, members - known_members
            found.add((member.decode(), receipt.decode()))
        if receipts:
            known_receipts, known_members = receipts, members
    return found


def _is_in_turnout(pages: bytes, member: str) -> bool:
    """Tell whether a page has the row: room, vote (the constant 1 has no bytes), member."""
    return b"k3jq8w2xza" + member.encode() in pages


async def test_after_the_close_the_files_do_not_tell_who_chose_what(caller, premises):
    pages = await convened(caller, plan(premises.now()))
    await pages[0].send(SECRET)
    receipts = await cast_secretly(pages, (3, "for"), (1, "against"), (4, "for"), (2, "for"))
    assert links(premises.folder) == set(receipts.items())  # while people vote, they do
    await pages[0].send(votes.CloseVote(vote=1))
    closed = await seen(pages[1], "closed")
    assert closed.outcome.counts == [3, 1, 0]
    assert {one.receipt: one.choice for one in closed.ballots} == {
        receipts[MEMBERS[0]]: "against",
        **{receipts[MEMBERS[place]]: "for" for place in (1, 2, 3)},
    }
    await premises.host.box.sweep()  # waits for the one that is under way
    await premises.host.scribe.flush()
    assert links(premises.folder) == set()
    log = (premises.folder / "host.sqlite3-wal").read_bytes()
    assert not RECEIPT.search(log)
    base = (premises.folder / "host.sqlite3").read_bytes()
    places = [(match.start(), match.group()) for match in RECEIPT.finditer(base)]
    stored = [receipt for _, receipt in sorted(places, reverse=True)]
    assert stored == sorted(receipt.encode() for receipt in receipts.values())  # once, by chance
    assert all(b - a > 0 for a, b in pairwise(place for place, _ in places))
    [fact] = await caller.facts(journal.VoteClosed)
    assert [seat.voted for seat in fact.seats] == [True] * 4
    assert not RECEIPT.search(msgspec.json.encode(await caller.batch()))


async def test_a_ballot_that_is_cast_again_is_refused_also_after_a_restart(caller, premises):
    pages = await convened(caller, plan(premises.now()))
    await pages[0].send(SECRET)
    await cast_secretly(pages, (2, "for"))
    await restart(premises)
    caller.url = premises.url
    again = await caller.connect(2)
    listed = (await again.expect(votes.VotesListed)).votes[0]
    if not listed.seats[1].voted:  # who has voted is read from the box beside
        await seen(again, "open", voted=1)
    await cast(again, 2, "against")
    assert (await again.expect(call.Problem)).code == "already_voted"


async def test_what_a_host_did_not_sweep_the_next_one_does(caller, premises, monkeypatch):
    pages = await convened(caller, plan(premises.now()))
    await pages[0].send(SECRET)
    await cast_secretly(pages, (1, "for"), (2, "for"), (3, "for"))

    async def killed(self: object) -> None:
        """Do nothing: the host is killed here."""

    monkeypatch.setattr(type(premises.host.box), "_sweep", killed)
    await pages[0].send(votes.CloseVote(vote=1))
    await seen(pages[1], "closed")
    monkeypatch.undo()
    await restart(premises)
    caller.url = premises.url
    assert not RECEIPT.search((premises.folder / "host.sqlite3-wal").read_bytes())
    again = await caller.connect(2)
    listed = (await again.expect(votes.VotesListed)).votes[0]
    assert listed.outcome.counts == [3, 0, 0]


@pytest.mark.full
async def test_a_host_killed_in_a_vote_loses_nothing_and_counts_nothing_twice(computer: Computer):
    for place, asked in enumerate((ASK, SECRET)):
        host = await computer.start()
        caller = computer.caller(await host.listening())
        if place == 0:
            pages = await convened(caller, plan(datetime.now(UTC)))
        else:
            pages = [await caller.enter(number, move=True) for number in (1, 2, 3, 4)]
        number = place + 1
        await pages[0].send(asked)
        for who, choice in ((1, "for"), (2, "for"), (3, "against")):
            member = MEMBERS[who - 1]
            await pages[who - 1].send(votes.CastVote(vote=number, seat=member, choice=choice))
        while True:
            vote = (await pages[3].expect(votes.VoteChanged)).vote
            if vote.number == number and sum(seat.voted for seat in vote.seats) == 3:
                break
        await caller.batch()  # what was told is in the journal once it answers
        host.process.kill()
        await host.ended()
        host = await computer.start()
        caller.url = await host.listening()
        back = [await caller.connect(who) for who in (1, 2, 3, 4)]
        await back[3].send(votes.CastVote(vote=number, seat=MEMBERS[3], choice="for"))
        await back[0].send(votes.CastVote(vote=number, seat=MEMBERS[0], choice="for"))
        while True:
            vote = (await back[3].expect(votes.VoteChanged)).vote
            if vote.number == number and sum(seat.voted for seat in vote.seats) == 4:
                break
        await back[0].send(votes.CloseVote(vote=number))
        closed = await seen(back[3], "closed")
        assert closed.outcome.counts == [3, 1, 0]
        facts = await caller.facts(journal.VoteClosed)
        assert [fact.vote.number for fact in facts] == list(range(1, number + 1))
        host.process.kill()
        await host.ended()
