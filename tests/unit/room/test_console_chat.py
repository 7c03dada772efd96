"""The chat at the desktop's console: whose it is, who reads it, what it may not."""

from __future__ import annotations

import pytest

from projectdesk.room import events
from projectdesk.signalling import breakouts, floor
from tests.unit.room.conftest import Stage, invitee, snapshot
from tests.unit.room.test_floor import codes

CHAIR, GUEST, LATE = (f"{number:032x}" for number in (1, 3, 4))


@pytest.fixture
def desk(call_with_two: Stage) -> Stage:
    """Chair 1 and guest 3 are in the call; the chair also sits at the console."""
    call_with_two.handle(events.ConsoleAttached, peer="desk", seat=CHAIR)
    return call_with_two


def read(stage, peer):
    return [news.message.text for news in stage.got(peer, floor.ChatReceived)]


def test_what_is_written_to_all_is_read_at_the_console_and_the_other_way(desk):
    desk.say("p3", floor.SendChat(text="to all"))
    desk.say("desk", floor.SendChat(text="from the desk"))
    assert read(desk, "desk") == read(desk, "p1") == read(desk, "p3") == ["to all", "from the desk"]
    written = desk.got("p3", floor.ChatReceived)[-1].message
    assert (written.sender, written.sender_name) == (CHAIR, "Person 1")


def test_private_words_reach_page_and_console_of_the_same_person_and_nobody_else(desk):
    desk.join(2)
    desk.say("desk", floor.SendChat(text="psst", to=GUEST))
    desk.say("p3", floor.SendChat(text="yes?", to=CHAIR))
    assert read(desk, "p3") == read(desk, "p1") == read(desk, "desk") == ["psst", "yes?"]
    assert read(desk, "p2") == []


def test_private_words_of_others_do_not_reach_the_console():
    stage = Stage(snapshot([invitee(1, "chair"), invitee(2, "cohost"), invitee(3, "cohost")]))
    for number in (1, 2, 3):
        stage.join(number)
    stage.handle(events.ConsoleAttached, peer="desk", seat=CHAIR)
    stage.say("p2", floor.SendChat(text="between us", to=GUEST))
    assert read(stage, "desk") == []
    stage.handle(events.ConsoleAttached, peer="other", seat=CHAIR)
    assert stage.got("other", floor.ChatHistory) == []


def test_a_console_of_somebody_who_is_not_invited_writes_as_the_organiser(call_with_two):
    stage = call_with_two
    stage.handle(events.ConsoleAttached, peer="desk", seat="nobody's")
    stage.say("desk", floor.SendChat(text="hello"))
    written = stage.got("p3", floor.ChatReceived)[0].message
    assert (written.sender, written.sender_name) == ("", "Ida Holm")
    stage.say("p3", floor.SendChat(text="psst", to=CHAIR))
    assert read(stage, "desk") == ["hello"]


def test_the_console_is_told_what_was_written_before(call_with_two):
    stage = call_with_two
    stage.say("p3", floor.SendChat(text="all"))
    stage.say("p3", floor.SendChat(text="you", to=CHAIR))
    stage.handle(events.ConsoleAttached, peer="desk", seat=CHAIR)
    stage.handle(events.ConsoleAttached, peer="other")
    texts = [
        [message.text for piece in stage.got(peer, floor.ChatHistory) for message in piece.messages]
        for peer in ("desk", "other")
    ]
    assert texts == [["all", "you"], ["all"]]


def test_the_console_keeps_the_rules_of_the_chat(desk):
    assert codes(desk.say("desk", floor.SendChat(text="x", to=CHAIR))) == ["not_here"]
    assert codes(desk.say("desk", floor.SendChat(text="x", to=LATE))) == ["not_here"]
    assert codes(desk.say("desk", floor.SendChat(text="x" * 2001))) == ["chat_too_long"]
    for _ in range(10):
        assert codes(desk.say("desk", floor.SendChat(text="x"))) == []
    assert codes(desk.say("desk", floor.SendChat(text="x"))) == ["too_fast"]
    desk.drop("desk")
    desk.say("p3", floor.SendChat(text="gone?"))
    assert "gone?" not in read(desk, "desk")


def test_a_breakout_room_is_read_at_the_console_of_who_is_in_it(desk):
    groups = [breakouts.PlannedGroup(name="A", people=[GUEST])]
    desk.say("p1", breakouts.OpenBreakouts(groups=groups, minutes=10))
    desk.say("p3", floor.SendChat(text="among us"))
    assert read(desk, "desk") == read(desk, "p1") == []
    desk.say("desk", floor.SendChat(text="outside"))
    assert read(desk, "p3") == ["among us"]
    [group] = desk.got("p1", breakouts.BreakoutsChanged)[-1].breakouts.groups
    desk.say("p1", breakouts.MoveToGroup(participant=CHAIR, group=group.id))
    desk.say("p3", floor.SendChat(text="welcome"))
    assert read(desk, "desk") == ["outside", "welcome"]
