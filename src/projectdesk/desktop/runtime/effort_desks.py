"""The desks of reporting periods, each on the host where its partners' links lead.

They belong to no room. What changes in a period is sent again by itself; what is gone is taken
back, also when the desktop was closed meanwhile: what a host has is kept in a file.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from PySide6.QtCore import QObject, QTimer

from projectdesk.desktop.runtime.hosts import Hosts
from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import NotFound, ProjectDeskError
from projectdesk.services.rows import Changes, Kind
from projectdesk.signalling.control import HostFacts

if TYPE_CHECKING:
    from projectdesk.desktop.runtime.host_client import HostClient
    from projectdesk.services.effort_desks import PeriodDesks
    from projectdesk.services.reporting_rows import EffortLink
    from projectdesk.services.workspace import Workspace
    from projectdesk.signalling.desk import DeskSnapshot

_log = logging.getLogger(__name__)
_RESEND_MS = 300
_UNKNOWN = "desk_unknown"
_MATTERS = {
    Kind.REPORTING_PERIOD,
    Kind.EFFORT_STATEMENT,
    Kind.REPORTED_EFFORT,
    Kind.EFFORT,
    Kind.WORK_PACKAGE,
    Kind.PARTNER,
    Kind.PERSON,
    Kind.PROJECT,
}
Then = Callable[["tuple[EffortLink, ...]"], None]
Failed = Callable[[ProjectDeskError], None]


class _AtHost(msgspec.Struct, frozen=True):
    """What a host has of one period: the ids of desks."""

    host: str
    desks: tuple[str, ...]


class EffortDesks(QObject):
    """Sends the desks of reporting periods to their hosts, and takes back what is gone."""

    def __init__(
        self, hosts: Hosts, session: Session, data: Path, parent: QObject | None = None
    ) -> None:
        """Make it.

        Args:
            hosts: every place that desks can be at; they collect the answers.
            session: the open data.
            data: the data folder, for the file that says what hosts have.
            parent: owner.
        """
        super().__init__(parent)
        self._hosts = hosts
        self._session = session
        self._file = data / "effort-desks.json"
        self._known = _read(self._file)
        self._digests: dict[str, bytes] = {}
        self._sending: set[UUID] = set()
        self._waiting: dict[UUID, list[tuple[Then, Failed]]] = {}
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
        """Send every period whose links are still looked at, and take back what is gone."""
        known = frozenset(self._known)
        self._session.ask(lambda ws: _matter(ws, known), self._send_all, self._not_read)

    def publish(self, period: UUID, then: Then, failed: Failed) -> None:
        """Send the desks of a period; `then` gets the links of the partners that were asked."""
        if self._stopped:
            return
        if period in self._sending:
            self._waiting.setdefault(period, []).append((then, failed))
            return
        self._sending.add(period)

        def failing(error: ProjectDeskError) -> None:
            self._finished(period)
            failed(error)

        def sent(links: tuple[EffortLink, ...]) -> None:
            self._finished(period)
            then(links)

        self._session.ask(
            lambda workspace: _desks(workspace, period),
            lambda desks: self._send(period, desks, sent, failing),
            lambda error: self._gone(period, error, failing),
        )

    # --- sending ----------------------------------------------------------------------------

    def _send_all(self, periods: Sequence[UUID]) -> None:
        for period in periods:
            self.publish(period, lambda _links: None, partial(self._not_sent, period))

    def _send(self, period: UUID, found: PeriodDesks, then: Then, failed: Failed) -> None:
        known = self._known.get(period, _AtHost(found.host, ()))
        if not found.desks and not known.desks:
            then(())
            return
        self._unsent[period] = found.host
        if known.host != found.host:
            self._take_back(known, known.desks, lambda: None, _told(known.host))
            known = _AtHost(found.host, ())
        now = tuple(sorted(desk for desk, _ in found.desks))
        # Remembered before it is sent: half of it may arrive.
        self._remember(period, _AtHost(found.host, tuple(sorted({*now, *known.desks}))))

        def with_client(client: HostClient) -> None:
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
            self._remember(period, _AtHost(found.host, now))
            self._unsent.pop(period, None)
            self._session.ask(
                lambda ws: _links(ws, period, public_url, facts.journal), then, failed
            )

        self._hosts.at(found.host).ask_host(with_client, failed)

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

    def _gone(self, period: UUID, error: ProjectDeskError, failed: Failed) -> None:
        """Take the desks of a period back that is not there any more; an undo sends them again."""
        known = self._known.get(period)
        if not isinstance(error, NotFound) or known is None or not known.desks:
            failed(error)
            return

        def settled() -> None:
            self._remember(period, None)
            self._unsent.pop(period, None)
            failed(error)

        self._unsent[period] = known.host
        self._take_back(known, known.desks, settled, failed)

    def _finished(self, period: UUID) -> None:
        self._sending.discard(period)
        for then, failed in self._waiting.pop(period, ()):
            self.publish(period, then, failed)

    def _not_sent(self, period: UUID, error: ProjectDeskError) -> None:
        """Take note; it is sent when the host is heard, or at the next change."""
        _log.info("desks of a period are not sent: %s", error.code)

    def _not_read(self, error: ProjectDeskError) -> None:
        _log.info("which periods have desks is not known: %s", error.code)

    def _on_heard(self, host: str, heard: bool) -> None:
        if heard:
            self._digests.clear()  # it may be another one, or the same with another journal
        if heard and host in self._unsent.values():
            self._resend.start()

    def _on_changes(self, changes: Changes) -> None:
        if changes.kinds & _MATTERS and not self._stopped:
            self._resend.start()

    def _remember(self, period: UUID, at_host: _AtHost | None) -> None:
        if self._known.get(period) == at_host:
            return
        if at_host is None or not at_host.desks:
            self._known.pop(period, None)
        else:
            self._known[period] = at_host
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
    part = file.with_suffix(".part")
    try:
        part.write_bytes(msgspec.json.encode(known))
        part.replace(file)
    except OSError as error:
        _log.warning("what hosts have of reporting periods is not remembered: %s", error)
        with contextlib.suppress(OSError):
            part.unlink()


# --- on the database's thread ---------------------------------------------------------------------


def _matter(workspace: Workspace, known: frozenset[UUID]) -> list[UUID]:
    """Return the periods that a host has to be told of: open ones, and known ones that went."""
    from projectdesk.secrets import is_durable
    from projectdesk.services import effort_desks

    if not is_durable(workspace.secrets):
        return []  # a new link key would end every link that was sent before anybody asked for it
    gone = known - effort_desks.asked_periods(workspace)
    return [*effort_desks.open_periods(workspace), *sorted(gone)]


def _desks(workspace: Workspace, period: UUID) -> PeriodDesks:
    from projectdesk.services import effort_desks

    return effort_desks.effort_desks(workspace, period)


def _links(
    workspace: Workspace, period: UUID, public_url: str, journal: str
) -> tuple[EffortLink, ...]:
    from projectdesk.services import effort_desks

    effort_desks.keep_journal(workspace, period, journal)
    return tuple(effort_desks.effort_links(workspace, period, public_url))
