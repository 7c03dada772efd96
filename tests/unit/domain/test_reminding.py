"""When reminders go out: due, late, replaced, and again after a meeting moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.rules.reminding import (
    USUAL_MINUTES,
    ReminderState,
    reminder_states,
)

START = datetime(2026, 9, 30, 9, tzinfo=UTC)
WEEK, DAY, HOUR = USUAL_MINUTES
P, D, L, S, X = (
    ReminderState.PLANNED,
    ReminderState.DUE,
    ReminderState.LATE,
    ReminderState.SENT,
    ReminderState.PASSED,
)


def states(
    before: float,
    sent: dict[int, float] | None = None,
    start: datetime = START,
    *,
    ahead: bool = True,
) -> list[ReminderState]:
    """Return the states of the usual reminders; times are minutes before the start."""
    now = start - timedelta(minutes=before)
    told = {} if sent is None else sent
    reminders = [
        (each, START - timedelta(minutes=told[each]) if each in told else None)
        for each in USUAL_MINUTES
    ]
    found = reminder_states(start, reminders, now, ahead=ahead)
    return [each.state for each in found]


def test_each_goes_out_when_it_is_due():
    assert states(WEEK + 1) == [P, P, P]
    assert states(WEEK) == [D, P, P]
    assert states(DAY, {WEEK: WEEK}) == [S, D, P]


def test_what_could_not_go_out_is_late_until_the_meeting_begins():
    assert states(DAY - 16, {WEEK: WEEK}) == [S, L, P]
    assert states(0, {WEEK: WEEK}) == [S, X, X]


def test_of_several_that_are_overdue_only_the_last_goes_out():
    assert states(DAY - 30) == [X, L, P]
    assert states(HOUR) == [X, X, D]


def test_a_meeting_that_moves_later_is_reminded_of_again():
    later = START + timedelta(days=30)
    assert states(DAY, {WEEK: WEEK, DAY: DAY, HOUR: HOUR}, later) == [X, D, P]


def test_a_meeting_that_moves_earlier_is_not_reminded_of_twice():
    earlier = START - timedelta(hours=2)
    assert states(DAY, {WEEK: WEEK}, earlier) == [S, D, P]


def test_a_cancelled_meeting_is_not_reminded_of():
    assert states(DAY, {WEEK: WEEK}, ahead=False) == [S, X, X]


@given(
    before=st.integers(-100, 20_000),
    sent=st.dictionaries(st.sampled_from(USUAL_MINUTES), st.integers(-100, 20_000)),
)
def test_at_most_one_goes_out_at_a_time_and_none_after_the_start(before, sent):
    found = states(before, {key: min(value, key) for key, value in sent.items()})
    going = [each for each in found if each in {D, L}]
    assert len(going) <= 1
    if before <= 0:
        assert not going
