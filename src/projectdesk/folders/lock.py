"""One owner per folder: a lock that the system frees, however the process ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from projectdesk.errors import EnvironmentFailure
from projectdesk.folders import unusable

if sys.platform == "win32":
    import msvcrt

    def _lock(opened: int) -> None:
        """Lock the first byte; Windows frees it when the handle closes."""
        msvcrt.locking(opened, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(opened: int) -> None:
        """Lock the whole file; the kernel frees it when the descriptor closes."""
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)


DESKTOP_LOCK = "projectdesk.lock"
"""Of the data folder: the desktop that has it open holds it."""


class FolderLock:
    """A lock file, held from `acquire` to `release` or death; or use it as a context."""

    def __init__(self, path: Path, code: str, text: str) -> None:
        """Make it; nothing is taken yet.

        Args:
            path: the lock file; its folder must exist when it is taken.
            code: of the error while another process holds it.
            text: of that error; `{folder}` is filled in.
        """
        self.path = path
        self._code = code
        self._text = text
        self._file: int | None = None

    def is_taken(self) -> bool:
        """Tell whether another holds it; a lock file that is not there is held by nobody."""
        if not self.path.is_file():
            return False
        try:
            self.acquire()
        except EnvironmentFailure:
            return True
        self.release()
        return False

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            EnvironmentFailure: another process holds it; `folder_unusable`.
        """
        folder = str(self.path.parent)
        try:
            opened = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise unusable(self.path.parent, error) from error
        try:
            _lock(opened)
        except OSError:
            os.close(opened)
            raise EnvironmentFailure(self._code, self._text, folder=folder) from None
        self._file = opened

    def release(self) -> None:
        """Give the lock back. Idempotent. The file stays: removing it would race with a taker."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
