from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.rules.effort import planned_share
from projectdesk.domain.rules.reporting import (
    PeriodFinding,
    PeriodProblem,
    check_periods,
    choose_contact,
    divide,
    due_on,
    end_of,
    every,
)
from projectdesk.errors import DomainError


@given(duration=st.integers(1, 600), count=st.integers(1, 600))
def test_a_divided_project_has_no_gap_and_periods_of_like_length(duration, count):
    if count > duration:
        with pytest.raises(DomainError):
            divide(duration, count)
        return
    spans = divide(duration, count)
    assert len(spans) == count
    assert check_periods(spans, duration) == []
    lengths = [end - start + 1 for start, end in spans]
    assert max(lengths) - min(lengths) <= 1
    assert lengths == sorted(lengths, reverse=True)


@given(duration=st.integers(1, 600), months=st.integers(1, 700))
def test_periods_of_so_many_months_cover_the_project(duration, months):
    spans = every(duration, months)
    assert check_periods(spans, duration) == []
    assert all(end - start + 1 == months for start, end in spans[:-1])
    assert spans[-1][1] == duration


def test_periods_need_a_month():
    for wrong in (lambda: every(36, 0), lambda: divide(36, 0), lambda: divide(2, 3)):
        with pytest.raises(DomainError) as caught:
            wrong()
        assert caught.value.code == "bad_division"


def test_gaps_and_overlaps_are_named():
    found = check_periods([(15, 30), (3, 12), (25, 33)], 36)
    assert found == [
        PeriodFinding(PeriodProblem.GAP, (1, 2)),
        PeriodFinding(PeriodProblem.GAP, (13, 14)),
        PeriodFinding(PeriodProblem.OVERLAP, (25, 30)),
        PeriodFinding(PeriodProblem.GAP, (34, 36)),
    ]
    assert check_periods([], 36) == []
    assert check_periods([(1, 12)], None) == []


@given(
    months=st.decimals(0, 1000, places=2),
    start=st.integers(1, 60),
    length=st.integers(1, 60),
    count=st.integers(1, 12),
)
def test_the_shares_of_all_periods_are_the_whole(months, start, length, count):
    duration = start + length - 1
    spans = divide(duration, min(count, duration))
    shares = [planned_share(months, (start, duration), span) for span in spans]
    assert sum(shares) == months
    assert all(share >= 0 for share in shares)


def test_a_share_counts_the_months_that_lie_in_the_period():
    assert planned_share(Decimal(12), (7, 18), (1, 12)) == Decimal("6.00")
    assert planned_share(Decimal(12), (7, 18), (19, 36)) == 0
    assert planned_share(Decimal(10), (1, 36), (1, 12)) == Decimal("3.33")


@pytest.mark.parametrize(
    ("functions", "chosen"),
    [
        (["Scientific lead", "Project manager", "Financial officer"], 2),
        (["Scientific lead", "Head of Finance", "Project manager"], 1),
        (["Scientific lead", "Project Manager"], 1),
        (["WP2 leader", "Scientific lead"], 0),
        ([], None),
    ],
)
def test_who_knows_the_figures_is_asked(functions, chosen):
    assert choose_contact(functions) == chosen


def test_a_deadline_ends_with_the_day_where_the_asked_person_is():
    day = date(2026, 6, 30)
    assert end_of(day, ZoneInfo("Pacific/Auckland")).astimezone(UTC) == datetime(
        2026, 6, 30, 11, 59, 59, tzinfo=UTC
    )
    assert due_on(date(2026, 6, 30), 60) == date(2026, 8, 29)
