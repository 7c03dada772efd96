"""Read meetings: their agendas, invitees, notes and attendance."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from projectdesk.domain.consortium import PartnerRole
from projectdesk.domain.meetings import InvitationAnswer
from projectdesk.domain.rules.notice import NoticeLight
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.errors import DomainError, NotFound
from projectdesk.services.inviting.told import proposal_of
from projectdesk.services.mine import is_me
from projectdesk.services.noticing import notice_columns, notice_lights
from projectdesk.services.queries.agendas import agenda as agenda
from projectdesk.services.queries.reading import named
from projectdesk.services.rows import (
    InvitationRow,
    MeetingRow,
)
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def meetings(workspace: Workspace, project_id: UUID | None = None) -> list[MeetingRow]:
    """Return the meetings of a project, or all, in order of their start."""
    query = _meetings()
    if project_id is not None:
        query = query.where(schema.meeting.c.project_id == project_id)
    with workspace.read() as session:
        found = list(named(session.execute(query)))
        lights = notice_lights(session, found, workspace.now())
    return [_meeting_row(row, lights.get(row.id, NoticeLight.NONE)) for row in found]


def meeting(workspace: Workspace, meeting_id: UUID) -> MeetingRow:
    """Return one meeting.

    Raises:
        NotFound: no such meeting.
    """
    with workspace.read() as session:
        found = session.execute(_meetings().where(schema.meeting.c.id == meeting_id)).all()
        lights = notice_lights(session, found, workspace.now())
    if not found:
        raise NotFound("not_found", "This meeting does not exist any more.", noun="meeting")
    return _meeting_row(found[0], lights.get(meeting_id, NoticeLight.NONE))


def invitations(workspace: Workspace, meeting_id: UUID) -> list[InvitationRow]:
    """Return the invitees of a meeting by partner and name, revoked ones included.

    Each has the meeting's start in the zone of the person.
    """
    with workspace.read() as session:
        rows = session.execute(_invitees(meeting_id)).all()
    return [_invitation_row(row) for row in rows]


def notes(workspace: Workspace, meeting_id: UUID) -> dict[UUID, str]:
    """Return the notes of a meeting's newest minutes by agenda item; without items that have none.

    What was typed in the last moments may still be on its way to the database:
    `services.notes.NotesDocument.flush`.
    """
    from projectdesk.text.minutes import MinutesText  # pycrdt loads when text is read

    minutes = schema.minutes.c
    update = schema.minutes_update.c
    newest = (
        select(minutes.id)
        .where(minutes.meeting_id == meeting_id)
        .order_by(minutes.revision.desc())
        .limit(1)
        .scalar_subquery()
    )
    with workspace.read() as session:
        updates = session.scalars(
            select(update.update).where(update.minutes_id == newest).order_by(update.seq)
        ).all()
    return MinutesText.from_state(updates).texts()


def organiser(workspace: Workspace, project_id: UUID) -> str:
    """Return who invites: me, or before I said who I am the coordinator's short name."""
    person, partner = schema.person.c, schema.partner.c
    with workspace.read() as session:
        mine = session.execute(
            select(person.given_name, person.family_name).where(is_me(session)).limit(1)
        ).first()
        if mine is not None and (name := f"{mine.given_name} {mine.family_name}".strip()):
            return name
        short_name = session.scalar(
            select(partner.short_name)
            .where(partner.project_id == project_id, partner.role == PartnerRole.COORDINATOR)
            .order_by(partner.position)
            .limit(1)
        )
    return short_name or ""


def _meetings() -> Select[Any]:
    meeting, invitation, item = schema.meeting.c, schema.invitation.c, schema.agenda_item.c
    items = select(func.count()).where(item.meeting_id == meeting.id)
    invited = select(func.count()).where(
        invitation.meeting_id == meeting.id, invitation.revoked.is_(False)
    )
    accepted = invited.where(invitation.answer == InvitationAnswer.ACCEPTED)
    return (
        select(
            schema.meeting,
            schema.project.c.acronym,
            schema.body.c.name.label("body_name"),
            *notice_columns(),
            items.scalar_subquery().label("items"),
            invited.scalar_subquery().label("invited"),
            accepted.scalar_subquery().label("accepted"),
        )
        .join_from(schema.meeting, schema.project)
        .join(schema.body, schema.body.c.id == meeting.body_id, isouter=True)
        .order_by(meeting.starts_at, meeting.id)
    )


