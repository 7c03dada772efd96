"""What the rows of a work plan's tables say, before leads and work packages are looked up.

May import: domain.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from projectdesk.domain.workplan import (
    DeliverableStatus,
    DeliverableType,
    DependencyType,
    DisseminationLevel,
    RiskGrade,
    RiskStatus,
)


class PlanTable(StrEnum):
    """The tables of a work plan (terms.md, Work plan)."""

    WORK_PACKAGES = "work_packages"
    TASKS = "tasks"
    DELIVERABLES = "deliverables"
    MILESTONES = "milestones"
    RISKS = "risks"
    EFFORT = "effort"
    DEPENDENCIES = "dependencies"


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkPackageLine:
    """A work package. lead: short name, participant number or legal name, as the file says.

    numbered: whether the file says the number; if not, it stands for the place in the file only.
    """

    row: int = 0
    number: int
    numbered: bool = True
    title: str
    lead: str = ""
    start_month: int
    end_month: int
    objectives: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskLine:
    """A task of work package `work_package`. number: None = the next one there."""

    row: int = 0
    work_package: int
    number: int | None = None
    numbered: bool = True
    title: str
    lead: str = ""
    start_month: int
    end_month: int
    description: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliverableLine:
    """A deliverable. type, level, status: None where the file does not say."""

    row: int = 0
    work_package: int
    number: int | None = None
    numbered: bool = True
    title: str
    description: str = ""
    lead: str = ""
    type: DeliverableType | None = None
    level: DisseminationLevel | None = None
    due_month: int
    status: DeliverableStatus | None = None
    submitted_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MilestoneLine:
    """A milestone. work_packages: their numbers."""

    row: int = 0
    number: int
    numbered: bool = True
    title: str
    work_packages: tuple[int, ...] = ()
    lead: str = ""
    due_month: int
    means_of_verification: str = ""
    achieved_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RiskLine:
    """A risk. number: None = the next one. grades, status: None where the file does not say."""

    row: int = 0
    number: int | None = None
    title: str
    work_packages: tuple[int, ...] = ()
    likelihood: RiskGrade | None = None
    severity: RiskGrade | None = None
    mitigation: str = ""
    owner: str = ""
    status: RiskStatus | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EffortLine:
    """A cell of the effort matrix: person-months of a partner in a work package."""

    row: int = 0
    partner: str
    work_package: int
    months: Decimal


@dataclass(frozen=True, slots=True)
class PlanEnd:
    """What a dependency ties: a work package, or with `task` one of its tasks."""

    work_package: int
    task: int | None = None

    @property
    def label(self) -> str:
        """Return what people call it: WP3, T3.2."""
        if self.task is None:
            return f"WP{self.work_package}"
        return f"T{self.work_package}.{self.task}"


@dataclass(frozen=True, kw_only=True, slots=True)
class DependencyLine:
    """`after` waits for `before`. lag_months: whole project months, negative = overlap."""

    row: int = 0
    before: PlanEnd
    after: PlanEnd
    type: DependencyType = DependencyType.FINISH_START
    lag_months: int = 0


PlanLine = (
    WorkPackageLine
    | TaskLine
    | DeliverableLine
    | MilestoneLine
    | RiskLine
    | EffortLine
    | DependencyLine
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Unheld:
    """How many records have what no format of a plan holds.

    reviews: deliverables with a day for the draft, a reviewer, or the day of a review or decision.
    expected: deliverables and milestones with the day on which they are expected. verified:
    milestones that say how or by whom they were verified. periods: reporting periods.
    """

    reviews: int = 0
    expected: int = 0
    verified: int = 0
    periods: int = 0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A whole work plan, whatever it was read from or is written to.

    title: of the project. start: its first day, as the file says; None = it does not. unheld: what
    a project has beyond it.
    """

    title: str = ""
    start: date | None = None
    work_packages: tuple[WorkPackageLine, ...] = ()
    tasks: tuple[TaskLine, ...] = ()
    deliverables: tuple[DeliverableLine, ...] = ()
    milestones: tuple[MilestoneLine, ...] = ()
    risks: tuple[RiskLine, ...] = ()
    effort: tuple[EffortLine, ...] = ()
    dependencies: tuple[DependencyLine, ...] = ()
    unheld: Unheld = Unheld()

    def lines(self) -> tuple[PlanLine, ...]:
        """Return all lines, each after what it refers to."""
        return (
            *self.work_packages,
            *self.tasks,
            *self.deliverables,
            *self.milestones,
            *self.risks,
            *self.effort,
            *self.dependencies,
        )

    def table(self, table: PlanTable) -> tuple[PlanLine, ...]:
        """Return the lines of one table."""
        lines: tuple[PlanLine, ...] = getattr(self, table.value)
        return lines
