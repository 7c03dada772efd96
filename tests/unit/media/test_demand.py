"""Which sizes of a camera its publisher is told to send."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from projectdesk.media.embedded.demand import (
    COMING_S,
    LOWER_AFTER_S,
    LayerDemand,
    Size,
    best_size,
    list_sizes,
    needed_sizes,
)

RIDS = ("q", "h", "f")
SIZES = [Size("q", 180), Size("h", 360), Size("f", 720)]
ALL = frozenset(RIDS)


def test_everything_is_sent_until_something_else_is_said():
    demand = LayerDemand(RIDS)
    assert demand.ordered == ["q", "h", "f"]
    assert not demand.need({"f"}, 0.0)


def test_a_size_is_given_up_after_a_while_and_asked_for_at_once():
    demand = LayerDemand(RIDS)
    assert not demand.settle({"q"}, 10.0)
    assert not demand.settle({"q"}, 10.0 + LOWER_AFTER_S - 0.1)
    assert demand.settle({"q"}, 10.0 + LOWER_AFTER_S)
    assert demand.ordered == ["q"]
    assert demand.is_asleep("f")
    assert demand.need({"f"}, 20.0)
    assert demand.ordered == ["q", "f"]
    assert not demand.need({"f"}, 20.1)


def test_who_looks_to_and_fro_changes_nothing():
    demand = LayerDemand(RIDS)
    demand.settle({"q"}, 0.0)
    for step in range(1, 40):
        now = step * (LOWER_AFTER_S - 1)
        assert not demand.need({"h", "f"}, now)
        assert not demand.settle({"q"}, now + 0.5)
    assert demand.told == ALL


def test_what_nobody_watches_keeps_its_sizes():
    demand = LayerDemand(RIDS)
    demand.settle({"q", "f"}, 0.0)
    for now in range(1, 60):
        assert not demand.settle((), float(now))
    assert demand.told == ALL
    assert demand.settle({"q"}, 60.0), "what was long of no use is left out at once"
    assert demand.told == {"q"}


def test_a_size_is_coming_for_a_moment_after_it_was_asked_for():
    demand = LayerDemand(RIDS)
    assert not demand.is_coming("f", 0.0)
    demand.settle({"q"}, 0.0)
    demand.settle({"q"}, 9.0)
    demand.need({"f"}, 10.0)
    assert demand.is_coming("f", 10.0)
    assert not demand.is_coming("f", 10.0 + COMING_S)
    assert not demand.is_coming("h", 10.0)


def test_sizes_that_were_not_offered_are_not_asked_for():
    demand = LayerDemand(("a", "b"))
    assert not demand.need({"c"}, 0.0)
    assert demand.ordered == ["a", "b"]


def test_heights_that_nobody_saw_are_guessed_from_those_that_somebody_did():
    assert list_sizes(RIDS, {}) == SIZES
    assert list_sizes(RIDS, {"f": 480}) == [Size("q", 120), Size("h", 240), Size("f", 480)]
    assert list_sizes(RIDS, {"q": 90, "h": 0}) == [Size("q", 90), Size("h", 180), Size("f", 360)]
    largest_first = list_sizes(("f", "h", "q"), {"f": 720, "h": 360, "q": 180})
    assert largest_first == SIZES
    # The largest sleeps, and was scaled down by its browser when it was seen last.
    asleep = list_sizes(RIDS, {"q": 180, "f": 270})
    assert [size.rid for size in asleep] == ["q", "h", "f"]
    assert [size.height for size in asleep] == sorted({size.height for size in asleep})


def test_a_tile_is_filled_by_the_smallest_size_that_does():
    assert [best_size(SIZES, height) for height in (0, 90, 200, 201, 400, 401, 5000, None)] == [
        *(0, 0, 0, 1, 1, 2, 2, 2)
    ]


def test_a_subscriber_needs_what_it_was_given():
    assert needed_sizes(SIZES, 180, "q", ALL) == {"q"}
    assert needed_sizes(SIZES, 720, "q", ALL) == {"q"}, "its path takes no more"
    assert needed_sizes(SIZES, 720, "f", ALL) == {"f"}


def test_where_nothing_was_given_out_yet_the_tile_decides():
    assert needed_sizes(SIZES, 360, None, ALL) == {"h"}
    assert needed_sizes(SIZES, None, None, ()) == {"f"}
    assert needed_sizes(SIZES, 90, "gone", ()) == {"q"}


def test_what_the_publisher_cannot_send_now_stays_asked_for():
    assert needed_sizes(SIZES, 720, "h", {"q", "h"}) == {"h", "f"}
    assert needed_sizes(SIZES, 720, "q", {"q"}) == {"q", "h", "f"}
    assert needed_sizes(SIZES, 360, "q", {"q"}) == {"q", "h"}
    assert needed_sizes(SIZES, 180, "f", {"f"}) == {"q", "f"}


times = st.lists(
    st.tuples(
        st.floats(0.0, 4.0), st.sets(st.sampled_from(RIDS)), st.booleans()
    ),
    max_size=30,
)  # fmt: skip


@given(times)
def test_what_is_needed_is_always_told_and_nothing_is_given_up_early(steps):
    demand, now = LayerDemand(RIDS), 0.0
    last = dict.fromkeys(RIDS, 0.0)
    for passed, needed, raises in steps:
        now += passed
        before = demand.told
        told = demand.need(needed, now) if raises else demand.settle(needed, now)
        last.update(dict.fromkeys(needed, now))
        assert needed <= demand.told
        assert told == (demand.told != before)
        for rid in before - demand.told:
            assert now - last[rid] >= LOWER_AFTER_S
