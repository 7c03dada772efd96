"""The minutes of a room in the host's memory, and the thread of changes on their way to the disk.

A change is merged and passed on at once, and on the disk within a fraction of a second; its writer
is told. While the disk takes nothing, changes wait here and it is tried again; a writer that does
not hear that its change is kept has it still.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.host.journal import minutes
from projectdesk.host.journal.worker import JournalThread
from projectdesk.signalling.writing import MAX_DOCUMENT, Author, KeptMinutes

if TYPE_CHECKING:
    from projectdesk.text.minutes import MinutesText

_log = logging.getLogger(__name__)

GATHER_S = 0.1
"""How long a change waits for others before they are written."""
_RETRY_S = 1.0
_FLUSH_S = 10.0
COMPACT_AFTER = 500
"""How many changes a room may have kept before loading makes one of them."""


class RoomText:
    """The document of one room (`room.writing.SharedText`)."""

    def __init__(self, stored: minutes.StoredMinutes | None = None) -> None:
        """Take up what was kept; nothing begins an empty document without a name.

        Raises:
            DomainError: `bad_update`, what was kept is damaged.
        """
        stored = stored or minutes.StoredMinutes("")
        self._name = stored.document
        self._text: MinutesText | None = None
        self._size = 0
        self._authors = {author.replica: author for author in stored.authors}
        for update in stored.updates:
            self.merge(update)

    @property
    def name(self) -> str:
        """Id of the minutes' revision, "" = nobody named it yet."""
        return self._name

    @property
    def is_written(self) -> bool:
        """True once anything was written in it."""
        return self._text is not None and self._size > 0

    def begin(self, name: str) -> None:
        """Go on with another, empty document."""
        self._name, self._text, self._size = name, None, 0
        self._authors = {}

    def adopt(self, name: str) -> None:
        """Give the document that has no name one."""
        self._name = name

    def sign(self, author: Author) -> None:
        """Note who writes with a replica."""
        self._authors[author.replica] = author

    def authors(self) -> dict[int, Author]:
        """Return who wrote with which replica."""
        return dict(self._authors)

    def vector(self) -> bytes:
        """Return the state vector."""
        return self._live.vector()

    def missing(self, vector: bytes) -> bytes:
        """Return what a document of this state vector lacks.

        Raises:
            DomainError: `bad_vector`, it is damaged.
        """
        return self._live.missing(vector)

    def merge(self, update: bytes) -> None:
        """Take a change in.

        Raises:
            DomainError: `bad_update`, it is damaged; `minutes_full`.
        """
        if self._size + len(update) > MAX_DOCUMENT:  # of what was sent; the document is smaller
            self._size = len(self._live.state())
            if self._size + len(update) > MAX_DOCUMENT:
                raise DomainError(
                    "minutes_full", "The minutes are too large: nothing more can be written."
                )
        self._live.apply(update)
        self._size += len(update)

    def text(self, item: str) -> str:
        """Return the text of an agenda item, named by its id as 32 hex digits."""
        try:
            return self._live.item_text(UUID(hex=item))
        except ValueError:
            return ""

    def kept(self) -> KeptMinutes:
        """Return everything, as a desktop collects it."""
        update = self._live.state() if self._text is not None else b""
        authors = [self._authors[replica] for replica in sorted(self._authors)]
        return KeptMinutes(document=self._name, update=update, authors=authors)

    @property
    def _live(self) -> MinutesText:
        if self._text is None:
            from projectdesk.text.minutes import MinutesText  # pycrdt loads when text is written

            self._text = MinutesText()
        return self._text


async def load_text(journal: JournalThread, room: str) -> RoomText:
    """Return a room's document as it is kept; very many changes are made one on the way.

    Raises:
        EnvironmentFailure: `journal_unavailable`.
    """
    stored = await journal.run(minutes.load, room)
    try:
        text = RoomText(stored)
    except DomainError:
        _log.exception("room %s: the minutes that were kept are damaged; what is whole stays", room)
        return RoomText(minutes.StoredMinutes(stored.document, authors=stored.authors))
    if len(stored.updates) > COMPACT_AFTER:
        state = text.kept().update
        await journal.run(minutes.compact, room, stored.document, stored.last, state)
    return text


@dataclass(frozen=True)
class _Waiting:
    """A step on its way to the disk, and whom to tell. n: the writer's number, -1 = nobody."""

    step: minutes.Step
    peer: str = ""
    n: int = -1


class MinutesScribe:
    """Takes changes without waiting and writes them behind; `flush` waits until all are kept."""

    def __init__(
        self,
        journal: JournalThread,
        kept: Callable[[str, dict[str, int]], None],
        unkept: Callable[[str], None],
    ) -> None:
        """Make it.

        Args:
            journal: the database's thread.
            kept: told the room, and by peer the number of their last change that is on the disk.
            unkept: told a room whose changes could not be written.
        """
        self._journal = journal
        self._kept = kept
        self._unkept = unkept
        self._queue: list[_Waiting] = []
        self._filled = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()

    def take(self, step: minutes.Step, peer: str = "", n: int = -1) -> None:
        """Take a step; it is written after those before it."""
        self._queue.append(_Waiting(step, peer, n))
        self._filled.set()
        self._empty.clear()

    async def flush(self) -> None:
        """Wait until everything taken is in the database.

        Raises:
            EnvironmentFailure: `journal_unavailable`, it is not within ten seconds.
        """
        try:
            async with asyncio.timeout(_FLUSH_S):
                await self._empty.wait()
        except TimeoutError as error:
            raise EnvironmentFailure(
                "journal_unavailable", "The host cannot write the minutes at the moment."
            ) from error

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._filled.wait()
            await asyncio.sleep(GATHER_S)
            await self._write(list(self._queue))

    async def _write(self, waiting: list[_Waiting]) -> None:
        try:
            await self._journal.run(minutes.take, [one.step for one in waiting])
        except EnvironmentFailure as error:
            _log.error("%d changes of minutes are not written yet: %s", len(waiting), error)
            for room in {one.step.room for one in waiting}:
                self._unkept(room)
            await asyncio.sleep(_RETRY_S)
            return
        del self._queue[: len(waiting)]
        if not self._queue:
            self._filled.clear()
            self._empty.set()
        told: dict[str, dict[str, int]] = {}
        for one in waiting:
            if one.n >= 0:
                told.setdefault(one.step.room, {})[one.peer] = one.n
        for room, numbers in told.items():
            self._kept(room, numbers)
