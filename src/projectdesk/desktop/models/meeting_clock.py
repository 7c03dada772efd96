"""Times of day that are typed of a meeting: which instant is meant, and how one is written."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from projectdesk.desktop.models.entries import read_time
from projectdesk.domain.rules.attendance import Interval
from projectdesk.domain.rules.zoned_time import to_local, to_utc


def instant_of(at: time, zone: str, meeting: Interval) -> datetime:
    """Return the instant (UTC) that a time of day means in a meeting.

    Args:
        at: on the clock of `zone`.
        zone: IANA name.
        meeting: its start and end; over midnight the day is taken that is nearer.
    """
    first, last = (to_local(each, zone).date() for each in meeting)
    days = [first + timedelta(days=n) for n in range(-1, (last - first).days + 2)]
    found = [_at(day, at, zone) for day in days]
    return min(found, key=lambda each: _beyond(each, meeting))


def _at(day: date, at: time, zone: str) -> datetime:
    return to_utc(datetime.combine(day, at), zone).astimezone(UTC)


def _beyond(instant: datetime, meeting: Interval) -> timedelta:
    """Return how far an instant lies outside of a meeting."""
    return max(meeting[0] - instant, instant - meeting[1], timedelta())


def optional_instant_of(words: str, zone: str, meeting: Interval) -> datetime | None:
    """Return the instant that typed words mean, None for no words.

    Raises:
        NotAValue: it is no time of day.
    """
    return instant_of(read_time(words), zone, meeting) if words.strip() else None


def time_there(instant: datetime | None, zone: str) -> time | None:
    """Return the time of day of an instant, to the minute."""
    if instant is None:
        return None
    return instant.astimezone(ZoneInfo(zone)).time().replace(second=0, microsecond=0)
