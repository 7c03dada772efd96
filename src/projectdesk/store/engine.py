"""How a database is opened: SQLite in the data folder, or PostgreSQL by URL (decisions 9).

SQLite runs in WAL mode with foreign keys on and `synchronous=FULL` on every connection: a commit is
on the disk when it returns. FULL costs one fsync a commit; the measurement is in docs/adr/0030.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

DATABASE_NAME = "projectdesk.sqlite"
BUSY_SECONDS = 15
"""How long a write waits for another program's before it gives up."""
SQLITE_MINIMUM = (3, 34, 0)
"""First SQLite whose full-text search knows trigrams."""


def database_path(data: Path) -> Path:
    """Return where the SQLite database of a data folder lies."""
    return data / DATABASE_NAME


def open_sqlite(
    path: Path, *, foreign_keys: bool = True, journal: str = "WAL", read_only: bool = False
) -> Engine:
    """Return an engine on a SQLite file, made when first written.

    A unit that writes begins IMMEDIATE (execution option `immediate`), so that two writers queue
    instead of failing when the second one has already read.

    Args:
        path: the file.
        foreign_keys: off only while a migration rebuilds tables.
        journal: "WAL", or "DELETE" for a file that is to need no companions.
        read_only: nothing can be written, by nobody's mistake.
    """
    name = f"{path.absolute().as_uri()}?mode=ro&uri=true" if read_only else str(path)
    engine = create_engine(
        f"sqlite:///{name}" if read_only else URL.create("sqlite", database=name),
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False},
        poolclass=QueuePool,
        hide_parameters=True,  # what people wrote must not come into a log with an error
    )
    _prepare_sqlite(engine, foreign_keys, "" if read_only else journal)
    return engine


def _prepare_sqlite(engine: Engine, foreign_keys: bool, journal: str) -> None:
    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _entry: ConnectionPoolEntry) -> None:
        for pragma in (
            f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
            *([f"journal_mode={journal}"] if journal else []),
            "synchronous=FULL",
            "temp_store=MEMORY",
            "cache_size=-32000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "checkin")
    def _end(connection: Any, _entry: ConnectionPoolEntry) -> None:
        # A refused COMMIT (a dangling reference, a full disk) leaves SQLite's transaction open,
        # and SQLAlchemy takes it for ended.
        if connection is not None and connection.in_transaction:
            connection.rollback()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def open_url(url: str | URL) -> Engine:
    """Return an engine on a database by URL.

    Args:
        url: `postgresql://USER:PASSWORD@HOST/NAME` (spoken to with psycopg) or `sqlite:///FILE`.

    Raises:
        ValueError: neither PostgreSQL nor SQLite.
    """
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite" and parsed.database:
        return open_sqlite(Path(parsed.database))
    if backend != "postgresql":
        raise ValueError(f"a database is SQLite or PostgreSQL, not {backend}")
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg").update_query_dict(_patience(parsed)),
        pool_pre_ping=True,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _session(connection: Any, _entry: ConnectionPoolEntry) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET TIME ZONE 'UTC'")
            cursor.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
        connection.commit()

    return engine


def _patience(url: URL) -> dict[str, str]:
    """Return how long a silent server is waited for, where the URL does not say it itself.

    A cable that was cut is noticed within about 15 seconds instead of two hours.
    """
    usual = {
        "connect_timeout": "6",
        "keepalives_idle": "5",
        "keepalives_interval": "3",
        "keepalives_count": "3",
        "tcp_user_timeout": "12000",  # milliseconds
        "application_name": "ProjectDesk",
    }
    return {name: value for name, value in usual.items() if name not in url.query}


def for_reading(engine: Engine) -> Engine:
    """Return the engine whose transactions read one state of the data from first to last query."""
    if engine.dialect.name == "sqlite":
        return engine  # a read transaction of WAL mode is a snapshot by itself
    return engine.execution_options(isolation_level="REPEATABLE READ")


def for_writing(engine: Engine) -> Engine:
    """Return the engine whose transactions take the right to write at their beginning."""
    return engine.execution_options(immediate=True)
