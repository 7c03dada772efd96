"""Polls: who asks, who votes, what each sees, what is kept."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.room import events
from projectdesk.room.memory import RoomMemory
from projectdesk.room.polls import MAX_POLLS
from projectdesk.signalling import call, journal, polls
from tests.unit.room.conftest import Stage, invitee, snapshot
from tests.unit.room.test_floor import codes

QUESTION = polls.PreparePoll(question="When do we meet?", options=["Monday", "Tuesday", "Friday"])
GUEST = f"{3:032x}"


def ask(stage, **changes):
    """Let the chair prepare and open a poll; return its number."""
    stage.say("p1", msgspec.structs.replace(QUESTION, **changes))
    number = stage.got("p1", polls.PollChanged)[-1].poll.number
    stage.say("p1", polls.OpenPoll(poll=number))
    return number


def seen(stage, peer):
    """Return the poll as a peer was last told of it."""
    return stage.got(peer, polls.PollChanged)[-1].poll


def test_a_poll_is_opened_answered_and_counted(call_with_two):
    stage = call_with_two
    stage.say("p1", call.StartItem(item="a"))
    number = ask(stage)
    assert seen(stage, "p3").state == "open"
    opened = stage.now
    stage.wait(seconds=5)
    stage.say("p3", polls.Vote(poll=number, choices=[1]))
    stage.say("p1", polls.Vote(poll=number, choices=[0]))
    stage.say("p1", polls.Vote(poll=number, choices=[1]))
    assert seen(stage, "p3").result == polls.PollResult(counts=[0, 2, 0], names=None)
    assert (seen(stage, "p3").voted, seen(stage, "p3").chosen) == (2, [1])
    stage.say("p1", polls.ClosePoll(poll=number))
    assert seen(stage, "p3").state == "closed"
    assert stage.facts(journal.PollClosed) == [
        journal.PollClosed(
            poll=number,
            question="When do we meet?",
            options=["Monday", "Tuesday", "Friday"],
            multiple=False,
            opened_at=opened,
            voted=2,
            counts=[0, 2, 0],
            names=None,
            item="a",
            by=f"{1:032x}",
        )
    ]
    refused = stage.say("p3", polls.Vote(poll=number, choices=[0]))
    assert codes(refused) == ["poll_closed"]


def test_a_draft_is_the_leaders_alone(call_with_two):
    stage = call_with_two
    stage.handle(events.ConsoleAttached, peer="desk")
    stage.say("desk", QUESTION)
    number = seen(stage, "p1").number
    assert stage.got("p3", polls.PollChanged) == []
    stage.say("p1", msgspec.structs.replace(QUESTION, poll=number, question="Where?"))
    assert seen(stage, "desk").question == "Where?"
    stage.say("p1", polls.DiscardPoll(poll=number))
    assert stage.got("desk", polls.PollDiscarded) == [polls.PollDiscarded(poll=number)]
    assert stage.got("p3", polls.PollDiscarded) == []
    assert codes(stage.say("p1", polls.OpenPoll(poll=number))) == ["unknown_poll"]


def test_only_leaders_ask_and_observers_do_not_vote():
    stage = Stage(snapshot([invitee(1, "chair"), invitee(3), invitee(4, "observer")]))
    for number in (1, 3, 4):
        stage.join(number)
    stage.say("p1", call.Admit())
    stage.handle(events.ConsoleAttached, peer="desk")
    number = ask(stage)
    for order in (QUESTION, polls.OpenPoll(poll=number), polls.ClosePoll(poll=number)):
        assert codes(stage.say("p3", order)) == ["not_allowed"]
    for peer in ("p4", "desk"):
        assert codes(stage.say(peer, polls.Vote(poll=number, choices=[0]))) == ["not_allowed"]
    assert seen(stage, "p4").voted == 0


def test_who_waits_sees_and_votes_nothing(stage):
    stage.join(1)
    number = ask(stage)
    stage.join(3)
    refused = stage.say("p3", polls.Vote(poll=number, choices=[0]))
    assert codes(refused) == ["not_admitted"]
    assert stage.got("p3", (polls.PollChanged, polls.PollsListed)) == []
    stage.say("p1", call.Admit())
    [listed] = stage.got("p3", polls.PollsListed)
    assert [poll.number for poll in listed.polls] == [number]


def test_a_result_may_wait_for_the_close(call_with_two):
    stage = call_with_two
    number = ask(stage, live=False)
    stage.say("p3", polls.Vote(poll=number, choices=[2]))
    assert (seen(stage, "p1").result, seen(stage, "p1").voted) == (None, 1)
    stage.say("p1", polls.ClosePoll(poll=number))
    assert seen(stage, "p3").result == polls.PollResult(counts=[0, 0, 1], names=None)


def test_names_are_shown_where_the_poll_says_so(call_with_two):
    stage = call_with_two
    number = ask(stage, named=True, multiple=True)
    stage.say("p3", polls.Vote(poll=number, choices=[2, 0, 2]))
    expected = [["Person 3"], [], ["Person 3"]]
    assert seen(stage, "p1").result == polls.PollResult(counts=[1, 0, 1], names=expected)
    stage.say("p1", polls.ClosePoll(poll=number))
    assert stage.facts(journal.PollClosed)[0].names == expected


def test_who_chose_what_is_forgotten_at_the_close(call_with_two):
    stage = call_with_two
    number = ask(stage)
    stage.say("p3", polls.Vote(poll=number, choices=[2]))
    assert GUEST in stage.room.memory().polls[0].votes
    stage.say("p1", polls.ClosePoll(poll=number))
    assert stage.room.memory().polls[0].votes == {}
    assert stage.room.memory().polls[0].counts == [0, 0, 1]


def test_a_vote_is_taken_back(call_with_two):
    stage = call_with_two
    number = ask(stage)
    stage.say("p3", polls.Vote(poll=number, choices=[2]))
    stage.say("p3", polls.Vote(poll=number, choices=[]))
    assert (seen(stage, "p3").voted, seen(stage, "p3").chosen) == (0, [])


@pytest.mark.parametrize("choices", [[3], [-1], [0, 1]])
def test_a_choice_that_is_none_is_refused(call_with_two, choices):
    number = ask(call_with_two)
    refused = call_with_two.say("p3", polls.Vote(poll=number, choices=choices))
    assert codes(refused) == ["choice_invalid"]


@pytest.mark.parametrize(
    "changes",
    [
        {"question": " \u202e "},
        {"question": "x" * 301},
        {"options": ["one"]},
        {"options": ["Yes", " yes "]},
        {"options": ["a", ""]},
        {"options": ["a", "b" * 201]},
        {"options": [str(number) for number in range(11)]},
    ],
)
def test_a_poll_that_is_none_is_refused(call_with_two, changes):
    refused = call_with_two.say("p1", msgspec.structs.replace(QUESTION, **changes))
    assert codes(refused) == ["poll_invalid"]


def test_one_poll_is_open_at_a_time(call_with_two):
    stage = call_with_two
    first = ask(stage)
    second = ask(stage)
    assert codes(stage.inbox["p1"]) == ["poll_open"]
    assert codes(stage.say("p1", msgspec.structs.replace(QUESTION, poll=first))) == [
        "poll_no_draft"
    ]
    stage.say("p1", polls.ClosePoll(poll=first))
    stage.say("p1", polls.OpenPoll(poll=second))
    assert seen(stage, "p3").number == second


def test_a_poll_may_be_opened_as_it_is_written(call_with_two):
    stage = call_with_two
    stage.say("p1", msgspec.structs.replace(QUESTION, open=True))
    assert seen(stage, "p3").state == "open"
    refused = stage.say("p1", msgspec.structs.replace(QUESTION, open=True))
    assert codes(refused) == ["poll_open"]
    assert seen(stage, "p1").state == "draft"


def test_a_meeting_has_so_many_polls_and_no_more(call_with_two):
    for _ in range(MAX_POLLS):
        assert codes(call_with_two.say("p1", QUESTION)) == []
    assert codes(call_with_two.say("p1", QUESTION)) == ["too_many_polls"]


def test_an_open_poll_and_its_votes_outlive_the_host(call_with_two):
    stage = call_with_two
    number = ask(stage, named=True)
    stage.say("p3", polls.Vote(poll=number, choices=[1]))
    kept = msgspec.json.decode(msgspec.json.encode(stage.room.memory()), type=RoomMemory)
    again = Stage(stage.plan, kept)
    again.join(3)
    [listed] = again.got("p3", polls.PollsListed)
    assert (listed.polls[0].state, listed.polls[0].chosen) == ("open", [1])
    assert listed.polls[0].result == polls.PollResult(
        counts=[0, 1, 0], names=[[], ["Person 3"], []]
    )


def test_a_poll_that_is_open_at_the_end_is_counted(call_with_two):
    stage = call_with_two
    number = ask(stage)
    stage.say("p3", polls.Vote(poll=number, choices=[0]))
    stage.say("p1", call.EndMeeting())
    assert stage.facts(journal.PollClosed)[0].counts == [1, 0, 0]


def test_a_new_cohost_sees_the_drafts(call_with_two):
    from projectdesk.signalling import floor

    stage = call_with_two
    stage.say("p1", QUESTION)
    stage.say("p1", floor.Appoint(participant=GUEST, role="cohost"))
    assert len(stage.got("p3", polls.PollsListed)[-1].polls) == 1
    stage.say("p1", floor.Dismiss(participant=GUEST))
    assert stage.got("p3", polls.PollsListed)[-1].polls == []


@given(st.lists(st.tuples(st.sampled_from([1, 3]), st.lists(st.integers(0, 2), max_size=3))))
def test_counts_are_the_last_votes_of_each(votes):
    stage = Stage()
    stage.join(1)
    stage.join(3)
    stage.say("p1", call.Admit())
    number = ask(stage, multiple=True)
    last = {}
    for who, choices in votes:
        stage.say(f"p{who}", polls.Vote(poll=number, choices=choices))
        last[who] = set(choices)
    stage.say("p1", polls.ClosePoll(poll=number))
    [closed] = stage.facts(journal.PollClosed)
    assert closed.counts == [sum(place in chosen for chosen in last.values()) for place in range(3)]
    assert closed.voted == sum(bool(chosen) for chosen in last.values())
