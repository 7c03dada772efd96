"""Keeps the secret ballots of rooms: in order, and never where anything else is written."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from projectdesk.errors import EnvironmentFailure
from projectdesk.host.journal import ballots
from projectdesk.host.journal.worker import JournalThread
from projectdesk.host.scribe import Scribe
from projectdesk.room import commands, events

_log = logging.getLogger(__name__)
_PAUSE_S = 1.0


class BallotBox:
    """The box of one host. What it is asked is done one after the other, also across rooms."""

    def __init__(
        self, journal: JournalThread, scribe: Scribe, clock: Callable[[], datetime]
    ) -> None:
        """Make it.

        Args:
            journal: the database's thread.
            scribe: what it was given is durable before a ballot is taken.
            clock: UTC now.
        """
        self._journal = journal
        self._scribe = scribe
        self._clock = clock
        self._turn = asyncio.Lock()

    async def carry_out(
        self,
        room: str,
        command: commands.BallotCommand,
        post: Callable[[events.BallotEvent], None],
    ) -> None:
        """Do what a room asks, and tell it by `post`."""
        async with self._turn:
            match command:
                case commands.DropBallot():
                    post(await self._drop(room, command))
                case commands.ReadTurnout(vote=vote):
                    seats = await self._until_read(room, vote)
                    post(events.TurnoutRead(at=self._clock(), vote=vote, seats=seats))
                case commands.CountBallots(vote=vote, burn=burn):
                    opened = await self._until_opened(room, vote, burn=burn)
                    if not burn:
                        post(
                            events.BallotsCounted(
                                at=self._clock(),
                                vote=vote,
                                turnout=opened.turnout,
                                ballots=opened.ballots,
                            )
                        )
                    await self._sweep()

    async def sweep(self) -> None:
        """Do what a host before this one did not get to after a vote was closed."""
        async with self._turn:
            await self._sweep()

    async def _sweep(self) -> None:
        try:
            if not await self._journal.outside(ballots.sweep):
                _log.error("the database's log is in use: ballots are swept later")
        except EnvironmentFailure as error:
            _log.error("ballots are swept later: %s", error)

    async def _drop(self, room: str, asked: commands.DropBallot) -> events.BallotEvent:
        """Put a ballot into the box, once the opening of its vote cannot be lost any more."""
        try:
            await self._scribe.flush()
            receipt = await self._journal.run(
                ballots.drop, room, asked.vote, asked.seat, asked.choice
            )
        except EnvironmentFailure as error:
            return self._refused(asked, error.code, "The ballot could not be kept. Try again.")
        if receipt is None:
            text = "That member has voted: a secret ballot cannot change."
            return self._refused(asked, "already_voted", text)
        return events.BallotTaken(
            at=self._clock(), vote=asked.vote, seat=asked.seat, peer=asked.peer, receipt=receipt
        )

    def _refused(self, asked: commands.DropBallot, code: str, text: str) -> events.BallotRefused:
        return events.BallotRefused(
            at=self._clock(),
            vote=asked.vote,
            seat=asked.seat,
            peer=asked.peer,
            code=code,
            text=text,
        )

    async def _until_read(self, room: str, vote: int) -> tuple[str, ...]:
        while True:
            try:
                return await self._journal.run(ballots.read_turnout, room, vote)
            except EnvironmentFailure as error:
                _log.error("who voted is not read yet: %s", error)
                await asyncio.sleep(_PAUSE_S)

    async def _until_opened(self, room: str, vote: int, *, burn: bool) -> ballots.OpenedBox:
        while True:
            try:
                return await self._journal.run(ballots.open_box, room, vote, burn=burn)
            except EnvironmentFailure as error:
                _log.error("ballots are not counted yet: %s", error)
                await asyncio.sleep(_PAUSE_S)
