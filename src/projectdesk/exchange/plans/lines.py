"""What the rows of a work plan's tables say, before leads and work packages are looked up.

May import: domain.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from projectdesk.domain.workplan import DeliverableStatus, DeliverableType, DisseminationLevel


class PlanTable(StrEnum):
    """The tables of a work plan (terms.md, Work plan)."""

    WORK_PACKAGES = "work_packages"
    TASKS = "tasks"
    DELIVERABLES = "deliverables"
    MILESTONES = "milestones"


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkPackageLine:
    """A work package. lead: short name, participant number or legal name, as the file says."""

    row: int = 0
    number: int
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
    title: str
    work_packages: tuple[int, ...] = ()
    lead: str = ""
    due_month: int
    means_of_verification: str = ""
    achieved_on: date | None = None


PlanLine = WorkPackageLine | TaskLine | DeliverableLine | MilestoneLine
