"""Pictures of tables as spreadsheets, and of the effort matrix."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtGui import QGuiApplication

from projectdesk.desktop.models.column_filters import Between, OneOf
from projectdesk.desktop.models.effort_table import Figures
from projectdesk.desktop.pages.project.effort import EffortPane
from projectdesk.desktop.pages.project.page import ProjectPage
from projectdesk.desktop.routes import Place
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.filter_dialog import FilterDialog
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.screens.stage import Stage
from projectdesk.services import queries
from projectdesk.services.rows import Kind


def effort(stage: Stage) -> None:
    """Show planned person-months, with some cells selected."""
    table = _effort(stage).table
    _select(table, (1, 1), (4, 3))


def effort_reported(stage: Stage) -> None:
    """Show what partners reported."""
    _effort(stage).show_figures(Figures.REPORTED)


def effort_deviation(stage: Stage) -> None:
    """Show how far reported and planned are apart."""
    _effort(stage).show_figures(Figures.DEVIATION)


def effort_refused(stage: Stage) -> None:
    """Show a value that is no person-months, said at its cell."""
    table = _effort(stage).table
    _select(table, (2, 2), (2, 2))
    QGuiApplication.clipboard().setText("1.125")
    table.cells.paste()


def several(stage: Stage) -> None:
    """Show several deliverables that are edited together."""
    _select(_deliverables(stage).table, (2, 0), (6, 0), rows=True)


def pasted(stage: Stage) -> None:
    """Show what of a pasted block cannot be read."""
    table = _deliverables(stage).table
    due = _column(table, "due_month")
    _select(table, (0, due), (0, due))
    QGuiApplication.clipboard().setText("M6\tSubmitted\nM700\tready\nsoon\tPlanned")
    table.cells.paste()


def filtered(stage: Stage) -> None:
    """Show tasks filtered by who leads them."""
    table = _tasks(stage)
    table.set_column_filter(_column(table, "start_month"), Between(1, 20))
    lead = _column(table, "lead_partner_id")
    texts = {table.columns[lead].text(row) for row in table.rows}
    table.set_column_filter(lead, OneOf(frozenset(sorted(texts)[:3])))


def filtering(stage: Stage) -> None:
    """Show how a column is filtered by its values."""
    table = _tasks(stage)
    table.clear_column_filters()
    FilterDialog(table, _column(table, "lead_partner_id")).open()


def _page(stage: Stage, tab: str) -> ProjectPage:
    project = queries.projects(stage.workspace)[0].id
    stage.go(Place.PROJECT, project, tab)
    stage.settle()
    return cast(ProjectPage, stage.workbench.page(Place.PROJECT))


def _effort(stage: Stage) -> EffortPane:
    pane = _page(stage, "effort").effort
    pane.show_figures(Figures.PLANNED)
    return pane


def _deliverables(stage: Stage) -> RecordsPane[Any]:
    plan = _page(stage, "plan").plan
    plan.show_table(Kind.DELIVERABLE)
    stage.settle()
    return plan.panes[Kind.DELIVERABLE]


def _tasks(stage: Stage) -> DataTable[Any]:
    plan = _page(stage, "plan").plan
    plan.show_table(Kind.TASK)
    stage.settle()
    table = plan.panes[Kind.TASK].table
    table.clear_selection()
    return table


def _column(table: DataTable[Any], field: str) -> int:
    names = [column.field.name if column.field else "" for column in table.columns]
    return names.index(field)


def _select(
    table: DataTable[Any], first: tuple[int, int], last: tuple[int, int], *, rows: bool = False
) -> None:
    table.select_cells(first, last)
    if rows:
        table.select_rows()
    table.setFocus()
