from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projectdesk.domain.rules.attendance import (
    PUNCTUAL,
    CorrectionFault,
    Said,
    accompanied,
    corrected,
    correction_fault,
    presence,
    union,
    within,
    without,
)

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


stretches = st.tuples(st.integers(-60, 200), st.integers(1, 90)).map(
    lambda span: (at(span[0]), at(span[0] + span[1]))
)
sayings = st.lists(
    st.builds(
        Said,
        present=st.booleans(),
        stretch=stretches,
        said_at=st.integers(0, 5).map(lambda day: START + timedelta(days=day)),
    ),
    max_size=5,
)


@settings(max_examples=40)
@given(one=st.lists(spans, max_size=6), other=st.lists(spans, max_size=6))
def test_parts_of_presences_are_those_of_their_minutes(one, other):
    assert covered(within(one, other)) == covered(one) & covered(other)
    assert covered(without(one, other)) == covered(one) - covered(other)


@given(measured=st.lists(spans, max_size=6), said=sayings, order=st.randoms())
def test_corrections_count_once_and_in_no_order(measured, said, order):
    there = corrected(measured, said)
    mixed = [*said, *said]
    order.shuffle(mixed)
    assert corrected(measured, mixed) == there
    assert corrected(reversed(measured), said) == there


@settings(max_examples=40)
@given(measured=st.lists(spans, max_size=6), said=sayings)
def test_a_minute_is_as_it_was_said_last_else_as_measured(measured, said):
    there, before = covered(corrected(measured, said)), covered(measured)
    of_each = [(s, covered([s.stretch])) for s in said]
    for minute in range(-60, 300):
        about = [s for s, minutes in of_each if minute in minutes]
        newest = max((s.said_at for s in about), default=None)
        last = {s.present for s in about if s.said_at == newest}
        if last == {True} or last == {False}:
            assert (minute in there) == last.pop()
        elif not about:
            assert (minute in there) == (minute in before)


@given(
    host=st.lists(stretches, max_size=5),
    start=st.none() | st.integers(-60, 200),
    end=st.none() | st.integers(-60, 200),
)
def test_who_sits_with_somebody_is_there_as_long_as_the_open_ends_say(host, start, end):
    first = None if start is None else at(start)
    last = None if end is None else at(end)
    minutes = covered(accompanied(host, first, last))
    if first is not None and last is not None:
        assert minutes == covered([(first, max(first, last))])
        return
    assert minutes == {
        minute
        for minute in covered(host)
        if (first is None or at(minute) >= first) and (last is None or at(minute + 1) <= last)
    }


@given(intervals=st.lists(spans, min_size=1, max_size=5), length=st.integers(1, 120))
def test_nobody_is_late_or_early_by_more_than_the_meeting(intervals, length):
    there = presence(intervals, (START, at(length)))
    assert there is not None
    for missed in (there.late, there.early):
        assert timedelta() <= missed <= timedelta(minutes=length)
    assert (there.late > timedelta()) == (there.first_in >= START + PUNCTUAL)
    assert (there.early > timedelta()) == (there.last_out <= at(length) - PUNCTUAL)


@pytest.mark.parametrize(
    ("stretch", "fault"),
    [
        ((10, 20), None),
        ((0, 60), CorrectionFault.OVERLAP),
        ((20, 20), CorrectionFault.BACKWARDS),
        ((-1, 20), CorrectionFault.OUTSIDE),
        ((20, 61), CorrectionFault.OUTSIDE),
        ((30, 40), CorrectionFault.OVERLAP),
        ((35, 60), None),
    ],
)
def test_a_correction_lies_in_the_meeting_and_beside_the_others(stretch, fault):
    start, end = stretch
    found = correction_fault((at(start), at(end)), (START, at(60)), [(at(30), at(35))])
    assert found is fault
