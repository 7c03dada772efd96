"""The effort matrix of a project: load, change cells, switch what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop.language import say_error
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import Conflict, ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.effort_rows import Cell, EffortMatrix
from projectdesk.services.rows import Kind


class EffortView(Protocol):
    """Where the matrix is shown."""

    def show_matrix(self, matrix: EffortMatrix) -> None:
        """Show the effort of the project."""

    def show_cell_problem(self, cell: Cell | None, words: str) -> None:
        """Say why a cell was not changed; None = it is not known which."""


class EffortPresenter(Presenter):
    """Presents the effort matrix of one project."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {
            Kind.PROJECT,
            Kind.PARTNER,
            Kind.ORGANISATION,
            Kind.WORK_PACKAGE,
            Kind.EFFORT,
            Kind.REPORTING_PERIOD,
            Kind.EFFORT_STATEMENT,
            Kind.REPORTED_EFFORT,
        }
    )

    def __init__(self, session: Session, view: EffortView) -> None:
        super().__init__(session)
        self._view = view
        self._project: UUID | None = None
        self._matrix: EffortMatrix | None = None

    def open(self, project: UUID) -> None:
        """Show the effort of `project`."""
        self._project = project
        self._matrix = None
        self.reload()

    def load(self) -> None:
        """Ask for the matrix."""
        project = self._project
        if project is not None:
            self.ask(lambda ws: queries.effort_matrix(ws, project), self._show)

    def set_cells(self, cells: Mapping[Cell, Decimal | None], label: str = "") -> None:
        """Save person-months of cells as one change.

        Args:
            cells: (partner, work package) -> person-months, None = none.
            label: of the change, "" = said by the cells.
        """
        matrix = self._matrix
        if matrix is None or not cells:
            return
        seen = {
            cell: matrix.planned_cells[cell].version
            for cell in cells
            if cell in matrix.planned_cells
        }
        project = matrix.project_id
        self.change(
            lambda ws: commands.set_efforts(ws, project, cells, seen=seen, label=label),
            failed=self._refused,
        )

    # --- inside

    def _show(self, matrix: EffortMatrix) -> None:
        if matrix.project_id == self._project:
            self._matrix = matrix
            self._view.show_matrix(matrix)

    def _refused(self, error: ProjectDeskError) -> None:
        if isinstance(error, Conflict):
            self.refuse(error)
            return
        partner, package = error.facts.get("partner_id"), error.facts.get("work_package_id")
        known = isinstance(partner, str) and isinstance(package, str)
        cell = (UUID(str(partner)), UUID(str(package))) if known else None
        self._view.show_cell_problem(cell, say_error(error))
