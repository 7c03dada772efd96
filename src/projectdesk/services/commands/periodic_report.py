"""Write the tables of a periodic report to a file."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from projectdesk.domain.effort import StatementState
from projectdesk.errors import DomainError
from projectdesk.exchange.documents.periodic_content import (
    DueLine,
    EffortCell,
    PeriodicContent,
    RiskState,
)
from projectdesk.exchange.documents.words import ENGLISH, Words, begun, words
from projectdesk.services import queries
from projectdesk.services.commands.documents import write_outline
from projectdesk.services.documents.languages import document_language
from projectdesk.services.queries.plan import risks
from projectdesk.services.queries.reporting import (
    effort_statements,
    reporting_period,
    reporting_periods,
)
from projectdesk.services.reporting_rows import NOTHING, ReportingPeriodRow, StatementRow
from projectdesk.services.whole_files import whole
from projectdesk.services.workspace import Workspace

_SAID = frozenset({StatementState.ANSWERED, StatementState.APPROVED})
_FORMATS = ("docx", "xlsx", "pdf", "md")
_Key = tuple[UUID, UUID]


def export_periodic_report(
    workspace: Workspace, period_id: UUID, out: Path, form: str = "", language: str = ""
) -> Path:
    """Write the tables of the periodic report of a period and return the file's path.

    Effort per partner and work package (of the period and since the start; planned, reported,
    deviation), deliverables and milestones that are due, the state of the risks. Figures that were
    not answered, or were sent back, are not in it; the document says whose.

    Args:
        workspace: the open data.
        period_id: which period.
        out: the file to write; it appears whole or not at all.
        form: "docx", "xlsx", "pdf" or "md"; "" = by the file's name.
        language: BCP 47; "" = that of documents.

    Raises:
        NotFound: no such period.
        DomainError: `unknown_format`, `unknown_language`.
        EnvironmentFailure: the file cannot be written ("file_not_written").
    """
    wanted = form or out.suffix.lower().removeprefix(".")
    if wanted not in _FORMATS:
        raise DomainError(
            "unknown_format",
            "“{format}” is no format of a periodic report: expected docx, xlsx, pdf or md.",
            format=wanted,
        )
    from projectdesk.exchange.documents import periodic_report  # OOXML loads when it is needed

    content = periodic_content(workspace, period_id, document_language(workspace, language))
    now = workspace.now()
    me = queries.me(workspace)
    author = me.name if me else ""
    if wanted == "xlsx":
        whole(out, lambda path: periodic_report.write_periodic_workbook(content, path, author))
        return out
    made = periodic_report.of_periodic_report(content, now=now)
    whole(out, lambda path: write_outline(made, path, wanted, author, now))
    return out


def periodic_content(
    workspace: Workspace, period_id: UUID, language: str = ENGLISH
) -> PeriodicContent:
    """Return what the periodic report of a period says, in a language that documents have.

    Raises:
        NotFound: no such period.
    """
    period = reporting_period(workspace, period_id)
    project = queries.project(workspace, period.project_id)
    statements = effort_statements(workspace, period_id)
    say = words(language)
    return PeriodicContent(
        acronym=project.acronym,
        title=project.title,
        grant_number=project.grant_number,
        period=period.label,
        start_month=period.start_month,
        end_month=period.end_month,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        due_on=period.due_on,
        frozen_on=period.frozen_on,
        missing=tuple(row.partner for row in statements if row.state not in _SAID and row.planned),
        cells=_cells(workspace, period, statements),
        deliverables=_deliverables(workspace, period, say),
        milestones=_milestones(workspace, period, say),
        risks=tuple(
            RiskState(
                row.label,
                row.title,
                row.work_packages,
                begun(say.named(row.likelihood)),
                begun(say.named(row.severity)),
                say.named(row.status),
                row.mitigation,
            )
            for row in risks(workspace, period.project_id)
        ),
        language=language,
    )


def _cells(
    workspace: Workspace, period: ReportingPeriodRow, statements: Iterable[StatementRow]
) -> tuple[EffortCell, ...]:
    """Return a cell for each partner and work package with effort, now or before."""
    before = [
        row
        for each in reporting_periods(workspace, period.project_id).periods
        if each.end_month < period.start_month
        for row in effort_statements(workspace, each.id)
    ]
    planned, reported = _figures(before)
    now_planned, now_reported = _figures(statements)
    cells = []
    packages = queries.work_packages(workspace, period.project_id)
    order = [row.id for row in queries.partners(workspace, period.project_id)]
    for partner in _partners([*statements, *before], order):
        for package in packages:
            key = (partner.partner_id, package.id)
            here, said = now_planned.get(key, NOTHING), now_reported.get(key, NOTHING)
            cell = EffortCell(
                partner=partner.partner,
                number=partner.number,
                work_package=package.label,
                title=package.title,
                planned=here,
                reported=said,
                planned_to_date=planned.get(key, NOTHING) + here,
                reported_to_date=reported.get(key, NOTHING) + said,
            )
            if any(cell.figures):
                cells.append(cell)
    return tuple(cells)


def _partners(rows: Iterable[StatementRow], order: Iterable[UUID]) -> list[StatementRow]:
    """Return the first row of each partner, in the order of the consortium."""
    found: dict[UUID, StatementRow] = {}
    for row in rows:
        found.setdefault(row.partner_id, row)
    return [found[each] for each in order if each in found]


def _figures(rows: Iterable[StatementRow]) -> tuple[dict[_Key, Decimal], dict[_Key, Decimal]]:
    planned: dict[_Key, Decimal] = {}
    reported: dict[_Key, Decimal] = {}
    for row in rows:
        for line in row.lines:
            key = (row.partner_id, line.work_package_id)
            planned[key] = planned.get(key, NOTHING) + line.planned
            if row.state in _SAID and line.reported is not None:
                reported[key] = reported.get(key, NOTHING) + line.reported
    return planned, reported


def _deliverables(
    workspace: Workspace, period: ReportingPeriodRow, say: Words
) -> tuple[DueLine, ...]:
    return tuple(
        DueLine(
            row.label,
            row.title,
            row.lead,
            row.work_package,
            row.due_month,
            row.due_on,
            say.named(row.status),
            row.submitted_on,
        )
        for row in queries.deliverables(workspace, period.project_id)
        if period.start_month <= row.due_month <= period.end_month
    )


def _milestones(
    workspace: Workspace, period: ReportingPeriodRow, say: Words
) -> tuple[DueLine, ...]:
    return tuple(
        DueLine(
            row.label,
            row.title,
            row.lead,
            row.work_packages,
            row.due_month,
            row.due_on,
            say("achieved" if row.achieved_on else "not_achieved"),
            row.achieved_on,
        )
        for row in queries.milestones(workspace, period.project_id)
        if period.start_month <= row.due_month <= period.end_month
    )
