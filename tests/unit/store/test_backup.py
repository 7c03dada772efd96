from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import event, select
from sqlalchemy.pool import Pool

from projectdesk.domain.consortium import Project
from projectdesk.errors import EnvironmentFailure, NotFound
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services.commands import back_up, back_up_daily, restore
from projectdesk.services.workspace import Workspace
from projectdesk.store import backup, migrate
from projectdesk.store.database import open_database
from projectdesk.store.engine import database_path
from projectdesk.store.lock import DataLock
from tests.unit.services.conftest import START, Clock, add_project


def _acronyms(data: Path) -> list[str]:
    with Workspace.open(data, secrets=MemorySecrets(), now=Clock()) as workspace:
        return _acronyms_in(workspace)


def _acronyms_in(workspace: Workspace) -> list[str]:
    with workspace.read() as session:
        return sorted(project.acronym for project in session.scalars(select(Project)))


def _open(data: Path, clock: Clock) -> Workspace:
    return Workspace.open(data, secrets=MemorySecrets(), now=clock)


@pytest.mark.full
def test_a_backup_is_a_whole_database_by_itself(workspace: Workspace, tmp_path: Path) -> None:
    add_project(workspace)
    copy = back_up(workspace)
    assert copy.name == "projectdesk-20260302-090000.sqlite"
    assert copy.parent == workspace.data / "backups"
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]
    backup.check(copy)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT acronym FROM project").fetchall() == [("AQUA",)]
    assert back_up(workspace).name == "projectdesk-20260302-090000-1.sqlite"


@pytest.mark.full
def test_one_backup_a_day_and_ten_are_kept(tmp_path: Path, clock: Clock) -> None:
    _open(tmp_path, clock).close()
    assert backup.backups(tmp_path) == []
    for _ in range(12):
        clock.advance(days=1)
        for _ in range(2):
            _open(tmp_path, clock).close()
    kept = backup.backups(tmp_path)
    assert len(kept) == 10
    assert [backup.made_at(path) for path in kept] == [
        clock.now - timedelta(days=days) for days in range(10)
    ]


