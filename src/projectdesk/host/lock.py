"""One host per data folder."""

from __future__ import annotations

from pathlib import Path

from projectdesk.folders.lock import FolderLock


class HostLock(FolderLock):
    """The right to be the host of a data folder."""

    def __init__(self, folder: Path) -> None:
        """Make it. folder: must exist when the lock is taken. Its error is `host_running`."""
        text = "A host is running on {folder} already; there is one per data folder."
        super().__init__(folder / "host.lock", "host_running", text)
