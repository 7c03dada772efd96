"""Plan meetings, and keep their planned times true."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.consortium import Project
from projectdesk.domain.meetings import CallRole, Invitation, Meeting, MeetingState, MeetingType
from projectdesk.domain.rules.agenda_template import AgendaTemplate, fill
from projectdesk.domain.rules.agenda_times import frame_around
from projectdesk.domain.rules.zoned_time import to_local, to_utc, tzdata_version
from projectdesk.domain.workplan import WorkPackage
from projectdesk.errors import DomainError
from projectdesk.services.agenda_making import agenda_items
from projectdesk.services.agenda_templates import (
    agenda_language,
    agenda_template,
    circle_of,
    find_template,
)
from projectdesk.services.planning import Consortium, Guest, read_plan
from projectdesk.services.rows import Changes
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

log = logging.getLogger(__name__)

LONGEST_MINUTES: Final = 14 * 24 * 60
"""Longest meeting that can be planned: two weeks."""


@dataclass(frozen=True)
class MovedMeeting:
    """A planned meeting whose instant moved with its zone's rules; its local time did not."""

    id: UUID
    title: str
    before: datetime
    after: datetime


def plan_meeting(
    workspace: Workspace,
    project_id: UUID,
    type: MeetingType,  # noqa: A002 - the field's word; callers name it
    local_start: datetime,
    zone: str,
    *,
    title: str = "",
    duration_minutes: int | None = None,
    externals: bool = False,
    host: str = "",
    template: str = "",
    work_package_id: UUID | None = None,
    invitees: Mapping[UUID, bool] | None = None,
    body_id: UUID | None = None,
    place: str = "",
    extraordinary: bool = False,
) -> tuple[UUID, Changes]:
    """Plan a meeting: its template fills the agenda, the consortium's people are invited.

    To an Executive Board only who coordinates or leads a work package is invited.

    Args:
        workspace: the open data.
        project_id: whose meeting.
        type: which template.
        local_start: naive time in `zone`.
        zone: IANA name.
        title: "" = as the template calls it.
        duration_minutes: None = as long as the agenda.
        externals: also invite the project's people of no partner, as observers.
        host: where it is held, as `Meeting.host`.
        template: key of another template than the type's own (`agenda_templates.find_template`).
        work_package_id: of whose work it is; its template is filled with what is of it.
        invitees: who is invited beside the chair, and whether they are needed; None = as is usual.
        body_id: the body that meets; None = as the type says.
        place: where people come together, "" = on the call only.
        extraordinary: the body's rules for extraordinary meetings hold.

    Returns:
        The meeting's id, and what changed.

    Raises:
        NotFound: no such project.
        DomainError: `unknown_zone`, `local_time_with_zone`, `bad_duration`, `bad_template`.
    """
    if local_start.tzinfo is not None:
        raise DomainError("local_time_with_zone", "A planned time is local: its zone is beside it.")
    if duration_minutes is not None and not 1 <= duration_minutes <= LONGEST_MINUTES:
        raise DomainError(
            "bad_duration",
            "A meeting lasts 1 to {longest} minutes, not {minutes}.",
            longest=LONGEST_MINUTES,
            minutes=duration_minutes,
        )
    with workspace.change("Plan a meeting") as unit:
        if template:
            chosen, _ = find_template(unit.session, template, project_id)
        else:
            chosen = agenda_template(type, agenda_language(unit.session))
        title = " ".join(title.split()) or _called(unit, chosen, work_package_id)
        unit.label = f"Plan {title}"
        meeting = add_meeting(
            unit,
            project_id,
            type,
            local_start,
            zone,
            title=title,
            duration_minutes=duration_minutes,
            externals=externals,
            host=host,
            template=chosen,
            work_package_id=work_package_id,
            invitees=invitees,
        )
        meeting.body_id = body_id or meeting.body_id
        meeting.place = " ".join(place.split())
        meeting.extraordinary = extraordinary
    return meeting.id, unit.changes


def _called(unit: Unit, template: AgendaTemplate, work_package_id: UUID | None) -> str:
    """Return what a meeting is called that nobody gave a title."""
    if work_package_id is None:
        return template.title
    number = unit.get(WorkPackage, work_package_id).number
    return f"WP{number}: {template.title[:1].lower()}{template.title[1:]}"


