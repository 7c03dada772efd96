"""A new SQLite database: the model's tables at once, instead of the whole chain of migrations.

The chain rebuilds tables that are empty, which costs seconds at a first start and with every
project file. A test holds that both ways make the same database. PostgreSQL goes by the chain:
it is made once for a team, and what it needs beside the model depends on the server.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from projectdesk.store import schema

_SEARCH: Final = (
    """CREATE VIRTUAL TABLE search_text USING fts5(
        title_folded, body_folded, content='search_entry', content_rowid='id',
        tokenize='trigram case_sensitive 1')""",
    """CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
        INSERT INTO search_text(rowid, title_folded, body_folded)
        VALUES (new.id, new.title_folded, new.body_folded);
    END""",
    """CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN
        INSERT INTO search_text(search_text, rowid, title_folded, body_folded)
        VALUES ('delete', old.id, old.title_folded, old.body_folded);
    END""",
    """CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry BEGIN
        INSERT INTO search_text(search_text, rowid, title_folded, body_folded)
        VALUES ('delete', old.id, old.title_folded, old.body_folded);
        INSERT INTO search_text(rowid, title_folded, body_folded)
        VALUES (new.id, new.title_folded, new.body_folded);
    END""",
    """CREATE VIRTUAL TABLE directory_text USING fts5(
        words, content='directory_entry', content_rowid='id',
        tokenize='trigram case_sensitive 1')""",
)
_ONLY_GROW: Final = ("audit_entry", "minutes_version")
"""Tables that are only appended to (ADR 86)."""
_REVISION: Final = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,"
    " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)
"""As Alembic makes it; loading Alembic for it would cost a third of a second."""


def is_new(connection: Connection) -> bool:
    """Tell whether nothing was ever made in a SQLite database."""
    return not connection.exec_driver_sql("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()


def make(connection: Connection, revision: str) -> None:
    """Make all of today's schema in an empty SQLite database, in the caller's transaction.

    Args:
        connection: to the database.
        revision: what the schema is called in the chain of migrations.
    """
    schema.metadata.create_all(connection, checkfirst=False)
    for statement in (*_SEARCH, _REVISION):
        connection.exec_driver_sql(statement)
    for table in _ONLY_GROW:
        for change in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is only appended to'); END"
            )
    connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (revision,))
