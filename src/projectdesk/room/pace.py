"""How often somebody may do something: so many times within so long, by the room's own time."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

CHAT_BURST = 10
"""Messages (or reactions) that one person may send within `CHAT_PERIOD`."""
CHAT_PERIOD = timedelta(seconds=10)
WANT_BURST = 40
"""Times that one page may say anew what it shows within `CHAT_PERIOD`; a page says it at most
three times a second."""


class Pace:
    """Remembers the last times."""

    def __init__(self, times: int, period: timedelta) -> None:
        """Allow `times` within any `period`."""
        self._times: deque[datetime] = deque(maxlen=times)
        self._period = period

    def allows(self, now: datetime) -> bool:
        """Take one; False = it is too soon, and is not counted."""
        if len(self._times) == self._times.maxlen and now - self._times[0] < self._period:
            return False
        self._times.append(now)
        return True