def test_a_database_is_backed_up_before_a_migration(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _open(tmp_path, clock) as workspace:
        add_project(workspace)
        back_up(workspace)
    with closing(sqlite3.connect(database_path(tmp_path))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
        connection.commit()
    seen = []
    monkeypatch.setattr(migrate, "check_known", lambda _revision: None)
    monkeypatch.setattr(
        migrate, "upgrade", lambda _engine: seen.append(len(backup.backups(tmp_path)))
    )
    _open(tmp_path, clock).close()
    assert seen == [2]


@pytest.mark.full
def test_restoring_brings_the_old_state_back_and_keeps_the_new(
    tmp_path: Path, clock: Clock
) -> None:
    with _open(tmp_path, clock) as workspace:
        add_project(workspace)
        copy = back_up(workspace)
        add_project(workspace, "LATER")
    kept = restore(tmp_path, copy)
    assert _acronyms(tmp_path) == ["AQUA"]
    assert kept is not None
    restore(tmp_path, kept)
    assert _acronyms(tmp_path) == ["AQUA", "LATER"]


@pytest.mark.full
def test_restoring_is_refused_while_the_desktop_is_open(workspace: Workspace) -> None:
    copy = back_up(workspace)
    with DataLock(workspace.data), pytest.raises(EnvironmentFailure) as caught:
        restore(workspace.data, copy)
    assert caught.value.code == "data_in_use"


@pytest.mark.full
def test_a_bad_backup_is_refused_and_nothing_changes(tmp_path: Path, clock: Clock) -> None:
    with _open(tmp_path, clock) as workspace:
        add_project(workspace)
        copy = back_up(workspace)
    with pytest.raises(NotFound):
        restore(tmp_path, tmp_path / "none.sqlite")
    newer = tmp_path / "newer.sqlite"
    newer.write_bytes(copy.read_bytes())
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(EnvironmentFailure) as caught:
        restore(tmp_path, newer)
    assert caught.value.code == "database_newer"
    _damage(copy)
    with pytest.raises(EnvironmentFailure) as caught:
        restore(tmp_path, copy)
    assert caught.value.code == "backup_damaged"
    assert _acronyms(tmp_path) == ["AQUA"]


def _damage(path: Path, *, header: bool = False) -> None:
    content = bytearray(path.read_bytes())
    begin = 0 if header else 4096
    content[begin : begin + 40_000] = b"\x5a" * 40_000
    path.write_bytes(content)


def _filled(data: Path, clock: Clock) -> Path:
    with _open(data, clock) as workspace:
        add_project(workspace)
        copy = back_up(workspace)
    # The log is folded into the file when the last connection closes.
    assert not list(data.glob("*-wal"))
    return copy


@pytest.mark.parametrize("header", [True, False])
def test_a_damaged_database_names_the_newest_backup_and_can_be_restored(
    tmp_path: Path, clock: Clock, header: bool
) -> None:
    copy = _filled(tmp_path, clock)
    _damage(database_path(tmp_path), header=header)
    clock.advance(days=1)
    with pytest.raises(EnvironmentFailure) as caught:
        _open(tmp_path, clock)
    assert caught.value.code == "database_corrupt"
    assert caught.value.facts["newest_backup"] == str(copy)
    assert backup.backups(tmp_path) == [copy], "a damaged database must not push good copies out"
    assert restore(tmp_path, copy) is None
    assert _acronyms(tmp_path) == ["AQUA"]
    assert len(list(tmp_path.glob("damaged-*.sqlite"))) == 1


@pytest.mark.full
def test_damage_found_while_reading_is_said(tmp_path: Path, clock: Clock) -> None:
    copy = _filled(tmp_path, clock)
    with _open(tmp_path, clock) as workspace:
        with workspace.read() as session:
            root = (
                session.connection()
                .exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'project'")
                .scalar_one()
            )
        content = bytearray(database_path(tmp_path).read_bytes())
        content[(root - 1) * 4096 : root * 4096] = b"\x5a" * 4096
        workspace.close()
        database_path(tmp_path).write_bytes(content)
    with _open(tmp_path, clock) as workspace:
        with pytest.raises(EnvironmentFailure) as caught:
            _acronyms_in(workspace)
        assert caught.value.code == "database_corrupt"
        assert caught.value.facts["newest_backup"] == str(copy)


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Let no connection grow the database by more than a few pages."""

    def limit(connection: sqlite3.Connection, _entry: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 3}")

    event.listen(Pool, "connect", limit)
    yield
    event.remove(Pool, "connect", limit)


@pytest.mark.full
def test_a_full_disk_changes_nothing_and_is_got_over(
    tmp_path: Path, clock: Clock, request: pytest.FixtureRequest
) -> None:
    with _open(tmp_path, clock) as workspace:
        project_id: UUID = add_project(workspace)
    request.getfixturevalue("small_disk")
    with _open(tmp_path, clock) as workspace:
        with (
            pytest.raises(EnvironmentFailure) as caught,
            workspace.change("Write a lot") as unit,
        ):
            unit.get(Project, project_id).objective = "water " * 50_000
        assert caught.value.code == "disk_full"
        with workspace.change("Write little") as unit:
            project = unit.get(Project, project_id)
            assert project.objective == ""
            project.objective = "Rivers"
        with workspace.read() as session:
            assert session.get_one(Project, project_id).objective == "Rivers"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(EnvironmentFailure) as caught:
        open_database(blocked / "data", None, START)
    assert caught.value.code == "folder_unusable"


def test_damage_that_no_start_reads_is_found_by_the_daily_backup(
    tmp_path: Path, clock: Clock
) -> None:
    good = _filled(tmp_path, clock)
    with _open(tmp_path, clock) as opened:
        assert back_up_daily(opened) is None, "there is one of today"
        clock.advance(days=1)
        bad = back_up_daily(opened)
        assert bad is not None
        _damage(bad)
        clock.advance(days=1)
        _damage(database_path(tmp_path))
        with pytest.raises(EnvironmentFailure) as caught:
            back_up_daily(opened)
    assert caught.value.code == "database_corrupt"
    assert caught.value.facts["newest_backup"] == str(good), "what is offered is read before"
    assert backup.backups(tmp_path) == [bad, good]
    assert not list((tmp_path / "backups").glob("*.partial"))
