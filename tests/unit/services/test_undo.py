from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from projectdesk.domain.consortium import Project
from projectdesk.domain.workplan import Task, WorkPackage
from projectdesk.errors import Conflict, DomainError
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services.commands import (
    create,
    delete,
    redo,
    redo_label,
    set_fields,
    undo,
    undo_label,
)
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from projectdesk.store.mapping import TABLES
from tests.unit.services.conftest import Clock, add_project


def _package(workspace: Workspace, project_id: UUID, title: str = "Pilots") -> UUID:
    return create(workspace, Kind.WORK_PACKAGE, {"project_id": project_id, "title": title})[0]


def _title(workspace: Workspace, package: UUID) -> str | None:
    with workspace.read() as session:
        return session.scalar(
            select(schema.work_package.c.title).where(schema.work_package.c.id == package)
        )


def test_edits_are_taken_back_in_order_and_done_again(any_workspace: Workspace) -> None:
    ws = any_workspace
    package = _package(ws, add_project(ws))
    set_fields(ws, Kind.WORK_PACKAGE, package, 1, {"title": "Second"})
    set_fields(ws, Kind.WORK_PACKAGE, package, 2, {"title": "Third"})
    assert undo_label(ws) == "Change title of WP1"
    assert redo_label(ws) is None
    assert undo(ws).label == "Undo: Change title of WP1"
    assert _title(ws, package) == "Second"
    undo(ws)
    assert _title(ws, package) == "Pilots"
    undo(ws)
    assert _title(ws, package) is None
    assert redo_label(ws) == "Add work package WP1"
    redo(ws)
    assert _title(ws, package) == "Pilots"
    redo(ws)
    redo(ws)
    assert _title(ws, package) == "Third"
    undo(ws)
    assert _title(ws, package) == "Second"


def test_an_undo_is_announced_and_kept_in_the_history(workspace: Workspace) -> None:
    package = _package(workspace, add_project(workspace))
    heard: list[Changes] = []
    workspace.subscribe(heard.append)
    undo(workspace)
    assert heard[0].ids == {package}
    with workspace.read() as session:
        operations = session.scalars(
            select(schema.history.c.operation)
            .where(schema.history.c.record_id == package)
            .order_by(schema.history.c.change_id)
        ).all()
    assert operations == ["insert", "delete"]


def test_a_new_edit_clears_what_could_be_redone(workspace: Workspace) -> None:
    package = _package(workspace, add_project(workspace))
    set_fields(workspace, Kind.WORK_PACKAGE, package, 1, {"title": "Second"})
    undo(workspace)
    set_fields(workspace, Kind.WORK_PACKAGE, package, 3, {"title": "Other"})
    assert redo_label(workspace) is None
    with pytest.raises(DomainError, match="nothing to redo"):
        redo(workspace)


def test_nothing_is_undone_when_a_record_moved_on(
    workspace: Workspace, tmp_path: Path, clock: Clock
) -> None:
    project_id = add_project(workspace)
    package = _package(workspace, project_id)
    with workspace.change("Change two") as unit:
        unit.get(Project, project_id).title = "New"
        unit.get(WorkPackage, package).title = "Second"
    with Workspace.open(workspace.data, secrets=MemorySecrets(), now=clock) as elsewhere:
        set_fields(elsewhere, Kind.WORK_PACKAGE, package, 2, {"title": "Theirs"})
    with pytest.raises(Conflict, match="Change two"):
        undo(workspace)
    assert _title(workspace, package) == "Theirs"
    with workspace.read() as session:
        assert session.get_one(Project, project_id).title == "New"
    # What can never be undone any more does not bar the way; what it built on cannot either.
    assert undo_label(workspace) == "Add work package WP1"


def test_undoing_an_addition_that_others_hang_on_is_refused(
    workspace: Workspace, clock: Clock
) -> None:
    package = _package(workspace, add_project(workspace))
    with Workspace.open(workspace.data, secrets=MemorySecrets(), now=clock) as elsewhere:
        create(elsewhere, Kind.TASK, {"work_package_id": package, "title": "Theirs"})
    with pytest.raises(Conflict):
        undo(workspace)
    assert _title(workspace, package) == "Pilots"


