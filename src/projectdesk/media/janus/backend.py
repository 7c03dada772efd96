"""Rooms on Janus nodes, each on the node that has least to do."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from projectdesk.errors import MediaError
from projectdesk.media.janus.connection import JanusConnection
from projectdesk.media.janus.room import JanusRoom
from projectdesk.media.janus.settings import JanusSettings
from projectdesk.media.port import EventListener
from projectdesk.signalling.media import VideoCodec

log = logging.getLogger(__name__)


class JanusBackend:
    """A `MediaBackend` on one or several Janus nodes.

    A node that is lost ends its rooms with `MediaEnded`; the host opens them again, and they land
    on a node that answers.
    """

    records = False
    takes_sizes = False
    video_codecs: tuple[VideoCodec, ...] = ("vp8",)

    def __init__(self, settings: JanusSettings) -> None:
        """Make a back end; nothing is connected yet."""
        self._settings = settings
        self._rooms: set[JanusRoom] = set()

    async def open_room(self, room: str, listener: EventListener) -> JanusRoom:
        """Make the media of a room; `listener` hears its events until `close`.

        Raises:
            MediaError: `media_unreachable` if no node answers, `janus_refused` if none takes the
                room, `janus_unsuitable`, `media_slow`.
        """
        found = await asyncio.gather(
            *(self._reach(node) for node in self._settings.nodes), return_exceptions=True
        )
        reached = [one for one in found if isinstance(one, _Candidate)]
        reached.sort(key=lambda one: one.load)
        failure = next((one for one in found if isinstance(one, BaseException)), None)
        opened: JanusRoom | None = None
        for candidate in reached:
            if opened is None:
                try:
                    opened = await self._start(candidate, listener)
                    continue
                except MediaError as error:
                    log.warning("node %s does not take room %s: %s", candidate.node, room, error)
                    failure = error
            await candidate.connection.close()
        if opened is None:
            raise failure or MediaError("media_unreachable", "There is no media server.")
        self._rooms.add(opened)
        return opened

    async def close(self) -> None:
        """Close every room."""
        for room in list(self._rooms):
            await room.close()

    async def _start(self, candidate: _Candidate, listener: EventListener) -> JanusRoom:
        room = JanusRoom(candidate.connection, self._settings, listener, self._rooms.discard)
        candidate.lost = room.fail
        await room.start()
        return room

    async def _reach(self, node: str) -> _Candidate:
        """Connect to a node and weigh it."""
        candidate = _Candidate(node, self._settings.api_secret)
        await candidate.connection.open()
        if len(self._settings.nodes) > 1:
            own = sum(room.load + 1 for room in self._rooms if room.node == node)
            candidate.load = max(own, await self._count(candidate.connection))
        return candidate

    async def _count(self, connection: JanusConnection) -> int:
        """Return how many participants a node has in all rooms that it lets us see.

        With its admin key those are all rooms, other hosts' included.
        """
        body: dict[str, object] = {"request": "list"}
        if self._settings.admin_key is not None:
            body["admin_key"] = self._settings.admin_key
        try:
            handle = await connection.attach(lambda notice: None)
            listed = await handle.ask(body)
            await handle.detach()
        except MediaError as error:
            log.info("node %s does not tell its load: %s", connection.node, error)
            return 0
        return sum(int(room.get("num_participants", 0)) for room in listed.data.get("list", ()))


class _Candidate:
    """A connection to a node that may get the room."""

    def __init__(self, node: str, api_secret: str | None) -> None:
        self.node = node
        self.load = 0
        self.lost: Callable[[], None] = lambda: None
        self.connection = JanusConnection(node, api_secret, lambda: self.lost())
