"""When a room lets people in."""

from __future__ import annotations

from datetime import timedelta

from tests.unit.room.conftest import START


def test_a_chair_begins_before_time_and_then_the_others_may_come(stage):
    chair, guest = stage.plan.invitees[0], stage.plan.invitees[2]
    assert chair.role == "chair"
    early = START - timedelta(days=14)
    assert stage.room.look(guest, early).state == "early"
    assert stage.room.look(chair, early).state == "open"
    assert stage.room.refusal_to_join(chair, early, move=False) is None
    stage.join(1)
    assert stage.room.look(guest, early).state == "open"
    assert stage.room.refusal_to_join(guest, early, move=False) is None
