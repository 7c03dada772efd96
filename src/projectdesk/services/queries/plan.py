"""Read what ties a work plan together and what threatens it: dependencies and risks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.rules.dependencies import Bar, Link, earliest_start, months_too_early
from projectdesk.services.plan_rows import DependencyRow, RiskRow
from projectdesk.services.queries.names import partner_names
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def dependencies(workspace: Workspace, project_id: UUID) -> list[DependencyRow]:
    """Return the dependencies of a project, by what waits and what it waits for."""
    dependency = schema.dependency
    with workspace.read() as session:
        ends = _ends(session, project_id)
        found = session.execute(select(dependency).where(dependency.c.project_id == project_id))
        rows = [_dependency_row(row, ends) for row in found]
    return sorted(rows, key=lambda row: (ends[row.after_id].order, ends[row.before_id].order))


def risks(workspace: Workspace, project_id: UUID) -> list[RiskRow]:
    """Return the risks of a project by number."""
    risk, package = schema.risk, schema.work_package.c
    owner = partner_names().subquery()
    query = (
        select(risk, owner.c.name.label("owner"))
        .outerjoin(owner, owner.c.id == risk.c.owner_partner_id)
        .where(risk.c.project_id == project_id)
        .order_by(risk.c.number, risk.c.id)
    )
    numbers = select(package.id, package.number).where(package.project_id == project_id)
    with workspace.read() as session:
        number_of: dict[UUID, int] = {row.id: row.number for row in session.execute(numbers)}
        return [_risk_row(row, number_of) for row in session.execute(query)]


class _End:
    """A work package or task that something may wait for, and its place in the plan."""

    def __init__(self, kind: Kind, row: Any) -> None:
        task = kind is Kind.TASK
        self.kind = kind
        self.label = f"T{row.package}.{row.number}" if task else f"WP{row.number}"
        self.title: str = row.title
        self.order: tuple[int, int] = (row.package, row.number) if task else (row.number, 0)
        self.bar = Bar(row.id, row.start_month, row.end_month, row.parent if task else None)


def _ends(session: Any, project_id: UUID) -> dict[UUID, _End]:
    package, task = schema.work_package.c, schema.task.c
    packages = select(
        package.id, package.number, package.title, package.start_month, package.end_month
    ).where(package.project_id == project_id)
    tasks = (
        select(
            task.id,
            task.number,
            task.title,
            task.start_month,
            task.end_month,
            package.number.label("package"),
            package.id.label("parent"),
        )
        .join_from(schema.task, schema.work_package)
        .where(package.project_id == project_id)
    )
    ends = {row.id: _End(Kind.WORK_PACKAGE, row) for row in session.execute(packages)}
    return ends | {row.id: _End(Kind.TASK, row) for row in session.execute(tasks)}


def _dependency_row(row: Any, ends: dict[UUID, _End]) -> DependencyRow:
    link = Link(
        row.before_task_id or row.before_work_package_id,
        row.after_task_id or row.after_work_package_id,
        row.type,
        row.lag_months,
    )
    before, after = ends[link.before], ends[link.after]
    months = months_too_early(link, before.bar, after.bar)
    return DependencyRow(
        id=row.id,
        version=row.version,
        project_id=row.project_id,
        before_kind=before.kind,
        before_id=link.before,
        before=before.label,
        before_title=before.title,
        after_kind=after.kind,
        after_id=link.after,
        after=after.label,
        after_title=after.title,
        type=row.type,
        lag_months=row.lag_months,
        earliest=max(1, earliest_start(link, before.bar, after.bar.length)),
        violated=months > 0,
        months=months,
    )


def _risk_row(row: Any, number_of: dict[UUID, int]) -> RiskRow:
    related = sorted(number_of[each] for each in row.work_package_ids if each in number_of)
    return RiskRow(
        id=row.id,
        version=row.version,
        project_id=row.project_id,
        label=f"R{row.number}",
        number=row.number,
        title=row.title,
        work_package_ids=tuple(row.work_package_ids),
        work_packages=", ".join(f"WP{number}" for number in related),
        likelihood=row.likelihood,
        severity=row.severity,
        mitigation=row.mitigation,
        owner_partner_id=row.owner_partner_id,
        owner=row.owner or "",
        status=row.status,
    )
