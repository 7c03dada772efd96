"""Meetings on one host: what each needs is sent there, what happened there is collected.

The data is the desktop's (architecture 8): a room gets a snapshot, its journal comes back. Nothing
here is lost with the desktop: the next start collects from where the cursor stands.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from projectdesk.desktop.runtime.document_fetch import DocumentFetch
from projectdesk.desktop.runtime.handed_out import (
    HandedOut,
    keep_handed_out,
    read_handed_out,
)
from projectdesk.desktop.runtime.host_client import HostAddress, HostClient
from projectdesk.desktop.runtime.host_process import read_record
from projectdesk.desktop.runtime.meeting_parts import MeetingParts, read_parts, unfinished
from projectdesk.desktop.runtime.minutes_fetch import fetch_minutes, written_rooms
from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import NotFound, ProjectDeskError
from projectdesk.services.rows import Changes, Kind
from projectdesk.signalling.control import (
    Acknowledge,
    HostFacts,
    RoomFacts,
)
from projectdesk.signalling.journal import JournalBatch

if TYPE_CHECKING:
    from projectdesk.services.recordings import HostAccess

_log = logging.getLogger(__name__)
_LIVE_MS = 2_000
_QUIET_MS = 30_000
_BATCH = 500
_RESEND_MS = 300
_UNKNOWN = {"desk_unknown", "room_unknown"}
_MATTERS = {
    Kind.MEETING,
    Kind.AGENDA_ITEM,
    Kind.INVITATION,
    Kind.PERSON,
    Kind.PARTNER,
    Kind.PROJECT,
    Kind.BODY,
    Kind.BODY_MEMBER,
    Kind.COMPANION,
    Kind.PROXY,
}
Failed = Callable[[ProjectDeskError], None]


@dataclass(frozen=True)
class Published:
    """A meeting as it is on the host. own_link: the link of the person at this desktop, or "".

    seat: id of that person's invitation as the host has it, or "".
    """

    meeting_id: UUID
    room: str
    address: HostAddress
    own_link: str
    links: tuple[tuple[UUID, str], ...]
    seat: str = ""


class Place(Protocol):
    """Finds or starts a host: `LocalHost`, `RemoteHost`, `LanHost`.

    folder: where this computer keeps what it gave the host. always: the host runs by itself.
    """

    folder: Path
    always: bool

    @property
    def started(self) -> SignalInstance:
        """Say the address, each time the host was found or started."""

    def ensure(self, then: Callable[[HostAddress], None], failed: Failed) -> None:
        """Call `then` with the address of a host that answers."""

    def stop(self) -> None:
        """Answer nobody any more; the host goes on."""


class Hosting(QObject):
    """Sends meetings to one host (this computer's, a server) and collects its journal.

    collected: the Changes of each batch that held anything. trouble: an error that a person should
    see, once until the host is heard again (all is tried again by itself). moved: a meeting
    (Published) whose host is at another address than before. heard: whether the host answers,
    when that changes.
    """

    collected = Signal(object)
    trouble = Signal(object)
    moved = Signal(object)
    heard = Signal(bool)

    def __init__(
        self, host: Place, session: Session, parent: QObject | None = None, name: str = ""
    ) -> None:
        """Make it.

        Args:
            host: finds or starts the host.
            session: the open data.
            parent: owner.
            name: which meetings are held there, by `Meeting.host`.
        """
        super().__init__(parent)
        self._name = name
        self._unsent: set[UUID] = set()
        self._awaited: set[UUID] = set()
        self._troubled = False
        self.is_heard: bool | None = None
        self._host = host
        self._session = session
        self._client: HostClient | None = None
        self._published: dict[UUID, HandedOut] = {}
        self._live = 0
        self._collecting = False
        self._again = False
        self._stopped = False
        self._documents = DocumentFetch(session, self)
        self._timer = QTimer(self, interval=_QUIET_MS)
        self._timer.timeout.connect(self.collect)
        self._resend = QTimer(self, singleShot=True, interval=_RESEND_MS)
        self._resend.timeout.connect(lambda: self._send_published())
        self._unsubscribe = session.subscribe(self._on_changes)
        host.started.connect(self._on_started)

    @property
    def client(self) -> HostClient | None:
        """What asks the host, or None while there is none."""
        return self._client

    def stop(self) -> None:
        """Stop sending and collecting; the host goes on."""
        self._stopped = True
        self._timer.stop()
        self._resend.stop()
        self._unsubscribe()
        self._host.stop()

    def live(self, begins: bool) -> None:
        """Count call windows: while one is open the journal is collected every 2 s."""
        self._live += 1 if begins else -1
        self._timer.setInterval(_LIVE_MS if self._live else _QUIET_MS)
        self.collect()

    def publish(self, meeting_id: UUID, then: Callable[[Published], None], failed: Failed) -> None:
        """Send a meeting's room and desks to the host; `then` gets its links."""

        def with_host(address: HostAddress) -> None:
            self._session.ask(
                lambda workspace: read_parts(workspace, meeting_id, address.public_url, self._name),
                lambda parts: self._send(meeting_id, parts, then, failed),
                failed,
            )

        self._host.ensure(with_host, failed)

    def arrive(self, meeting_id: UUID) -> None:
        """Send a meeting that was held elsewhere before; `moved` says when it is here."""
        self._awaited.add(meeting_id)
        self.publish(meeting_id, self._sent, partial(self._not_sent, meeting_id))

    def _sent(self, published: Published) -> None:
        if published.meeting_id in self._awaited:
            self._awaited.discard(published.meeting_id)
            self.moved.emit(published)

    def reach(self, room: str, then: Callable[[HostAccess], None], failed: Failed) -> None:
        """Find or start the host; `then` gets how it is asked about a room."""
        from projectdesk.services import recordings

        def found(address: HostAddress) -> None:
            place = self._client.located(room) if self._client is not None else address
            then(recordings.HostAccess(place.url, place.key, place.authority))

        self._host.ensure(found, failed)

    def ask_host(self, then: Callable[[HostClient], None], failed: Failed) -> None:
        """Find or start the host; `then` gets what asks it."""

        def found(_address: HostAddress) -> None:
            if self._client is not None and not self._stopped:
                then(self._client)

        self._host.ensure(found, failed)

    def adopt(self) -> None:
        """Collect from a host that is running already, and see to links that were handed out.

        They open as soon as the desktop does (adr/0070), and what was revoked is told to the host.
        """
        handed = read_handed_out(self._host.folder)
        self._session.ask(lambda workspace: unfinished(workspace, handed), self._adopt)

    def _adopt(self, handed: dict[UUID, HandedOut]) -> None:
        if self._stopped:
            return
        self._published = handed | self._published
        if self._client is not None:  # a meeting was started meanwhile
            self._send_published()
        elif self._host.always or handed or read_record(self._host.folder) is not None:
            self._host.ensure(lambda _address: None, self._not_there)

    def _not_there(self, error: ProjectDeskError) -> None:
        """Take note that there is no host; one that runs by itself is asked again."""
        _log.info("no host: %s", error.code)
        self._hear(False)
        if self._host.always and not self._stopped:
            self._timer.start()

    def handed_out(self) -> list[UUID]:
        """Return the meetings that the host has."""
        return [meeting for meeting, handed in self._published.items() if handed.room]

    def _on_started(self, address: HostAddress) -> None:
        """Ask at the address from now on; meetings that were elsewhere are sent there."""
        earlier = self._client
        if earlier is None or earlier.address != address:
            self._client = HostClient(address, self)
            self._collecting = False  # what the client before it asked is dropped with it
        self._timer.start()
        self.collect()
        if earlier is None:
            self._send_published()
        elif earlier is not self._client:
            earlier.deleteLater()
            self._send_published(self.moved.emit)

    # --- sending ----------------------------------------------------------------------------

    def _send(
        self,
        meeting_id: UUID,
        parts: MeetingParts,
        then: Callable[[Published], None],
        failed: Failed,
    ) -> None:
        client = self._client
        if client is None or self._stopped:
            return
        desks = list(parts.desks)
        before = self._published.get(meeting_id, HandedOut(""))
        handed = HandedOut(parts.room, tuple(sorted(desk for desk, _ in desks)))
        # Remembered before it is sent: half of it may arrive.
        known = HandedOut(parts.room, tuple(sorted({*handed.desks, *before.desks})))
        self._remember(meeting_id, known)

        def next_desk(_: object = None) -> None:
            if desks:
                desk, snapshot = desks.pop()
                path = f"/api/v1/desks/{desk}"
                client.ask("PUT", path, type(None), next_desk, failed, snapshot)
                return
            gone = [f"desks/{desk}" for desk in known.desks if desk not in handed.desks]
            self._withdraw(client, gone, lambda: self._remember(meeting_id, handed), failed)
            self._unsent.discard(meeting_id)
            then(
                Published(
                    meeting_id,
                    parts.room,
                    client.located(parts.room),
                    parts.own_link,
                    parts.links,
                    parts.seat,
                )
            )

        path = f"/api/v1/rooms/{parts.room}"
        client.ask("PUT", path, RoomFacts, next_desk, failed, parts.snapshot)

    def _withdraw(
        self, client: HostClient, gone: list[str], then: Callable[[], None], failed: Failed
    ) -> None:
        """Take rooms and desks back from the host; what it does not have is as good as gone."""
        if not gone:
            then()
            return
        path, rest = gone[0], gone[1:]

        def on(_: object = None) -> None:
            self._withdraw(client, rest, then, failed)

        def refused(error: ProjectDeskError) -> None:
            if error.code in _UNKNOWN:
                on()
            else:
                failed(error)

        client.ask("DELETE", f"/api/v1/{path}", type(None), on, refused)

    def _remember(self, meeting_id: UUID, handed: HandedOut) -> None:
        if self._published.get(meeting_id) != handed:
            self._published[meeting_id] = handed
            folder = self._host.folder
            keep_handed_out(folder, read_handed_out(folder) | self._published)

    def _not_sent(self, meeting_id: UUID, error: ProjectDeskError) -> None:
        """Withdraw a meeting that was deleted or is held elsewhere; an undo sends it again.

        What could not be sent is sent when the host is heard again.
        """
        client, handed = self._client, self._published.get(meeting_id)
        if not isinstance(error, NotFound):
            self._unsent.add(meeting_id)
            self._tell(error)
        elif client is not None and handed is not None and handed.room:
            moved = "?moved=true" if error.code == "meeting_elsewhere" else ""
            gone = [f"rooms/{handed.room}{moved}", *(f"desks/{desk}" for desk in handed.desks)]
            self._withdraw(
                client,
                gone,
                lambda: self._remember(meeting_id, HandedOut("")),
                self.trouble.emit,
            )

    def _on_changes(self, changes: Changes) -> None:
        """Send published meetings again when what their rooms show was edited."""
        if self._published and changes.kinds & _MATTERS:
            self._resend.start()

    def _send_published(self, then: Callable[[Published], None] = lambda _published: None) -> None:
        for meeting_id in list(self._published):
            self.publish(meeting_id, then, partial(self._not_sent, meeting_id))

    # --- collecting -------------------------------------------------------------------------

    def collect(self) -> None:
        """Fetch what happened since the cursor and write it into the database."""
        if self._stopped:
            return
        if self._client is None:
            if self._host.always:
                self._host.ensure(lambda _address: None, self._not_there)
            return
        if self._collecting:
            self._again = True
            return
        self._collecting, self._again = True, False
        self._client.ask("GET", "/api/v1/host", HostFacts, self._with_facts, self._collect_failed)

    def _with_facts(self, facts: HostFacts) -> None:
        from projectdesk.services import commands

        self._hear(True)
        self._session.ask(
            lambda workspace: commands.journal_position(workspace, facts.journal),
            lambda position: self._fetch(facts, position),
            self._collect_failed,
        )

    def _fetch(self, facts: HostFacts, position: tuple[int, int]) -> None:
        epoch, seq = position
        after = seq if epoch == facts.epoch else 0
        if self._client is None or self._stopped:
            return
        path = f"/api/v1/journal?after={after}&limit={_BATCH}"
        self._client.ask("GET", path, JournalBatch, self._apply, self._collect_failed)

    def _apply(self, batch: JournalBatch) -> None:
        rooms = written_rooms(batch.entries)
        if self._client is not None and not self._stopped:
            fetch_minutes(
                self._session,
                self._client,
                rooms,
                lambda: self._write_batch(batch),
                self._collect_failed,
            )

    def _write_batch(self, batch: JournalBatch) -> None:
        from projectdesk.services import commands

        # Also without entries: that nothing happened until now decides what a deadline left open.
        self._session.ask(
            lambda workspace: commands.collect(workspace, batch),
            lambda changes: self._acknowledge(batch, changes),
            self._collect_failed,
        )

    def _acknowledge(self, batch: JournalBatch, changes: Changes) -> None:
        if self._client is None or self._stopped:
            return
        if not batch.entries:
            self._finish_collecting()
            return
        self.collected.emit(changes)
        last = batch.entries[-1].seq
        self._again = self._again or last < batch.last
        done = Acknowledge(journal=batch.journal, epoch=batch.epoch, seq=last)
        self._client.ask(
            "POST",
            "/api/v1/journal/acknowledge",
            type(None),
            lambda _: self._finish_collecting(),
            self._collect_failed,
            done,
        )

    def _finish_collecting(self) -> None:
        self._collecting = False
        if self._again:
            self.collect()
        elif self._client is not None and not self._stopped:
            self._documents.fetch(self._client)

    def _collect_failed(self, error: ProjectDeskError) -> None:
        """Try again by itself; during a call see to it that there is a host.

        The call window says that the host is not heard; it is trouble when none can be started.
        """
        self._collecting = False
        if self._stopped:
            return
        _log.warning("journal not collected: %s", error.code)
        if error.code == "host_unreachable":
            self._hear(False)
        if self._live:
            self._host.ensure(lambda _address: None, self._tell)

    def _tell(self, error: ProjectDeskError) -> None:
        """Say that the host does not answer, once until it does."""
        if not self._troubled:
            self._troubled = True
            self.trouble.emit(error)

    def _hear(self, heard: bool) -> None:
        """Take note of whether the host answers; what waited for it is sent."""
        if heard:
            self._troubled = False
            for meeting_id in list(self._unsent):
                self._unsent.discard(meeting_id)
                self.publish(meeting_id, self._sent, partial(self._not_sent, meeting_id))
        if heard != self.is_heard:
            self.is_heard = heard
            self.heard.emit(heard)
