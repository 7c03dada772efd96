"""One desktop per data folder; the lock dies with the process that holds it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType

from projectdesk.errors import EnvironmentFailure

LOCK_NAME = "projectdesk.lock"


class DataLock:
    """The right to be the desktop of a data folder; held from `acquire` to `release` or death.

    Programs that only read or make one change do not need it: the database keeps writers apart.

    Args:
        data: the data folder; made if it does not exist.
    """

    def __init__(self, data: Path) -> None:
        self.path = data / LOCK_NAME
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            EnvironmentFailure: `data_in_use`; another desktop has the folder open.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        opened = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(opened)
        except OSError:
            os.close(opened)
            raise EnvironmentFailure(
                "data_in_use",
                "ProjectDesk is already open with the folder {folder}.",
                folder=str(self.path.parent),
            ) from None
        self._file = opened

    def release(self) -> None:
        """Give the lock back. Idempotent. The file stays: removing it would race with a taker."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> DataLock:
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


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