def add_meeting(
    unit: Unit,
    project_id: UUID,
    type: MeetingType,  # noqa: A002 - the field's word; callers name it
    local_start: datetime,
    zone: str,
    *,
    title: str,
    duration_minutes: int | None = None,
    externals: bool = False,
    host: str = "",
    invitees: Mapping[UUID, bool] | None = None,
    template: AgendaTemplate | None = None,
    work_package_id: UUID | None = None,
) -> Meeting:
    """Plan a meeting inside a unit: `plan_meeting` without its checks of what was typed.

    invitees: who is invited beside the chair, and whether they are required; None = as is usual.
    """
    starts_at = to_utc(local_start, zone)
    local_start = to_local(starts_at, zone)  # another one only where the clocks skip it
    project = unit.get(Project, project_id)
    consortium = Consortium(unit.session, project_id, local_start.date())
    circle = circle_of(unit.session, project_id, type, starts_at, work_package_id)
    plan = read_plan(unit.session, project, consortium, circle, local_start.date())
    drafts = fill(template or agenda_template(type, plan.language), plan)
    natural = frame_around(local_start, zone, [draft.timed for draft in drafts])
    meeting = Meeting(
        project_id=project_id,
        type=type,
        title=title,
        body_id=circle.body_id,
        local_start=local_start,
        zone=zone,
        starts_at=starts_at,
        tzdata=tzdata_version(),
        host=host,
        duration_minutes=duration_minutes or natural.duration_minutes,
        nights=[] if duration_minutes else [str(night) for night in natural.nights],
    )
    unit.add(meeting, *agenda_items(meeting.id, drafts, unit.now))
    board = type is MeetingType.EXECUTIVE_BOARD
    if invitees is None:
        guests = consortium.guests(plan, board=board, externals=externals)
    else:
        guests = _chosen(consortium.guests(plan, externals=True), invitees)
    unit.add(*_invitations(meeting, guests, invitees or {}))
    return meeting


def refresh_planned_times(workspace: Workspace) -> list[MovedMeeting]:
    """Derive the instants of planned meetings anew when the rules of zones changed (decisions 10).

    To be called once after opening. What was held stays: it happened when it happened.

    Returns:
        The meetings whose instant moved, so that people can be told.
    """
    rules = tzdata_version()
    stale = (
        schema.meeting.c.state == MeetingState.PLANNED,
        schema.meeting.c.tzdata != rules,
    )
    with workspace.read() as session:
        if session.execute(select(schema.meeting.c.id).where(*stale).limit(1)).first() is None:
            return []
    moved = []
    with workspace.change("Follow new time zone rules", undoable=False) as unit:
        for meeting in unit.session.scalars(select(Meeting).where(*stale)):
            before = meeting.starts_at
            try:
                meeting.starts_at = to_utc(meeting.local_start, meeting.zone, meeting.fold_rule)
            except DomainError:
                log.warning("meeting %s keeps its instant: no zone %s", meeting.id, meeting.zone)
                continue
            meeting.tzdata = rules
            if meeting.starts_at != before:
                moved.append(MovedMeeting(meeting.id, meeting.title, before, meeting.starts_at))
    return moved


def _chosen(usual: Iterable[Guest], invitees: Mapping[UUID, bool]) -> list[Guest]:
    """Return the chair and the invitees, each in the role that they have in the project."""
    found = [
        guest for guest in usual if guest.role is CallRole.CHAIR or guest.person_id in invitees
    ]
    known = {guest.person_id for guest in found}
    others = [person for person in invitees if person not in known]
    return [*found, *(Guest(person, None, CallRole.PARTICIPANT) for person in others)]


def _invitations(
    meeting: Meeting, guests: Iterable[Guest], required: Mapping[UUID, bool]
) -> list[Invitation]:
    return [
        Invitation(
            meeting_id=meeting.id,
            person_id=guest.person_id,
            partner_id=guest.partner_id,
            role=guest.role,
            required=required.get(guest.person_id, True),
        )
        for guest in guests
    ]
