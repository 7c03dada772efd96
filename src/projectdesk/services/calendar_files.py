"""The meetings as a calendar object: for a file that is saved, and for who subscribes.

Each meeting keeps its UID and SEQUENCE, which invitations have too, so that a calendar that has
both shows it once. A series is its rule, with the occurrences that differ and those that are left
out.
Nobody's personal link is in it, and nobody's address. What is of all projects says of each meeting
whose it is ("SALTMARK: General Assembly"): the same meeting is held in several.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from projectdesk.domain.meetings import Meeting, MeetingState
from projectdesk.domain.preparation import MeetingSeries
from projectdesk.domain.rules.invitation_changes import uid_of
from projectdesk.domain.rules.zoned_time import to_local, to_utc, zone_of
from projectdesk.exchange.calendar import (
    CalendarEvent,
    CalendarTime,
    EventStatus,
    write_calendar,
)
from projectdesk.exchange.calendar.recurrence import Steps, expand, last_start, read_rule
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

REFRESH_MINUTES: Final = 60
"""How often who subscribes should look again (RFC 7986 section 5.7)."""
KEPT: Final = timedelta(days=400)
"""How long a meeting stays in what is subscribed to after it was."""
MOST_OCTETS: Final = 500_000
"""Largest calendar for a host, which takes 1 MiB of JSON; the oldest meetings go first."""
_STEPS: Final = 20_000
_FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class CalendarObject:
    """A calendar as it is written. meetings: how many are in it; changed_at: the last change."""

    content: bytes
    meetings: int
    changed_at: datetime


def calendar_file(
    workspace: Workspace, project_id: UUID | None = None, meeting_id: UUID | None = None
) -> CalendarObject:
    """Return all meetings, of a project, or one, as they are saved to a file."""
    with workspace.read() as session:
        found = _read(session, project_id, meeting_id, None)
        name = _name(session, project_id)
    return _written(found, name, outside_links=True, alone=meeting_id is not None)


def calendar_feed(workspace: Workspace, project_id: UUID | None, name: str) -> CalendarObject:
    """Return what who subscribes reads: the meetings to come, and those of the last year.

    The same meetings give the same octets.
    """
    since = workspace.now() - KEPT
    with workspace.read() as session:
        found = _read(session, project_id, None, since)
    made = _written(found, name, outside_links=False)
    while len(made.content) > MOST_OCTETS:
        found = replace(found, meetings=found.meetings[len(found.meetings) // 4 + 1 :])
        made = _written(found, name, outside_links=False)
    return made


# --- reading


@dataclass(frozen=True)
class _Found:
    """Meetings in order of start, the series of some of them, and when each was changed last.

    acronyms: of the projects by id, where those of several are together; empty elsewhere.
    """

    meetings: Sequence[Meeting]
    series: Mapping[UUID, MeetingSeries]
    changed: Mapping[UUID, datetime]
    acronyms: Mapping[UUID, str]

    def summary(self, of: Meeting | MeetingSeries) -> str:
        """Return what a meeting is called here."""
        acronym = self.acronyms.get(of.project_id)
        return f"{acronym}: {of.title}" if acronym else of.title


def _read(
    session: Session, project_id: UUID | None, meeting_id: UUID | None, since: datetime | None
) -> _Found:
    meeting = schema.meeting.c
    query = select(Meeting).order_by(meeting.starts_at, meeting.id)
    if project_id is not None:
        query = query.where(meeting.project_id == project_id)
    if meeting_id is not None:
        query = query.where(meeting.id == meeting_id)
    if since is not None:
        query = query.where(meeting.starts_at >= since)
    meetings = list(session.scalars(query))
    wanted = {each.series_id for each in meetings if each.series_id is not None}
    series = session.scalars(select(MeetingSeries).where(schema.meeting_series.c.id.in_(wanted)))
    acronyms: dict[UUID, str] = {}
    if project_id is None and meeting_id is None:
        project = schema.project.c
        acronyms = {
            row.id: row.acronym for row in session.execute(select(project.id, project.acronym))
        }
    return _Found(meetings, {each.id: each for each in series}, _changes(session), acronyms)


def _changes(session: Session) -> dict[UUID, datetime]:
    history = schema.history.c
    query = (
        select(history.record_id, func.max(history.at))
        .where(history.kind.in_([Kind.MEETING.value, Kind.MEETING_SERIES.value]))
        .where(history.record_id.is_not(None))
        .group_by(history.record_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _name(session: Session, project_id: UUID | None) -> str:
    project = schema.project.c
    if project_id is None:
        return "ProjectDesk"
    return session.scalar(select(project.acronym).where(project.id == project_id)) or "ProjectDesk"


# --- writing


def _written(
    found: _Found, name: str, *, outside_links: bool, alone: bool = False
) -> CalendarObject:
    events: list[CalendarEvent] = []
    of_series: dict[UUID, list[Meeting]] = {}
    for meeting in found.meetings:
        series = found.series.get(meeting.series_id) if meeting.series_id is not None else None
        if series is None or meeting.recurrence_at is None:
            events.append(_event(meeting, found, outside_links=outside_links))
        elif alone:
            events.append(_occurrence(meeting, series, found, outside_links=outside_links))
        else:
            of_series.setdefault(series.id, []).append(meeting)
    for series_id, meetings in of_series.items():
        events += _series(found.series[series_id], meetings, found, outside_links=outside_links)
    changed = [_changed(found, meeting.id) for meeting in found.meetings]
    content = write_calendar(events, name=name, refresh_minutes=REFRESH_MINUTES)
    return CalendarObject(content, len(found.meetings), max(changed, default=_FIRST))


def _event(
    meeting: Meeting,
    found: _Found,
    *,
    outside_links: bool,
    uid: str = "",
    sequence: int = 0,
    occurrence: CalendarTime | None = None,
) -> CalendarEvent:
    end = meeting.starts_at + timedelta(minutes=meeting.duration_minutes)
    changed = _changed(found, meeting.id)
    return CalendarEvent(
        uid=uid or uid_of(meeting.uid, meeting.id),
        sequence=max(meeting.sequence, sequence),
        recurrence_id=occurrence,
        start=_time(meeting.local_start, meeting.starts_at, meeting.zone),
        end=_local(end, meeting.zone),
        summary=found.summary(meeting),
        location=meeting.place,
        url=meeting.outside_url if outside_links else "",
        status=_status(meeting.state),
        opaque=meeting.state is not MeetingState.CANCELLED,
        stamp=changed,
        changed_at=changed,
    )


def _occurrence(
    meeting: Meeting, series: MeetingSeries, found: _Found, *, outside_links: bool
) -> CalendarEvent:
    """Return one meeting of a series, by its place in the rule."""
    at = meeting.recurrence_at or meeting.local_start
    return _event(
        meeting,
        found,
        outside_links=outside_links,
        uid=uid_of(series.uid, series.id),
        sequence=series.sequence,
        occurrence=CalendarTime(at, series.zone),
    )


def _series(
    series: MeetingSeries, meetings: Sequence[Meeting], found: _Found, *, outside_links: bool
) -> list[CalendarEvent]:
    """Return a series: its rule up to its last meeting, and what differs from it."""
    uid = uid_of(series.uid, series.id)
    there = {each.recurrence_at for each in meetings if each.recurrence_at is not None}
    by_rule = set(_starts(series, max(there)))
    start = series.local_start
    if start not in by_rule or not there <= by_rule:
        # The rule was changed since: each meeting stands for itself.
        return [_event(each, found, outside_links=outside_links) for each in meetings]
    others = [
        _occurrence(each, series, found, outside_links=outside_links)
        for each in meetings
        if _differs(each, series)
    ]
    changed = _changed(found, series.id)
    end = to_utc(start, series.zone) + timedelta(minutes=series.duration_minutes)
    master = CalendarEvent(
        uid=uid,
        sequence=series.sequence,
        start=CalendarTime(start, series.zone),
        end=_local(end, series.zone),
        summary=found.summary(series),
        rules=(_until(series, max(there)),),
        exceptions=tuple(CalendarTime(at, series.zone) for at in sorted(by_rule - there)),
        status=EventStatus.CONFIRMED,
        stamp=changed,
        changed_at=changed,
    )
    return [master, *others]


def _starts(series: MeetingSeries, last: datetime) -> Iterable[datetime]:
    """Return the local starts that the rule gives, up to `last`."""
    try:
        rule = read_rule(series.rule)
    except ValueError:
        return []
    first = series.local_start
    last = min(last, last_start(rule, zone_of(series.zone)))
    return expand(rule, first, first, last, Steps(_STEPS))


def _until(series: MeetingSeries, last: datetime) -> str:
    """Return the rule with its end at the last meeting there is (RFC 5545 section 3.3.10)."""
    kept = [
        part
        for part in series.rule.split(";")
        if part.partition("=")[0].upper() not in {"COUNT", "UNTIL"}
    ]
    return ";".join([*kept, f"UNTIL={to_utc(last, series.zone):%Y%m%dT%H%M%SZ}"])


def _differs(meeting: Meeting, series: MeetingSeries) -> bool:
    return (
        meeting.local_start != meeting.recurrence_at
        or meeting.zone != series.zone
        or meeting.duration_minutes != series.duration_minutes
        or meeting.title != series.title
        or bool(meeting.place)
        or meeting.state is MeetingState.CANCELLED
        or meeting.starts_at != to_utc(meeting.local_start, meeting.zone)
        or meeting.sequence > series.sequence
    )


def _time(local: datetime, instant: datetime, zone: str) -> CalendarTime:
    """Return a planned time; as UTC where a zone has the local time twice and means the second."""
    told = CalendarTime(local, zone)
    if told.instant() == instant:
        return told
    return CalendarTime(instant.replace(tzinfo=None), "UTC")


def _local(instant: datetime, zone: str) -> CalendarTime:
    return _time(to_local(instant, zone), instant, zone)


def _status(state: MeetingState) -> EventStatus:
    return EventStatus.CANCELLED if state is MeetingState.CANCELLED else EventStatus.CONFIRMED


def _changed(found: _Found, record: UUID) -> datetime:
    return found.changed.get(record, _FIRST)
