"""Copies of the database: before every migration and once a day, ten kept; and the way back."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from projectdesk.errors import EnvironmentFailure, NotFound
from projectdesk.store.engine import database_path
from projectdesk.store.failures import DISK_FULL, sqlite_failure

BACKUPS = "backups"
KEPT = 10
_NAME = re.compile(r"projectdesk-(\d{8}-\d{6})(?:-(\d+))?\.sqlite")


def backups(data: Path) -> list[Path]:
    """Return the backups of a data folder, newest first."""
    folder = data / BACKUPS
    if not folder.is_dir():
        return []
    found = [
        (match[1], int(match[2] or 0), path)
        for path in folder.iterdir()
        if (match := _NAME.fullmatch(path.name))
    ]
    return [path for _moment, _turn, path in sorted(found, reverse=True)]


def made_at(backup: Path) -> datetime:
    """Return the instant (UTC) that a backup's name tells.

    Raises:
        ValueError: not the name of a backup.
    """
    match = _NAME.fullmatch(backup.name)
    if match is None:
        raise ValueError(f"no backup: {backup.name}")
    return datetime.strptime(match[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)


def back_up(data: Path, now: datetime) -> Path:
    """Copy the database as it is, open or not, and drop the oldest copies beyond ten.

    The copy is checked, forced to the disk and only then named, so that no half copy is ever
    taken for a backup. A damaged database is not copied: ten such copies would push out the last
    good one.

    Args:
        data: the data folder.
        now: UTC, for the name.

    Raises:
        EnvironmentFailure: `database_corrupt`, `disk_full`, `disk_failed`.
    """
    folder = data / BACKUPS
    target = _free_name(folder, now)
    partial = target.with_suffix(".partial")
    with explained(data):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with (
                closing(sqlite3.connect(database_path(data))) as source,
                closing(sqlite3.connect(partial)) as copy,
            ):
                source.backup(copy)
                # A single file: the copy needs no companions to be moved or mailed.
                copy.execute("PRAGMA journal_mode=DELETE")
                _check(copy)
            _to_disk(partial)
            partial.replace(target)
            _to_disk(folder)
        finally:
            partial.unlink(missing_ok=True)
    for old in backups(data)[KEPT:]:
        old.unlink(missing_ok=True)
    return target


def restore(data: Path, backup: Path, now: datetime) -> Path | None:
    """Put a backup in the database's place, and keep what was there as a backup if it is readable.

    Nothing else may have the data folder open: hold its `DataLock`.

    Args:
        data: the data folder.
        backup: a file that `back_up` made.
        now: UTC.

    Returns:
        The backup of what was replaced; None if there was nothing, or it was damaged.

    Raises:
        NotFound: no such file.
        EnvironmentFailure: `not_a_backup`, `backup_damaged`, or the disk failed; nothing was
            changed.
    """
    examine(backup)
    database = database_path(data)
    arriving = database.with_suffix(".restoring")
    with explained(data):
        try:
            data.mkdir(parents=True, exist_ok=True)
            with (
                closing(
                    sqlite3.connect(f"{backup.absolute().as_uri()}?mode=ro", uri=True)
                ) as source,
                closing(sqlite3.connect(arriving)) as copy,
            ):
                source.backup(copy)
            _to_disk(arriving)
            kept = _keep_replaced(data, now)
            # The log of the old database must not be replayed into the restored one.
            for companion in ("-wal", "-shm"):
                database.with_name(database.name + companion).unlink(missing_ok=True)
            arriving.replace(database)
            _to_disk(data)
        finally:
            arriving.unlink(missing_ok=True)
    return kept


def _keep_replaced(data: Path, now: datetime) -> Path | None:
    if not database_path(data).is_file():
        return None
    try:
        return back_up(data, now)
    except EnvironmentFailure as failure:
        if failure.code != "database_corrupt":
            raise
        damaged = database_path(data)
        damaged.replace(damaged.with_name(f"damaged-{now:%Y%m%d-%H%M%S}.sqlite"))
        return None


def examine(backup: Path) -> None:
    """Make sure that a file is a whole backup of ours; nothing is written.

    Raises:
        NotFound: `no_backup`.
        EnvironmentFailure: `not_a_backup`, `backup_damaged`.
    """
    if not backup.is_file():
        raise NotFound("no_backup", "There is no backup {file}.", file=str(backup))
    try:
        with closing(
            sqlite3.connect(f"{backup.absolute().as_uri()}?mode=ro", uri=True)
        ) as connection:
            ours = connection.execute(
                "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
            ).fetchone()
            _check(connection)
    except sqlite3.Error as error:
        failure = sqlite_failure(error)
        if failure is None:
            raise
        if getattr(error, "sqlite_errorname", "") != "SQLITE_NOTADB":
            raise EnvironmentFailure(
                "backup_damaged",
                "The backup {file} is damaged: nothing was changed. Try an older one.",
                file=str(backup),
            ) from error
        ours = None
    if ours is None:
        raise EnvironmentFailure(
            "not_a_backup",
            "{file} is no backup of ProjectDesk: nothing was changed.",
            file=str(backup),
        )


def check(path: Path) -> None:
    """Read a whole SQLite file and make sure that its structure holds.

    Raises:
        sqlite3.DatabaseError: it does not.
    """
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        _check(connection)


class _Damaged(sqlite3.DatabaseError):
    sqlite_errorname = "SQLITE_CORRUPT"


def _check(connection: sqlite3.Connection) -> None:
    found = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found[0] != "ok":
        raise _Damaged(found[0])


def _free_name(folder: Path, now: datetime) -> Path:
    stem = f"projectdesk-{now.astimezone(UTC):%Y%m%d-%H%M%S}"
    target, turn = folder / f"{stem}.sqlite", 1
    while target.exists():
        target, turn = folder / f"{stem}-{turn}.sqlite", turn + 1
    return target


def _to_disk(path: Path) -> None:
    """Force a file, or (where the system can) the names of a folder, to the disk."""
    if path.is_dir() and sys.platform == "win32":
        return  # Windows has no such call; its rename is journalled
    opened = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def explained(data: Path) -> Iterator[None]:
    """Turn errors of SQLite and of the disk into errors of the tree."""
    try:
        yield
    except sqlite3.Error as error:
        failure = sqlite_failure(error)
        if failure is None:
            raise
        raise with_newest_backup(failure, data) from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise EnvironmentFailure(*DISK_FULL) from error
        raise EnvironmentFailure(
            "disk_failed",
            "The backup could not be written or read ({reason}): the database is as it was.",
            reason=error.strerror or str(error),
        ) from error


def is_due(data: Path, now: datetime) -> bool:
    """Return whether no backup was made on this day (UTC)."""
    newest = next(iter(backups(data)), None)
    return newest is None or made_at(newest).date() < now.astimezone(UTC).date()


def newest_good(data: Path) -> Path | None:
    """Return the newest backup that is whole."""
    for path in backups(data):
        with suppress(EnvironmentFailure, NotFound):
            examine(path)
            return path
    return None


def with_newest_backup(failure: EnvironmentFailure, data: Path) -> EnvironmentFailure:
    """Return the failure; for a damaged database also the newest good backup.

    It is the fact `newest_backup`; each is read before it is offered.
    """
    if failure.code != "database_corrupt":
        return failure
    newest = newest_good(data)
    if newest is None:
        return EnvironmentFailure(
            failure.code,
            "The database in {folder} is damaged, and there is no backup that is whole.",
            folder=str(data),
            newest_backup=None,
        )
    return EnvironmentFailure(
        failure.code,
        "The database in {folder} is damaged. The newest backup is {newest_backup}; restore it.",
        folder=str(data),
        newest_backup=str(newest),
    )
