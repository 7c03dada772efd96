"""Carries a room's orders about its recording to the media server and to the store."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from projectdesk.errors import MediaError, ProjectDeskError
from projectdesk.host.mediation import Mediation
from projectdesk.host.recordings import RecordingStore
from projectdesk.room import commands
from projectdesk.signalling.media import RecordingFailed

_log = logging.getLogger(__name__)
RecordingCommand = commands.StartRecording | commands.PauseRecording | commands.StopRecording


class Taping:
    """The recordings of one room; orders are carried out one after the other."""

    def __init__(
        self,
        room: str,
        store: RecordingStore | None,
        media: Mediation,
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        failed: Callable[[RecordingFailed], None],
    ) -> None:
        """Make it; nothing is recorded.

        Args:
            room: its id.
            store: of this host; None where it keeps no recordings.
            media: the room's.
            spawn: runs a coroutine in the room's task group.
            failed: told when a recording could not start or go on.
        """
        self._room = room
        self._store = store
        self._media = media
        self._spawn = spawn
        self._failed = failed
        self._turn = asyncio.Lock()

    def carry(self, command: RecordingCommand) -> None:
        """Carry an order out in the background."""
        if self._store is not None:
            self._spawn(self._carry(command, self._store))

    async def _carry(self, command: RecordingCommand, store: RecordingStore) -> None:
        async with self._turn:
            try:
                match command:
                    case commands.StartRecording(recording=recording, people=people):
                        folder = await store.prepare(self._room, recording)
                        await self._media.start_recording(folder, list(people))
                    case commands.PauseRecording():
                        await self._media.pause_recording()
                    case commands.StopRecording():
                        await self._stop(command, store)
            except ProjectDeskError as error:
                _log.error("room %s: the recording failed: %s", self._room, error)
                self._failed(RecordingFailed(code=error.code, text=error.text))

    async def _stop(self, command: commands.StopRecording, store: RecordingStore) -> None:
        try:
            await self._media.stop_recording(list(command.erased))
        except MediaError as error:
            _log.warning("room %s: the recording did not end well: %s", self._room, error)
        await store.end(self._room, command.recording, command.consents)
