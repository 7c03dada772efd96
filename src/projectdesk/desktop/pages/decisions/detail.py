"""A decision in detail, below its fields: whether it binds, its vote, vetoes, follow-up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import decision_words, formats
from projectdesk.desktop.models.words import tone, word
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.desktop.widgets.layout import button, column, hairline, plain, row, text
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.domain.voting import VetoState
from projectdesk.services.decision_rows import (
    DecisionDetail,
    FollowUpRow,
    RegisterRow,
    Standing,
    VetoRow,
)
from projectdesk.services.procedure_rows import SeatRow, VotingDetail

_MOST_CONTEXT = 700
"""Characters of the minutes that are shown."""


class DecisionPanel(QWidget):
    """What belongs to one decision, and what can be done with it."""

    follow_up_asked = Signal(object)
    replace_asked = Signal(object)
    withdraw_asked = Signal(object)
    reinstate_asked = Signal(object)
    veto_asked = Signal(object)
    answer_asked = Signal(object)
    """VetoRow"""
    action_opened = Signal(object)
    """FollowUpRow"""
    source_opened = Signal(object)
    """RegisterRow: where it was taken"""

    def __init__(self, zone: Callable[[], str], now: Callable[[], datetime]) -> None:
        """Make it empty.

        Args:
            zone: the reader's.
            now: the present.
        """
        super().__init__()
        self._zone, self._now = zone, now
        self._layout = column(spacing=SPACE_L)
        self.setLayout(self._layout)
        self.detail: DecisionDetail | None = None
        self.hide()

    def show_detail(self, detail: DecisionDetail | None) -> None:
        """Show a decision anew; None = nothing."""
        self.detail = detail
        while (taken := self._layout.takeAt(0)) is not None:
            if (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.setVisible(detail is not None)
        if detail is None:
            return
        for section in (
            self._standing(detail.decision),
            self._vote(detail),
            self._vetoes(detail),
            self._actions(detail),
            self._correction(detail.decision),
            self._context(detail.context),
        ):
            if section is not None:
                self._layout.addWidget(section)

    # --- sections

    def _standing(self, decision: RegisterRow) -> QWidget:
        words = decision_words.standing_words(decision, self._now())
        chip = Chip(words, decision_words.standing_tone(decision))
        reason = decision_words.standing_reason(decision, self._zone(), self._now())
        pieces = [plain(row(chip, None)), text(reason, wrap=True)]
        if decision.words:
            pieces.append(text(_sentence(decision_words.how_words(decision)), wrap=True))
        if decision.replaces:
            labels = ", ".join(decision.replaces)
            pieces.append(text(say("It replaces {labels}.", labels=labels), wrap=True))
        source = decision_words.source_words(decision)
        if source:
            where = button(source, "link", "", partial(self.source_opened.emit, decision))
            where.setAccessibleName(say("Open {what}", what=source))
            pieces.append(plain(row(where, None)))
        return plain(column(*pieces, spacing=SPACE_S))

    def _vote(self, detail: DecisionDetail) -> QWidget | None:
        vote = detail.vote
        if vote is None:
            return None
        secret = vote.vote.secret
        title = say("Secret vote {label}", label=vote.vote.label)
        if not secret:
            title = say("Vote {label}", label=vote.vote.label)
        pieces: list[QWidget] = [text(title, "strong")]
        if vote.vote.counts:
            pieces.append(text(decision_words.tally_words(vote.vote), wrap=True))
        if secret:
            pieces.append(
                text(say("Only who voted is known: {voted} of {seats}.",
                         voted=vote.vote.voted, seats=vote.vote.seats), "caption", wrap=True)
            )  # fmt: skip
        pieces += [_seat_line(seat, vote) for seat in vote.seats]
        return _section(*pieces)

    def _vetoes(self, detail: DecisionDetail) -> QWidget:
        decision = detail.decision
        pieces: list[QWidget] = [text(say("Vetoes"), "strong")]
        pieces += [self._veto_line(veto, decision) for veto in detail.vetoes]
        if not detail.vetoes:
            pieces.append(text(say("None was raised."), "caption"))
        open_ = decision.standing not in {
            Standing.BINDING,
            Standing.REPLACED,
            Standing.WITHDRAWN,
        }
        if open_:
            note = button(
                say("Note a veto…"), "", "triangle-alert", partial(self.veto_asked.emit, decision)
            )
            pieces.append(plain(row(note, None)))
        return _section(*pieces)

    def _veto_line(self, veto: VetoRow, decision: RegisterRow) -> QWidget:
        chip = Chip(decision_words.veto_words(veto.state), decision_words.veto_tone(veto.state))
        head = row(text(veto.partner, "strong"), chip, None, spacing=SPACE_S)
        day = formats.day(to_local(veto.raised_at, self._zone()).date())
        who = formats.joined((veto.person, day))
        pieces = [plain(head), text(who, "caption"), text(veto.reason, wrap=True)]
        pieces += [text(each, "caption", wrap=True) for each in decision_words.veto_facts(veto)]
        if veto.answer:
            pieces.append(text(say("Answer: {text}", text=veto.answer), wrap=True))
        if veto.state is VetoState.RAISED or decision.standing is not Standing.BINDING:
            answer = button(say("Answer…"), "", "", partial(self.answer_asked.emit, veto))
            answer.setAccessibleName(say("Answer the veto of {partner}", partner=veto.partner))
            pieces.append(plain(row(answer, None)))
        return plain(column(*pieces, spacing=SPACE_XS))

    def _actions(self, detail: DecisionDetail) -> QWidget:
        pieces: list[QWidget] = [text(say("Follow-up|decision"), "strong")]
        pieces += [self._action_line(action) for action in detail.actions]
        if not detail.actions:
            pieces.append(text(say("No action follows it up yet."), "caption"))
        add = button(
            say("Follow up…"), "", "plus", partial(self.follow_up_asked.emit, detail.decision)
        )
        pieces.append(plain(row(add, None)))
        return _section(*pieces)

    def _action_line(self, action: FollowUpRow) -> QWidget:
        chip = Chip(word(action.status), tone(action.status))
        name = button(action.label, "link", "", partial(self.action_opened.emit, action))
        name.setAccessibleName(say("Open {what}", what=action.label))
        facts = formats.joined((action.owner, formats.day(action.due_on)))
        pieces = [plain(row(name, chip, None, spacing=SPACE_S)), text(action.text, wrap=True)]
        if facts:
            pieces.append(text(facts, "caption", wrap=True))
        return plain(column(*pieces, spacing=SPACE_XS))

    def _correction(self, decision: RegisterRow) -> QWidget:
        words = (
            say("Its text can be changed above: the minutes that hold it are a draft.")
            if decision.editable
            else say("Its text was circulated and stays. A later decision can replace it.")
        )
        pieces: list[QWidget] = [
            text(say("Correction"), "strong"),
            text(words, "caption", wrap=True),
        ]
        if decision.standing in {Standing.REPLACED, Standing.WITHDRAWN}:
            again = button(
                say("It stands again"), "", "undo-2", partial(self.reinstate_asked.emit, decision)
            )
            pieces.append(plain(row(again, None)))
        else:
            replace = button(
                say("Replace…"), "", "repeat", partial(self.replace_asked.emit, decision)
            )
            withdraw = button(
                say("Withdraw"), "", "circle-x", partial(self.withdraw_asked.emit, decision)
            )
            pieces.append(plain(row(replace, withdraw, None, spacing=SPACE_S)))
        return _section(*pieces)

    def _context(self, words: str) -> QWidget | None:
        if not words.strip():
            return None
        short = words.strip()
        if len(short) > _MOST_CONTEXT:
            short = short[:_MOST_CONTEXT].rstrip() + "…"
        return _section(text(say("In the minutes"), "strong"), text(short, "muted", wrap=True))


def _section(*pieces: QWidget) -> QWidget:
    return plain(column(hairline(), *pieces, spacing=SPACE_S))


def _seat_line(seat: SeatRow, vote: VotingDetail) -> QWidget:
    said = decision_words.seat_words(seat, secret=vote.vote.secret)
    if seat.proxy:
        said = say("{choice}, by proxy of {partner}", choice=said, partner=seat.proxy)
    elif seat.by_hand:
        said = say("{choice}, entered by hand", choice=said)
    line = row(text(seat.partner), text(said, "muted", wrap=True), spacing=SPACE_S)
    line.setStretch(0, 1)
    line.setStretch(1, 2)
    return plain(line)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
