"""Where a database must not lie: folders that something else copies or serves (decisions 4).

SQLite's WAL needs shared memory and locks that network file systems do not keep, and a
synchronising folder copies half a transaction. Both lose data silently, so both are refused before
the first write.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path, PurePath

from projectdesk.errors import EnvironmentFailure

_SYNCED = (
    "onedrive",
    "dropbox",
    "google drive",
    "googledrive",
    "my drive",
    "icloud drive",
    "iclouddrive",
    "mobile documents",
    "com~apple~clouddocs",
    "nextcloud",
    "owncloud",
    "pcloud drive",
    "seafile",
    "syncthing",
)
_SYNCED_BEGINNINGS = ("onedrive - ", "dropbox (", "onedrive-", "googledrive-", "dropbox-")
_NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "afs"}
    | {"ceph", "glusterfs", "lustre", "ncpfs", "fuse.sshfs", "fuse.rclone", "fuse.davfs2"}
    | {"fuse.glusterfs", "fuse.s3fs", "fuse.gvfsd-fuse"}
)
_WINDOWS_REMOTE_DRIVE = 4  # DRIVE_REMOTE of GetDriveTypeW


def check_folder(data: Path) -> None:
    """Refuse a data folder that is synchronised or on a network.

    Args:
        data: the folder, which need not exist yet.

    Raises:
        EnvironmentFailure: `synced_folder` or `network_folder`, with what to do instead.
    """
    folder = Path(os.path.abspath(data))  # noqa: PTH100 - resolve() fails on drives that are away
    resolved = folder.resolve()
    for candidate in (folder, resolved):
        if service := synced_by(candidate):
            raise EnvironmentFailure(
                "synced_folder",
                "The folder {folder} is synchronised by “{service}”, which would damage the "
                "database. Choose a folder that is not synchronised (--data), and use Export or "
                "Backup to share the data.",
                folder=str(data),
                service=service,
            )
    if on_network(resolved):
        raise EnvironmentFailure(
            "network_folder",
            "The folder {folder} is on a network drive, where the database would be damaged. "
            "Choose a folder of this computer (--data); a team shares a PostgreSQL database.",
            folder=str(data),
        )


def synced_by(folder: PurePath) -> str | None:
    """Return the part of the path that names a synchronising service, or None."""
    for part in folder.parts:
        name = part.casefold()
        if name in _SYNCED or name.startswith(_SYNCED_BEGINNINGS):
            return part
    return None


def on_network(folder: Path) -> bool:
    """Return whether the folder, or the nearest one above that exists, is on a network drive."""
    if sys.platform == "win32":
        import ctypes

        kind = ctypes.windll.kernel32.GetDriveTypeW(folder.anchor)
        return folder.drive.startswith("\\\\") or bool(kind == _WINDOWS_REMOTE_DRIVE)
    if sys.platform == "darwin":
        listing = subprocess.run(
            ["/sbin/mount"], capture_output=True, text=True, timeout=5, check=False
        ).stdout
        return file_system_of(folder, mounts_of_mac(listing)) in _NETWORK_FILE_SYSTEMS
    try:
        table = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return file_system_of(folder, mounts_of_linux(table)) in _NETWORK_FILE_SYSTEMS


def mounts_of_linux(mountinfo: str) -> dict[str, str]:
    """Return mount point -> file system of a Linux `mountinfo` (proc(5)); later lines win."""
    mounts = {}
    for line in mountinfo.splitlines():
        before, separator, after = line.partition(" - ")
        fields = before.split()
        if separator and len(fields) > 4 and after:
            point = fields[4].encode().decode("unicode_escape")
            mounts[point] = after.split()[0]
    return mounts


def mounts_of_mac(listing: str) -> dict[str, str]:
    """Return mount point -> file system of what macOS' `mount` prints."""
    mounts = {}
    for line in listing.splitlines():
        place, separator, options = line.rpartition(" (")
        point = place.partition(" on ")[2]
        if separator and point:
            mounts[point] = options.split(",")[0].rstrip(")")
    return mounts


def file_system_of(folder: PurePath, mounts: dict[str, str]) -> str:
    """Return the file system that holds a folder, "" if the table does not say."""
    for candidate in (folder, *folder.parents):
        if found := mounts.get(str(candidate)):
            return found
    return ""
