"""Read the calendar: everything of a span of days, over all projects or in one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from projectdesk.domain.preparation import PollState
from projectdesk.domain.rules import reporting
from projectdesk.domain.rules.deliverables import HANDED_IN
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.errors import DomainError
from projectdesk.services import public_holidays
from projectdesk.services.calendar_rows import (
    CalendarBusy,
    CalendarHoliday,
    CalendarMark,
    CalendarMeeting,
    CalendarRow,
)
from projectdesk.services.mine import is_me
from projectdesk.services.queries.workplan import due_on
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

MOST_DAYS: Final = 3660
"""Longest span that can be asked for: ten years."""
_LONGEST: Final = timedelta(days=14)
_ZONES: Final = timedelta(hours=15)
"""A day begins somewhere up to 14 hours before UTC, and ends up to 12 after it."""


@dataclass(frozen=True)
class _Asked:
    """Which span, for whom. begin: first day; end: the day after the last."""

    begin: date
    end: date
    project_id: UUID | None

    @property
    def earliest(self) -> datetime:
        return datetime.combine(self.begin, time.min, UTC) - _ZONES

    @property
    def latest(self) -> datetime:
        return datetime.combine(self.end, time.min, UTC) + _ZONES

    def has(self, day: date | None) -> bool:
        return day is not None and self.begin <= day < self.end


def calendar(
    workspace: Workspace,
    begin: date,
    end: date,
    *,
    project_id: UUID | None = None,
    country: str = "",
    region: str = "",
    language: str = "en",
) -> CalendarRow:
    """Return what is in a span of days: meetings of any zone that touch it, in order of start.

    Args:
        workspace: the open data.
        begin: first day.
        end: the day after the last.
        project_id: of which project, None = of all.
        country: whose public holidays, ISO 3166 alpha-2; "" = of none.
        region: code of a part of it; "" = the whole country's.
        language: in which holidays are named.

    Raises:
        DomainError: `bad_span`, it ends before it begins or is too long.
    """
    if not timedelta() < end - begin <= timedelta(days=MOST_DAYS):
        raise DomainError(
            "bad_span",
            "From {begin} to {end} is no span of 1 to {most} days.",
            begin=begin.isoformat(),
            end=end.isoformat(),
            most=MOST_DAYS,
        )
    asked = _Asked(begin, end, project_id)
    project = schema.project.c
    with workspace.read() as session:
        meetings = tuple(_meetings(session, asked))
        marks = sorted(_marks(session, asked), key=_by_day)
        busy = tuple(_busy(session, asked))
        known = select(project.id, project.acronym).order_by(func.lower(project.acronym))
        projects = tuple((row.id, row.acronym) for row in session.execute(known))
        zones, countries = _zones(session), _countries(session)
    holidays = tuple(_holidays(asked, country, region, language)) if country else ()
    return CalendarRow(
        begin, end, meetings, tuple(marks), holidays, busy, projects, zones, countries
    )


def calendar_meetings(
    workspace: Workspace, project_id: UUID | None = None, meeting_id: UUID | None = None
) -> list[CalendarMeeting]:
    """Return all meetings of the calendar, of a project, or one, in order of their start."""
    query = _meeting_query()
    if project_id is not None:
        query = query.where(schema.meeting.c.project_id == project_id)
    if meeting_id is not None:
        query = query.where(schema.meeting.c.id == meeting_id)
    with workspace.read() as session:
        return [_meeting(row) for row in session.execute(query)]


def _meeting_query() -> Select[Any]:
    meeting = schema.meeting.c
    return (
        select(schema.meeting, schema.project.c.acronym)
        .join_from(schema.meeting, schema.project)
        .order_by(meeting.starts_at, meeting.id)
    )


def _meetings(session: Session, asked: _Asked) -> Iterator[CalendarMeeting]:
    meeting = schema.meeting.c
    query = _meeting_query().where(
        meeting.starts_at >= asked.earliest - _LONGEST, meeting.starts_at < asked.latest
    )
    if asked.project_id is not None:
        query = query.where(meeting.project_id == asked.project_id)
    for row in session.execute(query):
        made = _meeting(row)
        if made.ends_at > asked.earliest:
            yield made


def _meeting(row: Any) -> CalendarMeeting:
    return CalendarMeeting(
        id=row.id,
        version=row.version,
        project_id=row.project_id,
        project=row.acronym,
        title=row.title,
        type=row.type,
        state=row.state,
        starts_at=row.starts_at,
        ends_at=row.starts_at + timedelta(minutes=row.duration_minutes),
        local_start=row.local_start,
        zone=row.zone,
        fold_rule=row.fold_rule,
        duration_minutes=row.duration_minutes,
        place=row.place,
        told=row.invited_at is not None,
        repeats=row.series_id is not None,
    )


# --- days that matter


def _marks(session: Session, asked: _Asked) -> Iterator[CalendarMark]:
    for found in (_deliverables, _milestones, _reports, _statements, _polls):
        yield from found(session, asked)


def _of(query: Select[Any], asked: _Asked) -> Select[Any]:
    if asked.project_id is None:
        return query
    return query.where(schema.project.c.id == asked.project_id)


def _deliverables(session: Session, asked: _Asked) -> Iterator[CalendarMark]:
    deliverable, package, project = schema.deliverable, schema.work_package, schema.project
    query = (
        select(deliverable, package.c.number.label("wp"), package.c.project_id,
               project.c.acronym, project.c.start_date)
        .join(package, package.c.id == deliverable.c.work_package_id)
        .join(project, project.c.id == package.c.project_id)
        .where(project.c.start_date.is_not(None))
    )  # fmt: skip
    for row in session.execute(_of(query, asked)):
        day = due_on(row.start_date, row.due_month)
        if asked.has(day):
            label = f"D{row.wp}.{row.number}"
            yield _mark(row, Kind.DELIVERABLE, label, day, done=row.status in HANDED_IN)


def _milestones(session: Session, asked: _Asked) -> Iterator[CalendarMark]:
    milestone, project = schema.milestone, schema.project
    query = (
        select(milestone, project.c.acronym, project.c.start_date)
        .join(project, project.c.id == milestone.c.project_id)
        .where(project.c.start_date.is_not(None))
    )
    for row in session.execute(_of(query, asked)):
        day = due_on(row.start_date, row.due_month)
        if asked.has(day):
            label = f"MS{row.number}"
            yield _mark(row, Kind.MILESTONE, label, day, done=row.achieved_on is not None)


def _reports(session: Session, asked: _Asked) -> Iterator[CalendarMark]:
    period, project = schema.reporting_period, schema.project
    query = (
        select(period, project.c.acronym, project.c.start_date)
        .join(project, project.c.id == period.c.project_id)
        .where(project.c.start_date.is_not(None))
    )
    for row in session.execute(_of(query, asked)):
        ends_on = due_on(row.start_date, row.end_month)
        day = None if ends_on is None else reporting.due_on(ends_on, row.due_days)
        if asked.has(day):
            done = row.frozen_on is not None
            yield _mark(row, Kind.REPORTING_PERIOD, f"RP{row.number}", day, done=done)


def _statements(session: Session, asked: _Asked) -> Iterator[CalendarMark]:
    """Yield until when partners were asked for their effort: one mark a period and day."""
    statement, period, project = schema.effort_statement, schema.reporting_period, schema.project
    open_ones = func.count().filter(statement.c.answered_at.is_(None))
    query = (
        select(period.c.id, period.c.project_id, period.c.number, project.c.acronym,
               statement.c.deadline, open_ones.label("open"))
        .join(period, period.c.id == statement.c.period_id)
        .join(project, project.c.id == period.c.project_id)
        .where(statement.c.deadline >= asked.begin, statement.c.deadline < asked.end)
        .where(statement.c.asked_at.is_not(None))
        .group_by(period.c.id, period.c.project_id, period.c.number, project.c.acronym,
                  statement.c.deadline)
    )  # fmt: skip
    for row in session.execute(_of(query, asked)):
        label = f"RP{row.number}"
        yield _mark(row, Kind.EFFORT_STATEMENT, label, row.deadline, done=row.open == 0)


def _polls(session: Session, asked: _Asked) -> Iterator[CalendarMark]:
    poll, project = schema.date_poll, schema.project
    query = (
        select(poll, project.c.acronym)
        .join(project, project.c.id == poll.c.project_id)
        .where(poll.c.deadline >= asked.earliest, poll.c.deadline < asked.latest)
        .where(poll.c.state.in_([PollState.OPEN, PollState.DECIDED]))
    )
    for row in session.execute(_of(query, asked)):
        day = to_local(row.deadline, row.zone).date()
        if asked.has(day):
            yield _mark(row, Kind.DATE_POLL, "", day, done=row.state is PollState.DECIDED)


def _mark(row: Any, kind: Kind, label: str, day: Any, *, done: bool) -> CalendarMark:
    return CalendarMark(
        kind=kind,
        id=row.id,
        project_id=row.project_id,
        project=row.acronym,
        label=label,
        title=getattr(row, "title", ""),
        day=day,
        done=done,
    )


def _by_day(mark: CalendarMark) -> tuple[date, str, str, str]:
    return mark.day, mark.project, mark.kind, mark.label


# --- what is not of a project


def _zones(session: Session) -> tuple[str, ...]:
    zone = schema.person.c.zone
    query = select(zone).where(zone != "").group_by(zone).order_by(func.count().desc(), zone)
    return tuple(session.scalars(query))


def _countries(session: Session) -> tuple[str, ...]:
    country = schema.organisation.c.country
    query = (
        select(country)
        .join_from(schema.partner, schema.organisation)
        .where(country != "")
        .distinct()
        .order_by(country)
    )
    return tuple(session.scalars(query))


def _busy(session: Session, asked: _Asked) -> Iterator[CalendarBusy]:
    busy, source, person = schema.busy_time.c, schema.busy_source.c, schema.person.c
    me = select(person.id).where(is_me(session))
    timed = (busy.starts_at < asked.latest) & (busy.ends_at > asked.earliest)
    whole = (busy.first_day < asked.end) & (busy.last_day >= asked.begin)
    query = (
        select(schema.busy_time)
        .join(schema.busy_source, source.id == busy.source_id)
        .where(source.person_id.in_(me), or_(timed, whole))
        .order_by(
            busy.starts_at.is_not(None), busy.starts_at, busy.first_day, busy.source_id, busy.seq
        )
    )
    for row in session.execute(query):
        yield CalendarBusy(
            source_id=row.source_id,
            seq=row.seq,
            title=row.title,
            tentative=row.tentative,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            first_day=row.first_day,
            last_day=row.last_day,
        )


def _holidays(asked: _Asked, country: str, region: str, language: str) -> Iterator[CalendarHoliday]:
    day = asked.begin
    while day < asked.end:
        found = public_holidays.on_day(country, region, day, language)
        if found.holiday:
            yield CalendarHoliday(day, found.holiday)
        day += timedelta(days=1)
