"""The rules of notice: dates, lights, items that came later, and what follows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projectdesk.domain.rules.notice import (
    Convening,
    ItemStanding,
    Notice,
    NoticeDays,
    NoticeEffect,
    NoticeLight,
    NoticeRule,
    NoticeState,
    NoticeStep,
    PlannedItem,
    notice,
)

ASSEMBLY = NoticeDays(45, 15, 21, 10, 14, 15)
ON = date(2026, 9, 30)
E, S = NoticeEffect, NoticeStep


def before(days: int) -> date:
    return ON - timedelta(days=days)


def judged(
    today: int,
    invited: int | None = None,
    sent: int | None = None,
    *,
    extraordinary: bool = False,
    items: tuple[PlannedItem, ...] = (),
) -> Notice:
    """Judge an assembly; days are counted back from it."""
    agenda = None if sent is None else before(sent)
    at = None if agenda is None else datetime(agenda.year, agenda.month, agenda.day, 12, tzinfo=UTC)
    meeting = Convening(
        ON, before(today), extraordinary, None if invited is None else before(invited), agenda, at
    )
    return notice(ASSEMBLY, meeting, items)


def item(added: int, *, decision: bool = True) -> PlannedItem:
    day = before(added)
    at = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
    return PlannedItem(uuid4(), "Budget", decision, at, day)


def test_the_dates_are_the_bodys_days_before_the_meeting() -> None:
    found = judged(90)
    assert [each.due_on for each in found.deadlines] == [before(45), before(21), before(14)]
    found = judged(90, extraordinary=True)
    assert [each.due_on for each in found.deadlines] == [before(15), before(10), before(14)]


@pytest.mark.parametrize(
    ("today", "invited", "state", "late"),
    [
        (60, None, NoticeState.AHEAD, 0),
        (52, None, NoticeState.NEAR, 0),
        (45, None, NoticeState.NEAR, 0),
        (44, None, NoticeState.MISSED, 1),
        (40, 45, NoticeState.KEPT, 0),
        (40, 44, NoticeState.LATE, 1),
    ],
)
def test_the_day_that_is_named_still_counts(
    today: int, invited: int | None, state: NoticeState, late: int
) -> None:
    deadline = judged(today, invited).deadline(NoticeRule.INVITATION)
    assert (deadline.state, deadline.days_late) == (state, late)


def test_all_in_time_is_green_and_asks_for_nothing() -> None:
    found = judged(10, 50, 25, items=(item(30), item(26)))
    assert found.light is NoticeLight.GREEN
    assert (found.added, found.effects, found.steps) == ((), (), ())


def test_a_late_invitation_says_what_follows_and_what_may_be_done() -> None:
    found = judged(30)
    assert found.light is NoticeLight.RED
    assert found.effects == (E.NOT_CONVENED,)
    assert found.steps == (S.SEND_AGENDA_BY, S.SEND_NOW, S.CALL_EXTRAORDINARY, S.MOVE, S.ASK_ALL)
    assert found.earliest_on == before(30) + timedelta(days=45)


def test_what_is_too_late_for_an_extraordinary_meeting_too_is_not_offered() -> None:
    assert S.CALL_EXTRAORDINARY not in judged(14).steps
    assert S.CALL_EXTRAORDINARY not in judged(30, extraordinary=True).steps
    assert S.CALL_EXTRAORDINARY not in judged(9, 40, 9).steps


def test_an_item_added_in_time_can_be_vetoed_after_the_draft_minutes() -> None:
    found = judged(16, 50, 25, items=(item(40), item(20)))
    assert [each.standing for each in found.added] == [ItemStanding.ADDED]
    assert found.light is NoticeLight.AMBER
    assert found.effects == (E.VETO_AFTER_DRAFT,)


def test_an_item_for_discussion_that_came_in_time_changes_nothing() -> None:
    found = judged(16, 50, 25, items=(item(20, decision=False),))
    assert [each.decision for each in found.added] == [False]
    assert (found.light, found.effects) == (NoticeLight.GREEN, ())


def test_a_decision_added_too_late_needs_all() -> None:
    found = judged(5, 50, 25, items=(item(13), item(12, decision=False)))
    assert found.light is NoticeLight.RED
    assert found.effects == (E.DECISION_NEEDS_ALL, E.ITEM_NEEDS_ALL, E.VETO_AFTER_DRAFT)
    assert found.steps == (S.ASK_ALL, S.TAKE_LATER, S.WRITTEN_PROCEDURE)


def test_the_last_day_of_adding_still_counts() -> None:
    standings = [judged(5, 50, 25, items=(item(days),)).added[0].standing for days in (14, 13)]
    assert standings == [ItemStanding.ADDED, ItemStanding.TOO_LATE]


def test_before_the_agenda_is_sent_every_item_is_of_the_original_one() -> None:
    assert judged(5, 50, None, items=(item(6),)).added == ()


def test_after_the_meeting_there_is_nothing_to_do() -> None:
    found = judged(-1, 44, 25)
    assert (found.light, found.steps) == (NoticeLight.RED, ())


@settings(max_examples=60)
@given(
    today=st.integers(0, 100),
    invited=st.none() | st.integers(0, 100),
    sent=st.none() | st.integers(0, 100),
    added=st.lists(st.integers(0, 100), max_size=4),
    extraordinary=st.booleans(),
)
def test_red_always_has_an_effect_and_moving_to_the_earliest_day_mends_the_notice(
    today: int, invited: int | None, sent: int | None, added: list[int], extraordinary: bool
) -> None:
    invited = None if invited is None else max(invited, today)
    sent = None if sent is None else max(sent, today)
    items = tuple(item(max(days, today)) for days in added)
    found = judged(today, invited, sent, extraordinary=extraordinary, items=items)
    assert (found.light is NoticeLight.RED) <= bool(found.effects)
    assert (found.light is NoticeLight.GREEN) <= (not found.effects)
    moved = Convening(
        found.earliest_on,
        before(today),
        extraordinary,
        None if invited is None else before(invited),
        None if sent is None else before(sent),
        None,
    )
    states = {each.state for each in notice(ASSEMBLY, moved).deadlines[:2]}
    assert not states & {NoticeState.LATE, NoticeState.MISSED}
