"""The work plan: work packages, tasks, deliverables, milestones, dependencies, risks (terms.md).

Months are project months (M1 = 1); a calendar date is derived by `rules.project_months`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from projectdesk.domain.identity import new_id


class DeliverableType(StrEnum):
    """Nature of a deliverable."""

    R = "R"
    DEM = "DEM"
    DEC = "DEC"
    DATA = "DATA"
    DMP = "DMP"
    ETHICS = "ETHICS"
    SECURITY = "SECURITY"
    OTHER = "OTHER"


class DisseminationLevel(StrEnum):
    """Who may read a deliverable; older CO, RE, PP are read as SEN."""

    PU = "PU"
    SEN = "SEN"
    EU_R = "R-UE/EU-R"
    EU_C = "C-UE/EU-C"
    EU_S = "S-UE/EU-S"


class DeliverableStatus(StrEnum):
    """Life of a deliverable."""

    PLANNED = "planned"
    IN_PREPARATION = "in_preparation"
    INTERNAL_REVIEW = "internal_review"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REVISION_REQUESTED = "revision_requested"
    REJECTED = "rejected"


class DependencyType(StrEnum):
    """Which ends of two bars a dependency ties, predecessor first."""

    FINISH_START = "FS"
    START_START = "SS"
    FINISH_FINISH = "FF"
    START_FINISH = "SF"


class RiskGrade(StrEnum):
    """How likely a risk is, or how severe."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class RiskStatus(StrEnum):
    """Whether a risk can still happen, did, or is over."""

    OPEN = "open"
    OCCURRED = "occurred"
    CLOSED = "closed"


@dataclass(eq=False, kw_only=True)
class WorkPackage:
    """One work package; shown as WP{number}."""

    id: UUID = field(default_factory=new_id)
    version: int = 1
    project_id: UUID
    number: int
    title: str
    lead_partner_id: UUID | None = None
    start_month: int = 1
    end_month: int = 1
    objectives: str = ""
    description: str = ""


@dataclass(eq=False, kw_only=True)
class Task:
    """One task of a work package; shown as T{wp}.{number}."""

    id: UUID = field(default_factory=new_id)
    version: int = 1
    work_package_id: UUID
    number: int
    title: str
    lead_partner_id: UUID | None = None
    start_month: int = 1
    end_month: int = 1
    description: str = ""


@dataclass(eq=False, kw_only=True)
class Deliverable:
    """One deliverable of a work package; shown as D{wp}.{number}, due at the end of its month.

    draft_on: when the coordinator wants the draft; None = 14 days before it is due (terms.md).
    reviewer_id: who reads it inside the consortium, reviewed_on: when they were done. expected_on:
    when its lead now expects it. decided_on: when it was accepted, sent back or rejected.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    work_package_id: UUID
    number: int
    title: str
    description: str = ""
    lead_partner_id: UUID | None = None
    type: DeliverableType = DeliverableType.R
    level: DisseminationLevel = DisseminationLevel.PU
    due_month: int = 1
    status: DeliverableStatus = DeliverableStatus.PLANNED
    draft_on: date | None = None
    reviewer_id: UUID | None = None
    reviewed_on: date | None = None
    expected_on: date | None = None
    submitted_on: date | None = None
    decided_on: date | None = None


@dataclass(eq=False, kw_only=True)
class Milestone:
    """One milestone of a project; shown as MS{number}, due at the end of its month.

    achieved_on: when it was reached, as `verified_by_id` verified; `verification` says by what.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    project_id: UUID
    number: int
    title: str
    work_package_ids: list[UUID] = field(default_factory=list)
    lead_partner_id: UUID | None = None
    due_month: int = 1
    means_of_verification: str = ""
    expected_on: date | None = None
    achieved_on: date | None = None
    verified_by_id: UUID | None = None
    verification: str = ""


@dataclass(eq=False, kw_only=True)
class Dependency:
    """One bar of the plan waits for another: each end is a work package or a task.

    lag_months: whole project months between the two ends; negative = overlap.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    project_id: UUID
    before_work_package_id: UUID | None = None
    before_task_id: UUID | None = None
    after_work_package_id: UUID | None = None
    after_task_id: UUID | None = None
    type: DependencyType = DependencyType.FINISH_START
    lag_months: int = 0


@dataclass(eq=False, kw_only=True)
class Risk:
    """One risk of a project; shown as R{number}. title: what may happen."""

    id: UUID = field(default_factory=new_id)
    version: int = 1
    project_id: UUID
    number: int
    title: str
    work_package_ids: list[UUID] = field(default_factory=list)
    likelihood: RiskGrade = RiskGrade.MEDIUM
    severity: RiskGrade = RiskGrade.MEDIUM
    mitigation: str = ""
    owner_partner_id: UUID | None = None
    status: RiskStatus = RiskStatus.OPEN
