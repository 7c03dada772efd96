"""The desks of date polls (see `own_desks`), and what polls do by themselves while a desktop runs.

A poll whose rule says so is decided as soon as its host was heard past the deadline; voters who are
missing are reminded on the chosen days, by mail, with their link: its host is found or started
first.
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
    from projectdesk.services.commands.poll_settling import DecidedPoll
    from projectdesk.services.desk_sets import DeskSet
    from projectdesk.services.poll_mail import DuePollReminder
    from projectdesk.services.poll_rows import PollLink
    from projectdesk.services.workspace import Workspace

_MATTERS: Final = frozenset(
    {
        Kind.DATE_POLL,
        Kind.DATE_OPTION,
        Kind.DATE_VOTER,
        Kind.DATE_VOTE,
        Kind.PERSON,
        Kind.PARTNER,
        Kind.PROJECT,
    }
)


class PollDesks(LookingDesks["PollLink"]):
    """Sends the desks of polls to their hosts; settles polls and reminds voters.

    decided: `DecidedPoll` of each that decided itself.
    """

    about = "date polls"
    first_ms = 6_000
    decided = Signal(object)

    def __init__(
        self, hosts: Hosts, session: Session, data: Path, parent: QObject | None = None
    ) -> None:
        polls = DeskOwners("poll-desks.json", _MATTERS, _waiting, _desks, _links)
        super().__init__(polls, hosts, session, data, parent)
        hosts.collected.connect(self._on_collected)

    def look(self) -> None:
        """Decide the polls that decide themselves by now, and remind who is missing."""
        if not self._stopped:
            self._session.ask(_settle, self._on_settled, self.note)
            self._session.ask(_due, self._on_due, self.note)

    def _on_collected(self, _changes: object) -> None:
        if not self._stopped:
            self._session.ask(_settle, self._on_settled, self.note)

    def _on_settled(self, found: Sequence[DecidedPoll]) -> None:
        for each in found:
            self.decided.emit(each)

    def _on_due(self, found: Sequence[DuePollReminder]) -> None:
        for due in found:
            self.remind(due.poll_id, partial(_mail, due))


# --- on the database's thread ---------------------------------------------------------------------


def _waiting(workspace: Workspace, known: frozenset[UUID]) -> list[UUID]:
    """Return the polls that a host has to be told of: open ones, and known ones that went."""
    from projectdesk.services import poll_desks

    gone = known - poll_desks.opened_polls(workspace)
    return [*poll_desks.open_polls(workspace), *sorted(gone)]


def _desks(workspace: Workspace, poll: UUID) -> DeskSet:
    from projectdesk.services import poll_desks

    return poll_desks.poll_desks(workspace, poll)


def _links(workspace: Workspace, poll: UUID, public_url: str, journal: str) -> tuple[PollLink, ...]:
    from projectdesk.services import poll_desks

    poll_desks.keep_journal(workspace, poll, journal)
    return tuple(poll_desks.poll_links(workspace, poll, public_url))


def _settle(workspace: Workspace) -> Sequence[DecidedPoll]:
    from projectdesk.services import commands

    return () if workspace.copied_at is not None else commands.settle_polls(workspace)


def _due(workspace: Workspace) -> Sequence[DuePollReminder]:
    from projectdesk.services import commands, mail_accounts

    if workspace.copied_at is not None or mail_accounts.account(workspace.data) is None:
        return ()
    return commands.due_poll_reminders(workspace)


def _mail(due: DuePollReminder, workspace: Workspace, links: tuple[PollLink, ...]) -> int:
    from projectdesk.services import commands

    return commands.remind_due(workspace, due, links)[0]
