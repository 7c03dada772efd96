"""Back up and restore by hand."""

from __future__ import annotations

from pathlib import Path

from projectdesk.errors import EnvironmentFailure
from projectdesk.services.workspace import Workspace, utc_now
from projectdesk.store import backup, migrate
from projectdesk.store.database import revision_of
from projectdesk.store.lock import DataLock


def back_up(workspace: Workspace) -> Path:
    """Copy the database into the folder of backups; ten are kept.

    Returns:
        The copy.

    Raises:
        EnvironmentFailure: `disk_full`, `disk_failed`, `database_corrupt`; `server_backup` for a
            team's database, which its server backs up.
    """
    if not workspace.local:
        raise EnvironmentFailure(
            "server_backup", "The data is on a database server: back it up there (pg_dump)."
        )
    return backup.back_up(workspace.data, workspace.now())


def back_up_daily(workspace: Workspace) -> Path | None:
    """Back up the database where none was made today, as its opening does; return the copy.

    The copy is examined before it counts: so damage is found where the start does not read, and
    a damaged database never takes a good backup's place.

    Raises:
        EnvironmentFailure: `database_corrupt` (fact `newest_backup`, the newest that is whole),
            `disk_full`, `disk_failed`.
    """
    now = workspace.now()
    if not workspace.local or workspace.copied_at is not None:
        return None
    return backup.back_up(workspace.data, now) if backup.is_due(workspace.data, now) else None


def restore(data: Path, copy: Path) -> Path | None:
    """Put a backup in the database's place; nothing may have the folder open.

    Args:
        data: the data folder.
        copy: the backup.

    Returns:
        The backup that was made of what was replaced; None if there was nothing readable.

    Raises:
        NotFound: no such file.
        EnvironmentFailure: `data_in_use`, `not_a_backup`, `backup_damaged`, `database_newer`,
            `disk_full`...; nothing was changed.
    """
    with DataLock(data):
        backup.examine(copy)
        migrate.check_known(revision_of(copy))
        return backup.restore(data, copy, utc_now())
