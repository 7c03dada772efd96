"""For how long each person speaks, as sums: nobody can read from them who spoke when.

The media server tells who is loudest (RFC 6464 levels). That alone decides; what interpreters say
is others' words and does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from projectdesk.signalling.journal import Spoken

EVERY: Final = timedelta(minutes=5)
"""How often the sums go into the journal: what a host that is killed loses of them at most."""


class Speaking:
    """The sums since they were written down last."""

    def __init__(self) -> None:
        self._speakers: dict[frozenset[str], str] = {}
        """Who speaks, by the circle of those who hear them; empty for that of all."""

        self._since: datetime | None = None
        self._seconds: dict[str, float] = {}
        self._written: datetime | None = None

    def note(self, speaker: str | None, at: datetime, among: Iterable[str] = ()) -> None:
        """Note who is loudest from `at` on; None = nobody.

        among: the circle of those who hear them (a breakout room), empty = of all. People are in
        one circle at most, so what was noted of another one with some of them is over.
        """
        self._settle(at)
        circle = frozenset(among)
        for known in list(self._speakers):
            if not circle or not known or not known.isdisjoint(circle):
                del self._speakers[known]
        if speaker is not None:
            self._speakers[circle] = speaker
        if speaker is not None and self._written is None:
            self._written = at

    def stay(self, here: Collection[str], at: datetime) -> None:
        """Note who is in the call: whoever went does not speak any more."""
        for circle, speaker in list(self._speakers.items()):
            if speaker not in here:
                self._settle(at)
                del self._speakers[circle]

    def heard(self, hears: Callable[[str], bool]) -> str | None:
        """Return who speaks now of those whom somebody hears; None = nobody."""
        return next((speaker for speaker in self._speakers.values() if hears(speaker)), None)

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
        self._written = at if self._speakers else None
        return spoken

    def _settle(self, at: datetime) -> None:
        """Add up to `at`; a clock that stepped back adds nothing."""
        if self._since is not None:
            passed = max((at - self._since).total_seconds(), 0.0)
            for speaker in self._speakers.values():
                self._seconds[speaker] = self._seconds.get(speaker, 0.0) + passed
        self._since = at
