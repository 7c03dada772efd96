"""Read what the Gantt chart of a project shows."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.workplan import DeliverableStatus
from projectdesk.errors import NotFound
from projectdesk.services.gantt_rows import (
    GanttBar,
    GanttLink,
    GanttMark,
    GanttPeriod,
    GanttPlan,
)
from projectdesk.services.queries.names import partner_names
from projectdesk.services.queries.workplan import due_on
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_HANDED_IN = frozenset({DeliverableStatus.SUBMITTED, DeliverableStatus.ACCEPTED})


def gantt(workspace: Workspace, project_id: UUID) -> GanttPlan:
    """Return the bars, marks, dependencies and reporting periods of a project, of one moment.

    Raises:
        NotFound: no such project.
    """
    project = schema.project.c
    with workspace.read() as session:
        head = session.execute(
            select(
                project.acronym, project.title, project.start_date, project.duration_months
            ).where(project.id == project_id)
        ).first()
        if head is None:
            raise NotFound("not_found", "This project does not exist any more.")
        packages = _packages(session, project_id)
        numbers = {row.id: row.number for row in packages}
        return GanttPlan(
            project_id=project_id,
            acronym=head.acronym,
            title=head.title,
            start_date=head.start_date,
            duration_months=head.duration_months,
            bars=_bars(packages, _tasks(session, project_id)),
            marks=(
                *_deliverables(session, project_id, numbers, head.start_date),
                *_milestones(session, project_id, numbers, head.start_date),
            ),
            links=_links(session, project_id),
            periods=_periods(session, project_id),
        )


def _packages(session: Session, project_id: UUID) -> list[Any]:
    package, lead = schema.work_package, partner_names().subquery()
    query = (
        select(package, lead.c.name.label("lead"))
        .outerjoin(lead, lead.c.id == package.c.lead_partner_id)
        .where(package.c.project_id == project_id)
        .order_by(package.c.number, package.c.id)
    )
    return [*session.execute(query)]


def _tasks(session: Session, project_id: UUID) -> list[Any]:
    task, package, lead = schema.task, schema.work_package.c, partner_names().subquery()
    query = (
        select(task, lead.c.name.label("lead"))
        .join(schema.work_package, package.id == task.c.work_package_id)
        .outerjoin(lead, lead.c.id == task.c.lead_partner_id)
        .where(package.project_id == project_id)
        .order_by(task.c.number, task.c.id)
    )
    return [*session.execute(query)]


def _bars(packages: list[Any], tasks: list[Any]) -> tuple[GanttBar, ...]:
    inside: dict[UUID, list[Any]] = defaultdict(list)
    for task in tasks:
        inside[task.work_package_id].append(task)
    bars = []
    for package in packages:
        bars.append(_bar(Kind.WORK_PACKAGE, package, f"WP{package.number}", package.id))
        for task in inside[package.id]:
            label = f"T{package.number}.{task.number}"
            bars.append(_bar(Kind.TASK, task, label, package.id))
    return tuple(bars)


def _bar(kind: Kind, row: Any, label: str, package: UUID) -> GanttBar:
    return GanttBar(
        kind=kind,
        id=row.id,
        version=row.version,
        label=label,
        title=row.title,
        lead=row.lead or "",
        start_month=row.start_month,
        end_month=row.end_month,
        work_package_id=package,
    )


def _deliverables(
    session: Session, project_id: UUID, numbers: dict[UUID, int], start: date | None
) -> list[GanttMark]:
    deliverable, package = schema.deliverable, schema.work_package.c
    lead = partner_names().subquery()
    query = (
        select(deliverable, lead.c.name.label("lead"))
        .join(schema.work_package, package.id == deliverable.c.work_package_id)
        .outerjoin(lead, lead.c.id == deliverable.c.lead_partner_id)
        .where(package.project_id == project_id)
        .order_by(package.number, deliverable.c.number, deliverable.c.id)
    )
    return [
        GanttMark(
            kind=Kind.DELIVERABLE,
            id=row.id,
            version=row.version,
            label=f"D{numbers[row.work_package_id]}.{row.number}",
            title=row.title,
            lead=row.lead or "",
            due_month=row.due_month,
            work_package_ids=(row.work_package_id,),
            done=row.status in _HANDED_IN,
            wanted_by=_wanted_by(row, due_on(start, row.due_month)),
        )
        for row in session.execute(query)
    ]


def _wanted_by(row: Any, due: date | None) -> date | None:
    """Return until when a deliverable is in time, None when nothing is awaited of it."""
    if due is None or row.status in _HANDED_IN or row.status is DeliverableStatus.REJECTED:
        return None
    if row.status is DeliverableStatus.REVISION_REQUESTED:
        again: date = row.expected_on or row.decided_on or due
        return again
    return due


def _milestones(
    session: Session, project_id: UUID, numbers: dict[UUID, int], start: date | None
) -> list[GanttMark]:
    milestone, lead = schema.milestone, partner_names().subquery()
    query = (
        select(milestone, lead.c.name.label("lead"))
        .outerjoin(lead, lead.c.id == milestone.c.lead_partner_id)
        .where(milestone.c.project_id == project_id)
        .order_by(milestone.c.number, milestone.c.id)
    )
    return [
        GanttMark(
            kind=Kind.MILESTONE,
            id=row.id,
            version=row.version,
            label=f"MS{row.number}",
            title=row.title,
            lead=row.lead or "",
            due_month=row.due_month,
            work_package_ids=tuple(each for each in row.work_package_ids if each in numbers),
            done=row.achieved_on is not None,
            wanted_by=None if row.achieved_on is not None else due_on(start, row.due_month),
        )
        for row in session.execute(query)
    ]


def _links(session: Session, project_id: UUID) -> tuple[GanttLink, ...]:
    dependency = schema.dependency
    query = (
        select(dependency).where(dependency.c.project_id == project_id).order_by(dependency.c.id)
    )
    return tuple(
        GanttLink(
            id=row.id,
            version=row.version,
            before=row.before_task_id or row.before_work_package_id,
            after=row.after_task_id or row.after_work_package_id,
            type=row.type,
            lag_months=row.lag_months,
        )
        for row in session.execute(query)
    )


def _periods(session: Session, project_id: UUID) -> tuple[GanttPeriod, ...]:
    period = schema.reporting_period.c
    query = (
        select(schema.reporting_period)
        .where(period.project_id == project_id)
        .order_by(period.start_month, period.number)
    )
    return tuple(
        GanttPeriod(row.id, f"RP{row.number}", row.start_month, row.end_month)
        for row in session.execute(query)
    )
