"""Written procedures: the list at the left; the members' votes and what to do at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton, QStackedWidget, QWidget

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models import decision_words, formats
from projectdesk.desktop.models.cell_edits import CellEdit
from projectdesk.desktop.models.fields import Column, Entry, Field, Target
from projectdesk.desktop.pages.decisions import procedure_dialogs as dialogs
from projectdesk.desktop.pages.decisions.procedure_trail import ProcedureTrail
from projectdesk.desktop.pages.decisions.voted_documents import VotedDocuments
from projectdesk.desktop.pages.letters_dialog import LettersDialog
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.asking import Done, Failed, Letters, SendsDesks, reach
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.procedures import ProceduresPresenter
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.badges import Banner, Elided
from projectdesk.desktop.widgets.data_table import DataTable, RowAction
from projectdesk.desktop.widgets.dialog import Dialog, confirm_deletion
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
from projectdesk.desktop.widgets.toolbar import toolbar
from projectdesk.domain.rules.written_procedure import ProcedureStage
from projectdesk.domain.voting import VoteState
from projectdesk.errors import ProjectDeskError
from projectdesk.services.procedure_rows import (
    BallotLink,
    DecidingBody,
    SeatRow,
    VotingDetail,
    VotingRow,
)
from projectdesk.services.rows import Kind

_LIST_WIDTH = 396
_VOTES, _TRAIL = 0, 1
_LIVE = frozenset({ProcedureStage.VOTING, ProcedureStage.WAITING, ProcedureStage.DUE})


def procedure_columns() -> list[Column[VotingRow]]:
    """Return the columns of the list of procedures."""
    return [
        Column(say("Written procedure"), lambda v: v.question, stretch=2, strong=True,
               tip=lambda v: f"{v.project}-{v.label}  {v.question}"),
        Column(say("Voted"), lambda v: f"{v.voted}/{v.seats}" if v.seats else "",
               sort=lambda v: v.seats - v.voted, width=76, right=True),
        Column(say("State"), decision_words.stage_words, width=128,
               tone=decision_words.stage_tone),
    ]  # fmt: skip


class ProceduresPane(Presented, QWidget):
    """Written procedures of a project or of all."""

    go = Signal(object)

    def __init__(
        self,
        session: Session,
        reader: Reader,
        desks: SendsDesks[BallotLink] | None,
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
        self._found: VotingDetail | None = None
        self._shown_choices: tuple[str, ...] = ()
        self._choices = Choices(session)
        self.presenter = self.present(ProceduresPresenter(session, self, desks))
        self.documents = VotedDocuments(session)
        self.procedures: DataTable[VotingRow] = DataTable(
            procedure_columns(),
            lambda vote: vote.id,
            EmptyState(
                "gavel",
                say("No written procedures"),
                say("Between meetings a body decides by personal links; no account is needed."),
                say("New written procedure"),
            ),
            name="procedures",
        )
        self.procedures.setAccessibleName(say("Written procedures"))
        self.seats: DataTable[SeatRow] = DataTable(
            self._seat_columns(),
            lambda seat: seat.id,
            EmptyState(
                "users",
                say("Nobody is asked yet"),
                say("The members of the body are taken when the procedure is opened."),
            ),
            name="ballots",
        )
        self.seats.setAccessibleName(say("Votes of the members"))
        self.trail_sum = text("", "muted")
        self.trail = ProcedureTrail(session, reader, self.trail_sum.setText)
        self.by = Segments([(_VOTES, say("Votes")), (_TRAIL, say("Audit trail"))])
        self.save_trail = button(say("Save the trail"), "", "download", self.trail.ask_file)
        self.news = Banner()
        self.title = text("", "heading", wrap=True)
        self.about = Elided("", "muted")
        self.description = text("", "muted", wrap=True)
        self.progress = text("", wrap=True)
        self._make_buttons()
        self._lay_out()
        self._connect()
        self.show_procedure(None)
        self.show_part(_VOTES)

    def _make_buttons(self) -> None:
        self.add = button(say("New written procedure"), "primary", "plus", self.ask_new)
        self.open_procedure = button(
            say("Open the procedure"), "primary", "megaphone", self.ask_open
        )
        self.write = button(say("Personal links"), "", "link", lambda: self._offer(False))
        self.remind = button(say("Remind"), "", "bell", lambda: self._offer(True))
        self.close_vote = button(say("Close|vote"), "primary", "circle-check", self.ask_close)
        self.tell = button(say("Tell the result"), "primary", "mail", self.ask_tell)
        self.decision = button(say("Open the decision"), "", "gavel", self._go_to_decision)
        self.more = icon_button("ellipsis", say("More"))
        self.more.setPopupMode(self.more.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        self.change = menu.addAction(say("Change the procedure…"))
        self.cancel = menu.addAction(say("Call the procedure off…"))
        self.delete = menu.addAction(say("Delete the draft…"))
        set_icon(self.change, "settings", Tone.MUTED)
        set_icon(self.cancel, "circle-x", Tone.MUTED)
        set_icon(self.delete, "trash-2", Tone.MUTED)
        self.change.triggered.connect(self.ask_changes)
        self.cancel.triggered.connect(self.ask_cancel)
        self.delete.triggered.connect(self.ask_delete)
        self.more.setMenu(menu)

    def _lay_out(self) -> None:
        left = column(toolbar(None, self.add), self.procedures, spacing=SPACE_M)
        left.setStretch(1, 1)
        side = plain(left)
        side.setFixedWidth(_LIST_WIDTH)
        tools = toolbar(
            None, self.write, self.remind, self.open_procedure, self.close_vote, self.tell,
            self.decision, self.more,
        )  # fmt: skip
        self._parts = QStackedWidget()
        self._parts.addWidget(self.seats)
        self._parts.addWidget(self.trail)
        shown = column(
            tools,
            column(self.title, self.about, self.description, self.progress, spacing=SPACE_S),
            self.news,
            self.documents,
            toolbar(self.by, SPACE_M, self.trail_sum, None, self.save_trail),
            self._parts,
            spacing=SPACE_S,
        )
        shown.setStretch(5, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(
            EmptyState("gavel", say("No procedure chosen"), say("Choose one at the left."))
        )
        self._pages.addWidget(plain(shown))
        both = row(
            side, self._pages, spacing=SPACE_L, margins=(SPACE_XL, SPACE_M, SPACE_XL, SPACE_L)
        )
        both.setStretch(1, 1)
        self.setLayout(both)

    def _connect(self) -> None:
        self.procedures.empty_acted.connect(self.ask_new)
        self.procedures.current_changed.connect(self._on_procedure)
        self.by.chosen.connect(lambda part: self.show_part(int(str(part))))
        self.seats.edited.connect(self._on_edited)
        self.seats.edited_many.connect(self._on_edited_many)
        self.seats.set_actions(
            [
                RowAction(say("Personal link"), "link", lambda rows: self._offer_seat(rows[0]),
                          when=lambda seat: self._votes() and seat.desk is not None),
                RowAction(say("Another person votes…"), "user",
                          lambda rows: self.ask_voter(rows[0]),
                          when=lambda seat: self._votes() and not seat.in_default),
                RowAction(say("Issue a new link"), "refresh-cw",
                          lambda rows: self._renew(rows[0]),
                          when=lambda seat: self._votes() and seat.desk is not None),
                RowAction(say("Revoke the link"), "circle-x",
                          lambda rows: self.presenter.revoke(rows[0]), danger=True,
                          when=lambda seat: self._votes() and seat.desk is not None
                          and not seat.revoked),
            ]
        )  # fmt: skip

    def _seat_columns(self) -> list[Column[SeatRow]]:
        choice: Field[SeatRow] = Field(
            "choice",
            say("Vote"),
            lambda seat: seat.choice,
            Entry.CHOICE,
            options=lambda: decision_words.choice_options(self._shown_choices),
            target=self._ballot,
        )
        return [
            Column(say("Member"), lambda s: s.partner, width=130, strong=True),
            Column(say("Who votes"), self._voter_words, stretch=2,
                   alarm=lambda s: not s.voter and not s.in_default,
                   tip=lambda s: s.email or say("No address is known")),
            Column(say("Vote"), lambda s: decision_words.seat_words(s, secret=False), width=150,
                   field=choice),
            Column(say("Received"), lambda s: formats.moment(s.voted_at, self._reader.zone),
                   sort=lambda s: (s.voted_at is None, s.voted_at), width=170, optional=True),
            Column(say("Written to"), self._sent_words, width=170, muted=True, optional=True),
            Column(say("Comment"), lambda s: s.comment, stretch=2, muted=True, optional=True,
                   tip=lambda s: s.comment),
        ]  # fmt: skip

    def _ballot(self, seat: SeatRow) -> Target | None:
        """Return what a vote that is entered goes to: nothing where none can be entered."""
        if not self._votes() or seat.in_default:
            return None
        return Target(Kind.VOTE_SEAT, seat.id, seat.version)

    def _voter_words(self, seat: SeatRow) -> str:
        if seat.in_default:
            return say("In default, no vote")
        if not seat.voter:
            return say("Nobody is named")
        return say("{name} (link revoked)", name=seat.voter) if seat.revoked else seat.voter

    def _sent_words(self, seat: SeatRow) -> str:
        if seat.reminded_at is not None:
            when = formats.moment(seat.reminded_at, self._reader.zone)
            return say("Reminded {when}", when=when)
        return formats.moment(seat.sent_at, self._reader.zone)

    # --- what the page calls

    def set_project(self, project: UUID | None) -> None:
        """Show the procedures of one project, None = of all."""
        self.presenter.open(project)

    def select_procedure(self, vote: UUID) -> None:
        """Choose a procedure, as soon as it is there."""
        self.presenter.choose(vote)
        if not self.procedures.select(vote):
            self.presenter.reload()

    def close_presenters(self) -> None:
        """Let the presenters go."""
        super().close_presenters()
        self.documents.close_presenters()
        self.trail.close_presenters()
        self._choices.close()

    # --- what the presenter calls

    def show_procedures(self, rows: Sequence[VotingRow]) -> None:
        """Show the procedures; the first one is chosen at first."""
        self.procedures.blockSignals(True)
        self.procedures.show_rows(rows)
        ids = [each.id for each in rows]
        chosen = self.presenter.chosen if self.presenter.chosen in ids else next(iter(ids), None)
        if chosen is not None:
            self.procedures.select(chosen)
        self.procedures.blockSignals(False)
        self.presenter.choose(chosen)

    def show_procedure(self, found: VotingDetail | None) -> None:
        """Show the chosen procedure."""
        self._found = found
        self._pages.setCurrentIndex(0 if found is None else 1)
        if found is None:
            return
        vote = found.vote
        if vote.options != self._shown_choices:
            self._shown_choices = vote.options
        self._choices.open(vote.project_id)
        self.title.setText(vote.question)
        facts = [f"{vote.project}-{vote.label}", vote.body, decision_words.carries_words(vote)]
        if vote.counts:
            facts.append(decision_words.tally_words(vote))
        self.about.setText(formats.joined(facts))
        self.description.setText(vote.description)
        show_if(self.description, bool(vote.description))
        words = decision_words.progress_words(found, self._reader.zone, self._now())
        loud = decision_words.needs_attention(vote)
        self.news.say(words if loud else "")
        self.progress.setText(words)
        show_if(self.progress, not loud)
        self.documents.show_procedure(found)
        self.seats.show_rows(found.seats)
        self.trail.choose(vote.id)
        self._enable(found)

    def show_part(self, part: int) -> None:
        """Show the votes of the members, or the audit trail."""
        self._parts.setCurrentIndex(part)
        show_if(self.trail_sum, part == _TRAIL)
        show_if(self.save_trail, part == _TRAIL)

    def show_letters(self, letters: Letters) -> None:
        """Offer to write to members."""
        self.open_letters(letters)

    def open_letters(self, letters: Letters) -> Dialog | None:
        """Show the links, each with what its member is written."""
        found = self._found
        if found is None:
            return None
        vote = found.vote.id
        dialog = LettersDialog(
            self.window(),
            letters,
            lambda done, failed, again, anyway: self.presenter.send(
                vote, letters, done, failed, again=again, anyway=anyway
            ),
            lambda seat: self.presenter.written(seat, reminder=True),
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
        """Ask for a new written procedure."""

        def then(bodies: Sequence[DecidingBody]) -> None:
            if not bodies:
                self._pages.setCurrentIndex(1)
                self.news.say(say("Enter a body with its members on the project’s page first."))
                return
            dialogs.ask_procedure(
                self.window(), bodies, self._now(), self._reader.zone, self.presenter.create
            )

        self.presenter.find_bodies(then)

    def ask_changes(self) -> Dialog | None:
        """Ask what is changed of a draft."""
        found = self._found
        if found is None:
            return None
        return dialogs.ask_changes(self.window(), found.vote, self.presenter.edit)

    def ask_open(self) -> None:
        """Ask before the links begin to work."""
        found = self._found
        if found is None:
            return

        def then(bodies: Sequence[DecidingBody]) -> None:
            body = next((each for each in bodies if each.id == found.vote.body_id), None)
            if body is None:
                self.news.say(say("The body has no member with a vote."))
                return
            dialogs.ask_opening(
                self.window(),
                found,
                body,
                self._reader.zone,
                lambda: self.presenter.open_procedure(found.vote.id, self._refused),
            )

        self.presenter.find_bodies(then)

    def ask_voter(self, seat: SeatRow) -> None:
        """Ask who votes for a member from now on."""
        vote = seat.vote_id
        dialogs.ask_voter(
            self.window(),
            seat,
            self._choices,
            lambda person, done, failed: self.presenter.set_voter(vote, seat, person, done, failed),
        )

    def ask_close(self) -> None:
        """Ask before the votes are counted."""
        found = self._found
        if found is None:
            return

        def close(tell: bool, failed: Failed, done: Done) -> None:
            self.presenter.close_procedure(found.vote.id, done, failed, tell=tell)

        def then(can_send: bool) -> None:
            dialogs.ask_closing(self.window(), found, can_send=can_send, close=close)

        self.presenter.can_send(then)

    def ask_tell(self) -> None:
        """Ask before the result is told."""
        found = self._found
        if found is None:
            return

        def asked(bodies: Sequence[DecidingBody], can_send: bool) -> None:
            days = next((b.veto_days for b in bodies if b.id == found.vote.body_id), 15)
            dialogs.ask_telling(
                self.window(),
                found,
                days,
                can_send=can_send,
                tell=lambda by_mail, failed, done: self.presenter.tell_result(
                    found.vote.id, done, failed, by_mail=by_mail
                ),
            )

        self.presenter.can_send(
            lambda can_send: self.presenter.find_bodies(lambda bodies: asked(bodies, can_send))
        )

    def ask_cancel(self) -> None:
        """Ask before a procedure is called off."""
        found = self._found
        if found is None:
            return

        def cancel(tell: bool) -> None:
            self.presenter.cancel(found.vote, tell=tell)

        def then(can_send: bool) -> None:
            dialogs.ask_calling_off(self.window(), found.vote, can_send=can_send, cancel=cancel)

        self.presenter.can_send(then)

    def ask_delete(self) -> None:
        """Ask before a draft is deleted."""
        found = self._found
        if found is not None:
            confirm_deletion(
                self.window(), found.vote.label, (), lambda: self.presenter.delete(found.vote)
            )

    # --- inside

    def _on_procedure(self, vote: VotingRow | None) -> None:
        if vote is not None:
            self.presenter.choose(vote.id)

    def _on_edited(self, seat: SeatRow, _field: object, value: object) -> None:
        self.presenter.enter(seat.id, str(value or ""))

    def _on_edited_many(self, edits: Sequence[CellEdit], _label: str) -> None:
        for each in edits:
            self.presenter.enter(each.row.id, str(each.value or ""))

    def _offer(self, reminder: bool) -> None:
        found = self._found
        if found is not None:
            missing = frozenset(seat.id for seat in found.missing)
            self.presenter.offer(found.vote.id, missing if reminder else None, reminder=reminder)

    def _offer_seat(self, seat: SeatRow) -> None:
        self.presenter.offer(seat.vote_id, frozenset({seat.id}), reminder=False)

    def _renew(self, seat: SeatRow) -> None:
        self.presenter.renew(seat.vote_id, seat)

    def _refused(self, error: ProjectDeskError) -> None:
        self.news.say(say_error(error))

    def _go_to_decision(self) -> None:
        found = self._found
        if found is not None and found.vote.decision_id is not None:
            self.go.emit(Route(Place.DECISIONS, tab=Kind.DECISION, select=found.vote.decision_id))

    def _votes(self) -> bool:
        return self._found is not None and self._found.vote.state is VoteState.OPEN

    def _enable(self, found: VotingDetail) -> None:
        vote = found.vote
        stage = vote.stage or ProcedureStage.DRAFT
        draft, live = stage is ProcedureStage.DRAFT, stage in _LIVE
        shown: list[tuple[QPushButton, bool]] = [
            (self.open_procedure, draft),
            (self.write, live),
            (self.remind, live),
            (self.close_vote, live),
            (self.tell, stage is ProcedureStage.RESULT),
            (self.decision, vote.decision_id is not None),
        ]
        for each, wanted in shown:
            show_if(each, wanted)
        self.remind.setEnabled(bool(found.missing) and stage is ProcedureStage.VOTING)
        ready = stage is ProcedureStage.DUE or (live and not found.missing)
        self.close_vote.setEnabled(ready)
        self.close_vote.setToolTip(
            "" if ready else say("Possible when the deadline is over, or all have voted.")
        )
        self.change.setEnabled(draft)
        self.delete.setEnabled(draft)
        self.cancel.setEnabled(draft or live)
