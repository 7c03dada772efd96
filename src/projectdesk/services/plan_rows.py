"""Rows of the work plan beside its four tables: what is late, dependencies, risks, problems."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from projectdesk.domain.rules.deliverables import Step
from projectdesk.domain.workplan import (
    DeliverableStatus,
    DependencyType,
    RiskGrade,
    RiskStatus,
)
from projectdesk.services.rows import Kind


@dataclass(frozen=True)
class LateRow:
    """Something of a plan that is late or due soon, and who answers for it.

    kind, id, version: the deliverable or milestone. step: what of it is awaited. days: late by so
    many; 0 or less = due in that many days. partner: who leads it (a deliverable without a lead is
    its work package's). person, email: whom to ask: the reviewer of a review, else the leader at
    the lead partner; "" where nobody is known. mine: that person is who uses this desktop.
    """

    kind: Kind
    id: UUID
    version: int
    project_id: UUID
    project: str
    label: str
    title: str
    work_package: str
    step: Step
    due_on: date
    days: int
    expected_on: date | None
    status: DeliverableStatus | None
    partner_id: UUID | None
    partner: str
    person_id: UUID | None
    person: str
    email: str
    mine: bool

    @property
    def late(self) -> bool:
        """True once the day on which it was due is over."""
        return self.days > 0


@dataclass(frozen=True)
class DependencyRow:
    """One bar waits for another. before, after: labels (WP2, T1.3) of the two.

    earliest: the first month in which `after` may start. violated: it starts or ends too early;
    months: by how many then.
    """

    id: UUID
    version: int
    project_id: UUID
    before_kind: Kind
    before_id: UUID
    before: str
    before_title: str
    after_kind: Kind
    after_id: UUID
    after: str
    after_title: str
    type: DependencyType
    lag_months: int
    earliest: int
    violated: bool
    months: int


@dataclass(frozen=True)
class RiskRow:
    """One risk. owner: short name of the partner that watches it."""

    id: UUID
    version: int
    project_id: UUID
    label: str
    number: int
    title: str
    work_package_ids: tuple[UUID, ...]
    work_packages: str
    likelihood: RiskGrade
    severity: RiskGrade
    mitigation: str
    owner_partner_id: UUID | None
    owner: str
    status: RiskStatus


@dataclass(frozen=True)
class MovedRow:
    """One record that a move of the plan changes, before and after it.

    label: what it is called, label_after: what then. start, end: its months; the same one for what
    is due in one; None for a risk, which has none.
    """

    kind: Kind
    id: UUID
    title: str
    label: str
    label_after: str
    start: int | None
    end: int | None
    start_after: int | None
    end_after: int | None


@dataclass(frozen=True)
class BrokenTie:
    """A dependency that does not hold: labels of what waits, and of what it waits for."""

    after: str
    before: str


@dataclass(frozen=True)
class MovePreview:
    """What a move of the plan would do.

    rows: what changes. stays: labels of what was handed in or achieved and keeps its month.
    needs: how long the project must last for it, None = as long as it does. violated: dependencies
    that do not hold after it.
    """

    rows: tuple[MovedRow, ...]
    stays: tuple[str, ...] = ()
    needs: int | None = None
    violated: tuple[BrokenTie, ...] = ()


@dataclass(frozen=True)
class MovedDate:
    """A date that moves with the start of a project. passed: it is over then, and still awaited."""

    kind: Kind
    id: UUID
    label: str
    title: str
    before: date | None
    after: date
    passed: bool
