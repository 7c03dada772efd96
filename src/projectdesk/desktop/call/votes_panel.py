"""Votes of the body in the console: prepared, opened, watched, closed, and what came of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from projectdesk.desktop.call.assembly import (
    Assembly,
    choice_words,
    in_words,
)
from projectdesk.desktop.call.members_list import MembersList
from projectdesk.desktop.call.panel import Panel, Surroundings
from projectdesk.desktop.call.room import LiveRoom
from projectdesk.desktop.call.vote_form import VoteForm
from projectdesk.desktop.call.vote_seats import VoteSeats
from projectdesk.desktop.language import say
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.desktop.widgets.layout import (
    Piece,
    button,
    column,
    frame,
    plain,
    row,
    scrolled,
    show_if,
    text,
)
from projectdesk.signalling import call, votes


class VotesPanel(Panel):
    """The quorum, the members, and all votes of the meeting."""

    key: ClassVar[str] = "votes"
    icon: ClassVar[str] = "gavel"

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._assembly = Assembly()
        self._room = LiveRoom()
        self._over = False
        self._standing: object = None
        self._shown_seats: dict[int, VoteSeats] = {}
        self._shown_turnout: dict[int, QLabel] = {}
        self.new = button(say("New vote"), "primary", "plus", lambda: self._write(None))
        self.form = VoteForm(self.sent.emit, self._stop_writing)
        self.form.hide()
        self._none = text("", "muted", wrap=True)
        self._quorum = text("", "strong", wrap=True)
        self.members = MembersList()
        self.members.sent.connect(self.sent)
        self._votes = column(spacing=SPACE_M)
        inner = QWidget()
        inner.setLayout(
            column(
                row(self.new, None),
                self.form,
                self._none,
                self._votes,
                self._quorum,
                self.members,
                None,
                spacing=SPACE_M,
                margins=(SPACE_S, SPACE_M, SPACE_S, SPACE_M),
            )
        )
        self.setLayout(column(scrolled(inner), spacing=0))
        self._show()

    @property
    def title(self) -> str:
        """What the tab is called."""
        return say("Votes|ballots")

    @property
    def count(self) -> int:
        """How many members have voted in the open vote."""
        going = self._assembly.going
        return sum(seat.voted for seat in going.seats) if going is not None else 0

    def hear(self, message: call.HostMessage) -> None:
        """Take news of the body and its votes."""
        after = self._assembly.after(message)
        if after != self._assembly:
            self._assembly = after
            self._show()
            self.labelled.emit()

    def show_room(self, room: LiveRoom, now: datetime) -> None:
        """Offer the agenda's items to decide, and the people who may vote for a member."""
        before = self._room.clock
        self._room = room
        items = room.clock.items if room.clock is not None else []
        known = before.items if before is not None else None
        if items != known:
            self.form.offer(items)
        self.members.show_members(self._assembly, room, over=self._over)

    def end(self) -> None:
        """Offer nothing more."""
        self._over = True
        self.form.hide()
        self._show()

    def draft(self) -> Mapping[str, str]:
        """Return the vote that is half written."""
        if self.form.isHidden():
            return {}
        return {
            "question": self.form.question.toPlainText(),
            "choices": self.form.choices.toPlainText(),
        }

    def restore(self, draft: Mapping[str, str]) -> None:
        """Go on with a vote that was half written."""
        if draft.get("question") or draft.get("choices"):
            self._write(None)
            self.form.question.setPlainText(draft.get("question", ""))
            self.form.choices.setPlainText(draft.get("choices", ""))

    # --- showing ------------------------------------------------------------------------------

    def _write(self, vote: votes.BodyVote | None) -> None:
        self.new.hide()
        self.form.show()
        self.form.fill(vote, self._room.clock.current if self._room.clock is not None else None)

    def _stop_writing(self) -> None:
        self.form.hide()
        self._show()
        self.new.setFocus()

    def _show(self) -> None:
        """Show all anew; a button that has the focus gives it to the one that stands for it."""
        focused = self.focusWidget()
        has_focus = isinstance(focused, QPushButton | QToolButton) and focused.hasFocus()
        name = focused.objectName() if has_focus and focused is not None else ""
        listed = self._assembly.all_votes
        standing = (self._over, self._assembly.going is not None, [_still(one) for one in listed])
        if standing == self._standing:
            self._show_ballots(listed)
        else:
            self._standing = standing
            self._show_cards(listed, name)
        body = self._assembly.body
        show_if(self.new, body is not None and not self._over and self.form.isHidden())
        self._none.setText(
            say("This is no meeting of a body: it has no members who vote.")
            if body is None
            else say("There is no vote yet.")
        )
        show_if(self._none, body is None or not self._assembly.all_votes)
        self._quorum.setText(in_words(body.quorum.words) if body is not None else "")
        show_if(self._quorum, body is not None)
        self.members.show_members(self._assembly, self._room, over=self._over)

    def _show_cards(self, listed: Sequence[votes.BodyVote], focused: str) -> None:
        """Make a card for each vote. focused: name of the button that has the focus."""
        _clear(self._votes)
        going = self._assembly.going
        for vote in listed:
            card = self._card(vote, one_open=going is not None)
            self._votes.addWidget(card)
            for same in card.findChildren(QWidget, focused) if focused else ():
                same.setFocus()
        numbers = {vote.number for vote in listed}
        for gone in self._shown_seats.keys() - numbers:
            del self._shown_seats[gone]
        for gone in self._shown_turnout.keys() - numbers:
            del self._shown_turnout[gone]

    def _card(self, vote: votes.BodyVote, *, one_open: bool) -> QWidget:
        state = {
            "open": (say("Open"), Tone.SUCCESS),
            "counting": (say("Being counted"), Tone.INFO),
            "draft": (say("Draft"), Tone.NEUTRAL),
            "closed": (say("Closed"), Tone.NEUTRAL),
            "cancelled": (say("Called off"), Tone.NEUTRAL),
        }[vote.state]
        turnout = self._shown_turnout[vote.number] = text(self._turnout(vote), "caption")
        kind = say("secret") if vote.secret else say("open vote")
        pieces: list[Piece] = [
            row(
                Chip(*state),
                turnout,
                text(kind, "caption"),
                None,
                spacing=SPACE_S,
            ),
            text(vote.question, "strong", wrap=True),
        ]
        if vote.outcome is not None:
            pieces.append(text(in_words(vote.outcome.words), "strong", wrap=True))
        elif vote.state != "cancelled":
            needed = say("Needed: {rule}", rule=in_words(vote.rule))
            pieces.append(text(needed, "caption", wrap=True))
        actions = None if self._over else self._actions(vote, one_open=one_open)
        if actions is not None and vote.state == "open":
            pieces.append(actions)  # above the seats: a body may have many
        if vote.state in {"open", "counting", "closed"}:
            pieces.append(seats := self._seats(vote))
            name = f"close-{vote.number}"
            close = None if actions is None else actions.findChild(QPushButton, name)
            if isinstance(close, QPushButton):
                seats.writing.connect(close.setDisabled)
                close.setDisabled(seats.is_writing)  # the rows before may have begun
        if vote.ballots:
            pieces.append(_ballots(vote))
        for veto in vote.vetoes:
            words = say("Veto of {member}: {reason}", member=veto.name, reason=veto.reason)
            pieces.append(text(words, "error", wrap=True))
        if actions is not None and vote.state != "open":
            pieces.append(actions)
        card = column(*pieces, spacing=SPACE_S, margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_M))
        return frame("card", card)

    def _seats(self, vote: votes.BodyVote) -> VoteSeats:
        before = self._shown_seats.get(vote.number)
        made = VoteSeats(vote, over=self._over)
        made.sent.connect(self.sent)
        made.show_vote(vote, self._in_room())
        if before is not None:
            made.go_on(before)
        self._shown_seats[vote.number] = made
        return made

    def _in_room(self) -> frozenset[str]:
        body = self._assembly.body
        members = body.members if body is not None else ()
        return frozenset(one.partner for one in members if one.in_room and not one.voter)

    def _turnout(self, vote: votes.BodyVote) -> str:
        if vote.state == "draft":
            return ""
        voted = sum(seat.voted for seat in vote.seats)
        return say("{voted} of {seats} voted", voted=voted, seats=len(vote.seats))

    def _show_ballots(self, listed: Sequence[votes.BodyVote]) -> None:
        """Show who has voted by now, in the cards that stand."""
        for vote in listed:
            if vote.number in self._shown_turnout:
                self._shown_turnout[vote.number].setText(self._turnout(vote))
            if vote.number in self._shown_seats:
                self._shown_seats[vote.number].show_vote(vote, self._in_room())

    def _actions(self, vote: votes.BodyVote, *, one_open: bool) -> QWidget | None:
        number = vote.number
        made: dict[str, QPushButton] = {}
        if vote.state == "draft":
            start = self._button(say("Open vote"), "primary", votes.OpenVote(vote=number))
            start.setEnabled(not one_open)
            start.setToolTip(say("Another vote is open. Close it first.") if one_open else "")
            edit = button(say("Change"), "", "", lambda: self._write(vote))
            discard = self._button(say("Discard"), "quiet", votes.CancelVote(vote=number))
            made = {"open": start, "edit": edit, "discard": discard}
        elif vote.state == "open":
            close = self._button(say("Close and count"), "primary", votes.CloseVote(vote=number))
            cancel = self._button(say("Call off"), "quiet", votes.CancelVote(vote=number))
            made = {"close": close, "cancel": cancel}
        elif vote.outcome is not None and vote.outcome.result in {"carried", "chosen"}:
            return self._veto(vote)
        for name, one in made.items():
            one.setObjectName(f"{name}-{number}")
        return plain(row(*made.values(), None, spacing=SPACE_S)) if made else None

    def _veto(self, vote: votes.BodyVote) -> QWidget:
        """Return the line by which a member's veto is noted."""
        who = QComboBox()
        who.setAccessibleName(say("Member that vetoes"))
        for seat in vote.seats:
            who.addItem(seat.name, seat.partner)
        reason = QLineEdit()
        reason.setMaxLength(votes.MAX_REASON)
        reason.setPlaceholderText(say("What the decision would affect"))
        reason.setAccessibleName(say("What the decision would affect"))
        note = button(say("Note veto"), "", "", None)
        note.setEnabled(False)
        reason.textChanged.connect(lambda words: note.setEnabled(bool(words.strip())))
        note.clicked.connect(
            lambda: self.sent.emit(
                votes.NoteVeto(vote=vote.number, partner=who.currentData(), reason=reason.text())
            )
        )
        fields = plain(row(who, reason, note, spacing=SPACE_S))
        fields.hide()
        ask = button(say("A member vetoes"), "link", "", None)
        ask.setObjectName(f"veto-{vote.number}")

        def show() -> None:
            ask.hide()
            fields.show()
            reason.setFocus()

        ask.clicked.connect(show)
        return plain(column(row(ask, None), fields, spacing=SPACE_S))

    def _button(self, words: str, role: str, message: votes.VoteRequest) -> QPushButton:
        return button(words, role, "", self._sender(message))

    def _sender(self, message: votes.VoteRequest) -> Callable[[], None]:
        return lambda: self.sent.emit(message)


def _still(vote: votes.BodyVote) -> votes.BodyVote:
    """Return a vote without what changes while members vote."""
    seats = [
        votes.SeatShown(partner=seat.partner, name=seat.name, weight=seat.weight)
        for seat in vote.seats
    ]
    return msgspec.structs.replace(vote, seats=seats, yours=[])


def _ballots(vote: votes.BodyVote) -> QWidget:
    """Return the ballots of a secret vote by receipt, shown when asked for."""
    lines = [f"{one.receipt}   {choice_words(vote, one.choice)}" for one in vote.ballots]
    shown = text("\n".join(lines), "caption")
    shown.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    shown.hide()
    ask = button(say("Show all ballots by receipt"), "link", "", None)
    ask.setObjectName(f"ballots-{vote.number}")

    def show() -> None:
        ask.hide()
        shown.show()

    ask.clicked.connect(show)
    return plain(column(row(ask, None), shown, spacing=SPACE_XS))


def _clear(box: QVBoxLayout) -> None:
    while box.count():
        entry = box.takeAt(0)
        widget = entry.widget() if entry is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
