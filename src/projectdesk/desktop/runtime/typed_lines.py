"""Keeps typed lines and their records in step while the desktop runs (docs/adr/0083).

Within about a second of typing, and after a record was changed elsewhere: what this desktop wrote
or collected concerns it, what others' desktops wrote is brought into step by them. Nothing is put
on the undo stack: the editor's own undo takes lines back, and their records follow.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import reduce
from time import monotonic
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from projectdesk.desktop.language import say
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services.rows import Changes, Kind

if TYPE_CHECKING:
    from projectdesk.services.typed_line_rows import LineStep
    from projectdesk.services.workspace import Workspace

_PAUSE_MS: Final = 500
"""How long nobody has to type before lines are read."""
_LONGEST_SECONDS: Final = 1.2
"""How long lines wait at most while somebody goes on typing."""
_FIRST_MS: Final = 7_000
_LATELY: Final = 5
"""Drafts that are looked at when the desktop starts: it may have ended amid a word."""
_MATTERS: Final = frozenset(
    {
        Kind.MINUTES,
        Kind.ACTION,
        Kind.ACTION_NOTE,
        Kind.DECISION,
        Kind.INFORMATION,
        Kind.RISK,
        Kind.REVIEW_QUESTION,
        Kind.PROJECT,
        Kind.MEETING,
        Kind.PERSON,
        Kind.PARTNER,
        Kind.ORGANISATION,
        Kind.WORK_PACKAGE,
        Kind.TASK,
        Kind.DELIVERABLE,
        Kind.MILESTONE,
    }
)
_log = logging.getLogger(__name__)


class TypedLines(QObject):
    """Runs a step soon after each change that may concern typed lines.

    stepped: (meeting, `LineStep`) of each that did something or refused a line.
    """

    stepped = Signal(object, object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._waiting: list[Changes] = []
        self._since = 0.0
        self._busy = False
        self._stopped = False
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._step)
        self._first = QTimer(self, singleShot=True, interval=_FIRST_MS)
        self._first.timeout.connect(self._look_back)
        self._unsubscribe = session.subscribe(self._on_changes)

    def start(self) -> None:
        """Look at the newest drafts in a while."""
        self._first.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped = True
        self._pause.stop()
        self._first.stop()
        self._unsubscribe()

    def _on_changes(self, changes: Changes) -> None:
        if self._stopped or changes.who or not changes.kinds & _MATTERS:
            return
        if not self._waiting:
            self._since = monotonic()
        self._waiting.append(changes)
        if not self._pause.isActive() or monotonic() - self._since < _LONGEST_SECONDS:
            self._pause.start()

    def _look_back(self) -> None:
        if not self._stopped:
            self._session.ask(_step_lately, self._on_stepped, self._on_failed)

    def _step(self) -> None:
        if self._busy or self._stopped or not self._waiting:
            return
        self._busy = True
        changes = reduce(_both, self._waiting)
        self._waiting.clear()
        self._session.ask(
            lambda workspace: _step_concerned(workspace, changes),
            self._on_stepped,
            self._on_failed,
        )

    def _on_stepped(self, found: Sequence[tuple[UUID, LineStep]]) -> None:
        self._busy = False
        for meeting, step in found:
            self._tell(step)
            self.stepped.emit(meeting, step)
        if self._waiting and not self._stopped:
            self._pause.start()

    def _on_failed(self, error: ProjectDeskError) -> None:
        self._busy = False
        _log.info("typed lines: %s", error.code)

    def _tell(self, step: LineStep) -> None:
        for label in step.kept:
            self._session.tell(
                Notice(
                    say(
                        "{label} stays although its line is gone: it was changed elsewhere, or "
                        "something hangs on it. Delete it in its list if it is not meant.",
                        label=label,
                    )
                )
            )
        for each in step.overruled:
            self._session.tell(
                Notice(
                    say(
                        "{label} was changed in its line and elsewhere at once: what was chosen "
                        "elsewhere stands.",
                        label=each.label,
                    )
                )
            )
        for words, why in step.refused:
            self._session.tell(
                Notice(
                    say("No record was made of “{line}”: {why}", line=words, why=why), error=True
                )
            )


def _both(one: Changes, other: Changes) -> Changes:
    everywhere = not (one.project_ids and other.project_ids)
    return Changes(
        one.kinds | other.kinds,
        one.ids | other.ids,
        frozenset() if everywhere else one.project_ids | other.project_ids,
    )


# --- on the database's thread ---------------------------------------------------------------------


def _step_concerned(workspace: Workspace, changes: Changes) -> list[tuple[UUID, LineStep]]:
    from projectdesk.services import queries

    if workspace.copied_at is not None:
        return []
    return _step_each(workspace, queries.lines_concerned(workspace, changes))


def _step_lately(workspace: Workspace) -> list[tuple[UUID, LineStep]]:
    from projectdesk.services import queries

    if workspace.copied_at is not None:
        return []
    return _step_each(workspace, queries.lines_lately(workspace, _LATELY))


def _step_each(workspace: Workspace, meetings: Sequence[UUID]) -> list[tuple[UUID, LineStep]]:
    from projectdesk.services import commands
    from projectdesk.services.typed_line_rows import LineStep

    nothing = LineStep()
    done = ((meeting, commands.step_typed_lines(workspace, meeting)) for meeting in meetings)
    return [(meeting, step) for meeting, step in done if step != nothing]
