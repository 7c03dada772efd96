"""The desks of circulated minutes (see `own_desks`), and minutes that accept themselves.

Minutes to which nobody objected are accepted as soon as their host was heard past the window.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from projectdesk.desktop.runtime.hosts import Hosts
from projectdesk.desktop.runtime.own_desks import DeskOwners, Failed, OwnDesks
from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.services.circulation_rows import ReaderLink
    from projectdesk.services.commands.minutes_acceptance import AcceptedMinutes
    from projectdesk.services.minutes_desks import MinutesDesks as FoundDesks
    from projectdesk.services.workspace import Workspace

_EVERY_MS: Final = 60_000
_FIRST_MS: Final = 8_000
_MATTERS: Final = frozenset(
    {
        Kind.MINUTES,
        Kind.MINUTES_READER,
        Kind.OBJECTION,
        Kind.VETO,
        Kind.PERSON,
        Kind.PARTNER,
        Kind.PROJECT,
    }
)
_log = logging.getLogger(__name__)


class MinutesDesks(OwnDesks["ReaderLink"]):
    """Sends the desks of readers to their hosts; settles minutes.

    accepted: `AcceptedMinutes` of each that accepted themselves.
    """

    accepted = Signal(object)

    def __init__(
        self, hosts: Hosts, session: Session, data: Path, parent: QObject | None = None
    ) -> None:
        owners = DeskOwners("minutes-desks.json", _MATTERS, _waiting, _desks, _links)
        super().__init__(owners, hosts, session, data, parent)
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._first = QTimer(self, singleShot=True, interval=_FIRST_MS)
        self._first.timeout.connect(self.look)
        hosts.collected.connect(self._on_collected)

    def start(self) -> None:
        """Send what is circulated, and look now and then what is due."""
        self.adopt()
        self._first.start()
        self._timer.start()

    def stop(self) -> None:
        super().stop()
        self._first.stop()
        self._timer.stop()

    def look(self) -> None:
        """Accept the minutes that nobody objected to by now."""
        if not self._stopped:
            self._session.ask(_settle, self._on_settled, _note)

    def find_address(self, host: str, then: Callable[[str], None], failed: Failed) -> None:
        """Find (or start) a host; `then` gets the address that its links begin with.

        Args:
            host: as of `Meeting.host`.
            then: gets "https://meet.example.org".
            failed: gets why it cannot be reached; nothing is circulated then.
        """
        self._hosts.at(host).ask_host(lambda client: then(client.address.public_url), failed)

    def _on_collected(self, _changes: object) -> None:
        self.look()

    def _on_settled(self, found: Sequence[AcceptedMinutes]) -> None:
        for each in found:
            self.accepted.emit(each)


def _note(error: ProjectDeskError) -> None:
    _log.info("minutes are not settled: %s", error.code)


# --- on the database's thread ---------------------------------------------------------------------


def _waiting(workspace: Workspace, known: frozenset[UUID]) -> list[UUID]:
    """Return the revisions that a host has to be told of, and known ones that went."""
    from projectdesk.secrets import is_durable
    from projectdesk.services import minutes_desks

    if not is_durable(workspace.secrets):
        return []  # a new link key would end every link that was sent before anybody asked for it
    gone = known - minutes_desks.circulated_minutes(workspace)
    return [*minutes_desks.open_minutes(workspace), *sorted(gone)]


def _desks(workspace: Workspace, minutes: UUID) -> FoundDesks:
    from projectdesk.services import minutes_desks

    return minutes_desks.minutes_desks(workspace, minutes)


def _links(
    workspace: Workspace, minutes: UUID, public_url: str, journal: str
) -> tuple[ReaderLink, ...]:
    from projectdesk.services import minutes_desks

    minutes_desks.keep_journal(workspace, minutes, journal)
    return tuple(minutes_desks.minutes_links(workspace, minutes, public_url))


def _settle(workspace: Workspace) -> Sequence[AcceptedMinutes]:
    from projectdesk.services import commands

    return () if workspace.copied_at is not None else commands.settle_minutes(workspace)
