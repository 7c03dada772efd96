"""How much of something a peer may make us do, by the second."""

from __future__ import annotations


class Allowance:
    """A bucket that fills steadily: what is taken faster than it fills is refused."""

    __slots__ = ("_burst", "_filled_at", "_left", "_rate")

    def __init__(self, rate: float, burst: float) -> None:
        """Start full.

        Args:
            rate: units per second.
            burst: units that a peer who was quiet may take at once.
        """
        self._rate = rate
        self._burst = self._left = burst
        self._filled_at = float("-inf")

    def take(self, now: float, units: float = 1.0) -> bool:
        """Take `units` at `now` (seconds); return whether there were as many."""
        passed = max(0.0, now - self._filled_at)
        self._left = min(self._burst, self._left + passed * self._rate)
        self._filled_at = now
        if self._left < units:
            return False
        self._left -= units
        return True
