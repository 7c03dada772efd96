"""Fetches a team's link key from its server, and puts it where it is missing (adr/0104)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from projectdesk.desktop.runtime.rounds import Rounds
from projectdesk.desktop.runtime.session import LongWork, Session
from projectdesk.errors import ProjectDeskError

if TYPE_CHECKING:
    from projectdesk.services.shared_link_key import LinkKeySource
    from projectdesk.services.workspace import Workspace

_FIRST_MS: Final = 4_000
_EVERY_MS: Final = 600_000
_log = logging.getLogger(__name__)


class SharedKey(QObject):
    """Asks the team's servers now and then. settled: where the key is (`LinkKeySource`)."""

    settled = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._busy = self._stopped = False
        self._rounds = Rounds(self.look, _FIRST_MS, _EVERY_MS, self)

    def start(self) -> None:
        """Look soon, and now and then."""
        self._rounds.begin()

    def stop(self) -> None:
        """Look no more."""
        self._stopped = True
        self._rounds.stop()

    def look(self) -> None:
        """Ask the servers, unless that is being done; nothing where no team's data is open."""
        if self._busy or self._stopped:
            return
        self._busy = True
        self._session.ask_long(_settle, self._on_settled, self._failed)

    def _on_settled(self, found: LinkKeySource) -> None:
        self._busy = False
        if not self._stopped:
            self.settled.emit(found)

    def _failed(self, error: ProjectDeskError) -> None:
        self._busy = False
        _log.info("the team's link key is not known now: %s", error.code)


def _settle(workspace: Workspace, _: LongWork) -> LinkKeySource:
    from projectdesk.services import shared_link_key

    return shared_link_key.settle(workspace)
