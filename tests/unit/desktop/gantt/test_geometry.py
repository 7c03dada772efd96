"""Where everything of a Gantt chart lies: no Qt."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.desktop.gantt.arrows import distance, ends_of, route, too_early, type_between
from projectdesk.desktop.gantt.layout import (
    MARK,
    Hit,
    Part,
    Rect,
    lay_out,
)
from projectdesk.desktop.gantt.moving import (
    Drag,
    committed,
    kept,
    last_month,
    moved,
    same_shape,
)
from projectdesk.desktop.gantt.timescale import NARROWEST, WIDEST, Timescale, Unit, fitted
from projectdesk.domain.rules.project_months import first_day, last_day
from projectdesk.domain.workplan import DependencyType
from projectdesk.services.gantt_rows import GanttMove
from projectdesk.services.rows import Kind
from tests.unit.desktop.gantt import plans
from tests.unit.desktop.gantt.plans import row_id

widths = st.floats(NARROWEST, WIDEST)
starts = st.dates(date(2000, 1, 1), date(2060, 12, 31))


def measure(label):
    return 7.0 * len(label)


def drawn(plan, width=20.0, collapsed=frozenset()):
    scale = Timescale(plan.start_date, last_month(plan), width)
    return lay_out(plan, scale, collapsed, measure), scale


# --- time


@given(width=widths, months=st.integers(1, 600), data=st.data())
def test_a_month_is_found_again_where_it_was_put(width, months, data):
    scale = Timescale(None, months, width)
    month = data.draw(st.integers(1, months))
    share = data.draw(st.floats(0.001, 0.999))
    assert scale.month_at(scale.left(month) + share * width) == month
    assert scale.left(month) + width == pytest.approx(scale.right(month))
    assert scale.month_at(-5) == 1
    assert scale.month_at(scale.width + 5) == months


@given(width=widths, by=st.integers(-100, 100), tremble=st.floats(-0.49, 0.49))
def test_a_way_snaps_to_whole_months(width, by, tremble):
    assert Timescale(None, 10, width).steps((by + tremble) * width) == by


@given(start=starts, width=widths, months=st.integers(1, 120), data=st.data())
def test_a_day_lies_in_its_month(start, width, months, data):
    scale = Timescale(start, months, width)
    month = data.draw(st.integers(1, months))
    first, last = first_day(start, month), last_day(start, month)
    day = data.draw(st.dates(first, last))
    x = scale.of_day(day)
    assert x is not None
    assert scale.left(month) - 1e-6 <= x < scale.right(month)
    assert scale.of_day(first) == pytest.approx(scale.left(month))
    assert scale.of_day(start - timedelta(days=1)) is None
    assert scale.of_day(last_day(start, months) + timedelta(days=1)) is None


@given(start=starts, width=widths, months=st.integers(1, 90), data=st.data())
def test_each_tier_covers_the_chart_without_a_gap(start, width, months, data):
    scale = Timescale(start, months, width)
    unit = data.draw(st.sampled_from(list(Unit)))
    spans = list(scale.spans(unit, 0, scale.width))
    assert spans[0].left == 0
    assert spans[-1].right == pytest.approx(scale.width)
    for one, two in pairwise(spans):
        assert one.right == pytest.approx(two.left)
        assert one.first < two.first
    middle = scale.width / 2
    seen = list(scale.spans(unit, middle, middle + 1))
    assert seen
    assert all(span in spans for span in seen)


def test_the_calendar_gets_finer_with_the_zoom():
    at = [Timescale(plans.START, 36, width).tiers for width in (4, 12, 40, 150)]
    assert at == [
        (Unit.YEAR,),
        (Unit.YEAR, Unit.QUARTER),
        (Unit.YEAR, Unit.MONTH),
        (Unit.MONTH, Unit.WEEK),
    ]
    assert [Timescale(None, 36, width).month_step for width in (4, 12, 40)] == [12, 3, 1]
    assert list(Timescale(None, 36, 40).spans(Unit.YEAR, 0, 100)) == []


@given(pixels=st.floats(10, 5000), months=st.integers(1, 600))
def test_fitted_is_within_the_zoom(pixels, months):
    assert NARROWEST <= fitted(pixels, months) <= WIDEST


# --- lanes


def test_lanes_lie_under_one_another_with_their_marks():
    layout, scale = drawn(plans.small())
    labels = [lane.bar.label if lane.bar else "" for lane in layout.lanes]
    assert labels == ["", "WP1", "T1.1", "T1.2", "WP2", "T2.1"]
    assert [mark.row.label for mark in layout.lanes[0].marks] == ["MS2"]
    assert [mark.row.label for mark in layout.lanes[1].marks] == ["D1.1", "MS1", "D1.2"]
    for one, two in pairwise(layout.lanes):
        assert two.top == one.top + one.height
    bar = layout.lanes[2].bar_rect(scale)
    assert (bar.left, bar.right) == (20.0, 100.0)
    sign = layout.lanes[1].mark_rect(layout.lanes[1].marks[0], scale)
    assert sign.left + MARK / 2 == scale.right(3)


def test_folding_hides_the_tasks_and_keeps_the_marks():
    layout, _ = drawn(plans.small(), collapsed={row_id("WP1")})
    assert [lane.bar.label for lane in layout.lanes if lane.bar] == ["WP1", "WP2", "T2.1"]
    assert layout.lanes[1].collapsed
    assert layout.lanes[1].children == 2
    assert row_id("D1.1") in layout.lane_of
    assert row_id("T1.1") not in layout.lane_of


@given(
    months=st.lists(st.integers(1, 30), min_size=1, max_size=30),
    width=widths,
)
def test_no_label_covers_another_mark_of_its_strip(months, width):
    marks = tuple(plans.deliverable(1, n, month) for n, month in enumerate(months, 1))
    layout, scale = drawn(plans.small(marks=marks, links=()), width)
    lane = layout.lanes[0]
    assert len(lane.marks) == len(months)
    for mark in lane.marks:
        rect = lane.mark_rect(mark, scale)
        assert lane.top < rect.top
        assert rect.top + rect.height < lane.top + lane.height
        if not mark.labelled:
            continue
        end = rect.right + measure(mark.row.label)
        for other in lane.marks:
            same = other.strip == mark.strip and other is not mark
            if same and other.row.due_month >= mark.row.due_month and other.labelled:
                left = lane.mark_rect(other, scale).left
                assert not rect.left < left < end


@given(width=widths, data=st.data())
def test_what_was_drawn_is_hit(width, data):
    layout, scale = drawn(plans.small(), width)
    lane = data.draw(st.sampled_from([lane for lane in layout.lanes if lane.bar]))
    rect, number = lane.bar_rect(scale), layout.lanes.index(lane)
    x = data.draw(st.floats(rect.left, rect.right))
    hit = layout.hit(scale, x, rect.middle)
    assert hit is not None
    assert (hit.lane, hit.id) == (number, lane.bar.id)
    assert hit.part in {Part.BAR, Part.START, Part.END}
    for mark in lane.marks:
        sign = lane.mark_rect(mark, scale)
        found = layout.hit(scale, sign.left + MARK / 2, sign.middle)
        assert found == Hit(Part.MARK, number, mark.row.id)


def test_ends_resize_and_handles_tie_only_where_they_are_shown():
    layout, scale = drawn(plans.small())
    rect = layout.lanes[2].bar_rect(scale)
    task = row_id("T1.1")

    def part(x, tied=None):
        return layout.hit(scale, x, rect.middle, tied).part

    assert part(rect.left + 1) is Part.START
    assert part(rect.right - 1) is Part.END
    assert part(rect.left + 30) is Part.BAR
    assert part(rect.right + 10) is Part.LANE
    assert part(rect.right + 10, task) is Part.TIE_END
    assert part(rect.left - 10, task) is Part.TIE_START
    assert layout.hit(scale, 10, layout.height + 1) is None
    assert layout.hit(scale, 10, -1) is None


def test_only_lanes_in_sight_are_named():
    layout, _ = drawn(plans.small())
    third = layout.lanes[2]
    assert list(layout.between(third.top + 1, third.top + 2)) == [2]
    assert list(layout.between(0, layout.height)) == [0, 1, 2, 3, 4, 5]
    assert list(layout.between(layout.height + 1, layout.height + 50)) == []


# --- moving


def test_a_package_takes_all_in_it_along_or_goes_alone():
    plan = plans.small()
    drag = Drag.begin(plan, row_id("WP1"), Part.BAR, with_content=True)
    assert [row.label for row in drag.rows] == ["WP1", "T1.1", "T1.2", "D1.2", "MS1"]
    assert drag.stayed == 1, "D1.1 was handed in"
    held = Drag.begin(plan, row_id("D1.1"), Part.MARK, with_content=True)
    assert [move.due_month for move in held.moves(2)] == [5], "it goes when it is itself dragged"
    assert (drag.least, drag.most) == (0, 12)
    alone = Drag.begin(plan, row_id("WP1"), Part.BAR, with_content=False)
    assert [row.label for row in alone.rows] == ["WP1"]
    assert Drag.begin(plan, row_id("nobody"), Part.BAR, with_content=True) is None


@pytest.mark.parametrize(
    ("part", "by", "months"),
    [
        (Part.BAR, 3, (5, 8)),
        (Part.BAR, -9, (1, 4)),
        (Part.BAR, 99, (21, 24)),
        (Part.START, 2, (4, 5)),
        (Part.START, 9, (5, 5)),
        (Part.START, -9, (1, 5)),
        (Part.END, -9, (2, 2)),
        (Part.END, 99, (2, 24)),
    ],
)
def test_a_task_stays_within_the_project_and_a_month_long(part, by, months):
    drag = Drag.begin(plans.small(), row_id("T1.1"), part, with_content=True)
    (move,) = drag.moves(by)
    assert (move.start_month, move.end_month) == months


@given(by=st.integers(-100, 100), label=st.sampled_from(["WP1", "WP2", "T2.1", "D1.2", "MS2"]))
def test_a_move_keeps_lengths_and_bounds(by, label):
    plan = plans.small()
    drag = Drag.begin(plan, row_id(label), Part.BAR, with_content=True)
    there = moved(plan, drag.moves(by))
    steps = set()
    for old, new in zip(plan.bars, there.bars, strict=True):
        assert new.end_month - new.start_month == old.end_month - old.start_month
        assert new.start_month >= 1
        assert new.end_month <= 24
        steps.add(new.start_month - old.start_month)
    for mark, mark_there in zip(plan.marks, there.marks, strict=True):
        assert 1 <= mark_there.due_month <= 24
        steps.add(mark_there.due_month - mark.due_month)
    assert len(steps - {0}) <= 1
    assert moved(plan, drag.moves(0)) is plan


def test_a_drag_makes_only_lanes_anew_that_move():
    plan = plans.small()
    layout, _ = drawn(plan)
    move = GanttMove(Kind.TASK, row_id("T1.1"), 1, start_month=3, end_month=6)
    after = layout.with_plan(moved(plan, [move]))
    same = [one is two for one, two in zip(layout.lanes, after.lanes, strict=True)]
    assert same == [True, True, False, True, True, True]
    assert layout.with_plan(kept(plan, plans.small())).lanes == layout.lanes
    assert all(
        one is two
        for one, two in zip(
            layout.lanes, layout.with_plan(kept(plan, plans.small())).lanes, strict=True
        )
    )


def test_what_is_committed_has_the_next_version():
    plan = plans.small()
    move = GanttMove(Kind.TASK, row_id("T1.1"), 1, start_month=3, end_month=6)
    there = committed(plan, [move])
    assert [bar.version for bar in there.bars] == [1, 2, 1, 1, 1]
    assert there.bars[1].start_month == 3
    assert same_shape(plan, there)
    assert not same_shape(plan, plans.small(bars=plan.bars[:-1]))


# --- arrows

FS, SS = DependencyType.FINISH_START, DependencyType.START_START
FF, SF = DependencyType.FINISH_FINISH, DependencyType.START_FINISH


@pytest.mark.parametrize(
    ("kind", "after", "short"),
    [
        (FS, (6, 9), 0),
        (FS, (5, 9), 1),
        (SS, (2, 3), 0),
        (SS, (1, 3), 1),
        (FF, (1, 5), 0),
        (FF, (1, 3), 2),
        (SF, (1, 1), 0),
    ],
)
def test_a_dependency_holds_or_is_too_early(kind, after, short):
    before = plans.task(1, 1, 2, 5)
    tie = plans.link("T1.1", "T1.2", kind)
    assert too_early(tie, before, plans.task(1, 2, *after)) == short
    later = plans.link("T1.1", "T1.2", kind, lag=2)
    assert too_early(later, before, plans.task(1, 2, *after)) == short + 2


rects = st.builds(
    Rect,
    st.floats(0, 500),
    st.integers(0, 20).map(lambda n: 30.0 * n),
    st.floats(3, 300),
    st.just(14.0),
)


@given(before=rects, after=rects, kind=st.sampled_from(list(DependencyType)))
def test_an_arrow_goes_in_right_angles_from_bar_to_bar(before, after, kind):
    way = route(before, after, kind)
    leaves, enters = ends_of(kind)
    assert way[0] == (before.right if leaves else before.left, before.middle)
    for one, two in pairwise(way):
        assert one.x == two.x or one.y == two.y
    end = way[-1]
    edge = after.right if enters else after.left
    assert after.left - 1e-6 <= end.x <= after.right + 1e-6
    assert end.x == pytest.approx(edge) or abs(end.x - edge) <= 6
    assert after.top <= end.y <= after.top + after.height
    assert all(distance(way, *point) == 0 for point in way)
    assert type_between(leaves_end=leaves, enters_end=enters) is kind
