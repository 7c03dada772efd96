from __future__ import annotations

import gzip
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy.exc
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine

from projectdesk.errors import EnvironmentFailure
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services.workspace import Workspace
from projectdesk.store import blank, migrate, schema
from projectdesk.store.database import open_database
from projectdesk.store.engine import database_path, for_writing, open_sqlite, open_url
from tests.unit.services.conftest import START

RELEASED = Path(__file__).parent / "released"
"""One database of every schema that was released: `NNNN.sqlite.gz`, with a record in it."""


def _differences(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_object": migrate.include_object, "compare_type": True},
        )
        return list(compare_metadata(context, schema.metadata))


def _revisions() -> list[str]:
    scripts = ScriptDirectory.from_config(migrate.alembic_config())
    return [script.revision for script in scripts.walk_revisions()]


def test_the_chain_is_linear_and_its_head_is_known() -> None:
    scripts = ScriptDirectory.from_config(migrate.alembic_config())
    assert scripts.get_heads() == [migrate.HEAD]
    assert all(isinstance(s.down_revision, str | None) for s in scripts.walk_revisions())


def _migrated(path: Path) -> Engine:
    engine = open_sqlite(path, foreign_keys=False)
    migrate.upgrade(for_writing(engine), by_chain=True)
    return engine


def _made(engine: Engine) -> dict[tuple[str, str], list[str]]:
    """Return what a SQLite database consists of: its statements as sorted lines without layout."""
    query = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    with engine.connect() as connection:
        found = connection.exec_driver_sql(query).all()
    return {(kind, name): _lines(sql or "") for kind, name, sql in found}


def _lines(sql: str) -> list[str]:
    bare = sql.replace('"', "")
    for mark in "(),":
        bare = bare.replace(mark, f" {mark} ")
    words = " ".join(bare.split())
    if not words.startswith("CREATE TABLE"):
        return [words]
    head, parts = words.removesuffix(" )").split(" ( ", 1)
    return [head, *sorted(part.strip() for part in parts.split(" , "))]


def test_the_migrations_make_what_the_model_says(tmp_path: Path) -> None:
    engine = _migrated(tmp_path / "chain.sqlite")
    assert _differences(engine) == []
    engine.dispose()


def test_a_new_database_is_what_the_migrations_make(tmp_path: Path) -> None:
    open_database(tmp_path, None, START).close()
    new, chain = open_sqlite(database_path(tmp_path)), _migrated(tmp_path / "chain.sqlite")
    assert len(_made(new)) > 150
    assert _made(new) == _made(chain)
    for engine in (new, chain):
        with engine.connect() as connection:
            assert migrate.current_revision(connection) == migrate.HEAD
        engine.dispose()


def test_a_new_database_is_made_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blank, "_ONLY_GROW", ("audit_entry", "no_such_table"))
    with pytest.raises(sqlalchemy.exc.OperationalError, match="no_such_table"):
        open_database(tmp_path, None, START)
    with closing(sqlite3.connect(database_path(tmp_path))) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    monkeypatch.undo()
    open_database(tmp_path, None, START).close()


@pytest.mark.full
def test_the_migrations_make_it_on_postgresql(postgres_database: Callable[[], str]) -> None:
    engine = open_url(postgres_database())
    assert _differences(engine) == []
    engine.dispose()


def test_a_difference_would_be_seen(tmp_path: Path) -> None:
    open_database(tmp_path, None, START).close()
    engine = open_sqlite(database_path(tmp_path))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE setting")
        connection.exec_driver_sql("DROP INDEX ix_person_email")
    assert {difference[0] for difference in _differences(engine)} == {"add_table", "add_index"}
    engine.dispose()


def test_every_released_schema_is_kept() -> None:
    assert {path.name.split(".")[0] for path in RELEASED.glob("*.sqlite.gz")} == set(_revisions())


def _released() -> list[Any]:
    """Return every released database; those between the first and the last two in the full run."""
    first, *between, last, newest = sorted(RELEASED.glob("*.sqlite.gz"))
    slow = [pytest.param(path, marks=pytest.mark.full) for path in between]
    return [first, *slow, last, newest]


@pytest.mark.parametrize("released", _released(), ids=lambda p: p.name)
def test_a_released_database_is_brought_to_today(tmp_path: Path, released: Path) -> None:
    with gzip.open(released) as packed, database_path(tmp_path).open("wb") as file:
        shutil.copyfileobj(packed, file)
    with Workspace.open(tmp_path, secrets=MemorySecrets()):
        pass
    engine = open_sqlite(database_path(tmp_path))
    assert _differences(engine) == []
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT acronym FROM project").scalars().all()
    engine.dispose()
    assert found == ["SAMPLE"]


