"""What is done once a day while the desktop runs, beside everything else: erasing, backing up."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from projectdesk.desktop.runtime.rounds import Rounds
from projectdesk.desktop.runtime.session import LongWork, Session
from projectdesk.errors import ProjectDeskError

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

FIRST_MS: Final = 90_000
"""From the start to the first look: a start is not the time to read a whole database."""
EVERY_MS: Final = 3_600_000
_log = logging.getLogger(__name__)


class Daily(QObject):
    """Looks every hour whether a day is over since the last time.

    damaged: the database is; an `EnvironmentFailure` with the fact `newest_backup`.
    """

    damaged = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._under_way: LongWork | None = None
        self._told = False
        self._rounds = Rounds(self.look, FIRST_MS, EVERY_MS, self)

    def start(self) -> None:
        """Begin to look now and then."""
        self._rounds.begin()

    def stop(self) -> None:
        """Look no more; what is under way ends at its next step."""
        self._rounds.stop()
        if self._under_way is not None:
            self._under_way.cancel()

    def look(self) -> None:
        """Examine and back up the database where a day is over, then erase what is over."""
        from projectdesk.services import commands

        def work(workspace: Workspace, _: LongWork) -> bool:
            from projectdesk.services import erasing

            commands.back_up_daily(workspace)
            return erasing.is_due(workspace)

        self._under_way = self._session.ask_long(work, self._looked, self._failed)

    def _looked(self, due: bool) -> None:
        from projectdesk.desktop.presenters.retention import erase_now

        self._under_way = erase_now(self._session, quiet=True) if due else None

    def _failed(self, error: ProjectDeskError) -> None:
        self._under_way = None
        _log.warning("not backed up: %s", error.code)
        if error.code == "database_corrupt" and not self._told:
            self._told = True
            self.damaged.emit(error)
