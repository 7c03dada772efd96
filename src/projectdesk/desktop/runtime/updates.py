"""Looks for updates beside everything else: some time after the start, then once a day at most."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from projectdesk.desktop.runtime.rounds import Rounds
from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import ProjectDeskError

if TYPE_CHECKING:
    from projectdesk.updates.checking import Update

_log = logging.getLogger(__name__)
_FIRST_MS = 30_000
_AGAIN_MS = 3_600_000
"""How often it is looked whether a day has passed."""


class UpdateWatch(QObject):
    """Tells of a newer version. found: an `Update`, or None = nothing is to be told (any more).

    A feed that does not hold says nothing here: `doctor` tells of it.
    """

    found = Signal(object)

    def __init__(
        self, session: Session, data: Path, now: Callable[[], datetime], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._data = data
        self._now = now
        self._rounds = Rounds(self.look, _FIRST_MS, _AGAIN_MS, self)

    def start(self) -> None:
        """Begin: the window is there, and the data is open."""
        self._rounds.begin()

    def stop(self) -> None:
        """End. Idempotent."""
        self._rounds.stop()

    def look(self) -> None:
        """Look at the feed if a day has passed; tell what is to be told."""
        data, now = self._data, self._now()

        def work() -> Update | None:
            from projectdesk.updates import checking  # on a worker: it loads TLS and signatures

            if checking.is_due(checking.load(data), now):
                try:
                    checking.check(data, now)
                except ProjectDeskError as error:
                    _log.info("no update is told of: %s", error.code)
            return checking.told(data, now)

        self._session.ask_long(lambda _workspace, _work: work(), self.found.emit, self._failed)

    def later(self) -> None:
        """Say nothing for a week."""
        self._keep("remind_later", self._now())

    def skip(self, version: str) -> None:
        """Say nothing more of a version."""
        self._keep("skip", version)

    def _keep(self, what: str, value: object) -> None:
        data = self._data

        def work() -> None:
            from projectdesk.updates import checking

            getattr(checking, what)(data, value)

        self._session.ask_long(lambda _workspace, _work: work())
        self.found.emit(None)

    def _failed(self, error: ProjectDeskError) -> None:
        _log.warning("what is known of updates cannot be kept: %s", error.code)
