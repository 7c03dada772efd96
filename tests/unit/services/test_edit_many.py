from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import pytest

from projectdesk.domain.workplan import DeliverableStatus
from projectdesk.errors import Conflict, DomainError
from projectdesk.services import queries
from projectdesk.services.commands import (
    RecordEdit,
    create,
    delete_many,
    edit_many,
    redo,
    undo,
    undo_label,
)
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import add_project


def _package(workspace: Workspace, project_id: UUID) -> UUID:
    return create(workspace, Kind.WORK_PACKAGE, {"project_id": project_id, "title": "Pilots"})[0]


def _deliverables(workspace: Workspace, package: UUID, count: int = 3) -> list[UUID]:
    return [
        create(
            workspace,
            Kind.DELIVERABLE,
            {"work_package_id": package, "title": f"Report {number}", "due_month": 6},
        )[0]
        for number in range(1, count + 1)
    ]


def _set_many(
    workspace: Workspace,
    edits: Sequence[tuple[UUID, int, Mapping[str, object]]],
    label: str = "",
) -> Changes:
    """Change fields of several deliverables: id, version that was seen, new values of each."""
    return edit_many(workspace, [RecordEdit(Kind.DELIVERABLE, *edit) for edit in edits], label)


def _due(workspace: Workspace, project_id: UUID) -> list[int]:
    return [row.due_month for row in queries.deliverables(workspace, project_id)]


def test_many_records_change_as_one_with_one_undo(any_workspace: Workspace) -> None:
    ws = any_workspace
    project = add_project(ws)
    ids = _deliverables(ws, _package(ws, project))
    _set_many(ws, [(each, 1, {"due_month": 9}) for each in ids])
    assert _due(ws, project) == [9, 9, 9]
    assert undo_label(ws) == "Change due month of 3 deliverables"
    undo(ws)
    assert _due(ws, project) == [6, 6, 6]
    redo(ws)
    assert _due(ws, project) == [9, 9, 9]


def test_cells_of_one_record_are_one_edit_of_it(workspace: Workspace, project_id: UUID) -> None:
    (one,) = _deliverables(workspace, _package(workspace, project_id), 1)
    edit_many(
        workspace,
        [
            RecordEdit(Kind.DELIVERABLE, one, 1, {"due_month": 9}),
            RecordEdit(Kind.DELIVERABLE, one, 1, {"status": DeliverableStatus.SUBMITTED}),
            RecordEdit(Kind.PROJECT, project_id, 1, {"title": "Cleaner rivers"}),
        ],
        "Paste 3 cells",
    )
    (row,) = queries.deliverables(workspace, project_id)
    assert (row.due_month, row.status, row.version) == (9, DeliverableStatus.SUBMITTED, 2)
    assert queries.project(workspace, project_id).title == "Cleaner rivers"
    assert undo_label(workspace) == "Paste 3 cells"


def test_a_refusal_names_its_record_and_nothing_is_changed(
    workspace: Workspace, project_id: UUID
) -> None:
    ids = _deliverables(workspace, _package(workspace, project_id))
    before = undo_label(workspace)
    with pytest.raises(DomainError) as refused:
        _set_many(
            workspace,
            [(ids[0], 1, {"due_month": 9}), (ids[1], 1, {"due_month": 99})],
        )
    assert refused.value.facts["field"] == "due_month"
    assert refused.value.facts["record"] == "D1.2"
    assert refused.value.facts["record_id"] == ids[1].hex
    assert _due(workspace, project_id) == [6, 6, 6]
    assert undo_label(workspace) == before


def test_a_record_that_moved_on_is_named(workspace: Workspace, project_id: UUID) -> None:
    ids = _deliverables(workspace, _package(workspace, project_id))
    _set_many(workspace, [(ids[2], 1, {"due_month": 7})])
    with pytest.raises(Conflict) as refused:
        _set_many(workspace, [(each, 1, {"due_month": 9}) for each in ids])
    assert refused.value.facts["record"] == "D1.3"
    assert _due(workspace, project_id) == [6, 6, 7]


def test_nothing_new_is_no_change(workspace: Workspace, project_id: UUID) -> None:
    ids = _deliverables(workspace, _package(workspace, project_id))
    assert not _set_many(workspace, [(each, 1, {"due_month": 6}) for each in ids])


def test_many_records_go_with_what_hangs_on_them_and_come_back(any_workspace: Workspace) -> None:
    ws = any_workspace
    project = add_project(ws)
    packages = [_package(ws, project) for _ in range(3)]
    for package in packages:
        _deliverables(ws, package, 2)
    doomed = packages[:2]
    assert [(d.kind, d.count) for d in queries.dependents_of(ws, Kind.WORK_PACKAGE, doomed)] == [
        (Kind.DELIVERABLE, 4)
    ]
    delete_many(ws, Kind.WORK_PACKAGE, [(each, 1) for each in doomed])
    assert undo_label(ws) == "Delete 2 work packages"
    assert [row.id for row in queries.work_packages(ws, project)] == packages[2:]
    assert len(queries.deliverables(ws, project)) == 2
    undo(ws)
    assert [row.id for row in queries.work_packages(ws, project)] == packages
    assert len(queries.deliverables(ws, project)) == 6


def test_one_that_moved_on_keeps_all_of_them(workspace: Workspace, project_id: UUID) -> None:
    packages = [_package(workspace, project_id) for _ in range(2)]
    with pytest.raises(Conflict) as refused:
        delete_many(workspace, Kind.WORK_PACKAGE, [(packages[0], 1), (packages[1], 7)])
    assert refused.value.facts["record"] == "WP2"
    assert len(queries.work_packages(workspace, project_id)) == 2


def test_dates_are_typed_as_in_the_domain(workspace: Workspace, project_id: UUID) -> None:
    ids = _deliverables(workspace, _package(workspace, project_id), 2)
    _set_many(
        workspace,
        [(each, 1, {"submitted_on": date(2026, 7, 1)}) for each in ids],
        "Fill 2 cells",
    )
    rows = queries.deliverables(workspace, project_id)
    assert {row.submitted_on for row in rows} == {date(2026, 7, 1)}
