"""Plan meetings, and keep their planned times true."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from projectdesk import resources
from projectdesk.domain.consortium import Body, BodyKind, Project
from projectdesk.domain.meetings import AgendaItem, Invitation, Meeting, MeetingState, MeetingType
from projectdesk.domain.rules.agenda_template import AgendaTemplate, DraftItem, fill
from projectdesk.domain.rules.agenda_toml import parse_template
from projectdesk.domain.rules.zoned_time import to_utc, tzdata_version
from projectdesk.errors import DomainError
from projectdesk.services.planning import Consortium, Guest, read_plan
from projectdesk.services.rows import Changes
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

log = logging.getLogger(__name__)

LONGEST_MINUTES: Final = 14 * 24 * 60
"""Longest meeting that can be planned: two weeks."""

_TEMPLATES: Final = {
    MeetingType.PITCHING: "workshop",
    MeetingType.MATCHMAKING: "workshop",
    MeetingType.CONCEPT_WORKSHOP: "workshop",
    MeetingType.WEBINAR: "ad_hoc",
}
"""Which template a type takes that has none of its own name."""

_BODIES: Final = {
    MeetingType.GENERAL_ASSEMBLY: BodyKind.GENERAL_ASSEMBLY,
    MeetingType.EXECUTIVE_BOARD: BodyKind.EXECUTIVE_BOARD,
}
"""Which body meets in a meeting of this type."""


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
    title = " ".join(title.split()) or agenda_template(type).title
    with workspace.change(f"Plan {title}") as unit:
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
        )
    return meeting.id, unit.changes


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
) -> Meeting:
    """Plan a meeting inside a unit: `plan_meeting` without its checks of what was typed."""
    starts_at = to_utc(local_start, zone)
    project = unit.get(Project, project_id)
    consortium = Consortium(unit.session, project_id, local_start.date())
    plan = read_plan(unit.session, project, consortium, type, local_start.date())
    drafts = fill(agenda_template(type), plan)
    meeting = Meeting(
        project_id=project_id,
        type=type,
        title=title,
        body_id=_body(unit, project_id, type),
        local_start=local_start,
        zone=zone,
        starts_at=starts_at,
        tzdata=tzdata_version(),
        host=host,
        duration_minutes=duration_minutes or sum(d.duration_minutes for d in drafts),
    )
    unit.add(meeting, *_agenda(meeting, drafts))
    board = type is MeetingType.EXECUTIVE_BOARD
    guests = consortium.guests(plan, board=board, externals=externals)
    unit.add(*_invitations(meeting, guests))
    return meeting


def move_agenda_item(workspace: Workspace, item_id: UUID, new_position: int) -> Changes:
    """Put an agenda item at another place; the items between move up or down by one.

    Args:
        workspace: the open data.
        item_id: which item.
        new_position: its place among the items, 0 = first; beyond the last is the last.

    Raises:
        NotFound: no such item.
    """
    with workspace.change("Move an agenda item") as unit:
        moved = unit.get(AgendaItem, item_id)
        unit.label = f"Move “{moved.title}”"
        query = select(AgendaItem).where(schema.agenda_item.c.meeting_id == moved.meeting_id)
        order = schema.agenda_item.c.position, schema.agenda_item.c.id
        items = [item for item in unit.session.scalars(query.order_by(*order)) if item is not moved]
        items.insert(max(0, new_position), moved)
        for position, item in enumerate(items):
            if item.position != position:
                item.position = position
    return unit.changes


def agenda_template(meeting_type: MeetingType) -> AgendaTemplate:
    """Return the agenda template of a type of meeting.

    Raises:
        DomainError: `bad_template`, the file is wrong.
    """
    name = f"{_TEMPLATES.get(meeting_type, meeting_type.value)}.toml"
    path = resources.path("templates", "agendas", name)
    return parse_template(path.read_text(encoding="utf-8"), name)


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


def _body(unit: Unit, project_id: UUID, meeting_type: MeetingType) -> UUID | None:
    kind = _BODIES.get(meeting_type)
    if kind is None:
        return None
    query = select(Body).where(schema.body.c.project_id == project_id, schema.body.c.kind == kind)
    body = unit.session.scalars(query.order_by(schema.body.c.id).limit(1)).first()
    return body.id if body else None


def _agenda(meeting: Meeting, drafts: Iterable[DraftItem]) -> list[AgendaItem]:
    return [
        AgendaItem(
            meeting_id=meeting.id,
            position=position,
            title=draft.title,
            kind=draft.kind,
            duration_minutes=draft.duration_minutes,
            presenter_id=draft.presenter_id,
            presenter_text=draft.presenter_text,
            description=draft.description,
            work_package_id=draft.work_package_id,
        )
        for position, draft in enumerate(drafts)
    ]


def _invitations(meeting: Meeting, guests: Iterable[Guest]) -> list[Invitation]:
    return [
        Invitation(
            meeting_id=meeting.id,
            person_id=guest.person_id,
            partner_id=guest.partner_id,
            role=guest.role,
        )
        for guest in guests
    ]
