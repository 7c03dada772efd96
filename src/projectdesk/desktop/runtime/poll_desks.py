"""The desks of date polls (see `own_desks`), and what polls do by themselves while a desktop runs.

A poll whose rule says so is decided as soon as its host was heard past the deadline; voters who are
missing are reminded on the chosen days, by mail, with their link: its host is found or started
first.
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
    from projectdesk.services.commands.poll_settling import DecidedPoll
    from projectdesk.services.poll_desks import PollDesks as FoundPollDesks
    from projectdesk.services.poll_mail import DuePollReminder
    from projectdesk.services.poll_rows import PollLink
    from projectdesk.services.workspace import Workspace

_EVERY_MS: Final = 60_000
_FIRST_MS: Final = 6_000
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
_log = logging.getLogger(__name__)


class PollDesks(OwnDesks["PollLink"]):
    """Sends the desks of polls to their hosts; settles polls and reminds voters.

    decided: `DecidedPoll` of each that decided itself.
    """

    decided = Signal(object)

    def __init__(
        self, hosts: Hosts, session: Session, data: Path, parent: QObject | None = None
    ) -> None:
        polls = DeskOwners("poll-desks.json", _MATTERS, _waiting, _desks, _links)
        super().__init__(polls, hosts, session, data, parent)
        self._reminding: set[UUID] = set()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._first = QTimer(self, singleShot=True, interval=_FIRST_MS)
        self._first.timeout.connect(self.look)
        hosts.collected.connect(self._on_collected)

    def start(self) -> None:
        """Send what is open, and look now and then what is due."""
        self.adopt()
        self._first.start()
        self._timer.start()

    def stop(self) -> None:
        super().stop()
        self._first.stop()
        self._timer.stop()

    def look(self) -> None:
        """Decide the polls that decide themselves by now, and remind who is missing."""
        if not self._stopped:
            self._session.ask(_settle, self._on_settled, _note)
            self._session.ask(_due, self._on_due, _note)

    def _on_collected(self, _changes: object) -> None:
        if not self._stopped:
            self._session.ask(_settle, self._on_settled, _note)

    def _on_settled(self, found: Sequence[DecidedPoll]) -> None:
        for each in found:
            self.decided.emit(each)

    def _on_due(self, found: Sequence[DuePollReminder]) -> None:
        for due in found:
            if due.poll_id not in self._reminding:
                self._reminding.add(due.poll_id)
                self._remind(due)

    def _remind(self, due: DuePollReminder) -> None:
        def over(_: object = None) -> None:
            self._reminding.discard(due.poll_id)

        def failed(error: ProjectDeskError) -> None:
            over()
            _note(error)

        def send(links: tuple[PollLink, ...]) -> None:
            self._session.ask(lambda workspace: _mail(workspace, due, links), over, failed)

        self.publish(due.poll_id, send, failed)


def _note(error: ProjectDeskError) -> None:
    _log.info("date polls: %s", error.code)


# --- on the database's thread ---------------------------------------------------------------------


def _waiting(workspace: Workspace, known: frozenset[UUID]) -> list[UUID]:
    """Return the polls that a host has to be told of: open ones, and known ones that went."""
    from projectdesk.secrets import is_durable
    from projectdesk.services import poll_desks

    if not is_durable(workspace.secrets):
        return []  # a new link key would end every link that was sent before anybody asked for it
    gone = known - poll_desks.opened_polls(workspace)
    return [*poll_desks.open_polls(workspace), *sorted(gone)]


def _desks(workspace: Workspace, poll: UUID) -> FoundPollDesks:
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


def _mail(workspace: Workspace, due: DuePollReminder, links: tuple[PollLink, ...]) -> int:
    from projectdesk.services import commands

    return commands.remind_due(workspace, due, links)[0]
