"""Who is told which sizes of their camera anybody gets."""

from __future__ import annotations

from projectdesk.room import events
from projectdesk.signalling import call, sight
from projectdesk.signalling import media as wire
from tests.unit.room.conftest import Stage


def want(stage: Stage, number: int, *layers: str) -> None:
    event = wire.LayersWanted(participant=f"{number:032x}", source="video", layers=list(layers))
    stage.handle(events.MediaReported, event=event)


def told(stage: Stage, peer: str) -> list[list[str]]:
    return [message.layers for message in stage.got(peer, sight.LayersWanted)]


def test_a_publisher_is_told_what_the_media_server_wants_and_nobody_else_is(call_with_two):
    stage = call_with_two
    want(stage, 3, "q")
    want(stage, 3, "q", "f")
    want(stage, 9, "q")
    assert told(stage, "p3") == [["q"], ["q", "f"]]
    assert told(stage, "p1") == []


def test_what_is_repeated_for_a_new_connection_is_passed_on(call_with_two):
    stage = call_with_two
    want(stage, 3, "q", "h", "f")
    want(stage, 3, "q", "h", "f")
    assert told(stage, "p3") == [["q", "h", "f"]] * 2


def test_who_comes_back_with_the_same_connections_is_told_what_holds_now(call_with_two):
    stage = call_with_two
    want(stage, 3, "q")
    stage.drop("p3")
    want(stage, 3, "q", "h")
    stage.connect("s2", "again")
    kinds = [type(message) for message in stage.inbox["again"]]
    assert told(stage, "again") == [["q", "h"]]
    assert kinds.index(call.RoomState) < kinds.index(sight.LayersWanted)
    want(stage, 3, "q")
    assert told(stage, "again") == [["q", "h"], ["q"]]


def test_nothing_outlives_the_connections_it_was_about(call_with_two):
    stage = call_with_two
    stage.handle(events.MediaReady)
    want(stage, 1, "q")
    want(stage, 3, "q")
    stage.say("p3", call.Leave())
    stage.join(3, "again")
    assert told(stage, "again") == []
    stage.handle(events.MediaLost)
    stage.drop("p1")
    stage.connect("s1", "later")
    assert told(stage, "later") == []
