"""Read the effort of a project: planned and reported person-months, partners x work packages."""

from __future__ import annotations

from itertools import product
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import PartnerRole
from projectdesk.domain.effort import StatementState
from projectdesk.domain.rules import effort_matrix as rules
from projectdesk.errors import NotFound
from projectdesk.services.effort_rows import (
    NOTHING,
    Cell,
    EffortGrid,
    EffortLine,
    EffortMatrix,
    EffortPackage,
    EffortPartner,
    EffortPeriod,
    PlannedEffort,
)
from projectdesk.services.queries.names import partner_name
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

COUNTED = frozenset({StatementState.ANSWERED, StatementState.APPROVED})
"""States of a statement whose figures are reported effort."""
_WITHOUT_EFFORT = frozenset({PartnerRole.GRANTING_AUTHORITY, PartnerRole.SUBCONTRACTOR})
"""Roles that have a row only if there is effort of theirs."""


def effort_matrix(workspace: Workspace, project_id: UUID) -> EffortMatrix:
    """Return the effort of a project.

    Granting authority and subcontractors have a row only if they have effort: their work is not
    counted in person-months (terms.md).

    Raises:
        NotFound: no such project.
    """
    with workspace.read() as session:
        return matrix_in(session, project_id)


def matrix_in(session: Session, project_id: UUID) -> EffortMatrix:
    """Return the effort of a project; see `effort_matrix`."""
    project = schema.project.c
    acronym = session.scalar(select(project.acronym).where(project.id == project_id))
    if acronym is None:
        raise NotFound("no_such_project", "This project does not exist.")
    planned = _planned(session, project_id)
    periods = _periods(session, project_id)
    reported = _reported(session, periods)
    packages = _packages(session, project_id)
    busy = {cell[0] for cell in planned} | {c[0] for g in reported.values() for c in g.cells}
    partners = _partners(session, project_id, busy)
    grid = EffortGrid({cell: each.months for cell, each in planned.items()})
    to_date = _together(list(reported.values()))
    return EffortMatrix(
        project_id=project_id,
        acronym=acronym,
        partners=partners,
        packages=packages,
        periods=periods,
        planned_cells=planned,
        planned=grid,
        reported=reported,
        reported_to_date=to_date,
        deviation=_deviation(grid, to_date, partners, packages, periods),
    )


def effort_lines(workspace: Workspace, project_id: UUID) -> list[EffortLine]:
    """Return each cell of the matrix that holds anything, partner by partner.

    Raises:
        NotFound: no such project.
    """
    matrix = effort_matrix(workspace, project_id)
    grids = (matrix.planned, matrix.reported_to_date, matrix.deviation)
    lines = []
    for partner, package in product(matrix.partners, matrix.packages):
        planned, reported, apart = (grid.months(partner.id, package.id) for grid in grids)
        if (planned, reported, apart) != (None, None, None):
            lines.append(
                EffortLine(
                    project=matrix.acronym,
                    number=partner.label,
                    partner=partner.name,
                    work_package=package.label,
                    leads=package.lead_partner_id == partner.id,
                    planned=planned,
                    reported=reported,
                    deviation=apart,
                )
            )
    return lines


def _partners(session: Session, project_id: UUID, busy: set[UUID]) -> tuple[EffortPartner, ...]:
    partner, organisation = schema.partner, schema.organisation
    query = (
        select(partner, partner_name(partner, organisation).label("name"))
        .join_from(partner, organisation)
        .where(partner.c.project_id == project_id)
    )
    rows: dict[UUID, Any] = {
        row.id: row
        for row in session.execute(query)
        if row.role not in _WITHOUT_EFFORT or row.id in busy
    }
    places = [
        rules.Place(row.id, row.number, row.parent_id, row.parent_number, row.position)
        for row in rows.values()
    ]
    parents = rules.parents_of(places)
    return tuple(
        EffortPartner(
            id=row.id,
            label="" if row.number is None else str(row.number),
            name=row.name,
            role=row.role,
            parent_id=parents[row.id],
        )
        for row in (rows[each] for each in rules.in_order(places))
    )


def _packages(session: Session, project_id: UUID) -> tuple[EffortPackage, ...]:
    package = schema.work_package.c
    query = (
        select(schema.work_package)
        .where(package.project_id == project_id)
        .order_by(package.number, package.id)
    )
    return tuple(
        EffortPackage(
            id=row.id,
            label=f"WP{row.number}",
            number=row.number,
            title=row.title,
            lead_partner_id=row.lead_partner_id,
            start_month=row.start_month,
            end_month=row.end_month,
        )
        for row in session.execute(query)
    )


def _planned(session: Session, project_id: UUID) -> dict[Cell, PlannedEffort]:
    effort, package = schema.effort, schema.work_package
    query = (
        select(effort)
        .join(package, package.c.id == effort.c.work_package_id)
        .where(package.c.project_id == project_id)
    )
    return {
        (row.partner_id, row.work_package_id): PlannedEffort(row.id, row.version, row.months)
        for row in session.execute(query)
    }


def _periods(session: Session, project_id: UUID) -> tuple[EffortPeriod, ...]:
    period, statement = schema.reporting_period, schema.effort_statement.c
    query = select(period).where(period.c.project_id == project_id).order_by(period.c.number)
    states = (
        select(statement.period_id, statement.partner_id, statement.state)
        .join(period, period.c.id == statement.period_id)
        .where(period.c.project_id == project_id)
    )
    of_period: dict[UUID, dict[UUID, StatementState]] = {}
    for row in session.execute(states):
        of_period.setdefault(row.period_id, {})[row.partner_id] = row.state
    return tuple(
        EffortPeriod(
            id=row.id,
            label=f"RP{row.number}",
            number=row.number,
            start_month=row.start_month,
            end_month=row.end_month,
            frozen_on=row.frozen_on,
            states=of_period.get(row.id, {}),
        )
        for row in session.execute(query)
    )


def _reported(session: Session, periods: tuple[EffortPeriod, ...]) -> dict[UUID, EffortGrid]:
    statement, reported = schema.effort_statement.c, schema.reported_effort.c
    ids = [period.id for period in periods]
    query = (
        select(
            statement.period_id,
            statement.partner_id,
            reported.work_package_id,
            reported.months,
        )
        .where(reported.statement_id == statement.id)
        .where(statement.period_id.in_(ids), statement.state.in_(sorted(COUNTED)))
    )
    cells: dict[UUID, dict[Cell, Any]] = {each: {} for each in ids}
    for row in session.execute(query):
        cells[row.period_id][row.partner_id, row.work_package_id] = row.months
    return {each: EffortGrid(found) for each, found in cells.items()}


def _together(grids: list[EffortGrid]) -> EffortGrid:
    total: dict[Cell, Any] = {}
    for grid in grids:
        for cell, months in grid.cells.items():
            total[cell] = total.get(cell, NOTHING) + months
    return EffortGrid(total)


def _deviation(
    planned: EffortGrid,
    reported: EffortGrid,
    partners: tuple[EffortPartner, ...],
    packages: tuple[EffortPackage, ...],
    periods: tuple[EffortPeriod, ...],
) -> EffortGrid:
    cells: dict[Cell, Any] = {}
    for partner in partners:
        passed = [
            (period.start_month, period.end_month)
            for period in periods
            if period.states.get(partner.id) in COUNTED
        ]
        for package in packages:
            months = rules.deviation(
                planned.months(partner.id, package.id),
                reported.months(partner.id, package.id),
                (package.start_month, package.end_month),
                passed,
            )
            if months is not None:
                cells[partner.id, package.id] = months
    return EffortGrid(cells)
