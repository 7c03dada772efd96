"""How late actions are, when mail goes out, what follows, what answering mails say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.minutes import ActionNoteKind, ActionStatus
from projectdesk.domain.rules.action_dates import (
    FollowUp,
    days_late,
    digest_day,
    due_this_week,
    escalation_is_due,
    reminder_is_due,
)
from projectdesk.domain.rules.action_follow import following_step
from projectdesk.domain.rules.action_replies import Said, read_action_reply
from projectdesk.domain.workplan import DeliverableStatus as Status

DUE = date(2026, 4, 15)
RULES = FollowUp()


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def test_only_what_is_open_and_dated_is_late():
    late = DUE + timedelta(days=3)
    assert days_late(ActionStatus.OPEN, DUE, late) == 3
    assert days_late(ActionStatus.OPEN, DUE, DUE) == 0
    assert days_late(ActionStatus.DONE, DUE, late) == 0
    assert days_late(ActionStatus.OPEN, None, late) == 0


def test_a_week_ends_on_sunday():
    wednesday = date(2026, 4, 15)
    assert due_this_week(ActionStatus.OPEN, date(2026, 4, 19), wednesday)
    assert not due_this_week(ActionStatus.OPEN, date(2026, 4, 20), wednesday)
    assert not due_this_week(ActionStatus.OPEN, date(2026, 4, 14), wednesday)


def sent_days(rules: FollowUp, looks: list[int]) -> list[int]:
    """Return on which days (after the due date) reminders go out, when one looks on `looks`."""
    told: list[datetime | None] = [at(DUE - timedelta(days=30))]
    sent = []
    for day in looks:
        now = at(DUE + timedelta(days=day))
        if reminder_is_due(DUE, told, now, rules):
            told.append(now)
            sent.append(day)
    return sent


def test_reminders_go_out_three_days_before_and_one_and_seven_after():
    assert sent_days(RULES, [*range(-20, 40)]) == [-3, 1, 7]


def test_several_reminders_that_were_missed_are_one():
    assert sent_days(RULES, [7, 7, 8]) == [7]


def test_what_a_server_sent_later_stands_for_a_reminder_that_was_missed():
    now, missed = at(DUE + timedelta(days=2)), DUE - timedelta(days=3)
    assert reminder_is_due(DUE, (), now, RULES, {missed})
    assert not reminder_is_due(DUE, (), now, RULES, {DUE + timedelta(days=1)})
    assert reminder_is_due(DUE, (), now, RULES, {DUE + timedelta(days=7)}), "it is yet to be sent"


def test_a_reminder_that_is_a_week_old_lapses():
    assert sent_days(RULES, [14, 60]) == []


def test_nothing_goes_out_that_was_due_before_it_was_turned_on():
    since = FollowUp(since=DUE + timedelta(days=2))
    assert sent_days(since, [*range(-5, 20)]) == [7]


@given(
    before=st.lists(st.integers(0, 20), max_size=4),
    after=st.lists(st.integers(0, 20), max_size=4),
    looks=st.lists(st.integers(-30, 40), max_size=60),
)
def test_no_reminder_goes_out_twice(before, after, looks):
    rules = FollowUp(before=tuple(before), after=tuple(after))
    sent = sent_days(rules, sorted(looks))
    moments = {-each for each in before} | set(after)
    assert len(sent) <= len(moments)
    assert len(set(sent)) == len(sent)


def test_the_lead_is_told_once_and_again_after_a_new_date():
    late = at(DUE + timedelta(days=14))
    assert not escalation_is_due(DUE, None, at(DUE + timedelta(days=13)), RULES)
    assert escalation_is_due(DUE, None, late, RULES)
    assert not escalation_is_due(DUE, late, late + timedelta(days=9), RULES)
    later = (late + timedelta(days=5)).date()
    assert escalation_is_due(later, late, at(later + timedelta(days=14)), RULES)
    assert not escalation_is_due(DUE, None, late, FollowUp(escalate_after=None))


def test_the_digest_is_due_from_its_weekday_on():
    thursday = date(2026, 4, 16)
    assert digest_day(at(thursday), FollowUp(weekday=0)) == date(2026, 4, 13)
    assert digest_day(at(thursday), FollowUp(weekday=3)) == thursday
    assert digest_day(at(thursday), FollowUp(weekday=4)) == date(2026, 4, 10)
    assert digest_day(at(thursday), FollowUp(weekday=None)) is None
    assert digest_day(at(thursday), FollowUp(weekday=0, since=date(2026, 4, 14))) is None


@pytest.mark.parametrize(
    ("text", "status", "expected"),
    [
        ("Send the draft of D3.2 to all", Status.IN_PREPARATION, (Status.INTERNAL_REVIEW, False)),
        ("Send the draft of D3.2 -> internal review", Status.IN_PREPARATION,
         (Status.INTERNAL_REVIEW, True)),
        ("Upload everything → submitted.", Status.INTERNAL_REVIEW, (Status.SUBMITTED, True)),
        ("Submit D3.2 in the portal", Status.INTERNAL_REVIEW, (Status.SUBMITTED, False)),
        ("Write the outline", Status.PLANNED, (Status.IN_PREPARATION, False)),
        ("Send the draft of D3.2", Status.SUBMITTED, None),
        ("Send the draft -> submitted", Status.PLANNED, None),
        ("Review the draft of D3.2", Status.IN_PREPARATION, None),
        ("Buy sensors -> somewhere else", Status.PLANNED, None),
        ("Ask the port about tides", Status.IN_PREPARATION, None),
    ],
)  # fmt: skip
def test_what_follows_for_a_deliverable(text, status, expected):
    found = following_step(text, status)
    assert (found and (found.status, found.by_itself)) == expected


def test_nothing_follows_while_other_actions_are_open():
    text = "Send the draft -> internal review"
    assert following_step(text, Status.IN_PREPARATION, others_open=1) is None


QUOTED = """

