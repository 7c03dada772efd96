"""Decisions and actions under an agenda item: lines that can be worded anew, ticked, deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QLineEdit, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Option
from projectdesk.desktop.models.words import word
from projectdesk.desktop.pages.action_fields import (
    due_field,
    is_late,
    owner_fields,
    status_field,
)
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.theme import Tone, restyle
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.desktop.widgets.editors import (
    ChoiceEditor,
    DateEditor,
    LongTextEditor,
    NotAValue,
    mark_invalid,
)
from projectdesk.desktop.widgets.folded_form import FoldedForm, fold_button
from projectdesk.desktop.widgets.layout import button, column, icon_button, row, text
from projectdesk.domain.minutes import ActionStatus
from projectdesk.services.rows import ActionRow, DecisionRow

_LINE = 30


class GrowingText(LongTextEditor):
    """Text as high as what it holds; Enter is done, Shift+Enter a new line."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setProperty("look", "paper")
        self.setMinimumHeight(_LINE)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self.textChanged.connect(self._grow)
        self.set_value(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def _grow(self) -> None:
        lines = 0
        block = self.document().firstBlock()
        while block.isValid():
            self.document().documentLayout().blockBoundingRect(block)
            lines += max(1, block.layout().lineCount())
            block = block.next()
        wanted = max(_LINE, lines * self.fontMetrics().lineSpacing() + 14)
        if wanted != self.height():
            self.setFixedHeight(wanted)


class DecisionLine(QFrame):
    """One decision."""

    worded = Signal(object, str)
    delete_asked = Signal(object)

    def __init__(self, shown: DecisionRow) -> None:
        super().__init__()
        self._row = shown
        self._chip = Chip(shown.label, Tone.WARNING)
        self.words = GrowingText(shown.text)
        self.words.committed.connect(lambda: self.worded.emit(self._row, self.words.value()))
        drop = icon_button("trash-2", say("Delete"), lambda: self.delete_asked.emit(self._row))
        layout = row(_top(self._chip), self.words, _top(drop), spacing=SPACE_S)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.show_row(shown)

    def show_row(self, shown: DecisionRow) -> None:
        """Show the decision as it is now."""
        self._row = shown
        self._chip.set(shown.label, Tone.WARNING)
        self.words.set_value(shown.text)
        self.words.setAccessibleName(say("Decision {label}", label=shown.label))


class ActionLine(QFrame):
    """One action: ticked when done; who and by when under it, unfolded to be changed."""

    worded = Signal(object, str)
    ticked = Signal(object, bool)
    entered = Signal(object, str, object)
    """row, field, value"""
    delete_asked = Signal(object)

    def __init__(self, shown: ActionRow, today: date, choices: Choices) -> None:
        super().__init__()
        self._row = shown
        self._today = today
        self.tick = QCheckBox()
        self.tick.toggled.connect(lambda on: self.ticked.emit(self._row, on))
        self.words = GrowingText(shown.text)
        self.words.committed.connect(lambda: self.worded.emit(self._row, self.words.value()))
        self._facts = text("", "caption", wrap=True)
        self._facts.setIndent(SPACE_S)
        self.form = FoldedForm([owner_fields(choices), [due_field(), status_field()]])
        self.form.entered.connect(
            lambda name, value: self.entered.emit(self.form.seen(name) or self._row, name, value)
        )
        self.edit = fold_button(self.form)
        drop = icon_button("trash-2", say("Delete"), lambda: self.delete_asked.emit(self._row))
        top = row(
            _top(self.tick),
            column(self.words, self._facts, spacing=0),
            _top(self.edit),
            _top(drop),
            spacing=SPACE_S,
        )
        top.setStretch(1, 1)
        self.setLayout(column(top, self.form, spacing=SPACE_S))
        self.show_row(shown)

    @property
    def facts(self) -> str:
        """Number, who and by when, as they are told."""
        return self._facts.text()

    def show_row(self, shown: ActionRow) -> None:
        """Show the action as it is now."""
        self._row = shown
        self.tick.blockSignals(True)
        self.tick.setChecked(shown.status is ActionStatus.DONE)
        self.tick.blockSignals(False)
        self.tick.setAccessibleName(say("{label} is done", label=shown.label))
        self.words.set_value(shown.text)
        self.words.setAccessibleName(say("Action {label}", label=shown.label))
        due = say("due {day}", day=formats.day(shown.due_on)) if shown.due_on else ""
        dropped = word(shown.status) if shown.status is ActionStatus.DROPPED else ""
        parts = (shown.label, shown.owner, due, dropped)
        self._facts.setText(formats.joined(parts))
        self._facts.setProperty("look", "error" if is_late(shown, self._today) else "caption")
        restyle(self._facts)
        self.form.show_row(shown)


LineT = TypeVar("LineT", DecisionLine, ActionLine)


class RecordLines(QWidget, Generic[LineT]):
    """The lines of one agenda item; those that stay keep what somebody is doing in them."""

    def __init__(self, make: Callable[[Any], LineT]) -> None:
        super().__init__()
        self._make: Callable[[Any], LineT] = make
        self._item: object = None
        self._rows: list[Any] = []
        self.lines: list[LineT] = []
        self._box = column(spacing=SPACE_S)
        self.setLayout(self._box)
        self.hide()

    def show_rows(self, item: object, rows: list[Any]) -> None:
        """Show the records of an agenda item, in order."""
        if item != self._item or [r.id for r in rows] != [r.id for r in self._rows]:
            self._build(rows)
        elif rows != self._rows:
            for line, shown in zip(self.lines, rows, strict=True):
                line.show_row(shown)
        self._item, self._rows = item, rows

    def _build(self, rows: list[Any]) -> None:
        for line in self.lines:
            self._box.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = [self._make(shown) for shown in rows]
        for line in self.lines:
            self._box.addWidget(line)
        self.setVisible(bool(rows))  # an empty list would leave a gap of its own


def _top(widget: QWidget) -> QWidget:
    holder = QWidget()
    holder.setLayout(column(widget, None, margins=(0, SPACE_XS, 0, 0)))
    return holder


class NewDecision(QWidget):
    """A line to write a decision in; Enter writes it down."""

    written = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.field.setProperty("look", "well")
        self.field.setPlaceholderText(say("Write a decision and press Enter"))
        self.field.setAccessibleName(say("New decision"))
        self.field.returnPressed.connect(self._write)
        self.setLayout(row(self.field))

    def _write(self) -> None:
        words = self.field.text().strip()
        if words:
            self.field.clear()
            self.written.emit(words)


class NewAction(QWidget):
    """What, who and by when; Enter writes it down."""

    written = Signal(str, object, object)

    def __init__(self, people: Callable[[], list[Option]]) -> None:
        super().__init__()
        self.what = QLineEdit()
        self.what.setProperty("look", "well")
        self.what.setPlaceholderText(say("Write an action and press Enter"))
        self.what.setAccessibleName(say("New action"))
        self.who = ChoiceEditor(people)
        self.who.setAccessibleName(say("Who"))
        self.who.setMinimumWidth(150)
        self.due = DateEditor()
        self.due.setAccessibleName(say("Due"))
        self.due.setPlaceholderText(say("Due"))
        self.due.setMinimumWidth(130)
        self.due.setMaximumWidth(150)
        self.add = button(say("Add"), "", "plus", self._write)
        self.what.returnPressed.connect(self._write)
        facts = row(self.who, self.due, self.add, spacing=SPACE_S)
        facts.setStretch(0, 1)
        layout = column(self.what, facts, spacing=SPACE_S)
        layout.setContentsMargins(0, 0, 0, SPACE_M)
        self.setLayout(layout)

    def _write(self) -> None:
        words = self.what.text().strip()
        try:
            due = self.due.value()
        except NotAValue:
            mark_invalid(self.due, True)
            self.due.setFocus()
            return
        mark_invalid(self.due, False)
        if words:
            self.what.clear()
            self.written.emit(words, self.who.value(), due)
            self.what.setFocus()
