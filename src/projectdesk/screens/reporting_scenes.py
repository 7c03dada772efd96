"""Pictures of reporting periods and of the dialogs around them."""

from __future__ import annotations

from typing import cast

from projectdesk.desktop.pages.project.page import ProjectPage
from projectdesk.desktop.pages.project.reporting import ReportingPane
from projectdesk.desktop.pages.project.reporting_dialogs import (
    ask_figures,
    ask_send_back,
)
from projectdesk.desktop.routes import Place
from projectdesk.domain.effort import StatementState
from projectdesk.screens.stage import NOW, Stage
from projectdesk.services import effort_desks, queries
from projectdesk.services.reporting_rows import StatementRow


def periods(stage: Stage) -> None:
    """Show the periods and what partners stated, with one of them beside."""
    pane = _pane(stage)
    pane.statements.select(_statement(pane, StatementState.SENT_BACK).partner_id)


def ask(stage: Stage) -> None:
    """Show whom to ask for a period."""
    pane = _pane(stage)
    pane.periods.select(pane.periods.rows[1].id)
    stage.settle()
    pane.ask_partners()


def links(stage: Stage) -> None:
    """Show how partners are reminded."""
    pane = _pane(stage)
    period = pane.periods.rows[0].id
    made = effort_desks.effort_links(stage.workspace, period, "https://meet.example.org")
    late = {row.partner for row in pane.statements.rows if row.late}
    pane.show_links([link for link in made if link.partner in late], "Inês Carvalho", reminder=True)


def figures(stage: Stage) -> None:
    """Show how figures are entered that came by mail."""
    pane = _pane(stage)
    ask_figures(stage.shell, _statement(pane, StatementState.ANSWERED), pane.presenter.enter)


def send_back(stage: Stage) -> None:
    """Show how figures are sent back."""
    pane = _pane(stage)
    shown = _statement(pane, StatementState.ANSWERED)
    ask_send_back(stage.shell, shown, NOW.date(), pane.presenter.send_back)


def freeze(stage: Stage) -> None:
    """Show what is said before a period is frozen."""
    _pane(stage).ask_freeze()


def divide(stage: Stage) -> None:
    """Show how a project is divided into periods."""
    _pane(stage).ask_division()


def _pane(stage: Stage) -> ReportingPane:
    stage.go(Place.PROJECT, queries.projects(stage.workspace)[0].id, "reporting")
    stage.settle()
    pane = cast(ProjectPage, stage.workbench.page(Place.PROJECT)).reporting
    pane.periods.select(pane.periods.rows[0].id)
    stage.settle()
    return pane


def _statement(pane: ReportingPane, state: StatementState) -> StatementRow:
    rows = pane.statements.rows
    return next((row for row in rows if row.state is state), rows[0])
