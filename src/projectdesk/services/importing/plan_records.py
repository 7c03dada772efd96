"""What a project's work plan holds already, by what an import's lines name it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.effort import Effort, ReportingPeriod
from projectdesk.domain.workplan import Deliverable, Dependency, Milestone, Risk, Task, WorkPackage
from projectdesk.store import schema


class PlanRecords:
    """All records of a plan, loaded once; what an import makes is added to them."""

    def __init__(self, session: Session, project_id: UUID) -> None:
        def of_project(entity: type[Any], table: Any) -> list[Any]:
            return list(session.scalars(select(entity).where(table.c.project_id == project_id)))

        packages: list[WorkPackage] = of_project(WorkPackage, schema.work_package)
        packages.sort(key=lambda package: package.number)
        self.packages = {package.number: package for package in packages}
        self.milestones: list[Milestone] = of_project(Milestone, schema.milestone)
        self.risks: list[Risk] = of_project(Risk, schema.risk)
        dependencies: list[Dependency] = of_project(Dependency, schema.dependency)
        self.dependencies = {ends_of(each): each for each in dependencies}
        self.periods = len(of_project(ReportingPeriod, schema.reporting_period))
        within = [package.id for package in packages]
        self._tasks: dict[UUID, list[Task]] = {}
        for task in session.scalars(select(Task).where(schema.task.c.work_package_id.in_(within))):
            self.tasks_of(task.work_package_id).append(task)
        self._deliverables: dict[UUID, list[Deliverable]] = {}
        for deliverable in session.scalars(
            select(Deliverable).where(schema.deliverable.c.work_package_id.in_(within))
        ):
            self.deliverables_of(deliverable.work_package_id).append(deliverable)
        cells = session.scalars(select(Effort).where(schema.effort.c.work_package_id.in_(within)))
        self.effort = {(each.partner_id, each.work_package_id): each for each in cells}

    def titles(self) -> Iterator[str]:
        """Yield what everything here is called."""
        yield from (package.title for package in self.packages.values())
        for tasks in self._tasks.values():
            yield from (task.title for task in tasks)
        for deliverables in self._deliverables.values():
            yield from (deliverable.title for deliverable in deliverables)
        yield from (milestone.title for milestone in self.milestones)

    def tasks_of(self, package_id: UUID) -> list[Task]:
        """Return the tasks of a work package; a new one may be appended."""
        return self._tasks.setdefault(package_id, [])

    def deliverables_of(self, package_id: UUID) -> list[Deliverable]:
        """Return the deliverables of a work package; a new one may be appended."""
        return self._deliverables.setdefault(package_id, [])


def ends_of(dependency: Dependency) -> tuple[UUID, UUID]:
    """Return the ids of what waits and what it waits for, the latter first."""
    before = dependency.before_work_package_id or dependency.before_task_id
    after = dependency.after_work_package_id or dependency.after_task_id
    if before is None or after is None:
        raise ValueError(f"dependency {dependency.id} has an open end")
    return before, after
