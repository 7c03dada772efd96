"""A series of meetings: how a meeting is repeated, and what is changed of its series."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QListWidget, QListWidgetItem, QWidget

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Entry, Field, Option
from projectdesk.desktop.pages.dialogs import FormDialog, Values
from projectdesk.desktop.presenters import series as presenter
from projectdesk.desktop.presenters.series import RepeatPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.form import Form
from projectdesk.desktop.widgets.layout import plain, row, show_if, text
from projectdesk.domain.rules import series as rules
from projectdesk.domain.rules.series import LAST, LONGEST_INTERVAL, MOST, Repeat
from projectdesk.errors import DomainError, ProjectDeskError
from projectdesk.services.commands.series import Scope, SeriesChange
from projectdesk.services.queries.series import DateNote
from projectdesk.services.rows import MeetingRow

_WEEKLY = "weekly"
_MONTHLY = "monthly"
_DATE = Qt.ItemDataRole.UserRole
_FIRST_TIMES = 6
_LONGEST = 14 * 24 * 60
_HEIGHT = 240


def weekday_names() -> tuple[str, ...]:
    """Return the days of the week, Monday first."""
    return (
        say("Monday"),
        say("Tuesday"),
        say("Wednesday"),
        say("Thursday"),
        say("Friday"),
        say("Saturday"),
        say("Sunday"),
    )


def rule_words(repeat: Repeat) -> str:
    """Return a rule in the reader's language: "Every 2 weeks on Tuesday"."""
    names = weekday_names()
    days = ", ".join(names[day] for day in repeat.weekdays)
    every = repeat.interval
    if repeat.nth is None:
        if every == 1:
            return say("Every week on {days}", days=days)
        return say("Every {count} weeks on {days}", count=every, days=days)
    nth = {
        1: say("first"),
        2: say("second"),
        3: say("third"),
        4: say("fourth"),
        LAST: say("last"),
    }[repeat.nth]
    if every == 1:
        return say("Every month on the {nth} {days}", nth=nth, days=days)
    return say("Every {count} months on the {nth} {days}", count=every, nth=nth, days=days)


class RepeatDialog(Dialog):
    """Asks how a meeting is repeated; shows the dates with holidays and other clocks."""

    def __init__(self, parent: QWidget, session: Session, meeting: MeetingRow) -> None:
        super().__init__(
            parent,
            say("Repeat this meeting"),
            say(
                "Each date is a meeting with its own agenda and minutes, and the same invitees. "
                "Nobody is told until you send the invitations."
            ),
            width=600,
        )
        self._meeting = meeting
        self._first = meeting.local_start
        self._nth = rules.nth_of(self._first.date())
        self.form = Form(
            [
                [
                    _given("how", say("Repeats"), Entry.CHOICE, _WEEKLY, options=self._ways),
                    _given(
                        "interval",
                        say("Every"),
                        Entry.NUMBER,
                        1,
                        minimum=1,
                        maximum=LONGEST_INTERVAL,
                    ),
                ],
                [
                    _given(
                        "times",
                        say("How many dates"),
                        Entry.NUMBER,
                        _FIRST_TIMES,
                        minimum=2,
                        maximum=MOST,
                    ),
                    _given("until", say("Or up to"), Entry.DATE, None),
                ],
            ]
        )
        self.form.show_row(None)
        self.days = [QCheckBox(name[:2]) for name in weekday_names()]
        for number, (box, name) in enumerate(zip(self.days, weekday_names(), strict=True)):
            box.setAccessibleName(name)
            box.setToolTip(name)
            box.setChecked(number == self._first.weekday())
            box.setEnabled(number != self._first.weekday())
            box.toggled.connect(self._changed)
        self.weekdays = plain(row(*self.days, None, spacing=SPACE_M))
        self.words = text("", "strong", wrap=True)
        self.dates = QListWidget()
        self.dates.setMinimumHeight(_HEIGHT)
        self.dates.setAccessibleName(say("Dates"))
        self.dates.itemChanged.connect(lambda _: self._count())
        self.add(
            self.form,
            self.weekdays,
            self.words,
            self.dates,
            text(say("Untick a date on which nobody meets."), "caption"),
        )
        self.body.setSpacing(SPACE_S)
        self.add_button(say("Cancel"), "", self.reject)
        self.action = self.add_button("", "primary", self.submit, default=True)
        self.presenter = RepeatPresenter(session, self, meeting)
        self.form.entered.connect(lambda *_: self._changed())
        self.finished.connect(self.presenter.close)
        self._changed()

    def _ways(self) -> list[Option]:
        monthly = Repeat(1, (self._first.weekday(),), self._nth, 2)
        return [Option(_WEEKLY, say("By weeks")), Option(_MONTHLY, rule_words(monthly))]

    def repeat(self) -> Repeat | None:
        """Return the rule that is chosen; None, said, where it is none."""
        values = self.form.values()
        if values is None:
            return None
        interval, times = values["interval"] or 1, values["times"] or 2
        if values["how"] == _MONTHLY:
            made = Repeat(interval, (self._first.weekday(),), self._nth, times)
        else:
            days = tuple(n for n, box in enumerate(self.days) if box.isChecked())
            made = Repeat(interval, days, None, times)
        if values["until"] is not None:
            try:
                counted = rules.times_until(made, self._first, values["until"])
            except DomainError as error:
                self.show_failure(error)
                return None
            made = Repeat(made.interval, made.weekdays, made.nth, counted)
        return made

    def submit(self) -> None:
        """Make the series."""
        repeat = self.repeat()
        if repeat is not None:
            self.action.setEnabled(False)
            without = [each.date() for each in self._starts(checked=False)]
            self.presenter.make(repeat, without, self.accept)

    # --- what the presenter calls

    def show_dates(self, dates: Sequence[DateNote]) -> None:
        """Show the dates."""
        self.show_problem("")
        self.dates.clear()
        for number, each in enumerate(dates):
            notes = (*each.holidays, *each.clocks)
            start = each.clock_start
            words = f"{formats.weekday(start.date())}, {formats.clock(start)}"
            item = QListWidgetItem("   –   ".join([words, "; ".join(notes)] if notes else [words]))
            item.setData(_DATE, each.local_start)
            item.setToolTip("\n".join(notes))
            item.setCheckState(Qt.CheckState.Checked)
            if number == 0:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsUserCheckable)
            self.dates.addItem(item)
        self._count()

    def show_failure(self, error: ProjectDeskError) -> None:
        """Say why there are none."""
        self.dates.clear()
        self.show_problem(say_error(error))
        self._count()

    # --- inside

    def _changed(self) -> None:
        repeat = self.repeat()
        if repeat is not None:
            show_if(self.weekdays, repeat.nth is None)
            self.words.setText(rule_words(repeat))
            self.presenter.preview(repeat)

    def _starts(self, *, checked: bool) -> list[datetime]:
        items = [self.dates.item(number) for number in range(self.dates.count())]
        wanted = Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked
        return [item.data(_DATE) for item in items if item.checkState() is wanted]

    def _count(self) -> None:
        count = len(self._starts(checked=True))
        self.action.setText(say_count(count, "Plan {count} date", "Plan {count} dates"))
        self.action.setEnabled(count > 1)


