"""What typed lines of a meeting are read with: its people, partners, plan and day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from projectdesk.domain.rules.typed_dates import DueFrame
from projectdesk.domain.rules.typed_lines import Reading
from projectdesk.domain.rules.typed_vocabulary import Label, Mark, Name, Vocabulary
from projectdesk.errors import NotFound
from projectdesk.services.queries.names import partner_name, person_name
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.line_words import LineLabel, LineName, LineWords
from projectdesk.store import schema


def line_reading(workspace: Workspace, meeting_id: UUID) -> Reading:
    """Return what typed lines of a meeting are read with.

    Raises:
        NotFound: no such meeting.
    """
    with workspace.read() as session:
        return reading_of(session, meeting_id)


def line_words(workspace: Workspace, meeting_id: UUID) -> LineWords:
    """Return what writers in the call are told: who is invited, partners, the plan; no addresses.

    Raises:
        NotFound: no such meeting.
    """
    reading = line_reading(workspace, meeting_id)
    vocabulary, frame = reading.vocabulary, reading.frame
    return LineWords(
        meeting_day=frame.meeting_day.isoformat(),
        project_start=frame.project_start.isoformat() if frame.project_start else None,
        project_months=frame.project_months,
        names=[
            LineName(
                mark=name.mark.value,
                name=vocabulary.written(name.id) or name.name,
                aliases=[each for each in name.aliases if "@" not in each],
                detail=name.detail,
            )
            for name in vocabulary.names
            if name.invited
        ],
        labels=[
            LineLabel(mark=label.mark.value, label=label.label, title=label.title)
            for label in vocabulary.labels
        ],
    )


def reading_of(session: Session, meeting_id: UUID) -> Reading:
    """Return it within a query or a change."""
    meeting, project = schema.meeting.c, schema.project.c
    row = session.execute(
        select(meeting.local_start, meeting.project_id, project.start_date, project.duration_months)
        .join_from(schema.meeting, schema.project)
        .where(meeting.id == meeting_id)
    ).first()
    if row is None:
        raise NotFound("not_found", "This meeting does not exist any more.", noun="meeting")
    partners = _partners(session, row.project_id)
    names = [*_people(session, meeting_id, row.project_id, partners), *partners.values()]
    frame = DueFrame(row.local_start.date(), row.start_date, row.duration_months)
    return Reading(Vocabulary(names, _labels(session, row.project_id)), frame)


def _partners(session: Session, project_id: UUID) -> dict[UUID, Name]:
    partner, organisation = schema.partner, schema.organisation
    rows = session.execute(
        select(
            partner.c.id,
            partner_name(partner, organisation).label("name"),
            organisation.c.short_name,
            organisation.c.legal_name,
        )
        .join_from(partner, organisation)
        .where(partner.c.project_id == project_id)
        .order_by(partner.c.position, partner.c.id)
    )
    return {
        row.id: Name(
            row.id,
            Mark.PARTNER,
            row.name,
            tuple(each for each in (row.short_name, row.legal_name) if each),
        )
        for row in rows
    }


def _people(
    session: Session, meeting_id: UUID, project_id: UUID, partners: dict[UUID, Name]
) -> Iterator[Name]:
    """Yield who is invited, is of the project, or owns an action of it; in order of names."""
    person, membership = schema.person.c, schema.membership.c
    invitation, action = schema.invitation.c, schema.action.c
    invited: dict[UUID, UUID | None] = _by_person(
        session,
        select(invitation.person_id, invitation.partner_id).where(
            invitation.meeting_id == meeting_id, invitation.revoked.is_(False)
        ),
    )
    members = _by_person(
        session,
        select(membership.person_id, membership.partner_id).where(
            membership.project_id == project_id
        ),
    )
    owners = _by_person(
        session,
        select(
            action.owner_person_id.label("person_id"), action.owner_partner_id.label("partner_id")
        ).where(action.project_id == project_id, action.owner_person_id.is_not(None)),
    )
    every = {**owners, **members, **invited}
    rows = session.execute(
        select(person.id, person.given_name, person.family_name, person.email)
        .where(person.id.in_(every))
        .order_by(person.family_name, person.given_name, person.id)
    )
    for row in rows:
        partner_id = invited.get(row.id) or members.get(row.id) or owners.get(row.id)
        partner = partners.get(partner_id) if partner_id else None
        name = person_name(row)
        if name:
            yield Name(
                row.id,
                Mark.PERSON,
                name,
                tuple(each for each in (row.given_name, row.family_name, row.email) if each),
                partner.name if partner else "",
                partner.id if partner else None,
                row.id in invited,
            )


def _by_person(session: Session, query: Any) -> dict[UUID, UUID | None]:
    return {row.person_id: row.partner_id for row in session.execute(query)}


def _labels(session: Session, project_id: UUID) -> Iterable[Label]:
    package = schema.work_package.c
    query: Select[Any] = (
        select(package.id, package.number, package.title)
        .where(package.project_id == project_id)
        .order_by(package.number, package.id)
    )
    for row in session.execute(query):
        yield Label(row.id, Mark.WORK_PACKAGE, f"WP{row.number}", row.title)
    of_packages = ((Mark.TASK, "T", schema.task), (Mark.DELIVERABLE, "D", schema.deliverable))
    for mark, prefix, table in of_packages:
        column = table.c
        query = (
            select(column.id, package.number.label("of"), column.number, column.title)
            .add_columns(package.id.label("package_id"))
            .join_from(table, schema.work_package, column.work_package_id == package.id)
            .where(package.project_id == project_id)
            .order_by(package.number, column.number, column.id)
        )
        for row in session.execute(query):
            yield Label(row.id, mark, f"{prefix}{row.of}.{row.number}", row.title, row.package_id)
    of_project = ((Mark.MILESTONE, "MS", schema.milestone), (Mark.RISK, "R", schema.risk))
    for mark, prefix, table in of_project:
        column = table.c
        query = (
            select(column.id, column.number, column.title)
            .where(column.project_id == project_id)
            .order_by(column.number, column.id)
        )
        for row in session.execute(query):
            yield Label(row.id, mark, f"{prefix}{row.number}", row.title)
