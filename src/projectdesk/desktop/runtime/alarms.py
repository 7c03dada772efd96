"""Says that a meeting begins in a moment: as a notice of the system, and on the window.

Each meeting is told of once, also after a restart. The notice of the system is shown while the
window is minimised too; its icon is there only as long as the notice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from projectdesk.desktop.runtime.rounds import Rounds
from projectdesk.desktop.runtime.session import Session

if TYPE_CHECKING:
    from projectdesk.services.queries.alarms import AlarmRow
    from projectdesk.services.workspace import Workspace

_EVERY_MS: Final = 15_000
_FIRST_MS: Final = 3_000


class Alarms(QObject):
    """Looks whether a meeting begins. begins: the AlarmRow of each that the person is told of."""

    begins = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._told: set[str] = set()
        self._rounds = Rounds(self.look, _FIRST_MS, _EVERY_MS, self)

    def start(self) -> None:
        """Look now and then."""
        self._rounds.begin()

    def stop(self) -> None:
        """Look no more."""
        self._rounds.stop()

    def look(self) -> None:
        """Tell of what begins."""
        self._session.ask(_due, self._on_due, lambda _: None)

    def _on_due(self, found: Sequence[AlarmRow]) -> None:
        new = [alarm for alarm in found if alarm.key not in self._told]
        if not new:
            return
        self._told.update(alarm.key for alarm in new)
        # On a copy that can only be read, it is kept for as long as the desktop runs.
        self._session.ask(lambda workspace: _keep(workspace, new), None, lambda _: None)
        for alarm in new:
            self.begins.emit(alarm)


def _due(workspace: Workspace) -> Sequence[AlarmRow]:
    from projectdesk.services.queries.alarms import due_alarms

    return due_alarms(workspace)


def _keep(workspace: Workspace, told: Sequence[AlarmRow]) -> None:
    from projectdesk.services.commands.alarms import keep_alarms

    keep_alarms(workspace, told)