def _given(name: str, label: str, entry: Entry, first: object, **more: Any) -> Field[Any]:
    return Field(name, label, lambda _: first, entry, **more)


def _scopes() -> list[Option]:
    return [
        Option(Scope.FOLLOWING, say("This date and those after it")),
        Option(Scope.ALL, say("All dates to come")),
    ]


def ask_change(parent: QWidget, session: Session, meeting: MeetingRow) -> FormDialog:
    """Ask what is changed of a series, from which date on."""

    def run(dialog: FormDialog, values: Values) -> None:
        start = datetime.combine(values["date"], values["time"])
        minutes = values["duration_minutes"]
        wanted = SeriesChange(
            local_start=start if start != meeting.local_start else None,
            title=values["title"] if values["title"] != meeting.title else None,
            duration_minutes=minutes if minutes != meeting.duration_minutes else None,
            place=values["place"] if values["place"] != meeting.place else None,
        )
        presenter.change(
            session, meeting.id, values["scope"], wanted, dialog.close_done, dialog.refuse
        )

    dialog = FormDialog(
        parent,
        say("Change the series"),
        say(
            "Dates that have a time or title of their own keep it. Nobody is told until you send "
            "the invitations. To change this date alone, change it under Details."
        ),
        [
            _given("scope", say("Which dates"), Entry.CHOICE, Scope.FOLLOWING, options=_scopes),
            _given("title", say("Title"), Entry.TEXT, meeting.title),
            [
                _given("date", say("This date moves to"), Entry.DATE, meeting.local_start.date()),
                _given("time", say("Starts at"), Entry.TIME, meeting.local_start.time()),
            ],
            [
                _given(
                    "duration_minutes",
                    say("Length in minutes"),
                    Entry.NUMBER,
                    meeting.duration_minutes,
                    minimum=1,
                    maximum=_LONGEST,
                ),
                _given("place", say("Also meets in person at"), Entry.TEXT, meeting.place),
            ],
        ],
        say("Change the series"),
        run,
        required=["title", "date", "time", "duration_minutes"],
    )
    dialog.open()
    return dialog


def ask_extend(parent: QWidget, session: Session, series: UUID) -> FormDialog:
    """Ask by how many dates a series is extended."""

    def run(dialog: FormDialog, values: Values) -> None:
        presenter.extend(session, series, values["more"], dialog.close_done, dialog.refuse)

    dialog = FormDialog(
        parent,
        say("Extend the series"),
        say("The new dates follow the last one, with its invitees."),
        [_given("more", say("How many dates"), Entry.NUMBER, 4, minimum=1, maximum=MOST)],
        say("Extend"),
        run,
        required=["more"],
    )
    dialog.open()
    return dialog


def ask_cancel(
    parent: QWidget, session: Session, meeting: MeetingRow, done: Callable[[], None]
) -> FormDialog:
    """Ask which dates of a series are cancelled; `done` offers to tell the invitees."""

    def run(dialog: FormDialog, values: Values) -> None:
        def then() -> None:
            dialog.close_done()
            done()

        presenter.cancel(session, meeting.id, values["scope"], then, dialog.refuse)

    dialog = FormDialog(
        parent,
        say("Cancel dates of the series"),
        say("You can undo it until the cancellations are sent, which is the next step."),
        [_given("scope", say("Which dates"), Entry.CHOICE, Scope.FOLLOWING, options=_scopes)],
        say("Cancel these dates"),
        run,
    )
    dialog.open()
    return dialog
