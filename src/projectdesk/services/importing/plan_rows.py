"""A project's work plan as the lines that a table's file has."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.workplan import Deliverable, Milestone, Task, WorkPackage
from projectdesk.exchange.plans import (
    DeliverableLine,
    MilestoneLine,
    PlanLine,
    PlanTable,
    TaskLine,
    WorkPackageLine,
)
from projectdesk.services.importing.leads import Leads
from projectdesk.store import schema


def plan_lines(session: Session, project_id: UUID, table: PlanTable) -> list[PlanLine]:
    """Return one table of a project, in the order of its numbers."""
    leads = Leads(session, project_id)
    packages = session.scalars(
        select(WorkPackage)
        .where(schema.work_package.c.project_id == project_id)
        .order_by(schema.work_package.c.number)
    ).all()
    numbers = {package.id: package.number for package in packages}
    found: list[PlanLine] = []
    match table:
        case PlanTable.WORK_PACKAGES:
            return [_work_package(each, leads) for each in packages]
        case PlanTable.TASKS:
            c = schema.task.c
            tasks = session.scalars(select(Task).where(c.work_package_id.in_(list(numbers))))
            found = [_task(each, numbers, leads) for each in tasks]
        case PlanTable.DELIVERABLES:
            c = schema.deliverable.c
            rows = session.scalars(select(Deliverable).where(c.work_package_id.in_(list(numbers))))
            found = [_deliverable(each, numbers, leads) for each in rows]
        case PlanTable.MILESTONES:
            c = schema.milestone.c
            milestones = session.scalars(select(Milestone).where(c.project_id == project_id))
            found = [_milestone(each, numbers, leads) for each in milestones]
    return sorted(found, key=lambda line: (getattr(line, "work_package", 0), line.number or 0))


def _work_package(package: WorkPackage, leads: Leads) -> WorkPackageLine:
    return WorkPackageLine(
        number=package.number,
        title=package.title,
        lead=leads.name(package.lead_partner_id),
        start_month=package.start_month,
        end_month=package.end_month,
        objectives=package.objectives,
        description=package.description,
    )


def _task(task: Task, numbers: dict[UUID, int], leads: Leads) -> TaskLine:
    return TaskLine(
        work_package=numbers[task.work_package_id],
        number=task.number,
        title=task.title,
        lead=leads.name(task.lead_partner_id),
        start_month=task.start_month,
        end_month=task.end_month,
        description=task.description,
    )


def _deliverable(
    deliverable: Deliverable, numbers: dict[UUID, int], leads: Leads
) -> DeliverableLine:
    return DeliverableLine(
        work_package=numbers[deliverable.work_package_id],
        number=deliverable.number,
        title=deliverable.title,
        description=deliverable.description,
        lead=leads.name(deliverable.lead_partner_id),
        type=deliverable.type,
        level=deliverable.level,
        due_month=deliverable.due_month,
        status=deliverable.status,
        submitted_on=deliverable.submitted_on,
    )


def _milestone(milestone: Milestone, numbers: dict[UUID, int], leads: Leads) -> MilestoneLine:
    return MilestoneLine(
        number=milestone.number,
        title=milestone.title,
        work_packages=tuple(
            numbers[each] for each in milestone.work_package_ids if each in numbers
        ),
        lead=leads.name(milestone.lead_partner_id),
        due_month=milestone.due_month,
        means_of_verification=milestone.means_of_verification,
        achieved_on=milestone.achieved_on,
    )
