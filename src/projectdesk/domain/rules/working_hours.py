"""Whether somebody is at work, and which time zone stands for a group of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from projectdesk.domain.rules.zoned_time import zone_of

DAY_START, DAY_END = 9 * 60, 17 * 60
"""The working day of who has not said, in minutes since midnight."""


def is_at_work(local: datetime, work_from: int, work_to: int, *, free: bool) -> bool:
    """Return whether a local time lies in a working day.

    Args:
        local: naive local time.
        work_from: minutes since midnight, included.
        work_to: minutes since midnight, not included.
        free: whether the day is a weekend or a holiday.
    """
    minute = local.hour * 60 + local.minute
    return not free and work_from <= minute < work_to


def common_zone(zones: Iterable[str]) -> str:
    """Return the zone that most have, the first by name among equals; "" without any."""
    counted = Counter(zone for zone in zones if zone)
    return min(counted, key=lambda zone: (-counted[zone], zone), default="")


def differing_zones(zones: Iterable[str], from_zone: str, at: datetime) -> tuple[str, ...]:
    """Return those of the zones whose clocks show another time than `from_zone`'s, by name."""
    here = at.astimezone(zone_of(from_zone)).utcoffset()
    others = {zone for zone in zones if zone}
    return tuple(
        sorted(zone for zone in others if at.astimezone(zone_of(zone)).utcoffset() != here)
    )
