"""The life of a deliverable and what of it is late (terms.md, Work plan)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Protocol

from projectdesk.domain.workplan import DeliverableStatus as Status
from projectdesk.errors import DomainError

DRAFT_DAYS = 14
"""The draft reaches the coordinator so many days before the due date, unless a date is set."""


class Step(StrEnum):
    """What of the plan is awaited."""

    DRAFT = "draft"
    REVIEW = "review"
    SUBMISSION = "submission"
    RESUBMISSION = "resubmission"
    MILESTONE = "milestone"


@dataclass(frozen=True)
class Awaited:
    """What is awaited next, and since when it is late.

    days: whole days that it is late; 0 or less = it is due in that many days.
    """

    step: Step
    due_on: date
    days: int

    @property
    def late(self) -> bool:
        """True once the day on which it was due is over."""
        return self.days > 0


class Delivered(Protocol):
    """What these rules read of a deliverable. due_on: None where the project has no start."""

    @property
    def status(self) -> Status:
        """Where it stands."""

    @property
    def due_on(self) -> date | None:
        """The last day on which it is in time."""

    @property
    def draft_on(self) -> date | None:
        """When its draft is wanted, None = by the rule."""

    @property
    def reviewed_on(self) -> date | None:
        """When its internal review was done."""

    @property
    def expected_on(self) -> date | None:
        """When its lead now expects it."""

    @property
    def submitted_on(self) -> date | None:
        """When it was handed in."""

    @property
    def decided_on(self) -> date | None:
        """When it was accepted, sent back or rejected."""


_NEXT: Final[dict[Status, tuple[Status, ...]]] = {
    Status.PLANNED: (Status.IN_PREPARATION,),
    Status.IN_PREPARATION: (Status.INTERNAL_REVIEW, Status.SUBMITTED),
    Status.INTERNAL_REVIEW: (Status.SUBMITTED, Status.IN_PREPARATION),
    Status.SUBMITTED: (Status.ACCEPTED, Status.REVISION_REQUESTED, Status.REJECTED),
    Status.REVISION_REQUESTED: (Status.INTERNAL_REVIEW, Status.SUBMITTED),
    Status.ACCEPTED: (),
    Status.REJECTED: (Status.IN_PREPARATION,),
}
_DECIDED: Final = frozenset({Status.ACCEPTED, Status.REVISION_REQUESTED, Status.REJECTED})
HANDED_IN: Final = frozenset({Status.SUBMITTED, Status.ACCEPTED})
"""Nothing is awaited from the consortium."""


def next_statuses(status: Status) -> tuple[Status, ...]:
    """Return where a deliverable goes from `status`, the usual way first."""
    return _NEXT[status]


def dated_field(before: Status, after: Status) -> str | None:
    """Return the field that keeps the day of a step of the life, None where it has none.

    Leaving the review for submission keeps the day of submission; the review's is asked for only
    where it was not done before (`steps_of`).
    """
    if after is Status.SUBMITTED:
        return "submitted_on"
    if after in _DECIDED:
        return "decided_on"
    if before is Status.INTERNAL_REVIEW and after is Status.IN_PREPARATION:
        return "reviewed_on"
    return None


def step_values(deliverable: Delivered, after: Status, day: date) -> dict[str, object]:
    """Return the fields that change when a deliverable goes on in its life on `day`.

    Submitting what was in review ends the review, on that day unless it ended before. Going back to
    review or preparation takes away what is no longer true.

    Raises:
        DomainError: `no_such_step`, `decided_before_submitted`.
    """
    before = deliverable.status
    if after not in _NEXT[before]:
        raise DomainError(
            "no_such_step",
            "What is {before} cannot become {after}.",
            field="status",
            before=before.replace("_", " "),
            after=after.replace("_", " "),
        )
    values: dict[str, object] = {"status": after}
    if (name := dated_field(before, after)) is not None:
        values[name] = day
    submitted = deliverable.submitted_on
    if after in _DECIDED and submitted is not None and day < submitted:
        raise DomainError(
            "decided_before_submitted",
            "The decision cannot be before the submission.",
            field="decided_on",
        )
    if after is Status.INTERNAL_REVIEW:
        values["reviewed_on"] = None
    if after is Status.SUBMITTED:
        values["decided_on"] = None
        if before is Status.INTERNAL_REVIEW and deliverable.reviewed_on is None:
            values["reviewed_on"] = day
    if before is Status.REJECTED:
        values |= {"submitted_on": None, "decided_on": None}
    return values


def draft_due(due_on: date, draft_on: date | None) -> date:
    """Return when the draft is wanted: the day set for it, else 14 days before it is due."""
    return draft_on or due_on - timedelta(days=DRAFT_DAYS)


def review_due(due_on: date, draft_on: date | None) -> date:
    """Return when the internal review ends: half way from the draft to the due date."""
    draft = draft_due(due_on, draft_on)
    return draft + max(timedelta(), due_on - draft) // 2


def awaited(deliverable: Delivered, today: date) -> Awaited | None:
    """Return what is awaited of a deliverable, None when nothing is or it has no date.

    Once the due date is over it is the submission, whatever was missed before. A revision that was
    asked for is due when its lead expects it, else it waits since it was asked for.
    """
    due_on, status = deliverable.due_on, deliverable.status
    if due_on is None or status in HANDED_IN or status is Status.REJECTED:
        return None
    if status is Status.REVISION_REQUESTED:
        by = deliverable.expected_on or deliverable.decided_on or due_on
        return _at(Step.RESUBMISSION, by, today)
    if due_on < today:
        return _at(Step.SUBMISSION, due_on, today)
    if status is Status.INTERNAL_REVIEW:
        if deliverable.reviewed_on is None:
            return _at(Step.REVIEW, review_due(due_on, deliverable.draft_on), today)
        return _at(Step.SUBMISSION, due_on, today)
    return _at(Step.DRAFT, min(due_on, draft_due(due_on, deliverable.draft_on)), today)


def lateness(deliverable: Delivered, today: date) -> Awaited | None:
    """Return what of a deliverable is late at `today` and by how many days, None if nothing is."""
    found = awaited(deliverable, today)
    return found if found is not None and found.late else None


def milestone_awaited(due_on: date | None, achieved_on: date | None, today: date) -> Awaited | None:
    """Return how a milestone stands, None when it is achieved or has no date."""
    if due_on is None or achieved_on is not None:
        return None
    return _at(Step.MILESTONE, due_on, today)


def submitted_late(deliverable: Delivered) -> int:
    """Return by how many days it was handed in late, 0 when in time or not yet."""
    if deliverable.submitted_on is None or deliverable.due_on is None:
        return 0
    return max(0, (deliverable.submitted_on - deliverable.due_on).days)


def _at(step: Step, due_on: date, today: date) -> Awaited:
    return Awaited(step, due_on, (today - due_on).days)
