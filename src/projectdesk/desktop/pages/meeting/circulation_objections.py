"""Objections to circulated minutes, each with the field for the chair's answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import circulation_words, formats
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.layout import (
    button,
    column,
    plain,
    row,
    scrolled,
    show_if,
    text,
)
from projectdesk.domain.minutes import MinutesState, ObjectionState
from projectdesk.services.circulation_rows import MinutesLife, ObjectionRow

Answer = Callable[[UUID, ObjectionState, str], None]
_FIELD_HEIGHT = 72


class ObjectionCard(QFrame):
    """One objection: who, to what, in which words; and the answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self._answer = answer
        self.row: ObjectionRow | None = None
        self._head = text("", "strong", wrap=True)
        self._chip = Chip()
        self._item = text("", "muted", wrap=True)
        self._words = text("", wrap=True)
        self._said = text("", "muted", wrap=True)
        self.field = QPlainTextEdit()
        self.field.setTabChangesFocus(True)
        self.field.setFixedHeight(_FIELD_HEIGHT)
        self.field.setPlaceholderText(say("Answer; who objected reads it."))
        self.field.setAccessibleName(say("Answer to the objection"))
        self.upheld = self._button(say("Uphold"), "primary", ObjectionState.UPHELD)
        self.declined = self._button(say("Decline"), "", ObjectionState.DECLINED)
        self.withdrawn = self._button(say("Was taken back"), "quiet", ObjectionState.WITHDRAWN)
        self.again = self._button(say("Answer anew"), "quiet", ObjectionState.OPEN)
        self._problem = text("", "error", wrap=True)
        top = row(self._head, self._chip, spacing=SPACE_M)
        top.setStretch(0, 1)
        self._actions = plain(
            row(self.upheld, self.declined, self.withdrawn, None, self.again, spacing=SPACE_S)
        )
        self.setLayout(
            column(
                top,
                self._item,
                self._words,
                self._said,
                self.field,
                self._problem,
                self._actions,
                spacing=SPACE_S,
                margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_M),
            )
        )

    def show_row(self, shown: ObjectionRow, zone: str, *, answerable: bool) -> None:
        """Show an objection; what is being typed stays."""
        is_new = self.row is None or self.row.id != shown.id
        self.row = shown
        who = f"{shown.name} ({shown.partner})" if shown.partner else shown.name
        when = formats.moment(shown.raised_at, zone)
        self._head.setText(f"{shown.number}. {who}")
        self._chip.set(
            circulation_words.objection_words(shown.state),
            circulation_words.objection_tone(shown.state),
        )
        to = shown.item or say("To the minutes as a whole")
        self._item.setText(formats.joined((to, when)))
        self._words.setText(shown.text)
        is_open = shown.state is ObjectionState.OPEN
        if is_new:
            self.field.setPlainText(shown.answer)
        self._said.setText(say("Answer: {words}", words=shown.answer) if shown.answer else "")
        show_if(self._said, bool(shown.answer) and not is_open)
        for widget in (self.field, self.upheld, self.declined, self.withdrawn):
            show_if(widget, answerable and is_open)
        show_if(self.again, answerable and not is_open)
        show_if(self._actions, answerable)
        self._say_problem("")

    def _button(self, words: str, role: str, state: ObjectionState) -> QWidget:
        return button(words, role, "", lambda: self._give(state))

    def _give(self, state: ObjectionState) -> None:
        if self.row is None:
            return
        words = self.field.toPlainText().strip()
        if state is ObjectionState.DECLINED and not words:
            self._say_problem(say("Say why it is declined: who objected reads it."))
            self.field.setFocus()
            return
        if state is ObjectionState.OPEN:
            words = ""
        self._answer(self.row.id, state, words)

    def _say_problem(self, words: str) -> None:
        self._problem.setText(words)
        show_if(self._problem, bool(words))


class ObjectionsPane(QWidget):
    """All objections of a revision, by number."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer
        self.cards: dict[UUID, ObjectionCard] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(SPACE_M)
        self._list.addStretch(1)
        self._scroll = scrolled(plain(self._list))
        self._empty = EmptyState(
            "circle-check",
            say("No objections"),
            say("Who reads the minutes can object by their link, or answer the mail."),
        )
        layout = column(self._scroll, self._empty, spacing=0)
        layout.setStretch(0, 1)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def show_life(self, life: MinutesLife) -> None:
        """Show the objections of the newest revision."""
        rows: Mapping[UUID, ObjectionRow] = {row.id: row for row in life.objections}
        newest = life.newest
        answerable = newest is not None and newest.state is MinutesState.CIRCULATED
        for gone in [id_ for id_ in self.cards if id_ not in rows]:
            card = self.cards.pop(gone)
            self._list.removeWidget(card)
            card.deleteLater()
        for number, (id_, shown) in enumerate(rows.items()):
            if id_ not in self.cards:
                self.cards[id_] = ObjectionCard(self._answer)
                self._list.insertWidget(number, self.cards[id_])
            self.cards[id_].show_row(shown, life.zone, answerable=answerable)
        show_if(self._scroll, bool(rows))
        show_if(self._empty, not rows)

    @property
    def shown(self) -> Sequence[ObjectionCard]:
        """The cards, by number."""
        return list(self.cards.values())
