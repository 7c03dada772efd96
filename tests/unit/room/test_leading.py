"""What chair and co-hosts set for all: who is in focus, the lobby's words, the time left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.room import events
from projectdesk.signalling import call, control, journal, leading
from tests.unit.room.conftest import Stage, snapshot

CHAIR, PRESENTER, GUEST, LATE = (f"{number:032x}" for number in (1, 2, 3, 4))


def presented(id_: str, by: str | None) -> control.PlannedItem:
    return control.PlannedItem(
        id=id_,
        number="1",
        title=id_,
        kind="information",
        planned_minutes=10,
        presenter_participant=by,
    )


@pytest.fixture
def talk() -> Stage:
    """Everybody is in the call; item a is the presenter's, item b nobody's."""
    stage = Stage(snapshot(agenda=[presented("a", PRESENTER), presented("b", None)]))
    for number in (1, 2, 3):
        stage.join(number)
    stage.say("p1", call.Admit())
    return stage


def focus(stage: Stage, peer: str) -> leading.Focus:
    """Return who is in focus by all that a page was told."""
    shown = leading.Focus()
    for message in stage.inbox[peer]:
        match message:
            case call.RoomState(focus=now) | leading.FocusChanged(focus=now):
                shown = now
    return shown


def codes(messages) -> list[str]:
    return [message.code for message in messages if isinstance(message, call.Problem)]


# --- focus ----------------------------------------------------------------------------------------


def test_who_presents_the_running_item_is_in_focus(talk):
    assert focus(talk, "p3").participant is None
    talk.say("p1", call.StartItem(item="a"))
    assert focus(talk, "p3") == leading.Focus(participant=PRESENTER)
    talk.say("p1", call.StartItem(item="b"))
    assert focus(talk, "p3").participant is None


def test_the_chairs_choice_comes_before_the_presenter_until_taken_back(talk):
    talk.say("p1", call.StartItem(item="a"))
    talk.say("p1", leading.Spotlight(participant=GUEST))
    assert focus(talk, "p2") == leading.Focus(participant=GUEST, chosen=True)
    talk.say("p1", leading.Spotlight())
    assert focus(talk, "p2") == leading.Focus(participant=PRESENTER)
    talk.say("p1", leading.Spotlight(follows=False))
    assert focus(talk, "p2") == leading.Focus(follows=False)


def test_focus_ends_with_who_leaves_and_not_with_a_lost_socket(talk):
    talk.say("p1", leading.Spotlight(participant=GUEST))
    session = talk.room._meeting.passes[GUEST][0]
    talk.drop("p3")
    assert focus(talk, "p1").participant == GUEST
    talk.connect(session, "p3b")
    assert focus(talk, "p3b").participant == GUEST
    talk.say("p3b", call.Leave())
    assert focus(talk, "p1").participant is None
    talk.join(3, "p3c")
    assert focus(talk, "p3c").participant is None


def test_a_presenter_who_comes_late_is_in_focus_then():
    stage = Stage(snapshot(agenda=[presented("a", PRESENTER)]))
    stage.join(1)
    stage.say("p1", call.StartItem(item="a"))
    assert focus(stage, "p1").participant is None
    stage.join(2)
    assert focus(stage, "p1").participant is None  # still in the lobby
    stage.say("p1", call.Admit())
    assert focus(stage, "p1").participant == PRESENTER
    assert focus(stage, "p2").participant == PRESENTER


def test_only_who_is_here_comes_into_focus_and_only_by_who_leads(talk):
    assert codes(talk.say("p1", leading.Spotlight(participant=LATE))) == ["not_here"]
    assert codes(talk.say("p3", leading.Spotlight(participant=GUEST))) == ["not_allowed"]
    assert focus(talk, "p3").participant is None
    talk.handle(events.ConsoleAttached, peer="desk")
    talk.say("desk", leading.Spotlight(participant=GUEST))
    assert focus(talk, "desk").participant == GUEST


def test_focus_outlives_the_host(talk):
    talk.say("p1", leading.Spotlight(participant=GUEST, follows=False))
    again = Stage(talk.plan, talk.room.memory())
    again.join(3)
    again.join(1)
    assert focus(again, "p1") == leading.Focus(participant=GUEST, chosen=True, follows=False)


# --- the lobby ------------------------------------------------------------------------------------


def lobby(stage: Stage, peer: str) -> str:
    return stage.got(peer, call.Lobby)[-1].message


def test_the_chair_writes_to_those_who_wait_and_who_come(stage):
    stage.join(1)
    stage.join(3)
    stage.say("p1", leading.SetLobbyMessage(text="  Five\u202e minutes. "))
    assert lobby(stage, "p3") == "Five minutes."
    stage.join(4)
    assert lobby(stage, "p4") == "Five minutes."
    stage.join(2)
    assert stage.got("p1", leading.LobbyMessageChanged)[-1].text == "Five minutes."
    stage.say("p1", leading.SetLobbyMessage(text=""))
    assert lobby(stage, "p3") == ""


def test_the_lobbys_words_are_the_chairs_to_see_and_to_write(call_with_two):
    stage = call_with_two
    assert codes(stage.say("p3", leading.SetLobbyMessage(text="x"))) == ["not_allowed"]
    stage.say("p1", leading.SetLobbyMessage(text="Soon."))
    assert not stage.got("p3", leading.LobbyMessageChanged)
    too_long = leading.SetLobbyMessage(text="x" * 501)
    assert codes(stage.say("p1", too_long)) == ["lobby_message_too_long"]
    stage.handle(events.ConsoleAttached, peer="desk")
    assert stage.got("desk", call.RoomState)[-1].lobby_message == "Soon."
    assert all(state.lobby_message == "" for state in stage.got("p3", call.RoomState))


# --- what is left of the agenda -------------------------------------------------------------------


def items(stage: Stage, peer: str = "p3") -> dict[str, call.ShownItem]:
    clocks = [
        m.clock for m in stage.inbox[peer] if isinstance(m, call.RoomState | call.ClockChanged)
    ]
    return {item.id: item for item in clocks[-1].items}


def test_what_is_left_is_timed_anew_for_all_and_the_plan_stays(call_with_two):
    stage = call_with_two
    changes = [
        leading.Retiming(item="a", minutes=4),
        leading.Retiming(item="b", dropped="postponed"),
    ]
    stage.say("p1", leading.RetimeAgenda(items=changes))
    shown = items(stage)
    assert (shown["a"].planned_minutes, shown["a"].allotted_minutes) == (10, 4)
    assert shown["b"].dropped == "postponed"
    assert stage.facts(journal.AgendaRetimed) == [journal.AgendaRetimed(items=changes, by=CHAIR)]
    again = Stage(stage.plan, stage.room.memory())
    again.join(1)
    assert items(again, "p1")["a"].allotted_minutes == 4
    stage.say("p1", leading.RetimeAgenda(items=[leading.Retiming(item="a")]))
    assert items(stage)["a"].allotted_minutes is None
    assert items(stage)["b"].dropped == "postponed"


def test_an_item_that_starts_is_not_left_out_any_more(call_with_two):
    stage = call_with_two
    left_out = leading.RetimeAgenda(items=[leading.Retiming(item="b", dropped="skipped")])
    stage.say("p1", left_out)
    stage.say("p1", call.StartItem(item="b"))
    assert items(stage)["b"].dropped == ""
    assert codes(stage.say("p1", left_out)) == ["bad_retiming"]


@pytest.mark.parametrize(
    "changes",
    [
        [leading.Retiming(item="zz", minutes=1)],
        [leading.Retiming(item="a", minutes=1), leading.Retiming(item="a", minutes=2)],
    ],
)
def test_a_wrong_time_changes_nothing(call_with_two, changes):
    stage = call_with_two
    asked = leading.RetimeAgenda(items=[leading.Retiming(item="b", minutes=1), *changes])
    assert codes(stage.say("p1", asked)) == ["bad_retiming"]
    assert items(stage)["b"].allotted_minutes is None
    assert codes(stage.say("p3", leading.RetimeAgenda(items=[]))) == ["not_allowed"]
    assert not stage.facts(journal.AgendaRetimed)


@given(st.lists(st.sampled_from(["join", "drop", "leave", "spot", "back", "start", "pause"])))
def test_everybody_is_told_the_same_focus_and_it_is_somebody_here(script):
    stage = Stage(snapshot(agenda=[presented("a", PRESENTER)]))
    stage.join(1)
    stage.handle(events.ConsoleAttached, peer="desk")
    peer, number = "", 0
    for step in script:
        is_here = any(p.id == PRESENTER and p.here for p in stage.room._meeting.hall.here())
        match step:
            case "join" if not peer:
                number += 1
                peer = f"q{number}"
                stage.join(2, peer)
                stage.say("desk", call.Admit())
            case "drop" if peer:
                stage.drop(peer)
                peer = ""
            case "leave" if peer:
                stage.say(peer, call.Leave())
                peer = ""
            case "spot" if is_here:
                stage.say("p1", leading.Spotlight(participant=PRESENTER))
            case "back":
                stage.say("p1", leading.Spotlight())
            case "start" | "pause":
                stage.say("p1", call.StartItem(item="a" if step == "start" else None))
        here = {person.id for person in stage.room._meeting.hall.here()}
        told = focus(stage, "p1")
        assert told == focus(stage, "desk")
        assert told.participant is None or told.participant in here
        if peer and PRESENTER in here:
            assert told == focus(stage, peer)
