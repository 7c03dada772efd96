"""What a database error means to the person in front of it."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from projectdesk.errors import Conflict, EnvironmentFailure, ProjectDeskError
from projectdesk.store.refusals import refusal

DISK_FULL = (
    "disk_full",
    "The disk is full: nothing was changed. Free some space and try again.",
)

UNREACHABLE = (
    "database_unreachable",
    "The database server does not answer: nothing was changed. Check the connection.",
)

_SQLITE: dict[str, tuple[str, str]] = {
    "SQLITE_FULL": DISK_FULL,
    # The index of the log beside the database could not grow: the disk is full at opening.
    "SQLITE_IOERR_SHMSIZE": DISK_FULL,
    "SQLITE_BUSY": (
        "database_busy",
        "Another program is writing to the database: nothing was changed. Try again.",
    ),
    "SQLITE_LOCKED": (
        "database_busy",
        "Another program is writing to the database: nothing was changed. Try again.",
    ),
    "SQLITE_CORRUPT": (
        "database_corrupt",
        "The database is damaged. Restore the newest backup.",
    ),
    "SQLITE_NOTADB": (
        "database_corrupt",
        "The file is not a database of this program, or it is damaged. Restore the newest backup.",
    ),
    "SQLITE_READONLY": (
        "database_read_only",
        "The database cannot be written: nothing was changed. Check the rights of its folder.",
    ),
    "SQLITE_IOERR": (
        "disk_failed",
        "The disk failed to read or write: nothing was changed. Check the disk.",
    ),
    "SQLITE_CANTOPEN": (
        "database_unavailable",
        "The database cannot be opened. Check its folder and its rights.",
    ),
}


def sqlite_failure(error: sqlite3.Error) -> EnvironmentFailure | None:
    """Return what an error of SQLite itself means, or None if it is a bug here."""
    name = getattr(error, "sqlite_errorname", "") or ""
    for prefix, (code, text) in _SQLITE.items():
        if name == prefix or name.startswith(prefix + "_"):
            return EnvironmentFailure(code, text)
    return None


def failure_of(error: BaseException) -> ProjectDeskError | None:
    """Return what a database error means, or None if it is a bug here.

    Args:
        error: as SQLAlchemy or sqlite3 raised it.
    """
    if isinstance(error, sqlite3.Error):
        return sqlite_failure(error)
    if isinstance(error, StaleDataError):
        return Conflict(
            "moved_on", "Somebody else changed this meanwhile: nothing was changed. Look again."
        )
    if isinstance(error, PoolTimeout):
        return EnvironmentFailure("database_busy", "The database is busy. Try again.")
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error.orig, sqlite3.Error) and (known := sqlite_failure(error.orig)):
        return known
    if isinstance(error, IntegrityError):
        return Conflict(
            "contradicts",
            "Something else in the database contradicts this change: nothing was changed.",
        )
    if getattr(error.orig, "sqlstate", None) == "42501":
        return EnvironmentFailure(
            "database_no_rights",
            "This user of the database server may not do that: nothing was changed. Its "
            "administrator has to grant it.",
        )
    if isinstance(error, OperationalError | InterfaceError):
        return _server_failure(error)
    return None


def _server_failure(error: DBAPIError) -> EnvironmentFailure | None:
    """Tell apart what goes wrong between us and PostgreSQL (SQLSTATE classes)."""
    if isinstance(error.orig, sqlite3.Error):
        return None
    state = getattr(error.orig, "sqlstate", None) or ""
    if state == "53100":
        return EnvironmentFailure(
            "disk_full", "The database server's disk is full: nothing was changed."
        )
    if state[:2] == "40" or state in {"55P03", "57014"}:
        return EnvironmentFailure(
            "database_busy", "The database is busy: nothing was changed. Try again."
        )
    if state[:2] == "28":
        return EnvironmentFailure(
            "database_refused", "The database server refuses the name or the password."
        )
    return refusal(str(error.orig)) or EnvironmentFailure(*UNREACHABLE)
