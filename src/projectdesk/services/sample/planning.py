"""The sample's risks, what waits for what, and where its deliverables stand."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.workplan import Dependency, DependencyType, Risk, RiskGrade, RiskStatus
from projectdesk.services.sample.cast import Cast
from projectdesk.services.session import Unit
from projectdesk.store import schema


def make_planning(unit: Unit, told: dict[str, Any], cast: Cast) -> None:
    """Add what ties and threatens the work plan, which is made already.

    Args:
        unit: the change.
        told: the sample's `work_plan.toml`.
        cast: who and what was made so far.
    """
    for row in told["risks"]["rows"]:
        _risk(unit, cast, row)
    unit.session.flush()
    tasks = _tasks(unit, cast)
    for after, before, kind, lag in told["dependencies"]["rows"]:
        unit.add(
            Dependency(
                project_id=cast.project.id,
                before_task_id=tasks[before],
                after_task_id=tasks[after],
                type=DependencyType(kind),
                lag_months=lag,
            )
        )
    for label, name, value in told["life"]["rows"]:
        deliverable = cast.deliverables[label]
        if name == "reviewer":
            deliverable.reviewer_id = cast.people[value].id
        else:
            setattr(deliverable, name, date.fromisoformat(value))


def _risk(unit: Unit, cast: Cast, row: list[Any]) -> None:
    number, title, packages, likelihood, severity, mitigation, owner, status = row
    unit.add(
        Risk(
            project_id=cast.project.id,
            number=number,
            title=title,
            work_package_ids=[cast.work_packages[each].id for each in packages],
            likelihood=RiskGrade(likelihood),
            severity=RiskGrade(severity),
            mitigation=mitigation,
            owner_partner_id=cast.partners[owner].id,
            status=RiskStatus(status),
        )
    )


def _tasks(unit: Unit, cast: Cast) -> dict[str, UUID]:
    """Return the tasks by label."""
    task, package = schema.task.c, schema.work_package.c
    rows = unit.session.execute(
        select(package.number.label("package"), task.number, task.id)
        .join_from(schema.task, schema.work_package)
        .where(package.project_id == cast.project.id)
    )
    return {f"T{row.package}.{row.number}": row.id for row in rows}
