"""What a meeting is planned from: the consortium's people and the work plan, read in one unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Project
from projectdesk.domain.meetings import CallRole
from projectdesk.domain.minutes import ActionStatus
from projectdesk.domain.rules.agenda_template import (
    DueRecord,
    OpenAction,
    Plan,
    PlannedWork,
    Presenter,
)
from projectdesk.domain.rules.consortium import coordinates_on, in_order, is_active
from projectdesk.domain.rules.leaders import Candidate, project_manager, work_package_leader
from projectdesk.domain.rules.project_months import last_day, month_of
from projectdesk.domain.workplan import DeliverableStatus
from projectdesk.services.circles import Circle, last_held
from projectdesk.services.documents.languages import language_in
from projectdesk.services.mine import is_me
from projectdesk.services.planning_register import effort_deviations, open_risks
from projectdesk.store import schema

_DELIVERED = (DeliverableStatus.SUBMITTED, DeliverableStatus.ACCEPTED)


@dataclass(frozen=True)
class Guest:
    """Somebody to invite: for which partner (None = external), in which role."""

    person_id: UUID
    partner_id: UUID | None
    role: CallRole


@dataclass(frozen=True)
class _PartnerFacts:
    id: UUID
    short_name: str
    coordinates: bool
    active: bool
    people: tuple[Candidate, ...]


class Consortium:
    """One project's partners with their people by number, as they are on the day of a meeting."""

    def __init__(self, session: Session, project_id: UUID, day: date) -> None:
        self._members = _members(session, project_id)
        self._partners = _partners(session, project_id, self._members, day)
        self._me = session.scalar(select(schema.person.c.id).where(is_me(session)).limit(1))

    @property
    def names(self) -> tuple[str, ...]:
        """Short names of the partners that take part."""
        return tuple(partner.short_name for partner in self._partners if partner.active)

    def short_name(self, partner_id: UUID | None) -> str:
        """Return a partner's short name; "" for none."""
        return next((p.short_name for p in self._partners if p.id == partner_id), "")

    def coordinator(self) -> Presenter:
        """Return who speaks for the coordinator: me if I am of it, else its manager."""
        partner = next((p for p in self._partners if p.coordinates), None)
        people = partner.people if partner else ()
        mine = next((person for person in people if person.person_id == self._me), None)
        chosen = mine or project_manager(people)
        if chosen is not None:
            return Presenter(chosen.person_id, chosen.name)
        return Presenter(None, partner.short_name) if partner else Presenter(self._me)

    def leader(self, partner_id: UUID | None, work_package: int) -> Presenter:
        """Return who presents a work package: its leader, or its lead partner's name."""
        partner = next((p for p in self._partners if p.id == partner_id), None)
        if partner is None:
            return Presenter()
        chosen = work_package_leader(partner.people, work_package)
        if chosen is None:
            return Presenter(None, partner.short_name)
        return Presenter(chosen.person_id, chosen.name)

    def guests(self, plan: Plan, *, board: bool = False, externals: bool = False) -> list[Guest]:
        """Return whom to invite: everybody of every partner, each once, the chair first.

        I chair (or, before I said who I am, the coordinator's manager), the coordinator's manager
        is co-host beside me, leaders of work packages present.

        Args:
            plan: who coordinates and who leads work.
            board: only those.
            externals: also people of no partner, as observers.
        """
        leaders = {work.leader.person_id for work in plan.work_packages}
        manager = plan.coordinator.person_id
        chair = self._me or manager
        partner_of: dict[UUID, UUID | None] = {chair: None} if chair else {}
        for partner in self._partners:
            for person in partner.people if partner.active else ():
                if partner_of.get(person.person_id) is None:
                    partner_of[person.person_id] = partner.id
        outside = {person.person_id for partner_id, person in self._members if partner_id is None}
        if externals:
            partner_of |= {person: None for person in outside if person not in partner_of}

        def role(person: UUID) -> CallRole:
            if person == chair:
                return CallRole.CHAIR
            if person == manager:
                return CallRole.COHOST
            if person in leaders:
                return CallRole.PRESENTER
            return CallRole.OBSERVER if partner_of[person] is None else CallRole.PARTICIPANT

        guests = [Guest(person, partner, role(person)) for person, partner in partner_of.items()]
        if board:
            return [guest for guest in guests if guest.role is not CallRole.PARTICIPANT]
        return guests


def read_plan(
    session: Session,
    project: Project,
    consortium: Consortium,
    circle: Circle,
    day: date,
) -> Plan:
    """Return what the agenda of a meeting on `day` is filled from.

    circle: who meets; of a work package's meeting only what is of it is read.
    """
    month = None if project.start_date is None else max(1, month_of(project.start_date, day))
    packages = _work_packages(session, project.id, consortium)
    subject = next((work for work in packages if work.id == circle.work_package_id), None)
    only = subject.id if subject else None
    return Plan(
        acronym=project.acronym,
        coordinator=consortium.coordinator(),
        partners=consortium.names,
        work_packages=packages,
        deliverables=_deliverables(session, project, consortium, only),
        milestones=_milestones(session, project, consortium, only),
        open_actions=_open_actions(session, project.id, consortium, day, only),
        last_meeting=last_held(session, circle),
        month=month,
        risks=open_risks(session, project.id, only),
        deviations=effort_deviations(session, project.id, only),
        subject=subject,
        language=language_in(session, "agendas"),
    )


