from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import insert, select

from projectdesk.domain.consortium import Organisation, Project
from projectdesk.domain.identity import new_id
from projectdesk.domain.workplan import Task, WorkPackage
from projectdesk.errors import Conflict, NotFound
from projectdesk.services.commands import create, delete
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from tests.unit.services.conftest import add_project


def _history(workspace: Workspace) -> list[tuple[object, ...]]:
    h = schema.history.c
    with workspace.read() as session:
        return [
            tuple(row)
            for row in session.execute(
                select(
                    h.kind, h.operation, h.before, h.after, h.version_before, h.version_after
                ).order_by(h.change_id, h.seq)
            )
        ]


def test_a_change_is_announced_after_its_commit(any_workspace: Workspace) -> None:
    heard: list[tuple[Changes, int]] = []

    def listen(changes: Changes) -> None:
        with any_workspace.read() as session:
            heard.append((changes, len(session.scalars(select(Project)).all())))

    stop = any_workspace.subscribe(listen)
    project_id = add_project(any_workspace)
    stop()
    add_project(any_workspace, "LATER")
    [(changes, seen)] = heard
    assert seen == 1
    assert changes.kinds == {Kind.PROJECT, Kind.ORGANISATION, Kind.PARTNER}
    assert changes.project_ids == {project_id}
    assert project_id in changes.ids
    assert changes.label == "Add project"


def test_changes_are_known_after_the_block_only(workspace: Workspace) -> None:
    with workspace.change("Nothing") as unit, pytest.raises(RuntimeError):
        _ = unit.changes
    assert not unit.changes


def test_versions_rise_once_a_change_and_history_keeps_the_fields(any_workspace: Workspace) -> None:
    project_id = add_project(any_workspace)
    with any_workspace.change("Rename") as unit:
        project = unit.get(Project, project_id, 1)
        project.acronym = "BLUE"
        unit.session.flush()
        project.total_cost = Decimal("1234567.10")
    with any_workspace.read() as session:
        assert session.get_one(Project, project_id).version == 2
    assert _history(any_workspace)[-1] == (
        "project",
        "update",
        {"acronym": "AQUA", "total_cost": None},
        {"acronym": "BLUE", "total_cost": "1234567.10"},
        1,
        2,
    )


def test_an_edit_of_what_moved_on_is_refused(any_workspace: Workspace) -> None:
    project_id = add_project(any_workspace)
    with any_workspace.change("Rename") as unit:
        unit.get(Project, project_id, 1).acronym = "BLUE"
    with pytest.raises(Conflict) as caught, any_workspace.change("Rename again") as unit:
        unit.get(Project, project_id, 1).acronym = "GREEN"
    assert caught.value.facts["version"] == 2
    with pytest.raises(NotFound), any_workspace.change("Rename") as unit:
        unit.get(Project, new_id())


def test_a_failing_change_leaves_nothing(any_workspace: Workspace) -> None:
    heard: list[Changes] = []
    any_workspace.subscribe(heard.append)

    def fail() -> None:
        with any_workspace.change("Fail") as unit:
            unit.add(Project(acronym="X"))
            unit.session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with any_workspace.read() as session:
        assert session.scalars(select(Project)).all() == []
    assert heard == []
    assert _history(any_workspace) == []


def test_a_dangling_reference_is_refused_at_the_commit(any_workspace: Workspace) -> None:
    with pytest.raises(Conflict), any_workspace.change("Add") as unit:
        unit.add(WorkPackage(project_id=new_id(), number=1, title="Nowhere"))


def test_the_project_of_a_task_is_found_through_its_work_package(workspace: Workspace) -> None:
    project_id = add_project(workspace)
    package = WorkPackage(project_id=project_id, number=1, title="Pilots")
    with workspace.change("Add") as unit:
        unit.add(Task(work_package_id=package.id, number=1, title="Sites"), package)
    assert unit.changes.project_ids == {project_id}


def test_changes_do_not_nest(workspace: Workspace) -> None:
    with (
        workspace.change("Outer"),
        pytest.raises(RuntimeError),
        workspace.change("Inner"),
    ):
        pass


def test_a_bulk_change_sums_up(any_workspace: Workspace) -> None:
    with any_workspace.change("Import organisations", bulk=True) as unit:
        unit.add(*(Organisation(legal_name=f"Institute {n}", country="DE") for n in range(600)))
        unit.session.flush()
        past = new_id()
        unit.session.execute(insert(schema.organisation).values(id=past, legal_name="Past"))
        unit.note_rows(Kind.ORGANISATION, [past], [None])
    assert len(unit.changes.ids) == 601
    assert unit.changes.kinds == {Kind.ORGANISATION}
    assert unit.changes.change_id is None
    assert _history(any_workspace) == [("organisation", "bulk", None, {"records": 601}, 0, 0)]


def test_rows_do_not_go_past_the_history(workspace: Workspace) -> None:
    with pytest.raises(RuntimeError), workspace.change("Add") as unit:
        unit.note_rows(Kind.ORGANISATION, [new_id()], [])


def test_postgresql_in_the_gate(postgres_workspace: Workspace) -> None:
    assert not postgres_workspace.local
    test_versions_rise_once_a_change_and_history_keeps_the_fields(postgres_workspace)


def test_what_goes_with_its_owner_is_known_to_be_of_the_project(workspace: Workspace) -> None:
    project = add_project(workspace)
    package = create(workspace, Kind.WORK_PACKAGE, {"project_id": project, "title": "All"})[0]
    task = create(workspace, Kind.TASK, {"work_package_id": package, "title": "First"})[0]
    delete(workspace, Kind.WORK_PACKAGE, package, 1)
    h = schema.history.c
    with workspace.read() as session:
        rows = session.execute(
            select(h.record_id, h.project_id).where(h.operation == "delete")
        ).all()
    assert {(row.record_id, row.project_id) for row in rows} == {
        (package, project),
        (task, project),
    }
