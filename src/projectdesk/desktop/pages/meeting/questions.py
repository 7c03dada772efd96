"""The question log of a review: quick to add while one listens, answered and followed up later."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtWidgets import QLineEdit

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column, Entry, Field, Option
from projectdesk.desktop.models.words import options, tone, word
from projectdesk.desktop.pages.page import wire
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.presenters.review import QuestionsPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import CONTROL_HEIGHT
from projectdesk.desktop.widgets.data_table import RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.records_pane import RecordsPane
from projectdesk.domain.preparation import QuestionState
from projectdesk.services.review_rows import QuestionRow
from projectdesk.services.rows import Kind

KEYS = "Ctrl+Shift+Q"
"""Goes to the field for a new question, from anywhere on the page of the review."""


class QuickQuestion(QLineEdit):
    """Takes a question; Enter keeps it, and the next one can be typed."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "well")
        self.setPlaceholderText(say("New question: “Reviewer: why is D3.2 late?”"))
        self.setToolTip(say("Enter keeps it. {keys} leads here.", keys=KEYS))
        self.setAccessibleName(say("New question"))
        self.setFixedHeight(CONTROL_HEIGHT)
        self.setMinimumWidth(360)


class QuestionsPane(RecordsPane[QuestionRow]):
    """What was asked at a review, by number."""

    def __init__(self, session: Session, choices: Choices) -> None:
        self._choices = choices
        self._deliverables: tuple[Option, ...] = (Option(None, "–"),)
        self.quick = QuickQuestion()
        empty = EmptyState(
            "message-square",
            say("No questions yet"),
            say("Type what reviewers ask, one line each; answers and follow-up come later."),
        )
        super().__init__(
            self._columns(),
            empty,
            lines=self._lines(),
            title=lambda r: r.label,
            subtitle=lambda r: r.asked_by,
            delete_words=say("Delete"),
            right=[self.quick],
            placeholder=say("Filter questions"),
            label=say("Questions"),
            margins=(0, 0, 0, 0),
        )
        self.presenter = QuestionsPresenter(session, self)
        wire(self, self.presenter, Kind.REVIEW_QUESTION)
        self.quick.returnPressed.connect(self._add)
        self.delete_asked.connect(lambda row: self.presenter.delete(row, row.label))
        self.table.set_actions(
            [
                RowAction(
                    say("Delete"),
                    "trash-2",
                    lambda rows: self.presenter.delete_rows(rows, lambda row: row.label),
                    "Del",
                    many=True,
                    danger=True,
                )
            ]
        )

    def open_meeting(self, meeting: UUID) -> None:
        """Show the questions of `meeting`."""
        self.table.clear_selection()
        self.presenter.open(meeting)

    def offer_deliverables(self, found: Sequence[Option]) -> None:
        """Offer deliverables that a question may be about."""
        self._deliverables = (Option(None, "–"), *found)
        if self.inspector is not None:
            self.inspector.form.load_options()

    def _add(self) -> None:
        self.presenter.add_typed(self.quick.text(), self.quick.clear)

    def _columns(self) -> list[Column[QuestionRow]]:
        return [
            Column(say("No."), lambda r: r.label, sort=lambda r: r.number, width=56, muted=True),
            Column(
                say("Question"),
                lambda r: " ".join(r.text.split()),
                stretch=4,
                strong=True,
            ),
            Column(say("Asked by"), lambda r: r.asked_by, width=100, optional=True),
            Column(
                say("Concerns"),
                lambda r: ", ".join(part for part in (r.work_package, r.deliverable) if part),
                width=84,
                muted=True,
                optional=True,
            ),
            Column(
                say("State"),
                lambda r: word(r.state),
                width=124,
                tone=lambda r: tone(r.state),
                field=_state(),
            ),
            Column(say("Who"), lambda r: r.answered_by, stretch=1, field=self._who()),
            Column(
                say("Due"),
                lambda r: formats.day(r.due_on),
                sort=lambda r: r.due_on,
                width=110,
                field=_due(),
                optional=True,
            ),
        ]

    def _lines(self) -> list[Field[QuestionRow] | list[Field[QuestionRow]]]:
        return [
            Field("text", say("Question"), lambda r: r.text, Entry.LONG_TEXT),
            Field("asked_by", say("Asked by"), lambda r: r.asked_by),
            Field("answer", say("Answer"), lambda r: r.answer, Entry.LONG_TEXT),
            [_state(), _due()],
            self._who(),
            Field(
                "work_package_id",
                say("Work package"),
                lambda r: r.work_package_id,
                Entry.CHOICE,
                self._choices.work_packages,
            ),
            Field(
                "deliverable_id",
                say("Deliverable"),
                lambda r: r.deliverable_id,
                Entry.CHOICE,
                lambda: self._deliverables,
            ),
        ]

    def _who(self) -> Field[QuestionRow]:
        return Field(
            "answered_by_id",
            say("Answers or follows up"),
            lambda r: r.answered_by_id,
            Entry.CHOICE,
            self._choices.people,
        )


def _state() -> Field[QuestionRow]:
    return Field(
        "state", say("State"), lambda r: r.state, Entry.CHOICE, lambda: options(QuestionState)
    )


def _due() -> Field[QuestionRow]:
    return Field("due_on", say("Due"), lambda r: r.due_on, Entry.DATE)
