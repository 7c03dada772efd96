from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.identity import new_id
from projectdesk.domain.meetings import AgendaItem, LeftOut, Meeting, MeetingState
from projectdesk.domain.rules.attendance import union
from projectdesk.domain.rules.course import Course

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANNA, BEN = new_id(), new_id()


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


@pytest.fixture
def course() -> Course:
    return make()


def make() -> Course:
    meeting = Meeting(
        project_id=new_id(), title="Kick-off", local_start=START.replace(tzinfo=None),
        zone="UTC", starts_at=START,
    )  # fmt: skip
    items = [AgendaItem(meeting_id=meeting.id, title=title) for title in "AB"]
    return Course(meeting, items, [])


def spans(course: Course, person=ANNA) -> list[tuple[float, float | None, str]]:
    return [
        (
            (i.joined_at - START) / timedelta(minutes=1),
            None if i.left_at is None else (i.left_at - START) / timedelta(minutes=1),
            i.reason,
        )
        for i in course.intervals
        if i.invitation_id == person
    ]


def state(course: Course) -> MeetingState:
    return course.meeting.state


def join(course: Course, minute: float, person=ANNA) -> None:
    course.joined(at(minute), entry=new_id(), invitation=person, name="A")


def test_a_meeting_is_planned_live_held(course):
    course.opened(at(0))
    assert state(course) is MeetingState.LIVE
    assert course.meeting.opened_at == at(0)
    course.ended(at(60))
    assert state(course) is MeetingState.HELD
    assert course.meeting.ended_at == at(60)


def test_who_is_in_at_the_end_left_at_the_end(course):
    join(course, 0)
    join(course, 5, BEN)
    course.left(at(20), invitation=BEN, reason="left")
    course.ended(at(60))
    course.left(at(61), invitation=ANNA, reason="left")
    assert spans(course) == [(0, 60, "ended")]
    assert spans(course, BEN) == [(5, 20, "left")]


def test_a_meeting_that_nobody_ended_ended_when_the_last_one_left(course):
    join(course, 0)
    join(course, 5, BEN)
    course.left(at(50), invitation=BEN, reason="left")
    course.left(at(40), invitation=ANNA, reason="left")
    course.ended(at(24 * 60), by_time=True)
    assert course.meeting.ended_at == at(50)


def test_a_meeting_closed_over_somebodys_head_ended_then(course):
    join(course, 0)
    course.ended(at(24 * 60), by_time=True)
    assert course.meeting.ended_at == at(24 * 60)
    assert spans(course) == [(0, 24 * 60, "ended")]


def test_a_room_that_closed_without_anybody_ended_then(course):
    course.opened(at(0))
    course.ended(at(24 * 60), by_time=True)
    assert course.meeting.ended_at == at(24 * 60)


def test_a_join_closes_an_interval_that_is_still_open(course):
    join(course, 0)
    join(course, 10)
    assert spans(course) == [(0, 10, "rejoined"), (10, None, "")]


def test_a_restart_of_the_host_closes_what_nobody_closed(course):
    join(course, 0)
    join(course, 1, BEN)
    course.left(at(2), invitation=BEN, reason="left")
    course.host_started(at(30), at(25))
    assert spans(course) == [(0, 25, "host_restarted")]
    assert spans(course, BEN) == [(1, 2, "left")]
    assert state(course) is MeetingState.LIVE


def test_nothing_ends_before_it_began(course):
    first, _ = course.items
    join(course, 10)
    course.item_started(at(10), first)
    course.host_started(at(12), at(9))
    assert spans(course) == [(10, 10, "host_restarted")]
    assert course.items[first].actual_seconds == 0


def test_item_times_add_up(course):
    first, second = course.items
    assert course.item_started(at(0), first)
    assert course.item_started(at(10), second)
    assert course.item_started(at(12), second), "it runs already: its clock goes on"
    assert course.item_ended(at(15), second)
    assert course.item_started(at(20), first)
    course.ended(at(21.5))
    assert course.items[first].actual_seconds == 11.5 * 60
    assert course.items[second].actual_seconds == 5 * 60
    assert course.items[first].first_started_at == at(0)
    assert course.running is None


def test_a_fact_about_an_unknown_item_is_told(course):
    assert not course.item_started(at(0), new_id())
    assert not course.item_ended(at(0), new_id())
    assert state(course) is MeetingState.PLANNED


def test_a_meeting_that_goes_on_after_its_end_keeps_what_was(course):
    first, _ = course.items
    join(course, 0)
    course.item_started(at(0), first)
    course.ended(at(30))
    course.opened(at(35))
    assert state(course) is MeetingState.HELD, "looking at it does not make it live"
    join(course, 40)
    assert state(course) is MeetingState.LIVE
    assert course.meeting.ended_at is None
    course.item_started(at(40), first)
    course.ended(at(50))
    assert spans(course) == [(0, 30, "ended"), (40, 50, "ended")]
    assert course.items[first].actual_seconds == 40 * 60
    meeting = course.meeting
    assert (meeting.opened_at, meeting.ended_at) == (at(0), at(50))


people = st.sampled_from([ANNA, BEN])
facts = st.one_of(
    st.tuples(st.just("join"), people),
    st.tuples(st.just("leave"), people),
    st.tuples(st.just("end"), people),
    st.tuples(st.just("restart"), people),
)


@given(script=st.lists(facts, max_size=30))
def test_attendance_is_the_minutes_in_which_somebody_was_in(script):
    """Against a list of minutes in which each was in, kept the simple way."""
    course = make()
    inside: set = set()
    minutes: dict = {ANNA: set(), BEN: set()}
    for minute, (what, person) in enumerate(script):
        match what:
            case "join":
                join(course, minute, person)
                inside.add(person)
            case "leave":
                course.left(at(minute), invitation=person, reason="left")
                inside.discard(person)
            case "end":
                course.ended(at(minute))
                inside.clear()
            case _:
                course.host_started(at(minute + 0.5), at(minute))
                inside.clear()
        for name in inside:
            minutes[name].add(minute)
    course.ended(at(len(script)))
    for person, expected in minutes.items():
        mine = [i for i in course.intervals if i.invitation_id == person]
        assert all(i.left_at is not None for i in mine)
        merged = union((i.joined_at, i.left_at) for i in mine if i.left_at is not None)
        counted = {
            minute
            for minute in range(len(script))
            if any(start <= at(minute) < end for start, end in merged)
        }
        assert counted == expected


def test_what_the_chair_left_out_is_kept_until_it_is_started_after_all(course):
    item = next(iter(course.items.values()))
    assert course.item_left_out(item.id, LeftOut.POSTPONED)
    assert item.left_out is LeftOut.POSTPONED
    course.item_started(START, item.id)
    assert item.left_out is LeftOut.NO
    assert not course.item_left_out(new_id(), LeftOut.SKIPPED)
