"""Bringing a database to today's schema, forward only (decisions 11, architecture 12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, Engine, inspect, text

from projectdesk.errors import EnvironmentFailure
from projectdesk.store import blank

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0007"
"""The newest migration; a test compares it with the chain. Kept here because loading Alembic to
find that nothing is to be done would cost a third of a second at every start."""


_FULL_TEXT = (
    "search_text",
    "ix_search_entry_trigram",
    "directory_text",
    "ix_directory_entry_trigram",
)


def current_revision(connection: Connection) -> str | None:
    """Return the database's revision, or None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def alembic_config() -> Config:
    """Return Alembic's configuration: the chain beside this module, no ini file."""
    from pathlib import Path

    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def check_known(revision: str | None) -> None:
    """Refuse a database of a newer program.

    Raises:
        EnvironmentFailure: `database_newer`.
    """
    if revision is None or revision == HEAD:
        return
    from alembic.script import ScriptDirectory

    known = {
        script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()
    }
    if revision not in known:
        raise EnvironmentFailure(
            "database_newer",
            "The database was written by a newer version of ProjectDesk (schema {found}; this "
            "version knows {known}). Update ProjectDesk; the data was not touched.",
            found=revision,
            known=HEAD,
        )


def upgrade(engine: Engine, *, by_chain: bool = False) -> None:
    """Bring a database to today's schema, in one transaction; all of it or nothing.

    Args:
        engine: of SQLite with foreign keys off (a migration may rebuild tables), or PostgreSQL.
        by_chain: make also a new SQLite database by all migrations, not at once from the model.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Two desktops that update at once: the second waits, then finds nothing to do.
            connection.execute(text("SELECT pg_advisory_xact_lock(7045112)"))
            _run_chain(connection)
        elif not by_chain and blank.is_new(connection):
            blank.make(connection, HEAD)
        else:
            _run_chain(connection)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"the migration left dangling references: {broken[:5]}")


def _run_chain(connection: Connection) -> None:
    from alembic import command

    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def include_object(
    _thing: object, name: str | None, kind: str, reflected: bool, _compare_to: object
) -> bool:
    """Leave out of comparisons what belongs to the full-text index of one database only."""
    full_text = (name or "").startswith(_FULL_TEXT)
    return not (reflected and kind in {"table", "index"} and full_text)


def render_item(kind: str, thing: Any, _context: object) -> str | Literal[False]:
    """Write our column types into a migration as the plain types they are stored in."""
    from projectdesk.store import types

    if kind != "type":
        return False
    match thing:
        case types.UtcInstant():
            return "sa.DateTime(timezone=True)"
        case types.LocalDateTime():
            return "sa.DateTime()"
        case types.Money():
            return 'sa.Numeric().with_variant(sa.String(), "sqlite")'
        case types.Spelling():
            return "sa.String()"
        case types.TextList() | types.UuidList() | types.CountList():
            return "sa.JSON()"
        case _:
            return False
