"""What was decided: the register of all decisions, and decisions between meetings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.pages.decisions import compile_dialog, vote_dialogs
from projectdesk.desktop.pages.decisions.procedures import ProceduresPane
from projectdesk.desktop.pages.decisions.register import RegisterPane
from projectdesk.desktop.pages.page import Page
from projectdesk.desktop.presenters.asking import SendsDesks
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.header import PageHeader, Tabs
from projectdesk.desktop.widgets.layout import button, column, plain
from projectdesk.services.procedure_rows import BallotLink, VotingDetail
from projectdesk.services.rows import Kind, MeetingRow, ProjectRow

_REGISTER, _PROCEDURES = 0, 1


class DecisionsPage(Page):
    """The register of decisions, and written procedures."""

    def __init__(
        self,
        session: Session,
        reader: Reader,
        now: Callable[[], datetime],
        desks: SendsDesks[BallotLink] | None = None,
    ) -> None:
        """Make it.

        Args:
            session: the outside.
            reader: who looks, and in which zone.
            now: the present.
            desks: what sends the desks of written procedures; None where nothing is sent.
        """
        super().__init__()
        self.register = RegisterPane(session, reader, now)
        self.procedures = ProceduresPane(session, reader, desks, now)
        self.record = button(say("Record a vote…"), "", "gavel", self.ask_vote)
        self.compile = button(say("Compile…"), "", "file-text", self.ask_compile)
        self.header = PageHeader(
            say("Decisions"),
            say("What was decided, and whether it binds."),
            [self.record, self.compile],
        )
        self.tabs = Tabs(
            [(say("Register"), self.register), (say("Written procedures"), self.procedures)]
        )
        for pane in (self.register, self.procedures):
            pane.go.connect(self.go)
        self.register.presenter.counted.append(self._show_counts)
        top = plain(column(self.header, margins=(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_S)))
        layout = column(top, self.tabs, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    @property
    def tab(self) -> str:
        """Name of the tab that is shown."""
        return "procedures" if self.tabs.current == _PROCEDURES else ""

    def open(self, route: Route) -> None:
        """Show the tab and the record that `route` names."""
        if route.tab == Kind.VOTE and route.select is not None:
            self.register.presenter.find_vote(route.select, self._show_vote)
        elif route.tab == "procedures":
            self.tabs.show_tab(_PROCEDURES)
            if route.select is not None:
                self.procedures.select_procedure(route.select)
        elif route.tab or route.select is not None:
            self.tabs.show_tab(_REGISTER)
            if route.select is not None:
                self.register.select(route.select)

    def set_project(self, project: UUID | None) -> None:
        """Show one project only, None = all."""
        self.register.set_project(project)
        self.procedures.set_project(project)

    def ask_vote(self) -> None:
        """Ask for a vote that was held in a room."""
        presenter = self.register.presenter

        def then(meetings: Sequence[MeetingRow]) -> None:
            if not meetings:
                presenter.say_problem(say("No meeting of a body has begun yet."))
                return
            vote_dialogs.ask_held_vote(
                self.window(), meetings, presenter.members_of, presenter.record_vote
            )

        presenter.find_meetings(then)

    def ask_compile(self) -> None:
        """Ask what of which period becomes one document."""
        presenter = self.register.presenter

        def then(projects: Sequence[ProjectRow]) -> None:
            compile_dialog.ask_compilation(self.window(), projects, presenter.compile_period)

        presenter.find_projects(then)

    def close_page(self) -> None:
        """Let the presenters go."""
        super().close_page()
        self.register.close_presenters()
        self.procedures.close_presenters()

    def _show_vote(self, found: VotingDetail) -> None:
        """Show a vote where it belongs: its procedure, its decision, or its meeting."""
        vote = found.vote
        if vote.stage is not None:
            self.open(Route(Place.DECISIONS, tab="procedures", select=vote.id))
        elif vote.decision_id is not None:
            self.open(Route(Place.DECISIONS, tab=Kind.DECISION, select=vote.decision_id))
        elif vote.meeting_id is not None:
            self.go.emit(Route(Place.MEETING, vote.meeting_id, tab="minutes"))

    def _show_counts(self, all_: int, open_: int) -> None:
        words = say_count(all_, "{count} decision", "{count} decisions")
        if open_:
            words = formats.joined((words, say("{count} not binding yet", count=open_)))
        self.header.set(say("Decisions"), words)
