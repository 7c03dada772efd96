"""Planned times: a local time, its zone, and a rule for gaps and folds (decisions 10)."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from projectdesk.domain.meetings import FoldRule
from projectdesk.errors import DomainError


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
    skips is moved by the length of the gap: by EARLIER before it, by LATER after it.

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
    first = local.replace(tzinfo=info, fold=0).astimezone(UTC)
    second = local.replace(tzinfo=info, fold=1).astimezone(UTC)
    return min(first, second) if rule is FoldRule.EARLIER else max(first, second)


def to_local(instant: datetime, zone: str) -> datetime:
    """Return the naive local time of a UTC instant in `zone`."""
    if instant.tzinfo is None:
        raise ValueError("an instant has a zone")
    return instant.astimezone(zone_of(zone)).replace(tzinfo=None)
