"""The rule of a series against another implementation of RFC 5545 (dateutil)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.rules.series import (
    LAST,
    Repeat,
    checked,
    dates,
    in_words,
    nth_of,
    read_rule,
    rule_text,
    shifted,
    times_until,
)
from projectdesk.errors import DomainError

STARTS = st.datetimes(datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2030-12-31"))


@given(
    start=STARTS,
    interval=st.integers(1, 12),
    others=st.sets(st.integers(0, 6)),
    times=st.integers(2, 60),
)
def test_weekly_dates_are_those_of_the_rule(
    start: datetime, interval: int, others: set[int], times: int
) -> None:
    start = start.replace(microsecond=0)
    repeat = checked(Repeat(interval, tuple(others | {start.weekday()}), None, times), start.date())
    assert list(dates(repeat, start)) == list(rrulestr(rule_text(repeat), dtstart=start))
    assert read_rule(rule_text(repeat)) == repeat


@given(start=STARTS, interval=st.integers(1, 12), times=st.integers(2, 40))
def test_monthly_dates_are_those_of_the_rule(start: datetime, interval: int, times: int) -> None:
    start = start.replace(microsecond=0)
    nth = nth_of(start.date())
    last_week = (start.date() + timedelta(days=7)).month != start.month
    if nth == LAST and not last_week:
        return
    repeat = checked(Repeat(interval, (start.weekday(),), nth, times), start.date())
    assert list(dates(repeat, start)) == list(rrulestr(rule_text(repeat), dtstart=start))
    assert read_rule(rule_text(repeat)) == repeat


def test_a_rule_in_words() -> None:
    assert in_words(Repeat(2, (1,), None, 12)) == "every 2 weeks on Tuesday, 12 times"
    assert in_words(Repeat(1, (0, 2, 4), None, 5)) == (
        "every week on Monday, Wednesday and Friday, 5 times"
    )
    assert in_words(Repeat(1, (3,), LAST, 6)) == "the last Thursday of every month, 6 times"
    left_out = [date(2027, 3, 29), date(2027, 3, 22)]
    assert in_words(Repeat(1, (0,), None, 5), left_out) == (
        "every week on Monday, 5 times without 2027-03-22 and 2027-03-29"
    )
    many = [date(2027, 3, day) for day in range(1, 10)]
    assert in_words(Repeat(1, (0,), None, 50), many).endswith("2027-03-06 and 3 more")


def test_until_a_day_is_counted_with_that_day() -> None:
    start = datetime.fromisoformat("2026-03-03T10:00")
    repeat = Repeat(1, (1,), None, 2)
    assert times_until(repeat, start, date(2026, 3, 17)) == 3
    assert times_until(repeat, start, date(2026, 3, 16)) == 2
    with pytest.raises(DomainError, match="2026-03-01, is before the first date"):
        times_until(repeat, start, date(2026, 3, 1))


def test_moving_a_series_moves_its_days_with_it() -> None:
    assert shifted(Repeat(1, (1, 3), None, 5), 1).weekdays == (2, 4)
    assert shifted(Repeat(1, (0,), None, 5), -1).weekdays == (6,)
    with pytest.raises(DomainError):
        shifted(Repeat(1, (1, 6), None, 5), 1)
    with pytest.raises(DomainError):
        shifted(Repeat(1, (1,), 2, 5), 1)


@pytest.mark.parametrize(
    ("repeat", "field"),
    [
        (Repeat(0, (1,), None, 5), "interval"),
        (Repeat(1, (), None, 5), "weekdays"),
        (Repeat(1, (1,), None, 1), "times"),
        (Repeat(1, (1,), None, 201), "times"),
        (Repeat(1, (2,), None, 5), "weekdays"),
        (Repeat(1, (1,), 2, 5), "weekdays"),
        (Repeat(1, (1, 2), 1, 5), "weekdays"),
    ],
)
def test_what_makes_no_series_is_refused_with_its_field(repeat: Repeat, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        checked(repeat, date(2026, 3, 3))  # the first Tuesday of March
    assert refused.value.facts["field"] == field


@pytest.mark.parametrize("text", ["", "FREQ=DAILY;COUNT=3", "FREQ=WEEKLY;BYDAY=TU", "nonsense"])
def test_other_rules_are_refused(text: str) -> None:
    with pytest.raises(DomainError):
        read_rule(text)
