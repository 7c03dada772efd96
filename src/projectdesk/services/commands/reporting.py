"""Reporting periods: make them, ask partners for their effort, approve, send back, freeze.

A statement comes about when a partner is asked, or when its figures are entered by hand. What was
asked, sent back or frozen is known outside, so it cannot be undone (decisions 16).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.consortium import Partner, Project
from projectdesk.domain.effort import (
    EffortStatement,
    PlannedShare,
    ReportedEffort,
    ReportingPeriod,
    StatementState,
)
from projectdesk.domain.identity import new_public_id
from projectdesk.domain.rules import reporting as rules
from projectdesk.domain.rules import validation
from projectdesk.domain.workplan import WorkPackage
from projectdesk.errors import DomainError
from projectdesk.services import dependents
from projectdesk.services.editing import add_record
from projectdesk.services.labels import name_of
from projectdesk.services.meeting_hosts import THIS_COMPUTER, default_host
from projectdesk.services.queries.reporting import effort_statements
from projectdesk.services.reporting_keys import period_host_key
from projectdesk.services.reporting_rows import StatementRow
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.session import Unit
from projectdesk.services.unit_settings import keep, kept
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

COMMENT_LIMIT: Final = 2000
"""Longest comment and remark in characters, as on the page of a personal link."""


def add_reporting_period(
    workspace: Workspace,
    project_id: UUID,
    start_month: int | None = None,
    end_month: int | None = None,
) -> tuple[UUID, Changes]:
    """Add one reporting period; months that are left out follow on the last one, 18 at most.

    Returns:
        Its id, and what changed.

    Raises:
        NotFound: no such project.
        DomainError: `periods_overlap`, or the months are none of the project (fact `field`).
    """
    with workspace.change("Add a reporting period") as unit:
        project = unit.get(Project, project_id)
        last = max((period.end_month for period in _periods(unit, project_id)), default=0)
        start = last + 1 if start_month is None else start_month
        end = end_month
        if end is None:
            end = start + rules.USUAL_PERIOD_MONTHS - 1
            end = min(end, max(project.duration_months or end, start))
        values = {"project_id": project_id, "start_month": start, "end_month": end}
        period = add_record(unit, Kind.REPORTING_PERIOD, values)
        unit.label = f"Add {name_of(unit.session, period)}"
    return period.id, unit.changes


def divide_into_periods(
    workspace: Workspace, project_id: UUID, *, count: int | None = None, every: int | None = None
) -> Changes:
    """Divide a project into reporting periods, in the place of periods that nobody used yet.

    Args:
        workspace: the open data.
        project_id: which project.
        count: into so many of about the same length; or
        every: so many months each.

    Raises:
        NotFound: no such project.
        DomainError: `no_duration`; `bad_division`; `periods_in_use`, a partner was asked already.
    """
    with workspace.change("Divide the project into reporting periods") as unit:
        project = unit.get(Project, project_id)
        if project.duration_months is None:
            raise DomainError("no_duration", "Say first how many months the project has.")
        duration = project.duration_months
        if count is not None:
            spans = rules.divide(duration, count)
        else:
            spans = rules.every(duration, every or rules.USUAL_PERIOD_MONTHS)
        for period in _periods(unit, project_id):
            _take_away(unit, period)
        unit.session.flush()
        for number, (start, end) in enumerate(spans, 1):
            add_record(
                unit,
                Kind.REPORTING_PERIOD,
                {
                    "project_id": project_id,
                    "number": number,
                    "start_month": start,
                    "end_month": end,
                },
            )
            unit.session.flush()
    return unit.changes


def ask_effort(
    workspace: Workspace,
    period_id: UUID,
    partner_ids: Sequence[UUID],
    deadline: date,
    host: str | None = None,
) -> tuple[list[UUID], Changes]:
    """Ask partners for their effort in a period: each gets a statement with a personal link.

    Who answered already keeps that; who was asked before keeps the link, with the new deadline.

    Args:
        workspace: the open data.
        period_id: which period.
        partner_ids: whom.
        deadline: the last day on which an answer counts, where the asked person is.
        host: where the links lead, as of `Meeting.host`; None = where this period's lead already,
            else where new meetings are held (also once that is no longer this computer).

    Returns:
        The statements' ids in the order of the partners, and what changed.

    Raises:
        NotFound: no such period.
        DomainError: `period_frozen`; `deadline_over`; `no_partner_of_period`.
    """
    known = {row.partner_id: row for row in effort_statements(workspace, period_id)}
    place = default_host(workspace) if host is None else host
    with workspace.change("Ask for effort", undoable=False) as unit:
        period = unit.get(ReportingPeriod, period_id)
        _check_deadline(unit, deadline)
        asked = []
        for partner_id in partner_ids:
            if partner_id not in known:
                raise DomainError(
                    "no_partner_of_period", "This partner does not report for this period."
                )
            statement = _statement(unit, period_id, known[partner_id])
            if statement.state in {StatementState.ANSWERED, StatementState.APPROVED}:
                asked.append(statement.id)
                continue
            statement.deadline = deadline
            statement.person_id = statement.person_id or known[partner_id].person_id
            statement.asked_at = statement.asked_at or unit.now
            if statement.state is StatementState.OPEN:
                statement.state = StatementState.ASKED
            asked.append(statement.id)
        _keep_host(unit, period_id, place, anew=host is not None)
        names = f"{len(asked)} partners" if len(asked) != 1 else known[partner_ids[0]].partner
        unit.label = f"Ask {names} for effort in {name_of(unit.session, period)}"
    return asked, unit.changes


def enter_effort(
    workspace: Workspace,
    period_id: UUID,
    partner_id: UUID,
    figures: Mapping[UUID, Decimal | None],
    comment: str | None = None,
) -> Changes:
    """Enter a partner's figures by hand: it mailed them, or they were corrected by telephone.

    The statement is answered then; who uses the link sees these figures.

    Args:
        workspace: the open data.
        period_id: which period.
        partner_id: whose figures.
        figures: work package to person-months; None takes a figure away.
        comment: the partner's; None = as it is.

    Raises:
        NotFound: no such period or work package.
        DomainError: `period_frozen`; `bad_person_months`; `no_partner_of_period`; `is_approved`.
    """
    known = {row.partner_id: row for row in effort_statements(workspace, period_id)}
    if partner_id not in known:
        raise DomainError("no_partner_of_period", "This partner does not report for this period.")
    with workspace.change("Enter effort") as unit:
        period = unit.get(ReportingPeriod, period_id)
        statement = _statement(unit, period_id, known[partner_id])
        if statement.state is StatementState.APPROVED:
            raise DomainError("is_approved", "These figures are approved. Send them back first.")
        put_figures(unit, statement, period.project_id, figures)
        if comment is not None:
            statement.comment = validation.prose(comment, "comment", limit=COMMENT_LIMIT)
        statement.state = StatementState.ANSWERED
        statement.answered_at = unit.now
        unit.session.flush()
        unit.label = f"Enter effort of {name_of(unit.session, statement)}"
    return unit.changes


def approve_effort(workspace: Workspace, statement_ids: Sequence[UUID]) -> Changes:
    """Approve statements that were answered: their figures are in the report.

    Raises:
        NotFound: no such statement.
        DomainError: `not_answered`; `period_frozen`.
    """

    def approve(unit: Unit, statement: EffortStatement) -> None:
        if statement.state is StatementState.APPROVED:
            return
        if statement.state is not StatementState.ANSWERED:
            raise DomainError(
                "not_answered",
                "{statement}: there are no figures to approve.",
                statement=name_of(unit.session, statement),
            )
        statement.state = StatementState.APPROVED
        statement.decided_at = unit.now
        statement.remark = ""

    return _decide(workspace, "Approve effort", statement_ids, approve)


def send_back_effort(
    workspace: Workspace, statement_id: UUID, remark: str, deadline: date
) -> Changes:
    """Send a statement back: its link takes figures again, and shows why.

    Args:
        workspace: the open data.
        statement_id: which; answered, or approved by mistake.
        remark: what is to be corrected; the partner reads it.
        deadline: the new last day.

    Raises:
        NotFound: no such statement.
        DomainError: `required` (fact `field` remark); `deadline_over`; `not_answered`;
            `period_frozen`.
    """

    def send_back(unit: Unit, statement: EffortStatement) -> None:
        if statement.answered_at is None:
            raise DomainError("not_answered", "Nothing was answered that could be sent back.")
        _check_deadline(unit, deadline)
        statement.remark = validation.prose(remark, "remark", required=True, limit=COMMENT_LIMIT)
        statement.state = StatementState.SENT_BACK
        statement.decided_at = unit.now
        statement.deadline = deadline
        statement.asked_at = statement.asked_at or unit.now

    return _decide(workspace, "Send back effort", [statement_id], send_back, undoable=False)


def remind_effort(workspace: Workspace, statement_ids: Sequence[UUID]) -> Changes:
    """Note that partners were reminded just now; those that answered meanwhile are passed over.

    Raises:
        NotFound: no such statement.
        DomainError: `not_asked`; `period_frozen`.
    """

    def remind(unit: Unit, statement: EffortStatement) -> None:
        if statement.asked_at is None:
            raise DomainError("not_asked", "Ask for the figures first.")
        if statement.state in {StatementState.ASKED, StatementState.SENT_BACK}:
            statement.reminded_at = unit.now

    return _decide(workspace, "Remind of effort", statement_ids, remind, undoable=False)


def renew_effort_link(workspace: Workspace, statement_id: UUID) -> Changes:
    """Issue a statement's link anew: the old one ends (it may be in wrong hands).

    Raises:
        NotFound: no such statement.
        DomainError: `period_frozen`.
    """

    def renew(_unit: Unit, statement: EffortStatement) -> None:
        statement.generation += 1

    return _decide(workspace, "Renew the link of", [statement_id], renew, undoable=False)


def freeze_period(workspace: Workspace, period_id: UUID) -> Changes:
    """Freeze a period: its months, statements and figures never change again.

    There is no way back, so say so before. Its links only show what was reported. The planned
    shares of the period are kept as they are now, whatever becomes of the plan.

    Raises:
        NotFound: no such period.
        DomainError: `period_frozen`, it is already.
    """
    statements = effort_statements(workspace, period_id)
    with workspace.change("Freeze a reporting period", undoable=False) as unit:
        period = unit.get(ReportingPeriod, period_id)
        unit.session.add_all(
            PlannedShare(
                period_id=period_id,
                partner_id=statement.partner_id,
                work_package_id=line.work_package_id,
                months=line.planned,
            )
            for statement in statements
            for line in statement.lines
            if line.planned
        )
        period.frozen_on = unit.now.date()
        unit.label = f"Freeze {name_of(unit.session, period)}"
    return unit.changes


def put_figures(
    unit: Unit,
    statement: EffortStatement,
    project_id: UUID,
    figures: Mapping[UUID, Decimal | None],
) -> None:
    """Write figures of a statement; work packages that are not named stay as they are.

    Raises:
        NotFound: no such work package.
        DomainError: `bad_person_months`; `other_project`.
    """
    query = select(ReportedEffort).where(schema.reported_effort.c.statement_id == statement.id)
    present = {row.work_package_id: row for row in unit.session.scalars(query)}
    for work_package_id, months in figures.items():
        package = unit.get(WorkPackage, work_package_id)
        if package.project_id != project_id:
            raise DomainError("other_project", "This work package is another project's.")
        row = present.get(work_package_id)
        if months is None:
            if row is not None:
                unit.delete(row)
            continue
        exact = validation.person_months(months, f"WP{package.number}")
        if row is not None:
            row.months = exact
        else:
            unit.add(
                ReportedEffort(
                    statement_id=statement.id, work_package_id=work_package_id, months=exact
                )
            )


# --- inside ---------------------------------------------------------------------------------------


def _decide(
    workspace: Workspace,
    what: str,
    statement_ids: Sequence[UUID],
    decide: Callable[[Unit, EffortStatement], None],
    *,
    undoable: bool = True,
) -> Changes:
    with workspace.change(what, undoable=undoable, in_turn=True) as unit:
        name = ""
        for statement_id in statement_ids:
            statement = unit.get(EffortStatement, statement_id)
            name = name_of(unit.session, statement)
            decide(unit, statement)
        many = f"{len(statement_ids)} statements"
        unit.label = f"{what} {name if len(statement_ids) == 1 else many}"
    return unit.changes


def _periods(unit: Unit, project_id: UUID) -> Iterable[ReportingPeriod]:
    table = schema.reporting_period.c
    query = select(ReportingPeriod).where(table.project_id == project_id).order_by(table.number)
    return unit.session.scalars(query).all()


def _take_away(unit: Unit, period: ReportingPeriod) -> None:
    table = schema.effort_statement.c
    used = select(table.id).where(table.period_id == period.id).limit(1)
    if period.frozen_on is not None or unit.session.execute(used).first() is not None:
        raise DomainError(
            "periods_in_use",
            "RP{number} has statements of partners. Change its months, or delete it first.",
            number=period.number,
        )
    plan = dependents.plan_deletion(unit.session, Kind.REPORTING_PERIOD, period.id)
    dependents.carry_out(unit.session, plan)


def _statement(unit: Unit, period_id: UUID, row: StatementRow) -> EffortStatement:
    """Return the statement of a partner for a period, made when it is the first time."""
    table = schema.effort_statement.c
    query = select(EffortStatement).where(
        table.period_id == period_id, table.partner_id == row.partner_id
    )
    found = unit.session.scalars(query).first()
    if found is None:
        unit.get(Partner, row.partner_id)
        found = EffortStatement(
            period_id=period_id,
            partner_id=row.partner_id,
            person_id=row.person_id,
            desk=new_public_id(),
        )
        unit.add(found)
    return found


def _check_deadline(unit: Unit, deadline: date) -> None:
    if deadline < unit.now.date():
        raise validation.refuse("deadline_over", "deadline", "This day is over.")


def _keep_host(unit: Unit, period_id: UUID, host: str, *, anew: bool) -> None:
    """Remember where the links of a period lead; they stay there unless told otherwise.

    Links to this computer open for nobody else: they move as soon as meetings are held elsewhere.
    """
    key = period_host_key(period_id)
    if kept(unit.session, key) in {None, THIS_COMPUTER} or anew:
        keep(unit.session, key, host)
