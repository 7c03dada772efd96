"""The calendar of all projects: a month, a week in two zones, or a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from uuid import UUID

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from projectdesk.desktop.calendar.days import View
from projectdesk.desktop.calendar.entries import Entry, EntryKind
from projectdesk.desktop.calendar.layout import Place as Spot
from projectdesk.desktop.calendar.view import CalendarView, start_of
from projectdesk.desktop.calendar.words import (
    span_words,
    state_words,
    time_there,
    time_words,
    title_words,
    zones_beside,
)
from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.entries import zones
from projectdesk.desktop.models.fields import Column, Field, Option
from projectdesk.desktop.models.fields import Entry as FieldEntry
from projectdesk.desktop.models.ordering import in_order
from projectdesk.desktop.models.words import tone
from projectdesk.desktop.pages.dialogs import FormDialog, Values
from projectdesk.desktop.pages.meetings import new_meeting_dialog
from projectdesk.desktop.pages.page import Page
from projectdesk.desktop.pages.save_calendar import ask_calendar_file
from projectdesk.desktop.presenters.calendar import CalendarPresenter, ShownCalendar
from projectdesk.desktop.presenters.feeds import SendsFeeds
from projectdesk.desktop.presenters.meetings import plan_meeting
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, Tone
from projectdesk.desktop.widgets.choice_editors import ChoiceEditor
from projectdesk.desktop.widgets.clock_width import with_clock
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.header import FilterField, PageHeader, Segments
from projectdesk.desktop.widgets.layout import button, column, icon_button, plain, text
from projectdesk.desktop.widgets.toolbar import toolbar
from projectdesk.domain.countries import ISO_CODES
from projectdesk.services import queries
from projectdesk.services.rows import Kind, ProjectRow

_USUAL = time(10)
_MINUTE_MS = 60_000
_TABS = {
    Kind.DELIVERABLE: Kind.DELIVERABLE,
    Kind.MILESTONE: Kind.MILESTONE,
    Kind.REPORTING_PERIOD: "reporting",
    Kind.EFFORT_STATEMENT: "reporting",
}
"""Which tab of a project shows a day that matters."""


class CalendarPage(Page):
    """Meetings of all projects, and what is around them."""

    def __init__(
        self,
        session: Session,
        reader: Reader,
        today: Callable[[], date] = date.today,
        now: Callable[[], datetime] = datetime.now,
        feeds: SendsFeeds | None = None,
    ) -> None:
        """Make the page.

        Args:
            session: the outside.
            reader: who reads, and in which zone.
            today: the date where they are.
            now: the present there, naive.
            feeds: sends calendars to their hosts; None = nobody can subscribe here.
        """
        super().__init__()
        self._session = session
        self._feeds = feeds
        self._reader = reader
        self._today = today
        self._project: UUID | None = None
        self._shown: ShownCalendar | None = None
        self.presenter = self.present(CalendarPresenter(session, self, reader, today))
        self.view = CalendarView(reader.zone, now)
        self.list: DataTable[Entry] = self._list()
        self.list.setAccessibleName(say("Calendar"))
        self.filter = FilterField(say("Filter the list"))
        self.filter.setMinimumWidth(140)
        self.filter.textChanged.connect(self.list.set_filter)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.list)
        self._header = self._make_header()
        self.bar = self._toolbar()
        top = plain(column(self._header, margins=(SPACE_XL, SPACE_XL, SPACE_XL, 0)))
        main = plain(
            column(
                self.bar,
                self.stack,
                spacing=SPACE_M,
                margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL),
            )
        )
        layout = column(top, main, spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._connect()
        self._minute = QTimer(self, interval=_MINUTE_MS)
        self._minute.timeout.connect(self.view.tick)

    def _make_header(self) -> PageHeader:
        self.new = button(say("New meeting"), "primary", "calendar-plus", self._plan_here)
        self.subscribe = button(say("Subscribe"), "", "link", self.ask_subscribe)
        self.subscribe.setEnabled(self._feeds is not None)
        self.subscribe.setToolTip(say("An address by which other calendars follow the meetings"))
        self.export = button(say("Export"), "", "download", self._export_all)
        self.export.setToolTip(say("Save the meetings as an .ics file"))
        return PageHeader(
            say("Calendar"),
            say("The meetings of all projects, and the days that matter around them."),
            [self.subscribe, self.export, self.new],
        )

    def _toolbar(self) -> QWidget:
        self.which = Segments(
            [(View.MONTH, say("Month")), (View.WEEK, say("Week")), (View.LIST, say("List"))]
        )
        self.back = icon_button("chevron-left", say("Back"), partial(self.presenter.step, -1))
        self.forward = icon_button("chevron-right", say("Forward"), partial(self.presenter.step, 1))
        self.today = button(say("Today"), "", "", self.presenter.go_today)
        self.today.setToolTip(say("Go to today (T)"))
        self.heading = text("", "heading")
        self.zone = ChoiceEditor(self._zone_options)
        self.zone.setMinimumWidth(170)
        self.zone.setAccessibleName(say("Second time zone"))
        self.zone.setToolTip(say("A second time zone, beside your own"))
        self.shows = button(say("Show"), "", "")
        self.shows.setProperty("menu", "true")
        self._shows_menu = QMenu(self.shows)
        self._shows_menu.aboutToShow.connect(self._fill_shows)
        self.shows.setMenu(self._shows_menu)
        return toolbar(
            self.which,
            SPACE_S,
            self.back,
            self.today,
            self.forward,
            SPACE_S,
            self.heading,
            None,
            self.filter,
            self.zone,
            self.shows,
        )

    def _connect(self) -> None:
        self.which.chosen.connect(lambda view: self._look_as(View(view)))
        self.zone.committed.connect(
            lambda: self.presenter.set_look(
                replace(self.presenter.look, other=self.zone.value() or "")
            )
        )
        view = self.view
        view.opened.connect(self._open)
        view.planned.connect(self._plan_at)
        view.moved.connect(self.presenter.move)
        view.moved_days.connect(self.presenter.move_days)
        view.more_asked.connect(self._show_all_of)
        view.left.connect(self._go_on)
        view.stepped.connect(self.presenter.step)
        view.menu_asked.connect(self._show_menu)
        self.list.opened.connect(self._open)
        for keys, run in (
            ("T", self.presenter.go_today),
            ("M", partial(self._look_as, View.MONTH)),
            ("W", partial(self._look_as, View.WEEK)),
            ("L", partial(self._look_as, View.LIST)),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(run)

    # --- what the shell calls

    def set_project(self, project: UUID | None) -> None:
        """Show one project only, None = all."""
        self._project = project
        self.presenter.set_project(project)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus on. With a focus proxy Tab would take the page for one control."""
        super().focusInEvent(event)
        self.stack.currentWidget().setFocus(event.reason())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._minute.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._minute.stop()

    # --- what the presenter calls

    def show_calendar(self, shown: ShownCalendar) -> None:
        """Show the days."""
        before, self._shown = self._shown, shown
        look = shown.look
        self.which.choose(look.view)
        self.heading.setText(span_words(look.view, shown.anchor, *shown.span))
        if before is None or before.found.zones != shown.found.zones or before.zone != shown.zone:
            self.zone.load()
        self.zone.set_value(look.other)
        listed = look.view is View.LIST
        self.filter.setVisible(listed)
        self.stack.setCurrentWidget(self.list if listed else self.view)
        if listed:
            self.list.show_rows(shown.entries)
            return
        self.view.show_entries(
            look.view,
            shown.anchor,
            shown.span,
            shown.entries,
            zone=shown.zone,
            other=look.other,
            named=self._project is None and len(shown.found.projects) > 1,
        )

    # --- looking

    def _look_as(self, view: View) -> None:
        place = self.view.place
        if place is not None and self.presenter.look.view is not View.LIST:
            self.presenter.anchor = place.day
        self.presenter.set_look(replace(self.presenter.look, view=view))
        if view is not View.LIST:
            self.view.setFocus()

    def _show_all_of(self, day: date) -> None:
        """Show a day's week, which has room for all of it."""
        self.presenter.anchor = day
        if self.presenter.look.view is View.WEEK:
            self._look_as(View.LIST)
        else:
            self.view.select_place(Spot(day))
            self._look_as(View.WEEK)

    def _go_on(self, steps: int) -> None:
        """Follow the keyboard out of what is shown."""
        place = self.view.place
        if place is not None and self.view.holds(place.day):
            self.presenter.step(steps)  # N and P, past the last entry
        elif place is not None:
            self.presenter.go_to(place.day)

    def _zone_options(self) -> Sequence[Option]:
        used = () if self._shown is None else self._shown.found.zones
        own = self._reader.zone
        first = [zone for zone in used if zone != own]
        others = [zone for zone in zones()[0] if zone not in first and zone != own]
        return [
            Option("", say("No second zone")),
            *(Option(zone, formats.city(zone)) for zone in first),
            *(Option(zone, zone.replace("_", " ")) for zone in others),
        ]

    def _fill_shows(self) -> None:
        menu, look = self._shows_menu, self.presenter.look
        menu.clear()
        for name, words in (
            ("marks", say("Deadlines")),
            ("busy", say("My busy times")),
            ("holidays", say("Public holidays")),
        ):
            made = menu.addAction(words)
            made.setCheckable(True)
            made.setChecked(bool(getattr(look, name)))
            made.toggled.connect(partial(self._set_shown, name))
        menu.addSeparator()
        country = formats.country(look.country) if look.country else say("no country")
        chosen = menu.addAction(say("Holidays of {country}…", country=country))
        chosen.triggered.connect(self.ask_country)

    def _set_shown(self, name: str, shown: bool) -> None:
        look = self.presenter.look
        match name:
            case "marks":
                self.presenter.set_look(replace(look, marks=shown))
            case "busy":
                self.presenter.set_look(replace(look, busy=shown))
            case _:
                self.presenter.set_look(replace(look, holidays=shown))
                if shown and not look.country:
                    self.ask_country()

    def ask_country(self) -> FormDialog:
        """Ask whose public holidays are shown."""
        used = () if self._shown is None else self._shown.found.countries
        first = [Option(code, formats.country(code)) for code in used]
        others = in_order(
            (Option(code, formats.country(code)) for code in ISO_CODES if code not in used),
            lambda option: option.label,
        )

        def run(dialog: FormDialog, values: Values) -> None:
            dialog.close_done()
            look = replace(self.presenter.look, country=values["country"] or "", holidays=True)
            self.presenter.set_look(look)

        field: Field[object] = Field(
            "country",
            say("Country"),
            lambda _: self.presenter.look.country,
            FieldEntry.CHOICE,
            lambda: [Option("", say("No country")), *first, *others],
        )
        dialog = FormDialog(
            self.window(),
            say("Public holidays"),
            say("They are shown in the calendar on their days."),
            [field],
            say("Show them"),
            run,
        )
        dialog.open()
        return dialog

    # --- entries

    def _open(self, entry: Entry) -> None:
        if entry.meeting is not None:
            self.go.emit(Route(Place.MEETING, entry.meeting.id))
        elif entry.mark is not None:
            mark = entry.mark
            if mark.kind is Kind.DATE_POLL:
                self.go.emit(Route(Place.FIND_TIME, tab="polls", select=mark.id))
                return
            tab = _TABS.get(mark.kind, "overview")
            self.go.emit(Route(Place.PROJECT, mark.project_id, str(tab), mark.id))

    def _show_menu(self, target: object, at: QPoint) -> None:
        menu = QMenu(self)
        if isinstance(target, Entry):
            if target.kind in (EntryKind.MEETING, EntryKind.MARK):
                menu.addAction(say("Open|verb"), partial(self._open, target))
            if target.meeting is not None:
                menu.addAction(
                    say("Save as .ics…"), partial(self._ask_export, target.meeting.id, target.title)
                )
        elif isinstance(target, Spot):
            menu.addAction(say("New meeting here"), partial(self._plan_at, target))
        if menu.isEmpty():
            menu.deleteLater()
            return
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    # --- planning

    def _plan_here(self) -> None:
        place = self.view.place if self.presenter.look.view is not View.LIST else None
        future = place is not None and place.day >= self._today()
        self._ask_meeting(start_of(place, _USUAL) if place is not None and future else None)

    def _plan_at(self, place: Spot) -> None:
        self._ask_meeting(start_of(place, _USUAL))

    def _ask_meeting(self, start: datetime | None) -> None:
        def with_projects(projects: Sequence[ProjectRow]) -> None:
            if not projects:
                self.go.emit(Route(Place.PROJECTS, tab="new"))
                return
            dialog = new_meeting_dialog(
                self.window(),
                projects,
                self._project or projects[0].id,
                self._reader.zone,
                self._today(),
                self._plan,
            )
            if start is not None:
                dialog.form.rows["date"].editor.set_value(start.date())
                dialog.form.rows["time"].editor.set_value(start.time())
            dialog.open()

        self._session.ask(queries.projects, with_projects)

    def _plan(self, dialog: FormDialog, values: Values) -> None:
        def done(made: UUID) -> None:
            dialog.close_done()
            self.go.emit(Route(Place.MEETING, made))

        plan_meeting(self._session, dict(values), done, dialog.refuse)

    # --- files and addresses

    def ask_subscribe(self) -> None:
        """Show the addresses by which other calendars follow the meetings."""
        if self._feeds is not None:
            from projectdesk.desktop.pages.subscribe_dialog import SubscribeDialog

            SubscribeDialog(self.window(), self._session, self._feeds, self._project).open()

    def _export_all(self) -> None:
        names = dict(self._shown.found.projects) if self._shown is not None else {}
        name = names.get(self._project, "") if self._project is not None else ""
        self._ask_export(None, f"{name} {say('Calendar')}".strip())

    def _ask_export(self, meeting: UUID | None, name: str) -> None:
        """Ask where to save the meetings of what is shown, or one."""
        ask_calendar_file(self.window(), self._session, name, self._project, meeting)

    # --- the list

    def _list(self) -> DataTable[Entry]:
        return DataTable(
            list(self._columns()),
            lambda entry: entry.key,
            EmptyState(
                "calendar-days",
                say("Nothing in these months"),
                say("Plan a meeting, or go on to other months."),
            ),
            name="calendar",
        )

    def _columns(self) -> Iterator[Column[Entry]]:
        def there(entry: Entry) -> str:
            zone, other = self.presenter.zone, self.presenter.look.other
            beside = zones_beside(entry, zone, other)
            return ", ".join(time_there(entry, each) for each in beside)

        def sort(entry: Entry) -> object:
            return entry.first, "" if entry.start is None else entry.start.isoformat()

        yield Column(
            say("Date"), lambda e: formats.weekday(e.first), sort=sort, width=166, name="date"
        )
        yield Column(say("Time"), time_words, sort=sort, width=with_clock(120, 2), name="time")
        yield Column(say("Elsewhere"), there, stretch=2, muted=True, name="elsewhere")
        yield Column(say("What"), title_words, stretch=3, strong=True, name="what")
        yield Column(say("Project"), lambda e: e.project, width=116, name="project")
        yield Column(
            say("State"),
            lambda e: state_words(e, self._today()),
            width=130,
            tone=self._tone,
            name="state",
        )

    def _tone(self, entry: Entry) -> Tone:
        if entry.meeting is not None:
            return tone(entry.meeting.state)
        if entry.mark is not None and not entry.mark.done and entry.mark.day < self._today():
            return Tone.DANGER
        return Tone.NEUTRAL
