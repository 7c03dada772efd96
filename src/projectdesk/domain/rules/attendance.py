"""Attendance: who was there, as measured and as people say it was (terms.md, Minutes).

What was measured is the union of the intervals in which somebody was connected. What a person says
afterwards ("was there until the end, by telephone") is kept beside it, and both give the effective
presence, of which everything else is reckoned: shares, partners, the quorum.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

Interval = tuple[datetime, datetime]
"""From and to, UTC instants, from <= to."""

PUNCTUAL: timedelta = timedelta(minutes=1)
"""Nobody is late, or goes early, by less than this."""


class AttendanceStatus(StrEnum):
    """Whether somebody was there. EXCUSED: said before that they would not be.

    REPRESENTED: a partner of which nobody was there, and a proxy of it was.
    """

    PRESENT = "present"
    REPRESENTED = "represented"
    EXCUSED = "excused"
    ABSENT = "absent"


@dataclass(frozen=True)
class Presence:
    """How long somebody was there. `share` is of the meeting's time, 0..1.

    late, early: by how much they came after its start and went before its end; zero below
    `PUNCTUAL`.
    """

    first_in: datetime
    last_out: datetime
    time: timedelta
    share: float
    intervals: tuple[Interval, ...]
    late: timedelta = timedelta()
    early: timedelta = timedelta()


@dataclass(frozen=True)
class Said:
    """What somebody said of a presence: that it was, or was not, in a stretch.

    said_at: when; of two that contradict each other, the later one holds.
    """

    present: bool
    stretch: Interval
    said_at: datetime


def union(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the intervals merged where they touch or overlap, in order of time."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def within(intervals: Iterable[Interval], bounds: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the parts of the intervals that lie in any of the bounds, merged."""
    frames = union(bounds)
    return union(
        (max(start, lower), min(end, upper))
        for start, end in union(intervals)
        for lower, upper in frames
        if max(start, lower) < min(end, upper)
    )


def without(intervals: Iterable[Interval], taken: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the intervals less what is taken out of them, merged; no instant is left of zero."""
    left = list(union(intervals))
    for lower, upper in union(taken):
        left = [
            part
            for start, end in left
            for part in ((start, min(end, lower)), (max(start, upper), end))
            if part[0] < part[1]
        ]
    return union(left)


def corrected(measured: Iterable[Interval], said: Iterable[Said]) -> tuple[Interval, ...]:
    """Return the effective presence: what was measured, as people corrected it.

    The order in which corrections are given does not matter, and saying one twice changes nothing.
    """
    there = union(measured)
    for each in sorted(said, key=lambda one: (one.said_at, one.stretch, one.present)):
        if each.present:
            there = union((*there, each.stretch))
        else:
            there = without(there, (each.stretch,))
    return there


def presence(intervals: Iterable[Interval], meeting: Interval) -> Presence | None:
    """Return how long somebody was there, or None if never.

    The share, late and early count only time within the meeting; first in and last out are as
    measured.
    """
    merged = union(intervals)
    if not merged:
        return None
    time = sum((end - start for start, end in merged), timedelta())
    inside = sum(
        (max(min(end, meeting[1]) - max(start, meeting[0]), timedelta()) for start, end in merged),
        timedelta(),
    )
    whole = meeting[1] - meeting[0]
    share = inside / whole if whole > timedelta() else 0.0
    first, last = merged[0][0], merged[-1][1]
    return Presence(
        first,
        last,
        time,
        share,
        merged,
        late=_noticed(min(first, meeting[1]) - meeting[0]),
        early=_noticed(meeting[1] - max(last, meeting[0])),
    )


def accompanied(
    host: Iterable[Interval], start: datetime | None, end: datetime | None
) -> tuple[Interval, ...]:
    """Return the presence of somebody in the room behind another's camera.

    Args:
        host: effective presence of the invitee whose camera it is.
        start: from when, None = as soon as the invitee was.
        end: until when, None = as long as the invitee was.

    A stretch that is said with both its ends is believed as it is; an open end follows the invitee.
    """
    there = union(host)
    if start is not None and end is not None:
        return union([(start, max(start, end))])
    if start is not None:
        return within(there, [(start, max(start, there[-1][1]))]) if there else ()
    if end is not None:
        return within(there, [(min(end, there[0][0]), end)]) if there else ()
    return there


def _noticed(missed: timedelta) -> timedelta:
    return missed if missed >= PUNCTUAL else timedelta()


class CorrectionFault(StrEnum):
    """Why a correction says nothing that can be.

    BACKWARDS: it ends before it begins. OUTSIDE: it reaches beyond the meeting. OVERLAP: another
    correction of the same person is about a part of the same time.
    """

    BACKWARDS = "backwards"
    OUTSIDE = "outside"
    OVERLAP = "overlap"


def correction_fault(
    stretch: Interval, meeting: Interval, others: Iterable[Interval]
) -> CorrectionFault | None:
    """Return why a correction cannot be, or None.

    Args:
        stretch: that it is about.
        meeting: from when to when anybody can have been there.
        others: stretches of the other corrections of the same person.
    """
    start, end = stretch
    if end <= start:
        return CorrectionFault.BACKWARDS
    if start < meeting[0] or end > meeting[1]:
        return CorrectionFault.OUTSIDE
    if any(max(start, lower) < min(end, upper) for lower, upper in others):
        return CorrectionFault.OVERLAP
    return None
