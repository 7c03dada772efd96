"""Puts the reminders that are due into the outbox, for as long as the desktop runs.

What was due while it did not run goes out at the next start and says that it is late (decisions 2).
The personal links in it need the meeting's host: it is found or started first; a host that cannot
be reached after some tries does not keep the reminder back.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from projectdesk.desktop.runtime.rounds import Rounds
from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import Conflict, ProjectDeskError

if TYPE_CHECKING:
    from projectdesk.services.commands.reminders import Reminded
    from projectdesk.services.reminder_rows import DueReminder
    from projectdesk.services.workspace import Workspace

Failed = Callable[[ProjectDeskError], None]
Links = Callable[[UUID, Callable[[dict[UUID, str]], None], Failed], None]
"""Gives the personal links of a meeting by invitation: (meeting, then, failed)."""
_EVERY_MS: Final = 60_000
_FIRST_MS: Final = 8_000
_TRIES: Final = 3
_log = logging.getLogger(__name__)


class Reminding(QObject):
    """Looks every minute whether a reminder is due. reminded: (title, `Reminded`) of each."""

    reminded = Signal(str, object)

    def __init__(self, session: Session, links: Links, parent: QObject | None = None) -> None:
        """Make it; `start` begins.

        Args:
            session: the open data.
            links: gives personal links.
            parent: owner.
        """
        super().__init__(parent)
        self._session = session
        self._links = links
        self._busy: set[UUID] = set()
        self._tries: dict[UUID, int] = {}
        self._stopped = False
        self._rounds = Rounds(self.look, _FIRST_MS, _EVERY_MS, self)

    def start(self) -> None:
        """Look now and then."""
        self._rounds.begin()

    def stop(self) -> None:
        """Look no more."""
        self._stopped = True
        self._rounds.stop()

    def look(self) -> None:
        """Send what is due."""
        self._session.ask(_due, self._on_due, _note)

    def _on_due(self, found: Sequence[DueReminder]) -> None:
        for due in found:
            if self._stopped or due.reminder_id in self._busy:
                continue
            self._busy.add(due.reminder_id)
            self._links(
                due.meeting_id,
                lambda links, each=due: self._send(each, links),  # type: ignore[misc]
                lambda error, each=due: self._without(each, error),  # type: ignore[misc]
            )

    def _without(self, due: DueReminder, error: ProjectDeskError) -> None:
        """Try again at the next look; after some tries the reminder goes out without links."""
        tries = self._tries[due.reminder_id] = self._tries.get(due.reminder_id, 0) + 1
        _log.warning("no links for a reminder: %s", error.code)
        if tries < _TRIES:
            self._busy.discard(due.reminder_id)
        else:
            self._send(due, {})

    def _send(self, due: DueReminder, links: Mapping[UUID, str]) -> None:
        if self._stopped:
            return

        def done(made: Reminded | None) -> None:
            self._busy.discard(due.reminder_id)
            self._tries.pop(due.reminder_id, None)
            if made is not None and made.mails:  # else a server sends them, or there is nobody
                self.reminded.emit(due.title, made)

        def failed(error: ProjectDeskError) -> None:
            self._busy.discard(due.reminder_id)
            if not isinstance(error, Conflict):  # a colleague's desktop sent it
                _note(error)

        self._session.ask(lambda workspace: _send(workspace, due.reminder_id, links), done, failed)


def _due(workspace: Workspace) -> Sequence[DueReminder]:
    from projectdesk.services import commands, mail_accounts, queries

    if workspace.copied_at is not None or mail_accounts.account(workspace.data) is None:
        return ()
    commands.drop_stale_reminders(workspace)
    return queries.due_reminders(workspace)


def _send(workspace: Workspace, reminder: UUID, links: Mapping[UUID, str]) -> Reminded | None:
    from projectdesk.services import commands

    return commands.send_reminder(workspace, reminder, links)[0]


def _note(error: ProjectDeskError) -> None:
    _log.warning("reminders: %s", error.code)
