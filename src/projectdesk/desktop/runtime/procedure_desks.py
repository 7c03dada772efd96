"""The desks of written procedures (see `own_desks`), and what happens by itself as time passes.

A procedure closes as soon as its host was heard past the deadline, and its members are told where
they were asked by mail; decisions bind when the time for a veto is over; members who are missing
are reminded on the chosen days.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from projectdesk.desktop.runtime.hosts import Hosts
from projectdesk.desktop.runtime.looking_desks import LookingDesks
from projectdesk.desktop.runtime.own_desks import DeskOwners
from projectdesk.desktop.runtime.session import Session
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.services.commands.procedure_settling import Settled
    from projectdesk.services.desk_sets import DeskSet
    from projectdesk.services.procedure_mail import DueBallotReminder
    from projectdesk.services.procedure_rows import BallotLink
    from projectdesk.services.workspace import Workspace

_MATTERS: Final = frozenset(
    {
        Kind.VOTE,
        Kind.VOTE_SEAT,
        Kind.DECISION,
        Kind.DOCUMENT,
        Kind.VETO,
        Kind.PERSON,
        Kind.PARTNER,
        Kind.BODY,
        Kind.PROJECT,
    }
)


class ProcedureDesks(LookingDesks["BallotLink"]):
    """Sends the desks of written procedures to their hosts; settles them and reminds members.

    settled: `ClosedProcedure` of each that closed itself.
    """

    about = "written procedures"
    first_ms = 7_000
    settled = Signal(object)

    def __init__(
        self, hosts: Hosts, session: Session, data: Path, parent: QObject | None = None
    ) -> None:
        owners = DeskOwners("procedure-desks.json", _MATTERS, _waiting, _desks, _links)
        super().__init__(owners, hosts, session, data, parent)
        hosts.collected.connect(self._on_collected)

    def look(self) -> None:
        """Settle what is due by now, and remind who is missing."""
        if not self._stopped:
            self._session.ask(_settle, self._on_settled, self.note)
            self._session.ask(_due, self._on_due, self.note)

    def _on_collected(self, _changes: object) -> None:
        if not self._stopped:
            self._session.ask(_settle, self._on_settled, self.note)

    def _on_settled(self, found: Settled | None) -> None:
        for each in () if found is None else found.closed:
            self.settled.emit(each)

    def _on_due(self, found: Sequence[DueBallotReminder]) -> None:
        for due in found:
            self.remind(due.vote_id, partial(_mail, due))


# --- on the database's thread ---------------------------------------------------------------------


def _waiting(workspace: Workspace, known: frozenset[UUID]) -> list[UUID]:
    """Return the procedures that a host has to be told of: under way, and known ones that went."""
    from projectdesk.services import procedure_desks

    gone = known - procedure_desks.opened_procedures(workspace)
    return [*procedure_desks.open_procedures(workspace), *sorted(gone)]


def _desks(workspace: Workspace, vote: UUID) -> DeskSet:
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


def _mail(due: DueBallotReminder, workspace: Workspace, links: tuple[BallotLink, ...]) -> int:
    from projectdesk.services import commands

    return commands.mail_members(
        workspace, due.vote_id, links, due.seat_ids, reminder=True, checked=False
    )[0]
