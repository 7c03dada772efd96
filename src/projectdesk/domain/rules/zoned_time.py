"""Planned times: a local time, its zone, and a rule for gaps and folds (decisions 10)."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from importlib import metadata
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from projectdesk.domain.meetings import FoldRule
from projectdesk.errors import DomainError


class Odd(StrEnum):
    """What is odd about a local time on a day when clocks change."""

    SKIPPED = "skipped"
    TWICE = "twice"


@cache
def zone_of(name: str) -> ZoneInfo:
    """Return the IANA zone `name`.

    Raises:
        DomainError: no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise DomainError(
            "unknown_zone",
            "“{zone}” is no time zone: expected an IANA name such as Europe/Lisbon.",
            zone=name,
        ) from error


def tzdata_version() -> str:
    """Return the version of the zone rules in use."""
    return metadata.version("tzdata")


def to_utc(local: datetime, zone: str, rule: FoldRule = FoldRule.EARLIER) -> datetime:
    """Return the UTC instant of a planned local time.

    A time that the zone has twice means the earlier or later of both by `rule`. A time that it
    skips is read with the distance from UTC of before the gap, as RFC 5545 section 3.3.5 wants it:
    clocks then show a time after the gap. By LATER it is read with the distance of after the gap,
    and clocks show a time before it. (That is `datetime.fold` of PEP 495.)

    Args:
        local: naive local time.
        zone: IANA name.
        rule: what a fold or gap means.

    Raises:
        DomainError: the zone is unknown.
        ValueError: `local` has a zone of its own.
    """
    if local.tzinfo is not None:
        raise ValueError("a planned time is naive; its zone is beside it")
    info = zone_of(zone)
    fold = 0 if rule is FoldRule.EARLIER else 1
    return local.replace(tzinfo=info, fold=fold).astimezone(UTC)


def to_local(instant: datetime, zone: str) -> datetime:
    """Return the naive local time of a UTC instant in `zone`."""
    if instant.tzinfo is None:
        raise ValueError("an instant has a zone")
    return instant.astimezone(zone_of(zone)).replace(tzinfo=None)


def shown(local: datetime, zone: str, rule: FoldRule = FoldRule.EARLIER) -> datetime:
    """Return what clocks show at a planned local time: another time only where it is skipped.

    Raises:
        DomainError: the zone is unknown.
    """
    return to_local(to_utc(local, zone, rule), zone)


def oddity(local: datetime, zone: str) -> Odd | None:
    """Return whether a zone skips a local time, or has it twice; None = it has it once.

    Raises:
        DomainError: the zone is unknown.
    """
    if shown(local, zone) != local:
        return Odd.SKIPPED
    twice = to_utc(local, zone) != to_utc(local, zone, FoldRule.LATER)
    return Odd.TWICE if twice else None
