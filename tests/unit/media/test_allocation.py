from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.media.embedded.allocation import STARVED, Layer, Wish, allocate

CAMERA = (Layer(180, 150_000), Layer(360, 500_000), Layer(720, 1_500_000))
FLAT = (Layer(0, 100_000),)


def wish(height: int | None, current: int = 0, layers: tuple[Layer, ...] = CAMERA) -> Wish:
    return Wish(height, layers, current)


@pytest.mark.parametrize(
    ("height", "best"),
    [(0, 0), (90, 0), (180, 0), (200, 0), (201, 1), (360, 1), (720, 2), (2160, 2), (None, 2)],
)
def test_the_smallest_layer_that_fills_the_tile_is_the_best(height, best):
    assert wish(height).best == best


def test_all_that_fits_is_given():
    found = allocate([wish(720), wish(180), wish(360)], 10_000_000, limited=True)
    assert found.layers == (2, 0, 1)
    assert found.rate == 2_150_000
    assert found.missing == 0


def test_the_most_wanted_grow_first_and_all_small_before_any_large():
    found = allocate([wish(720), wish(720), wish(720)], 1_200_000, limited=True)
    assert found.layers == (1, 1, 0)
    assert found.missing > 0
    assert allocate([wish(720), wish(720)], 2_400_000, limited=True).layers == (2, 1)


def test_the_least_wanted_are_left_out_where_the_path_showed_a_limit():
    wishes = [wish(180) for _ in range(5)]
    assert allocate(wishes, 400_000, limited=True).layers == (0, 0, STARVED, STARVED, STARVED)
    assert allocate(wishes, 400_000, limited=False).layers == (0,) * 5


def test_the_most_wanted_is_the_last_to_go():
    assert allocate([wish(180)], 100_000, limited=True).layers == (0,)
    assert allocate([wish(180)], 60_000, limited=True).layers == (STARVED,)


def test_what_is_there_stays_where_it_would_not_come_anew():
    budget = 520_000.0
    assert allocate([wish(360, current=0)], budget, limited=True).layers == (0,)
    assert allocate([wish(360, current=1)], budget, limited=True).layers == (1,)
    two = [wish(180), wish(180, current=STARVED)]
    assert allocate(two, 310_000, limited=True).layers == (0, STARVED)
    assert allocate(two, 320_000, limited=True).layers == (0, 0)


@given(
    st.lists(
        st.builds(
            wish,
            st.one_of(st.none(), st.integers(0, 2000)),
            st.integers(STARVED, 2),
            st.sampled_from([CAMERA, CAMERA[:2], FLAT]),
        ),
        max_size=12,
    ),
    st.floats(0, 20_000_000),
    st.booleans(),
)
def test_no_more_is_given_than_there_is_or_than_is_wanted(wishes, budget, limited):
    found = allocate(wishes, budget, limited=limited)
    assert len(found.layers) == len(wishes)
    rate = 0.0
    for chosen, one in zip(found.layers, wishes, strict=True):
        assert STARVED <= chosen <= one.best
        rate += one.layers[chosen].rate if chosen != STARVED else 0
    assert found.rate == pytest.approx(rate)
    if limited:
        assert rate <= budget or sum(layer != STARVED for layer in found.layers) <= 1
    else:
        smallest = sum(one.layers[0].rate for one in wishes)
        assert rate <= max(budget, smallest) + 1
    complete = all(c == one.best for c, one in zip(found.layers, wishes, strict=True))
    assert (found.missing == 0) == complete
