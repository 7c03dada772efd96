"""One desktop per data folder."""

from __future__ import annotations

from pathlib import Path

from projectdesk.folders import make_private
from projectdesk.folders.lock import DESKTOP_LOCK, FolderLock


class DataLock(FolderLock):
    """The right to be the desktop of a data folder.

    Programs that only read or make one change do not need it: the database keeps writers apart.
    """

    def __init__(self, data: Path) -> None:
        """Make it. data: the folder; made when the lock is taken. Its error is `data_in_use`."""
        text = "ProjectDesk is already open with the folder {folder}."
        super().__init__(data / DESKTOP_LOCK, "data_in_use", text)

    def acquire(self) -> None:
        """Make the folder and take the lock; errors as of `FolderLock.acquire`."""
        make_private(self.path.parent)
        super().acquire()
