"""Desks that belong to no room, each on the host where its links lead: of statements, of polls.

What changes in a record that has desks is sent again by itself; what is gone is taken back, also
when the desktop was closed meanwhile: what a host has is kept in a file.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar
from uuid import UUID

import msgspec
from PySide6.QtCore import QObject, QTimer

from projectdesk.desktop.runtime.hosts import Hosts
from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import NotFound, ProjectDeskError
from projectdesk.folders import write_whole
from projectdesk.services.rows import Changes, Kind
from projectdesk.signalling.control import HostFacts
from projectdesk.signalling.desk import DeskFileFacts

if TYPE_CHECKING:
    from projectdesk.desktop.runtime.host_client import HostClient
    from projectdesk.services.desk_sets import DeskFile, DeskSet
    from projectdesk.services.workspace import Workspace
    from projectdesk.signalling.desk import DeskSnapshot

_log = logging.getLogger(__name__)
_RESEND_MS = 300
_UNKNOWN = "desk_unknown"
_NO_FILE = "desk_file_unknown"
LinkT = TypeVar("LinkT")
Failed = Callable[[ProjectDeskError], None]


@dataclass(frozen=True)
class DeskOwners(Generic[LinkT]):
    """The records that have such desks.

    file: in the data folder, what hosts have. matters: kinds of record that forms are made of. The
    functions run on the database's thread. waiting: which records a host has to be told of, given
    those it knows. desks: of a record. links: of a record, given the host's public address and
    journal, in which its answers come.
    """

    file: str
    matters: frozenset[Kind]
    waiting: Callable[[Workspace, frozenset[UUID]], list[UUID]]
    desks: Callable[[Workspace, UUID], DeskSet]
    links: Callable[[Workspace, UUID, str, str], tuple[LinkT, ...]]


class _AtHost(msgspec.Struct, frozen=True):
    """What a host has of one record: the ids of desks."""

    host: str
    desks: tuple[str, ...]


class OwnDesks(QObject, Generic[LinkT]):
    """Sends the desks of records to their hosts, and takes back what is gone."""

    def __init__(
        self,
        owners: DeskOwners[LinkT],
        hosts: Hosts,
        session: Session,
        data: Path,
        parent: QObject | None = None,
    ) -> None:
        """Make it.

        Args:
            owners: the records whose desks are sent.
            hosts: every place that desks can be at; they collect the answers.
            session: the open data.
            data: the data folder, for the file that says what hosts have.
            parent: owner.
        """
        super().__init__(parent)
        self._owners = owners
        self._hosts = hosts
        self._session = session
        self._file = data / owners.file
        self._known = _read(self._file)
        self._digests: dict[str, bytes] = {}
        self._sending: set[UUID] = set()
        self._waiting: dict[UUID, list[tuple[Callable[[tuple[LinkT, ...]], None], Failed]]] = {}
        self._unsent: dict[UUID, str] = {}
        self._stopped = False
        self._resend = QTimer(self, singleShot=True, interval=_RESEND_MS)
        self._resend.timeout.connect(self.adopt)
        self._unsubscribe = session.subscribe(self._on_changes)
        hosts.heard.connect(self._on_heard)

    def stop(self) -> None:
        """Send nothing more; the hosts go on."""
        self._stopped = True
        self._resend.stop()
        self._unsubscribe()

    def adopt(self) -> None:
        """Send every record whose links are still looked at, and take back what is gone."""
        known = frozenset(self._known)
        self._session.ask(lambda ws: self._due(ws, known), self._send_all, self._not_read)

    def publish(
        self, owner: UUID, then: Callable[[tuple[LinkT, ...]], None], failed: Failed
    ) -> None:
        """Send the desks of a record; `then` gets the links of who was asked."""
        if self._stopped:
            return
        if owner in self._sending:
            self._waiting.setdefault(owner, []).append((then, failed))
            return
        self._sending.add(owner)

        def failing(error: ProjectDeskError) -> None:
            self._finished(owner)
            failed(error)

        def sent(links: tuple[LinkT, ...]) -> None:
            self._finished(owner)
            then(links)

        self._session.ask(
            lambda workspace: self._owners.desks(workspace, owner),
            lambda desks: self._send(owner, desks, sent, failing),
            lambda error: self._gone(owner, error, failing),
        )

    # --- sending ----------------------------------------------------------------------------

    def _due(self, workspace: Workspace, known: frozenset[UUID]) -> list[UUID]:
        """Return what a host has to be told of; nothing while links would not last.

        On the database's thread. A new link key would end every link that was sent, before anybody
        asked for it.
        """
        from projectdesk.secrets import is_durable

        return self._owners.waiting(workspace, known) if is_durable(workspace.secrets) else []

    def _send_all(self, owners: Sequence[UUID]) -> None:
        for owner in owners:
            self.publish(owner, lambda _links: None, partial(self._not_sent, owner))

    def _send(
        self,
        owner: UUID,
        found: DeskSet,
        then: Callable[[tuple[LinkT, ...]], None],
        failed: Failed,
    ) -> None:
        known = self._known.get(owner, _AtHost(found.host, ()))
        if not found.desks and not known.desks:
            then(())
            return
        self._unsent[owner] = found.host
        if known.host != found.host:
            self._take_back(known, known.desks, lambda: None, _told(known.host))
            known = _AtHost(found.host, ())
        now = tuple(sorted(desk for desk, _ in found.desks))
        # Remembered before it is sent: half of it may arrive.
        self._remember(owner, _AtHost(found.host, tuple(sorted({*now, *known.desks}))))

        def with_client(client: HostClient) -> None:
            first = not known.desks
            self._bring(client, found.files, lambda: put(client), failed if first else None)

        def put(client: HostClient) -> None:
            self._put(client, list(found.desks), lambda: all_put(client), failed)

        def all_put(client: HostClient) -> None:
            gone = [desk for desk in known.desks if desk not in now]
            self._take_back(known, gone, lambda: settled(client), failed)

        def settled(client: HostClient) -> None:
            client.ask(
                "GET",
                "/api/v1/host",
                HostFacts,
                lambda facts: told(client.address.public_url, facts),
                failed,
            )

        def told(public_url: str, facts: HostFacts) -> None:
            self._remember(owner, _AtHost(found.host, now))
            self._unsent.pop(owner, None)
            self._session.ask(
                lambda ws: self._owners.links(ws, owner, public_url, facts.journal), then, failed
            )

        self._hosts.at(found.host).ask_host(with_client, failed)

    def _bring(
        self,
        client: HostClient,
        files: Sequence[DeskFile],
        then: Callable[[], None],
        failed: Failed | None,
    ) -> None:
        """Bring those files that this host does not have, one after the other.

        failed: None = one that it does not take keeps nothing else from it.
        """
        if self._stopped:
            return
        if not files:
            then()
            return
        file = files[0]
        path = f"/api/v1/desk-files/{file.sha256}"

        def there(_: object = None) -> None:
            self._bring(client, files[1:], then, failed)

        def without(error: ProjectDeskError) -> None:
            _log.warning("a file of desks is not brought: %s", error.code)
            self._bring(client, files[1:], then, failed)

        refused = without if failed is None else failed

        def missing(error: ProjectDeskError) -> None:
            if error.code == _NO_FILE:
                client.put_file(path, file.path, DeskFileFacts, there, refused)
            else:
                refused(error)

        client.ask("GET", path, DeskFileFacts, there, missing)

    def _put(
        self,
        client: HostClient,
        desks: list[tuple[str, DeskSnapshot]],
        then: Callable[[], None],
        failed: Failed,
    ) -> None:
        """Send those desks that are other than what this host has, one after the other."""
        if self._stopped:
            return
        if not desks:
            then()
            return
        desk, snapshot = desks[0]
        key = f"{client.address.url} {desk}"
        digest = hashlib.sha256(msgspec.json.encode(snapshot)).digest()

        def put(_: object = None) -> None:
            self._digests[key] = digest
            self._put(client, desks[1:], then, failed)

        if self._digests.get(key) == digest:
            put()
        else:
            client.ask("PUT", f"/api/v1/desks/{desk}", type(None), put, failed, snapshot)

    def _take_back(
        self, at: _AtHost, gone: Sequence[str], then: Callable[[], None], failed: Failed
    ) -> None:
        """Withdraw desks; what the host does not have is as good as gone."""
        if not gone:
            then()
            return

        def next_one(client: HostClient, left: Sequence[str]) -> None:
            if not left or self._stopped:
                then()
                return

            def on(_: object = None) -> None:
                self._digests.pop(f"{client.address.url} {left[0]}", None)
                next_one(client, left[1:])

            def refused(error: ProjectDeskError) -> None:
                if error.code == _UNKNOWN:
                    on()
                else:
                    failed(error)

            client.ask("DELETE", f"/api/v1/desks/{left[0]}", type(None), on, refused)

        self._hosts.at(at.host).ask_host(lambda client: next_one(client, gone), failed)

    def _gone(self, owner: UUID, error: ProjectDeskError, failed: Failed) -> None:
        """Take the desks of a record back that is not there any more; an undo sends them again."""
        known = self._known.get(owner)
        if not isinstance(error, NotFound) or known is None or not known.desks:
            failed(error)
            return

        def settled() -> None:
            self._remember(owner, None)
            self._unsent.pop(owner, None)
            failed(error)

        self._unsent[owner] = known.host
        self._take_back(known, known.desks, settled, failed)

    def _finished(self, owner: UUID) -> None:
        self._sending.discard(owner)
        for then, failed in self._waiting.pop(owner, ()):
            self.publish(owner, then, failed)

    def _not_sent(self, owner: UUID, error: ProjectDeskError) -> None:
        """Take note; it is sent when the host is heard, or at the next change."""
        _log.info("desks are not sent: %s", error.code)

    def _not_read(self, error: ProjectDeskError) -> None:
        _log.info("which records have desks is not known: %s", error.code)

    def _on_heard(self, host: str, heard: bool) -> None:
        if heard:
            self._digests.clear()  # it may be another one, or the same with another journal
        if heard and host in self._unsent.values():
            self._resend.start()

    def _on_changes(self, changes: Changes) -> None:
        if changes.kinds & self._owners.matters and not self._stopped:
            self._resend.start()

    def _remember(self, owner: UUID, at_host: _AtHost | None) -> None:
        if self._known.get(owner) == at_host:
            return
        if at_host is None or not at_host.desks:
            self._known.pop(owner, None)
        else:
            self._known[owner] = at_host
        _keep(self._file, self._known)


def _told(host: str) -> Failed:
    return lambda error: _log.info("desks stay at %s: %s", host or "this computer", error.code)


def _read(file: Path) -> dict[UUID, _AtHost]:
    """Return what hosts have; nothing where the file says nonsense."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[UUID, _AtHost])
    except (OSError, msgspec.MsgspecError):
        return {}


def _keep(file: Path, known: dict[UUID, _AtHost]) -> None:
    """Remember what hosts have. A folder that cannot be written costs the memory only."""
    try:
        write_whole(file, msgspec.json.encode(known))
    except OSError as error:
        _log.warning("what hosts have in desks is not remembered: %s", error)
