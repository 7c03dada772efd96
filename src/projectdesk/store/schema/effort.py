"""Tables of effort: planned, and reported per reporting period."""

from __future__ import annotations

from sqlalchemy import Column, Date, String, Table, UniqueConstraint

from projectdesk.domain.effort import StatementState
from projectdesk.store.schema.base import count, identity, metadata, prose, reference
from projectdesk.store.types import Money, Spelling, UtcInstant

effort = Table(
    "effort",
    metadata,
    *identity(),
    reference("partner_id", "partner"),
    reference("work_package_id", "work_package"),
    Column("months", Money, nullable=False),
    UniqueConstraint("partner_id", "work_package_id"),
)

reporting_period = Table(
    "reporting_period",
    metadata,
    *identity(),
    reference("project_id", "project"),
    count("number"),
    count("start_month", 1),
    count("end_month", 1),
    count("due_days", 60),
    Column("frozen_on", Date),
)

effort_statement = Table(
    "effort_statement",
    metadata,
    *identity(),
    reference("period_id", "reporting_period"),
    reference("partner_id", "partner"),
    reference("person_id", "person", nullable=True),
    Column("state", Spelling(StatementState), nullable=False, default=StatementState.OPEN),
    Column("desk", String, nullable=False, unique=True),
    count("generation", 1),
    Column("deadline", Date),
    Column("asked_at", UtcInstant),
    Column("reminded_at", UtcInstant),
    Column("answered_at", UtcInstant),
    Column("decided_at", UtcInstant),
    prose("comment"),
    prose("remark"),
    UniqueConstraint("period_id", "partner_id"),
)

reported_effort = Table(
    "reported_effort",
    metadata,
    *identity(),
    reference("statement_id", "effort_statement"),
    reference("work_package_id", "work_package"),
    Column("months", Money, nullable=False),
    UniqueConstraint("statement_id", "work_package_id"),
)

planned_share = Table(
    "planned_share",
    metadata,
    *identity(),
    reference("period_id", "reporting_period"),
    reference("partner_id", "partner"),
    reference("work_package_id", "work_package"),
    Column("months", Money, nullable=False),
    UniqueConstraint("period_id", "partner_id", "work_package_id"),
)
