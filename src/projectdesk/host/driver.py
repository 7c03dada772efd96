"""Drives one room: events in from sockets, timers and media; the room's commands carried out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, assert_never

import msgspec

from projectdesk.errors import MediaError
from projectdesk.host.ballots import BallotBox
from projectdesk.host.journal.entries import RoomStep
from projectdesk.host.journal.minutes import Changed, Named, Signed
from projectdesk.host.mediation import Mediation
from projectdesk.host.peer import Peer
from projectdesk.host.recordings import RecordingStore
from projectdesk.host.scribe import Scribe
from projectdesk.host.taping import Taping
from projectdesk.host.timers import Timers
from projectdesk.host.turn.passes import Relays
from projectdesk.host.writing import MinutesScribe, RoomText
from projectdesk.media.port import MediaBackend
from projectdesk.room import commands, events
from projectdesk.room.memory import RoomMemory
from projectdesk.room.room import Room
from projectdesk.room.timers import Timer
from projectdesk.signalling import codec
from projectdesk.signalling.call import ClientMessage
from projectdesk.signalling.control import RoomSnapshot
from projectdesk.signalling.files import SharedFile
from projectdesk.signalling.media import Event, RoomStatistics

_log = logging.getLogger(__name__)


class RoomDriver:
    """One room with its peers, timers, media and journal, in one task group (`run`).

    Every event is handled at once and whole: no coroutine runs between a room's decision and the
    hand-over of its commands, so peers see the same order.
    """

    def __init__(
        self,
        room: Room,
        key_id: str,
        *,
        backend: MediaBackend,
        scribe: Scribe,
        clock: Callable[[], datetime],
        forget_sessions: Callable[[tuple[str, ...]], None],
        relays: Relays | None = None,
        recordings: RecordingStore | None = None,
        box: BallotBox | None = None,
        minutes: MinutesScribe | None = None,
        text: RoomText | None = None,
    ) -> None:
        """Make the driver of a room that has had no event yet.

        Args:
            room: the meeting.
            key_id: of the API key that made it.
            backend: starts its media.
            scribe: writes its journal.
            clock: UTC now.
            forget_sessions: called with hashes of sessions that are over.
            relays: of this host, if it has any.
            recordings: of this host, if it keeps any.
            box: for secret ballots; without one there are none.
            minutes: keeps what is written together.
            text: the room's document.
        """
        self.room = room
        self.key_id = key_id
        self._scribe = scribe
        self._clock = clock
        self._forget_sessions = forget_sessions
        self._relays = relays
        self._minutes = minutes
        self.text = text
        self._box = box
        self._memory = room.memory()
        self._peers: dict[str, Peer] = {}
        self._timers = Timers(clock, self._fire)
        self._over = asyncio.Event()
        self._group: asyncio.TaskGroup | None = None
        self._media = Mediation(
            room.id,
            backend,
            self._spawn,
            ready=lambda: self._post(events.MediaReady(at=clock())),
            lost=lambda: self._post(events.MediaLost(at=clock())),
            reported=self._media_reported,
            accepted=self._media_accepted,
            refused=self._media_refused,
        )
        self._taping = Taping(room.id, recordings, self._media, self._spawn, self._media_reported)

    async def run(self, started: asyncio.Event, alive_until: datetime | None) -> None:
        """Drive the room until `stop`; `started` is set once events are taken."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            self._post(events.RoomLoaded(at=self._clock(), alive_until=alive_until))
            started.set()
            await self._over.wait()
        self._group = None
        await self._media.finish()

    def stop(self) -> None:
        """Close every socket and end, in good order."""
        self._post(events.HostStopping(at=self._clock()))
        self._timers.cancel_all()
        self._over.set()

    async def statistics(self) -> RoomStatistics | None:
        """Return the counters of the room's media server, or None while there is none."""
        return await self._media.statistics()

    # --- events -------------------------------------------------------------------------------

    def open_session(self, session: str, invitation: str, name: str) -> None:
        """Take a session that Join opened, or that outlived the host before."""
        at = self._clock()
        self._post(events.SessionOpened(at=at, session=session, invitation=invitation, name=name))

    def connect(self, peer: Peer, session: str) -> None:
        """Take a socket that said Hello with a valid session."""
        self._peers[peer.name] = peer
        self._post(events.Connected(at=self._clock(), peer=peer.name, session=session))

    def attach_console(self, peer: Peer, seat: str) -> None:
        """Take a console of the desktop. seat: invitation of the person at it."""
        self._peers[peer.name] = peer
        self._post(events.ConsoleAttached(at=self._clock(), peer=peer.name, seat=seat))

    def receive(self, peer: Peer, message: ClientMessage) -> None:
        """Take a message of a socket."""
        at = self._clock()
        self._post(events.MessageReceived(at=at, peer=peer.name, message=message))

    def disconnect(self, peer: Peer) -> None:
        """Take note that a socket is gone."""
        if self._peers.pop(peer.name, None) is not None:
            self._post(events.Disconnected(at=self._clock(), peer=peer.name))

    def take_file(self, session: str, file: SharedFile, sha256: str) -> None:
        """Take a file that somebody put into the chat, and that is on the disk."""
        at = self._clock()
        self._post(events.FileTaken(at=at, session=session, file=file, sha256=sha256))

    def note_kept(self, numbers: dict[str, int]) -> None:
        """Take note that changes of the minutes are on the disk."""
        self._post(events.MinutesKept(at=self._clock(), numbers=numbers))

    def note_unkept(self) -> None:
        """Take note that changes of the minutes could not be written."""
        self._post(events.MinutesUnkept(at=self._clock()))

    def change(self, snapshot: RoomSnapshot) -> None:
        """Take a changed plan."""
        self._post(events.SnapshotChanged(at=self._clock(), snapshot=snapshot))

    def withdraw(self, *, moved: bool = False) -> None:
        """Throw everybody out: the desktop deleted the room, or another host has it."""
        self._post(events.RoomWithdrawn(at=self._clock(), moved=moved))

    def _fire(self, timer: Timer) -> None:
        self._post(events.TimerFired(at=self._clock(), timer=timer))

    def _media_reported(self, event: Event) -> None:
        self._post(events.MediaReported(at=self._clock(), event=event))

    def _media_accepted(self, peer: str, sdp: str) -> None:
        self._post(events.PublishAccepted(at=self._clock(), peer=peer, sdp=sdp))

    def _media_refused(self, peer: str, request: str, error: MediaError) -> None:
        self._post(
            events.MediaRefused(
                at=self._clock(), peer=peer, request=request, code=error.code, text=error.text
            )
        )

    def _post(self, event: events.RoomEvent) -> None:
        out = self.room.handle(event)
        self._write(out)
        for command in out:
            self._carry_out(command)

    # --- commands -----------------------------------------------------------------------------

    def _write(self, out: list[commands.RoomCommand]) -> None:
        """Hand what the event recorded to the scribe, with the memory after it."""
        facts = tuple((c.at, c.fact) for c in out if isinstance(c, commands.Record))
        over = tuple(c.session for c in out if isinstance(c, commands.ForgetSession))
        memory: RoomMemory = self.room.memory() if out else self._memory
        if over:
            self._forget_sessions(over)
        if facts or over or memory != self._memory:
            self._memory = memory
            text = msgspec.json.encode(memory).decode()
            self._scribe.take(RoomStep(self.room.id, self.key_id, facts, text, over))

    def _carry_out(self, command: commands.RoomCommand) -> None:
        match command:
            case commands.Send(peers=names, message=message):
                text = codec.encode(message).decode()
                for name in names:
                    if (peer := self._peers.get(name)) is not None:
                        peer.send(text)
            case commands.ClosePeer(peer=name):
                if (peer := self._peers.get(name)) is not None:
                    peer.close()
            case commands.StartTimer(timer=timer, due=due):
                self._timers.start(timer, due)
            case commands.CancelTimer(timer=timer):
                self._timers.cancel(timer)
            case commands.GiveRelays(peer=name, participant=participant, until=until):
                if self._relays is not None:
                    given = self._relays.passes(self.room.id, participant, until)
                    self._carry_out(commands.Send((name,), given))
            case commands.StartRecording() | commands.PauseRecording() | commands.StopRecording():
                self._taping.carry(command)
            case commands.DropBallot() | commands.ReadTurnout() | commands.CountBallots():
                if self._box is not None:
                    self._spawn(self._box.carry_out(self.room.id, command, self._post))
            case commands.KeepUpdate() | commands.KeepAuthor() | commands.NameDocument():
                self._keep_minutes(command)
            case commands.OpenMedia():
                self._media.open()
            case commands.CloseMedia():
                self._media.close()
            case commands.Record() | commands.ForgetSession():
                pass  # written by `_write`
            case (
                commands.PublishLeg()
                | commands.SubscribeLeg()
                | commands.AnswerLeg()
                | commands.WantFeeds()
                | commands.HearVoices()
                | commands.SetCircles()
                | commands.CloseLegs()
                | commands.HoldFeed()
            ):
                self._media.ask(command)
            case _:
                assert_never(command)

    def _keep_minutes(
        self, command: commands.KeepUpdate | commands.KeepAuthor | commands.NameDocument
    ) -> None:
        if self._minutes is None:
            return
        room = self.room.id
        match command:
            case commands.KeepUpdate(document=document, update=update, peer=peer, n=n):
                self._minutes.take(Changed(room, document, update), peer, n)
            case commands.KeepAuthor(document=document, author=author):
                self._minutes.take(Signed(room, document, author))
            case commands.NameDocument(document=document, anew=anew):
                self._minutes.take(Named(room, document, anew))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run media work in the room's task group; a bug in it is logged and ends nothing else."""
        if self._group is None:
            work.close()
            return
        self._group.create_task(self._guarded(work))

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:
            _log.exception("room %s: a request to the media failed", self.room.id)
