"""When reminders of a meeting go out, which one replaces which, and which one is late.

A reminder is planned by minutes before the start, so it follows a meeting that moves. Of several
that are overdue only the last one goes out: nobody needs "in 7 days" and "tomorrow" at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

USUAL_MINUTES: Final = (7 * 24 * 60, 24 * 60, 60)
"""How long before a meeting people are usually reminded."""
CHOICES: Final = (14 * 24 * 60, 7 * 24 * 60, 3 * 24 * 60, 24 * 60, 4 * 60, 60, 15)
"""What is offered."""
LATE_AFTER: Final = timedelta(minutes=15)
"""A reminder that goes out later than this says that it is late."""


class ReminderState(StrEnum):
    """Where one reminder stands.

    PLANNED: its time is to come. DUE: it goes out now. LATE: it should have gone out. SENT. PASSED:
    a later one took its place, or the meeting has begun.
    """

    PLANNED = "planned"
    DUE = "due"
    LATE = "late"
    SENT = "sent"
    PASSED = "passed"


@dataclass(frozen=True)
class PlannedReminder:
    """One reminder. due_at: UTC."""

    minutes_before: int
    due_at: datetime
    state: ReminderState


def reminder_states(
    starts_at: datetime,
    reminders: Sequence[tuple[int, datetime | None]],
    now: datetime,
    *,
    ahead: bool = True,
) -> list[PlannedReminder]:
    """Return where the reminders of a meeting stand, in the order in which they were given.

    One that went out for an earlier date of the meeting is planned again: what was sent before it
    is due was sent for another date.

    Args:
        starts_at: of the meeting, UTC.
        reminders: minutes before the start, and when it was sent (None = not yet).
        now: UTC.
        ahead: the meeting is still to take place; False = it is cancelled, live or was held.
    """
    due = [(starts_at - timedelta(minutes=minutes), sent) for minutes, sent in reminders]
    open_ones = [at for at, sent in due if at <= now and not _is_sent(at, sent)]
    last = max([at for at, _ in due if at <= now], default=None)
    over = not ahead or now >= starts_at
    found = []
    for (minutes, sent), (at, _) in zip(reminders, due, strict=True):
        if _is_sent(at, sent):
            state = ReminderState.SENT
        elif over or (at in open_ones and at != last):
            state = ReminderState.PASSED
        elif at > now:
            state = ReminderState.PLANNED
        else:
            state = ReminderState.LATE if now - at > LATE_AFTER else ReminderState.DUE
        found.append(PlannedReminder(minutes, at, state))
    return found


def _is_sent(due_at: datetime, sent_at: datetime | None) -> bool:
    return sent_at is not None and sent_at >= due_at
