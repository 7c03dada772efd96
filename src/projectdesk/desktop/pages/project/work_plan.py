"""The work plan of a project: four tables, in project months or as dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.pages.page import wire
from projectdesk.desktop.pages.project import plan_tables
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.records import RecordsPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.header import FilterField, Segments, toolbar
from projectdesk.desktop.widgets.layout import button, column
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.services import queries
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

TABLES = (Kind.WORK_PACKAGE, Kind.TASK, Kind.DELIVERABLE, Kind.MILESTONE)
_PANE_MARGINS = (SPACE_XL, 0, SPACE_XL, SPACE_XL)
_QUERIES: dict[Kind, Callable[..., Any]] = {
    Kind.WORK_PACKAGE: queries.work_packages,
    Kind.TASK: queries.tasks,
    Kind.DELIVERABLE: queries.deliverables,
    Kind.MILESTONE: queries.milestones,
}


def _empty(kind: Kind) -> EmptyState:
    by_csv = say("Add one here, or import a CSV file with one row each.")
    match kind:
        case Kind.WORK_PACKAGE:
            return EmptyState("layers", say("No work packages yet"), by_csv, say("Add"))
        case Kind.TASK:
            return EmptyState("list-todo", say("No tasks yet"), by_csv, say("Add"))
        case Kind.DELIVERABLE:
            return EmptyState("package", say("No deliverables yet"), by_csv, say("Add"))
        case _:
            return EmptyState("flag", say("No milestones yet"), by_csv, say("Add"))


def _ask(query: Callable[..., Any], project: UUID, workspace: Workspace) -> Any:
    return query(workspace, project)


class WorkPlanPane(QWidget):
    """Work packages, tasks, deliverables and milestones under one toolbar."""

    add_asked = Signal(object)
    """Kind: what to add."""
    import_asked = Signal(object)
    """Kind: which table to import."""

    def __init__(self, session: Session, choices: Choices, today: Callable[[], date]) -> None:
        super().__init__()
        self._choices = choices
        self._unit = plan_tables.Unit(choices)
        self.panes = {kind: self._make(kind, today) for kind in TABLES}
        self.presenters = {
            kind: self._present(session, kind, pane) for kind, pane in self.panes.items()
        }
        self._stack = QStackedWidget()
        for pane in self.panes.values():
            self._stack.addWidget(pane)
        self.tables = Segments(
            [
                (Kind.WORK_PACKAGE, say("Work packages")),
                (Kind.TASK, say("Tasks")),
                (Kind.DELIVERABLE, say("Deliverables")),
                (Kind.MILESTONE, say("Milestones")),
            ]
        )
        self.unit = Segments([(formats.MONTHS, say("Months")), (formats.CALENDAR, say("Calendar"))])
        self.filter = FilterField()
        self.filter.setMinimumWidth(120)
        self.filter.setMaximumWidth(200)
        self.import_button = button(say("Import CSV"), "", "file-up", self._ask_import)
        self.add_button = button(say("Add"), "primary", "plus", self._ask_add)
        bar = toolbar(
            self.tables, self.filter, None, self.unit, SPACE_S, self.import_button, self.add_button
        )
        top = column(bar, margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_M))
        layout = column(top, self._stack, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.tables.chosen.connect(self.show_table)
        self.unit.chosen.connect(self._show_unit)
        self.filter.textChanged.connect(self._filter)
        self.filter.left_down.connect(lambda: self.current.table.setFocus())
        choices.on_loaded(self._refresh)

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
        self.unit.choose(unit)
        self._show_unit(unit)

    def _make(self, kind: Kind, today: Callable[[], date]) -> RecordsPane[Any]:
        choices, unit = self._choices, self._unit
        columns, fields = {
            Kind.WORK_PACKAGE: (
                plan_tables.work_package_columns(unit, choices),
                plan_tables.work_package_fields(choices),
            ),
            Kind.TASK: (plan_tables.task_columns(unit, choices), plan_tables.task_fields(choices)),
            Kind.DELIVERABLE: (
                plan_tables.deliverable_columns(unit, choices, today),
                plan_tables.deliverable_fields(choices),
            ),
            Kind.MILESTONE: (
                plan_tables.milestone_columns(unit, choices),
                plan_tables.milestone_fields(choices),
            ),
        }[kind]
        pane: RecordsPane[Any] = RecordsPane(
            columns,  # type: ignore[arg-type]
            _empty(kind),
            lines=fields,
            title=lambda r: f"{r.label}  {r.title}",
            delete_words=say("Delete"),
            margins=_PANE_MARGINS,
        )
        pane.toolbar.hide()
        pane.table.empty_acted.connect(lambda: self.add_asked.emit(kind))
        return pane

    def _present(
        self, session: Session, kind: Kind, pane: RecordsPane[Any]
    ) -> RecordsPresenter[Any]:
        others = frozenset({Kind.PROJECT, Kind.PARTNER, Kind.WORK_PACKAGE})
        if kind is Kind.WORK_PACKAGE:
            others |= {Kind.TASK, Kind.DELIVERABLE}
        presenter: RecordsPresenter[Any] = RecordsPresenter(
            session, pane, kind, lambda _: (), others
        )
        wire(pane, presenter, kind)

        def delete(row: Any) -> None:
            presenter.delete(row, row.label)

        pane.delete_asked.connect(delete)
        pane.table.set_actions(
            [RowAction(say("Delete"), "trash-2", lambda rows: delete(rows[0]), "Del", danger=True)]
        )
        return presenter

    def _show_unit(self, unit: object) -> None:
        self._unit.name = str(unit)
        self._refresh()

    def _refresh(self) -> None:
        for pane in self.panes.values():
            pane.table.refresh()

    def _filter(self, words: str) -> None:
        self.current.table.set_filter(words)

    def _ask_add(self) -> None:
        self.add_asked.emit(self.kind)

    def _ask_import(self) -> None:
        self.import_asked.emit(self.kind)
