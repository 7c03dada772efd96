"""Tables of the work plan. Their numbers are kept apart by the services, which can say which."""

from __future__ import annotations

from sqlalchemy import Column, Date, Table

from projectdesk.domain.workplan import (
    DeliverableStatus,
    DeliverableType,
    DependencyType,
    DisseminationLevel,
    RiskGrade,
    RiskStatus,
)
from projectdesk.store.schema.base import count, identity, line, metadata, prose, reference
from projectdesk.store.types import Spelling, UuidList

work_package = Table(
    "work_package",
    metadata,
    *identity(),
    reference("project_id", "project"),
    count("number"),
    line("title"),
    reference("lead_partner_id", "partner", nullable=True),
    count("start_month", 1),
    count("end_month", 1),
    prose("objectives"),
    prose("description"),
)

task = Table(
    "task",
    metadata,
    *identity(),
    reference("work_package_id", "work_package"),
    count("number"),
    line("title"),
    reference("lead_partner_id", "partner", nullable=True),
    count("start_month", 1),
    count("end_month", 1),
    prose("description"),
)

deliverable = Table(
    "deliverable",
    metadata,
    *identity(),
    reference("work_package_id", "work_package"),
    count("number"),
    line("title"),
    prose("description"),
    reference("lead_partner_id", "partner", nullable=True),
    Column("type", Spelling(DeliverableType), nullable=False, default=DeliverableType.R),
    Column("level", Spelling(DisseminationLevel), nullable=False, default=DisseminationLevel.PU),
    count("due_month", 1),
    Column(
        "status", Spelling(DeliverableStatus), nullable=False, default=DeliverableStatus.PLANNED
    ),
    Column("draft_on", Date),
    reference("reviewer_id", "person", nullable=True),
    Column("reviewed_on", Date),
    Column("expected_on", Date),
    Column("submitted_on", Date),
    Column("decided_on", Date),
)

milestone = Table(
    "milestone",
    metadata,
    *identity(),
    reference("project_id", "project"),
    count("number"),
    line("title"),
    Column("work_package_ids", UuidList, nullable=False, default=list),
    reference("lead_partner_id", "partner", nullable=True),
    count("due_month", 1),
    prose("means_of_verification"),
    Column("expected_on", Date),
    Column("achieved_on", Date),
    reference("verified_by_id", "person", nullable=True),
    prose("verification"),
)

dependency = Table(
    "dependency",
    metadata,
    *identity(),
    reference("project_id", "project"),
    reference("before_work_package_id", "work_package", nullable=True, carried=True),
    reference("before_task_id", "task", nullable=True, carried=True),
    reference("after_work_package_id", "work_package", nullable=True, carried=True),
    reference("after_task_id", "task", nullable=True, carried=True),
    Column("type", Spelling(DependencyType), nullable=False, default=DependencyType.FINISH_START),
    count("lag_months"),
)

risk = Table(
    "risk",
    metadata,
    *identity(),
    reference("project_id", "project"),
    count("number"),
    prose("title"),
    Column("work_package_ids", UuidList, nullable=False, default=list),
    Column("likelihood", Spelling(RiskGrade), nullable=False, default=RiskGrade.MEDIUM),
    Column("severity", Spelling(RiskGrade), nullable=False, default=RiskGrade.MEDIUM),
    prose("mitigation"),
    reference("owner_partner_id", "partner", nullable=True),
    Column("status", Spelling(RiskStatus), nullable=False, default=RiskStatus.OPEN),
)
