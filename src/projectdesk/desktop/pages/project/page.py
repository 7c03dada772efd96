"""The page of one project."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from PySide6.QtWidgets import QMenu

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.pages import dialogs
from projectdesk.desktop.pages.page import Page
from projectdesk.desktop.pages.project.bodies import BodiesPane
from projectdesk.desktop.pages.project.overview import OverviewPane
from projectdesk.desktop.pages.project.partners import PartnersPane
from projectdesk.desktop.pages.project.people import PeoplePane
from projectdesk.desktop.pages.project.plan_desk import PlanDesk
from projectdesk.desktop.pages.project.work_plan import TABLES, LinksPane, RisksPane, WorkPlanPane
from projectdesk.desktop.presenters import additions
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.projects import ProjectPresenter
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.desktop.theme.tokens import SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.dialog import confirm
from projectdesk.desktop.widgets.file_dialogs import ask_new_file
from projectdesk.desktop.widgets.header import PageHeader
from projectdesk.desktop.widgets.layout import button, column, icon_button, plain
from projectdesk.desktop.widgets.tab_groups import Group, Tab, TabGroups
from projectdesk.services import commands
from projectdesk.services.rows import Dependents, Kind, ProjectRow

if TYPE_CHECKING:
    from projectdesk.desktop.pages.documents import DocumentsPane
    from projectdesk.desktop.pages.project.check import CheckPane
    from projectdesk.desktop.pages.project.effort import EffortPane
    from projectdesk.desktop.pages.project.gantt import GanttPane
    from projectdesk.desktop.pages.project.late import LatePane
    from projectdesk.desktop.pages.project.mailing_lists import MailingListsPane
    from projectdesk.desktop.pages.project.reporting import ReportingPane
    from projectdesk.desktop.pages.project.tree import TreePane
    from projectdesk.desktop.pages.project.world import WorldPane
    from projectdesk.desktop.presenters.asking import SendsDesks
    from projectdesk.services.reporting_rows import EffortLink

_TAB_OF = {
    Kind.PARTNER: "consortium",
    Kind.PERSON: "people",
    Kind.BODY: "bodies",
    Kind.WORK_PACKAGE: "plan",
    Kind.TASK: "plan",
    Kind.DELIVERABLE: "plan",
    Kind.MILESTONE: "plan",
    Kind.RISK: "risks",
    Kind.DEPENDENCY: "dependencies",
    Kind.EFFORT: "effort",
    Kind.DOCUMENT: "documents",
}
_NEAR = {Kind.REPORTING_PERIOD: "reporting"}
"""The tab to which one goes for a record that no tab selects."""


class Pane(Protocol):
    """What a tab shows of a project."""

    def open_project(self, project: UUID) -> None:
        """Show a project."""

    def close_presenters(self) -> None:
        """Let the presenters go."""


class ProjectPage(Page):
    """Overview, consortium, people, work plan and bodies of one project."""

    def __init__(
        self,
        session: Session,
        today: Callable[[], date] = date.today,
        desks: SendsDesks[EffortLink] | None = None,
    ) -> None:
        super().__init__()
        self._session = session
        self._desks = desks
        self._today = today
        self._project: UUID | None = None
        self._panes: list[Pane] = []
        self._choices = Choices(session)
        self.presenter = self.present(ProjectPresenter(session, self))
        self.overview = OverviewPane()
        self._plan_meeting = button(
            say("New meeting"), "primary", "calendar-plus", self._go_to_new_meeting
        )
        more = icon_button("ellipsis", say("More"))
        more.setPopupMode(more.ToolButtonPopupMode.InstantPopup)
        more.setMenu(self._menu())
        self.header = PageHeader("", "", [self._plan_meeting, more])
        self.tabs = TabGroups(self._groups())
        top = plain(column(self.header, margins=(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_S)))
        layout = column(top, self.tabs, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.overview.entered.connect(
            lambda name, value: self.presenter.edit(name, value, self.overview.seen(name))
        )

    def _groups(self) -> list[Group]:
        return [
            Group(say("Overview"), [Tab("overview", "", self.overview)]),
            Group(
                say("Consortium"),
                [
                    Tab("consortium", say("Partners"), lambda: self.partners),
                    Tab("people", say("People"), lambda: self.people),
                    Tab("bodies", say("Bodies"), lambda: self.bodies),
                    Tab("lists", say("Mailing lists"), lambda: self.mailing_lists),
                    Tab("world", say("World"), lambda: self.world),
                ],
            ),
            Group(
                say("Work plan"),
                [
                    Tab("tree", say("Tree"), lambda: self.tree),
                    Tab("plan", say("Tables"), lambda: self.plan),
                    Tab("gantt", say("Gantt"), lambda: self.gantt),
                    Tab("effort", say("Effort"), lambda: self.effort),
                    Tab("dependencies", say("Dependencies"), lambda: self.links),
                    Tab("risks", say("Risks"), lambda: self.risks),
                    Tab("late", say("Late and due"), lambda: self.late),
                    Tab("check", say("Check"), lambda: self.check),
                ],
            ),
            Group(say("Reporting"), [Tab("reporting", "", lambda: self.reporting)]),
            Group(say("Documents"), [Tab("documents", "", lambda: self.documents)]),
        ]

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        export = menu.addAction(say("Export project file…"))
        set_icon(export, "file-up", Tone.MUTED)
        export.triggered.connect(self._choose_project_file)
        menu.addSeparator()
        delete = menu.addAction(say("Delete project"))
        set_icon(delete, "trash-2", Tone.DANGER)
        delete.triggered.connect(lambda: self.presenter.ask_dependents(self._confirm_delete))
        return menu

    # --- the tabs, made when first needed

    @cached_property
    def partners(self) -> PartnersPane:
        """The consortium."""
        pane = PartnersPane(self._session, self._today)
        pane.add.clicked.connect(self.ask_partner)
        pane.table.empty_acted.connect(self.ask_partner)
        self._open_pane(pane)
        return pane

    @cached_property
    def people(self) -> PeoplePane:
        """The people."""
        pane = PeoplePane(self._session, self._choices)
        pane.add.clicked.connect(self.ask_person)
        pane.table.empty_acted.connect(self.ask_person)
        self._open_pane(pane)
        return pane

    @cached_property
    def plan_desk(self) -> PlanDesk:
        """What the panes of the work plan share."""
        desk = PlanDesk(self._session, self._choices, self._today, self.window)
        desk.add_asked.connect(self.ask_plan_record)
        desk.open_asked.connect(self.open_record)
        desk.tab_asked.connect(self.tabs.show_tab)
        self._open_pane(desk)
        return desk

    @cached_property
    def tree(self) -> TreePane:
        """The work plan as a tree."""
        from projectdesk.desktop.pages.project.tree import TreePane

        pane = TreePane(self.plan_desk)
        self._open_pane(pane)
        return pane

    @cached_property
    def plan(self) -> WorkPlanPane:
        """The tables of the work plan."""
        pane = WorkPlanPane(self.plan_desk)
        self._open_pane(pane)
        return pane

    @cached_property
    def risks(self) -> RisksPane:
        """The risks."""
        pane = RisksPane(self.plan_desk)
        self._open_pane(pane)
        return pane

    @cached_property
    def links(self) -> LinksPane:
        """What waits for what."""
        pane = LinksPane(self.plan_desk)
        self._open_pane(pane)
        return pane

    @cached_property
    def late(self) -> LatePane:
        """What is late and due."""
        from projectdesk.desktop.pages.project.late import LatePane

        pane = LatePane(self._session, self._today)
        pane.open_asked.connect(self.open_record)
        self._open_pane(pane)
        return pane

    @cached_property
    def check(self) -> CheckPane:
        """What is wrong with the plan."""
        from projectdesk.desktop.pages.project.check import CheckPane

        pane = CheckPane(self._session)
        pane.open_asked.connect(self.open_record)
        self._open_pane(pane)
        return pane

    @cached_property
    def gantt(self) -> GanttPane:
        """The Gantt chart."""
        from projectdesk.desktop.pages.project.gantt import GanttPane

        pane = GanttPane(self._session, self._today)
        pane.go.connect(self.go)
        pane.plan_asked.connect(lambda: self.tabs.show_tab("plan"))
        self._open_pane(pane)
        return pane

    @cached_property
    def effort(self) -> EffortPane:
        """The effort matrix."""
        from projectdesk.desktop.pages.project.effort import EffortPane

        pane = EffortPane(self._session)
        self._open_pane(pane)
        return pane

    @cached_property
    def bodies(self) -> BodiesPane:
        """The bodies."""
        pane = BodiesPane(self._session, self._choices)
        self._open_pane(pane)
        return pane

    @cached_property
    def reporting(self) -> ReportingPane:
        """The reporting periods."""
        from projectdesk.desktop.pages.project.reporting import ReportingPane

        pane = ReportingPane(self._session, self._choices, self._desks, self._today)
        self._open_pane(pane)
        return pane

    @cached_property
    def mailing_lists(self) -> MailingListsPane:
        """The mailing lists."""
        from projectdesk.desktop.pages.project.mailing_lists import MailingListsPane

        pane = MailingListsPane(self._session)
        self._open_pane(pane)
        return pane

    @cached_property
    def world(self) -> WorldPane:
        """Where the partners are, and what time it is there."""
        from projectdesk.desktop.pages.project.world import WorldPane

        pane = WorldPane(self._session)
        self._open_pane(pane)
        return pane

    @cached_property
    def documents(self) -> DocumentsPane:
        """The documents."""
        from projectdesk.desktop.pages.documents import DocumentsPane

        pane = DocumentsPane(self._session)
        self._open_pane(pane)
        return pane

    def _open_pane(self, pane: Pane) -> None:
        self._panes.append(pane)
        if self._project is not None:
            pane.open_project(self._project)

    def open(self, route: Route) -> None:
        """Show the project and the tab that `route` names."""
        if route.id is None:
            return
        if route.id != self._project:
            self._project = route.id
            self.header.set("")
            self._choices.open(route.id)
            self.presenter.open(route.id)
            for pane in self._panes:
                pane.open_project(route.id)
        if route.tab:
            self._open_tab(route)

    def _open_tab(self, route: Route) -> None:
        kind = next((kind for kind in (*_TAB_OF, *TABLES) if kind.value == route.tab), None)
        name = _TAB_OF.get(kind, "plan") if kind else route.tab
        self.tabs.show_tab(name)
        if kind in TABLES:
            self.plan.show_table(kind)
        if route.select is not None and kind is not None:
            self._pane(kind).select(route.select)

    def open_record(self, kind: Kind, record: UUID) -> None:
        """Go to a record of this project."""
        if self._project is None:
            return
        named = kind.value if kind in _TAB_OF else _NEAR.get(kind, "overview")
        chosen = record if kind in _TAB_OF else None
        self.open(Route(Place.PROJECT, self._project, named, chosen))

    def _pane(self, kind: Kind) -> Any:
        match kind:
            case Kind.RISK:
                return self.risks
            case Kind.DEPENDENCY:
                return self.links.pane
            case Kind.PARTNER:
                return self.partners
            case Kind.PERSON:
                return self.people
            case Kind.BODY:
                return self.bodies
            case Kind.DOCUMENT:
                return self.documents
            case _:
                return self.plan.panes[kind]

    def close_page(self) -> None:
        """Let the presenters go."""
        super().close_page()
        for pane in self._panes:
            pane.close_presenters()
        self._choices.close()

    # --- what the presenter calls

    def show_project(self, row: ProjectRow) -> None:
        """Show the project."""
        dates = " – ".join(
            part for part in (formats.day(row.start_date), formats.day(row.end_date)) if part
        )
        line = formats.joined((dates, row.title))
        self.header.set(row.acronym, line)
        self.overview.show_project(row)

    def show_problem(self, field: str, words: str) -> None:
        """Say what is wrong beside a field."""
        self.overview.show_problem(field, words)

    def project_gone(self) -> None:
        """The project is no longer there: back to the list."""
        self._project = None
        if self.isVisible():
            self.go.emit(Route(Place.PROJECTS))

    # --- dialogs

    def ask_partner(self) -> None:
        """Ask for a new partner."""
        project = self._project
        if project is None:
            return

        from projectdesk.desktop.pages.partner_dialog import PartnerDialog

        PartnerDialog(
            self.window(), self._session, project, self.partners.select, self._ask_directory
        ).open()

    def _ask_directory(self) -> None:
        from projectdesk.desktop.pages.directory_import import ask_directory_import

        ask_directory_import(self.window(), self._session, self.ask_partner)

    def ask_person(self) -> None:
        """Ask for a new person."""
        project = self._project
        if project is None:
            return

        def run(dialog: dialogs.FormDialog, values: dialogs.Values) -> None:
            def done(person: UUID) -> None:
                dialog.close_done()
                self.people.select(person)

            additions.add_person(self._session, project, values, done, dialog.refuse)

        dialogs.FormDialog(
            self.window(),
            say("Add person"),
            say("Somebody with the same e-mail is taken as the same person."),
            dialogs.new_person_lines(self._choices),
            say("Add person"),
            run,
            required=["family_name"],
        ).open()

    def ask_plan_record(self, kind: Kind) -> None:
        """Ask for a new record of the work plan."""
        if kind is Kind.DEPENDENCY:
            self.plan_desk.ask_tie()
            return
        project = self._project
        if project is None:
            return

        def run(dialog: dialogs.FormDialog, values: dialogs.Values) -> None:
            owner = {} if "work_package_id" in values else {"project_id": project}

            def done(record: UUID) -> None:
                dialog.close_done()
                if self.tabs.current == "tree":
                    self.tree.select(record)
                else:
                    self._pane(kind).select(record)

            whole = {**values, **owner}
            self._session.ask(lambda ws: commands.create(ws, kind, whole)[0], done, dialog.refuse)

        dialogs.FormDialog(
            self.window(),
            dialogs.plan_title(kind),
            say("The number is given by the order; you can change everything later."),
            dialogs.new_plan_lines(kind, self._choices),
            say("Add"),
            run,
            required=["title"],
        ).open()

    def _choose_project_file(self) -> None:
        row = self.presenter.row
        if row is None:
            return
        ask_new_file(
            self.window(),
            f"{row.acronym}.projectdesk",
            self.presenter.export,
            title=say("Export project file"),
            filters=[say("Project files (*.projectdesk)")],
        )

    def _confirm_delete(self, also: Sequence[Dependents]) -> None:
        confirm(
            self.window(),
            say("Delete this project?"),
            say("This goes with it. You can undo it."),
            say("Delete project"),
            self.presenter.delete,
            details=[dependents.text for dependents in also if dependents.count],
        )

    def _go_to_new_meeting(self) -> None:
        self.go.emit(Route(Place.MEETINGS, self._project, tab="new"))
