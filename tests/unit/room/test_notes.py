"""The minutes as those in the call read them."""

from __future__ import annotations

from projectdesk.room import events
from projectdesk.signalling import call, notes
from tests.unit.room.conftest import Stage


def written(text: str, item: str = "a") -> notes.WriteNotes:
    return notes.WriteNotes(notes=notes.ItemNotes(item=item, text=text, decisions=["Yes."]))


def read(stage: Stage, peer: str) -> dict[str, str]:
    """Return what a page shows by all that it was told."""
    shown: dict[str, str] = {}
    for message in stage.inbox[peer]:
        match message:
            case notes.NotesShown(notes=told):
                shown[told.item] = told.text
            case notes.NotesShared(shared=False):
                shown.clear()
    return shown


def desk(stage: Stage) -> Stage:
    stage.handle(events.ConsoleAttached, peer="desk")
    return stage


def codes(messages) -> list[str]:
    return [message.code for message in messages if isinstance(message, call.Problem)]


def test_everybody_in_the_call_reads_what_was_written_last(call_with_two):
    stage = desk(call_with_two)
    stage.join(4)
    stage.say("desk", written("- on"))
    stage.say("desk", written("- one\n- t\u202ewo\u0000"))
    assert read(stage, "p3") == {"a": "- one\n- two"}
    assert stage.got("p3", notes.NotesShown)[-1].notes.decisions == ["Yes."]
    assert read(stage, "p4") == {}  # waits in the lobby
    stage.say("p1", call.Admit())
    assert read(stage, "p4") == {"a": "- one\n- two"}
    assert not stage.got("desk", notes.NotesShown)


def test_notes_stay_when_the_desktop_is_gone_and_go_with_the_meeting(call_with_two):
    stage = desk(call_with_two)
    stage.say("desk", written("kept"))
    stage.drop("desk")
    stage.join(2)
    stage.say("p1", call.Admit())
    assert read(stage, "p2") == {"a": "kept"}
    stage.say("p1", call.EndMeeting())
    assert list(stage.room._meeting.noticeboard.readable()) == []


def test_the_chair_closes_the_minutes_and_opens_them_again(call_with_two):
    stage = desk(call_with_two)
    stage.say("desk", written("first"))
    stage.say("p1", notes.ShareNotes(shared=False))
    assert stage.got("desk", notes.NotesShared)[-1].shared is False
    stage.say("desk", written("second"))
    assert read(stage, "p3") == {}
    stage.join(2)
    stage.say("p1", call.Admit())
    assert read(stage, "p2") == {}
    assert stage.got("p2", call.RoomState)[-1].notes_shared is False
    stage.say("p1", notes.ShareNotes(shared=True))
    assert read(stage, "p3") == read(stage, "p2") == {"a": "second"}


def test_only_who_leads_writes_and_only_of_the_agenda(call_with_two):
    stage = desk(call_with_two)
    assert codes(stage.say("p3", written("mine"))) == ["not_allowed"]
    assert codes(stage.say("p3", notes.ShareNotes(shared=False))) == ["not_allowed"]
    assert codes(stage.say("desk", written("x", item="zz"))) == ["unknown_item"]
    assert read(stage, "p1") == {}


def test_a_changed_plan_does_not_take_the_notes_away(call_with_two):
    stage = desk(call_with_two)
    stage.say("desk", written("kept"))
    del stage.inbox["p3"][:]
    stage.handle(events.SnapshotChanged, snapshot=stage.plan)
    assert stage.got("p3", call.RoomState)
    assert read(stage, "p3") == {"a": "kept"}
