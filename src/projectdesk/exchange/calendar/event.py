"""What a calendar object says, whoever wrote it: events, who is invited, busy times (RFC 5545).

A time is planned: a naive local time with its zone (decisions 10). A whole day is a date and never
an instant. `writer` writes these values, `reader` reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.exchange.findings import Finding


class Method(StrEnum):
    """What a calendar object is sent for (iTIP, RFC 5546 section 1.4). NONE: a plain file."""

    NONE = ""
    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    REPLY = "REPLY"
    ADD = "ADD"
    CANCEL = "CANCEL"
    REFRESH = "REFRESH"
    COUNTER = "COUNTER"
    DECLINECOUNTER = "DECLINECOUNTER"


class EventStatus(StrEnum):
    """STATUS of an event (RFC 5545 section 3.8.1.11). NONE: not said."""

    NONE = ""
    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


class Role(StrEnum):
    """ROLE of an attendee (RFC 5545 section 3.2.16)."""

    CHAIR = "CHAIR"
    REQUIRED = "REQ-PARTICIPANT"
    OPTIONAL = "OPT-PARTICIPANT"
    INFORMED = "NON-PARTICIPANT"


class PartStat(StrEnum):
    """PARTSTAT: what an attendee answered (RFC 5545 section 3.2.12)."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"
    DELEGATED = "DELEGATED"


class BusyKind(StrEnum):
    """How sure it is that somebody is taken (FBTYPE, RFC 5545 section 3.2.9; free is not kept)."""

    BUSY = "BUSY"
    TENTATIVE = "BUSY-TENTATIVE"
    UNAVAILABLE = "BUSY-UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class CalendarTime:
    """A planned local time.

    local: naive. zone: IANA name, or "UTC"; "" = floating, the same on every clock. own_zone: the
    rules that a file itself gives for a zone that is no IANA zone; then `zone` is only its name.
    """

    local: datetime
    zone: str = ""
    own_zone: tzinfo | None = None

    def instant(self, floating_zone: str = "UTC") -> datetime:
        """Return the UTC instant; a floating time is read in `floating_zone`.

        A local time that the zone has twice means the first; one that it skips has the offset
        from before the gap (RFC 5545 section 3.3.5).

        Raises:
            DomainError: the zone is unknown.
        """
        zone = self.zone or floating_zone
        if zone == "UTC":
            return self.local.replace(tzinfo=UTC)
        return self.local.replace(tzinfo=self.own_zone or zone_of(zone)).astimezone(UTC)


When = date | CalendarTime
"""A whole day, or a time of one."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody in a calendar object: an e-mail address (no `mailto:`), and a name, "" = none.

    sent_by: the address of who acts for this one, "" = nobody.
    """

    address: str
    name: str = ""
    sent_by: str = ""


@dataclass(frozen=True, slots=True)
class Attendee(Party):
    """Somebody invited. kind: CUTYPE, such as INDIVIDUAL, GROUP, ROOM, RESOURCE.

    delegated_from, delegated_to: addresses. rsvp: an answer is asked for.
    """

    role: Role = Role.REQUIRED
    partstat: PartStat = PartStat.NEEDS_ACTION
    rsvp: bool = False
    kind: str = "INDIVIDUAL"
    delegated_from: str = ""
    delegated_to: str = ""


@dataclass(frozen=True, slots=True)
class Conference:
    """A way into a call (RFC 7986 section 5.11). features: such as AUDIO, VIDEO, PHONE, CHAT."""

    address: str
    label: str = ""
    features: tuple[str, ...] = ("AUDIO", "VIDEO")


@dataclass(frozen=True, slots=True)
class Addition:
    """An occurrence beside the rule (RDATE). end: None = as long as the others."""

    start: When
    end: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """One VEVENT: an event, a series of them, or one changed occurrence of a series.

    uid: the same in all objects of one event. sequence: raised by the organiser at each change.
    recurrence_id: which occurrence this is, by its start in the rule; None = the event itself.
    and_following: it changes that occurrence and all after it. end: not included; a date after
    `start` for whole days; None = a whole day's, or no length. rules: RRULE without its name
    ("FREQ=WEEKLY;COUNT=12"). exceptions: starts that are left out (EXDATE). exception_rules:
    rules whose starts are left out (EXRULE of RFC 2445). url: a page about the event. html: the
    description as HTML, "" = none. conferences: ways into its call. opaque: it makes its people
    busy, perhaps only (tentative). private: its title is not for others. stamp: when this
    object was made (DTSTAMP, UTC); where an answer or a cancellation says no start, that stands
    for it. alarms: minutes before the start. comment: of who answers.
    """

    uid: str
    start: When
    end: When | None = None
    sequence: int = 0
    recurrence_id: When | None = None
    and_following: bool = False
    summary: str = ""
    description: str = ""
    html: str = ""
    location: str = ""
    url: str = ""
    conferences: tuple[Conference, ...] = ()
    rules: tuple[str, ...] = ()
    exceptions: tuple[When, ...] = ()
    exception_rules: tuple[str, ...] = ()
    additions: tuple[Addition, ...] = ()
    organiser: Party | None = None
    attendees: tuple[Attendee, ...] = ()
    status: EventStatus = EventStatus.NONE
    opaque: bool = True
    tentative: bool = False
    private: bool = False
    stamp: datetime | None = None
    changed_at: datetime | None = None
    categories: tuple[str, ...] = ()
    comment: str = ""
    alarms: tuple[int, ...] = ()

    @property
    def all_day(self) -> bool:
        """Return whether it takes whole days."""
        return not isinstance(self.start, CalendarTime)

    @property
    def repeats(self) -> bool:
        """Return whether it stands for more than one occurrence."""
        return bool(self.rules or self.additions)

    def last_day(self) -> date:
        """Return the last whole day it takes; of a timed event the day of its end, locally."""
        if not isinstance(self.start, CalendarTime):
            if self.end is None or isinstance(self.end, CalendarTime):
                return self.start
            return max(self.start, self.end - timedelta(days=1))
        end = self.end if isinstance(self.end, CalendarTime) else self.start
        return end.local.date()

    def length(self, floating_zone: str = "UTC") -> timedelta:
        """Return how long it takes: elapsed time, or whole days."""
        if isinstance(self.start, CalendarTime):
            if not isinstance(self.end, CalendarTime):
                return timedelta(0)
            return self.end.instant(floating_zone) - self.start.instant(floating_zone)
        return self.last_day() - self.start + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BusyPeriod:
    """A time in which somebody is taken: UTC instants, the end not included."""

    start: datetime
    end: datetime
    kind: BusyKind = BusyKind.BUSY


@dataclass(frozen=True, slots=True)
class Calendar:
    """What one file, or one part of a mail, holds.

    name: of the calendar, "" = not said. zone: IANA name that floating times are read in, "" = not
    said. busy: of VFREEBUSY. skipped: how many tasks, journal entries and the like were left.
    findings: what was bent to read it.
    """

    method: Method = Method.NONE
    events: tuple[CalendarEvent, ...] = ()
    busy: tuple[BusyPeriod, ...] = ()
    name: str = ""
    zone: str = ""
    product: str = ""
    skipped: int = 0
    findings: tuple[Finding, ...] = ()
