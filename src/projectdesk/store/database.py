"""One open database: made, checked, backed up, migrated, then read and written."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Engine
from sqlalchemy.exc import SQLAlchemyError

from projectdesk.errors import EnvironmentFailure
from projectdesk.folders import make_private, unusable
from projectdesk.folders.location import check_folder
from projectdesk.store import backup, migrate
from projectdesk.store.engine import (
    SQLITE_MINIMUM,
    database_path,
    for_reading,
    for_writing,
    open_sqlite,
    open_url,
)
from projectdesk.store.failures import failure_of
from projectdesk.store.server import no_client
from projectdesk.store.signals import Listening, Watching

log = logging.getLogger(__name__)


class Database:
    """An open database. reading, writing: engines whose transactions begin as their name says.

    local: True for the SQLite file of the data folder, False for a server's database.
    """

    def __init__(self, engine: Engine, data: Path, *, local: bool) -> None:
        self.data = data
        self.local = local
        self._engine = engine
        self.reading = for_reading(engine)
        self.writing = for_writing(engine)

    def listen(self) -> Listening | Watching:
        """Return what hears of the commits of other programs.

        Raises:
            EnvironmentFailure: the database does not answer.
        """
        if self._engine.dialect.name == "sqlite":
            return Watching(Path(self._engine.url.database or ""))
        return Listening(self._engine)

    def close(self) -> None:
        """Close every connection. Idempotent."""
        self._engine.dispose()


def open_database(data: Path, url: str | URL | None, now: datetime) -> Database:
    """Open the database of a data folder, or the one at `url`, at today's schema.

    A local one is backed up before a migration and once a day (UTC).

    Args:
        data: the data folder; made if missing.
        url: a PostgreSQL (or SQLite) URL; None for the data folder's own file.
        now: UTC.

    Raises:
        EnvironmentFailure: `synced_folder`, `network_folder`, `database_newer`,
            `database_corrupt` (fact `newest_backup`), `disk_full`, `database_unreachable`...
    """
    try:
        if url is None:
            return _open_local(data, now)
        return _open_by_url(data, url)
    except ModuleNotFoundError as error:
        raise no_client() from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        failure = failure_of(error)
        if failure is None:
            raise
        if isinstance(failure, EnvironmentFailure) and url is None:
            failure = backup.with_newest_backup(failure, data)
        raise failure from error
    except OSError as error:
        raise unusable(data, error) from error


def _open_by_url(data: Path, url: str | URL) -> Database:
    engine = open_url(url)
    try:
        with engine.connect() as connection:
            revision = migrate.current_revision(connection)
        migrate.check_known(revision)
        if revision != migrate.HEAD:
            migrate.upgrade(engine)
    except BaseException:
        engine.dispose()
        raise
    return Database(engine, data, local=False)


def _open_local(data: Path, now: datetime) -> Database:
    if sqlite3.sqlite_version_info < SQLITE_MINIMUM:
        raise EnvironmentFailure(
            "sqlite_too_old",
            "SQLite {found} is too old: at least {needed} is needed.",
            found=sqlite3.sqlite_version,
            needed=".".join(map(str, SQLITE_MINIMUM)),
        )
    check_folder(data)
    make_private(data)
    path = database_path(data)
    revision = revision_of(path)
    migrate.check_known(revision)
    if revision is not None and (revision != migrate.HEAD or backup.is_due(data, now)):
        backup.back_up(data, now)
    if revision != migrate.HEAD:
        _migrate(path)
    return Database(open_sqlite(path), data, local=True)


def new_file(path: Path) -> Database:
    """Make an empty database in a file of its own that needs no companions."""
    engine = open_sqlite(path, foreign_keys=False, journal="DELETE")
    migrate.upgrade(for_writing(engine))
    return Database(engine, path.parent, local=True)


def open_copy(path: Path, data: Path) -> Database | None:
    """Open a copy of a team's database for reading; None when there is none of today's schema."""
    try:
        if not path.is_file() or revision_of(path) != migrate.HEAD:
            return None
    except sqlite3.Error:
        log.warning("the copy of the team's database is damaged")
        return None
    return Database(open_sqlite(path, journal="DELETE", read_only=True), data, local=False)


def revision_of(path: Path) -> str | None:
    """Return the revision of a SQLite file without touching it; None if missing or empty."""
    if not path.is_file() or path.stat().st_size == 0:
        return None
    with closing(sqlite3.connect(path)) as connection:
        known = connection.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
        ).fetchone()
        if known is None:
            return None
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return None if found is None else str(found[0])


def _migrate(path: Path) -> None:
    engine = open_sqlite(path, foreign_keys=False)
    try:
        migrate.upgrade(for_writing(engine))
    finally:
        engine.dispose()
    log.info("database at schema %s", migrate.HEAD)
