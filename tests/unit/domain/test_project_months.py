from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.rules.project_months import (
    LAST_MONTH,
    duration,
    first_day,
    last_day,
    month_of,
)
from projectdesk.errors import DomainError

starts = st.dates(date(1990, 1, 1), date(2080, 12, 31))
months = st.integers(1, LAST_MONTH)


@pytest.mark.parametrize(
    ("start", "month", "first", "last"),
    [
        (date(2026, 3, 1), 1, date(2026, 3, 1), date(2026, 3, 31)),
        (date(2026, 3, 1), 12, date(2027, 2, 1), date(2027, 2, 28)),
        (date(2026, 11, 15), 2, date(2026, 12, 15), date(2027, 1, 14)),
        (date(2028, 1, 31), 2, date(2028, 2, 29), date(2028, 3, 30)),
        (date(2028, 1, 31), 3, date(2028, 3, 31), date(2028, 4, 29)),
    ],
)
def test_a_month_begins_and_ends(start, month, first, last):
    assert first_day(start, month) == first
    assert last_day(start, month) == last


@given(start=starts, month=months)
def test_months_follow_each_other_without_gap_or_overlap(start, month):
    if month < LAST_MONTH:
        assert last_day(start, month) + timedelta(days=1) == first_day(start, month + 1)
    assert first_day(start, month) <= last_day(start, month)
    assert 28 <= (last_day(start, month) - first_day(start, month)).days + 1 <= 32


@given(start=starts, month=months)
def test_both_ends_of_a_month_lie_in_it(start, month):
    assert month_of(start, first_day(start, month)) == month
    assert month_of(start, last_day(start, month)) == month
    assert duration(start, last_day(start, month)) == month


@given(start=starts, days=st.integers(1, 400))
def test_days_before_the_start_lie_in_no_project_month(start, days):
    assert month_of(start, start - timedelta(days=days)) <= 0


@pytest.mark.parametrize("month", [0, -1, LAST_MONTH + 1])
def test_what_is_no_project_month_is_refused(month):
    with pytest.raises(DomainError) as caught:
        first_day(date(2026, 1, 1), month)
    assert caught.value.code == "month_out_of_range"


def test_a_month_after_the_last_year_is_refused():
    with pytest.raises(DomainError) as caught:
        last_day(date(9999, 1, 1), 24)
    assert caught.value.code == "date_out_of_range"
