"""The slots of a period: the question, a map of the week, the best slots, and one in detail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.heat import HeatWeek, heat_week
from projectdesk.desktop.models.slot_words import ChosenSlots, start_words
from projectdesk.desktop.pages.dialogs import FormDialog, Values
from projectdesk.desktop.pages.find_time.dialogs import Coming, PeopleDialog, weights_dialog
from projectdesk.desktop.pages.find_time.question import EVERYBODY, THESE, Question, QuestionBar
from projectdesk.desktop.pages.find_time.slot_tables import HourTable, RankedTable, SlotDetail
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.find_time import Askable, AskPresenter, SlotsPresenter
from projectdesk.desktop.presenters.meetings import plan_meeting
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, Tone
from projectdesk.desktop.widgets.badges import Banner, Chip, Elided
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.header import Segments
from projectdesk.desktop.widgets.layout import (
    button,
    column,
    icon_button,
    plain,
    row,
    show_if,
    text,
)
from projectdesk.desktop.widgets.zone_heat import ZoneHeat
from projectdesk.domain.rules.pain import Weights
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.errors import ProjectDeskError
from projectdesk.services import queries
from projectdesk.services.rows import MeetingRow
from projectdesk.services.slot_rows import SlotReport, SlotRequest, SlotRow

_MAP, _HOURS = "map", "hours"
_WEEK: Final = timedelta(days=7)
_TABLE_HEIGHT: Final = 200


class SlotsPane(Presented, QWidget):
    """What to find a time for, and the times that were found."""

    go = Signal(object)
    asked = Signal(object)
    """SlotRequest: the question that is answered here now"""

    def __init__(self, session: Session, reader: Reader, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._session, self._reader, self._now = session, reader, now
        self._project: UUID | None = None
        self._askable: Askable | None = None
        self._coming: dict[UUID, Coming] = {}
        self._report: SlotReport | None = None
        self._slot: SlotRow | None = None
        self._week: date | None = None
        self._shown: tuple[SlotReport, date, HeatWeek] | None = None
        self._poll: Callable[[ChosenSlots], None] | None = None
        self.ask = AskPresenter(session, self)
        self.presenter = self.present(SlotsPresenter(session, self))
        self.question = QuestionBar(now().date(), reader.zone)
        self.question.changed.connect(self._on_question)
        self.people = button(say("People…"), "", "users", self.choose_people)
        self.weights = button(say("Weights…"), "", "settings", self.change_weights)
        self.summary = Elided("", "muted")
        self.view = Segments([(_MAP, say("Map")), (_HOURS, say("Table"))])
        self.view.chosen.connect(lambda which: self._show_view(str(which)))
        self.earlier = icon_button("chevron-left", say("Week before"), lambda: self._turn(-1))
        self.later = icon_button("chevron-right", say("Week after"), lambda: self._turn(1))
        self.week_words = text("", "label")
        self.heat = ZoneHeat()
        self.heat.taken.connect(self.show_start)
        self.hours = HourTable()
        self.hours.taken.connect(self.show_start)
        self.ranked = RankedTable()
        self.ranked.current_changed.connect(self._on_ranked)
        self.ranked.empty_acted.connect(lambda: self.presenter.with_blocked(self.show_report))
        self.ranked.opened.connect(lambda _: self.use())
        self.detail = SlotDetail()
        self.detail.use.clicked.connect(self.use)
        self.detail.poll.clicked.connect(self.make_poll)
        self.moving = Banner()
        self.empty = EmptyState(
            "calendar-clock",
            say("No project yet"),
            say("A time is found for the people of a project."),
            say("New project"),
        )
        self.empty.acted.connect(lambda: self.go.emit(Route(Place.PROJECTS, tab="new")))
        self._lay_out()

    def _lay_out(self) -> None:
        bar = row(self.summary, self.people, self.weights, spacing=SPACE_S)
        bar.setStretch(0, 1)
        self._legend = plain(
            row(
                Chip(say("Working hours"), Tone.SUCCESS),
                Chip(say("Early or late"), Tone.WARNING),
                Chip(say("Night or weekend"), Tone.DANGER),
                Chip(say("Hatched: somebody is busy"), Tone.NEUTRAL),
                spacing=SPACE_S,
            )
        )
        turn = row(
            self.earlier, self.week_words, self.later, None, self._legend, self.view,
            spacing=SPACE_S,
        )  # fmt: skip
        self._views = QStackedWidget()
        map_page = plain(column(self.heat, None, spacing=0))
        self._views.addWidget(map_page)
        self._views.addWidget(self.hours)
        below = row(self.ranked, self.detail, spacing=SPACE_L)
        below.setStretch(0, 5)
        below.setStretch(1, 6)
        content = column(
            self.moving, self.question, plain(bar), plain(turn), self._views, below,
            spacing=SPACE_M, margins=(SPACE_XL, SPACE_M, SPACE_XL, SPACE_L),
        )  # fmt: skip
        content.setStretch(5, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(plain(content))
        self._pages.addWidget(self.empty)
        self.setLayout(column(self._pages))

    # --- what the page calls

    def open_meeting(self, meeting: UUID | None) -> None:
        """Find another time for a meeting, None = for a new one."""
        self._coming = {}
        self.question.set_who(EVERYBODY)
        self.ask.open(self._project, meeting)

    def set_project(self, project: UUID | None) -> None:
        """Find a time for the people of this project at first."""
        self._project = project or self._project
        if self._askable is not None and self._askable.meeting is None and project is not None:
            self.open_meeting(None)

    def offer_polls(self, make: Callable[[ChosenSlots], None]) -> None:
        """Offer to ask people by a date poll about the times that are chosen.

        Args:
            make: makes the poll, and goes where it is seen.
        """
        self._poll = make
        show_if(self.detail.poll, True)

    def close_presenters(self) -> None:
        """Let the presenters go."""
        self.ask.close()
        super().close_presenters()

    # --- what the presenters call

    def show_askable(self, project: UUID, askable: Askable) -> None:
        """Show what can be asked for in a project."""
        fresh = self._askable is None or self._askable.meeting != askable.meeting
        if self.question.project != project:
            self._coming = {}
        self._project, self._askable = project, askable
        self._pages.setCurrentIndex(0)
        if askable.meeting is not None and fresh:
            self._coming = _invited_as(askable)
        self.question.show_askable(askable, project, self._reader.zone, fresh=fresh)
        if self._coming:
            self.question.set_who(THESE, offered=True)
        self._show_moving(askable.meeting)
        self._on_question()

    def show_no_project(self) -> None:
        """There is nobody to find a time for."""
        self._pages.setCurrentIndex(1)

    def show_gone(self) -> None:
        """The meeting is gone: a time is found for a new one."""
        self.open_meeting(None)

    def show_busy(self, busy: bool) -> None:
        """Say that slots are being looked for."""
        if busy:
            self.summary.setText(say("Looking for times…"))

    def show_report(self, report: SlotReport) -> None:
        """Show the best slots; the one that is looked at stays in sight if it is still there."""
        looked_at = self._slot.start if self._slot is not None else None
        self._report = report
        self.summary.setText(_summary(report))
        self.question.show_problem(None)
        self.ranked.show_report(report)
        kept = None if looked_at is None else queries.slot_at(report, looked_at)
        first = report.slots[0] if report.slots else None
        self._show_slot(kept or first, turn=True)

    def show_problem(self, error: ProjectDeskError) -> None:
        """Say why no slots are found."""
        self._report = self._shown = None
        self.summary.setText("" if self.question.show_problem(error) else say_error(error))
        self.ranked.show_rows([])
        self.ranked.say_nothing_asked()
        self.heat.show_week(None)
        self.hours.show_rows([])
        self.week_words.setText("")
        self._show_slot(None)

    # --- choosing a slot

    def show_start(self, start: datetime) -> None:
        """Show the slot that begins at an instant, whether or not it is one of the best."""
        if self._report is None or (self._slot is not None and self._slot.start == start):
            return
        slot = queries.slot_at(self._report, start)
        if slot is not None:
            self.ranked.clear_selection()
            self._show_slot(slot)

    def use(self) -> None:
        """Plan a meeting at the slot that is looked at, or move the meeting there."""
        if self._slot is None or self._askable is None or self._report is None:
            return
        meeting = self._askable.meeting
        if meeting is not None:
            self.presenter.move(meeting, self._slot.start, self._report.request.zone)
            self.go.emit(Route(Place.MEETING, meeting.id))
        else:
            self._ask_meeting(self._report.request, self._slot.start)

    def plan_at(self, start: datetime) -> None:
        """Ask for a new meeting of the question's project and length that begins at an instant."""
        if self.presenter.request is not None:
            self._ask_meeting(self.presenter.request, start)

    def make_poll(self) -> None:
        """Ask by a date poll about the slots that are selected, else about the one looked at."""
        if self._poll is None or self._report is None or self._slot is None:
            return
        starts = sorted(slot.start for slot in self.ranked.selected())
        request = self._report.request
        needed = tuple(each.id for each in self._report.people if each.required)
        others = tuple(each.id for each in self._report.people if not each.required)
        meeting = self._askable.meeting if self._askable else None
        self._poll(
            ChosenSlots(
                request.project_id, request.zone, request.minutes,
                tuple(starts) or (self._slot.start,), needed, others, request.body_id,
                None if meeting is None else meeting.id,
            )
        )  # fmt: skip

    def choose_people(self) -> PeopleDialog | None:
        """Ask who is needed and who is welcome."""
        if self._askable is None:
            return None
        coming = self._coming
        if not coming and self._report is not None:
            coming = {
                each.id: Coming.NEEDED if each.required else Coming.OPTIONAL
                for each in self._report.people
            }
        dialog = PeopleDialog(self.window(), self._askable.people, coming, self._take_people)
        dialog.open()
        return dialog

    def change_weights(self) -> FormDialog:
        """Ask for other weights."""

        def run(dialog: FormDialog, weights: Weights) -> None:
            self.presenter.keep_weights(weights, dialog.close_done, dialog.refuse)

        weights = self._report.weights if self._report is not None else self.presenter.weights
        dialog = weights_dialog(self.window(), weights, run)
        dialog.open()
        return dialog

    # --- inside

    def _take_people(self, coming: Mapping[UUID, Coming]) -> None:
        self._coming = dict(coming)
        self.question.set_who(THESE, offered=True)
        self._on_question()

    def _on_question(self) -> None:
        """Ask anew what the bar says."""
        asked = self.question.value()
        if asked is None or self._askable is None:
            return
        if asked.project != self._project:
            self._project, self._coming = asked.project, {}
            self.question.set_who(EVERYBODY)
            self.ask.open(asked.project, None)
            return
        request = self._request(asked)
        if request != self.presenter.request:
            self._slot = None
        if self.presenter.request is None or request.first != self.presenter.request.first:
            self._week = None
        self.presenter.open(request)
        self.asked.emit(request)

    def _request(self, asked: Question) -> SlotRequest:
        meeting = self._askable.meeting if self._askable else None
        these = self._coming if asked.who == THESE else {}
        return SlotRequest(
            project_id=asked.project,
            first=asked.first,
            last=asked.last,
            minutes=asked.minutes,
            zone=asked.zone,
            people=tuple(p for p, coming in these.items() if coming is Coming.NEEDED),
            optional=tuple(p for p, coming in these.items() if coming is Coming.OPTIONAL),
            body_id=asked.who if isinstance(asked.who, UUID) else None,
            moving_id=None if meeting is None else meeting.id,
            since=self._next_quarter(),
        )

    def _next_quarter(self) -> datetime:
        """Return the present up to its next quarter of an hour: what is past is not proposed."""
        now = self._now().replace(second=0, microsecond=0)
        return now + timedelta(minutes=-now.minute % 15)

    def _show_moving(self, meeting: MeetingRow | None) -> None:
        if meeting is None:
            self.moving.say("")
            self.detail.use.setText(say("Plan the meeting here"))
            return
        when = start_words(meeting.starts_at, self._reader.zone)
        self.moving.say(
            say("“{title}”, now on {when}, gets another time.", title=meeting.title, when=when),
            say("Find one for a new meeting"),
            lambda: self.open_meeting(None),
        )
        self.detail.use.setText(say("Move the meeting here"))

    def _on_ranked(self, slot: SlotRow | None) -> None:
        if slot is not None and slot != self._slot and self._report is not None:
            self._show_slot(slot, turn=True, rank=False)

    def _show_slot(self, slot: SlotRow | None, *, turn: bool = False, rank: bool = True) -> None:
        self._slot = slot
        report = self._report
        self.detail.show_slot(slot, report.request.zone if report else "UTC")
        if report is None:
            return
        if self._week is None:
            self._week = report.request.first
        if slot is not None and turn:
            day = to_local(slot.start, report.request.zone).date()
            weeks = (day - report.request.first) // _WEEK
            self._week = report.request.first + weeks * _WEEK
        if slot is not None and rank:
            self.ranked.select(slot.start)
        self._show_week()

    def _turn(self, weeks: int) -> None:
        if self._week is not None and self._report is not None:
            self._week += weeks * _WEEK
            self._show_week()

    def _show_week(self) -> None:
        report, first = self._report, self._week
        if report is None or first is None:
            return
        last = min(first + _WEEK - timedelta(days=1), report.request.last)
        if self._shown is None or self._shown[0] is not report or self._shown[1] != first:
            self._shown = (report, first, heat_week(report, first))
            self.heat.show_week(self._shown[2])
            self.hours.show_week(report, self._shown[2])
            self._fit_views()
        week = self._shown[2]
        hour = -1.0 if self._slot is None else week.hour_of(self._slot.start)
        self.heat.choose(int(hour) if 0 <= hour < len(week.starts) else -1)
        days = formats.day(first)
        if last > first:
            days += f" – {formats.day(last)}"
        self.week_words.setText(formats.joined((days, formats.city(report.request.zone))))
        self.earlier.setEnabled(first > report.request.first)
        self.later.setEnabled(first + _WEEK <= report.request.last)

    def _show_view(self, which: str) -> None:
        self._views.setCurrentIndex(0 if which == _MAP else 1)
        show_if(self._legend, which == _MAP)
        self._fit_views()

    def _fit_views(self) -> None:
        """Give the map what it needs, and the table no more than that and a little."""
        tall = self.heat.sizeHint().height()
        self._views.setFixedHeight(tall if self.view.value == _MAP else max(tall, _TABLE_HEIGHT))

    def _ask_meeting(self, request: SlotRequest, start: datetime) -> None:
        from projectdesk.desktop.pages.meetings import new_meeting_dialog

        if self._askable is None:
            return
        dialog = new_meeting_dialog(
            self.window(), self._askable.projects, request.project_id, request.zone,
            self._now().date(), self._plan, at=to_local(start, request.zone),
            minutes=request.minutes,
        )  # fmt: skip
        dialog.open()

    def _invited(self, project: UUID) -> dict[str, Any]:
        """Return whom the meeting is for, where the question did not ask for all partners."""
        request, report = self.presenter.request, self._report
        if request is None or report is None or project != request.project_id:
            return {}
        if not (request.people or request.optional or request.body_id):
            return {}
        invitees = {person.id: person.required for person in report.people}
        return {"invitees": invitees, "body_id": request.body_id}

    def _plan(self, dialog: FormDialog, values: Values) -> None:
        def done(made: UUID) -> None:
            dialog.close_done()
            self.go.emit(Route(Place.MEETING, made))

        wanted: dict[str, Any] = {**values, **self._invited(values["project_id"])}
        plan_meeting(self._session, wanted, done, dialog.refuse)


def _invited_as(askable: Askable) -> dict[UUID, Coming]:
    """Return who is invited to the meeting that is moved; where nobody is needed, all are."""
    needed = askable.required or askable.optional
    return dict.fromkeys(askable.optional, Coming.OPTIONAL) | dict.fromkeys(needed, Coming.NEEDED)


def _summary(report: SlotReport) -> str:
    """Return what was looked at."""
    zones = len({person.zone for person in report.people})
    parts = [
        say_count(len(report.people), "{count} person", "{count} people"),
        say_count(zones, "{count} time zone", "{count} time zones"),
        say_count(report.starts, "{count} start", "{count} starts"),
    ]
    if report.blocked:
        parts.append(say("somebody needed is busy at {count} of them", count=report.blocked))
    assumed = sum(person.zone_assumed for person in report.people)
    if assumed:
        parts.append(say("{count} in the zone of their partner", count=assumed))
    if report.without_zone:
        names = ", ".join(report.without_zone)
        parts.append(say("without {names}, whose zone nobody knows", names=names))
    return formats.joined(parts)
