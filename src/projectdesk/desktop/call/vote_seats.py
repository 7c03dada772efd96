"""The seats of a vote in the console: who has voted, and what the chair writes down for the room.

A body may have 64 members: rows stay where they are while people vote, only their words change, and
a row's menu is made when it is opened. Many seats can be searched, or narrowed to who is missing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QMenu, QToolButton, QWidget

from projectdesk.desktop.call.assembly import choice_words, seat_words
from projectdesk.desktop.language import say
from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.desktop.theme.tokens import SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.badges import Elided
from projectdesk.desktop.widgets.dialog import Dialog, confirm
from projectdesk.desktop.widgets.layout import column, plain, row, show_if, text
from projectdesk.signalling import votes

_NAME_WIDTH = 120
_MANY: Final = 12
"""From so many seats on they can be searched."""
_AT_ONCE: Final = 30
"""So many are written down at once; a host takes a burst of 40 messages, then 20 a second."""
_PACE: Final = 60
"""Milliseconds between the others."""


class VoteSeats(QWidget):
    """One row a seat. sent: what the chair writes down; writing: some of it is still to be sent."""

    sent = Signal(object)
    writing = Signal(bool)

    def __init__(self, vote: votes.BodyVote, *, over: bool) -> None:
        super().__init__()
        self._vote = vote
        self._room: frozenset[str] = frozenset()
        self._queue: deque[votes.CastVote] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(_PACE)
        self._timer.timeout.connect(self._send_next)
        self._by_hand = vote.state == "open" and not vote.secret and not over
        self.search = QLineEdit()
        self.search.setPlaceholderText(say("Find a member"))
        self.search.setAccessibleName(say("Find a member"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._narrow)
        self.missing = QCheckBox(say("Only who has not voted"))
        self.missing.toggled.connect(self._narrow)
        self.for_room = self._opener(say("Write down for the room"), self._fill_room)
        self._rows: dict[str, tuple[QWidget, Elided]] = {}
        head = row(self.search, self.missing, spacing=SPACE_S)
        head.setStretch(0, 1)
        self._head = plain(head)
        lines = column(self._head, row(self.for_room, None), spacing=SPACE_XS)
        for seat in vote.seats:
            lines.addWidget(self._row(seat))
        self.setLayout(lines)
        show_if(self._head, len(vote.seats) > _MANY and vote.state == "open")
        self.show_vote(vote, self._room)

    @property
    def is_writing(self) -> bool:
        """Whether some of what the chair writes down is still to be sent."""
        return bool(self._queue)

    def show_vote(self, vote: votes.BodyVote, in_room: frozenset[str]) -> None:
        """Show what is known of the same seats now. in_room: members that are counted as there."""
        self._vote, self._room = vote, in_room
        for seat in vote.seats:
            self._rows[seat.partner][1].setText(seat_words(vote, seat))
        show_if(self.for_room, self._by_hand and len(self._in_room()) > 1)
        self._narrow()

    def go_on(self, before: VoteSeats) -> None:
        """Stand for the rows that were shown before: what is searched for, what is to be sent."""
        self.search.setText(before.search.text())
        self.missing.setChecked(before.missing.isChecked())
        if before._queue and self._by_hand:
            self._queue.extend(before._queue)
            self._timer.start()
        before._queue.clear()
        before._timer.stop()

    def ask_for_room(self, choice: str) -> Dialog | None:
        """Ask before one choice is written down for all in the room who have not voted."""
        seats = self._in_room()
        if not seats:
            return None
        return confirm(
            self.window(),
            say(
                "Write down “{choice}” for these members?", choice=choice_words(self._vote, choice)
            ),
            say("They are in the room and have not voted. Each can be written down otherwise."),
            say("Write down"),
            lambda: self._write(choice, [seat.partner for seat in self._in_room()]),
            details=[seat.name for seat in seats],
        )

    # --- inside

    def _in_room(self) -> list[votes.SeatShown]:
        waiting = {each.seat for each in self._queue}
        return [
            seat
            for seat in self._vote.seats
            if seat.partner in self._room and not seat.voted and seat.partner not in waiting
        ]

    def _row(self, seat: votes.SeatShown) -> QWidget:
        name = text(seat.name)
        name.setMinimumWidth(_NAME_WIDTH)
        words = Elided(seat_words(self._vote, seat), "muted")
        line = row(name, words)
        if self._by_hand:
            opener = self._opener(say("Write down"), lambda menu: self._fill(menu, seat.partner))
            opener.setAccessibleName(say("Write down the vote of {member}", member=seat.name))
            opener.setObjectName(f"hand-{self._vote.number}-{seat.partner}")
            line.addWidget(opener)
        shown = plain(line)
        self._rows[seat.partner] = (shown, words)
        return shown

    def _opener(self, words: str, fill: Callable[[QMenu], None]) -> QToolButton:
        opener = QToolButton()
        opener.setText(words)
        set_icon(opener, "chevron-down", Tone.MUTED)
        opener.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        opener.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(opener)
        menu.aboutToShow.connect(lambda: fill(menu))
        opener.setMenu(menu)
        return opener

    def _fill(self, menu: QMenu, partner: str) -> None:
        """Fill a row's menu with the choices."""
        menu.clear()
        for choice in self._vote.choices:
            entry = menu.addAction(choice_words(self._vote, choice))
            entry.triggered.connect(lambda _=False, chosen=choice: self._write(chosen, [partner]))

    def _fill_room(self, menu: QMenu) -> None:
        menu.clear()
        for choice in self._vote.choices:
            entry = menu.addAction(choice_words(self._vote, choice))
            entry.triggered.connect(lambda _=False, chosen=choice: self.ask_for_room(chosen))

    def _write(self, choice: str, partners: Sequence[str]) -> None:
        """Write down one choice for members; the host is not sent more at once than it takes."""
        made = [
            votes.CastVote(vote=self._vote.number, seat=each, choice=choice, by_hand=True)
            for each in partners
        ]
        for each in made[:_AT_ONCE]:
            self.sent.emit(each)
        self._queue.extend(made[_AT_ONCE:])
        if self._queue:
            self._timer.start()
            self.writing.emit(True)

    def _send_next(self) -> None:
        """Send the next one that is waited for; who votes meanwhile votes for themselves."""
        voted = {seat.partner for seat in self._vote.seats if seat.voted}
        while self._queue:
            each = self._queue.popleft()
            if each.seat not in voted:
                self.sent.emit(each)
                break
        if not self._queue:
            self._timer.stop()
            self.writing.emit(False)

    def _narrow(self) -> None:
        """Show the rows that are searched for."""
        words, missing = self.search.text().strip().casefold(), self.missing.isChecked()
        for seat in self._vote.seats:
            wanted = words in seat.name.casefold() and not (missing and seat.voted)
            show_if(self._rows[seat.partner][0], wanted)
