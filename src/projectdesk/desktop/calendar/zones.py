"""A day's hours in two zones, and where the clocks are put forward or back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from projectdesk.domain.meetings import FoldRule
from projectdesk.domain.rules.zoned_time import to_local, to_utc, zone_of

_STEP = timedelta(minutes=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ClockChange:
    """Clocks are changed. begin, end: minutes of the day that are skipped, or that come twice."""

    begin: int
    end: int
    skipped: bool


@lru_cache(maxsize=256)
def hours_there(day: date, zone: str, other: str) -> tuple[datetime, ...]:
    """Return what the clocks of `other` show at each of the 24 full hours of a day in `zone`.

    An hour that comes twice is the first of both; one that is skipped is what it would have been.
    """
    midnight = datetime.combine(day, time.min)
    return tuple(
        to_local(to_utc(midnight + timedelta(hours=hour), zone, FoldRule.EARLIER), other)
        for hour in range(24)
    )


def ahead(day: date, hours: Sequence[datetime]) -> tuple[int, ...]:
    """Return by how many minutes the other zone is ahead at each hour of a day."""
    midnight = datetime.combine(day, time.min)
    return tuple(
        round((there - midnight).total_seconds() / 60) - hour * 60
        for hour, there in enumerate(hours)
    )


@lru_cache(maxsize=256)
def clock_change(day: date, zone: str) -> ClockChange | None:
    """Return how the clocks of a zone are changed on a day; None = they are not."""
    info = zone_of(zone)
    # A change at midnight belongs to the day that it begins.
    start = datetime.combine(day, time.min, info).astimezone(UTC) - _STEP
    end = datetime.combine(day + _DAY, time.min, info).astimezone(UTC) - _STEP
    before, after = (at.astimezone(info).utcoffset() for at in (start, end))
    if before is None or after is None or before == after:
        return None
    low, high = start, end
    while high - low > _STEP:  # the minute from which the new offset holds
        middle = low + (high - low) // 2
        same = middle.astimezone(info).utcoffset() == before
        low, high = (middle, high) if same else (low, middle)
    moment = high.replace(second=0, microsecond=0)
    old = (moment + before).replace(tzinfo=None)
    new = (moment + after).replace(tzinfo=None)
    skipped = new > old
    first, last = (old, new) if skipped else (new, old)
    midnight = datetime.combine(day, time.min)
    return ClockChange(_minutes(first - midnight), _minutes(last - midnight), skipped)


def _minutes(span: timedelta) -> int:
    return min(max(round(span.total_seconds() / 60), 0), 24 * 60)
