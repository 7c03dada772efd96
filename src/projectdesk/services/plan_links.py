"""What a dependency must keep to: two ends, once, and nothing waits for itself."""

from __future__ import annotations

from sqlalchemy.orm import Session

from projectdesk.domain.rules import validation
from projectdesk.domain.workplan import Dependency, Task, WorkPackage
from projectdesk.services.plan_outline import PlanOutline, link_of

_ENDS = frozenset(
    {"before_work_package_id", "before_task_id", "after_work_package_id", "after_task_id"}
)


def check_dependency(session: Session, record: Dependency, moved: frozenset[str]) -> None:
    """Refuse what does not tie exactly one bar to another one, twice the same, and a circle.

    Raises:
        DomainError: `one_end`, `own_end`, `dependency_twice`, `circle`; fact `field`.
    """
    before = [record.before_work_package_id, record.before_task_id]
    after = [record.after_work_package_id, record.after_task_id]
    for side, ends in (("before", before), ("after", after)):
        if sum(end is not None for end in ends) != 1:
            raise validation.refuse(
                "one_end", f"{side}_task_id", "Choose one work package or one task."
            )
    if before == after:
        raise validation.refuse("own_end", "after_task_id", "Nothing waits for itself.")
    if not moved & (_ENDS | {"type"}):
        return
    outline = PlanOutline(session, record.project_id)
    mine = link_of(record)
    others = [link_of(each) for each in outline.dependencies if each.id != record.id]
    if any((each.before, each.after) == (mine.before, mine.after) for each in others):
        raise validation.refuse("dependency_twice", "before_task_id", "It waits for this already.")
    outline.check_no_circle([*others, mine], field="before_task_id")


def check_task_package(session: Session, record: Task) -> None:
    """Refuse a work package in which a task would wait for itself.

    Raises:
        DomainError: `circle`; fact `field`.
    """
    package = session.get(WorkPackage, record.work_package_id)
    if package is None or record not in session:  # nothing waits for what is just being made
        return
    outline = PlanOutline(session, package.project_id)
    if outline.dependencies:
        outline.check_no_circle(outline.links(), field="work_package_id")
