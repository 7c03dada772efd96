"""Every place where meetings are held, each with its own `Hosting`; a meeting says which is its.

A meeting that is moved to another place (`Meeting.host`) is sent there and taken back from where it
was: links that were sent before say that it moved.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from projectdesk.desktop.runtime.handed_out import read_handed_out
from projectdesk.desktop.runtime.host_process import lan_folder
from projectdesk.desktop.runtime.hosting import Failed, Hosting, Published
from projectdesk.desktop.runtime.session import Session
from projectdesk.services.rows import Changes, Kind

if TYPE_CHECKING:
    from projectdesk.services.recordings import HostAccess
    from projectdesk.services.workspace import Workspace


class MakesHosting(Protocol):
    """Makes the hosting of a place, by `Meeting.host`."""

    def __call__(self, host: str, parent: QObject) -> Hosting:
        """Return it; `parent` owns it."""


class Hosts(QObject):
    """Sends each meeting to where it is held, and collects from everywhere.

    collected, trouble, moved: of any place, as of `Hosting`. heard: a place (`Meeting.host`) and
    whether it answers, whenever that changes.
    """

    collected = Signal(object)
    trouble = Signal(object)
    moved = Signal(object)
    heard = Signal(str, bool)

    def __init__(self, make: MakesHosting, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make = make
        self._session = session
        self._places: dict[str, Hosting] = {}
        self._of_meeting: dict[UUID, str] = {}
        self._stopped = False
        self._unsubscribe = session.subscribe(self._on_changes)

    def at(self, host: str) -> Hosting:
        """Return the hosting of a place, made when first needed."""
        if host not in self._places:
            made = self._make(host, self)
            made.collected.connect(self.collected)
            made.trouble.connect(self.trouble)
            made.moved.connect(self.moved)
            made.heard.connect(lambda heard: self.heard.emit(host, heard))
            self._places[host] = made
        return self._places[host]

    def is_heard(self, host: str) -> bool | None:
        """Return whether a place answered last; None while it was not asked."""
        place = self._places.get(host)
        return None if place is None else place.is_heard

    def stop(self) -> None:
        """Stop sending and collecting; the hosts go on."""
        self._stopped = True
        self._unsubscribe()
        for place in self._places.values():
            place.stop()

    def adopt(self) -> None:
        """Collect from every place that is known, and see to links that were handed out."""
        self.at("").adopt()
        self._session.ask(_known_places, self._adopt)

    def _adopt(self, hosts: tuple[str, ...]) -> None:
        for host in hosts:
            if not self._stopped and host not in self._places:
                self.at(host).adopt()

    def forget(self, host: str) -> None:
        """Ask a place no more."""
        place = self._places.pop(host, None)
        if place is not None:
            place.stop()
            place.deleteLater()

    def renew(self, host: str) -> None:
        """Ask a server anew, with the key that is known for it by now, or no more without one."""
        self.forget(host)
        self._session.ask(_known_places, self._adopt)

    def publish(self, meeting_id: UUID, then: Callable[[Published], None], failed: Failed) -> None:
        """Send a meeting's room and desks to where it is held; `then` gets its links."""
        if self._stopped:
            return

        def with_host(host: str) -> None:
            self._of_meeting[meeting_id] = host
            self.at(host).publish(meeting_id, then, failed)

        self._session.ask(lambda workspace: _host_of(workspace, meeting_id), with_host, failed)

    def reach(
        self, meeting_id: UUID, then: Callable[[str, HostAccess], None], failed: Failed
    ) -> None:
        """Find the host where a meeting is held; `then` gets its room and how the host is asked."""
        if self._stopped:
            return

        def found(known: tuple[str, str]) -> None:
            host, room = known
            self.at(host).reach(room, lambda access: then(room, access), failed)

        self._session.ask(lambda workspace: _room_of(workspace, meeting_id), found, failed)

    def collect(self) -> None:
        """Fetch what happened, everywhere."""
        for place in self._places.values():
            place.collect()

    def live(self, begins: bool, meeting_id: UUID) -> None:
        """Count the call windows of a meeting: its place is asked more often meanwhile."""
        self.at(self._of_meeting.get(meeting_id, "")).live(begins)

    def _on_changes(self, changes: Changes) -> None:
        if Kind.MEETING not in changes.kinds or self._stopped:
            return
        handed = {
            meeting: host for host, place in self._places.items() for meeting in place.handed_out()
        }
        if handed:
            self._session.ask(lambda workspace: _hosts_of(workspace, handed), self._send_moved)

    def _send_moved(self, moved: dict[UUID, str]) -> None:
        """Send meetings to where they are held by now; where they were takes them back itself."""
        for meeting, host in moved.items():
            self._of_meeting[meeting] = host
            self.at(host).arrive(meeting)


def _known_places(workspace: Workspace) -> tuple[str, ...]:
    """Return the places to collect from: servers with a key, the network where it has meetings."""
    from projectdesk.services.meeting_hosts import LAN, meeting_hosts

    servers = [server.url for server in meeting_hosts(workspace).servers if server.has_key]
    in_network = bool(read_handed_out(lan_folder(workspace.data)))
    return (*servers, LAN) if in_network else tuple(servers)


def _host_of(workspace: Workspace, meeting_id: UUID) -> str:
    from projectdesk.services import queries

    return queries.meeting(workspace, meeting_id).host


def _room_of(workspace: Workspace, meeting_id: UUID) -> tuple[str, str]:
    from projectdesk.services import queries

    row = queries.meeting(workspace, meeting_id)
    return row.host, row.room


def _hosts_of(workspace: Workspace, handed: dict[UUID, str]) -> dict[UUID, str]:
    """Return where those meetings are held now that were sent somewhere else."""
    from projectdesk.services import queries

    now = {row.id: row.host for row in queries.meetings(workspace)}
    return {
        meeting: now[meeting]
        for meeting, host in handed.items()
        if meeting in now and now[meeting] != host
    }
