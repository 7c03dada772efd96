"""What the tables of a periodic report say, before their layout. Person-months are `Decimal`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class EffortCell:
    """One partner in one work package: person-months of the period, and since the start."""

    partner: str
    number: int | None
    work_package: str
    title: str
    planned: Decimal
    reported: Decimal
    planned_to_date: Decimal
    reported_to_date: Decimal

    @property
    def figures(self) -> tuple[Decimal, ...]:
        """Return planned, reported, planned to date, reported to date."""
        return (self.planned, self.reported, self.planned_to_date, self.reported_to_date)


@dataclass(frozen=True)
class DueLine:
    """A deliverable or milestone of the period. done: when it was submitted or achieved."""

    label: str
    title: str
    lead: str
    work_packages: str
    month: int
    due_on: date | None
    status: str
    done: date | None


@dataclass(frozen=True)
class RiskState:
    """Where a risk stands at the end of the period."""

    label: str
    title: str
    work_packages: str
    likelihood: str
    severity: str
    status: str
    mitigation: str


@dataclass(frozen=True)
class PeriodicContent:
    """What the report says. missing: partners whose figures are not in it. language: BCP 47."""

    acronym: str
    title: str
    grant_number: str
    period: str
    start_month: int
    end_month: int
    starts_on: date | None
    ends_on: date | None
    due_on: date | None
    frozen_on: date | None
    missing: tuple[str, ...]
    cells: tuple[EffortCell, ...]
    deliverables: tuple[DueLine, ...]
    milestones: tuple[DueLine, ...]
    risks: tuple[RiskState, ...]
    language: str = "en"
