from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.rules.attendance import presence, union

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


spans = st.tuples(st.integers(-60, 200), st.integers(0, 90)).map(
    lambda span: (at(span[0]), at(span[0] + span[1]))
)


def covered(intervals) -> set[int]:
    """Return the whole minutes after START that lie in any of the intervals."""
    return {
        minute
        for minute in range(-60, 300)
        if any(start <= at(minute) and at(minute + 1) <= end for start, end in intervals)
    }


@given(intervals=st.lists(spans, max_size=8))
def test_a_union_covers_the_same_minutes_once_and_in_order(intervals):
    merged = union(intervals)
    assert covered(merged) == covered(intervals)
    for before, after in pairwise(merged):
        assert before[1] < after[0]


@given(intervals=st.lists(spans, min_size=1, max_size=8), length=st.integers(1, 120))
def test_presence_counts_each_minute_once(intervals, length):
    there = presence(intervals, (START, at(length)))
    assert there is not None
    minutes = covered(intervals)
    assert there.time == timedelta(minutes=len(minutes))
    inside = sum(0 <= minute < length for minute in minutes)
    assert there.share * length == pytest.approx(inside)
    assert there.first_in == min(start for start, _ in intervals)
    assert there.last_out == max(end for _, end in intervals)


def test_nobody_was_there():
    assert presence([], (START, at(60))) is None


def test_a_meeting_without_length_gives_no_share():
    there = presence([(START, at(5))], (START, START))
    assert there is not None
    assert there.share == 0.0
    assert there.time == timedelta(minutes=5)
