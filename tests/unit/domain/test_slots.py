"""Slots: by the clocks of zoneinfo, minute by minute, and what the ranking promises."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projectdesk.domain.rules.pain import FINE, Band, Hours, Weights, rhythm
from projectdesk.domain.rules.slots import Attendee, Busy, FreeDays, Grid, SlotTable, part
from projectdesk.domain.rules.zone_offsets import stretches
from projectdesk.errors import DomainError

MINUTE = timedelta(minutes=1)
FRIDAY_SATURDAY = FreeDays(frozenset({4, 5}))
ZONES = (
    "Europe/Lisbon", "America/New_York", "Asia/Seoul", "Asia/Kathmandu", "Australia/Lord_Howe",
    "America/Santiago", "Africa/Cairo", "Asia/Beirut", "America/St_Johns", "Africa/Casablanca",
    "Pacific/Apia", "Pacific/Chatham", "America/Havana", "Asia/Tehran", "UTC",
)  # fmt: skip


def someone(zone: str, start: int = 9 * 60, end: int = 17 * 60, **more) -> Attendee:
    return Attendee(uuid4(), zone, Hours(start, end), **more)


def asked_by_the_clock(
    attendee: Attendee, start: datetime, minutes: int, weights: Weights
) -> float:
    """Return the mean points, each minute read off the clock of zoneinfo."""
    rates = rhythm(attendee.hours, weights).rates
    points = 0
    for number in range(minutes):
        local = (start + number * MINUTE).astimezone(ZoneInfo(attendee.zone))
        minute = local.hour * 60 + local.minute
        day = local.date() - timedelta(days=minute < attendee.hours.turn)
        points += rates[minute] + attendee.days.surcharge(day, weights) * FINE
    return points / (FINE * minutes)


@st.composite
def attendees(draw) -> Attendee:
    holiday = draw(st.dates(date(2027, 1, 1), date(2027, 12, 31)))
    return Attendee(
        uuid4(),
        draw(st.sampled_from(ZONES)),
        Hours(draw(st.integers(0, 95)) * 15, draw(st.integers(0, 95)) * 15),
        FreeDays(draw(st.sampled_from((frozenset({5, 6}), frozenset({4, 5})))), {holiday: "Feast"}),
    )


days_of_change = st.sampled_from(
    ["2027-03-14", "2027-03-28", "2027-04-04", "2027-09-05", "2027-10-31", "2027-11-07",
     "2027-04-30", "2027-10-29", "2027-02-07", "2011-12-29", "2027-04-03", "2027-06-15"]
).map(lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC))  # fmt: skip


PERIODS = (attendees(), days_of_change, st.integers(-12, 12), st.sampled_from((15, 50, 60, 240)))


def check_every_start(attendee: Attendee, day: datetime, hours: int, minutes: int) -> None:
    start = day + timedelta(hours=hours)
    grid = Grid(start, start + timedelta(days=2), minutes, 30)
    table = SlotTable(grid, [attendee])
    assert grid.count == (2 * 24 * 60 - minutes) // 30 + 1
    for number in range(0, grid.count, 5):
        at = grid.at(number)
        expected = asked_by_the_clock(attendee, at, minutes, table.weights)
        assert table.pain(0, number) == pytest.approx(expected)
        detail = part(attendee, at, minutes)
        assert detail.pain == pytest.approx(expected)
        assert detail.local_start == at.astimezone(ZoneInfo(attendee.zone)).replace(tzinfo=None)


@settings(max_examples=25, deadline=None)
@given(*PERIODS)
def test_every_start_asks_what_the_clocks_there_say(attendee, day, hours, minutes):
    check_every_start(attendee, day, hours, minutes)


@pytest.mark.full
@settings(max_examples=1500, deadline=None)
@given(*PERIODS)
def test_every_start_asks_what_the_clocks_there_say_at_length(attendee, day, hours, minutes):
    check_every_start(attendee, day, hours, minutes)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(ZONES), st.integers(0, 46 * 366))
def test_a_stretch_has_one_distance_from_utc(zone, day):
    start = datetime(1990, 1, 1, 5, 35, tzinfo=UTC) + timedelta(days=day)
    whole = 30 * 24 * 60
    runs = stretches(zone, start, whole)
    assert runs[0].first == 0
    assert runs[-1].last == whole
    for before, after in pairwise(runs):
        assert before.last == after.first
        assert before.offset != after.offset
    for run in runs:
        for minute in (run.first, run.last - 1, (run.first + run.last) // 2):
            local = (start + minute * MINUTE).astimezone(ZoneInfo(zone))
            assert local.utcoffset() == timedelta(minutes=run.offset)


def test_nothing_is_asked_in_working_hours_and_more_towards_the_night():
    grid = Grid(datetime(2027, 3, 10, tzinfo=UTC), datetime(2027, 3, 11, tzinfo=UTC), 30, 30)
    table = SlotTable(grid, [someone("UTC")])
    asked = [table.pain(0, number) for number in range(grid.count)]
    assert set(asked[18:34]) == {0.0}, "09:00 to 17:00"
    evening = asked[34:44]
    assert evening == sorted(evening)
    assert 1.0 <= evening[0] < evening[-1] <= 4.0
    assert set(asked[44:48]) == {10.0}, "from 22:00"
    morning = asked[14:18]
    assert morning == sorted(morning, reverse=True)


def test_weekend_and_holiday_come_on_top_and_do_not_add_up():
    days = FreeDays(holidays={date(2027, 3, 12): "Feast", date(2027, 3, 13): "Feast"})
    who = someone("UTC", days=days)
    noon = datetime(2027, 3, 11, 12, tzinfo=UTC)
    asked = [part(who, noon + timedelta(days=n), 60).pain for n in range(4)]
    assert asked == [0.0, 6.0, 6.0, 5.0]
    feast = part(who, noon + timedelta(days=2), 60)
    assert (feast.holiday, feast.weekend) == ("Feast", True)


def test_a_weekend_is_that_of_the_country():
    riyadh = someone("Asia/Riyadh", days=FRIDAY_SATURDAY)
    sunday, friday = datetime(2027, 3, 14, 8, tzinfo=UTC), datetime(2027, 3, 12, 8, tzinfo=UTC)
    assert part(riyadh, sunday, 60).pain == 0
    assert part(riyadh, friday, 60).weekend


def test_work_over_midnight_belongs_to_the_day_it_began():
    guard = someone("UTC", 22 * 60, 6 * 60)
    friday_night = datetime(2027, 3, 13, 3, tzinfo=UTC)
    assert part(guard, friday_night, 60).pain == 0, "Saturday at three, of Friday's shift"
    assert part(guard, friday_night + timedelta(days=1), 60).pain == 5
    asleep = part(guard, datetime(2027, 3, 11, 10, tzinfo=UTC), 60)
    assert asleep.bands == {Band.NIGHT}


def test_the_same_hour_here_is_another_hour_there_after_the_clocks_change():
    boston = someone("America/New_York")
    before = datetime(2027, 3, 12, 13, tzinfo=UTC)
    assert part(boston, before, 60).local_start.hour == 8
    assert part(boston, before, 60).pain > 0
    assert part(boston, before + timedelta(days=3), 60).local_start.hour == 9
    assert part(boston, before + timedelta(days=3), 60).pain == 0


def test_who_is_needed_and_busy_blocks_every_start_that_would_overlap():
    start = datetime(2027, 3, 10, tzinfo=UTC)
    busy = Busy(start + timedelta(hours=10, minutes=5), start + timedelta(hours=11))
    grid = Grid(start, start + timedelta(days=1), 60, 15)
    table = SlotTable(grid, [someone("UTC", busy=(busy,)), someone("UTC")])
    blocked = [slot.start for slot in table.ranked(blocked=True, apart=False) if slot.blocked]
    expected = [
        grid.at(n)
        for n in range(grid.count)
        if grid.at(n) < busy.end and busy.start < grid.at(n) + timedelta(hours=1)
    ]
    assert sorted(blocked) == expected
    free = {slot.start for slot in table.ranked(apart=False)}
    assert not free & set(expected)
    assert len(free) + len(expected) == grid.count
    worst = table.ranked(blocked=True, apart=False)[-1]
    assert not table.parts(worst)[0].can_come


def test_uncertain_and_optional_cost_but_do_not_block():
    start = datetime(2027, 3, 10, 9, tzinfo=UTC)
    grid = Grid(start, start + timedelta(hours=2), 60, 60)
    first_hour = Busy(start, start + timedelta(hours=1), tentative=True)
    unsure = SlotTable(grid, [someone("UTC", busy=(first_hour,))])
    assert [slot.total for slot in unsure.ranked()] == [0.0, 3.0]
    taken = Busy(start, start + timedelta(hours=1))
    away = SlotTable(grid, [someone("UTC", busy=(taken,), required=False)])
    assert [(slot.total, slot.blocked) for slot in away.ranked()] == [(0.0, 0), (2.0, 0)]
    assert away.is_busy(0, 0)


def test_best_slots_come_first_and_do_not_overlap():
    start = datetime(2027, 3, 8, tzinfo=UTC)
    people = [someone("Europe/Lisbon"), someone("Europe/Warsaw"), someone("America/New_York")]
    table = SlotTable(Grid(start, start + timedelta(days=7), 90, 15), people)
    found = table.ranked(25)
    assert len(found) == 25
    keys = [(slot.total, slot.worst, slot.start) for slot in found]
    assert keys == sorted(keys)
    assert keys[0][0] == 0
    starts = sorted(slot.start for slot in found)
    assert all(later - before >= 90 * MINUTE for before, later in pairwise(starts))
    for slot in found:
        parts = table.parts(slot)
        assert slot.total == pytest.approx(sum(part.pain for part in parts))
        assert slot.worst == pytest.approx(max(part.pain for part in parts))


def test_a_meeting_longer_than_its_period_has_no_start():
    start = datetime(2027, 3, 8, tzinfo=UTC)
    table = SlotTable(Grid(start, start + timedelta(minutes=30), 60), [someone("UTC")])
    assert table.ranked(blocked=True) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [({"night": 101}, "night"), ({"edge": 5}, "evening"), ({"evening": 11}, "night"),
     ({"night_to": 1440}, "night_to"), ({"weekend": True}, "weekend")],
)  # fmt: skip
def test_weights_that_make_no_sense_are_refused(change, field):
    with pytest.raises(DomainError) as refused:
        Weights(**change)
    assert refused.value.facts["field"] == field


def test_a_period_that_cannot_be_is_refused():
    start = datetime(2027, 3, 8, tzinfo=UTC)
    for end, minutes in ((start - MINUTE, 60), (start + timedelta(days=400), 60), (start, 0)):
        with pytest.raises(DomainError):
            Grid(start, end, minutes)
    with pytest.raises(DomainError):
        Grid(start, start + timedelta(days=60), 60, 1)


def test_people_alike_differ_by_what_they_have_then():
    start = datetime(2027, 3, 10, 9, tzinfo=UTC)
    busy = (Busy(start, start + timedelta(hours=1), what="Dentist"),)
    days = FreeDays()
    people = [someone("UTC", days=days), someone("UTC", days=days, busy=busy)]
    table = SlotTable(Grid(start, start + timedelta(hours=1), 60), people)
    parts = table.parts(table.slot(0))
    assert [each.attendee for each in parts] == people
    assert [each.busy for each in parts] == [(), busy]
    late = someone("Asia/Seoul")
    three = SlotTable(table.grid, [*people, late])
    assert three.means([0, 1, 2], [0]) == [three.pain(2, 0) / 3]
    assert three.pain(2, 0) > 0
