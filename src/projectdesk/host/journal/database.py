"""Opens a host's database, SQLite or PostgreSQL, and brings its schema up to date."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, func, insert, select
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import SQLAlchemyError

from projectdesk.errors import EnvironmentFailure
from projectdesk.folders.location import check_folder
from projectdesk.host.journal import tables

_BUSY_MS = 10_000
_CLAIM = 0x70726F6A6465736B
"""Number of the advisory lock by which a host claims a PostgreSQL database ("projdesk")."""


def default_url(data_dir: Path) -> str:
    """Return the URL of the database in a host's own folder."""
    return f"sqlite:///{(data_dir / 'host.sqlite3').as_posix()}"


def open_database(url: str) -> Engine:
    """Return the engine of a migrated database.

    Args:
        url: SQLAlchemy's, `sqlite:///PATH` or `postgresql+psycopg://...`.

    Raises:
        EnvironmentFailure: `journal_unavailable`, `journal_newer`, `journal_url_invalid`;
            `synced_folder` or `network_folder`, where an SQLite file must not lie.
    """
    try:
        # What people wrote must not come into a log with a database's error.
        address = _with_driver(url)
        engine = create_engine(address, hide_parameters=True, **_patience(address))
    except (SQLAlchemyError, ImportError, ValueError) as error:
        raise EnvironmentFailure(
            "journal_url_invalid", "The address of the journal's database is wrong."
        ) from error
    if (folder := file_folder(engine)) is not None:
        check_folder(folder)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    try:
        with engine.begin() as connection:
            migrate(connection)
            if connection.execute(select(tables.host.c.id)).first() is None:
                first = {"id": 1, "journal": uuid4().hex, "epoch": 1, "last_seq": 0}
                connection.execute(insert(tables.host).values(first))
    except SQLAlchemyError as error:
        engine.dispose()
        raise unavailable(error) from error
    except EnvironmentFailure:
        engine.dispose()
        raise
    return engine


@contextmanager
def claimed(engine: Engine, node: str | None = None) -> Iterator[None]:
    """Hold a database for one host; the place of an SQLite file is locked by its folder.

    Args:
        engine: of the database.
        node: the host is one of several that share it, by this name; each name is there once.

    Raises:
        EnvironmentFailure: `host_running`, another host has it; `nodes_need_postgresql`.
    """
    if engine.dialect.name != "postgresql":
        if node is not None:
            raise EnvironmentFailure(
                "nodes_need_postgresql",
                "Several nodes share one PostgreSQL database: name it with --journal.",
            )
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        text = "Another host uses this journal; each host has one of its own."
        if node is None:
            taken = connection.execute(select(func.pg_try_advisory_lock(_CLAIM))).scalar()
        else:
            text = (
                f"A node called {node} runs already, or a host that shares its journal with none."
            )
            own = int.from_bytes(hashlib.sha256(node.encode()).digest()[:7], "big")
            shared = select(func.pg_try_advisory_lock_shared(_CLAIM))
            alone = select(func.pg_try_advisory_lock(own))
            taken = all(connection.execute(query).scalar() for query in (shared, alone))
        if not taken:
            connection.execute(select(func.pg_advisory_unlock_all()))
            raise EnvironmentFailure("host_running", text)
        try:
            yield
        finally:  # the pool keeps the connection, and so its locks
            connection.execute(select(func.pg_advisory_unlock_all()))


def file_folder(engine: Engine) -> Path | None:
    """Return the folder of an SQLite database, None for a server's."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return None
    return Path(engine.url.database).resolve().parent


def unavailable(error: Exception) -> EnvironmentFailure:
    """Return the failure to raise when the database does not answer; without its address."""
    cause = getattr(error, "orig", None) or error
    return EnvironmentFailure(
        "journal_unavailable",
        "The host cannot reach its journal ({reason}). Nothing that was confirmed is lost.",
        reason=type(cause).__name__,
    )


def migrate(connection: Connection) -> None:
    """Bring the schema to this version.

    Raises:
        EnvironmentFailure: `journal_newer`, the database was made by a later version.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    script = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    known = {revision.revision for revision in script.walk_revisions()}
    if current is not None and current not in known:
        raise EnvironmentFailure(
            "journal_newer",
            "The host's database was made by a later version ({revision}). Update ProjectDesk.",
            revision=current,
        )
    command.upgrade(config, "head")


def _patience(address: str) -> dict[str, Any]:
    """Return how long a database on a server is waited for: a host must be able to end."""
    if not address.startswith("postgresql"):
        return {}
    wait = {"connect_timeout": 10, "tcp_user_timeout": 20_000, "keepalives_idle": 15}
    limits = "-c statement_timeout=30s -c lock_timeout=20s"
    return {"connect_args": {**wait, "options": limits}, "pool_pre_ping": True}


def _with_driver(url: str) -> str:
    parsed = make_url(url)
    if parsed.drivername in {"postgresql", "postgres"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where `_begin_sqlite` says
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={_BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",  # decisions 4: what was confirmed survives a power cut
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
