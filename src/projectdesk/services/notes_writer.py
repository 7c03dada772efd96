"""Write behind: a queue of changes and the thread that keeps them.

Nothing is dropped when a write fails: the queue waits, whoever watches is told, and the thread
tries again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Final

from projectdesk.errors import ProjectDeskError

log = logging.getLogger(__name__)

BATCH_SECONDS: Final = 0.2
"""How long a change waits for others before both are written."""
RETRY_SECONDS: Final = 1.0
"""How long after a failed write the next is tried."""

Write = Callable[[Sequence[bytes], bool], None]
"""Keep these changes, in one transaction. The flag: somebody waits for it, so be thorough."""
Watcher = Callable[[ProjectDeskError | None], None]
"""Told of a failed write, and of None when writing goes on; called on the writing thread."""


class NotesWriter:
    """A queue and its thread, running from the start until `stop`."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._changed = threading.Condition()
        self._queue: list[bytes] = []
        self._queued = 0
        self._written = 0
        self._hurry = False
        self._stopping = False
        self._failure: ProjectDeskError | None = None
        self._troubled = False
        self._watchers: list[Watcher] = []
        self._thread = threading.Thread(target=self._run, name="notes", daemon=True)
        self._thread.start()

    @property
    def unsaved(self) -> int:
        """How many changes are not kept yet."""
        with self._changed:
            return self._queued - self._written

    def put(self, change: bytes) -> None:
        """Queue a change; it is written within a moment."""
        with self._changed:
            self._queue.append(change)
            self._queued += 1
            self._changed.notify_all()

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Tell `watcher` when writing fails and when it goes on; return what ends that."""
        with self._changed:
            self._watchers.append(watcher)

        def stop() -> None:
            with self._changed:
                if watcher in self._watchers:
                    self._watchers.remove(watcher)

        return stop

    def flush(self) -> None:
        """Write now, thoroughly; return when everything queued so far is kept.

        Raises:
            ProjectDeskError: it could not be written; it stays queued and is tried again.
        """
        with self._changed:
            if self._stopping:
                return
            wanted = self._queued
            self._failure = None
            self._hurry = True
            self._changed.notify_all()
            self._changed.wait_for(
                lambda: (
                    self._failure is not None
                    or self._stopping
                    or (self._written >= wanted and not self._hurry)
                )
            )
            if self._failure is not None:
                raise self._failure

    def stop(self) -> None:
        """Try once to write what is left, and end the thread. Idempotent."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._queue or self._hurry or self._stopping)
                self._changed.wait_for(lambda: self._hurry or self._stopping, BATCH_SECONDS)
                batch, thorough = tuple(self._queue), self._hurry
                if self._stopping:
                    break
            failure = self._attempt(batch, thorough)
            self._settle(len(batch), thorough, failure)
            self._tell(failure)
            if failure is not None:
                with self._changed:
                    self._changed.wait_for(lambda: self._hurry or self._stopping, RETRY_SECONDS)
        if batch:
            self._settle(len(batch), thorough, self._attempt(batch, thorough))

    def _attempt(self, batch: Sequence[bytes], thorough: bool) -> ProjectDeskError | None:
        try:
            self._write(batch, thorough)
        except ProjectDeskError as error:
            log.warning("notes are not written: %s", error.code)
            return error
        except Exception:
            # A bug there must not end the thread: text would pile up unwritten and nobody be told.
            log.exception("notes are not written")
            return ProjectDeskError("notes_not_written", "The notes could not be written.")
        return None

    def _settle(self, count: int, thorough: bool, failure: ProjectDeskError | None) -> None:
        with self._changed:
            self._failure = failure
            if failure is None:
                del self._queue[:count]
                self._written += count
            if thorough:
                self._hurry = False
            self._changed.notify_all()

    def _tell(self, failure: ProjectDeskError | None) -> None:
        if failure is None and not self._troubled:
            return
        self._troubled = failure is not None
        with self._changed:
            watchers = tuple(self._watchers)
        for watcher in watchers:
            try:
                watcher(failure)
            except Exception:
                log.exception("a watcher of the notes failed")
