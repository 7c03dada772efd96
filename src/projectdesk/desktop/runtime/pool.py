"""Work off the GUI thread; what comes of it is delivered on the GUI thread.

Two lanes: `database` is one thread, so that answers come in the order in which they were asked for
and a page never shows an older answer over a newer one; `long` is for imports, exports and
backups, which would hold up everything else.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal

from projectdesk.errors import ProjectDeskError

T = TypeVar("T")
_log = logging.getLogger(__name__)
_LONG_THREADS = 2
Failed = Callable[[ProjectDeskError], None]
_Parcel = tuple["Request", Callable[[object], None] | None, object, Failed | None]


class Lane(StrEnum):
    """Where work waits its turn."""

    DATABASE = "database"
    LONG = "long"


class Request:
    """Something that was asked for; a dropped one delivers nothing any more."""

    def __init__(self) -> None:
        self.dropped = False

    def drop(self) -> None:
        """Nobody waits for the answer any more."""
        self.dropped = True


class Pool(QObject):
    """Runs functions on worker threads.

    Errors of the tree go to `failed`; others are bugs and raised on the GUI thread, where the
    crash dialog tells of them.
    """

    failed = Signal(object)
    _delivered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._closed = False
        self._open: set[Request] = set()
        self._lanes = {Lane.DATABASE: self._lane(1), Lane.LONG: self._lane(_LONG_THREADS)}
        self._delivered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def _lane(self, threads: int) -> QThreadPool:
        lane = QThreadPool(self)
        lane.setMaxThreadCount(threads)
        lane.setExpiryTimeout(-1)
        return lane

    @property
    def idle(self) -> bool:
        """True when nothing runs and nothing waits to be delivered."""
        return not self._open

    def run(
        self,
        function: Callable[[], T],
        then: Callable[[T], None] | None = None,
        failed: Failed | None = None,
        lane: Lane = Lane.DATABASE,
    ) -> Request:
        """Run `function` on a worker.

        Args:
            function: touches no widget and no QObject.
            then: gets the result, on the GUI thread.
            failed: gets an error of the tree, on the GUI thread; without it `self.failed` does.
            lane: where it waits.
        """
        request = Request()
        if self._closed:
            request.drop()
            return request
        self._open.add(request)

        def work() -> None:
            try:
                result = function()
            except BaseException as error:  # carried over whole, and raised there
                self._delivered.emit((request, None, error, failed))
            else:
                self._delivered.emit((request, then, result, None))

        self._lanes[lane].start(work)
        return request

    def close(self) -> None:
        """Wait for what runs and for what the database still has to do; deliver nothing more."""
        self._closed = True
        self._lanes[Lane.LONG].clear()
        for lane in self._lanes.values():
            lane.waitForDone()
        self._open.clear()

    def _deliver(self, parcel: _Parcel) -> None:
        request, then, result, failed = parcel
        self._open.discard(request)
        if self._closed or request.dropped:
            return
        if isinstance(result, BaseException):
            self._deliver_error(result, failed)
        elif then is not None:
            then(result)

    def _deliver_error(self, error: BaseException, failed: Failed | None) -> None:
        if not isinstance(error, ProjectDeskError):
            sys.excepthook(type(error), error, error.__traceback__)
        elif failed is not None:
            failed(error)
        else:
            _log.info("refused: %s", error.code)
            self.failed.emit(error)
