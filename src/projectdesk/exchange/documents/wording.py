"""The words of documents: dates, times and zones as people write them.

English, independent of the machine's locale: a document is read by people of many countries, so
months are spelled out and every time names its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from projectdesk.domain.meetings import CallRole, InvitationAnswer, ItemKind
from projectdesk.domain.minutes import ActionStatus, MinutesState
from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.errors import DomainError

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

KIND = {
    ItemKind.INFORMATION: "Information",
    ItemKind.DISCUSSION: "Discussion",
    ItemKind.DECISION: "Decision",
    ItemKind.BREAK: "Break",
}
ROLE = {
    CallRole.CHAIR: "Chair",
    CallRole.COHOST: "Co-host",
    CallRole.PRESENTER: "Presenter",
    CallRole.PARTICIPANT: "Participant",
    CallRole.OBSERVER: "Observer",
    CallRole.INTERPRETER: "Interpreter",
}
ANSWER = {
    InvitationAnswer.NONE: "No answer yet",
    InvitationAnswer.ACCEPTED: "Accepted",
    InvitationAnswer.TENTATIVE: "Tentative",
    InvitationAnswer.DECLINED: "Declined",
}
STATUS = {
    ActionStatus.OPEN: "Open",
    ActionStatus.DONE: "Done",
    ActionStatus.DROPPED: "Dropped",
}
STATE = {
    MinutesState.DRAFT: "Draft",
    MinutesState.CIRCULATED: "Circulated",
    MinutesState.ACCEPTED: "Accepted",
}


def day(value: date) -> str:
    """Return "2 March 2026"."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def long_day(value: date) -> str:
    """Return "Monday 2 March 2026"."""
    return f"{_DAYS[value.weekday()]} {day(value)}"


def clock(value: datetime) -> str:
    """Return "09:05"."""
    return f"{value:%H:%M}"


def place(zone: str) -> str:
    """Return the city that names a zone: "Europe/Copenhagen" is "Copenhagen"."""
    return "UTC" if zone in {"UTC", "Etc/UTC"} else zone.rsplit("/", 1)[-1].replace("_", " ")


def span(start: datetime, minutes: int, zone: str) -> str:
    """Return "10:00 to 12:30 Copenhagen time" (with the day of the end if it is another)."""
    info = zone_of(zone)
    local = start.astimezone(info)
    end = (start + timedelta(minutes=minutes)).astimezone(info)
    tail = "" if end.date() == local.date() else f" on {day(end.date())}"
    return f"{clock(local)} to {clock(end)}{tail}, {place(zone)} time"


def elsewhere(start: datetime, zone: str, zones: Iterable[str]) -> tuple[str, ...]:
    """Return the start in the other zones, one text per distinct local time.

    "04:00 Boston", and "01:00 Seoul (3 March)" where the day differs. Zones with the same local
    time share a text: "10:00 Berlin, Copenhagen". Unknown names are left out.
    """
    home = start.astimezone(zone_of(zone))
    by_time: dict[datetime, list[str]] = {}
    for name in sorted(set(zones) - {zone}, key=place):
        local = _local(start, name)
        if local is not None and local != home.replace(tzinfo=None):
            by_time.setdefault(local, []).append(place(name))
    return tuple(
        f"{clock(local)} {', '.join(places)}"
        + ("" if local.date() == home.date() else f" ({day(local.date())})")
        for local, places in sorted(by_time.items())
    )


def _local(start: datetime, name: str) -> datetime | None:
    try:
        return start.astimezone(zone_of(name)).replace(tzinfo=None)
    except DomainError:  # an unknown zone of one invitee must not lose the document
        return None


def length(minutes: float) -> str:
    """Return "1 h 30 min", "45 min", "under 1 min"."""
    if 0 < minutes < 1:
        return "under 1 min"
    whole = round(minutes)
    hours, rest = divmod(whole, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def percent(share: float) -> str:
    """Return "93 %"."""
    return f"{round(share * 100)} %"


def stamp(now: datetime) -> str:
    """Return the instant as "24 November 2026, 08:15 UTC"."""
    utc = now.astimezone(UTC)
    return f"{day(utc.date())}, {clock(utc)} UTC"
