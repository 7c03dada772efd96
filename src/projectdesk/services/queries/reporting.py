"""Read reporting periods, and what each partner states for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import PartnerRole
from projectdesk.domain.effort import StatementState
from projectdesk.domain.rules.consortium import in_order
from projectdesk.domain.rules.effort import planned_share
from projectdesk.domain.rules.project_months import first_day, last_day
from projectdesk.domain.rules.reporting import check_periods, choose_contact, due_on, end_of
from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.errors import NotFound
from projectdesk.services.queries.names import partner_name, person_name
from projectdesk.services.reporting_keys import period_journal_key
from projectdesk.services.reporting_rows import (
    NOTHING,
    ReportingPeriodRow,
    ReportingPeriods,
    StatementLine,
    StatementRow,
)
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_WITHOUT_EFFORT = frozenset({PartnerRole.GRANTING_AUTHORITY, PartnerRole.SUBCONTRACTOR})
"""Roles whose work is not counted in person-months (terms.md)."""
_SAID = frozenset({StatementState.ANSWERED, StatementState.APPROVED})
_Cell = tuple[UUID, UUID]


def reporting_periods(workspace: Workspace, project_id: UUID) -> ReportingPeriods:
    """Return the reporting periods of a project with how far their statements are.

    Raises:
        NotFound: no such project.
    """
    with workspace.read() as session:
        reporting = _Reporting.of(session, project_id, workspace.now())
    duration = reporting.project.duration_months
    spans = [(row.start_month, row.end_month) for row in reporting.periods]
    rows = tuple(reporting.period_row(period) for period in reporting.periods)
    return ReportingPeriods(rows, tuple(check_periods(spans, duration)), duration)


def reporting_period(workspace: Workspace, period_id: UUID) -> ReportingPeriodRow:
    """Return one reporting period.

    Raises:
        NotFound: no such period.
    """
    with workspace.read() as session:
        reporting, period = _around(session, period_id, workspace.now())
        return reporting.period_row(period)


def effort_statements(workspace: Workspace, period_id: UUID) -> list[StatementRow]:
    """Return what each partner states for a period, also of those that were not asked yet.

    A partner is listed that reports effort by its role and takes part in the period, and any other
    that has effort planned or a statement. Its lines are the work packages that run in the period,
    and those it has figures of.

    Raises:
        NotFound: no such period.
    """
    with workspace.read() as session:
        reporting, period = _around(session, period_id, workspace.now())
        return reporting.statement_rows(period)


def period_by_number(workspace: Workspace, project_id: UUID, number: int) -> ReportingPeriodRow:
    """Return a period of a project by its number.

    Raises:
        NotFound: the project has no such period.
    """
    for row in reporting_periods(workspace, project_id).periods:
        if row.number == number:
            return row
    raise NotFound("no_such_period", "There is no reporting period RP{number}.", number=number)


def _around(session: Session, period_id: UUID, now: datetime) -> tuple[_Reporting, Any]:
    period = schema.reporting_period.c
    project_id = session.scalar(select(period.project_id).where(period.id == period_id))
    if project_id is None:
        raise NotFound("no_such_period", "This reporting period does not exist any more.")
    reporting = _Reporting.of(session, project_id, now)
    return reporting, next(row for row in reporting.periods if row.id == period_id)


@dataclass(frozen=True)
class _Reporting:
    """All that statements of one project are computed from, read at once.

    planned: (partner, work package). frozen: the same by period, of those that are frozen, as it
    was then. statements: (period, partner). reported: (statement, work
    package). people: of each partner, in the order of the consortium. heard: of each period whose
    desks a host has, until when that host's journal is known; None = it was not heard yet.
    """

    project: Any
    periods: Sequence[Any]
    packages: Sequence[Any]
    partners: Sequence[Any]
    planned: Mapping[_Cell, Decimal]
    frozen: Mapping[UUID, Mapping[_Cell, Decimal]]
    statements: Mapping[_Cell, Any]
    reported: Mapping[_Cell, Decimal]
    people: Mapping[UUID, Sequence[Any]]
    asked_people: Mapping[UUID, Any]
    heard: Mapping[UUID, datetime | None]
    now: datetime

    @classmethod
    def of(cls, session: Session, project_id: UUID, now: datetime) -> _Reporting:
        """Read a project.

        Raises:
            NotFound: no such project.
        """
        project, period, package = schema.project, schema.reporting_period, schema.work_package
        found = session.execute(select(project).where(project.c.id == project_id)).first()
        if found is None:
            raise NotFound("no_such_project", "This project does not exist.")
        of_project = select(period).where(period.c.project_id == project_id)
        packages = select(package).where(package.c.project_id == project_id)
        statements = _statements(session, project_id)
        periods = session.execute(of_project.order_by(period.c.number, period.c.id)).all()
        return cls(
            project=found,
            periods=periods,
            packages=session.execute(packages.order_by(package.c.number, package.c.id)).all(),
            partners=_partners(session, project_id),
            planned=_planned(session, project_id),
            frozen=_frozen(session, project_id),
            statements=statements,
            reported=_reported(session, project_id),
            people=_people(session, project_id),
            asked_people=_asked_people(session, statements),
            heard=_heard(session, [row.id for row in periods]),
            now=now,
        )

    def period_row(self, period: Any) -> ReportingPeriodRow:
        rows = self.statement_rows(period)
        starts_on, ends_on = self._days(period)
        said = [row for row in rows if row.state in _SAID]
        return ReportingPeriodRow(
            id=period.id,
            version=period.version,
            project_id=period.project_id,
            label=f"RP{period.number}",
            number=period.number,
            start_month=period.start_month,
            end_month=period.end_month,
            starts_on=starts_on,
            ends_on=ends_on,
            due_days=period.due_days,
            due_on=None if ends_on is None else due_on(ends_on, period.due_days),
            frozen_on=period.frozen_on,
            planned=sum((row.planned for row in rows), NOTHING),
            reported=sum((row.reported or NOTHING for row in said), NOTHING),
            partners=len(rows),
            asked=sum(row.asked_at is not None for row in rows),
            answered=len(said),
            approved=sum(row.state is StatementState.APPROVED for row in rows),
            missing=sum(row.missing for row in rows),
            late=sum(row.late > 0 for row in rows),
        )

    def statement_rows(self, period: Any) -> list[StatementRow]:
        rows = (self._statement_row(period, partner) for partner in self.partners)
        return [row for row in rows if row is not None]

    def _statement_row(self, period: Any, partner: Any) -> StatementRow | None:
        statement = self.statements.get((period.id, partner.id))
        lines = self._lines(period, partner.id)
        if statement is None and not self._reports(period, partner, lines):
            return None
        person = self._contact(partner.id, statement)
        state = StatementState.OPEN if statement is None else statement.state
        frozen = period.frozen_on is not None
        late, waiting = (0, False) if frozen else self._lateness(period.id, statement, person)
        return StatementRow(
            id=statement and statement.id,
            version=statement and statement.version,
            partner_id=partner.id,
            number=partner.number,
            partner=partner.name,
            person_id=person and person.id,
            person=person_name(person) if person else "",
            email=person.email if person else "",
            zone=person.zone if person else "",
            state=state,
            desk=statement.desk if statement else "",
            generation=statement.generation if statement else 1,
            deadline=statement and statement.deadline,
            asked_at=statement and statement.asked_at,
            reminded_at=statement and statement.reminded_at,
            answered_at=statement and statement.answered_at,
            decided_at=statement and statement.decided_at,
            comment=statement.comment if statement else "",
            remark=statement.remark if statement else "",
            late=late,
            waiting=waiting,
            lines=lines,
        )

    def _lines(self, period: Any, partner_id: UUID) -> tuple[StatementLine, ...]:
        statement = self.statements.get((period.id, partner_id))
        before = [
            self.statements[other.id, partner_id]
            for other in self.periods
            if other.end_month < period.start_month and (other.id, partner_id) in self.statements
        ]
        counted = [each.id for each in before if each.state in _SAID]
        span = (period.start_month, period.end_month)
        frozen = self.frozen.get(period.id)
        lines = []
        for package in self.packages:
            work = (package.start_month, package.end_month)
            cell = (partner_id, package.id)
            planned = planned_share(self.planned.get(cell, NOTHING), work, span)
            if frozen is not None:
                planned = frozen.get(cell, NOTHING)
            said = None if statement is None else self.reported.get((statement.id, package.id))
            runs = work[0] <= span[1] and span[0] <= work[1]
            runs = runs or (frozen is not None and cell in frozen)
            if not runs and said is None:
                continue
            earlier = sum(
                (self.reported.get((each, package.id), NOTHING) for each in counted), NOTHING
            )
            label = f"WP{package.number}"
            lines.append(StatementLine(package.id, label, package.title, planned, earlier, said))
        return tuple(lines)

    def _reports(self, period: Any, partner: Any, lines: Sequence[StatementLine]) -> bool:
        if any(line.planned for line in lines):
            return True
        starts_on, ends_on = self._days(period)
        if starts_on is not None and ends_on is not None:
            gone = partner.active_to is not None and partner.active_to < starts_on
            later = partner.active_from is not None and partner.active_from > ends_on
            if gone or later:
                return False
        return partner.role not in _WITHOUT_EFFORT

    def _contact(self, partner_id: UUID, statement: Any) -> Any:
        if statement is not None and statement.person_id is not None:
            return self.asked_people.get(statement.person_id)
        people = self.people.get(partner_id, ())
        chosen = choose_contact([row.function for row in people])
        return None if chosen is None else people[chosen]

    def _lateness(self, period_id: UUID, statement: Any, person: Any) -> tuple[int, bool]:
        """Return days late, and whether the host has to be heard before that can be said."""
        asked = {StatementState.ASKED, StatementState.SENT_BACK}
        if statement is None or statement.state not in asked or statement.deadline is None:
            return 0, False
        zone = zone_of((person and person.zone) or "UTC")
        over = end_of(statement.deadline, zone)
        if self.now <= over:
            return 0, False
        if period_id in self.heard:
            until = self.heard[period_id]
            if until is None or until <= over:
                return 0, True
        return max(1, (self.now.astimezone(zone).date() - statement.deadline).days), False

    def _days(self, period: Any) -> tuple[date | None, date | None]:
        start = self.project.start_date
        if start is None:
            return None, None
        return first_day(start, period.start_month), last_day(start, period.end_month)


def _heard(session: Session, periods: Sequence[UUID]) -> dict[UUID, datetime | None]:
    setting, cursor = schema.setting.c, schema.journal_cursor.c
    keys = {period_journal_key(each): each for each in periods}
    query = select(setting.key, setting.value).where(setting.key.in_(keys))
    journals = {keys[row.key]: UUID(row.value) for row in session.execute(query)}
    known = select(cursor.journal, cursor.collected_until).where(
        cursor.journal.in_(journals.values())
    )
    until = {row.journal: row.collected_until for row in session.execute(known)}
    return {period: until.get(journal) for period, journal in journals.items()}


def _partners(session: Session, project_id: UUID) -> Sequence[Any]:
    """Return the partners by number, each followed by those that belong to it."""
    partner, organisation = schema.partner, schema.organisation
    query = (
        select(partner, partner_name(partner, organisation).label("name"))
        .join_from(partner, organisation)
        .where(partner.c.project_id == project_id)
        .order_by(partner.c.position, partner.c.id)
    )
    return in_order(session.execute(query).all())


def _planned(session: Session, project_id: UUID) -> dict[_Cell, Decimal]:
    effort, package = schema.effort, schema.work_package
    query = (
        select(effort)
        .join(package, package.c.id == effort.c.work_package_id)
        .where(package.c.project_id == project_id)
    )
    return {(row.partner_id, row.work_package_id): row.months for row in session.execute(query)}


def _frozen(session: Session, project_id: UUID) -> dict[UUID, dict[_Cell, Decimal]]:
    """Return the planned shares of frozen periods; one frozen before they were kept has none."""
    share, period = schema.planned_share, schema.reporting_period
    query = (
        select(share)
        .join(period, period.c.id == share.c.period_id)
        .where(period.c.project_id == project_id)
    )
    kept: dict[UUID, dict[_Cell, Decimal]] = {}
    for row in session.execute(query):
        kept.setdefault(row.period_id, {})[row.partner_id, row.work_package_id] = row.months
    return kept


def _statements(session: Session, project_id: UUID) -> dict[_Cell, Any]:
    statement, period = schema.effort_statement, schema.reporting_period
    query = (
        select(statement)
        .join(period, period.c.id == statement.c.period_id)
        .where(period.c.project_id == project_id)
    )
    return {(row.period_id, row.partner_id): row for row in session.execute(query)}


def _reported(session: Session, project_id: UUID) -> dict[_Cell, Decimal]:
    reported, package = schema.reported_effort, schema.work_package
    query = (
        select(reported)
        .join(package, package.c.id == reported.c.work_package_id)
        .where(package.c.project_id == project_id)
    )
    return {(row.statement_id, row.work_package_id): row.months for row in session.execute(query)}


def _people(session: Session, project_id: UUID) -> dict[UUID, list[Any]]:
    """Return the people of each partner; those without an address come last."""
    membership, person = schema.membership, schema.person
    query = (
        select(person, membership.c.partner_id, membership.c.function)
        .join(membership, membership.c.person_id == person.c.id)
        .where(membership.c.project_id == project_id, membership.c.partner_id.is_not(None))
        .order_by(person.c.email == "", person.c.family_name, person.c.given_name, person.c.id)
    )
    found: dict[UUID, list[Any]] = {}
    for row in session.execute(query):
        found.setdefault(row.partner_id, []).append(row)
    return found


def _asked_people(session: Session, statements: Mapping[_Cell, Any]) -> dict[UUID, Any]:
    ids = {row.person_id for row in statements.values() if row.person_id is not None}
    query = select(schema.person).where(schema.person.c.id.in_(ids))
    return {row.id: row for row in session.execute(query)}
