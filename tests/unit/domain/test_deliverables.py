from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.rules import deliverables as rule
from projectdesk.domain.rules.deliverables import Awaited, Step
from projectdesk.domain.workplan import DeliverableStatus as Status
from projectdesk.errors import DomainError

DUE = date(2026, 6, 30)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@dataclass(frozen=True)
class Told:
    status: Status = Status.PLANNED
    due_on: date | None = DUE
    draft_on: date | None = None
    reviewed_on: date | None = None
    expected_on: date | None = None
    submitted_on: date | None = None
    decided_on: date | None = None


def late(day: date, **told: object) -> Awaited | None:
    return rule.lateness(Told(**told), day)  # type: ignore[arg-type]


def test_the_draft_is_late_fourteen_days_before_the_due_date():
    draft = DUE - timedelta(days=14)
    assert late(draft) is None
    assert late(draft + timedelta(days=3)) == Awaited(Step.DRAFT, draft, 3)
    assert late(draft, draft_on=draft - timedelta(days=1)) == Awaited(
        Step.DRAFT, draft - timedelta(days=1), 1
    )


def test_a_review_has_half_of_the_time_that_is_left():
    by = DUE - timedelta(days=7)
    in_review = {"status": Status.INTERNAL_REVIEW}
    assert late(by, **in_review) is None
    assert late(by + timedelta(days=2), **in_review) == Awaited(Step.REVIEW, by, 2)
    assert late(by + timedelta(days=2), reviewed_on=by, **in_review) is None


@pytest.mark.parametrize("status", [Status.PLANNED, Status.IN_PREPARATION, Status.INTERNAL_REVIEW])
def test_after_the_due_date_it_is_the_submission_that_is_late(status: Status):
    assert late(DUE + timedelta(days=5), status=status) == Awaited(Step.SUBMISSION, DUE, 5)


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.ACCEPTED, Status.REJECTED])
def test_nothing_is_late_of_what_was_handed_in(status: Status):
    assert late(DUE + timedelta(days=500), status=status) is None


def test_a_revision_waits_since_it_was_asked_for_unless_a_day_was_promised():
    asked = DUE + timedelta(days=60)
    back = {"status": Status.REVISION_REQUESTED, "decided_on": asked}
    day = asked + timedelta(days=4)
    assert late(day, **back) == Awaited(Step.RESUBMISSION, asked, 4)
    assert late(day, expected_on=day, **back) is None


@given(st.sampled_from(Status), st.none() | DAYS, st.none() | DAYS, st.none() | DAYS, DAYS)
def test_lateness_never_shrinks_while_nothing_happens(status, draft_on, reviewed, expected, today):
    told = Told(status, DUE, draft_on, reviewed, expected, None, None)
    now, later = rule.lateness(told, today), rule.lateness(told, today + timedelta(days=1))
    if now is not None:
        assert later is not None
        assert later.days == now.days + 1 or later.step is Step.SUBMISSION
        assert later.due_on == now.due_on or later.step is Step.SUBMISSION
    assert rule.lateness(Told(status, None, draft_on), today) is None


@given(st.none() | DAYS)
def test_the_review_ends_between_the_draft_and_the_due_date(draft_on):
    draft = rule.draft_due(DUE, draft_on)
    if draft <= DUE:
        assert draft <= rule.review_due(DUE, draft_on) <= DUE


def test_submitting_ends_the_review_and_the_decision_is_dated():
    day = date(2026, 6, 20)
    review = rule.step_values(
        Told(Status.IN_PREPARATION, reviewed_on=day), Status.INTERNAL_REVIEW, day
    )
    assert review == {"status": Status.INTERNAL_REVIEW, "reviewed_on": None}
    sent = rule.step_values(Told(Status.INTERNAL_REVIEW), Status.SUBMITTED, day)
    assert sent == {
        "status": Status.SUBMITTED, "submitted_on": day, "reviewed_on": day, "decided_on": None,
    }  # fmt: skip
    earlier = Told(Status.INTERNAL_REVIEW, reviewed_on=date(2026, 6, 18))
    assert "reviewed_on" not in rule.step_values(earlier, Status.SUBMITTED, day)
    accepted = rule.step_values(Told(Status.SUBMITTED, submitted_on=day), Status.ACCEPTED, day)
    assert accepted == {"status": Status.ACCEPTED, "decided_on": day}


def test_what_life_does_not_hold_is_refused():
    with pytest.raises(DomainError) as refused:
        rule.step_values(Told(Status.PLANNED), Status.ACCEPTED, DUE)
    assert (refused.value.code, refused.value.facts["field"]) == ("no_such_step", "status")
    sent = Told(Status.SUBMITTED, submitted_on=DUE)
    with pytest.raises(DomainError) as refused:
        rule.step_values(sent, Status.ACCEPTED, DUE - timedelta(days=1))
    assert refused.value.code == "decided_before_submitted"


def test_every_status_can_be_reached_and_only_accepted_is_the_end():
    reached = {Status.PLANNED}
    for _ in Status:
        reached |= {after for before in reached for after in rule.next_statuses(before)}
    assert reached == set(Status)
    assert [s for s in Status if not rule.next_statuses(s)] == [Status.ACCEPTED]
