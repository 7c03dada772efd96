"""Pictures of tables as spreadsheets, and of the effort matrix."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication

from projectdesk.desktop.models.column_filters import OneOf
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
    due = next(n for n, column in enumerate(table.columns) if column.title == "Due")
    _select(table, (0, due), (0, due))
    QGuiApplication.clipboard().setText("M6\tSubmitted\nM700\tready\nsoon\tPlanned")
    table.cells.paste()


def filtered(stage: Stage) -> None:
    """Show a table that is filtered by a column, and how another one is."""
    table = _deliverables(stage).table
    status = next(n for n, column in enumerate(table.columns) if column.title == "Status")
    texts = {table.columns[status].text(row) for row in table.rows}
    table.set_column_filter(status, OneOf(frozenset(sorted(texts)[:2])))
    lead = next(n for n, column in enumerate(table.columns) if column.title == "Lead")
    FilterDialog(table, lead).open()


def columns(stage: Stage) -> None:
    """Show how the columns of a table are chosen."""
    table = _deliverables(stage).table
    header = table.horizontalHeader()
    menu = table.header_menu(2)
    menu.popup(header.mapToGlobal(QPoint(header.sectionViewportPosition(2), header.height())))


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


def _select(
    table: DataTable[Any], first: tuple[int, int], last: tuple[int, int], *, rows: bool = False
) -> None:
    table.select_cells(first, last)
    if rows:
        table.select_rows()
    table.setFocus()
