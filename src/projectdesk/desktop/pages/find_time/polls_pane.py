"""The tab of date polls: the polls at the left; dates, answers and what to do at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats, poll_words
from projectdesk.desktop.models.cell_edits import CellEdit
from projectdesk.desktop.models.fields import Field
from projectdesk.desktop.models.slot_words import ChosenSlots
from projectdesk.desktop.pages.find_time import poll_dialogs as dialogs
from projectdesk.desktop.pages.find_time.dialogs import Coming, PeopleDialog
from projectdesk.desktop.pages.find_time.poll_tables import (
    AnswersTable,
    DatesTable,
    date_of,
    poll_columns,
)
from projectdesk.desktop.pages.letters_dialog import LettersDialog
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.asking import Letters, SendsDesks, reach
from projectdesk.desktop.presenters.date_polls import Askable, PollsPresenter
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.badges import Banner, Elided
from projectdesk.desktop.widgets.data_table import DataTable, RowAction
from projectdesk.desktop.widgets.dialog import Dialog, confirm, confirm_deletion
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.layout import button, column, icon_button, plain, row, show_if
from projectdesk.desktop.widgets.toolbar import toolbar
from projectdesk.domain.preparation import PollState
from projectdesk.domain.rules.date_polls import Verdict
from projectdesk.services.poll_rows import (
    DateOptionRow,
    DatePollDetail,
    DatePollRow,
    DateVoterRow,
    PollLink,
)

_LIST_WIDTH = 396
_LIVE = frozenset({PollState.DRAFT, PollState.OPEN})


class PollsPane(Presented, QWidget):
    """Date polls of a project or of all."""

    go = Signal(object)

    def __init__(
        self,
        session: Session,
        reader: Reader,
        desks: SendsDesks[PollLink] | None,
        now: Callable[[], datetime],
    ) -> None:
        """Make it.

        Args:
            session: the outside.
            reader: who looks, and in which zone.
            desks: what sends desks to hosts; None where nothing is sent.
            now: the present.
        """
        super().__init__()
        self._reader, self._now = reader, now
        self._project: UUID | None = None
        self._showing = False
        self._found: DatePollDetail | None = None
        self.presenter = self.present(PollsPresenter(session, self, desks))
        self.polls: DataTable[DatePollRow] = DataTable(
            poll_columns(),
            lambda poll: poll.id,
            EmptyState(
                "list-checks",
                say("No date polls yet"),
                say("Ask people by a personal link which dates suit them; no account is needed."),
                say("New date poll"),
            ),
            name="date-polls",
        )
        self.polls.setAccessibleName(say("Date polls"))
        self.dates = DatesTable(reader.zone)
        self.answers = AnswersTable((), "UTC")
        self.news = Banner()
        self.title = Elided("", "heading")
        self.about = Elided("", "muted")
        self.progress = Elided("", "muted")
        self.missing = Elided("", "muted")
        self._make_buttons()
        self._lay_out()
        self._connect()
        self.show_poll(None)

    def _make_buttons(self) -> None:
        self.add = button(say("New date poll"), "primary", "plus", self.ask_new)
        self.add_date = button(say("Add a date"), "", "calendar-plus", self.ask_date)
        self.voters = button(say("Voters…"), "", "users", self.choose_voters)
        self.open_poll = button(say("Open the poll"), "primary", "megaphone", self.ask_open)
        self.write = button(say("Personal links"), "", "link", self._write)
        self.remind = button(say("Remind"), "", "bell", self._remind)
        self.close_poll = button(say("Choose the date"), "primary", "circle-check", self.ask_close)
        self.meeting = button(say("Open the meeting"), "", "arrow-right", self._go_to_meeting)
        self.more = icon_button("ellipsis", say("More"))
        self.more.setPopupMode(self.more.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        self.change = menu.addAction(say("Change the poll…"))
        self.cancel = menu.addAction(say("Call the poll off…"))
        self.delete = menu.addAction(say("Delete the poll…"))
        set_icon(self.change, "settings", Tone.MUTED)
        set_icon(self.cancel, "circle-x", Tone.MUTED)
        set_icon(self.delete, "trash-2", Tone.MUTED)
        self.change.triggered.connect(self.ask_changes)
        self.cancel.triggered.connect(self.ask_cancel)
        self.delete.triggered.connect(self.ask_delete)
        self.more.setMenu(menu)

    def _lay_out(self) -> None:
        left = column(toolbar(None, self.add), self.polls, spacing=SPACE_M)
        left.setStretch(1, 1)
        side = plain(left)
        side.setFixedWidth(_LIST_WIDTH)
        tools = toolbar(
            None, self.voters, self.add_date, self.write, self.remind, self.open_poll,
            self.close_poll, self.meeting, self.more,
        )  # fmt: skip
        self._matrix: QVBoxLayout = column(self.answers)
        shown = column(
            column(self.title, self.about, self.progress, spacing=0),
            tools,
            self.news,
            self.dates,
            self.missing,
            plain(self._matrix),
            spacing=SPACE_S,
        )
        shown.setStretch(3, 3)
        shown.setStretch(5, 4)
        self._pages = QStackedWidget()
        self._pages.addWidget(
            EmptyState("list-checks", say("No poll chosen"), say("Choose one at the left."))
        )
        self._pages.addWidget(plain(shown))
        both = row(
            side, self._pages, spacing=SPACE_L, margins=(SPACE_XL, SPACE_M, SPACE_XL, SPACE_L)
        )
        both.setStretch(1, 1)
        self.setLayout(both)

    def _connect(self) -> None:
        self.polls.empty_acted.connect(self.ask_new)
        self.polls.current_changed.connect(self._on_poll)
        self.dates.empty_acted.connect(self.ask_date)
        self.dates.opened.connect(lambda _: self.ask_close())
        self.dates.set_actions(
            [
                RowAction(say("Choose this date"), "circle-check", lambda _: self.ask_close(),
                          when=lambda _: self._is(PollState.DRAFT, PollState.OPEN)),
                RowAction(say("Take away"), "trash-2", lambda rows: self.ask_drop(rows[0]),
                          "Del", danger=True,
                          when=lambda _: self._is(PollState.DRAFT, PollState.OPEN)),
            ]
        )  # fmt: skip

    # --- what the page calls

    def set_project(self, project: UUID | None) -> None:
        """Show the polls of one project, None = of all."""
        self._project = project
        self.presenter.open(project)

    def select_poll(self, poll: UUID) -> None:
        """Choose a poll, as soon as it is there."""
        self.presenter.choose(poll)
        if not self.polls.select(poll):
            self.presenter.reload()

    def take_slots(self, chosen: ChosenSlots) -> None:
        """Make a poll of times that the slot finder found."""
        self.presenter.create_from(chosen)

    # --- what the presenter calls

    def show_polls(self, rows: Sequence[DatePollRow]) -> None:
        """Show the polls; the first one is chosen at first."""
        self._showing = True
        self.polls.show_rows(rows)
        ids = [each.id for each in rows]
        chosen = self.presenter.chosen if self.presenter.chosen in ids else next(iter(ids), None)
        if chosen is not None:
            self.polls.select(chosen)
        self._showing = False
        self.presenter.choose(chosen)

    def show_poll(self, found: DatePollDetail | None) -> None:
        """Show the chosen poll."""
        self._found = found
        self._pages.setCurrentIndex(0 if found is None else 1)
        if found is None:
            return
        poll = found.poll
        zone = self._reader.zone
        self.title.setText(poll.title)
        length = say("{count} minutes", count=poll.duration_minutes)
        facts = [poll.project, length, poll.zone.replace("_", " "), poll.body]
        self.about.setText(formats.joined(facts))
        words = poll_words.progress_words(found, zone)
        loud = poll_words.needs_attention(poll)
        self.news.say(words if loud else "")
        self.progress.setText(words)
        show_if(self.progress, not loud)
        self.missing.setText(poll_words.missing_words(found))
        self.dates.show_poll(found, zone)
        dates = tuple(option.id for option in found.options)
        if dates != self.answers.dates:
            self._renew_answers(found)
        self.answers.show_rows(found.voters)
        self._enable(found)

    def show_letters(self, letters: Letters) -> None:
        """Offer to write to voters."""
        self.open_letters(letters)

    def open_letters(self, letters: Letters) -> Dialog | None:
        """Show the links, each with what its voter is written."""
        found = self._found
        if found is None:
            return None
        poll = found.poll.id
        dialog = LettersDialog(
            self.window(),
            letters,
            lambda done, failed, again, anyway: self.presenter.send(
                poll, letters, done, failed, again=again, anyway=anyway
            ),
            self.presenter.reminded,
            reach([link.url for link in letters.links]),
        )
        dialog.open()
        return dialog

    def show_problem(self, words: str) -> None:
        """Say that the desks are not at their host yet; they go there when it is heard."""
        self.news.say(
            say("The links do not open yet: {reason} They will by themselves.", reason=words)
        )

    # --- dialogs

    def ask_new(self) -> None:
        """Ask for a new poll."""

        def then(found: Sequence[Askable]) -> None:
            if not any(each.lists for each in found):
                self.news.say(say("Enter people on the project’s page first."))
                self._pages.setCurrentIndex(1)
                return
            dialogs.ask_new_poll(self.window(), found, self._reader.zone, self.presenter.create)

        self.presenter.find_askable(self._project, then)

    def ask_changes(self) -> Dialog | None:
        """Ask what is changed of the poll."""
        found = self._found
        if found is None:
            return None
        return dialogs.ask_changes(self.window(), found.poll, self.presenter.edit)

    def ask_date(self) -> Dialog | None:
        """Ask for another date."""
        found = self._found
        if found is None or found.poll.state not in _LIVE:
            return None
        first = (
            found.options[-1].local_start.date()
            if found.options
            else dialogs.next_day(self._now(), found.poll.zone)
        )
        return dialogs.ask_date(self.window(), found.poll, first, self.presenter.add_date)

    def choose_voters(self) -> None:
        """Choose who is asked, and whose presence is needed."""
        found = self._found
        if found is None:
            return

        def then(askable: Sequence[Askable]) -> None:
            people = [person for each in askable for person in each.people]
            coming = {
                voter.person_id: Coming.NEEDED if voter.required else Coming.OPTIONAL
                for voter in found.voters
            }
            dialog = PeopleDialog(
                self.window(),
                people,
                coming,
                lambda chosen: self.presenter.set_voters(
                    found, {person: each is Coming.NEEDED for person, each in chosen.items()}
                ),
            )
            dialog.action.setText(say("These are the voters"))
            dialog.open()

        self.presenter.find_askable(found.poll.project_id, then)

    def ask_open(self) -> Dialog | None:
        """Ask before the links begin to work."""
        found = self._found
        if found is None:
            return None
        silent = [voter.name for voter in found.voters if not voter.email]
        details = []
        if silent:
            details.append(say("No address is known of: {names}", names=", ".join(silent)))
        if found.poll.deadline is None:
            details.append(say("There is no deadline: answers count until you choose a date."))
        return confirm(
            self.window(),
            say("Open the poll?"),
            say(
                "{count} voters get a personal link each; then you choose how they are told. "
                "Dates they were shown stay; others can be added.",
                count=len(found.voters),
            ),
            say("Open the poll"),
            lambda: self.presenter.open_poll(found.poll.id),
            details=details,
        )

    def ask_close(self) -> None:
        """Ask before a date is chosen: the selected one, else the best."""
        found = self._found
        if found is None or found.poll.state not in _LIVE or not found.options:
            return
        chosen = self.dates.current() or (found.best[0] if found.best else found.options[0])

        def then(can_send: bool) -> None:
            self.open_closing(found, chosen, can_send=can_send)

        self.presenter.can_send(then)

    def open_closing(
        self, found: DatePollDetail, chosen: DateOptionRow, *, can_send: bool
    ) -> Dialog:
        """Show what becomes of a date that is chosen."""
        asked = can_send and any(voter.asked_at is not None for voter in found.voters)

        def close(tell: bool, failed: Any, done: Any) -> None:
            def closed(_meeting: UUID) -> None:
                done()

            self.presenter.close_poll(found, chosen.id, closed, failed, tell=tell)

        return dialogs.ask_closing(
            self.window(), found, chosen, self._reader.zone, can_send=asked, close=close
        )

    def ask_cancel(self) -> None:
        """Ask before a poll is called off."""
        found = self._found
        if found is None:
            return

        def then(can_send: bool) -> None:
            self.open_calling_off(found, can_send=can_send)

        self.presenter.can_send(then)

    def open_calling_off(self, found: DatePollDetail, *, can_send: bool) -> Dialog:
        """Show what becomes of a poll that is called off."""
        asked = can_send and any(voter.asked_at is not None for voter in found.voters)
        return dialogs.ask_calling_off(
            self.window(),
            found,
            can_send=asked,
            cancel=lambda tell: self.presenter.cancel(found.poll, tell=tell),
        )

    def ask_delete(self) -> Dialog | None:
        """Ask before a poll goes with its answers."""
        found = self._found
        if found is None:
            return None
        also = [
            say("{count} dates", count=len(found.options)),
            say("{count} voters with their answers", count=len(found.voters)),
        ]
        return confirm_deletion(
            self.window(), found.poll.title, also, lambda: self.presenter.delete(found.poll)
        )

    def ask_drop(self, option: DateOptionRow) -> None:
        """Take a date away; where people said something of it, ask first."""
        if option.standing.voters == option.standing.silent:
            self.presenter.drop_date(option)
            return
        confirm_deletion(
            self.window(),
            poll_words.date_words(option.starts_at, self._reader.zone),
            [poll_words.standing_words(option)],
            lambda: self.presenter.drop_date(option),
        )

    # --- inside

    def _write(self) -> None:
        if self._found is not None:
            chosen = self.answers.selected()
            ids = frozenset(voter.id for voter in chosen) if len(chosen) > 1 else None
            self.presenter.offer(self._found.poll.id, ids, reminder=False)

    def _remind(self) -> None:
        if self._found is not None:
            ids = frozenset(voter.id for voter in self._found.missing)
            self.presenter.offer(self._found.poll.id, ids, reminder=True)

    def _go_to_meeting(self) -> None:
        if self._found is not None and self._found.poll.meeting_id is not None:
            self.go.emit(Route(Place.MEETING, self._found.poll.meeting_id))

    def _on_poll(self, shown: DatePollRow | None) -> None:
        if shown is not None and not self._showing:
            self.presenter.choose(shown.id)

    def _renew_answers(self, found: DatePollDetail) -> None:
        """Make the matrix anew: it has a column for each date."""
        before = self.answers
        self.answers = AnswersTable(found.options, found.poll.zone)
        self.answers.edited.connect(self._on_edit)
        self.answers.edited_many.connect(self._on_edits)
        self.answers.empty_acted.connect(self.choose_voters)
        self.answers.set_actions(
            [
                RowAction(say("Show the personal link"), "link",
                          lambda rows: self._offer(rows), many=True,
                          when=lambda voter: voter.asked_at is not None and not voter.revoked),
                RowAction(say("New link, the old one ends"), "refresh-cw",
                          lambda rows: self.presenter.renew(found.poll.id, rows[0]),
                          when=lambda voter: voter.asked_at is not None),
                RowAction(say("End the link"), "lock", lambda rows: self.presenter.revoke(rows[0]),
                          when=lambda voter: voter.asked_at is not None and not voter.revoked),
            ]
        )  # fmt: skip
        self._matrix.replaceWidget(before, self.answers)
        before.hide()
        before.deleteLater()

    def _offer(self, rows: Sequence[DateVoterRow]) -> None:
        if self._found is not None:
            ids = frozenset(voter.id for voter in rows)
            self.presenter.offer(self._found.poll.id, ids, reminder=False)

    def _on_edit(self, voter: DateVoterRow, field: Field[DateVoterRow], value: Any) -> None:
        date = date_of(field)
        if date is None:
            self.presenter.set_required(voter, bool(value))
        else:
            self.presenter.enter({voter.id: {date: value}})

    def _on_edits(self, edits: Sequence[CellEdit], _label: str) -> None:
        """Take what was pasted, filled or emptied; presence is no answer and changes apart."""
        answers: dict[UUID, dict[UUID, Any]] = {}
        for each in edits:
            date = date_of(each.field)
            if date is None:
                self.presenter.set_required(each.row, bool(each.value))
            else:
                answers.setdefault(each.row.id, {})[date] = each.value
        if answers:
            self.presenter.enter(answers)

    def _is(self, *states: PollState) -> bool:
        return self._found is not None and self._found.poll.state in states

    def _enable(self, found: DatePollDetail) -> None:
        poll = found.poll
        live, is_open = poll.state in _LIVE, poll.state is PollState.OPEN
        unasked = any(voter.asked_at is None for voter in found.voters)
        can_open = live and bool(found.options) and bool(found.voters)
        shown: list[tuple[QPushButton, bool]] = [
            (self.voters, live),
            (self.add_date, live),
            (self.open_poll, poll.state is PollState.DRAFT or (is_open and unasked)),
            (self.write, is_open),
            (self.remind, is_open),
            (self.close_poll, is_open),
            (self.meeting, poll.state is PollState.DECIDED and poll.meeting_id is not None),
        ]
        for each, wanted in shown:
            show_if(each, wanted)
        self.open_poll.setEnabled(can_open)
        words = say("Open the poll") if poll.state is PollState.DRAFT else say("Ask the new ones")
        self.open_poll.setText(words)
        self.remind.setEnabled(bool(found.missing))
        self.close_poll.setEnabled(poll.verdict is not Verdict.WAITING and bool(found.options))
        self.change.setEnabled(live)
        self.cancel.setEnabled(live)
