from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.identity import new_id
from projectdesk.domain.rules.effort_matrix import (
    Place,
    deviation,
    in_order,
    parents_of,
    planned_to_date,
)

MONTHS = st.decimals(min_value=0, max_value=1000, places=2)


def test_a_plan_is_spread_evenly_over_the_months_of_its_work_package() -> None:
    assert planned_to_date(Decimal(12), (1, 12), [(1, 6)]) == Decimal(6)
    assert planned_to_date(Decimal(12), (7, 18), [(1, 6)]) == Decimal(0)
    assert planned_to_date(Decimal(12), (7, 18), [(1, 12), (13, 36)]) == Decimal(12)
    assert planned_to_date(Decimal(10), (1, 3), [(1, 1)]) == Decimal("3.33")


def test_a_month_in_two_periods_counts_once() -> None:
    assert planned_to_date(Decimal(12), (1, 12), [(1, 6), (4, 6)]) == Decimal(6)


@given(MONTHS, st.integers(1, 60), st.integers(0, 60), st.integers(1, 120))
def test_a_plan_is_whole_at_its_end_and_never_more(
    planned: Decimal, start: int, length: int, cut: int
) -> None:
    end = start + length
    assert planned_to_date(planned, (start, end), [(1, end)]) == planned
    assert 0 <= planned_to_date(planned, (start, end), [(1, cut)]) <= planned + Decimal("0.01")


def test_deviation_is_reported_less_what_was_to_be_done_by_then() -> None:
    half = [(1, 6)]
    assert deviation(Decimal(12), Decimal("7.5"), (1, 12), half) == Decimal("1.5")
    assert deviation(Decimal(12), None, (1, 12), half) == Decimal(-6)
    assert deviation(None, Decimal(2), (1, 12), half) == Decimal(2)


def test_what_nobody_reported_on_is_not_compared() -> None:
    assert deviation(Decimal(12), None, (1, 12), []) is None
    assert deviation(None, None, (1, 12), [(1, 6)]) is None
    assert deviation(Decimal(12), None, (7, 12), [(1, 6)]) is None


def _ids(count: int) -> list[UUID]:
    return [new_id() for _ in range(count)]


def test_partners_stand_by_number_and_affiliated_ones_after_their_parent() -> None:
    first, second, third, linked, by_number, guest = _ids(6)
    places = [
        Place(guest, None, position=9),
        Place(third, 3),
        Place(linked, 4, parent_id=first),
        Place(by_number, None, parent_number=2),
        Place(second, 2),
        Place(first, 1),
    ]
    assert in_order(places) == [first, linked, second, by_number, third, guest]
    assert parents_of(places)[by_number] == second
    assert parents_of(places)[guest] is None


def test_partners_that_are_each_others_parent_are_all_shown() -> None:
    one, other = _ids(2)
    assert set(in_order([Place(one, 1, other), Place(other, 2, one)])) == {one, other}
