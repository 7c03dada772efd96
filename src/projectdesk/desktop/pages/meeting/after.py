"""After the call, in one page: decided, to do, not treated, how time went; minutes go out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Field
from projectdesk.desktop.models.line_words import problem_words
from projectdesk.desktop.pages.meeting import after_cards as cards
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.after_call import AfterCallPresenter
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, Tone
from projectdesk.desktop.widgets.badges import Chip, Icon
from projectdesk.desktop.widgets.bar_list import BarList
from projectdesk.desktop.widgets.layout import (
    button,
    column,
    frame,
    plain,
    row,
    scrolled,
    show_if,
    text,
)
from projectdesk.domain.rules import held_times
from projectdesk.domain.rules.after_call import Check, Finding
from projectdesk.domain.rules.minutes_life import Standing, Step
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.services.after_rows import AfterCall
from projectdesk.services.unfinished_rows import LeftOver

_WIDE = 900
"""Pixels from which the two cards of time stand beside each other."""


class AfterCallPane(Presented, QWidget):
    """What one meeting leaves. go: where the person wants to be."""

    go = Signal(object)
    circulate_asked = Signal()
    held_asked = Signal()

    def __init__(
        self,
        session: Session,
        choices: Choices,
        reader: Reader,
        today: Callable[[], date] = date.today,
    ) -> None:
        super().__init__()
        self._reader = reader
        self._meeting: UUID | None = None
        self._edited: Any = None
        self.presenter = self.present(AfterCallPresenter(session, self))
        self._make_head()
        self.decisions = cards.decisions()
        self.todo = cards.actions(choices, today)
        self.todo.table.edited.connect(self._on_edited)
        self.todo.table.edited_many.connect(self._on_edited_many)
        self.todo.table.refused.connect(self.presenter.say_problem)
        self._make_left_over()
        self._make_times()
        self.joins = cards.Lines()
        self._join_card = cards.Card("gavel", say("Decided twice?"), self.joins)
        self.questions = cards.questions()
        self.problems = cards.Lines()
        self._problem_card = cards.Card(
            "triangle-alert", say("Lines not understood"), self.problems
        )
        self.questions.table.opened.connect(lambda _: self._go("minutes"))
        self.decisions.table.opened.connect(lambda shown: self._go("minutes", shown.agenda_item_id))
        page = column(
            self._head,
            self.decisions,
            self._join_card,
            self.todo,
            self._left_card,
            self._times,
            self.questions,
            self._problem_card,
            None,
            spacing=SPACE_L,
            margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL),
        )
        self.setLayout(column(scrolled(plain(page))))

    # --- making

    def _make_head(self) -> None:
        self.circulate = button(
            say("Circulate the minutes"), "primary", "mail", self.circulate_asked.emit
        )
        self._summary = text("", "muted", wrap=True)
        self._ready = text("", "heading")
        self._due = Chip()
        self.findings = cards.Lines()
        top = row(
            column(row(self._ready, self._due, None, spacing=SPACE_M), self._summary, spacing=2),
            self.circulate,
            spacing=SPACE_L,
        )
        top.setStretch(0, 1)
        self._head = frame(
            "card",
            column(
                top, self.findings, spacing=SPACE_M, margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_L)
            ),
        )

    def _make_left_over(self) -> None:
        self.left_over = cards.Lines()
        self._none_left = text(say("Everything on the agenda was treated."), "muted")
        self._left_card = cards.Card(
            "skip-forward", say("Not treated"), self._none_left, self.left_over
        )
        self.all_backlog = button(say("All to the backlog"), "", "inbox", self._all_to_backlog)
        self.all_next = button(say("All to the next agenda"), "", "skip-forward", self._all_to_next)
        self._left_card.aside.addWidget(self.all_backlog)
        self._left_card.aside.addWidget(self.all_next)

    def _make_times(self) -> None:
        self.times = BarList(say("Planned and actual time of each item"))
        self.spoken = BarList(say("Who spoke for how long, by partner"))
        self._unmeasured = text("", "muted", wrap=True)
        self._silent = text(
            say("Nobody's speech was measured: it is in calls that are held here."),
            "muted",
            wrap=True,
        )
        self._mark = text(say("The mark in a bar is the planned time."), "caption")
        self._time_card = cards.Card(
            "clock", say("Time|spent"), self._unmeasured, self.times, self._mark
        )
        self.held = button(say("When it was held"), "", "clock", self.held_asked.emit)
        self._time_card.aside.addWidget(self.held)
        self._spoken_card = cards.Card("mic", say("Who spoke"), self._silent, self.spoken)
        self._side = row(self._time_card, self._spoken_card, spacing=SPACE_L)
        self._side.setStretch(0, 1)
        self._side.setStretch(1, 1)
        self._times = plain(self._side)

    # --- what the page calls

    def open_meeting(self, meeting: UUID) -> None:
        """Show what `meeting` leaves."""
        self._meeting = meeting
        self.presenter.open(meeting)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= _WIDE
        way = QBoxLayout.Direction
        self._side.setDirection(way.LeftToRight if beside else way.TopToBottom)

    # --- what the presenter calls

    def show_report(self, found: AfterCall) -> None:
        """Show what the meeting leaves."""
        self._show_head(found)
        self.decisions.show_rows(found.decisions)
        show_if(self._join_card, bool(found.joins))
        join = self.presenter.join_vote
        self.joins.show_lines(
            [cards.join_line(each, partial(join, each.vote_id)) for each in found.joins]
        )
        self.todo.show_rows(found.actions)
        self._show_left_over(found)
        self._show_times(found)
        self.questions.show_rows(found.questions)
        show_if(self.questions, bool(found.questions))
        show_if(self._problem_card, bool(found.problems))
        self._problem_card.count(str(len(found.problems)))
        self.problems.show_lines(
            [
                cards.problem_line(
                    each,
                    problem_words(each.problem),
                    partial(self._go, "minutes", each.item_id),
                )
                for each in found.problems
            ]
        )

    def show_problem(self, field: str, words: str) -> None:
        """Say beside the cell that was edited last why its value was refused."""
        if not self.todo.table.refusal.tell_typed(field, words):
            self.presenter.say_problem(words)

    def _show_head(self, found: AfterCall) -> None:
        standing = found.life.standing
        bar = found.life.bar(Step.CIRCULATE)
        draft = standing is Standing.DRAFT
        count = len(found.findings)
        ready = say("The minutes are ready to circulate.")
        if draft and count:
            ready = say_count(
                count,
                "{count} thing to finish before the minutes go out.",
                "{count} things to finish before the minutes go out.",
            )
        elif not draft:
            ready = say("The minutes were circulated.")
        self._ready.setText(ready)
        self._summary.setText(self._sum(found))
        self._show_due(found, draft)
        show_if(self.circulate, draft)
        self.circulate.setEnabled(bar is None)
        self.circulate.setToolTip(
            say("Opens to whom they go and until when they object; then confirm.")
            if bar is None
            else say("There is nothing in the minutes yet, or the meeting is not over.")
        )
        lines = [self._finding(each) for each in found.findings] if draft else []
        self.findings.show_lines(lines)

    def _show_due(self, found: AfterCall, draft: bool) -> None:
        due, late = found.life.draft_due, found.life.days_late
        if not draft or due is None:
            self._due.set("")
        elif late:
            words = say_count(late, "{count} day late", "{count} days late")
            self._due.set(words, Tone.DANGER)
        else:
            day = formats.day(to_local(due, found.life.zone).date())
            self._due.set(say("due {day}", day=day), Tone.INFO)

    def _sum(self, found: AfterCall) -> str:
        parts = [
            say_count(found.people, "{count} person was there", "{count} people were there"),
            say(
                "{present} of {all} members" if found.of_members else "{present} of {all} partners",
                present=found.partners,
                all=found.all_partners,
            ),
            _lasted_words(found),
        ]
        if found.broken_minutes:
            parts.append(
                say("no quorum for {count} min", count=max(round(found.broken_minutes), 1))
            )
        return formats.joined(parts)

    def _finding(self, finding: Finding) -> QWidget:
        """Return a line that says what is to be seen to, with what helps."""
        ways: dict[Check, tuple[str, Callable[[], object]]] = {
            Check.ATTENDANCE: (say("Look at attendance"), lambda: self._go("attendance")),
            Check.UNDECIDED: (say("Open the minutes"), lambda: self._go("minutes")),
            Check.DECISION_TEXT: (say("Open the minutes"), lambda: self._go("minutes")),
            Check.ACTION_OWNER: (say("Say who"), lambda: self._edit_action(finding, "Who")),
            Check.ACTION_DATE: (say("Say when"), lambda: self._edit_action(finding, "Due")),
            Check.LEFT_OVER: (say("All to the backlog"), self._all_to_backlog),
        }
        pieces: list[QWidget] = [text(cards.finding_words(finding), wrap=True)]
        if finding.check is Check.ATTENDANCE:
            pieces.append(button(say("Confirm"), "", "check", self.presenter.confirm_attendance))
        if finding.check in ways:
            words, run = ways[finding.check]
            pieces.append(button(words, "", "", run))
        icon = Icon("circle-alert", Tone.WARNING, 18)
        layout = row(icon, *pieces, spacing=SPACE_S)
        layout.setStretch(1, 1)
        return plain(layout)

    def _show_left_over(self, found: AfterCall) -> None:
        coming = found.next_meeting.title if found.next_meeting else ""
        self._left_card.count(str(len(found.left_over)) if found.left_over else "")
        show_if(self._none_left, not found.left_over)
        self._none_left.setText(
            say("Nobody knows what was treated: no item was started in a call.")
            if found.unmeasured
            else say("Everything on the agenda was treated.")
        )
        self.left_over.show_lines([self._left_line(each, coming) for each in found.left_over])
        waiting = [each for each in found.left_over if not each.waits]
        show_if(self.all_backlog, len(waiting) > 1)
        show_if(self.all_next, len(waiting) > 1 and bool(coming))
        self.all_next.setToolTip(coming)

    def _left_line(self, shown: LeftOver, coming: str) -> QWidget:
        return cards.left_over_line(
            shown,
            coming,
            lambda: self.presenter.to_backlog([shown.id]),
            lambda: self.presenter.to_next([shown.id]),
        )

    def _show_times(self, found: AfterCall) -> None:
        by_hand = held_times.is_by_hand(found.meeting)
        show_if(self._unmeasured, found.unmeasured)
        self._unmeasured.setText(_unmeasured_words(found))
        show_if(self.held, found.unmeasured and (by_hand or found.held_minutes is None))
        show_if(self.times, not found.unmeasured)
        show_if(self._mark, not found.unmeasured)
        self.times.show_bars([cards.time_bar(each) for each in found.items])
        show_if(self._silent, not found.spoken)
        show_if(self.spoken, bool(found.spoken))
        self.spoken.show_bars([cards.spoken_bar(each) for each in found.spoken])

    # --- what a person does

    def _waiting(self) -> list[UUID]:
        shown = self.presenter.shown
        return [each.id for each in shown.left_over if not each.waits] if shown else []

    def _all_to_backlog(self) -> None:
        self.presenter.to_backlog(self._waiting())

    def _all_to_next(self) -> None:
        self.presenter.to_next(self._waiting())

    def _on_edited(self, shown: Any, of: Field[Any], value: object) -> None:
        self.presenter.edit_action(shown, of.name, value)

    def _on_edited_many(self, edits: Sequence[Any], _label: str) -> None:
        for each in edits:
            self._on_edited(each.row, each.field, each.value)

    def _edit_action(self, finding: Finding, title: str) -> None:
        """Open the cell that is empty."""
        table = self.todo.table
        shown = next((each for each in table.rows if each.label in finding.about), None)
        field = {"Who": "owner_person_id", "Due": "due_on"}[title]
        if shown is not None:
            table.setFocus()
            index = table.index_of(shown.id, field)
            table.setCurrentIndex(index)
            table.edit(index)

    def _go(self, tab: str, select: UUID | None = None) -> None:
        if self._meeting is not None:
            self.go.emit(Route(Place.MEETING, self._meeting, tab, select))


def _lasted_words(found: AfterCall) -> str:
    """Return how long it took of what was planned; of what nobody knows only the plan."""
    if found.unmeasured and found.held_minutes is None:
        planned = found.planned_minutes
        return say_count(planned, "{count} planned minute", "{count} planned minutes")
    return say(
        "{actual} of {planned} planned minutes",
        actual=round(found.actual_minutes),
        planned=found.planned_minutes,
    )


def _unmeasured_words(found: AfterCall) -> str:
    """Return what is known of the time of a meeting whose items nobody measured."""
    if found.held_minutes is None:
        return say("No item was started in a call, and nobody said when the meeting was held.")
    return say(
        "It took {actual} of {planned} min in all. No item was started in a call, so the time of "
        "each is not known.",
        actual=round(found.held_minutes),
        planned=found.planned_minutes,
    )
