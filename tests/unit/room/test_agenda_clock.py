from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.rules.agenda_clock import AgendaClock

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def test_time_adds_up_when_an_item_is_taken_up_again():
    clock = AgendaClock().start("a", START).start("b", START + minutes(5))
    clock = clock.start("a", START + minutes(8)).pause(START + minutes(10))
    assert clock.spent_on("a", START + minutes(60)) == minutes(7)
    assert clock.spent_on("b", START + minutes(60)) == minutes(3)
    assert clock.total(START + minutes(60)) == minutes(10)
    assert clock.started_at == START


def test_starting_the_running_item_changes_nothing():
    clock = AgendaClock().start("a", START)
    assert clock.start("a", START + minutes(3)) == clock


def test_overrun_is_what_is_over_the_plan():
    clock = AgendaClock().start("a", START)
    assert clock.overrun("a", minutes(10), START + minutes(9)) == minutes(0)
    assert clock.overrun("a", minutes(10), START + minutes(12)) == minutes(2)


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.integers(0, 3600)), max_size=20)
)
def test_time_spent_never_decreases_and_never_exceeds_what_passed(steps):
    clock, at = AgendaClock(), START
    spent = {"a": timedelta(), "b": timedelta(), "c": timedelta()}
    for item, seconds in steps:
        at += timedelta(seconds=seconds)
        clock = clock.pause(at) if item is None else clock.start(item, at)
        for name, before in spent.items():
            assert clock.spent_on(name, at) >= before
        spent = {name: clock.spent_on(name, at) for name in spent}
        assert clock.total(at) <= at - START
