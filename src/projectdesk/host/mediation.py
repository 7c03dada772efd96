"""Carries a room's requests to its media server and the answers back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from projectdesk.errors import MediaError
from projectdesk.media.port import MediaBackend, MediaEnded, MediaRoom
from projectdesk.room import commands
from projectdesk.signalling.media import Event, RecordedPerson, RoomStatistics

_log = logging.getLogger(__name__)
_PATIENCE_S = 30.0
"""How long a request waits for a media server that is being started."""

Report = Event | MediaEnded
Spawn = Callable[[Coroutine[Any, Any, None]], object]


class Mediation:
    """The media of one room, opened, replaced and closed as the room commands.

    Requests of one participant go one after the other, in the order of the commands; different
    participants do not wait for each other.
    """

    def __init__(
        self,
        room: str,
        backend: MediaBackend,
        spawn: Spawn,
        *,
        ready: Callable[[], None],
        lost: Callable[[], None],
        reported: Callable[[Event], None],
        accepted: Callable[[str, str], None],
        refused: Callable[[str, str, MediaError], None],
    ) -> None:
        """Make the mediation of a room; no media server is started yet.

        Args:
            room: its id.
            backend: starts media servers.
            spawn: runs a coroutine in the room's task group.
            ready: called when a server is there.
            lost: called when it died or could not be started.
            reported: called with what it tells.
            accepted: called with peer and SDP answer.
            refused: called with peer, `type` of the request and why.
        """
        self._room = room
        self._backend = backend
        self._spawn = spawn
        self._ready = ready
        self._lost = lost
        self._reported = reported
        self._accepted = accepted
        self._refused = refused
        self._generation = 0
        self._closed = False
        self._server: MediaRoom | None = None
        self._change = asyncio.Condition()
        self._turns: dict[str, asyncio.Lock] = {}

    def open(self) -> None:
        """Start a media server in place of the one before."""
        self._generation += 1
        self._closed = False
        self._spawn(self._open(self._generation))

    def close(self) -> None:
        """End the media server, if there is one or one is starting; who waits for it is refused."""
        self._generation += 1
        self._closed = True
        self._turns.clear()
        self._spawn(self._drop())

    async def finish(self) -> None:
        """End the media server and wait until it is gone; who waits for it is refused."""
        self._generation += 1
        self._closed = True
        await self._drop()

    async def statistics(self) -> RoomStatistics | None:
        """Return the counters of the media server, or None where there is none that answers."""
        if self._server is None:
            return None
        try:
            return await self._server.statistics()
        except MediaError:
            return None

    async def start_recording(self, folder: Path, people: list[RecordedPerson]) -> None:
        """Record these people; waits for a media server that is being started.

        Raises:
            MediaError: why not.
        """
        await (await self._patient()).start_recording(folder, people)

    async def pause_recording(self) -> None:
        """Record nothing for now; nothing happens without a media server."""
        if self._server is not None:
            await self._server.pause_recording()

    async def stop_recording(self, erased: list[str]) -> None:
        """End the recording; a media server that is gone has ended it already.

        Raises:
            MediaError: it did not end well.
        """
        if self._server is not None:
            await self._server.stop_recording(erased)

    def ask(self, command: commands.MediaCommand) -> None:
        """Carry a request over in the background."""
        turn = self._turns.setdefault(command.participant, asyncio.Lock())
        self._spawn(self._ask(command, turn))

    async def _open(self, generation: int) -> None:
        await self._drop()

        def hear(report: Report) -> None:
            self._hear(report, generation)

        try:
            server = await self._backend.open_room(self._room, hear)
        except MediaError as error:
            _log.error("room %s has no media: %s", self._room, error)
            if generation == self._generation:
                self._lost()
            return
        if generation != self._generation:
            await server.close()
            return
        async with self._change:
            self._server = server
            self._change.notify_all()
        self._ready()

    async def _drop(self) -> None:
        server, self._server = self._server, None
        async with self._change:
            self._change.notify_all()
        if server is not None:
            try:
                await server.close()
            except MediaError as error:
                _log.warning("room %s: media did not end well: %s", self._room, error)

    def _hear(self, report: Report, generation: int) -> None:
        if generation != self._generation:
            return
        if isinstance(report, MediaEnded):
            _log.error("room %s lost its media server", self._room)
            self._server = None
            self._lost()
        else:
            self._reported(report)

    async def _ask(self, command: commands.MediaCommand, turn: asyncio.Lock) -> None:
        async with turn:
            try:
                await self._carry(command)
            except MediaError as error:
                if isinstance(command, _ASKED_BY_PEERS):
                    self._refused(command.peer, _REQUESTS[type(command)], error)

    async def _carry(self, command: commands.MediaCommand) -> None:
        if isinstance(command, commands.CloseLegs):
            if self._server is not None:
                await self._server.close_legs(command.participant)
            return
        if isinstance(command, commands.HoldFeed):
            if self._server is not None:
                await self._server.mute(command.participant, command.source, muted=command.held)
            return
        if isinstance(command, commands.HearVoices):
            if self._server is not None:
                await self._server.hear(command.loudest, list(command.always))
            return
        if isinstance(command, commands.SetCircles):
            if self._server is not None:
                circles = command.circles
                await self._server.set_circles(
                    None if circles is None else [list(circle) for circle in circles]
                )
            return
        server = await self._patient()
        match command:
            case commands.PublishLeg(peer, participant, sdp, sources, rebuild):
                answer = await server.publish(participant, sdp, sources, rebuild=rebuild)
                self._accepted(peer, answer)
            case commands.SubscribeLeg(_, participant, rebuild):
                await server.subscribe(participant, rebuild=rebuild)
            case commands.AnswerLeg(_, participant, offer, sdp):
                await server.answer(participant, offer, sdp)
            case commands.WantFeeds(_, participant, feeds):
                await server.want(participant, None if feeds is None else list(feeds))

    async def _patient(self) -> MediaRoom:
        """Return the server, waiting for one that starts, but not for one that will not come."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_S), self._change:
                await self._change.wait_for(lambda: self._server is not None or self._closed)
        if self._server is None:
            raise MediaError(
                "media_unavailable", "Sound and picture are not available at the moment."
            )
        return self._server


_ASKED_BY_PEERS = (
    commands.PublishLeg | commands.SubscribeLeg | commands.AnswerLeg | commands.WantFeeds
)
_REQUESTS: dict[type, str] = {
    commands.PublishLeg: "publish",
    commands.SubscribeLeg: "openSubscribe",
    commands.AnswerLeg: "subscribeAnswer",
    commands.WantFeeds: "want",
}
