"""Puts the reminders of work plans that are due into the outbox, for as long as the desktop runs.

What was due while it did not run is one mail at the next start; which days count is said by
`services.plan_reminders`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from projectdesk.desktop.runtime.rounds import Rounds
from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import Conflict, ProjectDeskError

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

FIRST_MS: Final = 20_000
EVERY_MS: Final = 15 * 60_000
_log = logging.getLogger(__name__)


class PlanReminding(QObject):
    """Looks now and then whether a reminder is due. reminded: how many mails went out."""

    reminded = Signal(int)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._busy = False
        self._rounds = Rounds(self.look, FIRST_MS, EVERY_MS, self)

    def start(self) -> None:
        """Look now and then."""
        self._rounds.begin()

    def stop(self) -> None:
        """Look no more."""
        self._rounds.stop()

    def look(self) -> None:
        """Send what is due."""
        if not self._busy:
            self._busy = True
            self._session.ask(_send_due, self._sent, self._failed)

    def _sent(self, mails: int) -> None:
        self._busy = False
        if mails:
            self.reminded.emit(mails)

    def _failed(self, error: ProjectDeskError) -> None:
        self._busy = False
        if not isinstance(error, Conflict):  # a colleague's desktop sends it
            _log.warning("reminders of plans: %s", error.code)


def _send_due(workspace: Workspace) -> int:
    from projectdesk.services import mail_accounts, plan_reminders

    if workspace.copied_at is not None or mail_accounts.account(workspace.data) is None:
        return 0
    return plan_reminders.send_due(workspace)[0].mails
