from __future__ import annotations

from datetime import UTC, datetime

import pytest

from projectdesk.desktop.call.room import LiveRoom
from projectdesk.desktop.call.size import size_words
from projectdesk.signalling import call
from projectdesk.signalling.sight import RoomLimits

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LIMITS = RoomLimits(capacity=25, everyone=12, cameras=5)


def room(count: int, limits: RoomLimits | None = LIMITS) -> LiveRoom:
    people = [
        call.Participant(
            id=f"{number:032x}",
            name="N",
            organisation="O",
            country="DK",
            role="participant",
            zone="UTC",
            since=NOW,
        )
        for number in range(count)
    ]
    state = call.RoomState(
        now=NOW,
        participants=people,
        lobby=[],
        clock=call.AgendaClock(at=NOW, started_at=None, current=None, items=[]),
        ends_at=NOW,
        limits=limits,
    )
    return LiveRoom().after(state, now=NOW)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (9, ""),
        (10, "From 13 people on, each sees at most 5 cameras"),
        (12, "From 13 people on"),
        (13, ""),
        (22, ""),
        (23, "Places left: 2."),
        (24, "Places left: 1."),
        (25, "The meeting is full with 25 people."),
    ],
)
def test_the_chair_is_told_before_each_limit(count, words):
    said = size_words(room(count))
    assert words in said
    assert bool(said) == bool(words)


def test_nothing_is_said_of_limits_that_nobody_told():
    assert size_words(room(25, None)) == ""
