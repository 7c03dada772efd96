"""Who is speaking, from the audio levels that browsers send with each packet (RFC 6464)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

_AUDIBLE = 127 - 50
"""Loudness (127 minus -dBov) above which a voice counts: -50 dBov."""

_LEAD = 6
"""Decibels by which another must be louder to take over."""

_PATIENCE_S = 0.6
"""A challenger must lead this long; a cough does not move the picture."""

_SILENCE_S = 3.0
"""Nobody speaks after this long without an audible voice."""


class SpeakerWatch:
    """Picks the speaker; smooth, so that the picture does not jump."""

    def __init__(self) -> None:
        """Start in silence."""
        self.current: str | None = None
        self._challenger: str | None = None
        self._since = 0.0
        self._heard_at = float("-inf")

    def observe(self, loudness: Mapping[str, float], now: float) -> bool:
        """Take the present loudness of each participant; return whether the speaker changed.

        Args:
            loudness: 0 (silence) to 127 (loudest) per participant.
            now: seconds.
        """
        before = self.current
        if self.current is not None and loudness.get(self.current, 0.0) >= _AUDIBLE:
            self._heard_at = now
        elif now - self._heard_at >= _SILENCE_S:
            self.current = None
        best = max(loudness, key=lambda one: loudness[one], default=None)
        bar = max(_AUDIBLE, loudness.get(self.current or "", 0.0) + _LEAD)
        if best is None or best == self.current or loudness[best] < bar:
            self._challenger = None
        elif best != self._challenger:
            self._challenger, self._since = best, now
        elif now - self._since >= _PATIENCE_S:
            self.current, self._heard_at, self._challenger = best, now, None
        return self.current != before


_News = tuple[list[str], str | None]
"""A circle, by the names of its people (empty = all), and who speaks in it."""


class CircleSpeakers:
    """Picks the speaker of each circle of people who hear each other.

    In breakout rooms several speak at the same time, and none of them to all. An interpreter talks
    while the floor does, and is in no circle.
    """

    def __init__(self) -> None:
        """Start with one circle of all."""
        self._circles: list[tuple[frozenset[str] | None, SpeakerWatch]] = [(None, SpeakerWatch())]

    def divide(self, circles: Iterable[Collection[str]] | None) -> list[_News]:
        """Take other circles (None = one of all); return each with who speaks in it.

        Who speaks goes on to, wherever they are now.
        """
        speaking = [watch for _, watch in self._circles if watch.current is not None]
        self._circles = []
        for members in [None] if circles is None else map(frozenset, circles):
            going_on = (one for one in speaking if members is None or one.current in members)
            self._circles.append((members, next(going_on, None) or SpeakerWatch()))
        return [(sorted(members or ()), watch.current) for members, watch in self._circles]

    def observe(self, loudness: Mapping[str, float], now: float) -> list[_News]:
        """Take the present loudness; return the circles whose speaker changed, and who it is.

        Args:
            loudness: 0 (silence) to 127 (loudest) per participant.
            now: seconds.
        """
        changed = []
        for members, watch in self._circles:
            own = loudness
            if members is not None:
                own = {name: level for name, level in loudness.items() if name in members}
            if watch.observe(own, now):
                changed.append((sorted(members or ()), watch.current))
        return changed


_HANGOVER_S = 0.8
"""A voice keeps its place this long after its last audible packet: longer than the pause between
two words of a sentence."""


class VoiceGate:
    """Picks the voices that are forwarded: the few that were audible last, and some always.

    A voice opens with its first audible packet, and that packet is forwarded already. It keeps its
    place until another needs it: so as long as no more than `loudest` people are audible within
    the hangover, no word of any of them is cut.
    """

    def __init__(self) -> None:
        """Start with everybody heard."""
        self._loudest: int | None = None
        self._always: frozenset[str] = frozenset()
        self._audible_at: dict[str, float] = {}
        """When each of the open voices, and of those always heard, was last audible."""
        self._average: dict[str, float] = {}
        """How loud each was then; a pause does not make a voice quiet."""

    def limit(self, loudest: int | None, always: Collection[str]) -> None:
        """Hear at most `loudest` voices (None = all) besides those of `always`."""
        self._loudest, self._always = loudest, frozenset(always)
        if loudest is None:
            self._audible_at.clear()
            return
        others = [name for name in self._audible_at if name not in self._always]
        others.sort(key=self._audible_at.__getitem__, reverse=True)
        for name in others[loudest:]:  # who was heard always, and now is one of many
            self._close(name)

    def is_open(self, name: str) -> bool:
        """Tell whether a voice is forwarded."""
        return self._loudest is None or name in self._always or name in self._audible_at

    def hear(self, name: str, loudness: float, average: float, now: float) -> bool:
        """Take one packet's loudness; return whether other voices are open than before.

        Args:
            name: whose.
            loudness: of the packet, 0 (silence) to 127 (loudest).
            average: of the last quarter of a second.
            now: seconds.
        """
        if self._loudest is None or loudness < _AUDIBLE:
            return False
        if name in self._audible_at or name in self._always:
            self._audible_at[name], self._average[name] = now, average
            return False
        holders = [one for one in self._audible_at if one not in self._always]
        if len(holders) >= self._loudest:
            gives_way = self._find_weakest(holders, average, now)
            if gives_way is None:
                return False
            self._close(gives_way)
        self._audible_at[name], self._average[name] = now, average
        return True

    def forget(self, name: str) -> None:
        """Close a voice: its person was silenced, or went."""
        self._close(name)

    def _find_weakest(self, holders: list[str], average: float, now: float) -> str | None:
        """Return who gives way: who fell silent first, or else is clearly quieter."""
        silent = min(holders, key=self._audible_at.__getitem__)
        if now - self._audible_at[silent] >= _HANGOVER_S:
            return silent
        quietest = min(holders, key=self._average.__getitem__)
        return quietest if average >= self._average[quietest] + _LEAD else None

    def _close(self, name: str) -> None:
        self._audible_at.pop(name, None)
        self._average.pop(name, None)
