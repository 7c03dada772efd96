"""Members of a body without a browser: they come by their links and vote, as a page does."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from functools import partial
from typing import Any

from projectdesk.demo.seat import Seat
from projectdesk.signalling import call, votes

PATIENCE_S = 20


class _Member:
    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.votes: dict[int, votes.BodyVote] = {}
        self.body: votes.BodyState | None = None
        self.receipts: list[str] = []
        self.problems: list[call.Problem] = []
        self._changed = asyncio.Event()

    async def until(self, ready: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not ready():
                assert not self.problems, self.problems
                self._changed.clear()
                await self._changed.wait()

    async def listen(self) -> None:
        async for message in self.seat.messages():
            match message:
                case votes.BodyChanged():
                    self.body = message.body
                case votes.VotesListed():
                    self.votes = {vote.number: vote for vote in message.votes}
                case votes.VoteChanged():
                    self.votes[message.vote.number] = message.vote
                case votes.BallotTaken():
                    self.receipts.append(message.receipt)
                case call.Problem():
                    self.problems.append(message)
            self._changed.set()


class Members:
    """Several members, on a thread of their own. Every method may be called from the test's."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._members: dict[str, _Member] = {}
        self._listening: dict[str, Future[None]] = {}

    def come(self, links: Mapping[str, str]) -> None:
        """Let them knock. links: by name."""
        self._run(self._come(links))

    def leave(self, names: Iterable[str]) -> None:
        """Let them leave the call."""
        self._run(self._leave(list(names)))

    def vote(self, number: int, choices: Mapping[str, str]) -> None:
        """Let each vote for all the seats it votes for. choices: by name."""
        self._run(self._vote(number, choices))

    def receipts(self) -> list[str]:
        """Return the receipts of their secret ballots."""
        return [receipt for one in self._members.values() for receipt in one.receipts]

    def body(self, name: str) -> votes.BodyState | None:
        """Return how a member sees the body."""
        return self._members[name].body

    def seen(self, name: str, number: int) -> votes.BodyVote | None:
        """Return how a member sees a vote."""
        return self._members[name].votes.get(number)

    def close(self) -> None:
        """End all."""
        self._run(self._leave(list(self._members)))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_S)
        self._loop.close()

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_S * 3)

    async def _come(self, links: Mapping[str, str]) -> None:
        for name, link in links.items():
            member = _Member(Seat(link))
            await member.seat.take()
            self._members[name] = member
            work = asyncio.run_coroutine_threadsafe(member.listen(), self._loop)
            self._listening[name] = work

    async def _leave(self, names: list[str]) -> None:
        for name in names:
            member = self._members.pop(name)
            await member.seat.leave(politely=True)
            self._listening.pop(name).cancel()

    async def _vote(self, number: int, choices: Mapping[str, str]) -> None:
        for name, choice in choices.items():
            member = self._members[name]
            await member.until(partial(_is_open, member, number))
            for seat in member.votes[number].yours:
                await member.seat.send(votes.CastVote(vote=number, seat=seat, choice=choice))
            await member.until(partial(_is_in, member, number))


def _is_open(member: _Member, number: int) -> bool:
    vote = member.votes.get(number)
    return vote is not None and vote.state == "open"


def _is_in(member: _Member, number: int) -> bool:
    vote = member.votes[number]
    return all(seat.voted for seat in vote.seats if seat.partner in vote.yours)