On Mon, Maya wrote:
> A12  Send the draft, due 15 April 2026
> A14  Ask the port, due 20 April 2026
"""
TODAY = date(2026, 4, 20)


def said(text: str, *numbers: int) -> list[tuple[int, str, str, date | None]]:
    asked = [("TIDEWATER", number) for number in numbers or (12,)]
    reply = read_action_reply(text + QUOTED, asked, TODAY)
    return [(asked[s.at][1], s.kind.value, s.text, s.due_on) for s in reply.said]


@pytest.mark.parametrize(
    ("text", "kind", "words", "due"),
    [
        ("Done", "done", "", None),
        ("done, see the folder.", "done", "see the folder.", None),
        ("Ist erledigt!", "done", "", None),
        ("Hi Maya,\n\nit is done.\n\nBest regards\nAna", "done", "Ana", None),
        ("2026-05-04", "postponed", "", date(2026, 5, 4)),
        ("postponed to 4 May", "postponed", "", date(2026, 5, 4)),
        ("Verschoben auf 4.5.2026: Anja ist krank", "postponed", "Anja ist krank",
         date(2026, 5, 4)),
        ("until 3 March", "postponed", "", date(2027, 3, 3)),
        ("May 4th, 2026", "postponed", "", date(2026, 5, 4)),
        ("not done yet", "comment", "not done yet", None),
        ("done? no, nothing is done", "comment", "done? no, nothing is done", None),
        ("04/05/2026", "comment", "04/05/2026", None),
        ("31 February 2026", "comment", "31 February 2026", None),
        ("A12 done", "done", "", None),
        ("TIDEWATER A12: done", "done", "", None),
    ],
)  # fmt: skip
def test_a_mail_of_one_action_needs_no_label(text, kind, words, due):
    assert said(text) == [(12, kind, words, due)]


def test_a_mail_of_several_names_them():
    text = "A12 done\nA14 2026-05-04\nwe wait for the port"
    assert said(text, 12, 14) == [
        (12, "done", "", None),
        (14, "postponed", "we wait for the port", date(2026, 5, 4)),
    ]


def test_what_names_no_action_or_another_is_told():
    asked = [("TIDEWATER", 12), ("TIDEWATER", 14), ("SALTMARK", 12)]
    reply = read_action_reply("done" + QUOTED, asked, TODAY)
    assert reply.said == ()
    assert "no action is named" in reply.unclear[0]
    reply = read_action_reply("A99 done" + QUOTED, asked, TODAY)
    assert reply.said == ()
    assert "A99" in reply.unclear[0]
    reply = read_action_reply("A12 done" + QUOTED, asked, TODAY)
    assert reply.said == ()
    assert "several projects" in reply.unclear[0]
    reply = read_action_reply("saltmark A12: done" + QUOTED, asked, TODAY)
    assert [each.at for each in reply.said] == [2]


def test_an_empty_answer_says_nothing():
    assert read_action_reply(QUOTED, [("TIDEWATER", 12)], TODAY).said == ()


@given(st.text(max_size=300), st.lists(st.integers(1, 99), max_size=3, unique=True))
def test_any_mail_is_read_without_a_crash(text, numbers):
    reply = read_action_reply(text, [("TIDEWATER", number) for number in numbers], TODAY)
    for each in reply.said:
        assert 0 <= each.at < len(numbers)
        assert (each.kind is ActionNoteKind.POSTPONED) == (each.due_on is not None)
        assert isinstance(each, Said)
