"""Read for whom a time is found: zones, working hours, free days and busy times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from projectdesk.domain.meetings import InvitationAnswer, Meeting, MeetingState
from projectdesk.domain.regions import region_of
from projectdesk.domain.rules.invitation_changes import uid_of
from projectdesk.domain.rules.pain import Hours
from projectdesk.domain.rules.slots import LONGEST, Attendee, Busy, FreeDays
from projectdesk.domain.rules.zoned_time import to_utc
from projectdesk.errors import NotFound
from projectdesk.services import public_holidays
from projectdesk.services.queries.consortium import body_members, partners, people
from projectdesk.services.queries.world import is_zone, partner_zone
from projectdesk.services.rows import PartnerRow, PersonRow
from projectdesk.services.slot_rows import SlotPerson, SlotRequest
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_DAY: Final = timedelta(days=1)
_ZONES_APART: Final = timedelta(days=2)
"""No two clocks of the world are further apart."""


@dataclass(frozen=True)
class Party:
    """For whom a time is found, and what the rules need of each, in the same order."""

    people: tuple[SlotPerson, ...]
    attendees: tuple[Attendee, ...]
    without_zone: tuple[str, ...]


def party(
    workspace: Workspace, request: SlotRequest, last: date | None = None, language: str = "en"
) -> Party:
    """Return for whom a time is found.

    Args:
        workspace: the open database.
        request: who is needed, and when.
        last: last day of what is looked at; None = the request's.
        language: in which holidays are named.

    Raises:
        NotFound: somebody who is named does not exist.
    """
    until = last or request.last
    rows = partners(workspace, request.project_id)
    chosen = _chosen(workspace, request)
    places = _Places(rows, people(workspace, request.project_id))
    known, unknown = [], []
    for row, required in chosen:
        zone, assumed = places.zone_of(row)
        if zone:
            known.append((row, required, zone, assumed))
        else:
            unknown.append(row.name or row.email)
    ids = [row.id for row, *_ in known]
    span = (request.first - _ZONES_APART, until + _ZONES_APART)
    zones = {row.id: zone for row, _, zone, _ in known}
    busy = _busy(workspace, ids, span, zones, request.moving_id)
    calendars = _calendars(workspace, ids)
    days: dict[tuple[str, str], FreeDays] = {}
    found, attendees = [], []
    for row, required, zone, assumed in known:
        country, region = places.holidays_of(row)
        if (country, region) not in days:
            length = (span[1] - span[0]).days
            days[country, region] = public_holidays.free_days(
                country, region, span[0], length, language
            )
        found.append(
            SlotPerson(
                row.id, row.name or row.email, row.partner_id, row.partner or row.organisation,
                country, region, zone, assumed, required, row.work_from, row.work_to,
                calendars.get(row.id, 0),
            )
        )  # fmt: skip
        hours = Hours(row.work_from, row.work_to)
        theirs = tuple(busy.get(row.id, ()))
        attendees.append(Attendee(row.id, zone, hours, days[country, region], required, theirs))
    return Party(tuple(found), tuple(attendees), tuple(unknown))


class _Places:
    """Where people are: what they say, else what their partner in the project says."""

    def __init__(self, rows: Sequence[PartnerRow], staff: Iterable[PersonRow]) -> None:
        self._partners = {row.id: row for row in rows}
        self._zones: dict[UUID | None, list[str]] = {}
        for person in staff:
            if is_zone(person.zone):
                self._zones.setdefault(person.partner_id, []).append(person.zone)

    def zone_of(self, person: PersonRow) -> tuple[str, bool]:
        """Return somebody's zone, "" = not known, and whether it is only their partner's."""
        if is_zone(person.zone):
            return person.zone, False
        partner = self._partners.get(person.partner_id) if person.partner_id else None
        if partner is None:
            return "", True
        return partner_zone(partner, self._zones.get(partner.id, ()))[0], True

    def holidays_of(self, person: PersonRow) -> tuple[str, str]:
        """Return the country and its part whose holidays somebody keeps."""
        partner = self._partners.get(person.partner_id) if person.partner_id else None
        country = person.own_country or (partner.country if partner else "") or person.country
        same = partner is not None and partner.country == country
        region = region_of(partner.nuts_code) if partner is not None and same else ""
        return country, person.region or region


def _chosen(workspace: Workspace, request: SlotRequest) -> list[tuple[PersonRow, bool]]:
    """Return who is to come, and whether they are needed."""
    staff: dict[UUID, PersonRow] = {}
    for row in people(workspace, request.project_id):
        if row.id not in staff or staff[row.id].partner_id is None:
            staff[row.id] = row
    named = request.people or _members(workspace, request)
    if not named and request.body_id is None:
        here = {row.id for row in partners(workspace, request.project_id, on=request.first)}
        named = tuple(row.id for row in staff.values() if row.partner_id in here)
    wanted = dict.fromkeys(named, True) | dict.fromkeys(request.optional, False)
    if any(person not in staff for person in wanted):
        staff = {row.id: row for row in people(workspace)} | staff
    missing = next((person for person in wanted if person not in staff), None)
    if missing is not None:
        raise NotFound("not_found", "This person does not exist any more.", noun="person")
    return [(staff[person], required) for person, required in wanted.items()]


def _members(workspace: Workspace, request: SlotRequest) -> tuple[UUID, ...]:
    """Return who sits in the body that is asked for; a deputy where nobody else is named."""
    if request.body_id is None:
        return ()
    seats = body_members(workspace, request.body_id)
    named = (seat.representative_id or seat.deputy_id for seat in seats)
    return tuple(dict.fromkeys(person for person in named if person is not None))


def _calendars(workspace: Workspace, ids: Sequence[UUID]) -> dict[UUID, int]:
    source = schema.busy_source.c
    query = (
        select(source.person_id, func.count())
        .where(source.person_id.in_(ids), source.read_at.is_not(None))
        .group_by(source.person_id)
    )
    with workspace.read() as session:
        return {row[0]: row[1] for row in session.execute(query)}


def _busy(
    workspace: Workspace,
    ids: Sequence[UUID],
    span: tuple[date, date],
    zones: dict[UUID, str],
    moving_id: UUID | None,
) -> dict[UUID, list[Busy]]:
    """Return the busy times of people within some days: of their calendars and of our meetings."""
    found: dict[UUID, list[Busy]] = {}
    with workspace.read() as session:
        moving = None if moving_id is None else session.get(Meeting, moving_id)
        own = "" if moving is None else uid_of(moving.uid, moving.id)
        for row in session.execute(_of_calendars(ids, span)):
            if own and row.uid == own:  # the meeting itself, come back out of a calendar
                continue
            times = (row.starts_at, row.ends_at)
            if row.first_day is not None:
                times = _whole_days(row.first_day, row.last_day, zones[row.person_id])
            each = Busy(*times, row.tentative, row.title)
            found.setdefault(row.person_id, []).append(each)
        for invited in session.execute(_of_meetings(ids, span)):
            if invited.id != moving_id:
                unsure = invited.answer is InvitationAnswer.TENTATIVE
                ends = invited.starts_at + timedelta(minutes=invited.duration_minutes)
                what = f"{invited.acronym}: {invited.title}"
                each = Busy(invited.starts_at, ends, unsure, what)
                found.setdefault(invited.person_id, []).append(each)
    return found


def _instants(span: tuple[date, date]) -> tuple[datetime, datetime]:
    """Return the midnights of two days, UTC."""
    start, end = (to_utc(datetime.combine(day, time()), "UTC") for day in span)
    return start, end


def _of_calendars(ids: Sequence[UUID], span: tuple[date, date]) -> Select[Any]:
    source, busy = schema.busy_source.c, schema.busy_time.c
    start, end = _instants(span)
    return (
        select(
            source.person_id, busy.starts_at, busy.ends_at, busy.first_day, busy.last_day,
            busy.tentative, busy.title, busy.uid,
        )
        .join_from(schema.busy_time, schema.busy_source, busy.source_id == source.id)
        .where(
            source.person_id.in_(ids),
            or_(
                (busy.starts_at < end) & (busy.ends_at > start),
                (busy.first_day <= span[1]) & (busy.last_day >= span[0]),
            ),
        )
        .order_by(busy.starts_at, busy.first_day, busy.seq)
    )  # fmt: skip


def _of_meetings(ids: Sequence[UUID], span: tuple[date, date]) -> Select[Any]:
    invitation, meeting = schema.invitation.c, schema.meeting.c
    start, end = _instants(span)
    return (
        select(
            invitation.person_id, invitation.answer, meeting.id, meeting.starts_at,
            meeting.duration_minutes, meeting.title, schema.project.c.acronym,
        )
        .join_from(schema.invitation, schema.meeting)
        .join(schema.project, schema.project.c.id == meeting.project_id)
        .where(
            invitation.person_id.in_(ids),
            invitation.revoked.is_(False),
            invitation.answer != InvitationAnswer.DECLINED,
            meeting.state.in_([MeetingState.PLANNED, MeetingState.LIVE]),
            meeting.starts_at < end,
            meeting.starts_at > start - timedelta(minutes=LONGEST),
        )
        .order_by(meeting.starts_at, meeting.id)
    )  # fmt: skip


def _whole_days(first: date, last: date, zone: str) -> tuple[datetime, datetime]:
    """Return whole days, the last one included, as instants where somebody is."""
    after = datetime.combine(last + _DAY, time())
    return (
        to_utc(datetime.combine(first, time()), zone),
        to_utc(after, zone),
    )
