"""When a meeting was held: as its call measured it, or as people say of one without a call.

What people say holds, as with corrections of attendance (ADR 0089). It can only be said where
nobody was in a call of ours; a call that is held after all takes its place (`rules.course`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Protocol

from projectdesk.errors import DomainError

LONGEST: Final = timedelta(days=14)
"""Longest meeting that can be planned, and so be held."""
FROM: Final = "held_from"
UNTIL: Final = "held_until"


class Held(Protocol):
    """A meeting, or a row of one. All are UTC instants or None."""

    @property
    def opened_at(self) -> datetime | None:
        """When its room was opened."""

    @property
    def ended_at(self) -> datetime | None:
        """When its call ended."""

    @property
    def held_from(self) -> datetime | None:
        """When it began, as people say."""

    @property
    def held_until(self) -> datetime | None:
        """When it ended, as people say."""


def is_by_hand(meeting: Held) -> bool:
    """Return whether people said when a meeting was held."""
    return meeting.held_from is not None and meeting.held_until is not None


def began(meeting: Held) -> datetime | None:
    """Return when a meeting began, None while nobody knows."""
    return meeting.held_from if is_by_hand(meeting) else meeting.opened_at


def ended(meeting: Held) -> datetime | None:
    """Return when a meeting ended, None while nobody knows."""
    return meeting.held_until if is_by_hand(meeting) else meeting.ended_at


def check_said(start: datetime | None, end: datetime | None, *, called: bool) -> None:
    """Refuse times that a meeting cannot have been held at.

    Args:
        start: as said; both None = nothing is said.
        end: as said.
        called: somebody was in a call of this meeting.

    Raises:
        DomainError: `half_held`, `held_backwards`, `held_too_long`, `measured_by_call`; fact
            `field`.
    """
    if start is None and end is None:
        return
    if called:
        raise DomainError(
            "measured_by_call",
            "The call of this meeting measured when it began and ended. Who was there longer, or "
            "not, is said in its attendance.",
            field=FROM,
        )
    if start is None or end is None:
        raise DomainError(
            "half_held",
            "Say both when it began and when it ended.",
            field=UNTIL if end is None else FROM,
        )
    if end <= start:
        raise DomainError("held_backwards", "It cannot end before it begins.", field=UNTIL)
    if end - start > LONGEST:
        raise DomainError("held_too_long", "A meeting lasts two weeks at most.", field=UNTIL)


def check_over(end: datetime, now: datetime) -> None:
    """Refuse the end of a meeting that is still to come.

    Raises:
        DomainError: `still_to_come`; fact `field`.
    """
    if end > now:
        raise DomainError(
            "still_to_come", "This is still to come: say it after the meeting.", field=UNTIL
        )
