"""Frozen rows of reporting periods and of what partners state for them. Person-months: `Decimal`.

Labels are WP3, RP1. A day of a period is None while the project has no start date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from projectdesk.domain.effort import StatementState
from projectdesk.domain.rules.reporting import PeriodFinding

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class StatementLine:
    """One partner in one work package. planned: its share in the period; earlier: reported before.

    reported: for this period, None = nothing was said.
    """

    work_package_id: UUID
    label: str
    title: str
    planned: Decimal
    earlier: Decimal
    reported: Decimal | None

    @property
    def deviation(self) -> Decimal | None:
        """Return reported less planned; None while nothing was said."""
        return None if self.reported is None else self.reported - self.planned


@dataclass(frozen=True)
class StatementRow:
    """What a partner states for a period. id, version: None while nothing was asked nor entered.

    person: who is asked, or who would be. late: days since the deadline without an answer; waiting:
    the deadline is over, and what the host got until then is not collected yet (decisions 2).
    """

    id: UUID | None
    version: int | None
    partner_id: UUID
    number: int | None
    partner: str
    person_id: UUID | None
    person: str
    email: str
    zone: str
    state: StatementState
    desk: str
    generation: int
    deadline: date | None
    asked_at: datetime | None
    reminded_at: datetime | None
    answered_at: datetime | None
    decided_at: datetime | None
    comment: str
    remark: str
    late: int
    waiting: bool
    lines: tuple[StatementLine, ...]

    @property
    def planned(self) -> Decimal:
        """Return the planned person-months of the period."""
        return sum((line.planned for line in self.lines), NOTHING)

    @property
    def reported(self) -> Decimal | None:
        """Return the reported person-months; None while nothing was said."""
        said = [line.reported for line in self.lines if line.reported is not None]
        return sum(said, NOTHING) if said else None

    @property
    def earlier(self) -> Decimal:
        """Return what was reported in the periods before."""
        return sum((line.earlier for line in self.lines), NOTHING)

    @property
    def deviation(self) -> Decimal | None:
        """Return reported less planned; None while nothing was said."""
        reported = self.reported
        return None if reported is None else reported - self.planned

    @property
    def missing(self) -> bool:
        """Return whether its figures are not here, or were sent back."""
        return self.state not in {StatementState.ANSWERED, StatementState.APPROVED}


@dataclass(frozen=True)
class ReportingPeriodRow:
    """One reporting period. due_on: of the periodic report. The counts are of partners."""

    id: UUID
    version: int
    project_id: UUID
    label: str
    number: int
    start_month: int
    end_month: int
    starts_on: date | None
    ends_on: date | None
    due_days: int
    due_on: date | None
    frozen_on: date | None
    planned: Decimal
    reported: Decimal
    partners: int
    asked: int
    answered: int
    approved: int
    missing: int
    late: int


@dataclass(frozen=True)
class ReportingPeriods:
    """The periods of a project by number, and what is odd about them."""

    periods: tuple[ReportingPeriodRow, ...]
    findings: tuple[PeriodFinding, ...]
    duration_months: int | None


@dataclass(frozen=True)
class EffortLink:
    """A partner's personal link to its statement. url holds the token; person, email may be ""."""

    statement_id: UUID
    partner: str
    person: str
    email: str
    deadline: date | None
    url: str