def _meeting_row(row: Any, light: NoticeLight) -> MeetingRow:
    return MeetingRow(
        id=row.id,
        version=row.version,
        project_id=row.project_id,
        project=row.acronym,
        type=row.type,
        title=row.title,
        local_start=row.local_start,
        zone=row.zone,
        starts_at=row.starts_at,
        duration_minutes=row.duration_minutes,
        place=row.place,
        state=row.state,
        room=row.room,
        host=row.host,
        opened_at=row.opened_at,
        ended_at=row.ended_at,
        items=row.items,
        invited=row.invited,
        accepted=row.accepted,
        body_id=row.body_id,
        body=row.body_name or "",
        extraordinary=row.extraordinary,
        invited_at=row.invited_at,
        agenda_sent_at=row.agenda_sent_at,
        rehearsal_of_id=row.rehearsal_of_id,
        notice=light,
        series_id=row.series_id,
        organiser=row.organiser,
        outside_url=row.outside_url,
        held_from=row.held_from,
        held_until=row.held_until,
    )


def _invitees(meeting_id: UUID) -> Select[Any]:
    """Return the query of a meeting's invitees with who they are and for whom."""
    invitation, person, partner = schema.invitation.c, schema.person.c, schema.partner.c
    theirs = aliased(schema.organisation)
    own = aliased(schema.organisation)
    return (
        select(
            schema.invitation,
            person.given_name,
            person.family_name,
            person.email,
            person.zone,
            schema.meeting.c.starts_at,
            func.coalesce(func.nullif(partner.short_name, ""), theirs.c.legal_name).label(
                "partner_name"
            ),
            func.coalesce(func.nullif(own.c.short_name, ""), own.c.legal_name).label("employer"),
            func.coalesce(theirs.c.country, own.c.country, "").label("country"),
            schema.connection_check.c.checked_at,
            schema.connection_check.c.verdict,
            schema.connection_check.c.report,
            schema.told_invitee.c.proposal,
        )
        .join_from(schema.invitation, schema.person)
        .join(
            schema.connection_check,
            schema.connection_check.c.invitation_id == invitation.id,
            isouter=True,
        )
        .join(
            schema.told_invitee,
            (schema.told_invitee.c.meeting_id == invitation.meeting_id)
            & (schema.told_invitee.c.person_id == invitation.person_id),
            isouter=True,
        )
        .join(schema.meeting, schema.meeting.c.id == invitation.meeting_id)
        .join(schema.partner, partner.id == invitation.partner_id, isouter=True)
        .join(theirs, theirs.c.id == partner.organisation_id, isouter=True)
        .join(own, own.c.id == person.organisation_id, isouter=True)
        .where(invitation.meeting_id == meeting_id)
        .order_by(
            partner.id.is_(None), partner.position, partner.number, person.family_name,
            person.given_name, invitation.id,
        )
    )  # fmt: skip


def _invitation_row(row: Any) -> InvitationRow:
    try:
        local_start = to_local(row.starts_at, row.zone) if row.zone else None
    except DomainError:  # a zone that was typed or imported wrong: the start is shown without it
        local_start = None
    return InvitationRow(
        id=row.id,
        version=row.version,
        meeting_id=row.meeting_id,
        person_id=row.person_id,
        name=_name(row),
        email=row.email,
        partner_id=row.partner_id,
        partner=row.partner_name or row.employer or "",
        country=row.country,
        zone=row.zone,
        local_start=local_start,
        role=row.role,
        answer=row.answer,
        answered_at=row.answered_at,
        comment=row.comment,
        revoked=row.revoked,
        generation=row.generation,
        desk=row.desk,
        checked_at=row.checked_at,
        check=row.verdict or "",
        check_problems=tuple((row.report or {}).get("problems", ())),
        required=row.required,
        writes_minutes=row.writes_minutes,
        sent_at=row.sent_at,
        proposal=proposal_of(row.proposal),
    )


def _name(row: Any) -> str:
    return f"{row.given_name or ''} {row.family_name or ''}".strip()
