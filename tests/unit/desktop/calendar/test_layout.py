"""Where everything of the calendar lies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.desktop.calendar.days import View, days_of, span, step
from projectdesk.desktop.calendar.entries import Entry, EntryKind, Shows, entries, planned_at
from projectdesk.desktop.calendar.layout import MonthLayout, Sizes, WeekLayout, side_by_side
from projectdesk.desktop.calendar.zones import ClockChange, ahead, clock_change, hours_there
from projectdesk.domain.meetings import FoldRule, MeetingState, MeetingType
from projectdesk.domain.rules.zoned_time import to_local, to_utc
from projectdesk.services.calendar_rows import CalendarMeeting, CalendarRow

MONDAY = date(2026, 11, 23)
WEEK = days_of(MONDAY, MONDAY + timedelta(days=7))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def meeting(start: str, minutes: int = 60, zone: str = "UTC", title: str = "Call"):
    starts_at = to_utc(local(start), zone)
    return CalendarMeeting(
        id=uuid4(),
        version=1,
        project_id=uuid4(),
        project="AURORA",
        title=title,
        type=MeetingType.AD_HOC,
        state=MeetingState.PLANNED,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        local_start=local(start),
        zone=zone,
        fold_rule=FoldRule.EARLIER,
        duration_minutes=minutes,
        place="",
        told=False,
        repeats=False,
    )


def shown(*meetings, begin=MONDAY, days=7, zone="UTC"):
    row = CalendarRow(begin, begin + timedelta(days=days), meetings, (), (), (), ())
    return entries(row, zone, Shows())


def days(number: int, length: int, name: str) -> Entry:
    first = MONDAY + timedelta(days=number)
    last = first + timedelta(days=length - 1)
    return Entry(name, EntryKind.MARK, name, "", 0, first, last)


def test_a_month_is_whole_weeks_and_a_week_begins_where_the_reader_has_it():
    assert span(View.MONTH, date(2026, 11, 18), 0) == (date(2026, 10, 26), date(2026, 12, 7))
    assert span(View.WEEK, date(2026, 11, 25), 6) == (date(2026, 11, 22), date(2026, 11, 29))
    assert step(View.MONTH, date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert step(View.WEEK, MONDAY, -1) == date(2026, 11, 16)


def test_entries_stand_on_the_days_of_the_readers_zone():
    late = meeting("2026-11-24T22:00", 240, "America/New_York")
    (entry,) = shown(late, zone="Asia/Seoul")
    assert (entry.first, entry.start) == (date(2026, 11, 25), local("2026-11-25T12:00"))
    (entry,) = shown(late, zone="America/New_York")
    assert entry.minutes_on(date(2026, 11, 24)) == (22 * 60, 24 * 60)
    assert entry.minutes_on(date(2026, 11, 25)) == (0, 2 * 60)
    assert entry.minutes_on(date(2026, 11, 26)) is None


def test_a_meeting_that_ends_at_midnight_is_not_on_the_day_that_begins():
    (entry,) = shown(meeting("2026-11-24T22:00", 120))
    assert entry.last == date(2026, 11, 24)
    assert entry.minutes_on(date(2026, 11, 24)) == (22 * 60, 24 * 60)


def test_a_meeting_of_days_stands_in_the_all_day_row():
    (entry,) = shown(meeting("2026-11-24T09:00", 32 * 60))
    assert not entry.in_hours
    laid = WeekLayout(WEEK, [entry], 800, Sizes())
    (box,) = laid.whole
    assert not laid.hours
    assert laid.column_at(box.rect.left) == 1
    assert laid.column_at(box.rect.right - 1) == 2


def test_in_the_hour_that_comes_twice_a_meeting_keeps_its_length():
    (entry,) = shown(
        meeting("2026-10-25T02:30", 60, "Europe/Berlin"),
        begin=date(2026, 10, 19),
        zone="Europe/Berlin",
    )
    assert entry.minutes_on(date(2026, 10, 25)) == (150, 210)


def test_hours_of_another_zone_follow_its_own_clock_changes():
    before, after = date(2026, 10, 24), date(2026, 10, 27)
    assert set(ahead(before, hours_there(before, "Europe/Lisbon", "America/New_York"))) == {-300}
    assert set(ahead(after, hours_there(after, "Europe/Lisbon", "America/New_York"))) == {-240}
    changing = date(2026, 10, 25)
    there = hours_there(changing, "Europe/Lisbon", "America/New_York")
    assert there[0] == local("2026-10-24T19:00")
    assert there[3] == local("2026-10-24T23:00")


def test_clock_changes_are_where_they_are():
    assert clock_change(date(2026, 3, 29), "Europe/Berlin") == ClockChange(120, 180, skipped=True)
    assert clock_change(date(2026, 10, 25), "Europe/Berlin") == ClockChange(120, 180, skipped=False)
    assert clock_change(date(2026, 4, 24), "Africa/Cairo") == ClockChange(0, 60, skipped=True)
    assert clock_change(date(2026, 4, 23), "Africa/Cairo") is None
    assert clock_change(date(2026, 4, 5), "Australia/Lord_Howe") == ClockChange(90, 120, False)
    assert clock_change(MONDAY, "Europe/Berlin") is None


@given(
    st.lists(st.tuples(st.integers(0, 1400), st.integers(1, 400))).map(
        lambda spans: sorted((begin, begin + length) for begin, length in spans)
    )
)
def test_meetings_side_by_side_never_cover_one_another(spans):
    placed = side_by_side(spans)
    assert len(placed) == len(spans)
    for number, ((begin, end), (column, columns)) in enumerate(zip(spans, placed, strict=True)):
        assert 0 <= column < columns
        for (other_begin, other_end), (other, others) in list(zip(spans, placed, strict=True))[
            :number
        ]:
            if other_begin < end and begin < other_end:
                assert (column, columns) != (other, others)
                assert columns == others


@given(
    st.lists(st.tuples(st.integers(-3, 8), st.integers(1, 5)), max_size=14),
    st.integers(120, 900),
)
def test_everything_of_a_month_is_shown_or_counted_and_nothing_covers_another(spans, height):
    made = [days(first, length, str(n)) for n, (first, length) in enumerate(spans)]
    made.sort(key=lambda entry: (entry.first, entry.first - entry.last))
    laid = MonthLayout(WEEK, made, (700, height), Sizes())
    for day in WEEK:
        cell = laid.cells[day]
        here = {entry.key for entry in made if entry.first <= day <= entry.last}
        middle = cell.left + cell.width / 2
        boxes = {box.entry.key for box in laid.boxes if box.rect.left < middle < box.rect.right}
        hidden = {e.key for more in laid.mores if more.day == day for e in more.hidden}
        assert boxes | hidden == here
        assert not boxes & hidden
    rects = [box.rect for box in laid.boxes] + [more.rect for more in laid.mores]
    for number, one in enumerate(rects):
        for other in rects[:number]:
            apart = one.right <= other.left or other.right <= one.left
            assert apart or one.bottom <= other.top or other.bottom <= one.top


def test_a_month_tells_days_and_entries_at_a_point():
    laid = MonthLayout(WEEK, [days(2, 1, "one")], (700, 200), Sizes())
    cell = laid.cells[WEEK[2]]
    place = laid.place_at(cell.left + 5, cell.bottom - 5)
    assert place is not None
    assert place.day == WEEK[2]
    box = laid.box_at(cell.left + 10, cell.top + Sizes().number + 4)
    assert box is not None
    assert box.entry.key == "one"
    assert laid.place_at(cell.left, 2) is None, "the names of the days are no day"


def test_a_week_tells_times_at_a_point_also_when_it_is_scrolled():
    laid = WeekLayout(WEEK, shown(meeting("2026-11-24T10:00")), 756, Sizes())
    left = laid.columns[1][0] + 10
    y = laid.top + 10 * 48 + 4
    assert laid.place_at(left, y, 0) == (WEEK[1], 600)
    assert laid.place_at(left, y - 96, 96) == (WEEK[1], 600)
    assert laid.place_at(left, laid.top - 3, 96) == (WEEK[1], None)
    assert laid.place_at(10, y, 0) is None, "the hours at the side are no day"
    box = laid.box_at(left, y - 96, 96)
    assert box is not None
    assert laid.rects_of(box.entry.key, 96)[0].top == box.rect.top + laid.top - 96


@pytest.mark.parametrize("mirrored", [False, True])
def test_meetings_that_begin_one_after_another_lie_over_one_another_where_columns_are_narrow(
    mirrored,
):
    made = shown(
        meeting("2026-11-24T14:00", 90),
        meeting("2026-11-24T14:30", 40),
        meeting("2026-11-24T15:00", 60),
    )
    laid = WeekLayout(WEEK, made, 1060, Sizes(), mirrored=mirrored)
    column = laid.columns[1][1]
    assert all(box.rect.width > 0.75 * column for box in laid.hours), "a title can be read"
    first, second, third = laid.hours
    assert first.rect.top + (first.seen or 0) < second.rect.top
    assert (first.over, second.over, third.over, third.seen) == (False, True, True, None)
    for box in laid.hours:
        x = box.rect.right - 3 if mirrored else box.rect.left + 3
        assert laid.box_at(x, laid.top + box.rect.bottom - 2, 0) is box, "it can be clicked"


def test_meetings_that_begin_together_stay_side_by_side():
    made = shown(*(meeting("2026-11-24T14:00", minutes) for minutes in (90, 60, 60)))
    laid = WeekLayout(WEEK, made, 1060, Sizes())
    assert [box.seen for box in laid.hours] == [None] * 3
    edges = [(box.rect.left, box.rect.right) for box in laid.hours]
    assert all(one[1] <= two[0] for one, two in pairwise(edges))


def test_a_script_from_right_to_left_mirrors_the_days():
    made = shown(meeting("2026-11-23T10:00"))
    plain = WeekLayout(WEEK, made, 756, Sizes())
    mirrored = WeekLayout(WEEK, made, 756, Sizes(), mirrored=True)
    assert plain.columns[0][0] == 56
    assert mirrored.columns[0][0] + mirrored.columns[0][1] == 700
    assert mirrored.gutter.left == 700
    assert mirrored.column_at(mirrored.hours[0].rect.left + 1) == 0
    month = MonthLayout(WEEK, [], (700, 200), Sizes(), mirrored=True)
    assert month.cells[WEEK[0]].left > month.cells[WEEK[6]].left


def test_a_moved_meeting_keeps_its_zone_and_its_instant():
    lisbon = meeting("2026-11-24T10:00", zone="Europe/Lisbon")
    fields = planned_at(lisbon, local("2026-11-25T12:30"), "Europe/Berlin")
    assert fields == {"local_start": local("2026-11-25T11:30"), "fold_rule": FoldRule.EARLIER}
    # 01:30 in Lisbon comes twice on this day; in UTC the two are an hour apart.
    for start, rule in (("00:30", FoldRule.EARLIER), ("01:30", FoldRule.LATER)):
        fields = planned_at(lisbon, local(f"2026-10-25T{start}"), "UTC")
        assert fields == {"local_start": local("2026-10-25T01:30"), "fold_rule": rule}


@given(st.datetimes(local("2026-01-01"), local("2027-12-31")))
def test_a_drag_ends_at_the_time_it_shows(start):
    start = start.replace(second=0, microsecond=0)
    row = replace(meeting("2026-11-24T10:00"), zone="Pacific/Auckland")
    fields = planned_at(row, start, "Europe/Lisbon")
    local_start, rule = fields["local_start"], fields["fold_rule"]
    assert isinstance(local_start, datetime)
    assert isinstance(rule, FoldRule)
    instant = to_utc(local_start, row.zone, rule)
    assert instant == to_utc(start, "Europe/Lisbon")
    assert instant.tzinfo is UTC
    assert to_local(instant, "Europe/Lisbon").minute == start.minute
