"""One host per data folder: a lock that the system frees, however the process ends."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import IO

from projectdesk.errors import EnvironmentFailure

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


class FolderLock:
    """Holds `host.lock` of a data folder; use as a context."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "host.lock"
        self._file: IO[str] | None = None

    def __enter__(self) -> FolderLock:
        """Take the lock.

        Raises:
            EnvironmentFailure: `host_running`, another host has it; `folder_unusable`.
        """
        try:
            self._file = self._path.open("a+", encoding="utf-8")
        except OSError as error:
            raise EnvironmentFailure(
                "folder_unusable", "The folder {folder} cannot be written.", folder=_shown(self)
            ) from error
        try:
            _lock(self._file)
        except OSError as error:
            self._file.close()
            raise EnvironmentFailure(
                "host_running",
                "A host is running on {folder} already; there is one per data folder.",
                folder=_shown(self),
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Free the lock; the file stays, because removing it would race with the next host."""
        if self._file is not None:
            self._file.close()


def _shown(lock: FolderLock) -> str:
    return str(lock._path.parent)
