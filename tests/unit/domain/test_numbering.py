from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.rules.numbering import Numbered, Order, holes, renumbered, reordered

ROWS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 36), st.integers(1, 36))).map(
    lambda rows: [Numbered(key, *told) for key, told in enumerate(rows)]
)


@given(ROWS)
def test_closing_holes_keeps_the_order_and_uses_each_number_once(rows: list[Numbered]):
    new = renumbered(rows, Order.KEPT)
    assert sorted(new.values()) == list(range(1, len(rows) + 1))
    for one in rows:
        for other in rows:
            if one.number < other.number:
                assert new[one.key] < new[other.key]
    again = [Numbered(row.key, new[row.key], row.month) for row in rows]
    assert renumbered(again, Order.KEPT) == new


@given(ROWS)
def test_numbers_by_month_follow_the_months(rows: list[Numbered]):
    new = renumbered(rows, Order.BY_MONTH)
    assert sorted(new.values()) == list(range(1, len(rows) + 1))
    in_order = sorted(rows, key=lambda row: new[row.key])
    assert [row.month for row in in_order] == sorted(row.month for row in rows)


def test_of_the_same_month_the_order_stays():
    rows = [Numbered("b", 1, 6), Numbered("a", 2, 6), Numbered("c", 3, 2)]
    assert renumbered(rows, Order.BY_MONTH) == {"c": 1, "b": 2, "a": 3}


@given(st.sets(st.integers(1, 30), min_size=1), st.data())
def test_putting_one_elsewhere_is_a_permutation(numbers: set[int], data: st.DataObject):
    rows = [(f"r{number}", number) for number in sorted(numbers)]
    keys = [key for key, _ in rows]
    moved = data.draw(st.sampled_from(keys))
    before = data.draw(st.sampled_from([None, *[key for key in keys if key != moved]]))
    new = reordered(rows, moved, before)
    assert sorted(new.values()) == sorted(numbers)
    others = [key for key in sorted(new, key=new.__getitem__) if key != moved]
    assert others == [key for key in keys if key != moved]
    if before is None:
        assert new[moved] == max(numbers)
    else:
        assert new[moved] < new[before]


def test_a_number_that_is_there_twice_is_raised():
    assert reordered([("a", 1), ("b", 1), ("c", 2)], "c", "a") == {"c": 1, "a": 2, "b": 3}


def test_holes():
    assert holes([4, 1, 2, 7]) == (3, 5, 6)
    assert holes([]) == ()
