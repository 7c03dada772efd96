"""When agenda items are planned: days, nights, breaks, fixed starts, parallel sessions."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from projectdesk.domain.rules.agenda_times import (
    DAY_MINUTES,
    Frame,
    Night,
    TimedItem,
    frame_around,
    plan_times,
    read_nights,
)

START = datetime.fromisoformat("2026-03-10T09:00")
ZONE = "Europe/Copenhagen"


def clocks(frame: Frame, *items: TimedItem) -> list[str]:
    zone = ZoneInfo(frame.zone)
    slots = plan_times(frame, items).slots
    return [
        f"{slot.starts_at.astimezone(zone):%d %H:%M}-{slot.ends_at.astimezone(zone):%H:%M}"
        for slot in slots
    ]


def test_items_follow_one_another_from_the_start():
    frame = Frame(START, ZONE, 60)
    assert clocks(frame, TimedItem(15), TimedItem(30), TimedItem(15)) == [
        "10 09:00-09:15",
        "10 09:15-09:45",
        "10 09:45-10:00",
    ]


def test_a_fixed_start_leaves_a_gap_or_comes_too_early():
    frame = Frame(START, ZONE, 180)
    items = [TimedItem(30), TimedItem(30, starts_minute=600), TimedItem(10, starts_minute=620)]
    times = plan_times(frame, items)
    assert [(slot.gap, slot.overlap) for slot in times.slots] == [(0, 0), (30, 0), (0, 10)]
    assert clocks(frame, *items)[1:] == ["10 10:00-10:30", "10 10:20-10:30"]


def test_each_day_begins_when_its_night_ends():
    frame = Frame(START, ZONE, 2 * DAY_MINUTES + 180, (Night(time(17), time(8, 30)),))
    items = [TimedItem(60), TimedItem(60, day=2), TimedItem(60, day=3)]
    assert clocks(frame, *items) == ["10 09:00-10:00", "11 08:30-09:30", "12 09:00-10:00"]
    assert [day.limit is not None for day in plan_times(frame, items).days] == [True, False, True]


def test_parallel_sessions_begin_together_and_what_follows_waits_for_the_longest():
    frame = Frame(START, ZONE, 240)
    items = [
        TimedItem(30),
        TimedItem(40, track="A"),
        TimedItem(60, track="B"),
        TimedItem(30, track="A"),
        TimedItem(10),
    ]
    assert clocks(frame, *items) == [
        "10 09:00-09:30",
        "10 09:30-10:10",
        "10 09:30-10:30",
        "10 10:10-10:40",
        "10 10:40-10:50",
    ]


def test_a_fixed_start_of_the_first_session_is_that_of_all_tracks():
    frame = Frame(START, ZONE, 240)
    items = [TimedItem(40, track="A", starts_minute=600), TimedItem(60, track="B")]
    assert clocks(frame, *items) == ["10 10:00-10:40", "10 10:00-11:00"]


def test_a_day_is_too_long_by_its_own_end():
    frame = Frame(START, ZONE, DAY_MINUTES + 180, (Night(time(10), time(9)),))
    times = plan_times(frame, [TimedItem(90), TimedItem(200, day=2)])
    assert [(day.day, day.over) for day in times.days] == [(1, 30), (2, 20)]
    assert times.over == 30


def test_a_day_after_the_end_is_beyond_the_meeting():
    times = plan_times(Frame(START, ZONE, 60), [TimedItem(30), TimedItem(30, day=2)])
    assert [(day.beyond, day.over) for day in times.days] == [(False, 0), (True, 0)]


def test_a_meeting_over_midnight_is_still_one_day():
    frame = Frame(datetime.fromisoformat("2026-03-10T23:00"), ZONE, 120)
    times = plan_times(frame, [TimedItem(90), TimedItem(30)])
    assert len(times.days) == 1
    assert times.over == 0


def test_times_are_right_when_the_clocks_change():
    frame = Frame(datetime.fromisoformat("2026-03-29T01:30"), ZONE, 120)
    assert clocks(frame, TimedItem(30), TimedItem(30)) == ["29 01:30-03:00", "29 03:00-03:30"]


def test_nights_are_read_up_to_what_is_none():
    nights = read_nights(["17:30-09:00", "18:00-08:15", "later", "17:00-09:00"])
    assert [str(night) for night in nights] == ["17:30-09:00", "18:00-08:15"]


def test_a_meeting_is_as_long_as_its_items():
    frame = frame_around(START, ZONE, [TimedItem(60), TimedItem(90, day=2)])
    assert frame.duration_minutes == DAY_MINUTES + 90
    assert [str(night) for night in frame.nights] == ["10:00-09:00"]
    assert frame_around(START, ZONE, []).duration_minutes == 1


ITEMS = st.lists(
    st.builds(
        TimedItem,
        minutes=st.integers(0, 300),
        day=st.integers(1, 3),
        starts_minute=st.none() | st.integers(0, DAY_MINUTES - 1),
        track=st.sampled_from(["", "", "A", "B"]),
    ),
    max_size=12,
).map(lambda items: sorted(items, key=lambda item: item.day))
ZONES = st.sampled_from(["Europe/Copenhagen", "America/New_York", "Asia/Kolkata", "UTC"])
STARTS = st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2026-12-20"))


@settings(max_examples=60)
@given(STARTS, ZONES, ITEMS)
def test_every_item_lasts_as_planned_and_no_gap_is_silent(start, zone, items):
    frame = Frame(start.replace(second=0, microsecond=0), zone, 480)
    times = plan_times(frame, items)
    assert len(times.slots) == len(items)
    for item, slot in zip(items, times.slots, strict=True):
        assert slot.starts_at.tzinfo is UTC
        assert slot.ends_at - slot.starts_at == timedelta(minutes=item.minutes)
        assert not (slot.gap and slot.overlap)
        if item.starts_minute is None:
            assert slot.gap == slot.overlap == 0


@settings(max_examples=60)
@given(STARTS, ZONES, ITEMS)
def test_without_fixed_starts_a_day_has_no_holes(start, zone, items):
    frame = Frame(start.replace(second=0, microsecond=0), zone, 480)
    plain = [TimedItem(item.minutes, item.day, None, item.track) for item in items]
    times = plan_times(frame, plain)
    for day in times.days:
        spans = sorted(
            (slot.starts_at, slot.ends_at)
            for item, slot in zip(plain, times.slots, strict=True)
            if item.day == day.day
        )
        reached = frame.begins(day.day)
        for starts, ends in spans:
            assert starts <= reached
            reached = max(reached, ends)
        assert day.ends_at == reached


@settings(max_examples=40)
@given(STARTS, ZONES, ITEMS.filter(bool))
def test_the_meeting_around_its_items_is_never_too_short(start, zone, items):
    start = start.replace(second=0, microsecond=0, hour=9)
    plain = [TimedItem(item.minutes, item.day, None, item.track) for item in items]
    if sum(item.minutes for item in plain) > 14 * 60:
        return
    frame = frame_around(start, zone, plain)
    assert plan_times(frame, plain).over == 0
