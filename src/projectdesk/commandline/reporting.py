"""Commands on reporting: list, ask, links, remind, enter, approve, send back, freeze, periods."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from projectdesk.commandline.data import opened, today
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.domain.effort import StatementState
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import commands, queries
from projectdesk.services.meeting_hosts import server_address
from projectdesk.services.reporting_rows import ReportingPeriodRow, StatementRow
from projectdesk.services.workspace import Workspace

_WEEKS: Final = timedelta(days=21)
_COLUMNS: Final = (
    "number",
    "partner",
    "person",
    "state",
    "planned",
    "reported",
    "deviation",
    "deadline",
    "late",
)


def show(options: argparse.Namespace) -> int:
    """`projectdesk reporting show`: a period and what each partner states for it."""
    with opened(options) as workspace:
        period = _period(workspace, options)
        _print(workspace, period.id, options)
    return 0


def divide(options: argparse.Namespace) -> int:
    """`projectdesk reporting divide`: the project into periods."""
    with opened(options) as workspace:
        project = queries.project_by_acronym(workspace, options.project)
        commands.divide_into_periods(workspace, project.id, count=options.into, every=options.every)
        rows = queries.reporting_periods(workspace, project.id).periods
    if options.json:
        print_json(rows)
    else:
        columns = ("label", "start_month", "end_month", "due_on")
        print_table(([getattr(row, name) for name in columns] for row in rows),
                    ("Period", "From", "To", "Report due"))  # fmt: skip
    return 0


def ask(options: argparse.Namespace) -> int:
    """`projectdesk reporting ask`: partners for their effort; a desktop sends the desks."""
    with opened(options) as workspace:
        period = _period(workspace, options)
        rows = _chosen(workspace, period, options.partner, lambda row: row.asked_at is None)
        partners = [row.partner_id for row in rows]
        deadline = _deadline(options)
        host = None if options.host is None else server_address(options.host)
        commands.ask_effort(workspace, period.id, partners, deadline, host)
        _print(workspace, period.id, options)
    return 0


def links(options: argparse.Namespace) -> int:
    """`projectdesk reporting links`: print the personal links."""
    return _print_links(options, lambda row: row.asked_at is not None, note=False)


def remind(options: argparse.Namespace) -> int:
    """`projectdesk reporting remind`: print the links of who is missing, and note the reminder."""
    missing = {StatementState.ASKED, StatementState.SENT_BACK}
    return _print_links(options, lambda row: row.state in missing, note=True)


def enter(options: argparse.Namespace) -> int:
    """`projectdesk reporting enter WP1=2.5 ...`: figures that came by mail."""
    with opened(options) as workspace:
        period = _period(workspace, options)
        row = _named(workspace, period, options.partner)
        project = queries.project_by_acronym(workspace, options.project)
        packages = {
            package.label.casefold(): package.id
            for package in queries.work_packages(workspace, project.id)
        }
        figures = dict(_figure(each, packages) for each in options.figures)
        commands.enter_effort(workspace, period.id, row.partner_id, figures, options.comment)
        _print(workspace, period.id, options)
    return 0


def approve(options: argparse.Namespace) -> int:
    """`projectdesk reporting approve`: the figures that were answered."""
    answered = StatementState.ANSWERED
    with opened(options) as workspace:
        period = _period(workspace, options)
        rows = _chosen(workspace, period, options.partner, lambda row: row.state is answered)
        commands.approve_effort(workspace, _ids(rows))
        _print(workspace, period.id, options)
    return 0


def send_back(options: argparse.Namespace) -> int:
    """`projectdesk reporting send-back`: figures of a partner with a remark."""
    with opened(options) as workspace:
        period = _period(workspace, options)
        (statement,) = _ids([_named(workspace, period, options.partner)])
        commands.send_back_effort(workspace, statement, options.remark, _deadline(options))
        _print(workspace, period.id, options)
    return 0


def renew(options: argparse.Namespace) -> int:
    """`projectdesk reporting renew`: a new link for a partner; the old one ends."""
    with opened(options) as workspace:
        period = _period(workspace, options)
        (statement,) = _ids([_named(workspace, period, options.partner)])
        commands.renew_effort_link(workspace, statement)
        _print(workspace, period.id, options)
    return 0


def freeze(options: argparse.Namespace) -> int:
    """`projectdesk reporting freeze --yes`: nothing of the period changes any more."""
    with opened(options) as workspace:
        period = _period(workspace, options)
        if not options.yes:
            raise DomainError(
                "freezing_is_final",
                "{period} could never be changed again. If you mean it, say --yes.",
                period=period.label,
            )
        commands.freeze_period(workspace, period.id)
        _print(workspace, period.id, options)
    return 0


# --- inside ---------------------------------------------------------------------------------------


def _period(workspace: Workspace, options: argparse.Namespace) -> ReportingPeriodRow:
    project = queries.project_by_acronym(workspace, options.project)
    return queries.period_by_number(workspace, project.id, options.period)


def _named(workspace: Workspace, period: ReportingPeriodRow, name: str) -> StatementRow:
    wanted = name.casefold()
    for row in queries.effort_statements(workspace, period.id):
        if row.partner.casefold() == wanted or str(row.number) == wanted:
            return row
    raise NotFound(
        "no_partner_of_period",
        "“{name}” does not report for {period}.",
        name=name,
        period=period.label,
    )


def _chosen(
    workspace: Workspace, period: ReportingPeriodRow, names: Sequence[str], concerns: Any
) -> list[StatementRow]:
    """Return the named partners, or without names all that it concerns.

    Raises:
        DomainError: `nobody_concerned`.
    """
    if names:
        return [_named(workspace, period, name) for name in names]
    rows = [row for row in queries.effort_statements(workspace, period.id) if concerns(row)]
    if not rows:
        raise DomainError("nobody_concerned", "There is no partner of whom this can be done.")
    return rows


def _ids(rows: Sequence[StatementRow]) -> list[UUID]:
    for row in rows:
        if row.id is None:
            raise DomainError("not_asked", "{partner} was not asked yet.", partner=row.partner)
    return [row.id for row in rows if row.id is not None]


def _deadline(options: argparse.Namespace) -> date:
    if options.deadline is None:
        return today() + _WEEKS
    try:
        return date.fromisoformat(options.deadline)
    except ValueError as error:
        raise DomainError(
            "bad_day", "“{text}” is no day: expected YYYY-MM-DD.", text=options.deadline
        ) from error


def _figure(text: str, packages: Mapping[str, UUID]) -> tuple[UUID, Decimal | None]:
    name, _, months = text.partition("=")
    package = packages.get(name.strip().casefold())
    try:
        figure = None if months.strip() in {"", "-"} else Decimal(months.replace(",", "."))
    except InvalidOperation:
        package = None
        figure = None
    if package is None:
        raise DomainError(
            "bad_figure",
            "“{text}” is no figure: expected a work package and person-months, as in WP2=4.5.",
            text=text,
        )
    return package, figure


def _print(workspace: Workspace, period_id: UUID, options: argparse.Namespace) -> None:
    period = queries.reporting_period(workspace, period_id)
    rows = queries.effort_statements(workspace, period_id)
    if options.json:
        print_json({"period": period, "statements": [_plain(row) for row in rows]})
        return
    frozen = f", frozen {period.frozen_on}" if period.frozen_on else ""
    print(f"{period.label}, M{period.start_month} to M{period.end_month}{frozen}")
    headers = [name.capitalize() for name in _COLUMNS[:-1]] + ["Days late"]
    print_table(([getattr(row, name) for name in _COLUMNS] for row in rows), headers)


def _plain(row: StatementRow) -> dict[str, Any]:
    """Return a statement as JSON has it, with its sums and deviations."""
    lines = [
        {
            "work_package": line.label,
            "planned": line.planned,
            "earlier": line.earlier,
            "reported": line.reported,
            "deviation": line.deviation,
        }
        for line in row.lines
    ]
    names = ("id", "number", "partner", "person", "email", "state", "deadline", "asked_at",
             "reminded_at", "answered_at", "decided_at", "comment", "remark", "late", "waiting",
             "planned", "reported", "deviation")  # fmt: skip
    return {name: getattr(row, name) for name in names} | {"work_packages": lines}


def _print_links(options: argparse.Namespace, concerns: Any, *, note: bool) -> int:
    from projectdesk.commandline.meetings import check_durable
    from projectdesk.host.settings import checked_public_url

    public_url = checked_public_url(options.public_url)
    with opened(options) as workspace:
        check_durable(workspace)
        period = _period(workspace, options)
        wanted = set(_ids(_chosen(workspace, period, options.partner, concerns)))
        found = commands.effort_links(workspace, period.id, public_url)
        made = [link for link in found if link.statement_id in wanted]
        if note:
            commands.remind_effort(workspace, sorted(wanted))
    if options.json:
        print_json(made)
    else:
        print_table(((link.partner, link.person, link.email, link.deadline, link.url)
                     for link in made), ("Partner", "Name", "Mail", "Until", "Link"))  # fmt: skip
    return 0
