"""Where the partners are and what time it is there; asked again every minute on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Protocol
from uuid import UUID

from PySide6.QtCore import QLocale

from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.presenters.reader import system_zone
from projectdesk.desktop.runtime.session import Session
from projectdesk.services import queries
from projectdesk.services.consortium_rows import WorldRow
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace


class WorldView(Protocol):
    """Where the world is shown."""

    def show_world(self, rows: Sequence[WorldRow], now: datetime, zone: str) -> None:
        """Show the partners at an instant (UTC) to a reader in `zone`."""


class WorldPresenter(Presenter):
    """Presents the partners of one project."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {Kind.PARTNER, Kind.ORGANISATION, Kind.PERSON, Kind.MEMBERSHIP}
    )

    def __init__(self, session: Session, view: WorldView) -> None:
        super().__init__(session)
        self._view = view
        self._project: UUID | None = None

    def open(self, project: UUID) -> None:
        """Present the partners of `project`."""
        self._project = project
        self.reload()

    def load(self) -> None:
        """Ask what time it is everywhere."""
        project, language = self._project, QLocale().name()[:2]

        def work(workspace: Workspace) -> tuple[list[WorldRow], datetime, str]:
            me = queries.me(workspace)
            mine = me.zone if me is not None else ""
            found = queries.world(workspace, wanted, language)
            return found, workspace.now(), mine or system_zone()

        def then(found: tuple[list[WorldRow], datetime, str]) -> None:
            if project == self._project:
                self._view.show_world(*found)

        if project is not None:
            wanted = project
            self.ask(work, then)
