"""Whether somebody is at work, and which time zone stands for a group of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from projectdesk.domain.rules.pain import Hours
from projectdesk.domain.rules.zoned_time import zone_of

DAY_START, DAY_END = 9 * 60, 17 * 60
"""The working day of who has not said, in minutes since midnight."""


def is_at_work(local: datetime, work_from: int, work_to: int, *, free: bool) -> bool:
    """Return whether a local time lies in a working day.

    Args:
        local: naive local time.
        work_from: minutes since midnight, included.
        work_to: minutes since midnight, not included; before work_from where work spans midnight.
        free: whether the day that the work would be of is a weekend or a holiday: `day_of_work`.
    """
    return not free and Hours(work_from, work_to).holds(local.hour * 60 + local.minute)


def day_of_work(local: datetime, work_from: int, work_to: int) -> date:
    """Return the day whose work a local time belongs to: the day before, while its work goes on."""
    early = local.hour * 60 + local.minute < Hours(work_from, work_to).turn
    return local.date() - timedelta(days=early)


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
