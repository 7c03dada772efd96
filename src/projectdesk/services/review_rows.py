"""What a review meeting is about: frozen rows of its pack and of its question log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from projectdesk.domain.preparation import QuestionState
from projectdesk.services.agenda_rows import AgendaItemRow
from projectdesk.services.plan_rows import RiskRow
from projectdesk.services.rows import DeliverableRow, MeetingRow, MilestoneRow


@dataclass(frozen=True)
class QuestionRow:
    """A question of a review; label "Q3". answered_by: who answered, or has to follow it up."""

    id: UUID
    version: int
    meeting_id: UUID
    meeting: str
    project_id: UUID
    project: str
    number: int
    label: str
    asked_by: str
    text: str
    answer: str
    answered_by_id: UUID | None
    answered_by: str
    state: QuestionState
    work_package_id: UUID | None
    work_package: str
    deliverable_id: UUID | None
    deliverable: str
    due_on: date | None


@dataclass(frozen=True)
class ReviewedDeliverable:
    """A deliverable of the period. days_late: when it was submitted, or by now; 0 = in time."""

    row: DeliverableRow
    days_late: int


@dataclass(frozen=True)
class ReviewedMilestone:
    """A milestone of the period, as `ReviewedDeliverable`."""

    row: MilestoneRow
    days_late: int


@dataclass(frozen=True)
class PartnerEffort:
    """Person-months of a partner in the period; reported: None while it stated nothing."""

    partner_id: UUID
    partner: str
    number: int | None
    planned: Decimal
    reported: Decimal | None

    @property
    def deviation(self) -> Decimal | None:
        """Return reported less planned; None while nothing was stated."""
        return None if self.reported is None else self.reported - self.planned


@dataclass(frozen=True)
class LeaderSlot:
    """When the leader of a work package presents it.

    items: of the agenda about it, () = it has no slot. rehearsed_minutes: how long they took in the
    rehearsal, None = not rehearsed. shared_with: the labels of other work packages that one of
    these items is about too. wholly_shared: none of the items is about this one alone.
    """

    work_package_id: UUID
    label: str
    title: str
    lead: str
    items: tuple[AgendaItemRow, ...]
    rehearsed_minutes: float | None
    shared_with: tuple[str, ...] = ()
    wholly_shared: bool = False

    @property
    def minutes(self) -> int:
        """Return the planned minutes."""
        return sum(item.duration_minutes for item in self.items)


@dataclass(frozen=True)
class ReviewedPeriod:
    """Months that can be reviewed. number: 0 = all until the meeting, for want of periods."""

    id: UUID | None
    number: int
    label: str
    start_month: int
    end_month: int
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True)
class ReviewPack:
    """All that a review meeting is about. periods: to choose from. rehearsal: None = not planned.

    efforts: () where the project has no reporting periods.
    """

    meeting: MeetingRow
    project_title: str
    grant_number: str
    period: ReviewedPeriod
    periods: tuple[ReviewedPeriod, ...]
    deliverables: tuple[ReviewedDeliverable, ...]
    milestones: tuple[ReviewedMilestone, ...]
    efforts: tuple[PartnerEffort, ...]
    risks: tuple[RiskRow, ...]
    slots: tuple[LeaderSlot, ...]
    questions: tuple[QuestionRow, ...]
    rehearsal: MeetingRow | None
