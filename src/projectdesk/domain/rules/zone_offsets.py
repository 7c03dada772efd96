"""The stretches of time in which the clocks of a zone keep one distance from UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from projectdesk.domain.rules.zoned_time import zone_of

_LOOK: Final = timedelta(hours=6)
"""Clocks are looked at so often; no zone changed them twice within that."""
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Stretch:
    """Clocks show UTC plus `offset` minutes, from `first` until before `last`.

    first, last: minutes from the start that was asked for.
    """

    first: int
    last: int
    offset: int


def stretches(zone: str, start: datetime, minutes: int) -> list[Stretch]:
    """Return the stretches of a zone over a time, without gaps.

    Gaps and folds of its clocks are where one stretch follows another: within each, local time
    runs on evenly.

    Args:
        zone: IANA name.
        start: UTC instant, a whole minute.
        minutes: how long.

    Raises:
        DomainError: the zone is unknown.
    """
    found: list[Stretch] = []
    end = start + minutes * _MINUTE
    at, offset = start, offset_minutes(zone, start)
    first = 0
    while at < end:
        later = min(at + _LOOK, end)
        changed = offset_minutes(zone, later)
        if changed != offset:
            turn = _turn(zone, at, later, offset)
            found.append(Stretch(first, (turn - start) // _MINUTE, offset))
            first, offset = found[-1].last, offset_minutes(zone, turn)
            at = turn
        else:
            at = later
    if first < minutes:
        found.append(Stretch(first, minutes, offset))
    return found


def offset_minutes(zone: str, at: datetime) -> int:
    """Return how far a zone's clocks are from UTC at an instant, in whole minutes."""
    found = at.astimezone(zone_of(zone)).utcoffset()
    return 0 if found is None else int(found.total_seconds() // 60)


def _turn(zone: str, early: datetime, late: datetime, offset: int) -> datetime:
    """Return the first minute after `early` in which the clocks are not at `offset`."""
    low, high = 0, (late - early) // _MINUTE
    while high - low > 1:
        middle = (low + high) // 2
        if offset_minutes(zone, early + middle * _MINUTE) == offset:
            low = middle
        else:
            high = middle
    return early + high * _MINUTE


def utc_minute(at: datetime) -> int:
    """Return an instant as minutes since the year 1; the minute that it lies in."""
    utc = at.astimezone(UTC)
    return utc.toordinal() * 24 * 60 + utc.hour * 60 + utc.minute
