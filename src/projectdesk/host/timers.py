"""Timers of a room by the wall clock: right also after the computer slept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from projectdesk.room.timers import Timer

_LONGEST_NAP_S = 30.0
"""The loop's clock stands still while a computer sleeps, so the wall clock is asked this often."""


class Timers:
    """Fires each timer once, when the wall clock has reached its instant."""

    def __init__(self, clock: Callable[[], datetime], fire: Callable[[Timer], None]) -> None:
        self._clock = clock
        self._fire = fire
        self._naps: dict[Timer, asyncio.TimerHandle] = {}

    def start(self, timer: Timer, due: datetime) -> None:
        """Start a timer, or start it anew."""
        self.cancel(timer)
        wait = (due - self._clock()).total_seconds()
        nap = min(max(wait, 0.0), _LONGEST_NAP_S)
        loop = asyncio.get_running_loop()
        self._naps[timer] = loop.call_later(nap, self._wake, timer, due)

    def cancel(self, timer: Timer) -> None:
        """Forget a timer, if there is one."""
        if (nap := self._naps.pop(timer, None)) is not None:
            nap.cancel()

    def cancel_all(self) -> None:
        """Forget every timer."""
        for timer in list(self._naps):
            self.cancel(timer)

    def _wake(self, timer: Timer, due: datetime) -> None:
        del self._naps[timer]
        if self._clock() >= due:
            self._fire(timer)
        else:
            self.start(timer, due)
