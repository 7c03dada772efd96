"""The page of one meeting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property, partial
from typing import TypeVar
from uuid import UUID

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.words import tone, word
from projectdesk.desktop.pages.documents import DocumentsPane
from projectdesk.desktop.pages.export_documents import (
    LanguageMenu,
    add_documents,
    annex_chosen,
    ask_document_file,
    offered_name,
)
from projectdesk.desktop.pages.meeting.after import AfterCallPane
from projectdesk.desktop.pages.meeting.agenda import AgendaPane
from projectdesk.desktop.pages.meeting.attendance import AttendancePane
from projectdesk.desktop.pages.meeting.call_record import CallRecordPane
from projectdesk.desktop.pages.meeting.circulation import CirculationPane, utc_now
from projectdesk.desktop.pages.meeting.details import DetailsPane
from projectdesk.desktop.pages.meeting.held_dialog import ask_when_held, held_words
from projectdesk.desktop.pages.meeting.invitees import InviteesPane
from projectdesk.desktop.pages.meeting.inviting_actions import InvitingActions
from projectdesk.desktop.pages.meeting.minutes import MinutesPane
from projectdesk.desktop.pages.meeting.preparing import PreparingColumn
from projectdesk.desktop.pages.meeting.questions import KEYS as QUESTION_KEYS
from projectdesk.desktop.pages.meeting.recordings import RecordingsPane
from projectdesk.desktop.pages.meeting.review import ReviewPane
from projectdesk.desktop.pages.page import Page
from projectdesk.desktop.pages.save_calendar import ask_calendar_file
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.circulation import FindsMinutesHosts
from projectdesk.desktop.presenters.meeting import Links, MeetingPresenter, local_start
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.presenters.recordings import ReachesHosts
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.desktop.theme.tokens import SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.badges import Banner
from projectdesk.desktop.widgets.dialog import confirm
from projectdesk.desktop.widgets.header import PageHeader, Tabs
from projectdesk.desktop.widgets.layout import button, column, icon_button, plain, show_if
from projectdesk.domain.meetings import MeetingState
from projectdesk.domain.rules import held_times
from projectdesk.domain.rules.minutes_life import Standing
from projectdesk.domain.rules.reviewing import REVIEWS
from projectdesk.services import queries
from projectdesk.services.circulation_rows import MinutesLife
from projectdesk.services.meeting_hosts import meeting_hosts
from projectdesk.services.rows import MeetingRow
from projectdesk.signalling.control import RoomRules

PaneT = TypeVar(
    "PaneT",
    AfterCallPane,
    InviteesPane,
    DocumentsPane,
    MinutesPane,
    AttendancePane,
    CallRecordPane,
    CirculationPane,
    RecordingsPane,
    PreparingColumn,
    ReviewPane,
)
_TABS = (
    "agenda",
    "invitees",
    "documents",
    "after",
    "minutes",
    "circulation",
    "attendance",
    "call",
    "recordings",
    "details",
    "review",
)
CAPACITY = RoomRules().capacity
"""Most people in a call at once."""
EVERYONE = RoomRules().everyone
"""Up to so many people, everybody sees everybody."""


class MeetingPage(Page):
    """Agenda, invitees, minutes, attendance and details of one meeting."""

    start_asked = Signal(object)
    """MeetingRow: the application opens the call window."""

    def __init__(
        self,
        session: Session,
        reader: Reader,
        links: Links,
        today: Callable[[], date] = date.today,
        hosts: ReachesHosts | None = None,
        readers: FindsMinutesHosts | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__()
        self._hosts = hosts
        self._readers = readers
        self._now = now
        self._session = session
        self._reader = reader
        self._links = links
        self._today = today
        self._meeting: UUID | None = None
        self._project: UUID | None = None
        self.choices = Choices(session)
        self.presenter = self.present(MeetingPresenter(session, self))
        self.agenda = AgendaPane(session, self.choices, reader)
        self._panes: list[
            AfterCallPane
            | InviteesPane
            | DocumentsPane
            | MinutesPane
            | AttendancePane
            | CallRecordPane
            | CirculationPane
            | RecordingsPane
            | PreparingColumn
            | ReviewPane
        ] = []
        self.start = button(say("Start meeting"), "primary", "video", self._ask_start)
        self.export = button(say("Export"), "", "download")
        self.export.setProperty("menu", "true")
        self.export.setMenu(self._export_menu())
        more = icon_button("ellipsis", say("More"))
        more.setPopupMode(more.ToolButtonPopupMode.InstantPopup)
        more.setMenu(self._menu())
        self.header = PageHeader("", "", [self.export, self.start, more])
        self.tabs = Tabs(
            [
                (say("Agenda"), self.agenda),
                (say("Invitees"), lambda: self.invitees),
                (say("Documents"), lambda: self.documents),
                (say("After the call"), lambda: self.after),
                (say("Minutes"), lambda: self.minutes),
                (say("Circulation"), lambda: self.circulation),
                (say("Attendance"), lambda: self.attendance),
                (say("From the call"), lambda: self.call_record),
                (say("Recordings"), lambda: self.recordings),
                (say("Details"), lambda: self.details),
                (say("Review"), lambda: self.review),
            ]
        )
        self.tabs.offer(_TABS.index("review"), False)
        self.tabs.offer(_TABS.index("after"), False)
        self._landed = True
        QShortcut(QKeySequence(QUESTION_KEYS), self, self._ask_question)
        self.crowded = Banner()
        top = plain(
            column(self.header, self.crowded, margins=(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_S))
        )
        layout = column(top, self.tabs, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        reader.on_loaded(self._show_header)

    # --- the tabs, made when first needed

    @cached_property
    def invitees(self) -> InviteesPane:
        """Who is invited."""
        pane = self._opened(InviteesPane(self._session, self.choices, self._links))
        pane.send_asked.connect(self.inviting.ask_send)
        return pane

    @cached_property
    def documents(self) -> DocumentsPane:
        """What is attached to it and its items, and what was put into the chat."""
        return self._opened(DocumentsPane(self._session))

    @cached_property
    def after(self) -> AfterCallPane:
        """What it leaves: decided, to do, not treated; the minutes go out."""
        made = AfterCallPane(self._session, self.choices, self._reader, self._today)
        made.go.connect(self.go)
        made.circulate_asked.connect(self._circulate)
        made.held_asked.connect(self.ask_held)
        return self._opened(made)

    @cached_property
    def minutes(self) -> MinutesPane:
        """What is written down."""
        return self._opened(MinutesPane(self._session, self.choices, today=self._today))

    @cached_property
    def circulation(self) -> CirculationPane:
        """Where the minutes stand, who has them, what was objected."""
        return self._opened(CirculationPane(self._session, self._readers, self._now))

    @cached_property
    def attendance(self) -> AttendancePane:
        """Who was there."""
        return self._opened(AttendancePane(self._session, self.choices, self._reader))

    @cached_property
    def call_record(self) -> CallRecordPane:
        """What was written in the call."""
        return self._opened(CallRecordPane(self._session, self._reader))

    @cached_property
    def recordings(self) -> RecordingsPane:
        """What was recorded."""
        return self._opened(RecordingsPane(self._session, self._reader, self._hosts))

    @cached_property
    def details(self) -> DetailsPane:
        """When and where."""
        pane = DetailsPane(self.preparing)
        pane.form.entered.connect(self._on_entered)
        if self.presenter.row is not None:
            pane.show_meeting(self.presenter.row)
        self._session.ask(meeting_hosts, pane.show_hosts)
        return pane

    @cached_property
    def review(self) -> ReviewPane:
        """What a review is about, and what was asked at it."""
        made = ReviewPane(self._session, self.choices)
        made.go.connect(self.go)
        return self._opened(made)

    @cached_property
    def preparing(self) -> PreparingColumn:
        """The notice guard and the reminders, beside the details."""
        made = PreparingColumn(self._session, lambda bodies: self.details.show_bodies(bodies))
        made.go.connect(self.go)
        return self._opened(made)

    @property
    def tab(self) -> str:
        """Name of the tab that is shown."""
        return _TABS[self.tabs.current]

    def _opened(self, pane: PaneT) -> PaneT:
        self._panes.append(pane)
        if self._meeting is not None:
            pane.open_meeting(self._meeting)
        return pane

    def _export_menu(self) -> QMenu:
        menu = QMenu(self)
        self._documents = add_documents(menu, self.ask_export)
        menu.addSeparator()
        menu.addMenu(LanguageMenu(self, self._session))
        entry = menu.addAction(say("Calendar entry (.ics)"))
        set_icon(entry, "calendar", Tone.MUTED)
        entry.triggered.connect(self._save_entry)
        return menu

    def _save_entry(self) -> None:
        row = self.presenter.row
        if row is not None:
            ask_calendar_file(self.window(), self._session, row.title, meeting=row.id)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        self.inviting = InvitingActions(menu, self, self._session, self._links, self.presenter)
        self._find = menu.addAction(say("Find another time"))
        set_icon(self._find, "calendar-clock", Tone.MUTED)
        self._find.triggered.connect(lambda: self.go.emit(Route(Place.FIND_TIME, self._meeting)))
        self._held = menu.addAction(say("When it was held"))
        set_icon(self._held, "clock", Tone.MUTED)
        self._held.triggered.connect(self.ask_held)
        self._unsaid = menu.addAction(say("Take back when it was held"))
        set_icon(self._unsaid, "undo-2", Tone.MUTED)
        self._unsaid.triggered.connect(self.presenter.forget_when_held)
        project = menu.addAction(say("Open project"))
        set_icon(project, "folder-kanban", Tone.MUTED)
        project.triggered.connect(lambda: self.go.emit(Route(Place.PROJECT, self._project)))
        delete = menu.addAction(say("Delete meeting"))
        set_icon(delete, "trash-2", Tone.DANGER)
        delete.triggered.connect(self._ask_delete)
        return menu

    def open(self, route: Route) -> None:
        """Show the meeting and the tab that `route` names."""
        if route.id is None:
            return
        if route.id != self._meeting:
            self._meeting = route.id
            self.header.set("")
            self.tabs.show_tab(0)
            self._landed = bool(route.tab)
            self.presenter.open(route.id)
            self.agenda.open_meeting(route.id)
            for pane in self._panes:
                pane.open_meeting(route.id)
            if "details" in self.__dict__:
                self._session.ask(meeting_hosts, self.details.show_hosts)
        if route.tab in _TABS:
            self.tabs.show_tab(_TABS.index(route.tab))
        if route.select is not None and route.tab == "agenda":
            self.agenda.select(route.select)
        elif route.select is not None and route.tab == "minutes":
            self.minutes.show_record(route.select)

    def close_page(self) -> None:
        """Let the presenters go."""
        super().close_page()
        self.agenda.presenter.close()
        for pane in self._panes:
            pane.close_presenters()
        self.choices.close()

    def show_busy(self, busy: bool) -> None:
        """Show that the call window is being opened."""
        self.start.setEnabled(not busy)

    # --- what the presenter calls

    def show_meeting(self, row: MeetingRow) -> None:
        """Show the meeting."""
        if row.project_id != self._project:
            self._project = row.project_id
            self.choices.open(row.project_id)
        self._show_header()
        self.tabs.offer(_TABS.index("review"), row.type in REVIEWS)
        self.tabs.offer(_TABS.index("after"), row.state is MeetingState.HELD)
        self._land(row)
        self._documents["review-report"].menuAction().setVisible(row.type in REVIEWS)
        self.agenda.show_meeting(row)
        if "details" in self.__dict__:
            self.details.show_meeting(row)
        live = row.state is MeetingState.LIVE
        joined = live or row.outside_url
        self.start.setText(say("Join meeting") if joined else say("Start meeting"))
        ahead = row.state in (MeetingState.PLANNED, MeetingState.LIVE)
        show_if(self.start, ahead)
        self._find.setVisible(row.state is MeetingState.PLANNED)
        self._held.setVisible(_may_say_when(row, self._now()))
        self._unsaid.setVisible(held_times.is_by_hand(row))
        self.crowded.say(_crowd(row) if ahead else "")

    def _land(self, row: MeetingRow) -> None:
        """Show what a held meeting leaves first, as long as its minutes are a draft."""
        if self._landed or row.state is not MeetingState.HELD:
            return
        self._landed = True

        def show(life: MinutesLife) -> None:
            here = life.meeting_id == self._meeting and self.tabs.current == 0
            if here and life.standing is Standing.DRAFT:
                self.tabs.show_tab(_TABS.index("after"))

        self._session.ask(lambda ws: queries.minutes_life(ws, row.id), show)

    def _circulate(self) -> None:
        """Show to whom the minutes would go, to be confirmed."""
        self.tabs.show_tab(_TABS.index("circulation"))
        self.circulation.presenter.ask_circulating()

    def show_problem(self, field: str, words: str) -> None:
        """Say what is wrong beside a field."""
        shown = "date" if field == "local_start" else field
        if not self.details.form.show_problem(shown, words):
            self.presenter.say_problem(words)

    def meeting_gone(self) -> None:
        """The meeting is no longer there: back to the list."""
        self._meeting = None
        if self.isVisible():
            self.go.emit(Route(Place.MEETINGS))

    # --- what a person asks for

    def ask_export(self, what: str, form: str) -> None:
        """Ask where to save a document, then write it."""
        row = self.presenter.row
        if row is not None:
            name = offered_name(row, what)
            annex = annex_chosen(self._documents[what])
            write = partial(self.presenter.export, what, form, annex=annex)
            ask_document_file(self.window(), name, form, write)

    def ask_held(self) -> None:
        """Ask when the meeting was held."""
        row = self.presenter.row
        if row is not None:
            ask_when_held(self.window(), self.presenter, row)

    def _ask_start(self) -> None:
        row = self.presenter.row
        if row is not None and row.outside_url:  # a call of others, in the browser
            QDesktopServices.openUrl(QUrl(row.outside_url))
        elif row is not None:
            self.start_asked.emit(row)

    def _ask_delete(self) -> None:
        row = self.presenter.row
        if row is not None:
            confirm(
                self.window(),
                say("Delete this meeting?"),
                _what_goes(row),
                say("Delete meeting"),
                self.presenter.delete,
            )

    def _on_entered(self, name: str, value: object) -> None:
        row: MeetingRow | None = self.details.form.seen(name) or self.presenter.row
        if row is None:
            return
        if name == "date":
            self.presenter.edit({"local_start": local_start(row, day=value)}, row)
        elif name == "time":
            self.presenter.edit({"local_start": local_start(row, at=value)}, row)
        elif name == "host":
            self._ask_move(row, str(value))
        else:
            self.presenter.edit({name: value}, row)

    def _ask_move(self, row: MeetingRow, host: str) -> None:
        """Ask before a meeting moves: links that were sent point to where it was."""
        if not row.invited:
            self.presenter.edit({"host": host})
            return
        dialog = confirm(
            self.window(),
            say("Hold the meeting on {place}?", place=self.details.host_called(host)),
            say(
                "Links that were sent before say that it moved, and answer forms in them close. "
                "Everybody needs the new link: send it again."
            ),
            say("Move the meeting"),
            lambda: self.presenter.edit({"host": host}),
        )
        dialog.rejected.connect(lambda: self.details.show_meeting(row))

    def _ask_question(self) -> None:
        row = self.presenter.row
        if row is not None and row.type in REVIEWS:
            self.tabs.show_tab(_TABS.index("review"))
            self.review.ask_question()

    def _show_header(self) -> None:
        row = self.presenter.row
        if row is None or row.id != self._meeting:
            return
        parts = (
            row.project,
            formats.weekday(row.local_start.date()),
            formats.in_zones(row.starts_at, row.zone, self._reader.zone),
            formats.minutes(row.duration_minutes),
            held_words(row),
            row.place,
        )
        line = formats.joined(parts)
        self.header.set(row.title, line, word(row.state), tone(row.state))


def _may_say_when(row: MeetingRow, now: datetime) -> bool:
    """Return whether people can say when a meeting was held: it began, and no call measured it."""
    if held_times.is_by_hand(row):
        return True
    cancelled = row.state is MeetingState.CANCELLED
    return not cancelled and row.ended_at is None and row.starts_at <= now


def _what_goes(row: MeetingRow) -> str:
    """Return what is said before a meeting is deleted."""
    goes = say("Its agenda, invitations, minutes and attendance go with it. You can undo it.")
    if row.invited_at is None or row.state is not MeetingState.PLANNED:
        return goes
    told = say("People were invited and are not told by this: cancel the meeting first.")
    return f"{told} {goes}"


def _crowd(row: MeetingRow) -> str:
    """Return what to say when not all who are invited fit in or see each other, else ""."""
    if row.invited <= EVERYONE:
        return ""
    if row.invited <= CAPACITY:
        return say(
            "{count} are invited. With more than {everyone} people in the call, each sees at most "
            "{cameras} cameras at once: those pinned, who presents, who spoke last.",
            count=row.invited,
            everyone=EVERYONE,
            cameras=RoomRules().cameras,
        )
    if row.accepted > CAPACITY:
        return say(
            "A call takes {capacity} people at once, and {count} have accepted: who comes last "
            "waits until somebody leaves. Let partners send one person each, or meet in groups.",
            capacity=CAPACITY,
            count=row.accepted,
        )
    return say(
        "A call takes {capacity} people at once, and {count} are invited: who comes last waits "
        "until somebody leaves.",
        capacity=CAPACITY,
        count=row.invited,
    )
