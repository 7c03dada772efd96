"""The calendars of a person, in the inspector: when they are taken, for finding a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Entry, Field
from projectdesk.desktop.pages.calendar_import import choose_calendar_file
from projectdesk.desktop.pages.dialogs import FormDialog, Values
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.person_calendars import PersonCalendarsPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.badges import Elided
from projectdesk.desktop.widgets.layout import (
    button,
    column,
    icon_button,
    plain,
    row,
    show_if,
    text,
)
from projectdesk.services.busy_rows import BusySourceRow


class CalendarLine(QWidget):
    """One calendar: what it is called, what it holds, how fresh it is."""

    refresh_asked = Signal(object)
    remove_asked = Signal(object)

    def __init__(self, shown: BusySourceRow, now: datetime) -> None:
        super().__init__()
        self._row = shown
        self.name = Elided(shown.name, "strong")
        self.state = Elided("", "caption")
        self.problem = text(shown.problem, "error", wrap=True)
        show_if(self.problem, bool(shown.problem))
        self.refresh = icon_button(
            "refresh-cw", say("Refresh"), lambda: self.refresh_asked.emit(self._row)
        )
        show_if(self.refresh, bool(shown.address))
        self.drop = icon_button("x", say("Remove"), lambda: self.remove_asked.emit(self._row))
        for made, words in ((self.refresh, say("Refresh")), (self.drop, say("Remove"))):
            made.setAccessibleName(f"{words}: {shown.name}")
        self.state.setText(_state(shown, now))
        head = row(
            column(self.name, self.state, spacing=0), self.refresh, self.drop, spacing=SPACE_XS
        )
        head.setStretch(0, 1)
        self.setLayout(column(head, self.problem, spacing=SPACE_XS))


def _state(shown: BusySourceRow, now: datetime) -> str:
    read = formats.how_long_ago(shown.read_at, now) if shown.read_at else say("never read")
    times = say_count(shown.times, "{count} busy time", "{count} busy times")
    return formats.joined((times, read))


class PersonCalendars(Presented, QWidget):
    """The calendars of a person; more can be added, by a file or by an address."""

    def __init__(
        self, session: Session, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__()
        self._session = session
        self._now = now
        self.lines: list[CalendarLine] = []
        self.presenter = self.present(PersonCalendarsPresenter(session, self))
        self._none = text(
            say("With a calendar, “Find a time” knows when this person is taken."),
            "caption",
            wrap=True,
        )
        self._reading = text(say("Reading…"), "caption")
        self._reading.hide()
        self._box = column(spacing=SPACE_S)
        self.by_file = button(say("From a file"), "", "file-down", self._ask_file)
        self.by_address = button(say("From an address"), "", "link", self.ask_address)
        self.setLayout(
            column(
                text(say("Calendars"), "strong"),
                self._none,
                plain(self._box),
                self._reading,
                row(self.by_file, self.by_address, None, spacing=SPACE_S),
                spacing=SPACE_S,
            )
        )

    def let_go(self) -> None:
        """Let the presenter go; and this, when no inspector was opened that owns it."""
        self.close_presenters()
        if self.parent() is None:
            self.deleteLater()

    def show_calendars(self, rows: Sequence[BusySourceRow]) -> None:
        """Show the calendars."""
        for line in self.lines:
            self._box.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = []
        for shown in rows:
            line = CalendarLine(shown, self._now())
            line.refresh_asked.connect(lambda asked: self.presenter.refresh([asked]))
            line.remove_asked.connect(self.presenter.remove)
            self._box.addWidget(line)
            self.lines.append(line)
        show_if(self._none, not rows)

    def show_reading(self, reading: bool) -> None:
        """Show that calendars are being read."""
        show_if(self._reading, reading)
        for line in self.lines:
            line.refresh.setEnabled(not reading)

    def ask_address(self) -> FormDialog:
        """Ask for the address of a calendar on the web."""
        dialog = FormDialog(
            self.window(),
            say("Add a calendar by its address"),
            say(
                "Google, Outlook and Apple give a calendar a secret address that ends in .ics. "
                "Only when somebody is taken is kept; titles only of your own calendar."
            ),
            [
                Field(
                    "address",
                    say("Address"),
                    lambda _: "",
                    Entry.TEXT,
                    hint="https://calendar.example.org/secret/basic.ics",
                ),
                Field("name", say("Name"), lambda _: "", hint=say("As the calendar calls itself")),
            ],
            say("Add"),
            self._add,
            required=("address",),
        )
        dialog.open()
        return dialog

    def _add(self, dialog: FormDialog, values: Values) -> None:
        self.presenter.add_address(
            str(values["address"]), str(values["name"] or ""), dialog.close_done, dialog.refuse
        )

    def _ask_file(self) -> None:
        if self.presenter.person is not None:
            choose_calendar_file(
                self.window(), self._session, None, person=self.presenter.person
            )  # fmt: skip
