"""Reviews: which months, what is late, when to rehearse, a question typed in one line."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from projectdesk.domain.meetings import MeetingType
from projectdesk.domain.rules.reviewing import (
    Period,
    days_late,
    rehearsal_start,
    reviewed_period,
    typed_question,
)

PERIODS = [Period(1, 1, 12), Period(2, 13, 30), Period(3, 31, 36)]
INTERIM, FINAL = MeetingType.INTERIM_REVIEW, MeetingType.FINAL_REVIEW


@pytest.mark.parametrize(
    ("month", "kind", "number"),
    [
        (9, INTERIM, 1),
        (14, INTERIM, 1),
        (18, INTERIM, 1),
        (19, INTERIM, 2),
        (32, INTERIM, 2),
        (38, FINAL, 3),
        (35, FINAL, 2),
        (60, INTERIM, 3),
    ],
)
def test_the_period_that_ended_is_reviewed(month: int, kind: MeetingType, number: int) -> None:
    assert reviewed_period(PERIODS, month, kind, 36).number == number


def test_without_periods_all_months_until_then_are() -> None:
    assert reviewed_period([], 9, INTERIM, 36) == Period(0, 1, 9)
    assert reviewed_period([], 40, FINAL, 36) == Period(0, 1, 36)
    assert reviewed_period([], -3, INTERIM, None) == Period(0, 1, 1)


def test_days_late() -> None:
    due = date(2026, 9, 30)
    assert days_late(due, date(2026, 10, 3), date(2026, 12, 1)) == 3
    assert days_late(due, None, date(2026, 10, 10)) == 10
    assert days_late(due, date(2026, 9, 1), date(2026, 12, 1)) == 0
    assert days_late(due, None, date(2026, 9, 30)) == 0
    assert days_late(None, None, due) == 0


@pytest.mark.parametrize(
    ("review", "now", "start"),
    [
        ("2026-12-08T09:30", "2026-11-24T10:00", "2026-12-01T09:30"),
        ("2026-12-06T09:30", "2026-11-24T10:00", "2026-11-30T09:30"),
        ("2026-12-08T09:30", "2026-12-03T10:00", "2026-12-04T09:30"),
        ("2026-12-08T09:30", "2026-12-04T10:00", "2026-12-07T09:30"),
        ("2026-12-08T09:30", "2026-12-07T23:00", "2026-12-08T07:30"),
    ],
)
def test_it_is_rehearsed_a_week_before_on_a_working_day(review: str, now: str, start: str) -> None:
    given = (datetime.fromisoformat(review), datetime.fromisoformat(now))
    assert rehearsal_start(*given) == datetime.fromisoformat(start)


@pytest.mark.parametrize(
    ("text", "who", "said", "package", "deliverable"),
    [
        ("Why?", "", "Why?", 0, ""),
        ("Lorenzo: What about D3.2?", "Lorenzo", "What about D3.2?", 0, "D3.2"),
        ("Project officer: when does WP 4 end?", "Project officer", "when does WP 4 end?", 4, ""),
        ("Is it true? Say: yes", "", "Is it true? Say: yes", 0, ""),
        ("WP3: why so late?", "", "WP3: why so late?", 3, ""),
        ("at 10:30 we asked", "", "at 10:30 we asked", 0, ""),
    ],
)
def test_a_typed_question(text: str, who: str, said: str, package: int, deliverable: str) -> None:
    found = typed_question(text)
    assert (found.asked_by, found.text) == (who, said)
    assert (found.work_package, found.deliverable) == (package, deliverable)
