"""The calendar: which days are shown and how, moving a meeting, writing it to a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Protocol
from uuid import UUID

from PySide6.QtCore import QLocale

from projectdesk.desktop.calendar.days import View, span, step
from projectdesk.desktop.calendar.entries import (
    Entry,
    Shows,
    entries,
    on_another_day,
    planned_at,
)
from projectdesk.desktop.calendar.words import moved_words
from projectdesk.desktop.language import say
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.domain.rules.zoned_time import to_local, to_utc, zone_of
from projectdesk.errors import DomainError, ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.calendar_rows import CalendarMeeting, CalendarRow
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.services.commands.merge import Saved
    from projectdesk.services.workspace import Workspace


@dataclass(frozen=True)
class CalendarLook:
    """How the calendar is looked at. other: a second zone, "" = none. country: of holidays."""

    view: View = View.MONTH
    other: str = ""
    country: str = ""
    marks: bool = True
    holidays: bool = True
    busy: bool = True

    @property
    def shows(self) -> Shows:
        """What is shown beside the meetings."""
        return Shows(self.marks, self.holidays, self.busy)


class CalendarPage(Protocol):
    """Where the calendar is shown."""

    def show_calendar(self, shown: ShownCalendar) -> None:
        """Show the days."""


@dataclass(frozen=True)
class ShownCalendar:
    """What is to be shown. zone: the reader's; anchor: the day that the person is at."""

    look: CalendarLook
    anchor: date
    span: tuple[date, date]
    zone: str
    entries: Sequence[Entry]
    found: CalendarRow


class CalendarPresenter(Presenter):
    """Presents the meetings of all projects, and what is around them."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {
            Kind.MEETING,
            Kind.PROJECT,
            Kind.DELIVERABLE,
            Kind.WORK_PACKAGE,
            Kind.MILESTONE,
            Kind.REPORTING_PERIOD,
            Kind.EFFORT_STATEMENT,
            Kind.DATE_POLL,
            Kind.BUSY_SOURCE,
            Kind.PERSON,
        }
    )

    def __init__(
        self, session: Session, view: CalendarPage, reader: Reader, today: Callable[[], date]
    ) -> None:
        super().__init__(session)
        self._view = view
        self._reader = reader
        self._today = today
        self._project: UUID | None = None
        self._look_known = False
        self.look = CalendarLook()
        self.anchor = today()
        self.shown: ShownCalendar | None = None
        reader.on_loaded(self.reload)

    @property
    def zone(self) -> str:
        """The reader's zone."""
        return self._reader.zone

    def load(self) -> None:
        """Ask for what is shown, and the first time for how the calendar was looked at."""
        if not self._look_known and self._reader.known:
            self._look_known = True
            self.ask(lambda ws: queries.setting(ws, self._key()), self._take_look)
            return
        look, anchor, project = self.look, self.anchor, self._project
        begin, end = span(look.view, anchor, first_weekday())
        country, _, region = look.country.partition("-")
        language = QLocale().name()[:2]

        def work(workspace: Workspace) -> CalendarRow:
            return queries.calendar(
                workspace,
                begin,
                end,
                project_id=project,
                country=country if look.holidays else "",
                region=region,
                language=language,
            )

        def then(found: CalendarRow) -> None:
            if (look, anchor, project) == (self.look, self.anchor, self._project):
                zone = self._reader.zone
                made = entries(found, zone, look.shows)
                self.shown = ShownCalendar(look, anchor, (begin, end), zone, made, found)
                self._view.show_calendar(self.shown)

        self.ask(work, then)

    # --- what is shown

    def set_project(self, project: UUID | None) -> None:
        """Show one project only, None = all."""
        self._project = project
        self.reload()

    def go_to(self, day: date) -> None:
        """Show the days around a day."""
        self.anchor = day
        self.reload()

    def go_today(self) -> None:
        """Show today."""
        self.go_to(self._today())

    def step(self, steps: int) -> None:
        """Show so many weeks, months or lists later, or earlier."""
        self.go_to(step(self.look.view, self.anchor, steps))

    def set_look(self, look: CalendarLook) -> None:
        """Look at the calendar in another way; it is kept for the next time."""
        if look == self.look:
            return
        self.look = look
        self.reload()
        words, key = json.dumps(asdict(look)), self._key()
        self._session.ask(lambda ws: commands.set_setting(ws, key, words))

    def _key(self) -> str:
        me = self._reader.me
        return "calendar" if me is None else f"calendar.{me.id.hex}"

    def _take_look(self, kept: str) -> None:
        self.look = look_of(kept)
        self.load()

    # --- moving

    def move(self, entry: Entry, start: datetime) -> None:
        """Let a meeting start at another time; naive, in the reader's zone."""
        if entry.meeting is not None:
            self._move(entry.meeting, planned_at(entry.meeting, start, self.zone))

    def move_days(self, entry: Entry, days: int) -> None:
        """Let a meeting be on another day, at the same time of its own zone."""
        if entry.meeting is not None and days:
            self._move(entry.meeting, on_another_day(entry.meeting, days))

    def _move(self, meeting: CalendarMeeting, values: dict[str, object]) -> None:
        def done(saved: Saved) -> None:
            if saved.refused:
                self._session.tell(Notice("", conflict=saved.met))
                self.reload()
                return
            self._session.tell(Notice(self._moved(meeting, values), undo=saved.changes.change_id))

        def work(workspace: Workspace) -> Saved:
            return commands.save_fields(
                workspace, Kind.MEETING, meeting.id, meeting.version, values
            )

        def failed(error: ProjectDeskError) -> None:
            self.refuse(error)
            self.reload()

        self.ask(work, done, failed)

    def _moved(self, meeting: CalendarMeeting, values: dict[str, object]) -> str:
        local = values["local_start"]
        if not isinstance(local, datetime):
            raise TypeError("a start is a time")
        start = to_local(to_utc(local, meeting.zone), self.zone)
        words = moved_words(meeting.title, start, self.zone)
        if meeting.told:
            words += " " + say("The invitees were told the earlier time: send them the update.")
        return words


def first_weekday() -> int:
    """Return the first day of the week where the reader is, 0 = Monday."""
    return int(QLocale().firstDayOfWeek().value) - 1


def look_of(kept: str) -> CalendarLook:
    """Return how the calendar was looked at; the usual look where that says nonsense."""
    try:
        found = json.loads(kept) if kept else {}
        look = CalendarLook(
            view=View(found.get("view", View.MONTH)),
            other=str(found.get("other", "")),
            country=str(found.get("country", "")),
            marks=bool(found.get("marks", True)),
            holidays=bool(found.get("holidays", True)),
            busy=bool(found.get("busy", True)),
        )
        if look.other:
            zone_of(look.other)
    except (ValueError, TypeError, AttributeError, DomainError):
        return CalendarLook()
    return look
