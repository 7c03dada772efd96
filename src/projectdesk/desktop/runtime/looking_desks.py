"""Desks whose records ask for something as time passes: they are looked at now and then."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final
from uuid import UUID

from PySide6.QtCore import QObject

from projectdesk.desktop.runtime.hosts import Hosts
from projectdesk.desktop.runtime.own_desks import DeskOwners, LinkT, OwnDesks
from projectdesk.desktop.runtime.rounds import Rounds
from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import ProjectDeskError

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

MINUTE_MS: Final = 60_000
_log = logging.getLogger(__name__)


class LookingDesks(OwnDesks[LinkT]):
    """Sends the desks of records, and looks now and then what is due with them.

    about: what a log says these are. first_ms: from the start to the first look. every_ms: from one
    look to the next.
    """

    about: ClassVar[str]
    first_ms: ClassVar[int]
    every_ms: ClassVar[int] = MINUTE_MS

    def __init__(
        self,
        owners: DeskOwners[LinkT],
        hosts: Hosts,
        session: Session,
        data: Path,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(owners, hosts, session, data, parent)
        self._reminding: set[UUID] = set()
        self._rounds = Rounds(self.look, self.first_ms, self.every_ms, self)

    def start(self) -> None:
        """Send what is open, and look now and then what is due."""
        self.adopt()
        self._rounds.begin()

    def stop(self) -> None:
        super().stop()
        self._rounds.stop()

    def look(self) -> None:
        """Do what is due by now."""
        raise NotImplementedError

    def remind(self, owner: UUID, mail: Callable[[Workspace, tuple[LinkT, ...]], object]) -> None:
        """Send a record's desks, then mail with their links; not while that is under way.

        Args:
            owner: the record.
            mail: on the database's thread; gets the links of who was asked.
        """
        if owner in self._reminding:
            return
        self._reminding.add(owner)

        def over(_: object = None) -> None:
            self._reminding.discard(owner)

        def failed(error: ProjectDeskError) -> None:
            over()
            self.note(error)

        def send(links: tuple[LinkT, ...]) -> None:
            self._session.ask(lambda workspace: mail(workspace, links), over, failed)

        self.publish(owner, send, failed)

    def note(self, error: ProjectDeskError) -> None:
        """Take note of what did not go; the next look tries again."""
        _log.info("%s: %s", self.about, error.code)