def _members(session: Session, project_id: UUID) -> list[tuple[UUID | None, Candidate]]:
    membership, person = schema.membership.c, schema.person.c
    rows = session.execute(
        select(
            membership.partner_id,
            membership.person_id,
            person.given_name,
            person.family_name,
            membership.function,
        )
        .join_from(schema.membership, schema.person)
        .where(membership.project_id == project_id)
        .order_by(person.family_name, person.given_name, membership.id)
    )
    return [
        (partner_id, Candidate(person_id, f"{given} {family}".strip(), function))
        for partner_id, person_id, given, family, function in rows
    ]


def _partners(
    session: Session, project_id: UUID, members: Iterable[tuple[UUID | None, Candidate]], day: date
) -> list[_PartnerFacts]:
    partner = schema.partner.c
    people: dict[UUID | None, list[Candidate]] = {}
    for partner_id, person in members:
        people.setdefault(partner_id, []).append(person)
    rows = session.execute(
        select(schema.partner, schema.organisation.c.legal_name)
        .join_from(schema.partner, schema.organisation)
        .where(partner.project_id == project_id)
        .order_by(partner.position, partner.id)
    )
    return [
        _PartnerFacts(
            id=row.id,
            short_name=row.short_name or row.legal_name,
            coordinates=coordinates_on(row, day),
            active=is_active(row, day),
            people=tuple(people.get(row.id, ())),
        )
        for row in in_order(rows.all())
    ]


def _work_packages(
    session: Session, project_id: UUID, consortium: Consortium
) -> tuple[PlannedWork, ...]:
    work = schema.work_package.c
    rows = session.execute(
        select(work.id, work.number, work.title, work.lead_partner_id, work.start_month)
        .where(work.project_id == project_id)
        .order_by(work.number)
    )
    return tuple(
        PlannedWork(
            id=row.id,
            label=f"WP{row.number}",
            title=row.title,
            lead=consortium.short_name(row.lead_partner_id),
            leader=consortium.leader(row.lead_partner_id, row.number),
            start_month=row.start_month,
        )
        for row in rows
    )


def _due_on(project: Project, month: int) -> date | None:
    return None if project.start_date is None else last_day(project.start_date, month)


def _deliverables(
    session: Session, project: Project, consortium: Consortium, only: UUID | None
) -> tuple[DueRecord, ...]:
    deliverable, work = schema.deliverable.c, schema.work_package.c
    rows = session.execute(
        select(
            deliverable.id,
            work.id.label("work_id"),
            work.number.label("work"),
            deliverable.number,
            deliverable.title,
            func.coalesce(deliverable.lead_partner_id, work.lead_partner_id).label("lead"),
            deliverable.due_month,
        )
        .join_from(schema.deliverable, schema.work_package)
        .where(work.project_id == project.id, deliverable.status.not_in(_DELIVERED))
        .order_by(deliverable.due_month, work.number, deliverable.number)
    )
    return tuple(
        DueRecord(
            label=f"D{row.work}.{row.number}",
            title=row.title,
            lead=consortium.short_name(row.lead),
            due_month=row.due_month,
            due_on=_due_on(project, row.due_month),
            id=row.id,
            leader=consortium.leader(row.lead, row.work),
        )
        for row in rows
        if only in (None, row.work_id)
    )


def _milestones(
    session: Session, project: Project, consortium: Consortium, only: UUID | None
) -> tuple[DueRecord, ...]:
    milestone = schema.milestone.c
    rows = session.execute(
        select(
            milestone.id,
            milestone.number,
            milestone.title,
            milestone.lead_partner_id,
            milestone.due_month,
            milestone.work_package_ids,
        )
        .where(milestone.project_id == project.id, milestone.achieved_on.is_(None))
        .order_by(milestone.due_month, milestone.number)
    )
    return tuple(
        DueRecord(
            label=f"MS{row.number}",
            title=row.title,
            lead=consortium.short_name(row.lead_partner_id),
            due_month=row.due_month,
            due_on=_due_on(project, row.due_month),
            id=row.id,
            leader=Presenter(None, consortium.short_name(row.lead_partner_id)),
        )
        for row in rows
        if only is None or only in row.work_package_ids
    )


def _open_actions(
    session: Session, project_id: UUID, consortium: Consortium, day: date, only: UUID | None
) -> tuple[OpenAction, ...]:
    action, person = schema.action.c, schema.person.c
    of_work = true() if only is None else action.work_package_id == only
    rows = session.execute(
        select(
            action.number,
            action.text,
            person.given_name,
            person.family_name,
            action.owner_partner_id,
            action.due_on,
        )
        .join_from(
            schema.action,
            schema.person,
            schema.person.c.id == schema.action.c.owner_person_id,
            isouter=True,
        )
        .where(action.project_id == project_id, action.status == ActionStatus.OPEN, of_work)
        .order_by(action.due_on.is_(None), action.due_on, action.number)
    )
    return tuple(
        OpenAction(
            label=f"A{row.number}",
            text=row.text,
            owner=f"{row.given_name or ''} {row.family_name or ''}".strip()
            or consortium.short_name(row.owner_partner_id),
            due_on=row.due_on,
            late=row.due_on is not None and row.due_on < day,
        )
        for row in rows
    )