def test_undoing_a_deletion_brings_the_same_records_back(any_workspace: Workspace) -> None:
    ws = any_workspace
    project_id = add_project(ws)
    package = _package(ws, project_id)
    task, _ = create(ws, Kind.TASK, {"work_package_id": package, "title": "Sites"})
    create(
        ws,
        Kind.MILESTONE,
        {"project_id": project_id, "title": "Go", "work_package_ids": [package]},
    )
    before = _everything(ws)
    delete(ws, Kind.PROJECT, project_id, 1)
    undo(ws)
    assert _everything(ws) == before
    with ws.read() as session:
        assert session.get_one(Task, task).version == 2


def test_what_is_not_undoable_is_not_offered(workspace: Workspace) -> None:
    package = _package(workspace, add_project(workspace))
    with workspace.change("Collect", undoable=False) as unit:
        unit.get(WorkPackage, package).title = "Collected"
    assert unit.changes.change_id is None
    assert undo_label(workspace) == "Add work package WP1"


def _everything(workspace: Workspace) -> dict[str, list[dict[str, Any]]]:
    """Return every record without its version, which only rises."""
    content = {}
    with workspace.read() as session:
        for table in TABLES.values():
            rows = session.execute(select(table).order_by(table.c.id)).mappings()
            content[table.name] = [
                {name: value for name, value in row.items() if name != "version"} for row in rows
            ]
    return content


def test_one_change_is_taken_back_only_while_it_is_the_newest(workspace: Workspace) -> None:
    package, made = create(
        workspace, Kind.WORK_PACKAGE, {"project_id": add_project(workspace), "title": "Pilots"}
    )
    newer = set_fields(workspace, Kind.WORK_PACKAGE, package, 1, {"title": "Second"})
    with pytest.raises(DomainError) as refused:
        undo(workspace, only=made.change_id)
    assert refused.value.code == "not_the_newest"
    assert "Change title of WP1" in refused.value.text
    assert _title(workspace, package) == "Second"
    undo(workspace, only=newer.change_id)
    assert _title(workspace, package) == "Pilots"
    with pytest.raises(DomainError) as gone:
        undo(workspace, only=newer.change_id)
    assert gone.value.code == "already_undone"
    assert _title(workspace, package) == "Pilots"


class _Editor:
    """Makes one random edit after the other; remembers what there was before each."""

    def __init__(self, workspace: Workspace, data: st.DataObject) -> None:
        self.workspace = workspace
        self.data = data
        self.project_id = add_project(workspace)

    def packages(self) -> list[tuple[UUID, int]]:
        p = schema.work_package.c
        with self.workspace.read() as session:
            return [
                (r.id, r.version) for r in session.execute(select(p.id, p.version).order_by(p.id))
            ]

    def edit(self) -> None:
        packages = self.packages()
        what = self.data.draw(
            st.sampled_from(["add", "change", "delete", "task"] if packages else ["add"])
        )
        if what == "add":
            _package(self.workspace, self.project_id, self.data.draw(_WORDS))
            return
        package, version = self.data.draw(st.sampled_from(packages))
        if what == "task":
            create(
                self.workspace,
                Kind.TASK,
                {"work_package_id": package, "title": self.data.draw(_WORDS)},
            )
        elif what == "delete":
            delete(self.workspace, Kind.WORK_PACKAGE, package, version)
        else:
            values = {"title": self.data.draw(_WORDS), "end_month": self.data.draw(_MONTHS)}
            set_fields(self.workspace, Kind.WORK_PACKAGE, package, version, values)


_WORDS = st.text(alphabet="abcé ", min_size=1).filter(str.strip)
_MONTHS = st.integers(min_value=1, max_value=36)


@pytest.mark.full
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), edits=st.integers(min_value=1, max_value=8))
def test_undoing_and_redoing_everything_is_exact(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, edits: int
) -> None:
    folder = tmp_path_factory.mktemp("undo")
    with Workspace.open(folder, secrets=MemorySecrets()) as workspace:
        editor = _Editor(workspace, data)
        states = [_everything(workspace)]
        for _ in range(edits):
            editor.edit()
            state = _everything(workspace)
            if state != states[-1]:
                states.append(state)
        for _ in range(2):
            for state in reversed(states[:-1]):
                undo(workspace)
                assert _everything(workspace) == state
            for state in states[1:]:
                redo(workspace)
                assert _everything(workspace) == state
