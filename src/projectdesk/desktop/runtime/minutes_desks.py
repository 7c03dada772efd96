"""The desks of circulated minutes (see `own_desks`), and minutes that accept themselves.

Minutes to which nobody objected are accepted as soon as their host was heard past the window.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from projectdesk.desktop.runtime.hosts import Hosts
from projectdesk.desktop.runtime.looking_desks import LookingDesks
from projectdesk.desktop.runtime.own_desks import DeskOwners, Failed
from projectdesk.desktop.runtime.session import Session
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.services.circulation_rows import ReaderLink
    from projectdesk.services.commands.minutes_acceptance import AcceptedMinutes
    from projectdesk.services.desk_sets import DeskSet
    from projectdesk.services.workspace import Workspace

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


class MinutesDesks(LookingDesks["ReaderLink"]):
    """Sends the desks of readers to their hosts; settles minutes.

    accepted: `AcceptedMinutes` of each that accepted themselves.
    """

    about = "minutes are not settled"
    first_ms = 8_000
    accepted = Signal(object)

    def __init__(
        self, hosts: Hosts, session: Session, data: Path, parent: QObject | None = None
    ) -> None:
        owners = DeskOwners("minutes-desks.json", _MATTERS, _waiting, _desks, _links)
        super().__init__(owners, hosts, session, data, parent)
        hosts.collected.connect(self._on_collected)

    def look(self) -> None:
        """Accept the minutes that nobody objected to by now."""
        if not self._stopped:
            self._session.ask(_settle, self._on_settled, self.note)

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


# --- on the database's thread ---------------------------------------------------------------------


def _waiting(workspace: Workspace, known: frozenset[UUID]) -> list[UUID]:
    """Return the revisions that a host has to be told of, and known ones that went."""
    from projectdesk.services import minutes_desks

    gone = known - minutes_desks.circulated_minutes(workspace)
    return [*minutes_desks.open_minutes(workspace), *sorted(gone)]


def _desks(workspace: Workspace, minutes: UUID) -> DeskSet:
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
