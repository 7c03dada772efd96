"""Attendance: the union of the intervals in which somebody was connected (terms.md, Minutes)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

Interval = tuple[datetime, datetime]
"""From and to, UTC instants, from <= to."""


@dataclass(frozen=True)
class Presence:
    """How long somebody was there. `share` is of the meeting's time, 0..1."""

    first_in: datetime
    last_out: datetime
    time: timedelta
    share: float
    intervals: tuple[Interval, ...]


def union(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the intervals merged where they touch or overlap, in order of time."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def presence(intervals: Iterable[Interval], meeting: Interval) -> Presence | None:
    """Return how long somebody was there, or None if never.

    The share counts only time within the meeting; first in and last out are as measured.
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
    return Presence(merged[0][0], merged[-1][1], time, share, merged)
