"""When somebody in the call is given relays, and until when these are valid.

security.md: only after admission, until an hour after the meeting's end. A meeting that runs on is
given new ones in time, because a connection that is rebuilt needs a password that is valid then.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from projectdesk.room.commands import GiveRelays, RoomCommand, StartTimer
from projectdesk.room.timers import RelayRenewal

AFTER_END = timedelta(hours=1)
RENEWED_BEFORE = timedelta(minutes=10)
"""How long before their end relays are given anew."""


class RelayPasses:
    """Remembers when the earliest of what was given runs out."""

    def __init__(self) -> None:
        self._renewal: datetime | None = None

    def give(
        self, now: datetime, ends_at: datetime, peer: str, participant: str
    ) -> list[RoomCommand]:
        """Return what gives one person relays."""
        until = max(now, ends_at) + AFTER_END
        given: list[RoomCommand] = [GiveRelays(peer, participant, until)]
        if self._renewal is None:
            self._renewal = until - RENEWED_BEFORE
            given.append(StartTimer(RelayRenewal(), self._renewal))
        return given

    def renew(
        self, now: datetime, ends_at: datetime, people: Iterable[tuple[str, str]]
    ) -> list[RoomCommand]:
        """Return what gives everybody (peer, participant) new relays, as the timer asks."""
        self._renewal = None
        return [
            command
            for peer, participant in people
            for command in self.give(now, ends_at, peer, participant)
        ]
