"""Writes what rooms record, in order, in as few commits as the load allows, and never gives up."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime

from projectdesk.errors import EnvironmentFailure
from projectdesk.host.journal.entries import RoomStep, take_steps
from projectdesk.host.journal.worker import JournalThread

_log = logging.getLogger(__name__)
_PAUSE_S = 1.0
_FLUSH_S = 10.0
_MAX_STEPS = 200


class Scribe:
    """Takes steps without waiting and writes them behind; `flush` waits until all are durable.

    While the database does not answer, steps are kept in memory and tried again; `is_writing`
    tells the health page.
    """

    def __init__(
        self,
        journal: JournalThread,
        clock: Callable[[], datetime],
        node: str | None = None,
        lost: Callable[[str], None] = lambda _room: None,
    ) -> None:
        """Make it.

        Args:
            journal: the database's thread.
            clock: UTC now.
            node: of this host, where several share the database.
            lost: called with a room that another node has by now.
        """
        self._journal = journal
        self._clock = clock
        self._node = node
        self._lost = lost
        self._steps: asyncio.Queue[RoomStep] = asyncio.Queue()
        self._taken: deque[datetime] = deque()
        self.is_writing = True

    def take(self, step: RoomStep) -> None:
        """Take a step; it is written after those before it."""
        self._taken.append(self._clock())
        self._steps.put_nowait(step)

    @property
    def waiting(self) -> int:
        """How many steps are not in the database yet."""
        return len(self._taken)

    def lag_seconds(self) -> float:
        """Return for how long the oldest of them waits; 0 without one."""
        if not self._taken:
            return 0.0
        return max((self._clock() - self._taken[0]).total_seconds(), 0.0)

    async def flush(self) -> None:
        """Wait until everything taken is in the database.

        Raises:
            EnvironmentFailure: `journal_unavailable`, it is not within ten seconds.
        """
        try:
            async with asyncio.timeout(_FLUSH_S):
                await self._steps.join()
        except TimeoutError as error:
            raise EnvironmentFailure(
                "journal_unavailable", "The host cannot write its journal at the moment."
            ) from error

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            steps = [await self._steps.get()]
            while not self._steps.empty() and len(steps) < _MAX_STEPS:
                steps.append(self._steps.get_nowait())
            await self._write(steps)
            for _ in steps:
                self._taken.popleft()
                self._steps.task_done()

    async def _write(self, steps: list[RoomStep]) -> None:
        while True:
            try:
                lost = await self._journal.run(take_steps, steps, self._clock(), self._node)
            except EnvironmentFailure as error:
                if self.is_writing:
                    _log.error("%d steps are not written yet: %s", len(steps), error)
                self.is_writing = False
                await asyncio.sleep(_PAUSE_S)
            else:
                self.is_writing = True
                for room in sorted(lost):
                    self._lost(room)
                return
