"""Commands on the calendar: list it, export it as .ics, and the addresses to subscribe to."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from projectdesk.commandline.data import opened, today
from projectdesk.commandline.printing import print_found, print_json
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.errors import DomainError
from projectdesk.services import queries
from projectdesk.services.calendar_rows import CalendarRow
from projectdesk.services.workspace import Workspace

_SPAN: Final = timedelta(days=31)
_COLUMNS: Final = ("first_day", "local_start", "kind", "project", "label", "title", "zone", "state")


def list_calendar(options: argparse.Namespace) -> int:
    """`projectdesk list calendar [--from DAY] [--to DAY] [--project ACRONYM] [--country CODE]`.

    Meetings of every project, and the days that matter beside them, ordered by day.

    Raises:
        DomainError: `bad_day`, `bad_span`.
    """
    begin = _day(options.first) or today()
    last = _day(options.last) or begin + _SPAN
    country, _, region = (options.country or "").partition("-")
    with opened(options) as workspace:
        project = None
        if options.project:
            project = queries.project_by_acronym(workspace, options.project).id
        found = queries.calendar(
            workspace,
            begin,
            last + timedelta(days=1),
            project_id=project,
            country=country.upper(),
            region=region.upper(),
        )
        zone = _own_zone(workspace)
    entries = sorted(_entries(found, zone), key=_by_start)[: options.limit]
    if options.json:
        print_json(entries)
    else:
        headers = [name.replace("_", " ").capitalize() for name in _COLUMNS]
        print_found([[entry.get(name, "") for name in _COLUMNS] for entry in entries], headers)
    return 0


def _own_zone(workspace: Workspace) -> str:
    me = queries.me(workspace)
    return (me.zone if me else "") or "UTC"


def _entries(found: CalendarRow, zone: str) -> Iterator[dict[str, Any]]:
    """Yield what is in the calendar, each with its first and last day (a meeting's in `zone`)."""
    for meeting in found.meetings:
        first = to_local(meeting.starts_at, zone).date()
        last = to_local(meeting.ends_at - timedelta(microseconds=1), zone).date()
        if last < found.begin or first >= found.end:
            continue  # it is within reach of the span, but not here
        yield {
            "kind": "meeting",
            "id": meeting.id,
            "project": meeting.project,
            "label": "",
            "title": meeting.title,
            "first_day": first,
            "last_day": last,
            "starts_at": meeting.starts_at,
            "ends_at": meeting.ends_at,
            "local_start": meeting.local_start,
            "zone": meeting.zone,
            "duration_minutes": meeting.duration_minutes,
            "place": meeting.place,
            "state": meeting.state,
        }
    for mark in found.marks:
        yield {
            "kind": mark.kind,
            "id": mark.id,
            "project": mark.project,
            "label": mark.label,
            "title": mark.title,
            "first_day": mark.day,
            "last_day": mark.day,
            "state": "done" if mark.done else "open",
        }
    for holiday in found.holidays:
        yield {
            "kind": "holiday",
            "title": holiday.name,
            "first_day": holiday.day,
            "last_day": holiday.day,
        }
    for busy in found.busy:
        yield {
            "kind": "busy",
            "title": busy.title,
            "first_day": busy.first_day or _local_day(busy.starts_at, zone),
            "last_day": busy.last_day or _local_day(busy.ends_at, zone),
            "starts_at": busy.starts_at,
            "ends_at": busy.ends_at,
            "state": "tentative" if busy.tentative else "busy",
        }


def _local_day(instant: datetime | None, zone: str) -> date:
    if instant is None:
        raise ValueError("a busy time has instants or days")
    return to_local(instant, zone).date()


def _by_start(entry: dict[str, Any]) -> tuple[date, bool, str, str]:
    starts_at = entry.get("starts_at")
    at = starts_at.isoformat() if starts_at is not None else ""
    return entry["first_day"], starts_at is not None, at, entry["title"]


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise DomainError(
            "bad_day", "“{text}” is no day: expected YYYY-MM-DD, as in 2027-03-31.", text=str(text)
        ) from error
