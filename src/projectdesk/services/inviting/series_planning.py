"""Who is told what of a series as a whole: its rule, its exceptions, the dates that differ.

One mail says it all: the calendar object has the rule with the dates that are left out (EXDATE),
and an event for each date that differs (RECURRENCE-ID, RFC 5545 section 3.8.4.4).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.meetings import Meeting, MeetingState
from projectdesk.domain.preparation import MeetingSeries
from projectdesk.domain.rules import series as rules
from projectdesk.domain.rules.invitation_changes import Facts, Telling, changes, uid_of
from projectdesk.domain.rules.zoned_time import to_local, to_utc
from projectdesk.errors import DomainError, NotFound
from projectdesk.exchange.calendar import CalendarEvent, CalendarTime, EventStatus, Party
from projectdesk.mail.invitation_page import DateLine
from projectdesk.mail.invitation_words import Words, city
from projectdesk.services.inviting.composing import Sending, attendee_of, event_of
from projectdesk.services.inviting.planning import (
    InvitationPlan,
    InviteeLine,
    Subject,
    read_plan,
)
from projectdesk.services.inviting.told import Told, told_of
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


@dataclass(frozen=True)
class Date:
    """One date of a series for one person: the meeting, and their line of it."""

    subject: Subject
    line: InviteeLine

    @property
    def stands(self) -> bool:
        """Whether they are to come, or were there."""
        cancelled = self.subject.state is MeetingState.CANCELLED
        return not cancelled and self.line.telling is not Telling.CANCEL


@dataclass(frozen=True)
class SeriesPlan:
    """Who gets what of a series. plan: its lines; dates: of each person, in order."""

    series: MeetingSeries
    plan: InvitationPlan
    dates: dict[UUID, tuple[Date, ...]]


def plan_series_invitations(workspace: Workspace, series_id: UUID, sender: str = "") -> SeriesPlan:
    """Return who gets what of a series.

    Raises:
        NotFound: no such series.
        DomainError: `not_planned`, it has no meeting.
    """
    with workspace.read() as session:
        return read_series_plan(session, series_id, sender)


def read_series_plan(session: Session, series_id: UUID, sender: str = "") -> SeriesPlan:
    """Do what `plan_series_invitations` does, inside a session."""
    series = session.get(MeetingSeries, series_id)
    if series is None:
        raise NotFound("not_found", "This series does not exist any more.", noun="series")
    meeting = schema.meeting.c
    query = (
        select(Meeting)
        .where(meeting.series_id == series_id)
        .order_by(meeting.recurrence_at, meeting.id)
    )
    plans = [read_plan(session, each.id, sender) for each in session.scalars(query)]
    if not plans:
        raise DomainError("not_planned", "This series has no meeting.")
    dates: dict[UUID, list[Date]] = {}
    for each in plans:
        for line in each.lines:
            dates.setdefault(line.id, []).append(Date(each.subject, line))
    told = told_of(session, [series_id])
    subject = _subject(series, plans)
    lines = [
        _line(series, subject, person, dates[person], told.get((series_id, person)))
        for person in dates
    ]
    zones = tuple(dict.fromkeys(zone for each in plans for zone in each.zones))
    return SeriesPlan(
        series,
        InvitationPlan(subject, tuple(lines), zones),
        {person: tuple(found) for person, found in dates.items()},
    )


def events_of(
    series: SeriesPlan, line: InviteeLine, sending: Sending, description: str
) -> tuple[CalendarEvent, ...]:
    """Return the calendar object of a series for one person: its rule, then what differs."""
    kept = series.series
    start = CalendarTime(kept.local_start, kept.zone)
    length = timedelta(minutes=kept.duration_minutes)
    master = CalendarEvent(
        uid=series.plan.subject.uid,
        sequence=sending.sequence,
        start=start,
        end=_end(start, length),
        summary=kept.title,
        description=description,
        location=series.plan.subject.meeting.place,
        rules=(kept.rule,),
        organiser=Party(sending.sender.address, sending.sender.name),
        attendees=(attendee_of(line),),
        status=EventStatus.CONFIRMED,
        stamp=sending.now,
        changed_at=sending.now,
    )
    if line.telling is Telling.CANCEL:
        return (replace(master, rules=(), status=EventStatus.CANCELLED),)
    standing = {each.subject.recurrence_at: each for each in series.dates[line.id] if each.stands}
    planned = list(rules.dates(rules.read_rule(kept.rule), kept.local_start))
    missing = tuple(CalendarTime(at, kept.zone) for at in planned if at not in standing)
    changed = [
        _differing(standing[at], line, sending, description)
        for at in planned
        if at in standing and _differs(standing[at], series)
    ]
    return (replace(master, exceptions=missing), *changed)


def date_lines(
    series: SeriesPlan, line: InviteeLine, words: Words, sending: Sending
) -> tuple[DateLine, ...]:
    """Return the dates as their person reads them, each with its own link."""
    lines = []
    for each in series.dates[line.id]:
        meeting = each.subject.meeting
        if meeting.state not in (MeetingState.PLANNED, MeetingState.CANCELLED):
            continue
        local = to_local(meeting.starts_at, line.zone)
        span = words.span(meeting.starts_at, meeting.duration_minutes, line.zone)
        note = ""
        if not each.stands:
            note = words.say("cancelled_date")
        elif meeting.local_start != meeting.recurrence_at:
            note = words.say("moved_date")
        link = ""
        if each.stands and each.line.invitation_id is not None:
            link = meeting.outside_url or sending.links.get(each.line.invitation_id, "")
        when = f"{words.short_day(local.date())} {local.year}, {span} {city(line.zone)}"
        lines.append(DateLine(when, note, link))
    return tuple(lines)


# --- inside ---------------------------------------------------------------------------------------


def _subject(series: MeetingSeries, plans: list[InvitationPlan]) -> Subject:
    """Return the series as something that is invited to; the next meeting stands for all."""
    coming = [each for each in plans if each.subject.state is MeetingState.PLANNED]
    shown = (coming or plans)[0].subject
    return replace(
        shown,
        id=series.id,
        uid=uid_of(series.uid, series.id),
        recurrence_at=None,
        sequence=max(series.sequence, *(each.subject.sequence for each in plans)),
        state=MeetingState.PLANNED if coming else MeetingState.CANCELLED,
    )


def _line(
    series: MeetingSeries, subject: Subject, person: UUID, dates: list[Date], told: Told | None
) -> InviteeLine:
    """Return what one person gets of the series."""
    standing = [each for each in dates if each.stands]
    shown = next(
        (each.line for each in standing if each.subject.state is MeetingState.PLANNED),
        dates[-1].line,
    )
    now = Facts(
        title=series.title,
        starts_at=to_utc(series.local_start, series.zone),
        zone=series.zone,
        duration_minutes=series.duration_minutes,
        place=subject.meeting.place,
        required=shown.required,
        dates=series.rule,
    )
    moved = changes(told.facts, now) if told is not None and not told.cancelled else ()
    what = _telling(dates, told, moved=bool(moved))
    again = told is not None and told.cancelled and what is Telling.UPDATE
    return replace(
        shown,
        id=person,
        local_start=to_local(now.starts_at, shown.zone),
        telling=what,
        again=again,
        removed=what is Telling.CANCEL and subject.state is MeetingState.PLANNED,
        changes=moved if what is Telling.UPDATE else (),
        told=told,
        now=now,
    )


def _telling(dates: list[Date], told: Told | None, *, moved: bool) -> Telling:
    to_come = any(each.stands and each.subject.state is MeetingState.PLANNED for each in dates)
    known = told is not None and not told.cancelled
    if not to_come:
        ended = all(not each.stands for each in dates)
        return Telling.CANCEL if known and ended else Telling.NOTHING
    if told is None:
        return Telling.NEW
    news = any(each.line.telling is not Telling.NOTHING for each in dates)
    return Telling.UPDATE if told.cancelled or moved or news else Telling.NOTHING


def _differs(date: Date, series: SeriesPlan) -> bool:
    meeting, kept = date.subject.meeting, series.series
    return (
        meeting.local_start != meeting.recurrence_at
        or meeting.zone != kept.zone
        or meeting.title != kept.title
        or meeting.duration_minutes != kept.duration_minutes
        or meeting.place != series.plan.subject.meeting.place
    )


def _differing(date: Date, line: InviteeLine, sending: Sending, description: str) -> CalendarEvent:
    link = ""
    if date.line.invitation_id is not None:
        link = sending.links.get(date.line.invitation_id, "")
    shown = replace(date.line, telling=line.telling, email=line.email, name=line.name)
    return event_of(date.subject, shown, sending, link, description)


def _end(start: CalendarTime, length: timedelta) -> CalendarTime:
    """Return the end by the clock: what a rule repeats is the time between two clock times."""
    end: datetime = start.local + length
    return CalendarTime(end, start.zone)
