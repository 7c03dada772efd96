"""Check a project's plan: everything that the rules of `services.plan_check` need, read once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.rules.dependencies import circle
from projectdesk.services.plan_check import Period, PlanFacts
from projectdesk.services.plan_check import check_plan as check
from projectdesk.services.plan_outline import PlanOutline
from projectdesk.services.plan_problems import PlanProblem
from projectdesk.services.queries.consortium import partners, project
from projectdesk.services.queries.plan import dependencies, risks
from projectdesk.services.queries.workplan import deliverables, milestones, tasks, work_packages
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def check_plan(workspace: Workspace, project_id: UUID) -> list[PlanProblem]:
    """Return the problems of a project's plan, errors first.

    Raises:
        NotFound: no such project.
    """
    period, effort, package = (
        schema.reporting_period.c,
        schema.effort.c,
        schema.work_package.c,
    )
    with workspace.read() as session:
        outline = PlanOutline(session, project_id)
        labels = outline.labels()
        waiting = circle(outline.bars(), outline.links())
        periods = session.execute(
            select(period.id, period.number, period.start_month, period.end_month).where(
                period.project_id == project_id
            )
        ).all()
        cells = session.execute(
            select(effort.partner_id, effort.work_package_id, effort.months)
            .join_from(schema.effort, schema.work_package)
            .where(package.project_id == project_id)
        ).all()
    return check(
        PlanFacts(
            project=project(workspace, project_id),
            partners=partners(workspace, project_id),
            work_packages=work_packages(workspace, project_id),
            tasks=tasks(workspace, project_id),
            deliverables=deliverables(workspace, project_id),
            milestones=milestones(workspace, project_id),
            risks=risks(workspace, project_id),
            dependencies=dependencies(workspace, project_id),
            periods=[Period(*row) for row in periods],
            effort={(row.partner_id, row.work_package_id): row.months for row in cells},
            circle=tuple(labels[each] for each in reversed(waiting)),
        )
    )
