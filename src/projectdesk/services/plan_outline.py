"""One project's plan as entities, in order, for the commands that move much of it at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Project
from projectdesk.domain.rules.dependencies import Bar, Link, circle, months_too_early
from projectdesk.domain.workplan import (
    Deliverable,
    Dependency,
    DependencyType,
    Milestone,
    Risk,
    Task,
    WorkPackage,
)
from projectdesk.errors import DomainError, NotFound
from projectdesk.services.plan_rows import BrokenTie
from projectdesk.store import schema

Record = WorkPackage | Task | Deliverable | Milestone | Risk


class PlanOutline:
    """Work packages with what is in them, milestones, risks and dependencies of a project."""

    def __init__(self, session: Session, project_id: UUID) -> None:
        """Read the plan.

        Raises:
            NotFound: no such project.
        """
        project = session.get(Project, project_id)
        if project is None:
            raise NotFound("not_found", "This project does not exist any more.")
        self.project = project

        def of_project(entity: type[Any], table: Any) -> list[Any]:
            query = select(entity).where(table.c.project_id == project_id)
            return list(session.scalars(query.order_by(table.c.number, table.c.id)))

        self.packages: Sequence[WorkPackage] = of_project(WorkPackage, schema.work_package)
        self.milestones: Sequence[Milestone] = of_project(Milestone, schema.milestone)
        self.risks: Sequence[Risk] = of_project(Risk, schema.risk)
        self.tasks: Sequence[Task] = _inside(session, Task, schema.task, project_id)
        self.deliverables: Sequence[Deliverable] = _inside(
            session, Deliverable, schema.deliverable, project_id
        )
        query = select(Dependency).where(schema.dependency.c.project_id == project_id)
        self.dependencies: Sequence[Dependency] = list(
            session.scalars(query.order_by(schema.dependency.c.id))
        )
        self.package_of: dict[UUID, WorkPackage] = {each.id: each for each in self.packages}

    def package(self, package_id: UUID) -> WorkPackage:
        """Return a work package.

        Raises:
            NotFound: it is not of this project any more.
        """
        found = self.package_of.get(package_id)
        if found is None:
            raise NotFound("not_found", "This work package does not exist any more.")
        return found

    def bars(self) -> list[Bar]:
        """Return work packages and tasks as bars."""
        return [
            *(Bar(each.id, each.start_month, each.end_month) for each in self.packages),
            *(
                Bar(each.id, each.start_month, each.end_month, each.work_package_id)
                for each in self.tasks
            ),
        ]

    def links(self) -> list[Link]:
        """Return the dependencies between them."""
        return [link_of(each) for each in self.dependencies]

    def label(self, record: Record, numbers: dict[UUID, int] | None = None) -> str:
        """Return what a record is called, with other numbers where given."""
        given = numbers or {}
        number = given.get(record.id, record.number)
        match record:
            case WorkPackage():
                return f"WP{number}"
            case Milestone():
                return f"MS{number}"
            case Risk():
                return f"R{number}"
            case _:
                letter = "T" if isinstance(record, Task) else "D"
                package = self.package(record.work_package_id)
                return f"{letter}{given.get(package.id, package.number)}.{number}"

    def labels(self) -> dict[UUID, str]:
        """Return what each bar is called."""
        tied: list[Record] = [*self.packages, *self.tasks]
        return {each.id: self.label(each) for each in tied}

    def violated(self, bars: Iterable[Bar]) -> tuple[BrokenTie, ...]:
        """Return the dependencies that do not hold with these bars."""
        now = {bar.id: bar for bar in bars}
        labels = self.labels()
        return tuple(
            BrokenTie(labels[link.after], labels[link.before])
            for link in self.links()
            if link.before in now
            and link.after in now
            and months_too_early(link, now[link.before], now[link.after])
        )

    def check_no_circle(
        self, links: Sequence[Link], *, field: str, bars: Sequence[Bar] = ()
    ) -> None:
        """Refuse dependencies in which something waits for itself.

        Args:
            links: all that would be there.
            field: to blame.
            bars: of the plan, where others than it has now.

        Raises:
            DomainError: `circle`, with the circle in words as fact `bars`.
        """
        found = circle(bars or self.bars(), links)
        if found:
            labels = self.labels()
            raise DomainError(
                "circle",
                "This would be a circle: {bars}. Each would wait for the next.",
                field=field,
                bars=" ← ".join(labels[each] for each in reversed(found)),
            )


def link_of(record: Dependency) -> Link:
    """Return a dependency as the rules read it."""
    before = record.before_task_id or record.before_work_package_id
    after = record.after_task_id or record.after_work_package_id
    if before is None or after is None:
        raise DomainError("one_end", "A dependency ties two bars.", field="before_task_id")
    return Link(before, after, record.type or DependencyType.FINISH_START, record.lag_months)


def _inside(session: Session, entity: type[Any], table: Any, project_id: UUID) -> list[Any]:
    package = schema.work_package.c
    query = (
        select(entity)
        .join(schema.work_package, package.id == table.c.work_package_id)
        .where(package.project_id == project_id)
        .order_by(package.number, table.c.number, table.c.id)
    )
    return list(session.scalars(query))
