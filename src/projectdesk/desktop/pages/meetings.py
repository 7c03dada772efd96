"""The list of meetings, and planning a new one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column, Entry, Field, Option
from projectdesk.desktop.models.notice_words import light_tone, light_word
from projectdesk.desktop.models.words import options, tone, word
from projectdesk.desktop.pages.dialogs import FormDialog, Values
from projectdesk.desktop.pages.page import Page, wire
from projectdesk.desktop.presenters.meetings import (
    PAST,
    UPCOMING,
    MeetingsPresenter,
    plan_meeting,
)
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_XL
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.header import PageHeader, Segments
from projectdesk.desktop.widgets.layout import button, column, plain
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.domain.meetings import MeetingType
from projectdesk.domain.rules.notice import NoticeLight
from projectdesk.services import queries
from projectdesk.services.rows import Kind, MeetingRow, ProjectRow

_LONGEST = 14 * 24 * 60
_URGENCY = (NoticeLight.RED, NoticeLight.AMBER, NoticeLight.GREEN, NoticeLight.NONE)
_AHEAD = timedelta(days=14)
_AT = time(10)


def meeting_columns(reader: Reader) -> list[Column[MeetingRow]]:
    """Return the columns of a list of meetings."""
    return [
        Column(
            say("Date"),
            lambda r: formats.weekday(r.local_start.date()),
            sort=lambda r: r.starts_at,
            width=166,
        ),
        Column(say("Title"), lambda r: r.title, stretch=3, strong=True),
        Column(
            say("Time"),
            lambda r: formats.in_zones(r.starts_at, r.zone, reader.zone),
            sort=lambda r: r.starts_at,
            stretch=3,
            muted=True,
        ),
        Column(say("Project"), lambda r: r.project, width=116, optional=True),
        Column(say("Type"), lambda r: word(r.type), width=150, muted=True, optional=True),
        Column(
            say("Accepted|answer"),
            lambda r: say("{yes} of {all}", yes=r.accepted, all=r.invited) if r.invited else "–",
            sort=lambda r: r.accepted,
            width=104,
            right=True,
            muted=True,
            optional=True,
        ),
        Column(
            say("Notice"),
            lambda r: light_word(r.notice),
            sort=lambda r: _URGENCY.index(r.notice),
            width=142,
            tone=lambda r: light_tone(r.notice),
            optional=True,
            about=say("Whether invitations and agenda keep the rules of the body"),
        ),
        Column(say("State"), lambda r: word(r.state), width=116, tone=lambda r: tone(r.state)),
    ]


class MeetingsPage(Page):
    """Upcoming and past meetings."""

    def __init__(
        self,
        session: Session,
        reader: Reader,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__()
        self._session = session
        self._reader = reader
        self._now = now
        self._project: UUID | None = None
        self.new = button(say("New meeting"), "primary", "calendar-plus", self.ask_meeting)
        self.find_time = button(
            say("Find a time"),
            "",
            "calendar-clock",
            lambda: self.go.emit(Route(Place.FIND_TIME)),
        )
        self.importing = button(say("Import"), "", "file-down", self._ask_import)
        self.importing.setToolTip(say("Import an invitation or a calendar"))
        header = PageHeader(
            say("Meetings"),
            say("Plan, hold and minute the meetings of your projects."),
            [self.importing, self.find_time, self.new],
        )
        self.which = Segments([(UPCOMING, say("Upcoming")), (PAST, say("Past"))])
        self.empty = EmptyState(
            "calendar-days",
            say("No meetings here"),
            say(
                "Plan one: the agenda is filled from the work plan, the invitees from the "
                "consortium."
            ),
            say("New meeting"),
        )
        self.pane: RecordsPane[MeetingRow] = RecordsPane(
            meeting_columns(reader),
            self.empty,
            left=[self.which],
            placeholder=say("Filter meetings"),
            label=say("Meetings"),
            name="meetings",
        )
        self.presenter = MeetingsPresenter(session, self.pane, now)
        wire(self.pane, self.presenter, Kind.MEETING)
        self.which.chosen.connect(lambda which: self.presenter.show_only(str(which)))
        self.pane.table.opened.connect(self._open)
        self.pane.table.empty_acted.connect(self.ask_meeting)
        self.pane.table.set_actions(
            [
                RowAction(say("Open|verb"), "folder-open", lambda rows: self._open(rows[0])),
                RowAction(
                    say("Delete meeting"),
                    "trash-2",
                    lambda rows: self.presenter.delete_rows(rows, lambda row: row.title),
                    "Del",
                    many=True,
                    danger=True,
                ),
            ]
        )
        reader.on_loaded(self.pane.table.refresh)
        top = plain(column(header, margins=(SPACE_XL, SPACE_XL, SPACE_XL, 0)))
        layout = column(top, self.pane, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def open(self, route: Route) -> None:
        """Show the list; the tab "new" asks for a new meeting."""
        if route.tab == "new":
            self.ask_meeting(route.id)
        elif route.tab in (UPCOMING, PAST):
            self.which.choose(route.tab)
            self.presenter.show_only(route.tab)

    def set_project(self, project: UUID | None) -> None:
        """Show one project only, None = all."""
        self._project = project
        self.presenter.set_project(project)

    def close_page(self) -> None:
        """Let the presenters go."""
        super().close_page()
        self.presenter.close()

    def ask_meeting(self, project: UUID | None = None) -> None:
        """Ask for a new meeting, then open it."""
        wanted = project or self._project

        def with_projects(projects: Sequence[ProjectRow]) -> None:
            if not projects:
                self.go.emit(Route(Place.PROJECTS, tab="new"))
                return
            first = wanted or projects[0].id
            dialog = new_meeting_dialog(
                self.window(), projects, first, self._reader.zone, self._now().date(), self._plan
            )
            dialog.open()

        self._session.ask(queries.projects, with_projects)

    def _plan(self, dialog: FormDialog, values: Values) -> None:
        def done(made: UUID) -> None:
            dialog.close_done()
            self.go.emit(Route(Place.MEETING, made))

        plan_meeting(self._session, dict(values), done, dialog.refuse)

    def _ask_import(self) -> None:
        from projectdesk.desktop.pages.calendar_import import choose_calendar_file

        choose_calendar_file(self.window(), self._session, self._project)

    def _open(self, row: MeetingRow) -> None:
        self.go.emit(Route(Place.MEETING, row.id))


def new_meeting_dialog(
    parent: QWidget,
    projects: Sequence[ProjectRow],
    project: UUID,
    zone: str,
    today: date,
    run: Callable[[FormDialog, Values], None],
    *,
    at: datetime | None = None,
    minutes: int | None = None,
) -> FormDialog:
    """Return the dialog that asks for a new meeting.

    Args:
        parent: the window it belongs to.
        projects: to choose from.
        project: chosen at first.
        zone: the reader's.
        today: where the reader is.
        run: plans it.
        at: when it begins, naive, by the clocks of `zone`; None = a usual time in two weeks.
        minutes: how long; None = as its agenda says.
    """

    def fixed(name: str, label: str, entry: Entry, first: object, **more: Any) -> Field[Any]:
        return Field(name, label, lambda _: first, entry, **more)

    day = today + _AHEAD if at is None else at.date()
    while at is None and day.weekday() >= 5:
        day += timedelta(days=1)
    return FormDialog(
        parent,
        say("New meeting"),
        say(
            "The agenda is filled from the work plan and the consortium is invited; both can be "
            "changed before anybody is told."
        ),
        [
            fixed(
                "project_id",
                say("Project"),
                Entry.CHOICE,
                project,
                options=lambda: [Option(row.id, row.acronym) for row in projects],
            ),
            fixed(
                "type",
                say("Type"),
                Entry.CHOICE,
                MeetingType.KICK_OFF,
                options=lambda: options(MeetingType),
            ),
            fixed("title", say("Title"), Entry.TEXT, "", hint=say("As the type says")),
            [
                fixed("date", say("Date"), Entry.DATE, day),
                fixed("time", say("Starts at"), Entry.TIME, _AT if at is None else at.time()),
            ],
            [
                fixed("zone", say("Time zone"), Entry.ZONE, zone),
                fixed(
                    "duration_minutes",
                    say("Length in minutes"),
                    Entry.NUMBER,
                    minutes,
                    minimum=1,
                    maximum=_LONGEST,
                    hint=say("As the agenda"),
                ),
            ],
        ],
        say("Plan meeting"),
        run,
        required=["project_id", "date", "zone"],
    )
