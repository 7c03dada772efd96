"""For how long each person speaks, as sums: nobody can read from them who spoke when.

The media server tells who is loudest (RFC 6464 levels). That alone decides; what interpreters say
is others' words and does not count.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from projectdesk.signalling.journal import Spoken

EVERY: Final = timedelta(minutes=5)
"""How often the sums go into the journal: what a host that is killed loses of them at most."""


class Speaking:
    """The sums since they were written down last."""

    def __init__(self) -> None:
        self._speaker: str | None = None
        self._since: datetime | None = None
        self._seconds: dict[str, float] = {}
        self._written: datetime | None = None

    def note(self, speaker: str | None, at: datetime) -> None:
        """Note who is loudest from `at` on; None = nobody."""
        self._settle(at)
        self._speaker, self._since = speaker, at
        if speaker is not None and self._written is None:
            self._written = at

    def stay(self, here: Collection[str], at: datetime) -> None:
        """Note who is in the call: whoever went does not speak any more."""
        if self._speaker is not None and self._speaker not in here:
            self.note(None, at)

    def due(self, at: datetime) -> list[Spoken]:
        """Return the sums when it is time to write them down, else none."""
        if self._written is None or at - self._written < EVERY:
            return []
        return self.take(at)

    def take(self, at: datetime) -> list[Spoken]:
        """Return the sums up to `at` and begin anew."""
        self._settle(at)
        spoken = [
            Spoken(invitation=person, seconds=round(seconds, 1))
            for person, seconds in self._seconds.items()
            if seconds >= 0.1
        ]
        self._seconds.clear()
        self._written = at if self._speaker is not None else None
        return spoken

    def _settle(self, at: datetime) -> None:
        """Add up to `at`; a clock that stepped back adds nothing."""
        if self._speaker is not None and self._since is not None:
            passed = max((at - self._since).total_seconds(), 0.0)
            self._seconds[self._speaker] = self._seconds.get(self._speaker, 0.0) + passed
        self._since = at
