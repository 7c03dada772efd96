"""A PostgreSQL server examined before it is used: what is wrong with it, in plain words."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Final

from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import SQLAlchemyError

from projectdesk.errors import EnvironmentFailure
from projectdesk.store import migrate
from projectdesk.store.engine import open_url
from projectdesk.store.failures import UNREACHABLE, failure_of
from projectdesk.store.refusals import refusal

LEAST_VERSION: Final = 14
"""First major version of PostgreSQL that is supported (and that its makers still mend)."""
_TRY_SECONDS: Final = 5.0
_SSL_REQUEST: Final = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")


@dataclass(frozen=True)
class ServerState:
    """A server that can be used. version: "15.14". encrypted: the connection is TLS.

    revision: schema that the database has, None when it is empty. current: it is today's.
    projects: how many it holds.
    """

    version: str
    encrypted: bool
    revision: str | None
    current: bool
    projects: int


def examine(url: URL) -> ServerState:
    """Try a database: reach it, sign in, see what it holds and what one may do. Changes nothing.

    Args:
        url: with the password; of a server by TCP, or of a Unix socket.

    Raises:
        EnvironmentFailure: says what is wrong and who can mend it: `database_no_host`,
            `database_no_server`, `database_no_answer`, `database_no_tls`, `database_untrusted`,
            `database_wrong_password`, `database_not_allowed`, `database_missing`,
            `database_too_old`, `database_read_only_server`, `database_encoding`,
            `database_no_rights`, `database_newer`...
    """
    if url.host:
        _reach(url.host, url.port or 5432, tls=url.query.get("sslmode") != "disable")
    try:
        engine = open_url(url)
    except ModuleNotFoundError as error:
        raise no_client() from error
    try:
        with engine.connect() as connection:
            return _look(connection)
    except SQLAlchemyError as error:
        failure = failure_of(error)
        if failure is None:
            raise
        raise failure from error
    finally:
        engine.dispose()


def no_client() -> EnvironmentFailure:
    """Return the failure of an installation without a client of PostgreSQL."""
    return EnvironmentFailure(
        "no_database_client",
        "This installation of ProjectDesk has no client of PostgreSQL (install projectdesk[team]).",
    )


def _reach(host: str, port: int, *, tls: bool) -> None:
    """Make sure that something listens there, and that it offers TLS where it is wanted."""
    try:
        with socket.create_connection((host, port), timeout=_TRY_SECONDS) as connection:
            connection.sendall(_SSL_REQUEST)
            offered = connection.recv(1)
    except socket.gaierror as error:
        raise _refused("failed to resolve host") from error
    except TimeoutError as error:
        raise _refused("timeout expired") from error
    except ConnectionRefusedError as error:
        raise _refused("Connection refused") from error
    except OSError as error:
        raise _refused("timeout expired") from error
    if offered not in {b"S", b"N"}:
        raise EnvironmentFailure(
            "database_other_server",
            "What answers there is no PostgreSQL server. Check host and port.",
        )
    if tls and offered == b"N":
        raise _refused("server does not support SSL")


def _refused(text_: str) -> EnvironmentFailure:
    return refusal(text_) or EnvironmentFailure(*UNREACHABLE)


def _look(connection: Connection) -> ServerState:
    number = int(connection.scalar(text("SHOW server_version_num")) or 0)
    version = str(connection.scalar(text("SHOW server_version"))).split()[0]
    if number < LEAST_VERSION * 10_000:
        raise EnvironmentFailure(
            "database_too_old",
            "The server is PostgreSQL {found}; at least {least} is needed.",
            found=version,
            least=LEAST_VERSION,
        )
    if connection.scalar(text("SELECT pg_is_in_recovery()")):
        raise EnvironmentFailure(
            "database_read_only_server",
            "This server is a read-only copy of another one. Enter the other one.",
        )
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise EnvironmentFailure(
            "database_encoding",
            "The database keeps text as {encoding}. It has to be made with ENCODING 'UTF8'.",
            encoding=str(encoding),
        )
    revision = migrate.current_revision(connection)
    migrate.check_known(revision)
    current = revision == migrate.HEAD
    _check_rights(connection, current=current)
    encrypted = connection.scalar(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
    projects = connection.scalar(text("SELECT count(*) FROM project")) if revision else 0
    return ServerState(version, bool(encrypted), revision, current, int(projects or 0))


def _check_rights(connection: Connection, *, current: bool) -> None:
    if current:
        allowed = connection.scalar(
            text(
                "SELECT bool_and(has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE') "
                "AND has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE') "
                "AND has_table_privilege(c.oid, 'DELETE')) FROM pg_class c "
                "WHERE c.relkind = 'r' AND c.relname <> 'alembic_version' "
                "AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = "
                "'project'::regclass)"
            )
        )
        words = "This user may not read and write the tables of the database."
    else:
        allowed = connection.scalar(
            text("SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)")
        )
        words = "This user may not create tables in the database."
    if not allowed:
        raise EnvironmentFailure(
            "database_no_rights",
            "{words} Its administrator has to grant it.",
            words=words,
        )
