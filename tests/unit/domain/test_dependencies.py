from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from projectdesk.domain.rules.dependencies import (
    Bar,
    Link,
    circle,
    earliest_start,
    months_too_early,
    settle,
)
from projectdesk.domain.workplan import DependencyType as Type

WP1, WP2, T11, T12, T21 = (UUID(int=number) for number in range(1, 6))
BARS = (
    Bar(WP1, 1, 12),
    Bar(WP2, 6, 18),
    Bar(T11, 1, 4, WP1),
    Bar(T12, 4, 12, WP1),
    Bar(T21, 6, 9, WP2),
)


@pytest.mark.parametrize(
    ("kind", "lag", "earliest"),
    [
        (Type.FINISH_START, 0, 13),
        (Type.FINISH_START, -2, 11),
        (Type.START_START, 0, 7),
        (Type.START_START, 3, 10),
        (Type.FINISH_FINISH, 0, 9),
        (Type.FINISH_FINISH, 1, 10),
        (Type.START_FINISH, 0, 3),
    ],
)
def test_the_earliest_start(kind: Type, lag: int, earliest: int):
    """`before` covers M7 to M12, what waits lasts four months."""
    before, link = Bar(WP1, 7, 12), Link(WP1, WP2, kind, lag)
    assert earliest_start(link, before, 4) == earliest
    assert months_too_early(link, before, Bar(WP2, earliest, earliest + 3)) == 0
    assert months_too_early(link, before, Bar(WP2, earliest - 2, earliest + 1)) == 2


def test_a_circle_is_named():
    assert circle(BARS, [Link(T11, T12), Link(T12, T21)]) == ()
    found = circle(BARS, [Link(T11, T12), Link(T12, T21), Link(T21, T11)])
    assert found[0] == found[-1]
    assert set(found) == {T11, T12, T21}


def test_a_task_and_its_own_work_package_do_not_wait_for_one_another():
    assert set(circle(BARS, [Link(WP1, T11)])) == {WP1, T11}
    assert set(circle(BARS, [Link(T11, WP1)])) == {WP1, T11}


def test_a_work_package_waits_with_its_tasks():
    links = [Link(WP1, WP2), Link(T21, T11)]
    assert set(circle(BARS, links)) == {WP1, WP2, T21, T11}
    side_by_side = [Link(WP1, WP2, Type.START_START), Link(T21, T12)]
    assert circle(BARS, side_by_side) == ()


def test_what_waits_moves_and_takes_its_tasks_along():
    moved = settle(BARS, [Link(WP1, WP2)])
    assert (moved[WP2].start, moved[WP2].end) == (13, 25)
    assert (moved[T21].start, moved[T21].end) == (13, 16)
    assert moved[WP1] == BARS[0]


def test_a_work_package_ends_no_earlier_than_its_tasks():
    moved = settle(BARS, [Link(T11, T12, lag=3), Link(WP1, T21)])
    assert (moved[T12].start, moved[T12].end) == (8, 16)
    assert moved[WP1] == Bar(WP1, 1, 16)
    assert moved[T21].start == 17
    assert moved[WP2] == Bar(WP2, 6, 20)


def test_a_circle_is_not_moved():
    with pytest.raises(ValueError, match="itself"):
        settle(BARS, [Link(T11, T12), Link(T12, T11)])


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[Bar], list[Link]]:
    """A few work packages with tasks inside them, and links between any of them."""
    bars: list[Bar] = []
    for number in range(draw(st.integers(1, 4))):
        start = draw(st.integers(1, 30))
        package = Bar(UUID(int=100 * (number + 1)), start, start + draw(st.integers(0, 20)))
        bars.append(package)
        for task in range(draw(st.integers(0, 3))):
            first = draw(st.integers(package.start, package.end))
            last = draw(st.integers(first, package.end))
            bars.append(Bar(UUID(int=package.id.int + task + 1), first, last, package.id))
    ids = st.sampled_from([bar.id for bar in bars])
    links = st.builds(Link, ids, ids, st.sampled_from(Type), st.integers(-6, 6))
    return bars, [link for link in draw(st.lists(links, max_size=6)) if link.before != link.after]


@given(plans())
def test_a_moved_plan_holds_all_dependencies(plan: tuple[list[Bar], list[Link]]):
    bars, links = plan
    assume(not circle(bars, links))
    moved = settle(bars, links)
    assert set(moved) == {bar.id for bar in bars}
    for link in links:
        assert months_too_early(link, moved[link.before], moved[link.after]) == 0
    for bar in bars:
        after = moved[bar.id]
        assert after.start >= bar.start
        assert after.length == bar.length if bar.package else after.length >= bar.length
        if bar.package:
            assert moved[bar.package].start <= after.start
            assert after.end <= moved[bar.package].end
    assert settle(list(moved.values()), links) == moved, "what holds does not move"


@given(plans())
def test_a_plan_whose_links_hold_a_circle_is_refused_and_no_other(plan):
    bars, links = plan
    found = circle(bars, links)
    if not found:
        settle(bars, links)
        return
    assert found[0] == found[-1]
    with pytest.raises(ValueError, match="itself"):
        settle(bars, links)
