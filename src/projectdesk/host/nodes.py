"""This host among others of one server: which of them has a room, and what happens when one dies.

All nodes write one database. Each says every few seconds that it is alive and has written what
happened in its rooms; one that is silent for `DEAD_AFTER` has no rooms any more, and whoever its
rooms' ids fall to takes them, with people's sessions. A node that was cut off from the database
finds its rooms taken when it writes again, and lets them go.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from projectdesk.errors import EnvironmentFailure
from projectdesk.host.journal import nodes as journal_nodes
from projectdesk.host.journal.nodes import DEAD_AFTER, Node, Taken
from projectdesk.host.journal.worker import JournalThread

_log = logging.getLogger(__name__)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True)
class NodeSettings:
    """name: of this host among its server's. url: its own address, "" behind a proxy that knows."""

    name: str
    url: str = ""

    def __post_init__(self) -> None:
        if _NAME.fullmatch(self.name) is None:
            raise EnvironmentFailure(
                "node_name_invalid",
                "“{name}” is no name of a node: up to 40 letters, digits, - and _.",
                name=self.name,
            )


class Nodes:
    """What a host knows of the other nodes."""

    def __init__(
        self,
        own: NodeSettings,
        journal: JournalThread,
        clock: Callable[[], datetime],
        arrive: Callable[[Taken], Awaitable[None]],
    ) -> None:
        """Make it.

        Args:
            own: this node.
            journal: the database that all share.
            clock: UTC now. The nodes' clocks must agree to some seconds.
            arrive: called with a room that is this node's from now on.
        """
        self.own = own
        self._journal = journal
        self._clock = clock
        self._arrive = arrive
        self._taking = asyncio.Lock()
        self._beat_at = clock()
        self._steady_since = clock()

    async def begin(self) -> datetime | None:
        """Say that this node is there; return when it was last alive before."""
        self._beat_at = self._steady_since = self._clock()
        return await self._journal.run(
            journal_nodes.note_alive, self.own.name, self.own.url, self._beat_at
        )

    async def end(self) -> None:
        """Say that this node ended in good order: others may have its rooms at once."""
        await self._journal.run(journal_nodes.leave, self.own.name)

    async def beat(self, flush: Callable[[], Awaitable[None]]) -> None:
        """Say that this node is alive and has written all up to now; take what fell to it.

        flush: waits until what happened in the rooms is in the database.
        """
        now = self._clock()
        await flush()
        await self._journal.run(journal_nodes.note_alive, self.own.name, self.own.url, now)
        if now - self._beat_at > DEAD_AFTER / 2:
            self._steady_since = now  # cut off itself: it cannot say who else is dead
        self._beat_at = now
        if self._is_steady():
            for room in await self._journal.run(journal_nodes.orphans, self.own.name, now):
                await self._take(room)

    async def elsewhere(self, room: str) -> Node | None:
        """Return the other node that has a room, or None when it is (by now) or may be made here.

        Raises:
            EnvironmentFailure: `room_moving`, that is not decided yet; in some seconds it is.
        """
        now = self._clock()
        found = await self._journal.run(journal_nodes.place, room, now)
        if found is not None and found.name != self.own.name:
            return found
        undecided = not self._is_steady() and await self._journal.run(
            journal_nodes.is_abandoned, room, self.own.name, now
        )
        if found is None or undecided:
            raise EnvironmentFailure(
                "room_moving", "The meeting moves to another server. Please try again at once."
            )
        await self._take(room)
        return None

    def _is_steady(self) -> bool:
        return self._clock() - self._steady_since >= DEAD_AFTER

    async def _take(self, room: str) -> None:
        async with self._taking:
            now = self._clock()
            taken = await self._journal.run(journal_nodes.take, room, self.own.name, now)
            if taken is not None:
                await self._arrive(taken)
