"""When somebody is taken, out of their calendars: what the slot finder reckons with.

The times of a calendar are no records: they are replaced whole at each reading, without history.
A title is kept only for the calendar of who uses this desktop: of others it is enough to know that
they are taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from projectdesk.domain.consortium import Person
from projectdesk.domain.preparation import BusySource
from projectdesk.domain.rules.invitation_changes import is_made_here
from projectdesk.exchange.calendar import (
    BusyKind,
    Calendar,
    CalendarEvent,
    Method,
    Occurrence,
    PartStat,
    occurrences,
)
from projectdesk.exchange.findings import Findings
from projectdesk.services.session import Unit
from projectdesk.store import schema
from projectdesk.worded import worded

BACK: Final = timedelta(days=31)
AHEAD: Final = timedelta(days=400)
"""How much of a calendar is kept, seen from when it is read."""

TIMES_LIMIT: Final = 20_000
_CHUNK: Final = 500
Times = list[dict[str, Any]]


def times_of(
    calendars: Sequence[Calendar],
    person: Person,
    now: datetime,
    *,
    titles: bool,
    file: str,
    findings: Findings,
) -> Times:
    """Return the busy times in calendars of a person, as rows of the table without their source.

    Args:
        calendars: what was read.
        person: whose they are: whom they invite, and in whose zone times without one are.
        now: UTC.
        titles: whether the titles are kept (those of private events never are).
        file: name of the calendar, for findings.
        findings: takes what was cut short.
    """
    first, last = now - BACK, now + AHEAD
    rows: Times = []
    for calendar in calendars:
        if calendar.method in (Method.REPLY, Method.CANCEL, Method.COUNTER):
            continue
        zone = calendar.zone or person.zone or "UTC"
        found = occurrences(calendar.events, first, last, zone=zone, file=file, findings=findings)
        rows += [_row(one, person, titles) for one in found if _takes(one.event, person)]
        rows += [
            {
                "starts_at": period.start,
                "ends_at": period.end,
                "tentative": period.kind is BusyKind.TENTATIVE,
            }
            for period in calendar.busy
            if period.end > first and period.start < last
        ]
    if len(rows) > TIMES_LIMIT:
        findings.add(
            file,
            0,
            "",
            "too_many_times",
            worded("only the first {count} times are kept", count=TIMES_LIMIT),
        )
    return rows[:TIMES_LIMIT]


def count_of(unit: Unit, source_id: UUID) -> int:
    """Return how many busy times of a calendar are kept."""
    times = schema.busy_time.c
    query = select(func.count()).where(times.source_id == source_id)
    return unit.session.scalar(query) or 0


def replace_times(unit: Unit, source: BusySource, rows: Times) -> None:
    """Put new times in the place of those of a calendar, and clear away those of calendars gone."""
    table = schema.busy_time
    gone = table.c.source_id.not_in(select(schema.busy_source.c.id))
    unit.session.flush()
    connection = unit.session.connection()
    connection.execute(delete(table).where((table.c.source_id == source.id) | gone))
    for chunk in _chunks(rows):
        connection.execute(
            insert(table),
            [_BLANK | row | {"source_id": source.id, "seq": number} for number, row in chunk],
        )
    source.read_at, source.problem = unit.now, ""


_BLANK: Final = {
    "starts_at": None,
    "ends_at": None,
    "first_day": None,
    "last_day": None,
    "tentative": False,
    "title": "",
    "uid": "",
}


def _chunks(rows: Times) -> Iterator[list[tuple[int, dict[str, Any]]]]:
    numbered = list(enumerate(rows))
    return (numbered[start : start + _CHUNK] for start in range(0, len(numbered), _CHUNK))


def _takes(event: CalendarEvent, person: Person) -> bool:
    """Return whether an event takes a person's time: not when it is marked free, or declined."""
    return event.opaque and _answer(event, person) is not PartStat.DECLINED


def _answer(event: CalendarEvent, person: Person) -> PartStat | None:
    if not person.email:
        return None
    address = person.email.casefold()
    for attendee in event.attendees:
        if attendee.address.casefold() == address:
            return attendee.partstat
    return None


def _row(one: Occurrence, person: Person, titles: bool) -> dict[str, Any]:
    event = one.event
    unsure = _answer(event, person) in (PartStat.TENTATIVE, PartStat.NEEDS_ACTION)
    return {
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "first_day": one.first_day,
        "last_day": one.last_day,
        "tentative": event.tentative or unsure,
        "title": event.summary[:200] if titles and not event.private else "",
        "uid": event.uid[:500] if titles or is_made_here(event.uid) else "",
    }
