"""The list of projects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.pages import dialogs
from projectdesk.desktop.pages.page import Page, wire
from projectdesk.desktop.presenters.projects import create_project
from projectdesk.desktop.presenters.records import RecordsPresenter
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_XL
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.header import PageHeader
from projectdesk.desktop.widgets.layout import button, column, plain
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.services import queries
from projectdesk.services.rows import Kind, ProjectRow


def _columns() -> list[Column[ProjectRow]]:
    return [
        Column(say("Acronym"), lambda r: r.acronym, width=150, strong=True),
        Column(say("Title"), lambda r: r.title, stretch=3, tip=lambda r: r.title),
        Column(say("Coordinator"), lambda r: r.coordinator, width=150, optional=True),
        Column(
            say("Partners"),
            lambda r: str(r.partners),
            sort=lambda r: r.partners,
            width=92,
            right=True,
            muted=True,
            optional=True,
        ),
        Column(
            say("Starts"),
            lambda r: formats.day(r.start_date),
            sort=lambda r: r.start_date,
            width=128,
        ),
        Column(
            say("Ends"),
            lambda r: formats.day(r.end_date),
            sort=lambda r: r.end_date,
            width=128,
            optional=True,
        ),
        Column(
            say("EU contribution"),
            lambda r: formats.money(r.eu_contribution),
            sort=lambda r: r.eu_contribution,
            width=150,
            right=True,
        ),
    ]


class ProjectsPage(Page):
    """All projects; new ones by hand or from CORDIS."""

    import_asked = Signal()
    file_asked = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.new = button(say("New project"), "primary", "plus", self.ask_project)
        self.import_button = button(
            say("Import from CORDIS"), "", "file-down", self.import_asked.emit
        )
        self.file_button = button(say("Open project file"), "", "file-up", self.file_asked.emit)
        header = PageHeader(
            say("Projects"),
            say("Every project with its consortium, work plan and meetings."),
            [self.file_button, self.import_button, self.new],
        )
        empty = EmptyState(
            "folder-kanban",
            say("No projects yet"),
            say("Import one from CORDIS with its whole consortium, or start a new one."),
            say("Import from CORDIS"),
        )
        self.pane: RecordsPane[ProjectRow] = RecordsPane(
            _columns(),
            empty,
            placeholder=say("Filter projects"),
            label=say("Projects"),
            name="projects",
        )
        self.presenter: RecordsPresenter[ProjectRow] = RecordsPresenter(
            session,
            self.pane,
            Kind.PROJECT,
            queries.projects,
            frozenset({Kind.PARTNER, Kind.ORGANISATION}),
        )
        wire(self.pane, self.presenter, Kind.PROJECT)
        self.pane.table.opened.connect(self._open)
        self.pane.table.empty_acted.connect(self.import_asked)
        self.pane.table.set_actions(
            [
                RowAction(
                    say("Open|verb"), "folder-open", lambda rows: self._open(rows[0]), "Return"
                ),
                RowAction(
                    say("Delete project"),
                    "trash-2",
                    lambda rows: self.presenter.delete_rows(rows, lambda row: row.acronym),
                    "Del",
                    many=True,
                    danger=True,
                ),
            ]
        )
        top = plain(column(header, margins=(SPACE_XL, SPACE_XL, SPACE_XL, 0)))
        layout = column(top, self.pane, spacing=SPACE_L)
        layout.setSpacing(0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def open(self, route: Route) -> None:
        """Show the list; the tab "new" asks for a new project."""
        if route.tab == "new":
            self.ask_project()

    def close_page(self) -> None:
        """Let the presenters go."""
        super().close_page()
        self.presenter.close()

    def ask_project(self) -> None:
        """Ask for a new project, then open it."""
        ask_project(self, self._session, lambda made: self.go.emit(Route(Place.PROJECT, made)))

    def _open(self, row: ProjectRow) -> None:
        self.go.emit(Route(Place.PROJECT, row.id))


def ask_project(page: Page, session: Session, then: Callable[[UUID], Any]) -> None:
    """Ask for a new project.

    Args:
        page: in whose window.
        session: the outside.
        then: gets its id.
    """

    def run(dialog: dialogs.FormDialog, values: dialogs.Values) -> None:
        def done(made: UUID) -> None:
            dialog.close_done()
            then(made)

        create_project(session, values, done, dialog.refuse)

    dialogs.FormDialog(
        page.window(),
        say("New project"),
        say("The rest can be entered later, in its place."),
        dialogs.new_project_lines(),
        say("Create project"),
        run,
        required=["acronym"],
    ).open()
