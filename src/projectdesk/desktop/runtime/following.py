"""Hears what others change in the same database, on a thread of its own; knows if it is there.

A connection that drops is tried again after 1, 2, 4 ... 20 seconds; then what was missed is told.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from projectdesk.desktop.language import say_error
from projectdesk.errors import ProjectDeskError

if TYPE_CHECKING:
    from projectdesk.services.following import Follower
    from projectdesk.services.workspace import Workspace

_log = logging.getLogger(__name__)
_WAIT_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 20.0
_END_SECONDS = 15.0


class Following(QObject):
    """Follows an open workspace until it is stopped.

    heard: `Changes` of others. lost: why the connection is gone, in words. back: it is there again.
    All are emitted on the thread of this object's owner.
    """

    heard = Signal(object)
    lost = Signal(str)
    back = Signal()

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to listen."""
        self._thread = threading.Thread(target=self._run, name="following", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; returns when the thread has ended. Idempotent."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_END_SECONDS)
            self._thread = None

    def _run(self) -> None:
        from projectdesk.services.following import Follower

        follower: Follower | None = None
        pause, lost = _WAIT_SECONDS, False
        while not self._stop.is_set():
            try:
                if follower is None:
                    follower = Follower(self._workspace)
                elif lost:
                    follower.reconnect()
                if lost:
                    for changes in follower.catch_up():
                        self.heard.emit(changes)
                    pause, lost = _WAIT_SECONDS, False
                    self.back.emit()
                for changes in follower.wait(_WAIT_SECONDS):
                    self.heard.emit(changes)
            except ProjectDeskError as error:
                if not lost:
                    _log.warning("the database is out of reach: %s", error.code)
                    lost = True
                    self.lost.emit(say_error(error))
                self._stop.wait(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
        if follower is not None:
            follower.close()
