"""The effort of a project: person-months of partners in work packages, planned and reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import person_months
from projectdesk.desktop.models.cell_edits import CellEdit
from projectdesk.desktop.models.effort_table import (
    EffortRow,
    Figures,
    cells_of,
    columns_of,
    grid_of,
    rows_of,
)
from projectdesk.desktop.models.fields import Field, Option
from projectdesk.desktop.models.folding import fold
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.effort import EffortPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_XL
from projectdesk.desktop.widgets.editors import ChoiceEditor
from projectdesk.desktop.widgets.effort_table import EffortTable, TotalsBar
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.header import FilterField, Segments
from projectdesk.desktop.widgets.layout import column, show_if, text
from projectdesk.desktop.widgets.toolbar import toolbar
from projectdesk.services.effort_rows import Cell, EffortMatrix, EffortPackage


class EffortPane(Presented, QWidget):
    """The matrix with the choice of what it shows."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._matrix: EffortMatrix | None = None
        self._made_for: tuple[tuple[EffortPackage, ...], Figures] | None = None
        self.figures = Segments(
            [
                (Figures.PLANNED, say("Planned")),
                (Figures.REPORTED, say("Reported")),
                (Figures.DEVIATION, say("Deviation")),
            ]
        )
        self.period = ChoiceEditor(self._periods)
        self.period.setAccessibleName(say("Reporting period"))
        self.period.setMinimumWidth(200)
        self.hint = text("", "muted", wrap=True)
        self.finder = FilterField(say("Find a partner"))
        self.finder.textChanged.connect(self._find)
        self.finder.left_down.connect(lambda: self.table.setFocus())
        self.bar = toolbar(self.figures, self.period, self.finder, self.hint)
        self.nothing = EmptyState("layers", "", "")
        self.totals = TotalsBar()
        self.table: EffortTable = self._make_table((), Figures.PLANNED)
        self._box = column(
            self.bar,
            self.nothing,
            self.table,
            self.totals,
            spacing=0,
            margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL),
        )
        self._box.insertSpacing(1, SPACE_M)
        self.setLayout(self._box)
        self.presenter = self.present(EffortPresenter(session, self))
        self._session = session
        self.figures.chosen.connect(self._refresh)
        self.period.activated.connect(self._refresh)
        self._refresh()

    # --- what pages call

    def open_project(self, project: UUID) -> None:
        """Show the effort of `project`."""
        self.table.clear_selection()
        self.presenter.open(project)

    def show_figures(self, figures: Figures) -> None:
        """Show planned or reported figures, or how far they are apart."""
        self.figures.choose(figures)
        self._refresh()

    # --- what the presenter calls

    def show_matrix(self, matrix: EffortMatrix) -> None:
        """Show the effort of the project."""
        self._matrix = matrix
        chosen = self.period.value()
        self.period.load()
        self.period.set_value(chosen if chosen in matrix.reported else None)
        self._refresh()

    def show_cell_problem(self, cell: Cell | None, words: str) -> None:
        """Say why a cell was not changed, at the cell where it is known."""
        if cell is None:
            self.presenter.say_problem(words)
            return
        partner, package = cell[0], cell[1].hex
        if self.table.refusal.tell_typed(package, words):
            return
        if not self.table.refusal.tell(self.table.index_of(partner, package), words):
            self.presenter.say_problem(words)

    # --- inside

    def _find(self, words: str) -> None:
        """Go to the first partner that holds every word; all stay, so that the sums add up."""
        wanted = fold(words).split()
        for each in self.table.shown() if wanted else ():
            name = fold(f"{each.label} {each.name}")
            if all(word in name for word in wanted):
                self.table.select(each.id)
                return

    @property
    def _shown(self) -> Figures:
        return Figures(str(self.figures.value))

    def _periods(self) -> Sequence[Option]:
        everything = Option(None, say("All periods"))
        if self._matrix is None:
            return [everything]
        return [
            everything,
            *(
                Option(each.id, f"{each.label}  M{each.start_month} – M{each.end_month}")
                for each in self._matrix.periods
            ),
        ]

    def _refresh(self, *_: object) -> None:
        matrix, figures = self._matrix, self._shown
        show_if(self.period, figures is Figures.REPORTED and bool(matrix and matrix.periods))
        self.hint.setText(_hint(figures))
        complete = matrix is not None and bool(matrix.packages) and bool(matrix.partners)
        for widget in (self.table, self.totals):
            show_if(widget, complete)
        show_if(self.nothing, matrix is not None and not complete)
        if matrix is None:
            return
        if not complete:
            self._say_what_is_missing(matrix)
            return
        self._table_for(matrix.packages, figures)
        period = self.period.value()
        grid = grid_of(matrix, figures, period if isinstance(period, UUID) else None)
        self.table.show_rows(rows_of(matrix, grid))
        self.totals.show_sums([grid.of_package(each.id) for each in matrix.packages], grid.total)

    def _say_what_is_missing(self, matrix: EffortMatrix) -> None:
        if matrix.packages:
            title, words = (
                say("No partners yet"),
                say("Add the partners under Consortium; each has a row here."),
            )
        else:
            title, words = (
                say("No work packages yet"),
                say("Add the work packages under Work plan; each has a column here."),
            )
        self.nothing.say("layers", title, words)

    def _table_for(self, packages: tuple[EffortPackage, ...], figures: Figures) -> None:
        """Have a table with a column for each work package."""
        if self._made_for == (packages, figures):
            return
        old = self.table
        self.table = self._make_table(packages, figures)
        self._box.replaceWidget(old, self.table)
        old.hide()
        old.deleteLater()
        self._made_for = (packages, figures)
        self._box.setStretchFactor(self.table, 1)
        self.table.show()

    def _make_table(self, packages: Sequence[EffortPackage], figures: Figures) -> EffortTable:
        shown = person_months.difference if figures is Figures.DEVIATION else person_months.shown
        table = EffortTable(
            columns_of(packages, figures),
            shown,
            EmptyState("layers", say("No partners yet"), ""),
        )
        table.edited.connect(self._on_edited)
        table.edited_many.connect(
            lambda edits, label: self.presenter.set_cells(cells_of(edits), label)
        )
        table.refused.connect(lambda words: self.presenter.say_problem(words))
        self.totals.follow(table)
        return table

    def _on_edited(self, row: EffortRow, field: Field[Any], value: object) -> None:
        self.presenter.set_cells(cells_of([CellEdit(row, field, value)]))


def _hint(figures: Figures) -> str:
    match figures:
        case Figures.PLANNED:
            return say("Person-months; the leader of a work package in bold.")
        case Figures.REPORTED:
            return say("What partners answered and what is approved; it is not changed here.")
        case _:
            return say(
                "Reported less planned, where there is an answer; the periodic report counts a"
                " missing one as 0."
            )
