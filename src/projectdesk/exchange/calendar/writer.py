"""Calendar objects as RFC 5545 wants them written, for iTIP (RFC 5546) and mail (RFC 6047).

Every TZID has its VTIMEZONE; lines are folded at 75 octets between characters; whole days are
dates. What RFC 5546 demands of a method is checked before anything is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime

from projectdesk.errors import LocalProtocolError
from projectdesk.exchange.calendar.event import (
    Addition,
    Attendee,
    CalendarEvent,
    CalendarTime,
    Conference,
    EventStatus,
    Method,
    Party,
    Role,
    When,
)
from projectdesk.exchange.calendar.zone_rules import local_text, zone_lines

PRODUCT = "-//ProjectDesk//ProjectDesk//EN"
LINE_OCTETS = 75

_TO_ATTENDEES = frozenset({Method.REQUEST, Method.CANCEL, Method.ADD, Method.DECLINECOUNTER})
_FROM_ONE = frozenset({Method.REPLY, Method.COUNTER, Method.REFRESH})
_TEXT = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_PARAMETER = str.maketrans({"^": "^^", "\n": "^n", '"': "^'"})
_CONTROLS = {code: None for code in range(32) if code not in (9, 10)} | {127: None}


def write_calendar(
    events: Sequence[CalendarEvent],
    method: Method = Method.NONE,
    *,
    name: str = "",
    refresh_minutes: int = 0,
    now: datetime | None = None,
) -> bytes:
    """Return a calendar object.

    Args:
        events: for a method all of one event (the same UID), for a plain file any.
        method: NONE for a plain file or a feed.
        name: of the calendar, shown by who subscribes to it.
        refresh_minutes: how often a subscriber should read it again, 0 = not said.
        now: DTSTAMP of events without a stamp; None = the clock.

    Raises:
        LocalProtocolError: the events break a rule of the method; the fact `rule` names it.
        DomainError: a zone is unknown.
    """
    _check(events, method)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    if method:
        lines.append(f"METHOD:{method}")
    if name:
        lines += [f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}"]
    if refresh_minutes:
        lines.append(f"REFRESH-INTERVAL;VALUE=DURATION:PT{refresh_minutes}M")
        lines.append(f"X-PUBLISHED-TTL:PT{refresh_minutes}M")
    for zone, (first, last) in sorted(_zones(events).items()):
        lines += zone_lines(zone, first, last)
    moment = now or datetime.now(UTC)
    for event in events:
        lines += _event(event, method, moment)
    lines.append("END:VCALENDAR")
    return "".join(map(_folded, lines)).encode("utf-8")


def _check(events: Sequence[CalendarEvent], method: Method) -> None:
    """Hold the events to RFC 5545 section 3.6.1 and RFC 5546 section 3.2."""
    for event in events:
        _check_times(event)
        if not event.uid:
            raise _wrong("every event has a UID")
    if method is Method.NONE:
        return
    if not events:
        raise _wrong(f"{method} names an event")
    if method is Method.PUBLISH:
        return
    if len({event.uid for event in events}) > 1:
        raise _wrong(f"{method} is of one event")
    for event in events:
        if event.organiser is None:
            raise _wrong(f"{method} names its organiser")
        if method in _TO_ATTENDEES and not event.attendees:
            raise _wrong(f"{method} goes to named attendees")
        if method in _FROM_ONE and len(event.attendees) != 1:
            raise _wrong(f"{method} comes from one attendee")


def _check_times(event: CalendarEvent) -> None:
    whens = [event.end, event.recurrence_id, *event.exceptions]
    whens += [addition.start for addition in event.additions]
    for when in whens:
        if when is not None and isinstance(when, CalendarTime) == event.all_day:
            raise _wrong("the start, the end and the exceptions are all days or all times")
    if event.end is not None and _is_backwards(event.start, event.end):
        raise _wrong("an event ends after it starts")


def _is_backwards(start: When, end: When) -> bool:
    if isinstance(start, CalendarTime) and isinstance(end, CalendarTime):
        return end.instant() < start.instant()
    if isinstance(start, CalendarTime) or isinstance(end, CalendarTime):
        return True
    return end <= start


def _wrong(rule: str) -> LocalProtocolError:
    return LocalProtocolError("bad_calendar_object", "A calendar object breaks: {rule}.", rule=rule)


def _zones(events: Iterable[CalendarEvent]) -> dict[str, tuple[int, int]]:
    """Return the IANA zones used, each with its first and last year."""
    years: dict[str, tuple[int, int]] = {}
    for event in events:
        for when in _times(event):
            if isinstance(when, CalendarTime) and when.own_zone is None and _named(when.zone):
                year = when.local.year
                first, last = years.get(when.zone, (year, year))
                years[when.zone] = (min(first, year), max(last, year))
    return years


def _times(event: CalendarEvent) -> Iterator[When | None]:
    yield from (event.start, event.end, event.recurrence_id, *event.exceptions)
    for addition in event.additions:
        yield from (addition.start, addition.end)


def _named(zone: str) -> bool:
    return zone not in ("", "UTC")


def _event(event: CalendarEvent, method: Method, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"DTSTAMP:{_utc(event.stamp or now)}"
    if event.recurrence_id is not None:
        following = ";RANGE=THISANDFUTURE" if event.and_following else ""
        yield f"RECURRENCE-ID{following}{_when(event.recurrence_id)}"
    yield f"DTSTART{_when(event.start)}"
    if event.end is not None:
        yield f"DTEND{_when(event.end)}"
    yield from (f"RRULE:{rule}" for rule in event.rules)
    yield from (f"EXDATE{_when(exception)}" for exception in event.exceptions)
    yield from (f"RDATE{_addition(addition)}" for addition in event.additions)
    yield f"SEQUENCE:{event.sequence}"
    yield from _texts(event)
    yield from _people(event)
    status = EventStatus.CANCELLED if method is Method.CANCEL else event.status
    if status:
        yield f"STATUS:{status}"
    yield f"TRANSP:{'OPAQUE' if event.opaque else 'TRANSPARENT'}"
    yield from (_alarm(minutes, event.summary) for minutes in event.alarms)
    yield "END:VEVENT"


def _texts(event: CalendarEvent) -> Iterator[str]:
    named = (
        ("SUMMARY", event.summary),
        ("DESCRIPTION", event.description),
        ("X-ALT-DESC;FMTTYPE=text/html", event.html),
        ("LOCATION", event.location),
        ("COMMENT", event.comment),
    )
    for property_name, value in named:
        if value:
            yield f"{property_name}:{_text(value)}"
    if event.categories:
        yield "CATEGORIES:" + ",".join(map(_text, event.categories))
    if event.private:
        yield "CLASS:PRIVATE"
    if event.changed_at is not None:
        yield f"LAST-MODIFIED:{_utc(event.changed_at)}"
    if event.url:
        yield f"URL:{_uri(event.url)}"
    for conference in event.conferences:
        yield _conference(conference)


def _conference(conference: Conference) -> str:
    features = f";FEATURE={','.join(conference.features)}" if conference.features else ""
    label = f";LABEL={_parameter(conference.label)}" if conference.label else ""
    return f"CONFERENCE;VALUE=URI{features}{label}:{_uri(conference.address)}"


def _people(event: CalendarEvent) -> Iterator[str]:
    if event.organiser is not None:
        yield f"ORGANIZER{_party(event.organiser)}:mailto:{_uri(event.organiser.address)}"
    for attendee in event.attendees:
        yield f"ATTENDEE{_attendee(attendee)}:mailto:{_uri(attendee.address)}"


def _party(party: Party) -> str:
    text = f";CN={_parameter(party.name)}" if party.name else ""
    return text + (f';SENT-BY="mailto:{_quotable(party.sent_by)}"' if party.sent_by else "")


def _attendee(attendee: Attendee) -> str:
    parts = [_party(attendee)]
    if attendee.kind != "INDIVIDUAL":
        parts.append(f";CUTYPE={attendee.kind}")
    if attendee.role is not Role.REQUIRED:
        parts.append(f";ROLE={attendee.role}")
    parts.append(f";PARTSTAT={attendee.partstat}")
    if attendee.rsvp:
        parts.append(";RSVP=TRUE")
    if attendee.delegated_from:
        parts.append(f';DELEGATED-FROM="mailto:{_quotable(attendee.delegated_from)}"')
    if attendee.delegated_to:
        parts.append(f';DELEGATED-TO="mailto:{_quotable(attendee.delegated_to)}"')
    return "".join(parts)


def _alarm(minutes: int, summary: str) -> str:
    return "\n".join(
        (
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"TRIGGER:-PT{minutes}M",
            f"DESCRIPTION:{_text(summary or 'Meeting')}",
            "END:VALARM",
        )
    )


def _when(when: When) -> str:
    """Return what follows a property's name: parameters, colon, value."""
    if not isinstance(when, CalendarTime):
        return f";VALUE=DATE:{_day(when)}"
    if when.own_zone is not None:
        return f":{_utc(when.instant())}"
    if when.zone == "UTC":
        return f":{local_text(when.local)}Z"
    zone = f";TZID={when.zone}" if when.zone else ""
    return f"{zone}:{local_text(when.local)}"


