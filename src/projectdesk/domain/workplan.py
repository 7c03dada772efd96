"""The work plan: work packages, tasks, deliverables, milestones (terms.md, Work plan).

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
    """One deliverable of a work package; shown as D{wp}.{number}, due at the end of its month."""

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
    submitted_on: date | None = None


@dataclass(eq=False, kw_only=True)
class Milestone:
    """One milestone of a project; shown as MS{number}, due at the end of its month."""

    id: UUID = field(default_factory=new_id)
    version: int = 1
    project_id: UUID
    number: int
    title: str
    work_package_ids: list[UUID] = field(default_factory=list)
    lead_partner_id: UUID | None = None
    due_month: int = 1
    means_of_verification: str = ""
    achieved_on: date | None = None
