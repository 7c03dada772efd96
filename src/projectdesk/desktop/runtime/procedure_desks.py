"""The desks of written procedures (see `own_desks`), and what happens by itself as time passes.

A procedure closes as soon as its host was heard past the deadline, and its members are told where
they were asked by mail; decisions bind when the time for a veto is over; members who are missing
are reminded on the chosen days.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from projectdesk.desktop.runtime.hosts import Hosts
from projectdesk.desktop.runtime.own_desks import DeskOwners, OwnDesks
from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.services.commands.procedure_settling import Settled
    from projectdesk.services.procedure_desks import ProcedureDesks as FoundDesks
    from projectdesk.services.procedure_mail import DueBallotReminder
    from projectdesk.services.procedure_rows import BallotLink
    from projectdesk.services.workspace import Workspace

_EVERY_MS: Final = 60_000
_FIRST_MS: Final = 7_000
_MATTERS: Final = frozenset(
    {
        Kind.VOTE,
        Kind.VOTE_SEAT,
        Kind.DECISION,
        Kind.VETO,
        Kind.PERSON,
        Kind.PARTNER,
        Kind.BODY,
        Kind.PROJECT,
    }
)
_log = logging.getLogger(__name__)


class ProcedureDesks(OwnDesks["BallotLink"]):
    """Sends the desks of written procedures to their hosts; settles them and reminds members.

    settled: `ClosedProcedure` of each that closed itself.
    """

    settled = Signal(object)

    def __init__(
        self, hosts: Hosts, session: Session, data: Path, parent: QObject | None = None
    ) -> None:
        owners = DeskOwners("procedure-desks.json", _MATTERS, _waiting, _desks, _links)
        super().__init__(owners, hosts, session, data, parent)
        self._reminding: set[UUID] = set()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._first = QTimer(self, singleShot=True, interval=_FIRST_MS)
        self._first.timeout.connect(self.look)
        hosts.collected.connect(self._on_collected)

    def start(self) -> None:
        """Send what is under way, and look now and then what is due."""
        self.adopt()
        self._first.start()
        self._timer.start()

    def stop(self) -> None:
        super().stop()
        self._first.stop()
        self._timer.stop()

    def look(self) -> None:
        """Settle what is due by now, and remind who is missing."""
        if not self._stopped:
            self._session.ask(_settle, self._on_settled, _note)
            self._session.ask(_due, self._on_due, _note)

    def _on_collected(self, _changes: object) -> None:
        if not self._stopped:
            self._session.ask(_settle, self._on_settled, _note)

    def _on_settled(self, found: Settled | None) -> None:
        for each in () if found is None else found.closed:
            self.settled.emit(each)

    def _on_due(self, found: Sequence[DueBallotReminder]) -> None:
        for due in found:
            if due.vote_id not in self._reminding:
                self._reminding.add(due.vote_id)
                self._remind(due)

    def _remind(self, due: DueBallotReminder) -> None:
        def over(_: object = None) -> None:
            self._reminding.discard(due.vote_id)

        def failed(error: ProjectDeskError) -> None:
            over()
            _note(error)

        def send(links: tuple[BallotLink, ...]) -> None:
            self._session.ask(lambda workspace: _mail(workspace, due, links), over, failed)

        self.publish(due.vote_id, send, failed)


def _note(error: ProjectDeskError) -> None:
    _log.info("written procedures: %s", error.code)


# --- on the database's thread ---------------------------------------------------------------------


def _waiting(workspace: Workspace, known: frozenset[UUID]) -> list[UUID]:
    """Return the procedures that a host has to be told of: under way, and known ones that went."""
    from projectdesk.secrets import is_durable
    from projectdesk.services import procedure_desks

    if not is_durable(workspace.secrets):
        return []  # a new link key would end every link that was sent before anybody asked for it
    gone = known - procedure_desks.opened_procedures(workspace)
    return [*procedure_desks.open_procedures(workspace), *sorted(gone)]


def _desks(workspace: Workspace, vote: UUID) -> FoundDesks:
    from projectdesk.services import procedure_desks

    return procedure_desks.procedure_desks(workspace, vote)


def _links(
    workspace: Workspace, vote: UUID, public_url: str, journal: str
) -> tuple[BallotLink, ...]:
    from projectdesk.services import procedure_desks

    procedure_desks.keep_place(workspace, vote, public_url, journal)
    return tuple(procedure_desks.ballot_links(workspace, vote, public_url))


def _settle(workspace: Workspace) -> Settled | None:
    from projectdesk.services import commands

    return None if workspace.copied_at is not None else commands.settle_procedures(workspace)


def _due(workspace: Workspace) -> Sequence[DueBallotReminder]:
    from projectdesk.services import commands, mail_accounts

    if workspace.copied_at is not None or mail_accounts.account(workspace.data) is None:
        return ()
    return commands.due_ballot_reminders(workspace)


def _mail(workspace: Workspace, due: DueBallotReminder, links: tuple[BallotLink, ...]) -> int:
    from projectdesk.services import commands

    return commands.mail_members(
        workspace, due.vote_id, links, due.seat_ids, reminder=True, checked=False
    )[0]
