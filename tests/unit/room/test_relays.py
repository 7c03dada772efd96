"""Who is given relays, when, and until when (security.md, TURN)."""

from __future__ import annotations

from datetime import timedelta

from projectdesk.room import commands, events
from projectdesk.signalling import call


def test_nobody_is_given_relays_before_they_are_let_in(stage):
    stage.join(1)
    stage.relays.clear()
    stage.join(3)
    assert stage.relays == []
    stage.say("p1", call.Admit())
    assert [(given.peer, given.participant) for given in stage.relays] == [("p3", f"{3:032x}")]


def test_relays_come_before_the_state_upon_which_the_page_connects(stage):
    session = stage.pass_(1)
    out = stage.handle(events.Connected, peer="p1", session=session)
    kinds = [
        type(command.message) if isinstance(command, commands.Send) else type(command)
        for command in out
    ]
    assert kinds.index(commands.GiveRelays) < kinds.index(call.RoomState)


def test_relays_are_valid_until_an_hour_after_the_end(stage):
    stage.join(1)
    snapshot = stage.room.snapshot
    ends_at = snapshot.starts_at + timedelta(minutes=snapshot.duration_minutes)
    assert [given.until for given in stage.relays] == [ends_at + timedelta(hours=1)]


def test_who_comes_back_is_given_relays_again(stage):
    session = stage.join(1)
    stage.drop("p1")
    stage.connect(session, "p1b")
    assert [given.peer for given in stage.relays] == ["p1", "p1b"]


def test_a_meeting_that_runs_on_gets_new_relays_before_the_old_run_out(call_with_two):
    stage = call_with_two
    first = stage.relays[0].until
    stage.relays.clear()
    stage.wait(seconds=(first - stage.now).total_seconds() - 1)
    assert sorted(given.peer for given in stage.relays) == ["p1", "p3"]
    assert all(given.until > first for given in stage.relays)
    second = stage.relays[0].until
    stage.relays.clear()
    stage.wait(seconds=(second - stage.now).total_seconds() - 1)
    assert sorted(given.peer for given in stage.relays) == ["p1", "p3"]


def test_the_console_is_given_none(stage):
    stage.handle(events.ConsoleAttached, peer="desk")
    assert stage.relays == []
