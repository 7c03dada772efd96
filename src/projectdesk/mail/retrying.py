"""How often, and for how long, a mail is tried that a server does not take now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

PAUSES: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120, 240))
"""How long a mail waits after the server said "later" once, twice, ...; then as the last."""
GIVE_UP: Final = timedelta(days=2)
"""A mail that was put off for so long is refused: who wrote it has to know."""


def next_try(attempts: int, due_at: datetime, now: datetime) -> datetime | None:
    """Return when a mail is tried again that was put off; None = it is given up.

    Args:
        attempts: how often it was tried, this time included.
        due_at: when it was to go out.
        now: UTC.
    """
    if attempts > len(PAUSES) and now - due_at > GIVE_UP:
        return None
    return now + PAUSES[min(attempts, len(PAUSES)) - 1]
