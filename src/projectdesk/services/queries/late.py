"""What of the work plans is late or due soon, by whom, and whom to ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from projectdesk.domain.rules.deliverables import HANDED_IN, Awaited, Step, awaited
from projectdesk.domain.rules.deliverables import milestone_awaited as of_milestone
from projectdesk.domain.rules.leaders import Candidate, work_package_leader
from projectdesk.services.mine import is_me
from projectdesk.services.plan_rows import LateRow
from projectdesk.services.queries.names import partner_names, person_name
from projectdesk.services.queries.workplan import deliverable_query, deliverable_row, due_on
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

AHEAD_DAYS = 30
"""How far ahead what is due is shown."""


def late_items(
    workspace: Workspace, project_id: UUID | None, today: date, *, ahead_days: int = AHEAD_DAYS
) -> list[LateRow]:
    """Return the deliverables and milestones that are late or due soon, the latest first.

    Args:
        workspace: the open database.
        project_id: of which project, None = of all.
        today: the date where the person is.
        ahead_days: how many days ahead count as soon; 0 = only what is late or due today.
    """
    with workspace.read() as session:
        people = _People(session, project_id)
        rows = [
            *_deliverables(session, project_id, today, people),
            *_milestones(session, project_id, today, people),
        ]
    near = [row for row in rows if row.days >= -ahead_days]
    return sorted(near, key=lambda row: (-row.days, row.project, row.label))


@dataclass(frozen=True)
class _Contact:
    person_id: UUID | None = None
    person: str = ""
    email: str = ""


class _People:
    """Who answers for what: the people of the partners, and me."""

    def __init__(self, session: Session, project_id: UUID | None) -> None:
        membership, person = schema.membership.c, schema.person.c
        query = (
            select(
                membership.partner_id,
                membership.person_id,
                membership.function,
                person.given_name,
                person.family_name,
                person.email,
            )
            .join_from(schema.membership, schema.person)
            .where(membership.partner_id.is_not(None))
            .order_by(person.family_name, person.given_name, membership.id)
        )
        if project_id is not None:
            query = query.where(membership.project_id == project_id)
        self._of: dict[UUID, list[Candidate]] = {}
        self._email: dict[UUID, str] = {}
        for row in session.execute(query):
            candidate = Candidate(row.person_id, person_name(row), row.function)
            self._of.setdefault(row.partner_id, []).append(candidate)
            self._email[row.person_id] = row.email
        self.me = session.scalar(select(person.id).where(is_me(session)).limit(1))

    def leader(self, partner_id: UUID | None, work_package: int) -> _Contact:
        """Return who leads a work package at its lead partner."""
        if partner_id is None:
            return _Contact()
        chosen = work_package_leader(self._of.get(partner_id, ()), work_package)
        if chosen is None:
            return _Contact()
        return _Contact(chosen.person_id, chosen.name, self._email[chosen.person_id])


def _deliverables(
    session: Session, project_id: UUID | None, today: date, people: _People
) -> Iterable[LateRow]:
    package, reviewer = schema.work_package, schema.person.alias("late_reviewer")
    package_lead = partner_names().subquery("package_lead")
    query = (
        deliverable_query()
        .add_columns(
            schema.project.c.acronym,
            package.c.lead_partner_id.label("package_lead_id"),
            package_lead.c.name.label("package_lead"),
            reviewer.c.given_name,
            reviewer.c.family_name,
            reviewer.c.email,
        )
        .outerjoin(package_lead, package_lead.c.id == package.c.lead_partner_id)
        .outerjoin(reviewer, reviewer.c.id == schema.deliverable.c.reviewer_id)
        .where(schema.deliverable.c.status.not_in(list(HANDED_IN)))
    )
    for row in session.execute(_within(query, project_id)):
        shown = deliverable_row(row)
        found = awaited(shown, today)
        if found is None:
            continue
        own = row.lead_partner_id is not None
        partner_id = row.lead_partner_id if own else row.package_lead_id
        contact = people.leader(partner_id, row.wp)
        if found.step is Step.REVIEW and row.reviewer_id is not None:
            contact = _Contact(row.reviewer_id, person_name(row), row.email)
        yield _late_row(
            row,
            Kind.DELIVERABLE,
            found,
            contact,
            people.me,
            label=shown.label,
            work_package=shown.work_package,
            status=shown.status,
            partner_id=partner_id,
            partner=(row.lead if own else row.package_lead) or "",
        )


def _milestones(
    session: Session, project_id: UUID | None, today: date, people: _People
) -> Iterable[LateRow]:
    milestone = schema.milestone
    packages = _packages(session, project_id)
    lead = partner_names().subquery()
    query = (
        select(
            milestone,
            schema.project.c.acronym,
            schema.project.c.start_date,
            lead.c.name.label("lead"),
        )
        .join(schema.project, schema.project.c.id == milestone.c.project_id)
        .outerjoin(lead, lead.c.id == milestone.c.lead_partner_id)
        .where(milestone.c.achieved_on.is_(None))
    )
    for row in session.execute(_within(query, project_id)):
        found = of_milestone(due_on(row.start_date, row.due_month), row.achieved_on, today)
        if found is None:
            continue
        related = sorted(
            (packages[each] for each in row.work_package_ids if each in packages),
            key=lambda each: int(each.number),
        )
        first = related[0] if related else None
        own = row.lead_partner_id is not None or first is None
        partner_id = row.lead_partner_id if own else first and first.lead_partner_id
        yield _late_row(
            row,
            Kind.MILESTONE,
            found,
            people.leader(partner_id, first.number if first else 0),
            people.me,
            label=f"MS{row.number}",
            work_package=", ".join(f"WP{each.number}" for each in related),
            status=None,
            partner_id=partner_id,
            partner=(row.lead if own else first and first.lead) or "",
        )


def _packages(session: Session, project_id: UUID | None) -> Mapping[UUID, Any]:
    package = schema.work_package.c
    lead = partner_names().subquery()
    query = select(
        package.id, package.number, package.lead_partner_id, lead.c.name.label("lead")
    ).outerjoin_from(schema.work_package, lead, lead.c.id == package.lead_partner_id)
    if project_id is not None:
        query = query.where(package.project_id == project_id)
    return {row.id: row for row in session.execute(query)}


def _within(query: Select[Any], project_id: UUID | None) -> Select[Any]:
    query = query.where(schema.project.c.start_date.is_not(None))
    return query if project_id is None else query.where(schema.project.c.id == project_id)


def _late_row(
    row: Any, kind: Kind, found: Awaited, contact: _Contact, me: UUID | None, **told: Any
) -> LateRow:
    return LateRow(
        kind=kind,
        id=row.id,
        version=row.version,
        project_id=row.project_id,
        project=row.acronym,
        title=row.title,
        step=found.step,
        due_on=found.due_on,
        days=found.days,
        expected_on=row.expected_on,
        person_id=contact.person_id,
        person=contact.person,
        email=contact.email,
        mine=me is not None and contact.person_id == me,
        **told,
    )
