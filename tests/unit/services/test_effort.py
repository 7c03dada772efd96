from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from projectdesk.domain.consortium import Organisation, Partner, PartnerRole
from projectdesk.domain.effort import EffortStatement, ReportedEffort, StatementState
from projectdesk.domain.identity import new_id
from projectdesk.errors import Conflict, DomainError
from projectdesk.services import queries
from projectdesk.services.commands import create, delete, redo, set_efforts, undo, undo_label
from projectdesk.services.effort_rows import Cell
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import add_project


def _package(workspace: Workspace, project_id: UUID, **values: object) -> UUID:
    given = {"project_id": project_id, "title": "Pilots", "start_month": 1, "end_month": 36}
    return create(workspace, Kind.WORK_PACKAGE, {**given, **values})[0]


def _partner(workspace: Workspace, project_id: UUID, name: str, **values: object) -> UUID:
    organisation = Organisation(legal_name=name, country="DK")
    with workspace.change("Add") as unit:
        unit.add(organisation)
    given = {"project_id": project_id, "organisation_id": organisation.id, "short_name": name}
    return create(workspace, Kind.PARTNER, {**given, **values})[0]


def _planned(workspace: Workspace, project_id: UUID) -> dict[Cell, Decimal]:
    return dict(queries.effort_matrix(workspace, project_id).planned.cells)


def test_cells_are_made_changed_and_taken_away_as_one_change(any_workspace: Workspace) -> None:
    ws = any_workspace
    project = add_project(ws)
    first, second = _package(ws, project), _package(ws, project)
    (partner,) = (each.id for each in queries.effort_matrix(ws, project).partners)
    set_efforts(ws, project, {(partner, first): Decimal(6), (partner, second): Decimal("1.5")})
    assert undo_label(ws) == "Change effort in 2 cells"

    set_efforts(
        ws, project, {(partner, first): Decimal("7.25"), (partner, second): None}, label="Paste"
    )
    assert _planned(ws, project) == {(partner, first): Decimal("7.25")}

    undo(ws)
    assert _planned(ws, project) == {
        (partner, first): Decimal(6),
        (partner, second): Decimal("1.5"),
    }
    redo(ws)
    assert _planned(ws, project) == {(partner, first): Decimal("7.25")}


def test_no_effort_is_no_record(workspace: Workspace, project_id: UUID) -> None:
    package = _package(workspace, project_id)
    (partner,) = (each.id for each in queries.effort_matrix(workspace, project_id).partners)
    changes = set_efforts(workspace, project_id, {(partner, package): Decimal(0)})
    assert not changes
    assert _planned(workspace, project_id) == {}


def test_a_cell_that_moved_on_changes_nothing_and_says_which(
    workspace: Workspace, project_id: UUID
) -> None:
    package, other = _package(workspace, project_id), _package(workspace, project_id)
    (partner,) = (each.id for each in queries.effort_matrix(workspace, project_id).partners)
    cell = (partner, package)
    set_efforts(workspace, project_id, {cell: Decimal(6)}, seen={})
    with pytest.raises(Conflict) as refused:
        set_efforts(
            workspace, project_id, {(partner, other): Decimal(1), cell: Decimal(2)}, seen={}
        )
    assert refused.value.facts["work_package"] == "WP1"
    assert _planned(workspace, project_id) == {cell: Decimal(6)}


def test_what_is_no_person_months_is_refused_with_its_place(
    workspace: Workspace, project_id: UUID
) -> None:
    package = _package(workspace, project_id)
    (partner,) = (each.id for each in queries.effort_matrix(workspace, project_id).partners)
    with pytest.raises(DomainError) as refused:
        set_efforts(workspace, project_id, {(partner, package): Decimal("1.125")})
    assert refused.value.code == "bad_person_months"
    assert refused.value.facts["work_package"] == "WP1"


def test_another_projects_cells_are_refused(workspace: Workspace, project_id: UUID) -> None:
    strange = _package(workspace, add_project(workspace, "OTHER"))
    (partner,) = (each.id for each in queries.effort_matrix(workspace, project_id).partners)
    with pytest.raises(DomainError) as refused:
        set_efforts(workspace, project_id, {(partner, strange): Decimal(1)})
    assert refused.value.code == "other_project"


def test_rows_stand_in_order_and_subcontractors_only_with_effort(
    workspace: Workspace, project_id: UUID
) -> None:
    package = _package(workspace, project_id)
    second = _partner(workspace, project_id, "Beta")
    first = queries.effort_matrix(workspace, project_id).partners[0].id
    linked = _partner(
        workspace,
        project_id,
        "Linked",
        role=PartnerRole.AFFILIATED_ENTITY,
        parent_id=first,
    )
    paid = _partner(workspace, project_id, "Paid", role=PartnerRole.SUBCONTRACTOR)
    order = [each.id for each in queries.effort_matrix(workspace, project_id).partners]
    assert order == [first, linked, second]
    set_efforts(workspace, project_id, {(paid, package): Decimal(1)})
    assert paid in {each.id for each in queries.effort_matrix(workspace, project_id).partners}


def _report(
    workspace: Workspace,
    period: UUID,
    partner: UUID,
    state: StatementState,
    months: dict[UUID, Decimal],
) -> None:
    statement = EffortStatement(
        period_id=period, partner_id=partner, state=state, desk=str(new_id())
    )
    with workspace.change("Answer") as unit:
        unit.add(statement)
        for package, figure in months.items():
            unit.add(
                ReportedEffort(statement_id=statement.id, work_package_id=package, months=figure)
            )


def test_reported_counts_what_was_answered_and_deviation_compares_like_with_like(
    workspace: Workspace, project_id: UUID
) -> None:
    package = _package(workspace, project_id, end_month=12)
    second = _partner(workspace, project_id, "Beta")
    matrix = queries.effort_matrix(workspace, project_id)
    first = matrix.partners[0].id
    set_efforts(
        workspace, project_id, {(first, package): Decimal(12), (second, package): Decimal(6)}
    )
    period = create(
        workspace,
        Kind.REPORTING_PERIOD,
        {"project_id": project_id, "start_month": 1, "end_month": 6},
    )[0]
    _report(workspace, period, first, StatementState.ANSWERED, {package: Decimal("7.5")})
    _report(workspace, period, second, StatementState.SENT_BACK, {package: Decimal(9)})

    matrix = queries.effort_matrix(workspace, project_id)

    assert dict(matrix.reported[period].cells) == {(first, package): Decimal("7.5")}
    assert dict(matrix.deviation.cells) == {(first, package): Decimal("1.5")}
    assert matrix.planned.total == Decimal(18)
    assert matrix.planned.of_partner(second) == Decimal(6)
    assert matrix.planned.of_package(package) == Decimal(18)
    lines = queries.effort_lines(workspace, project_id)
    assert [(line.planned, line.reported, line.deviation) for line in lines] == [
        (Decimal(12), Decimal("7.5"), Decimal("1.5")),
        (Decimal(6), None, None),
    ]


def test_deleting_a_partner_takes_its_effort_along(workspace: Workspace, project_id: UUID) -> None:
    package = _package(workspace, project_id)
    second = _partner(workspace, project_id, "Beta")
    set_efforts(workspace, project_id, {(second, package): Decimal(1)})
    with workspace.read() as session:
        version = session.get_one(Partner, second).version
    delete(workspace, Kind.PARTNER, second, version)
    assert _planned(workspace, project_id) == {}
