"""The head of a document: its meeting or project, the consortium's logo, its language."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.meetings import CallRole
from projectdesk.exchange.documents.content import MeetingFacts, Picture, Scope
from projectdesk.exchange.documents.words import words
from projectdesk.services import queries
from projectdesk.services.inviting.logo import find_logo
from projectdesk.services.queries.meetings import organiser
from projectdesk.services.rows import MeetingRow
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def logo_of(
    workspace: Workspace, session: Session, project_id: UUID, language: str
) -> Picture | None:
    """Return the consortium's logo, None = the project has none."""
    found = find_logo(session, workspace.data, project_id)
    if found is None:
        return None
    acronym = session.scalar(
        select(schema.project.c.acronym).where(schema.project.c.id == project_id)
    )
    alt = words(language)("logo", project=acronym)
    return Picture(found.content, found.media_type, alt)


def meeting_facts(workspace: Workspace, meeting: MeetingRow, language: str) -> MeetingFacts:
    """Return the head of a meeting's documents."""
    project = queries.project(workspace, meeting.project_id)
    invited = queries.invitations(workspace, meeting.id)
    zones = {row.zone for row in invited if row.zone}
    with workspace.read() as session:
        logo = logo_of(workspace, session, meeting.project_id, language)
        invitation = schema.invitation.c
        writers = set(
            session.scalars(
                select(invitation.id).where(
                    invitation.meeting_id == meeting.id, invitation.writes_minutes.is_(True)
                )
            )
        )
    return MeetingFacts(
        project=project.acronym,
        project_title=project.title,
        grant_number=project.grant_number,
        title=meeting.title,
        starts_at=meeting.starts_at,
        zone=meeting.zone,
        duration_minutes=meeting.duration_minutes,
        place=meeting.place,
        organiser=organiser(workspace, meeting.project_id),
        zones=tuple(sorted({*zones, meeting.zone})),
        body=meeting.body,
        chair=", ".join(
            named(row.name, row.partner)
            for row in invited
            if row.role is CallRole.CHAIR and not row.revoked
        ),
        writers=tuple(named(row.name, row.partner) for row in invited if row.id in writers),
        logo=logo,
    )


def scope_of(
    workspace: Workspace,
    project_id: UUID,
    language: str,
    *,
    meeting: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Scope:
    """Return the head of a register."""
    project = queries.project(workspace, project_id)
    with workspace.read() as session:
        logo = logo_of(workspace, session, project_id, language)
    return Scope(
        project=project.acronym,
        project_title=project.title,
        grant_number=project.grant_number,
        meeting=meeting,
        since=since,
        until=until,
        logo=logo,
    )


def named(name: str, partner: str) -> str:
    """Return "Ana Sousa (UPORTO)"."""
    return f"{name} ({partner})" if partner else name
