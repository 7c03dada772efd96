"""The open workspace as presenters see it: ask, change, be told of changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar
from uuid import UUID

from PySide6.QtCore import QObject, Qt, Signal

from projectdesk.desktop.language import say_error
from projectdesk.desktop.runtime.pool import Failed, Lane, Pool, Request
from projectdesk.errors import ProjectDeskError
from projectdesk.services.rows import Changes

if TYPE_CHECKING:
    from projectdesk.services.conflicts import ConflictView
    from projectdesk.services.workspace import Workspace

T = TypeVar("T")
Listener = Callable[[Changes], None]


@dataclass(frozen=True)
class Notice:
    """Something to tell the person.

    undo: the change that may be taken back from here; None = there is none to take back.
    conflict: instead of words, a choice that a person has to make (docs/adr/0054).
    """

    text: str
    undo: UUID | None = None
    error: bool = False
    conflict: ConflictView | None = None


class LongWork(QObject):
    """Long work under way: how far it is, and the way to stop it."""

    progressed = Signal(int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._stop.set()

    def cancelled(self) -> bool:
        """Return whether it was asked to stop; called by the work."""
        return self._stop.is_set()

    def progress(self, done: int, total: int) -> None:
        """Tell how far it is; called by the work, on its thread."""
        self.progressed.emit(done, total)


class Session(Protocol):
    """What a presenter needs of the outside; tests give one that answers at once."""

    def ask(
        self,
        work: Callable[[Workspace], T],
        then: Callable[[T], None] | None = None,
        failed: Failed | None = None,
    ) -> Request:
        """Run `work` on the database's thread; `then` gets its result on the GUI thread."""

    def ask_long(
        self,
        work: Callable[[Workspace, LongWork], T],
        then: Callable[[T], None] | None = None,
        failed: Failed | None = None,
    ) -> LongWork:
        """Run `work` beside everything else, with progress and cancel."""

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` on the GUI thread after each commit; returns how to stop that."""

    def tell(self, notice: Notice) -> None:
        """Tell the person something."""


class WorkspaceSession(QObject):
    """A `Session` over an open workspace."""

    noticed = Signal(object)
    _changed = Signal(object)

    def __init__(self, workspace: Workspace, pool: Pool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.pool = pool
        self._listeners: list[Listener] = []
        # A commit announces itself on its own thread: the signal carries it to this one.
        self._unsubscribe = workspace.subscribe(self._changed.emit)
        self._changed.connect(self._spread, Qt.ConnectionType.QueuedConnection)

    def ask(
        self,
        work: Callable[[Workspace], T],
        then: Callable[[T], None] | None = None,
        failed: Failed | None = None,
    ) -> Request:
        """Run `work` on the database's thread; `then` gets its result on the GUI thread."""
        return self.pool.run(lambda: work(self.workspace), then, failed or self._on_failed)

    def ask_long(
        self,
        work: Callable[[Workspace, LongWork], T],
        then: Callable[[T], None] | None = None,
        failed: Failed | None = None,
    ) -> LongWork:
        """Run `work` beside everything else, with progress and cancel."""
        under_way = LongWork(self)
        self.pool.run(
            lambda: work(self.workspace, under_way), then, failed or self._on_failed, Lane.LONG
        )
        return under_way

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` on the GUI thread after each commit; returns how to stop that."""
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    def hear(self, changes: Changes) -> None:
        """Let every listener know what somebody else changed; on the GUI thread."""
        self._spread(changes)

    def tell(self, notice: Notice) -> None:
        """Tell the person something."""
        self.noticed.emit(notice)

    def close(self) -> None:
        """Wait for what runs, then close the workspace."""
        self.pool.close()
        self._unsubscribe()
        self._listeners.clear()
        self.workspace.close()

    def _on_failed(self, error: ProjectDeskError) -> None:
        self.tell(Notice(say_error(error), error=True))

    def _spread(self, changes: Changes) -> None:
        for listener in list(self._listeners):
            listener(changes)
