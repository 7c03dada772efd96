"""When minutes are due, who gets them, and what a deadline brings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from projectdesk.domain.minutes import MinutesState, ObjectionState
from projectdesk.domain.rules.minutes_life import (
    Bar,
    Life,
    Somebody,
    Standing,
    Step,
    Why,
    bar,
    days_late,
    draft_due,
    may_veto,
    recipients,
    standing,
    window_end,
)

SEOUL, LISBON = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Lisbon")
UNTIL = datetime(2026, 4, 16, 22, 59, 59, tzinfo=UTC)


def circulated(**changes) -> Life:
    facts = {"state": MinutesState.CIRCULATED, "now": UNTIL + timedelta(hours=1), "until": UNTIL}
    return Life(**facts | {"heard_until": UNTIL + timedelta(minutes=5)} | changes)


def test_a_window_ends_with_the_day_where_the_meeting_was():
    evening = datetime(2026, 4, 1, 22, 30, tzinfo=UTC)  # 2 April in Seoul, 1 April in Lisbon
    assert window_end(evening, 15, LISBON).astimezone(LISBON).isoformat() == (
        "2026-04-16T23:59:59+01:00"
    )
    assert window_end(evening, 15, SEOUL).astimezone(SEOUL).isoformat() == (
        "2026-04-17T23:59:59+09:00"
    )


def test_a_window_over_the_change_of_clocks_ends_with_the_same_day():
    sent = datetime(2026, 3, 23, 14, tzinfo=UTC)  # clocks change on 29 March, and on 25 October
    until = window_end(sent, 15, LISBON)
    assert until == datetime(2026, 4, 7, 22, 59, 59, tzinfo=UTC)
    assert until.astimezone(LISBON).isoformat() == "2026-04-07T23:59:59+01:00"
    autumn = window_end(datetime(2026, 10, 12, 14, tzinfo=UTC), 15, LISBON)
    assert autumn == datetime(2026, 10, 27, 23, 59, 59, tzinfo=UTC)


def test_a_draft_is_late_by_days_of_the_calendar_not_by_hours():
    due = draft_due(datetime(2026, 3, 25, 12, tzinfo=UTC), 10, LISBON)
    assert due == datetime(2026, 4, 4, 22, 59, 59, tzinfo=UTC)  # summer time has begun
    assert days_late(due, due, LISBON) == 0
    assert days_late(due, due + timedelta(seconds=1), LISBON) == 1
    assert days_late(due, due - timedelta(days=3), LISBON) == -3


def test_each_person_gets_the_minutes_once_for_the_strongest_reason():
    partner, person, guest, absent = uuid4(), uuid4(), uuid4(), uuid4()
    found = recipients(
        {
            Why.ATTENDED: [Somebody(person, partner), Somebody(guest)],
            Why.REPRESENTATIVE: [Somebody(person, partner), Somebody(absent, uuid4())],
            Why.INVITED: [Somebody(guest)],
        }
    )
    assert [each.person for each in found] == [person, absent, guest]
    assert found[0].why is Why.REPRESENTATIVE
    assert not found[2].may_object
    assert found[1].may_object


def test_somebody_who_attended_for_nobody_is_written_to_for_their_partner():
    partner, person = uuid4(), uuid4()
    (found,) = recipients(
        {Why.ATTENDED: [Somebody(person)], Why.INVITED: [Somebody(person, partner)]}
    )
    assert (found.partner, found.why) == (partner, Why.ATTENDED)


def test_a_member_vetoes_afterwards_only_what_was_added_later():
    assert not may_veto(is_party=True, is_member=True, added_later=False)
    assert may_veto(is_party=True, is_member=True, added_later=True)
    assert may_veto(is_party=True, is_member=False, added_later=False)
    assert not may_veto(is_party=False, is_member=False, added_later=True)


def test_nothing_is_accepted_before_the_host_was_heard_past_the_window():
    early = circulated(heard_until=UNTIL - timedelta(minutes=1))
    assert standing(early) is Standing.WAITING
    assert standing(circulated(heard_until=None)) is Standing.WAITING
    assert bar(Step.ACCEPT, early) is Bar.WAITING
    assert standing(circulated()) is Standing.UNOPPOSED


def test_a_wrong_clock_here_decides_nothing():
    ahead = circulated(now=UNTIL + timedelta(hours=1), heard_until=UNTIL - timedelta(seconds=1))
    behind = circulated(now=UNTIL - timedelta(hours=1))
    assert standing(ahead) is Standing.WAITING
    assert standing(behind) is Standing.UNOPPOSED


def test_without_a_host_the_clock_here_is_all_there_is():
    assert standing(circulated(hosted=False, heard_until=None)) is Standing.UNOPPOSED
    running = circulated(hosted=False, heard_until=None, now=UNTIL)
    assert standing(running) is Standing.WINDOW


@pytest.mark.parametrize(
    ("states", "where", "why"),
    [
        ([ObjectionState.OPEN, ObjectionState.UPHELD], Standing.OBJECTED, Bar.OBJECTED),
        ([ObjectionState.UPHELD, ObjectionState.DECLINED], Standing.UPHELD, Bar.UPHELD),
        ([ObjectionState.DECLINED], Standing.ANSWERED, None),
        ([ObjectionState.WITHDRAWN], Standing.UNOPPOSED, None),
    ],
)
def test_objections_decide_how_minutes_are_accepted(states, where, why):
    life = circulated(objections=states)
    assert standing(life) is where
    assert bar(Step.ACCEPT, life) is why


def test_a_body_may_approve_inside_the_window_but_not_past_an_open_objection():
    running = circulated(now=UNTIL - timedelta(days=3), heard_until=None)
    assert bar(Step.ACCEPT, running) is Bar.WINDOW
    assert bar(Step.APPROVE, running) is None
    assert bar(Step.APPROVE, circulated(objections=[ObjectionState.OPEN])) is Bar.OBJECTED


def test_only_a_draft_with_text_of_a_held_meeting_is_circulated():
    draft = {"state": MinutesState.DRAFT, "now": UNTIL}
    assert bar(Step.CIRCULATE, Life(**draft)) is None
    assert bar(Step.CIRCULATE, Life(**draft, has_text=False)) is Bar.EMPTY
    assert bar(Step.CIRCULATE, Life(**draft, held=False)) is Bar.NOT_HELD
    assert bar(Step.CIRCULATE, circulated()) is Bar.CIRCULATED
    assert bar(Step.REVISE, Life(**draft)) is Bar.NOT_CIRCULATED
    assert bar(Step.REVISE, circulated(objections=[ObjectionState.OPEN])) is Bar.OBJECTED
    assert bar(Step.REVISE, circulated(objections=[ObjectionState.UPHELD])) is None
    assert bar(Step.REVISE, Life(state=MinutesState.ACCEPTED, now=UNTIL)) is None
    assert bar(Step.REVISE, Life(state=MinutesState.SUPERSEDED, now=UNTIL)) is Bar.SUPERSEDED
