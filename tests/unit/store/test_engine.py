from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from projectdesk.domain.consortium import Project
from projectdesk.domain.identity import new_id
from projectdesk.domain.meetings import AgendaItem
from projectdesk.domain.minutes import Minutes
from projectdesk.errors import EnvironmentFailure
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services.commands import create, delete, undo
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import engine, schema, search
from tests.unit.services.conftest import Clock, add_project
from tests.unit.services.test_edit import meeting_in


def test_every_connection_is_safe(workspace: Workspace) -> None:
    with workspace.read() as session:

        def pragma(name: str) -> Any:
            return session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()

        assert pragma("foreign_keys") == 1
        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 2
        assert pragma("busy_timeout") == engine.BUSY_SECONDS * 1000


def test_a_reader_sees_one_state_while_another_writes(workspace: Workspace) -> None:
    with workspace.read() as session:
        assert session.scalars(select(Project)).all() == []
        add_project(workspace)
        assert session.scalars(select(Project)).all() == []
    with workspace.read() as session:
        assert len(session.scalars(select(Project)).all()) == 1


def test_writers_queue(workspace: Workspace) -> None:
    project_id = add_project(workspace)
    with workspace.change("Begin") as unit:
        unit.get(Project, project_id).title = "0"
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(10):
                with workspace.change("Count") as unit:
                    project = unit.get(Project, project_id)
                    project.title = str(int(project.title) + 1)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with workspace.read() as session:
        assert session.get_one(Project, project_id).title == "40"


def test_another_program_that_writes_for_too_long_is_told(
    workspace: Workspace, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    with (
        Workspace.open(workspace.data, secrets=MemorySecrets(), now=clock) as other,
        workspace.change("Long") as unit,
    ):
        unit.session.connection()
        with pytest.raises(EnvironmentFailure) as caught, other.change("Short"):
            pass
    assert caught.value.code == "database_busy"


def test_only_known_kinds_of_database_are_opened() -> None:
    with pytest.raises(ValueError, match="mysql"):
        engine.open_url("mysql://localhost/x")


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    url = f"postgresql://postgres@/x?host={tmp_path}"
    with pytest.raises(EnvironmentFailure) as caught:
        Workspace.open(tmp_path / "data", url=url, secrets=MemorySecrets())
    assert caught.value.code == "database_no_server"


def test_the_text_of_deleted_minutes_goes_when_it_cannot_come_back(
    workspace: Workspace, clock: Clock
) -> None:
    meeting = meeting_in(workspace, add_project(workspace))
    minutes, item = Minutes(meeting_id=meeting), AgendaItem(meeting_id=meeting, title="Welcome")
    with workspace.change("Type") as unit:
        unit.add(minutes, item)
        search.put(unit.session, [search.Words("minutes", item.id, None, "Welcome", "Tides")])
        unit.session.execute(
            insert(schema.minutes_update).values(
                minutes_id=minutes.id, seq=1, update=b"x", at=clock.now
            )
        )

    def updates() -> int:
        with workspace.read() as session:
            texts = len(session.execute(select(schema.minutes_update)).all())
            entry = schema.search_entry
            notes = session.execute(select(entry).where(entry.c.kind == "minutes")).all()
        assert len(notes) == texts
        return texts

    def reopen() -> None:
        Workspace.open(workspace.data, secrets=MemorySecrets(), now=clock).close()

    delete(workspace, Kind.MEETING, meeting, 1)
    clock.advance(days=6)
    reopen()
    assert updates() == 1
    undo(workspace)
    clock.advance(days=60)
    reopen()
    assert updates() == 1, "minutes that came back keep their text"
    delete(workspace, Kind.MEETING, meeting, 2)
    clock.advance(days=8)
    reopen()
    assert updates() == 0


def test_ids_are_made_here(workspace: Workspace) -> None:
    wanted = new_id()
    with workspace.change("Add") as unit:
        unit.add(Project(id=wanted, acronym="X"))
    with workspace.read() as session:
        assert session.get_one(Project, wanted).id == wanted
    assert create(workspace, Kind.PROJECT, {"acronym": "Y"})[0] > wanted
