"""Effort in person-months: planned, asked for and reported per reporting period (terms.md).

Person-months are exact `Decimal`s with at most two places.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from projectdesk.domain.identity import new_id


class StatementState(StrEnum):
    """Where a partner's statement of a period stands.

    OPEN: nothing was asked. ASKED: its link went out. ANSWERED: the partner sent figures.
    SENT_BACK: the coordinator wants them corrected. APPROVED: they are in the report.
    """

    OPEN = "open"
    ASKED = "asked"
    ANSWERED = "answered"
    SENT_BACK = "sent_back"
    APPROVED = "approved"


@dataclass(eq=False, kw_only=True)
class Effort:
    """Person-months that a partner plans in a work package over the whole project."""

    id: UUID = field(default_factory=new_id)
    version: int = 1
    partner_id: UUID
    work_package_id: UUID
    months: Decimal


@dataclass(eq=False, kw_only=True)
class ReportingPeriod:
    """One reporting period; shown as RP{number}. Both months are part of it.

    due_days: days from its end to the periodic report. frozen_on: since then nothing of it changes.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    project_id: UUID
    number: int
    start_month: int = 1
    end_month: int = 1
    due_days: int = 60
    frozen_on: date | None = None


@dataclass(eq=False, kw_only=True)
class EffortStatement:
    """What one partner reports for one period, and the personal link it is asked by.

    desk, generation: of its link (decisions 1, 3). person_id: who is asked. deadline: the last day
    on which an answer counts. comment: the partner's; remark: the coordinator's when sending back.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    period_id: UUID
    partner_id: UUID
    person_id: UUID | None = None
    state: StatementState = StatementState.OPEN
    desk: str
    generation: int = 1
    deadline: date | None = None
    asked_at: datetime | None = None
    reminded_at: datetime | None = None
    answered_at: datetime | None = None
    decided_at: datetime | None = None
    comment: str = ""
    remark: str = ""


@dataclass(eq=False, kw_only=True)
class ReportedEffort:
    """Person-months of a statement in one work package."""

    id: UUID = field(default_factory=new_id)
    version: int = 1
    statement_id: UUID
    work_package_id: UUID
    months: Decimal


@dataclass(eq=False, kw_only=True)
class PlannedShare:
    """What a partner's share of a period was when the period was frozen, in person-months.

    Until then shares follow the plan (`domain.rules.effort.planned_share`).
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    period_id: UUID
    partner_id: UUID
    work_package_id: UUID
    months: Decimal
