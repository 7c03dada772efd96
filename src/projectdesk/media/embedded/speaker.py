"""Who is speaking, from the audio levels that browsers send with each packet (RFC 6464)."""

from __future__ import annotations

from collections.abc import Mapping

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