def _addition(addition: Addition) -> str:
    start = _when(addition.start)
    if addition.end is None or not isinstance(addition.start, CalendarTime):
        return start
    parameters, _, value = start.partition(":")
    end = _when(addition.end).rpartition(":")[2]
    return f";VALUE=PERIOD{parameters}:{value}/{end}"


def _day(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def _utc(instant: datetime) -> str:
    return f"{local_text(instant.astimezone(UTC))}Z"


def _text(value: str) -> str:
    """Return a TEXT value (RFC 5545 section 3.3.11)."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return value.translate(_CONTROLS).translate(_TEXT)


def _parameter(value: str) -> str:
    """Return a parameter's value, quoted where it must be (RFC 6868 for quotes in it)."""
    value = value.translate(_CONTROLS).translate(_PARAMETER)
    return f'"{value}"' if any(mark in value for mark in ":;,") else value


def _quotable(value: str) -> str:
    return _uri(value).replace('"', "")


def _uri(value: str) -> str:
    """Return an address on one line, whatever it was made of."""
    return "".join(value.split()).translate(_CONTROLS)


def _folded(line: str) -> str:
    """Return a content line with its end, folded between characters (RFC 5545 section 3.1)."""
    if "\n" in line:
        return "".join(map(_folded, line.split("\n")))
    octets = line.encode("utf-8")
    if len(octets) <= LINE_OCTETS:
        return line + "\r\n"
    pieces, start, limit = [], 0, LINE_OCTETS
    while start < len(octets):
        end = min(len(octets), start + limit)
        while end < len(octets) and octets[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(octets[start:end].decode("utf-8"))
        start, limit = end, LINE_OCTETS - 1
    return "\r\n ".join(pieces) + "\r\n"
