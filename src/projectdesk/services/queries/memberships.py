"""Read in which projects a person takes part."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from projectdesk.services.consortium_rows import MembershipRow
from projectdesk.services.queries.consortium import partners
from projectdesk.services.rows import PartnerRow
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def memberships(workspace: Workspace, person_id: UUID) -> list[MembershipRow]:
    """Return a person's parts in projects, by acronym."""
    membership, project = schema.membership, schema.project.c
    query = (
        select(membership, project.acronym)
        .join_from(membership, schema.project)
        .where(membership.c.person_id == person_id)
        .order_by(func.lower(project.acronym), membership.c.id)
    )
    with workspace.read() as session:
        found = session.execute(query).all()
    of_project = {row.project_id: partners(workspace, row.project_id) for row in found}
    return [
        MembershipRow(
            id=row.id,
            version=row.version,
            project_id=row.project_id,
            project=row.acronym,
            partner_id=row.partner_id,
            partner=_name(of_project[row.project_id], row.partner_id),
            function=row.function,
            partners=tuple((each.id, each.short_name) for each in of_project[row.project_id]),
        )
        for row in found
    ]


def project_names(workspace: Workspace, most: int) -> list[tuple[UUID, str]]:
    """Return id and acronym of all projects; none where there are more than `most`."""
    project = schema.project.c
    query = select(project.id, project.acronym).order_by(func.lower(project.acronym))
    with workspace.read() as session:
        found = session.execute(query.limit(most + 1)).all()
    return [(row.id, row.acronym) for row in found] if len(found) <= most else []


def _name(rows: list[PartnerRow], partner_id: UUID | None) -> str:
    return next((row.short_name for row in rows if row.id == partner_id), "")
