"""What is published in a room, and where on the node it is found."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from projectdesk.signalling.media import FeedSource

_NUMBERS = 1 << 53
"""Janus' JSON numbers are integers of 64 bits; 53 of them survive every JSON reader."""


def make_number() -> int:
    """Return a random number for a room or publisher, which the node cannot have yet."""
    return secrets.randbelow(_NUMBERS - 1) + 1


@dataclass(frozen=True, slots=True)
class RoomAccess:
    """What opens a room on its node; random, known to us and the node only."""

    number: int
    secret: str
    pin: str


@dataclass(slots=True)
class Feed:
    """One audio, video or screen of one participant.

    It outlives the publisher handle: a participant who builds a new connection publishes the same
    feed on another one, as `publisher` and `mid` then say.
    """

    participant: str
    source: FeedSource
    publisher: int
    mid: str
    started: bool = False
    """Its first packet has come."""

    flows: bool = False
    """A packet has come within the last second."""

    muted: bool = False

    @property
    def place(self) -> tuple[int, str]:
        """Publisher and m-line of it on the node."""
        return (self.publisher, self.mid)
