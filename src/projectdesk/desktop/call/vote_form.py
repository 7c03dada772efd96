"""Prepares a vote in the console: from a decision item of the agenda, or anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QCheckBox, QComboBox, QPlainTextEdit, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S
from projectdesk.desktop.widgets.layout import button, column, frame, row, show_if, text
from projectdesk.signalling import call, votes

_QUESTION_HEIGHT = 64
_CHOICES_HEIGHT = 72


class VoteForm(QWidget):
    """The item it is about, the question, own choices, whether secret or weighted, of what."""

    def __init__(
        self, send: Callable[[votes.PrepareVote], None], close: Callable[[], None]
    ) -> None:
        super().__init__()
        self._send = send
        self._close = close
        self._vote: int | None = None
        self._proposed = ""
        self.item = QComboBox()
        self.item.setAccessibleName(say("Agenda item"))
        self.item.activated.connect(self._propose)
        self.question = _field(say("Question, as the decision will say it"), _QUESTION_HEIGHT)
        self.choices = _field(
            say("Choices of its own, one a line; none = for, against, abstain"), _CHOICES_HEIGHT
        )
        self.base = QComboBox()
        self.base.setAccessibleName(say("The majority is a share of"))
        for value, words in (
            ("cast", say("Majority of the votes cast")),
            ("present", say("Majority of the members present or represented")),
            ("all", say("Majority of all members")),
        ):
            self.base.addItem(words, value)
        self.secret = QCheckBox(say("Secret: nobody sees who chose what"))
        self.weighted = QCheckBox(say("Votes count by weight"))
        self.problem = text("", "error", wrap=True)
        self.problem.hide()
        self.open = button(say("Open now"), "primary", "", lambda: self._submit(open_now=True))
        self.keep = button(say("Keep as draft"), "", "", lambda: self._submit(open_now=False))
        cancel = button(say("Cancel"), "quiet", "", close)
        card = column(
            self.item,
            self.question,
            self.choices,
            self.base,
            self.secret,
            self.weighted,
            self.problem,
            row(self.open, self.keep, cancel, None, spacing=SPACE_S),
            spacing=SPACE_S,
            margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_L),
        )
        self.setLayout(column(frame("card", card), spacing=0))

    def offer(self, items: Iterable[call.ShownItem]) -> None:
        """Offer the agenda's items to be decided; what was chosen stays."""
        chosen = self.item.currentData()
        self.item.clear()
        self.item.addItem(say("No item of the agenda"), "")
        for one in items:
            if one.kind == "decision":
                self.item.addItem(f"{one.number}. {one.title}", one.id)
        self.item.setCurrentIndex(max(self.item.findData(chosen), 0) if chosen else 0)

    def fill(self, draft: votes.BodyVote | None, item: str | None = None) -> None:
        """Begin anew (with the item that runs, where it is one to decide), or with a draft."""
        self._vote = draft.number if draft is not None else None
        wanted = draft.item if draft is not None else item
        self.item.setCurrentIndex(max(self.item.findData(wanted), 0) if wanted else 0)
        self._proposed = ""
        self.question.setPlainText(draft.question if draft is not None else "")
        own = draft.choices if draft is not None and draft.own_choices else []
        self.choices.setPlainText("\n".join(own))
        self.base.setCurrentIndex(0)
        self.secret.setChecked(draft is not None and draft.secret)
        self.weighted.setChecked(draft is not None and draft.weighted)
        self.problem.hide()
        if draft is None:
            self._propose()
        self.question.setFocus()

    def _propose(self) -> None:
        """Propose the item's title as the question, unless something else is written there."""
        written = self.question.toPlainText().strip()
        if written not in {"", self._proposed}:
            return
        title = self.item.currentText().partition(". ")[2] if self.item.currentData() else ""
        self._proposed = title
        self.question.setPlainText(title)
        self.question.selectAll()

    def _submit(self, *, open_now: bool) -> None:
        question = " ".join(self.question.toPlainText().split())
        lines = (line.strip() for line in self.choices.toPlainText().splitlines())
        choices = [line for line in lines if line]
        words = _trouble(question, choices)
        self.problem.setText(words)
        show_if(self.problem, bool(words))
        if words:
            return
        self._send(
            votes.PrepareVote(
                question=question,
                choices=choices,
                secret=self.secret.isChecked(),
                weighted=self.weighted.isChecked(),
                base=self.base.currentData(),
                item=self.item.currentData() or None,
                vote=self._vote,
                open=open_now,
            )
        )
        self._close()


def _field(name: str, height: int) -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setPlaceholderText(name)
    made.setAccessibleName(name)
    made.setTabChangesFocus(True)
    made.setFixedHeight(height)
    return made


def _trouble(question: str, choices: list[str]) -> str:
    """Return in words what a vote is missing, "" for nothing."""
    if not question:
        return say("A vote has a question.")
    if len(question) > votes.MAX_QUESTION:
        return say("A question has 500 characters at most.")
    if len(choices) == 1 or len(choices) > votes.MAX_CHOICES:
        return say("Give 2 to 10 choices, each another, or none.")
    if len({choice.casefold() for choice in choices}) < len(choices):
        return say("Two choices are the same.")
    if any(len(choice) > votes.MAX_CHOICE for choice in choices):
        return say("A choice has 200 characters at most.")
    return ""
