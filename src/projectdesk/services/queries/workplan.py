"""Read the work plan: work packages, tasks, deliverables, milestones."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from projectdesk.domain.rules.project_months import last_day
from projectdesk.errors import DomainError
from projectdesk.services.queries.names import full_name, partner_names
from projectdesk.services.rows import DeliverableRow, MilestoneRow, TaskRow, WorkPackageRow
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def work_packages(workspace: Workspace, project_id: UUID) -> list[WorkPackageRow]:
    """Return the work packages of a project by number."""
    package, task, deliverable = schema.work_package, schema.task.c, schema.deliverable.c
    lead = partner_names().subquery()
    query = (
        select(
            package,
            lead.c.name.label("lead"),
            select(func.count())
            .where(task.work_package_id == package.c.id)
            .scalar_subquery()
            .label("tasks"),
            select(func.count())
            .where(deliverable.work_package_id == package.c.id)
            .scalar_subquery()
            .label("deliverables"),
        )
        .outerjoin(lead, lead.c.id == package.c.lead_partner_id)
        .where(package.c.project_id == project_id)
        .order_by(package.c.number, package.c.id)
    )
    with workspace.read() as session:
        return [
            WorkPackageRow(
                id=row.id,
                version=row.version,
                project_id=row.project_id,
                label=f"WP{row.number}",
                number=row.number,
                title=row.title,
                lead_partner_id=row.lead_partner_id,
                lead=row.lead or "",
                start_month=row.start_month,
                end_month=row.end_month,
                objectives=row.objectives,
                description=row.description,
                tasks=row.tasks,
                deliverables=row.deliverables,
            )
            for row in session.execute(query)
        ]


def tasks(workspace: Workspace, project_id: UUID) -> list[TaskRow]:
    """Return the tasks of a project by work package and number."""
    task, package = schema.task, schema.work_package
    lead = partner_names().subquery()
    query = (
        select(task, package.c.number.label("wp"), lead.c.name.label("lead"))
        .join(package, package.c.id == task.c.work_package_id)
        .outerjoin(lead, lead.c.id == task.c.lead_partner_id)
        .where(package.c.project_id == project_id)
        .order_by(package.c.number, task.c.number, task.c.id)
    )
    with workspace.read() as session:
        return [
            TaskRow(
                id=row.id,
                version=row.version,
                work_package_id=row.work_package_id,
                work_package=f"WP{row.wp}",
                label=f"T{row.wp}.{row.number}",
                number=row.number,
                title=row.title,
                lead_partner_id=row.lead_partner_id,
                lead=row.lead or "",
                start_month=row.start_month,
                end_month=row.end_month,
                description=row.description,
            )
            for row in session.execute(query)
        ]


def deliverables(workspace: Workspace, project_id: UUID) -> list[DeliverableRow]:
    """Return the deliverables of a project by work package and number."""
    query = deliverable_query().where(schema.work_package.c.project_id == project_id)
    with workspace.read() as session:
        return [deliverable_row(row) for row in session.execute(query)]


def milestones(workspace: Workspace, project_id: UUID) -> list[MilestoneRow]:
    """Return the milestones of a project by number."""
    milestone, package = schema.milestone, schema.work_package.c
    lead, verifier = partner_names().subquery(), schema.person.alias("verifier")
    query = (
        select(
            milestone,
            lead.c.name.label("lead"),
            schema.project.c.start_date,
            full_name(verifier).label("verified_by"),
        )
        .join(schema.project, schema.project.c.id == milestone.c.project_id)
        .outerjoin(lead, lead.c.id == milestone.c.lead_partner_id)
        .outerjoin(verifier, verifier.c.id == milestone.c.verified_by_id)
        .where(milestone.c.project_id == project_id)
        .order_by(milestone.c.number, milestone.c.id)
    )
    numbers = select(package.id, package.number).where(package.project_id == project_id)
    with workspace.read() as session:
        number_of: dict[UUID, int] = {row.id: row.number for row in session.execute(numbers)}
        return [_milestone_row(row, number_of) for row in session.execute(query)]


def deliverable_query() -> Select[Any]:
    """Return the query of deliverables with their work package, lead and project's start."""
    deliverable, package, project = schema.deliverable, schema.work_package, schema.project
    lead, reviewer = partner_names().subquery(), schema.person.alias("reviewer")
    return (
        select(
            deliverable,
            package.c.number.label("wp"),
            package.c.project_id,
            project.c.start_date,
            lead.c.name.label("lead"),
            full_name(reviewer).label("reviewer"),
        )
        .join(package, package.c.id == deliverable.c.work_package_id)
        .join(project, project.c.id == package.c.project_id)
        .outerjoin(lead, lead.c.id == deliverable.c.lead_partner_id)
        .outerjoin(reviewer, reviewer.c.id == deliverable.c.reviewer_id)
        .order_by(package.c.number, deliverable.c.number, deliverable.c.id)
    )


def deliverable_row(row: Any) -> DeliverableRow:
    """Return a row of `deliverable_query` as what is shown."""
    return DeliverableRow(
        id=row.id,
        version=row.version,
        work_package_id=row.work_package_id,
        work_package=f"WP{row.wp}",
        project_id=row.project_id,
        label=f"D{row.wp}.{row.number}",
        number=row.number,
        title=row.title,
        description=row.description,
        lead_partner_id=row.lead_partner_id,
        lead=row.lead or "",
        type=row.type,
        level=row.level,
        due_month=row.due_month,
        due_on=due_on(row.start_date, row.due_month),
        status=row.status,
        submitted_on=row.submitted_on,
        draft_on=row.draft_on,
        reviewer_id=row.reviewer_id,
        reviewer=row.reviewer,
        reviewed_on=row.reviewed_on,
        expected_on=row.expected_on,
        decided_on=row.decided_on,
    )


def due_on(start: date | None, month: int) -> date | None:
    """Return the day on which what is due in a month is due; None if that has no date."""
    if start is None:
        return None
    try:
        return last_day(start, month)
    except DomainError:  # a month that an import took and no rule would: shown without a date
        return None


def _milestone_row(row: Any, number_of: dict[UUID, int]) -> MilestoneRow:
    related = sorted(number_of[each] for each in row.work_package_ids if each in number_of)
    return MilestoneRow(
        id=row.id,
        version=row.version,
        project_id=row.project_id,
        label=f"MS{row.number}",
        number=row.number,
        title=row.title,
        work_package_ids=tuple(row.work_package_ids),
        work_packages=", ".join(f"WP{number}" for number in related),
        lead_partner_id=row.lead_partner_id,
        lead=row.lead or "",
        due_month=row.due_month,
        due_on=due_on(row.start_date, row.due_month),
        means_of_verification=row.means_of_verification,
        achieved_on=row.achieved_on,
        expected_on=row.expected_on,
        verified_by_id=row.verified_by_id,
        verified_by=row.verified_by,
        verification=row.verification,
    )