@pytest.mark.full
def test_files_of_chats_become_documents_of_their_project(tmp_path: Path) -> None:
    with gzip.open(RELEASED / "0003.sqlite.gz") as packed, database_path(tmp_path).open("wb") as f:
        shutil.copyfileobj(packed, f)
    meeting, document = uuid4().hex, uuid4().hex
    with closing(sqlite3.connect(database_path(tmp_path))) as connection:
        (project,) = connection.execute("SELECT id FROM project").fetchone()
        connection.execute(
            "INSERT INTO meeting (id, version, project_id, type, title, local_start, zone,"
            " fold_rule, starts_at, tzdata, duration_minutes, place, state, room, host) VALUES"
            " (?, 1, ?, 'ad_hoc', 'Call', '2026-11-24 09:00:00', 'UTC', 'earlier',"
            " '2026-11-24 09:00:00', '', 60, '', 'planned', 'abcdefghij', '')",
            (meeting, project),
        )
        connection.execute(
            "INSERT INTO document (id, version, meeting_id, file, name, size, sha256, shared_by,"
            " shared_at, stored) VALUES (?, 1, ?, 'f', 'plan.pdf', 7, 'aa', 'Ana',"
            " '2026-11-24 09:30:00', 1)",
            (document, meeting),
        )
        connection.commit()
    open_database(tmp_path, None, START).close()
    with closing(sqlite3.connect(database_path(tmp_path))) as connection:
        found = connection.execute("SELECT project_id, meeting_id, name, note FROM document")
        assert found.fetchall() == [(project, meeting, "plan.pdf", "")]


@pytest.mark.full
def test_meetings_and_documents_of_before_stay_as_they_were(tmp_path: Path) -> None:
    with gzip.open(RELEASED / "0006.sqlite.gz") as packed, database_path(tmp_path).open("wb") as f:
        shutil.copyfileobj(packed, f)
    meeting, document = uuid4().hex, uuid4().hex
    with closing(sqlite3.connect(database_path(tmp_path))) as connection:
        (project,) = connection.execute("SELECT id FROM project").fetchone()
        connection.execute(
            "INSERT INTO meeting (id, version, project_id, type, title, local_start, zone,"
            " fold_rule, starts_at, tzdata, duration_minutes, place, state, room, host,"
            " extraordinary, uid, sequence, organiser, outside_url, nights, ended_at) VALUES"
            " (?, 1, ?, 'ad_hoc', 'Call', '2026-11-24 09:00:00', 'UTC', 'earlier',"
            " '2026-11-24 09:00:00', '', 60, '', 'held', 'abcdefghij', '', 0, '', 0, '', '',"
            " '[]', '2026-11-24 10:05:00')",
            (meeting, project),
        )
        connection.execute(
            "INSERT INTO document (id, version, project_id, meeting_id, name, size, sha256,"
            " shared_by, shared_at, stored, note) VALUES"
            " (?, 1, ?, ?, 'plan.pdf', 7, 'aa', 'Ana', '2026-11-24 09:30:00', 1, '')",
            (document, project, meeting),
        )
        connection.commit()
    open_database(tmp_path, None, START).close()
    with closing(sqlite3.connect(database_path(tmp_path))) as connection:
        met = connection.execute("SELECT title, ended_at, held_from, held_until FROM meeting")
        assert met.fetchall() == [("Call", "2026-11-24 10:05:00", None, None)]
        kept = connection.execute("SELECT name, meeting_id, vote_id FROM document")
        assert kept.fetchall() == [("plan.pdf", meeting, None)]


def test_a_newer_database_is_refused_untouched(tmp_path: Path) -> None:
    open_database(tmp_path, None, START).close()
    path = database_path(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(EnvironmentFailure) as caught:
        open_database(tmp_path, None, START)
    assert caught.value.code == "database_newer"
    assert caught.value.facts == {"found": "9999", "known": migrate.HEAD}
    assert path.read_bytes() == before
    assert list((tmp_path / "backups").glob("*")) == []


def test_a_migration_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import op

    made = []

    def fail(name: str, *args: Any, **_options: object) -> None:
        made.append(name)
        if name == "history":
            raise ZeroDivisionError
        real(name, *args)

    real = op.create_table
    monkeypatch.setattr(op, "create_table", fail)
    with pytest.raises(ZeroDivisionError):
        _migrated(tmp_path / "chain.sqlite")
    assert len(made) > 1
    engine = create_engine(f"sqlite:///{tmp_path / 'chain.sqlite'}")
    with engine.connect() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master").all()
    engine.dispose()
    assert tables == []
