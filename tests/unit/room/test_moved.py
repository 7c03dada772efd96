"""A meeting that another host has from now on: what its links say here."""

from __future__ import annotations

from projectdesk.room import events
from projectdesk.room.room import Room


def test_a_room_that_another_host_has_says_so_until_it_is_back(call_with_two):
    stage = call_with_two
    stage.handle(events.RoomWithdrawn, moved=True)
    link = stage.plan.invitees[2].token_hash
    assert stage.room.find_link(link).code == "room_moved"
    again = Room(stage.room.id, stage.plan, stage.room.memory())
    assert again.find_link(link).code == "room_moved"
    stage.handle(events.SnapshotChanged, snapshot=stage.plan)
    assert stage.room.find_link(link).id == stage.plan.invitees[2].id
