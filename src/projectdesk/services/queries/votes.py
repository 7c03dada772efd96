"""The votes of meetings: what was asked, how it ended, and how each member voted."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.voting import VoteSetting
from projectdesk.services.procedure_rows import VotingDetail
from projectdesk.services.queries.procedures import detail_in
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def meeting_votes(workspace: Workspace, meeting_id: UUID) -> list[VotingDetail]:
    """Return the votes of a meeting with their seats, by number."""
    return _votes(workspace, meeting_id=meeting_id)


def project_votes(workspace: Workspace, project_id: UUID | None = None) -> list[VotingDetail]:
    """Return all votes that were held in meetings, of one project or of all, by number."""
    return _votes(workspace, project_id=project_id)


def _votes(
    workspace: Workspace, *, meeting_id: UUID | None = None, project_id: UUID | None = None
) -> list[VotingDetail]:
    vote = schema.vote.c
    query = select(vote.id).where(vote.setting == VoteSetting.MEETING)
    if meeting_id is not None:
        query = query.where(vote.meeting_id == meeting_id)
    if project_id is not None:
        query = query.where(vote.project_id == project_id)
    query = query.order_by(vote.project_id, vote.number)
    with workspace.read() as session:
        now = workspace.now()
        return [detail_in(session, each, now) for each in session.scalars(query).all()]
