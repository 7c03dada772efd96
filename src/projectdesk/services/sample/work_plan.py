"""The sample's work plan."""

from __future__ import annotations

from datetime import date
from typing import Any

from projectdesk.domain.workplan import (
    Deliverable,
    DeliverableStatus,
    DeliverableType,
    DisseminationLevel,
    Milestone,
    Task,
    WorkPackage,
)
from projectdesk.services.sample.cast import Cast
from projectdesk.services.session import Unit


def make_work_plan(unit: Unit, told: dict[str, Any], cast: Cast) -> None:
    """Add work packages, tasks, deliverables and milestones.

    Args:
        unit: the change.
        told: the sample's `work_plan.toml`.
        cast: who leads what; the work plan is added to it.
    """
    for row in told["work_packages"]:
        _work_package(unit, cast, row)
    for row in told["deliverables"]["rows"]:
        _deliverable(unit, cast, row)
    for row in told["milestones"]["rows"]:
        _milestone(unit, cast, row)


def _work_package(unit: Unit, cast: Cast, told: dict[str, Any]) -> None:
    start, end = told["months"]
    package = WorkPackage(
        project_id=cast.project.id,
        number=told["number"],
        title=told["title"],
        lead_partner_id=cast.partners[told["lead"]].id,
        start_month=start,
        end_month=end,
        objectives=told["objectives"],
        description=told["description"],
    )
    cast.work_packages[package.number] = package
    unit.add(package)
    for number, (title, lead, first, last) in enumerate(told["tasks"], start=1):
        unit.add(
            Task(
                work_package_id=package.id,
                number=number,
                title=title,
                lead_partner_id=cast.partners[lead].id,
                start_month=first,
                end_month=last,
            )
        )


def _deliverable(unit: Unit, cast: Cast, row: list[Any]) -> None:
    label, title, lead, kind, level, month, status, submitted = row
    package, number = (int(part) for part in label.split("."))
    deliverable = Deliverable(
        work_package_id=cast.work_packages[package].id,
        number=number,
        title=title,
        lead_partner_id=cast.partners[lead].id,
        type=DeliverableType(kind),
        level=DisseminationLevel(level),
        due_month=month,
        status=DeliverableStatus(status),
        submitted_on=date.fromisoformat(submitted) if submitted else None,
    )
    cast.deliverables[label] = deliverable
    unit.add(deliverable)


def _milestone(unit: Unit, cast: Cast, row: list[Any]) -> None:
    number, title, packages, lead, month, verification, achieved = row
    unit.add(
        Milestone(
            project_id=cast.project.id,
            number=number,
            title=title,
            work_package_ids=[cast.work_packages[each].id for each in packages],
            lead_partner_id=cast.partners[lead].id,
            due_month=month,
            means_of_verification=verification,
            achieved_on=date.fromisoformat(achieved) if achieved else None,
        )
    )
