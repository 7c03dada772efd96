"""Frozen rows of the effort matrix: partners down, work packages across, person-months as Decimal.

A cell that is not in a mapping has no effort: there is no zero that stands for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from projectdesk.domain.consortium import PartnerRole
from projectdesk.domain.effort import StatementState

NOTHING = Decimal(0)


@dataclass(frozen=True)
class EffortPartner:
    """A row of the matrix. label: its participant number, "" when it has none.

    parent_id: the beneficiary that an affiliated entity stands below.
    """

    id: UUID
    label: str
    name: str
    role: PartnerRole
    parent_id: UUID | None


@dataclass(frozen=True)
class EffortPackage:
    """A column of the matrix; label "WP3". Both months are part of it."""

    id: UUID
    label: str
    number: int
    title: str
    lead_partner_id: UUID | None
    start_month: int
    end_month: int


@dataclass(frozen=True)
class EffortPeriod:
    """A reporting period; label "RP1". states: where each partner's statement stands."""

    id: UUID
    label: str
    number: int
    start_month: int
    end_month: int
    frozen_on: date | None
    states: Mapping[UUID, StatementState]


@dataclass(frozen=True)
class PlannedEffort:
    """What is planned in one cell, with the record's id and version for an edit."""

    id: UUID
    version: int
    months: Decimal


Cell = tuple[UUID, UUID]
"""(partner, work package)."""


@dataclass(frozen=True)
class EffortGrid:
    """Figures of one sort over the matrix; sums are of its cells, so they always reconcile."""

    cells: Mapping[Cell, Decimal]

    def months(self, partner_id: UUID, work_package_id: UUID) -> Decimal | None:
        """Return the person-months of a cell, None where it is empty."""
        return self.cells.get((partner_id, work_package_id))

    def of_partner(self, partner_id: UUID) -> Decimal:
        """Return the sum of a row."""
        return sum((v for (partner, _), v in self.cells.items() if partner == partner_id), NOTHING)

    def of_package(self, work_package_id: UUID) -> Decimal:
        """Return the sum of a column."""
        return sum((v for (_, wp), v in self.cells.items() if wp == work_package_id), NOTHING)

    @property
    def total(self) -> Decimal:
        """Return the sum of all cells."""
        return sum(self.cells.values(), NOTHING)


@dataclass(frozen=True)
class EffortMatrix:
    """The effort of a project: planned, reported per period, and how far both are apart.

    partners: by number, affiliated entities after their parent. packages: by number. periods: by
    number. reported: by period id; only statements that were answered or approved. deviation:
    reported to date less what was planned for the same months (`domain.rules.effort_matrix`).
    """

    project_id: UUID
    acronym: str
    partners: tuple[EffortPartner, ...]
    packages: tuple[EffortPackage, ...]
    periods: tuple[EffortPeriod, ...]
    planned_cells: Mapping[Cell, PlannedEffort]
    planned: EffortGrid
    reported: Mapping[UUID, EffortGrid]
    reported_to_date: EffortGrid
    deviation: EffortGrid

    def leads(self, partner_id: UUID, work_package_id: UUID) -> bool:
        """Return whether a partner leads a work package."""
        return any(
            package.id == work_package_id and package.lead_partner_id == partner_id
            for package in self.packages
        )


@dataclass(frozen=True)
class EffortLine:
    """One cell of the matrix that holds anything, as a line of a list.

    number, partner: who; work_package: "WP3". leads: whether that partner leads it. None = empty.
    """

    project: str
    number: str
    partner: str
    work_package: str
    leads: bool
    planned: Decimal | None
    reported: Decimal | None
    deviation: Decimal | None
