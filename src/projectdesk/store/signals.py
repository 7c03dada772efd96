"""How one program learns that another one changed the same database.

PostgreSQL carries a message with each commit (NOTIFY), delivered once it is committed and to those
who listen then. SQLite only tells that its file changed (`PRAGMA data_version`).
"""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from projectdesk.errors import EnvironmentFailure
from projectdesk.store.failures import UNREACHABLE, failure_of, sqlite_failure

CHANNEL: Final = "projectdesk"
LONGEST: Final = 7_900
"""Bytes of one message; PostgreSQL carries fewer than 8000."""
POLL_SECONDS: Final = 1.0
_HEARTBEAT_SECONDS: Final = 5.0


def tell(connection: Connection, message: str) -> None:
    """Send a message with the commit of this transaction; on SQLite, do nothing.

    Args:
        connection: of the transaction.
        message: at most `LONGEST` bytes.
    """
    if connection.dialect.name == "postgresql":
        notify = text("SELECT pg_notify(:channel, :message)")
        connection.execute(notify, {"channel": CHANNEL, "message": message})


class Listening:
    """A connection of its own to PostgreSQL that hears the messages of others and of this program.

    Used by one thread; `close` ends a `wait` of another one within a second.
    """

    def __init__(self, engine: Engine) -> None:
        """Connect.

        Raises:
            EnvironmentFailure: `database_unreachable`...
        """
        self._closed = threading.Event()
        try:
            self._pooled = engine.raw_connection()
            connection: Any = self._pooled.driver_connection
            self._connection = connection
            self._pooled.detach()  # it stays here for as long as the program runs
            self._connection.autocommit = True
            self._connection.execute(f"LISTEN {CHANNEL}")
        except SQLAlchemyError as error:
            raise (failure_of(error) or EnvironmentFailure(*UNREACHABLE)) from error
        except self._errors() as error:
            raise EnvironmentFailure(*UNREACHABLE) from error
        self._asked_at = time.monotonic()

    def wait(self, seconds: float) -> list[str]:
        """Return the messages that came; wait up to `seconds` for the first.

        Raises:
            EnvironmentFailure: `database_unreachable`; messages may have been missed.
        """
        try:
            until = time.monotonic() + seconds
            while not self._closed.is_set() and (left := until - time.monotonic()) > 0:
                slice_ = min(left, POLL_SECONDS)
                heard = [
                    message.payload
                    for message in self._connection.notifies(timeout=slice_, stop_after=1)
                ]
                if heard:
                    return heard
                self._check()
            return []
        except self._errors() as error:
            raise EnvironmentFailure(*UNREACHABLE) from error

    def close(self) -> None:
        """Hang up. Idempotent."""
        self._closed.set()
        if self._pooled.dbapi_connection is not None:
            self._pooled.invalidate()  # it may be broken: nothing is said to the server any more
        self._connection.close()

    def _check(self) -> None:
        """Ask something now and then: a cable that was cut says nothing by itself."""
        if time.monotonic() - self._asked_at >= _HEARTBEAT_SECONDS:
            self._connection.execute("SELECT 1")
            self._asked_at = time.monotonic()

    @staticmethod
    def _errors() -> tuple[type[Exception], ...]:
        import psycopg

        return (psycopg.Error, OSError)


class Watching:
    """A connection of its own to a SQLite file that sees when another connection changed it."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            EnvironmentFailure: it cannot be opened.
        """
        self._closed = threading.Event()
        self._path = path
        try:
            self._connection = sqlite3.connect(path, check_same_thread=False)
            self._version = self._ask()
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def wait(self, seconds: float) -> bool:
        """Return whether the file changed; wait up to `seconds` for it.

        Raises:
            EnvironmentFailure: the file cannot be read.
        """
        until = time.monotonic() + seconds
        while not self._closed.wait(max(0.0, min(POLL_SECONDS, until - time.monotonic()))):
            try:
                now = self._ask()
            except sqlite3.Error as error:
                if self._closed.is_set():
                    return False
                raise self._failure(error) from error
            if now != self._version:
                self._version = now
                return True
            if time.monotonic() >= until:
                break
        return False

    def close(self) -> None:
        """Close the file. Idempotent."""
        self._closed.set()
        self._connection.close()

    def _ask(self) -> int:
        with closing(self._connection.execute("PRAGMA data_version")) as cursor:
            return int(cursor.fetchone()[0])

    def _failure(self, error: sqlite3.Error) -> EnvironmentFailure:
        return sqlite_failure(error) or EnvironmentFailure(
            "database_unavailable", "The database {file} cannot be read.", file=str(self._path)
        )


def broke(error: BaseException) -> bool:
    """Return whether an error of the database is that of a broken connection."""
    return isinstance(error, DBAPIError) and error.connection_invalidated
