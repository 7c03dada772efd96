"""The tables of a work plan: work packages, tasks, deliverables, milestones; and its risks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtWidgets import QStackedWidget, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.pages.page import wire
from projectdesk.desktop.pages.project.plan_desk import PlanDesk
from projectdesk.desktop.pages.project.plan_parts import PlanRecordsPane
from projectdesk.desktop.pages.project.risk_tables import RiskMatrix
from projectdesk.desktop.presenters.records import RecordsPresenter
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.header import FilterField, Segments
from projectdesk.desktop.widgets.layout import button, column, show_if
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.desktop.widgets.toolbar import toolbar
from projectdesk.services import queries
from projectdesk.services.plan_rows import RiskRow
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

TABLES = (Kind.WORK_PACKAGE, Kind.TASK, Kind.DELIVERABLE, Kind.MILESTONE)
_PANE_MARGINS = (SPACE_XL, 0, SPACE_XL, SPACE_XL)
_BAR_MARGINS = (SPACE_XL, SPACE_L, SPACE_XL, SPACE_M)
_QUERIES: dict[Kind, Callable[..., Any]] = {
    Kind.WORK_PACKAGE: queries.work_packages,
    Kind.TASK: queries.tasks,
    Kind.DELIVERABLE: queries.deliverables,
    Kind.MILESTONE: queries.milestones,
    Kind.RISK: queries.risks,
    Kind.DEPENDENCY: queries.dependencies,
}


def _ask(query: Callable[..., Any], project: UUID, workspace: Workspace) -> Any:
    return query(workspace, project)


def small_filter() -> FilterField:
    """Return the filter of a pane of the plan, which has many controls beside it."""
    made = FilterField()
    made.setMinimumWidth(120)
    made.setMaximumWidth(200)
    return made


class WorkPlanPane(QWidget):
    """Work packages, tasks, deliverables and milestones under one toolbar."""

    def __init__(self, desk: PlanDesk) -> None:
        super().__init__()
        self._desk = desk
        self.panes = {kind: desk.parts.pane(kind, _PANE_MARGINS) for kind in TABLES}
        self.presenters = {kind: present(desk, kind, pane) for kind, pane in self.panes.items()}
        self._stack = QStackedWidget()
        for kind, pane in self.panes.items():
            self._stack.addWidget(pane)
            pane.table.empty_acted.connect(partial(desk.add_asked.emit, kind))
        self.tables = Segments(
            [
                (Kind.WORK_PACKAGE, say("Work packages")),
                (Kind.TASK, say("Tasks")),
                (Kind.DELIVERABLE, say("Deliverables")),
                (Kind.MILESTONE, say("Milestones")),
            ]
        )
        self.unit = desk.unit_toggle()
        self.filter = small_filter()
        self.import_button = button(say("Import"), "", "file-up")
        self.import_button.setProperty("menu", "true")
        menu = desk.files.import_menu(lambda: self.kind, self.import_button)
        self.import_button.setMenu(menu)
        self.add_button = button(say("Add"), "primary", "plus", self._ask_add)
        self.more = desk.more_button(lambda: self.kind)
        bar = toolbar(
            self.tables,
            self.filter,
            None,
            self.unit,
            SPACE_S,
            self.import_button,
            self.more,
            self.add_button,
        )
        layout = column(column(bar, margins=_BAR_MARGINS), self._stack, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.tables.chosen.connect(self.show_table)
        self.filter.textChanged.connect(self._filter)
        self.filter.left_down.connect(lambda: self.current.table.setFocus())
        desk.choices.on_loaded(self._refresh)
        desk.choices.unit.changed.connect(self._refresh)

    @property
    def kind(self) -> Kind:
        """Which table is shown."""
        return TABLES[self._stack.currentIndex()]

    @property
    def current(self) -> RecordsPane[Any]:
        """The table that is shown."""
        return self.panes[self.kind]

    def close_presenters(self) -> None:
        """Let the presenters go."""
        for presenter in self.presenters.values():
            presenter.close()

    def open_project(self, project: UUID) -> None:
        """Show the plan of `project`."""
        for kind, presenter in self.presenters.items():
            self.panes[kind].table.clear_selection()
            presenter.set_query(partial(_ask, _QUERIES[kind], project))

    def show_table(self, kind: object) -> None:
        """Show the table of one kind."""
        if isinstance(kind, Kind):
            self.tables.choose(kind)
            self._stack.setCurrentIndex(TABLES.index(kind))
            self._filter(self.filter.text())

    def show_unit(self, unit: str) -> None:
        """Show months or dates."""
        self._desk.choices.choose_unit(unit)

    def _refresh(self) -> None:
        for pane in self.panes.values():
            pane.table.refresh()

    def _filter(self, words: str) -> None:
        self.current.table.set_filter(words)

    def _ask_add(self) -> None:
        self._desk.add_asked.emit(self.kind)


class LinksPane(QWidget):
    """What waits for what, and whether the months of the plan keep to it."""

    def __init__(self, desk: PlanDesk) -> None:
        super().__init__()
        self.pane = desk.parts.pane(Kind.DEPENDENCY, _PANE_MARGINS)
        self.presenter = present(desk, Kind.DEPENDENCY, self.pane)
        self.pane.table.empty_acted.connect(desk.ask_tie)
        self.filter = small_filter()
        self.unit = desk.unit_toggle()
        self.move_button = button(say("Move what waits…"), "", "skip-forward", desk.ask_waiting)
        self.add_button = button(say("Add"), "primary", "plus", desk.ask_tie)
        bar = toolbar(self.filter, None, self.unit, SPACE_S, self.move_button, self.add_button)
        layout = column(column(bar, margins=_BAR_MARGINS), self.pane, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.filter.textChanged.connect(self.pane.table.set_filter)
        self.filter.left_down.connect(self.pane.table.setFocus)
        desk.choices.unit.changed.connect(self.pane.table.refresh)

    def open_project(self, project: UUID) -> None:
        """Show the dependencies of `project`."""
        self.pane.table.clear_selection()
        self.presenter.set_query(partial(_ask, _QUERIES[Kind.DEPENDENCY], project))

    def close_presenters(self) -> None:
        """Let the presenter go."""
        self.presenter.close()


class RisksPane(QWidget):
    """The risks of a project, and where they are by likelihood and severity."""

    def __init__(self, desk: PlanDesk) -> None:
        super().__init__()
        self._rows: Sequence[RiskRow] = ()
        self._cell: tuple[object, object] | None = None
        self.pane = desk.parts.pane(Kind.RISK, _PANE_MARGINS)
        self.presenter = present(desk, Kind.RISK, self.pane, self)
        self.pane.table.empty_acted.connect(lambda: desk.add_asked.emit(Kind.RISK))
        self.matrix = RiskMatrix()
        self.matrix.chosen.connect(self._choose)
        self.filter = small_filter()
        self.add_button = button(
            say("Add"), "primary", "plus", lambda: desk.add_asked.emit(Kind.RISK)
        )
        self.more = desk.more_button(lambda: Kind.RISK)
        bar = toolbar(self.filter, None, self.more, self.add_button)
        top = column(bar, self.matrix, spacing=SPACE_M, margins=_BAR_MARGINS)
        layout = column(top, self.pane, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.filter.textChanged.connect(self.pane.table.set_filter)
        self.filter.left_down.connect(self.pane.table.setFocus)

    def open_project(self, project: UUID) -> None:
        """Show the risks of `project`."""
        self.pane.table.clear_selection()
        self._cell = None
        self.matrix.clear()
        self.presenter.set_query(partial(_ask, _QUERIES[Kind.RISK], project))

    def close_presenters(self) -> None:
        """Let the presenter go."""
        self.presenter.close()

    def select(self, record: UUID) -> None:
        """Select a risk as soon as it is there."""
        self._choose(None)
        self.matrix.clear()
        self.pane.select(record)

    # --- what the presenter calls

    def show_rows(self, rows: Sequence[RiskRow]) -> None:
        """Show all risks, or those of the chosen cell."""
        self._rows = rows
        self.matrix.show_risks(rows)
        show_if(self.matrix, bool(rows))
        self._show()

    def show_problem(self, field: str, words: str) -> None:
        """Say what is wrong beside a field."""
        self.pane.show_problem(field, words)

    def confirm_delete(self, what: str, also: Sequence[str], run: Callable[[], None]) -> None:
        """Ask whether `also` may go with `what`."""
        self.pane.confirm_delete(what, also, run)

    def _choose(self, cell: object) -> None:
        self._cell = cell if isinstance(cell, tuple) else None
        self._show()

    def _show(self) -> None:
        cell = self._cell
        self.pane.show_rows(
            [row for row in self._rows if cell in (None, (row.likelihood, row.severity))]
        )


def present(
    desk: PlanDesk, kind: Kind, pane: PlanRecordsPane, view: Any = None
) -> RecordsPresenter[Any]:
    """Return the presenter of a table of the plan, connected with it.

    Args:
        desk: of the plan.
        kind: of the records.
        pane: the table.
        view: what is told of rows, the pane itself unless given.
    """
    others = frozenset({Kind.PROJECT, Kind.PARTNER, Kind.WORK_PACKAGE})
    if kind is Kind.WORK_PACKAGE:
        others |= {Kind.TASK, Kind.DELIVERABLE}
    if kind is Kind.DEPENDENCY:
        others |= {Kind.TASK}
    presenter: RecordsPresenter[Any] = RecordsPresenter(
        desk.session, view or pane, kind, lambda _: (), others
    )
    wire(pane, presenter, kind)

    def name(row: Any) -> str:
        return f"{row.after} ← {row.before}" if kind is Kind.DEPENDENCY else str(row.label)

    pane.delete_asked.connect(lambda row: presenter.delete(row, name(row)))
    pane.table.set_actions(
        [
            *desk.row_actions(kind),
            RowAction(
                say("Delete"),
                "trash-2",
                lambda rows: presenter.delete_rows(rows, name),
                "Del",
                many=True,
                danger=True,
            ),
        ]
    )
    return presenter
