"""Read documents, and what they can be attached to."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from projectdesk.domain.meetings import ItemKind
from projectdesk.domain.voting import VoteSetting
from projectdesk.services.document_rows import AttachedRow, OwnerRow
from projectdesk.services.document_store import document_path, shared_among
from projectdesk.services.queries.names import partner_names
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def attached_documents(workspace: Workspace, project_id: UUID) -> list[AttachedRow]:
    """Return the documents of a project and of all that is in it, newest first."""
    return _attached(workspace, project_id, schema.document.c.project_id == project_id)


def meeting_documents(workspace: Workspace, meeting_id: UUID) -> list[AttachedRow]:
    """Return the documents of a meeting, its chat and its agenda items, newest first."""
    d, item, meeting = schema.document.c, schema.agenda_item.c, schema.meeting.c
    with workspace.read() as session:
        project_id = session.scalar(select(meeting.project_id).where(meeting.id == meeting_id))
    if project_id is None:
        return []
    items = select(item.id).where(item.meeting_id == meeting_id)
    return _attached(
        workspace, project_id, (d.meeting_id == meeting_id) | d.agenda_item_id.in_(items)
    )


def _attached(
    workspace: Workspace, project_id: UUID, condition: ColumnElement[bool]
) -> list[AttachedRow]:
    d = schema.document.c
    query = select(schema.document).where(condition).order_by(d.shared_at.desc(), d.id.desc())
    owners = {(owner.kind, owner.id): owner for owner in document_owners(workspace, project_id)}
    with workspace.read() as session:
        rows = session.execute(query).all()
        elsewhere = [
            row.sha256 for row in rows if document_path(workspace.data, row.sha256) is None
        ]
        shared = shared_among(session.connection(), elsewhere) if elsewhere else set()
    missing = set(elsewhere) - shared
    made = []
    for row in rows:
        kind, owner_id = _owner(row)
        owner = owners.get((kind, owner_id))
        made.append(
            AttachedRow(
                id=row.id,
                version=row.version,
                project_id=row.project_id,
                owner_kind=kind,
                owner_id=owner_id,
                owner="" if owner is None else f"{owner.label} {owner.title}".strip(),
                name=row.name,
                note=row.note,
                size=row.size,
                sha256=row.sha256,
                shared_by=row.shared_by,
                shared_at=row.shared_at,
                here=row.sha256 not in missing,
                from_call=row.file is not None,
            )
        )
    return made


def document_owners(workspace: Workspace, project_id: UUID) -> list[OwnerRow]:
    """Return what documents of a project can be attached to.

    The project first, then its work packages, deliverables, partners, written procedures, and
    meetings with their agenda items.
    """
    parts = (_project, _packages, _deliverables, _partners, _procedures, _meetings)
    with workspace.read() as session:
        return [owner for part in parts for owner in part(session, project_id)]


def _project(session: Session, project_id: UUID) -> Iterator[OwnerRow]:
    project = schema.project.c
    query = select(project.id, project.acronym).where(project.id == project_id)
    for row in session.execute(query):
        yield OwnerRow(Kind.PROJECT, row.id, row.acronym, "")


def _packages(session: Session, project_id: UUID) -> Iterator[OwnerRow]:
    package = schema.work_package.c
    query = (
        select(package.id, package.number, package.title)
        .where(package.project_id == project_id)
        .order_by(package.number, package.id)
    )
    for row in session.execute(query):
        yield OwnerRow(Kind.WORK_PACKAGE, row.id, f"WP{row.number}", row.title)


def _deliverables(session: Session, project_id: UUID) -> Iterator[OwnerRow]:
    package, deliverable = schema.work_package.c, schema.deliverable.c
    query = (
        select(deliverable.id, package.number.label("wp"), deliverable.number, deliverable.title)
        .join_from(schema.deliverable, schema.work_package)
        .where(package.project_id == project_id)
        .order_by(package.number, deliverable.number, deliverable.id)
    )
    for row in session.execute(query):
        yield OwnerRow(Kind.DELIVERABLE, row.id, f"D{row.wp}.{row.number}", row.title)


def _partners(session: Session, project_id: UUID) -> Iterator[OwnerRow]:
    names, partner = partner_names().subquery(), schema.partner.c
    query = (
        select(partner.id, names.c.name)
        .join_from(schema.partner, names, names.c.id == partner.id)
        .where(partner.project_id == project_id)
        .order_by(partner.position, partner.id)
    )
    for row in session.execute(query):
        yield OwnerRow(Kind.PARTNER, row.id, row.name, "")


def _procedures(session: Session, project_id: UUID) -> Iterator[OwnerRow]:
    vote = schema.vote.c
    query = (
        select(vote.id, vote.number, vote.question)
        .where(vote.project_id == project_id, vote.setting == VoteSetting.WRITTEN_PROCEDURE)
        .order_by(vote.number, vote.id)
    )
    for row in session.execute(query):
        yield OwnerRow(Kind.VOTE, row.id, f"V{row.number}", row.question)


def _meetings(session: Session, project_id: UUID) -> Iterator[OwnerRow]:
    """Yield each meeting, the newest first, and its agenda items after it."""
    meeting, item = schema.meeting.c, schema.agenda_item.c
    items: dict[UUID, list[tuple[UUID, str]]] = {}
    of_items = (
        select(item.id, item.meeting_id, item.title)
        .join_from(
            schema.agenda_item,
            schema.meeting,
            schema.meeting.c.id == schema.agenda_item.c.meeting_id,
        )
        .where(meeting.project_id == project_id, item.kind != ItemKind.BREAK)
        .order_by(item.day, item.position, item.id)
    )
    for row in session.execute(of_items):
        of_meeting = items.setdefault(row.meeting_id, [])
        of_meeting.append((row.id, f"{len(of_meeting) + 1}. {row.title}"))
    query = (
        select(meeting.id, meeting.title, meeting.local_start)
        .where(meeting.project_id == project_id)
        .order_by(meeting.starts_at.desc(), meeting.id)
    )
    for row in session.execute(query):
        yield OwnerRow(Kind.MEETING, row.id, row.title, f"{row.local_start:%Y-%m-%d}")
        for identity, title in items.get(row.id, ()):
            yield OwnerRow(Kind.AGENDA_ITEM, identity, row.title, title)


def _owner(row: object) -> tuple[Kind, UUID]:
    for kind, column in OWNERS.items():
        identity = getattr(row, column)
        if identity is not None and kind is not Kind.PROJECT:
            return kind, identity
    identity = getattr(row, OWNERS[Kind.PROJECT])
    return Kind.PROJECT, identity


OWNERS = {
    Kind.AGENDA_ITEM: "agenda_item_id",
    Kind.MEETING: "meeting_id",
    Kind.WORK_PACKAGE: "work_package_id",
    Kind.DELIVERABLE: "deliverable_id",
    Kind.PARTNER: "partner_id",
    Kind.VOTE: "vote_id",
    Kind.PROJECT: "project_id",
}
"""By what kind of thing a document is attached to, the column that names it."""
