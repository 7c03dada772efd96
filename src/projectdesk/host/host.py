"""The host: its rooms, its sessions, and what desktops and guests may do with them."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

import msgspec

from projectdesk.errors import (
    Conflict,
    DomainError,
    EnvironmentFailure,
    NotFound,
    ProjectDeskError,
)
from projectdesk.host.ballots import BallotBox
from projectdesk.host.check.trials import Trials
from projectdesk.host.driver import RoomDriver
from projectdesk.host.files import FileStore
from projectdesk.host.journal import entries, mails, rooms
from projectdesk.host.journal.erasure import erase
from projectdesk.host.journal.keys import digest
from projectdesk.host.journal.nodes import Node, Taken
from projectdesk.host.journal.rooms import StoredRoom, StoredSession
from projectdesk.host.journal.worker import JournalThread
from projectdesk.host.meters import Meters
from projectdesk.host.nodes import Nodes
from projectdesk.host.posting import Post
from projectdesk.host.recordings import RecordingStore
from projectdesk.host.scribe import Scribe
from projectdesk.host.settings import HostSettings
from projectdesk.host.writing import MinutesScribe, load_text
from projectdesk.media.port import MediaBackend
from projectdesk.room.entrance import UNKNOWN_LINK, Refusal, find_link
from projectdesk.room.memory import RoomMemory
from projectdesk.room.names import clean_name
from projectdesk.room.room import Room
from projectdesk.signalling import VERSION, call
from projectdesk.signalling.control import HostFacts, Invitee, RoomFacts, RoomSnapshot

_log = logging.getLogger(__name__)

_ALIVE_EVERY_S = 5.0
_ALIVE_EVERY_IDLE_S = 60.0
_ERASE_EVERY_S = 24 * 3600.0


@dataclass(frozen=True)
class Joined:
    """The secrets of a new session: for the cookie, and for this tab."""

    session: str
    resume: str


class Host:
    """Everything that outlives a request. Use `start`, then `run` in a task, then `stop`."""

    def __init__(
        self,
        settings: HostSettings,
        journal: JournalThread,
        backend: MediaBackend,
        clock: Callable[[], datetime],
    ) -> None:
        self.settings = settings
        self.journal = journal
        self.clock = clock
        node = settings.node
        self.nodes = Nodes(node, journal, clock, self._arrive) if node is not None else None
        self._node = node.name if node is not None else None
        self.scribe = Scribe(journal, clock, self._node, self._lose)
        self.minutes = MinutesScribe(journal, self._minutes_kept, self._minutes_unkept)
        self.box = BallotBox(journal, self.scribe, clock)
        self.stopping = asyncio.Event()
        self.meters = Meters()
        self.recordings = (
            RecordingStore(settings.recordings, clock) if settings.recordings is not None else None
        )
        self.files = FileStore(settings.files) if settings.files is not None else None
        post = settings.post
        self.post = Post(post, journal, clock, self._node) if post is not None else None
        self._backend = backend
        self.trials = Trials(backend)
        self._rooms: dict[str, RoomDriver] = {}
        self._sessions: dict[str, StoredSession] = {}
        self._identity: entries.Identity | None = None
        self._making = asyncio.Lock()
        self._group: asyncio.TaskGroup | None = None
        self._used_at = asyncio.get_running_loop().time()

    # --- life ---------------------------------------------------------------------------------

    async def run(self, started: asyncio.Event, *, restored: bool = False) -> None:
        """Run until `stop` is asked; `started` is set once rooms are there.

        Args:
            started: set when requests can be answered.
            restored: the database was put back from a backup.
        """
        alive = await self.journal.run(
            entries.start, self.clock(), restored=restored, alone=self.nodes is None
        )
        if self.nodes is not None:
            alive = await self.nodes.begin()
        self._identity = await self.journal.run(entries.identity)
        async with asyncio.TaskGroup() as group:
            self._group = group
            writing = group.create_task(self.scribe.run())
            noting = group.create_task(self.minutes.run())
            keeping = group.create_task(self._keep())
            await self.box.sweep()
            await self.journal.run(mails.settle_abandoned, self.clock(), self._node)
            await self._load(alive)
            if self.post is not None:
                group.create_task(self.post.run())
            merging = group.create_task(self.recordings.run()) if self.recordings else None
            started.set()
            await self.stopping.wait()
            keeping.cancel()
            if merging is not None:
                merging.cancel()  # the next host goes on with it
            for driver in self._rooms.values():
                driver.stop()
            if self.post is not None:
                await self.post.finish()
            try:
                await self.scribe.flush()
                await self.minutes.flush()
            except EnvironmentFailure as error:
                _log.critical("the host ends with steps that are not written: %s", error)
            writing.cancel()
            noting.cancel()
        self._group = None
        await self._backend.close()
        with contextlib.suppress(EnvironmentFailure):  # said above if it matters
            await self.journal.run(entries.note_alive, self.clock())
            if self.nodes is not None:
                await self.nodes.end()

    def stop(self) -> None:
        """Ask the host to end in good order."""
        self.stopping.set()

    def drivers(self) -> list[RoomDriver]:
        """Return the rooms that are here."""
        return list(self._rooms.values())

    def touch(self) -> None:
        """Note that somebody uses the host."""
        self._used_at = asyncio.get_running_loop().time()

    def idle_seconds(self) -> float:
        """Return for how long nobody has used the host; 0 while anybody is in a room."""
        if any(driver.room.is_live() for driver in self._rooms.values()):
            return 0.0
        return asyncio.get_running_loop().time() - self._used_at

    async def _load(self, alive_until: datetime | None) -> None:
        for stored in await self.journal.run(rooms.load_all, self._node):
            memory = msgspec.json.decode(stored.memory, type=RoomMemory)
            await self._drive(stored, memory, alive_until)
        for session in await self.journal.run(rooms.load_sessions):
            self._take_session(session)

    def _take_session(self, session: StoredSession) -> None:
        driver = self._rooms.get(session.room)
        if driver is not None:  # else another node's
            self._sessions[session.hash] = session
            driver.open_session(session.hash, session.invitation, session.name)

    async def _arrive(self, taken: Taken) -> None:
        """Go on with a room that another node had."""
        async with self._making:
            if taken.room.id in self._rooms:
                return
            _log.info("room %s is this node's from now on", taken.room.id)
            memory = msgspec.json.decode(taken.room.memory, type=RoomMemory)
            await self._drive(taken.room, memory, taken.alive_until)
            for session in taken.sessions:
                self._take_session(session)

    def _lose(self, room: str) -> None:
        """Let a room go that another node has by now; its people find it there."""
        driver = self._rooms.pop(room, None)
        if driver is not None:
            _log.warning("room %s is another node's by now", room)
            self._forget(tuple(h for h, s in self._sessions.items() if s.room == room))
            driver.stop()

    async def elsewhere(self, room: str) -> Node | None:
        """Return the other node that has a room; None when it is here, or there are no others.

        Raises:
            EnvironmentFailure: `room_moving`, `journal_unavailable`.
        """
        if self.nodes is None or room in self._rooms:
            return None
        return await self.nodes.elsewhere(room)

    async def _drive(
        self, stored: StoredRoom, memory: RoomMemory, alive_until: datetime | None
    ) -> RoomDriver:
        assert self._group is not None  # noqa: S101 - rooms are made while the host runs
        text = await load_text(self.journal, stored.id)
        driver = RoomDriver(
            Room(
                stored.id,
                stored.snapshot,
                memory,
                records=self._records,
                takes_sizes=self._backend.takes_sizes,
                video_codecs=self._backend.video_codecs,
                text=text,
            ),
            stored.key_id,
            backend=self._backend,
            scribe=self.scribe,
            clock=self.clock,
            forget_sessions=self._forget,
            relays=self.settings.relays,
            recordings=self.recordings,
            box=self.box,
            minutes=self.minutes,
            text=text,
        )
        started = asyncio.Event()
        self._rooms[stored.id] = driver
        self._group.create_task(_guarded(driver, started, alive_until), name=f"room {stored.id}")
        await started.wait()
        return driver

    def _minutes_kept(self, room: str, numbers: dict[str, int]) -> None:
        if (driver := self._rooms.get(room)) is not None:
            driver.note_kept(numbers)

    def _minutes_unkept(self, room: str) -> None:
        if (driver := self._rooms.get(room)) is not None:
            driver.note_unkept()

    def _forget(self, hashes: tuple[str, ...]) -> None:
        for hashed in hashes:
            self._sessions.pop(hashed, None)

    async def _keep(self) -> None:
        """Note that the host is alive, and erase what is old once a day."""
        loop = asyncio.get_running_loop()
        erase_at = loop.time()
        while True:
            try:
                await self.journal.run(entries.note_alive, self.clock())
                if self.nodes is not None:
                    await self.nodes.beat(self.scribe.flush)
                if loop.time() >= erase_at:
                    erase_at = loop.time() + _ERASE_EVERY_S
                    periods = await asyncio.to_thread(self.settings.periods.read)
                    gone = await self.journal.run(erase, self.clock(), self._node, periods.journal)
                    for room in gone:
                        if (driver := self._rooms.pop(room, None)) is not None:
                            driver.stop()
                        if self.files is not None:
                            await self.files.erase(room)
                    if self.recordings is not None:
                        self.recordings.kept = periods.recordings
                        await self.recordings.erase_old()
            except EnvironmentFailure as error:
                _log.error("the host cannot keep its journal: %s", error)
            live = any(driver.room.is_live() for driver in self._rooms.values())
            often = live or self.nodes is not None
            await asyncio.sleep(_ALIVE_EVERY_S if often else _ALIVE_EVERY_IDLE_S)

    # --- desktops -----------------------------------------------------------------------------

    def facts(self, mail_from: Sequence[str] = ()) -> HostFacts:
        """Return what a desktop needs to know of its host.

        mail_from: domains whose mail its key may hand over.
        """
        assert self._identity is not None  # noqa: S101 - read from the journal at the start
        return HostFacts(
            version=version("projectdesk"),
            protocol=VERSION,
            journal=self._identity.journal,
            epoch=self._identity.epoch,
            public_url=self.settings.public_url,
            local=self.settings.local,
            now=self.clock(),
            mail_from=list(mail_from) if self.post is not None else [],
        )

    def note_epoch(self, epoch: int) -> None:
        """Note the journal's epoch, which rises when a backup was put back."""
        assert self._identity is not None  # noqa: S101 - read from the journal at the start
        self._identity = entries.Identity(self._identity.journal, epoch)

    async def put_room(self, key_id: str, room: str, snapshot: RoomSnapshot) -> RoomFacts:
        """Make a room, or change its plan.

        Raises:
            Conflict: `room_taken`, another key made a room of this id.
        """
        async with self._making:
            driver = self._rooms.get(room)
            if driver is not None and driver.key_id != key_id:
                raise Conflict("room_taken", "This room's id is in use.")
            memory = RoomMemory()
            text = msgspec.json.encode(memory).decode()
            snapshot = self._as_allowed(snapshot)
            stored = StoredRoom(room, key_id, snapshot, text)
            await self.journal.run(rooms.put, stored, self.clock(), self._node)
            if driver is None:
                driver = await self._drive(stored, memory, None)
            else:
                driver.change(snapshot)
        return driver.room.facts()

    def _as_allowed(self, snapshot: RoomSnapshot) -> RoomSnapshot:
        """Return a plan whose files are no larger than this host takes them."""
        most = self.settings.max_file_megabytes if self.files is not None else 0
        size = min(snapshot.rules.file_megabytes, most)
        rules = msgspec.structs.replace(snapshot.rules, file_megabytes=size)
        return msgspec.structs.replace(snapshot, rules=rules)

    @property
    def _records(self) -> bool:
        return self.recordings is not None and self._backend.records

    def driver_of(self, key_id: str, room: str) -> RoomDriver | None:
        """Return a key's room, also one that was withdrawn; None if it has no such room."""
        driver = self._rooms.get(room)
        return driver if driver is not None and driver.key_id == key_id else None

    def room_of(self, key_id: str, room: str) -> RoomDriver:
        """Return a key's room.

        Raises:
            NotFound: `room_unknown`, there is none, or it is another's, or it was withdrawn.
        """
        driver = self._rooms.get(room)
        if driver is None or driver.key_id != key_id or driver.room.is_withdrawn():
            raise NotFound("room_unknown", "The host has no such room.")
        return driver

    # --- guests -------------------------------------------------------------------------------

    def open_link(self, room: str, token: str) -> tuple[RoomDriver, Invitee]:
        """Return the room and the invitee of a link.

        An unknown room and a wrong token take the same time and give the same answer.

        Raises:
            NotFound: `unknown_link`.
            DomainError: `link_revoked`, `room_withdrawn`.
        """
        hashed = digest(token)
        driver = self._rooms.get(room)
        if driver is None:
            find_link(hashed, _NOBODY, ())
            raise NotFound(UNKNOWN_LINK.code, UNKNOWN_LINK.text)
        found = driver.room.find_link(hashed)
        if isinstance(found, Refusal):
            kind = NotFound if found == UNKNOWN_LINK else DomainError
            raise kind(found.code, found.text)
        return driver, found

    def look(self, room: str, token: str) -> call.Look:
        """Return what the page shows before the call; errors as of `open_link`."""
        driver, invitee = self.open_link(room, token)
        return driver.room.look(invitee, self.clock())

    async def join(self, room: str, request: call.JoinRequest) -> Joined:
        """Open a session.

        Raises:
            NotFound, DomainError: as of `open_link`, or `Room.refusal_to_join` refuses.
        """
        driver, invitee = self.open_link(room, request.token)
        refusal = driver.room.refusal_to_join(invitee, self.clock(), move=request.move)
        if refusal is not None:
            raise DomainError(refusal.code, refusal.text)
        joined = Joined(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
        session = StoredSession(
            hash=digest(joined.session),
            room=room,
            invitation=invitee.id,
            name=clean_name(request.name) or invitee.name,
            resume_hash=digest(joined.resume),
            opened_at=self.clock(),
        )
        await self.journal.run(rooms.open_session, session)
        try:
            self.open_link(room, request.token)
        except ProjectDeskError:  # replaced while the session was written
            await self.journal.run(rooms.forget_sessions, (session.hash,))
            raise
        self._sessions[session.hash] = session
        driver.open_session(session.hash, session.invitation, session.name)
        return joined

    def resume(self, room: str, secret: str, resume: str) -> tuple[RoomDriver, StoredSession]:
        """Return the room and the session of a cookie and a tab's own secret.

        Raises:
            DomainError: `session_over`, there is no such session (any more).
        """
        session = self._sessions.get(digest(secret))
        known = session.resume_hash if session is not None else "0" * 64
        proven = hmac.compare_digest(known, digest(resume))
        if session is None or session.room != room or not proven:
            raise DomainError("session_over", "This visit is over. Please join again.")
        return self._rooms[room], session

    def visit(self, room: str, secret: str) -> tuple[RoomDriver, str]:
        """Return the room and the session's hash of a cookie, for what is asked beside the socket.

        Raises:
            DomainError: `session_over`, there is no such session (any more).
        """
        session = self._sessions.get(digest(secret))
        if session is None or session.room != room or room not in self._rooms:
            raise DomainError("session_over", "This visit is over. Please join again.")
        return self._rooms[room], session.hash


async def _guarded(
    driver: RoomDriver, started: asyncio.Event, alive_until: datetime | None
) -> None:
    """Run a room; a bug in it is logged whole and ends no other room."""
    try:
        await driver.run(started, alive_until)
    except Exception:
        _log.exception("room %s ended by a mistake", driver.room.id)
    finally:
        started.set()


_NOBODY = [
    Invitee(
        id="",
        name="",
        organisation="",
        country="",
        role="observer",
        zone="UTC",
        token_hash=f"{number:064x}",
    )
    for number in range(12)
]
"""Links that an unknown room is compared with."""
