"""Doubles: of the directory, to be merged; of an address book, to be chosen about."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QRadioButton, QStackedWidget, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.presenters.duplicates import DuplicatesPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.layout import column, plain, row, text
from projectdesk.desktop.widgets.merge_form import MergeForm, likeness_words
from projectdesk.desktop.widgets.pick_list import Pick, PickList
from projectdesk.services.duplicate_rows import DoubleChoice, DoubleRow, DuplicateRow
from projectdesk.services.duplicates import preferred
from projectdesk.services.rows import Kind

_LIST_WIDTH = 300


class DuplicatesDialog(Dialog):
    """Pairs that may be one, and for each whose values stay."""

    def __init__(self, parent: QWidget | None, session: Session, kind: Kind) -> None:
        """Find doubles.

        Args:
            parent: the window it belongs to.
            session: the outside.
            kind: PERSON or ORGANISATION.
        """
        people = kind is Kind.PERSON
        super().__init__(
            parent,
            say("Duplicate people") if people else say("Duplicate organisations"),
            say("Meetings, actions and seats of both belong to the one you keep.")
            if people
            else say("Partners and people of both belong to the one you keep."),
            width=860,
        )
        self.resize(900, 560)
        self._rows: list[DuplicateRow] = []
        self.list = PickList(None, say("Pairs that may be one"))
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.currentRowChanged.connect(self._show)
        self.form = MergeForm()
        self.keep_first = QRadioButton()
        self.keep_second = QRadioButton()
        keep = row(
            text(say("Keep"), "label"), self.keep_first, self.keep_second, None, spacing=SPACE_M
        )
        right = column(keep, self.form, spacing=SPACE_L)
        right.setStretch(1, 1)
        pairs = row(self.list, right, spacing=SPACE_L)
        pairs.setStretch(1, 1)
        empty = EmptyState(
            "circle-check",
            say("No duplicates"),
            say("No two have the same e-mail address or name.")
            if people
            else say("No two have the same PIC, VAT number or name."),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(plain(pairs))
        self._stack.addWidget(empty)
        self.add(self._stack)
        self.body.setStretch(0, 1)
        self.add_button(say("Close"), "", self.reject)
        self.apart = self.add_button(say("Keep separate"), "", self._set_apart)
        self.merge = self.add_button(say("Merge"), "primary", self._merge, default=True)
        self.presenter = DuplicatesPresenter(session, self, kind)
        self.finished.connect(self.presenter.close)
        self.presenter.activate()

    def show_pairs(self, rows: Sequence[DuplicateRow]) -> None:
        """Show the pairs that may be one, the surest first."""
        at = max(self.list.currentRow(), 0)
        self._rows = list(rows)
        self.list.show_picks(
            [
                Pick(
                    each.first,
                    each.second_detail or each.second,
                    likeness_words(each.likeness),
                    each,
                )
                for each in rows
            ]
        )
        self._stack.setCurrentIndex(0 if rows else 1)
        for made in (self.apart, self.merge):
            made.setEnabled(bool(rows))
        if rows:
            self.list.setCurrentRow(min(at, len(rows) - 1))
            self._show(self.list.currentRow())

    @property
    def current(self) -> DuplicateRow | None:
        """The pair that is shown."""
        at = self.list.currentRow()
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def _show(self, _at: int) -> None:
        pair = self.current
        if pair is None:
            return
        heads = pair.first, pair.second
        details = pair.first_detail, pair.second_detail
        taken = frozenset(each.name for each in pair.fields if preferred(each))
        self.form.show_pair(heads, details, pair.fields, taken)
        for radio, head, detail in zip(
            (self.keep_first, self.keep_second), heads, details, strict=True
        ):
            radio.setText(head if heads[0] != heads[1] else f"{head} ({detail or '–'})")
        self.keep_first.setChecked(True)

    def _set_apart(self) -> None:
        if self.current is not None:
            self.presenter.set_apart(self.current)

    def _merge(self) -> None:
        if self.current is not None:
            keep_second = self.keep_second.isChecked()
            self.presenter.merge(self.current, self.form.taken(), keep_second=keep_second)


class DoublesPane(QWidget):
    """The doubles of an address book: who is the same, and whose values stay."""

    changed = Signal()
    """Somebody is the same now, or no longer."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[DoubleRow] = []
        self._choices: dict[int, DoubleChoice] = {}
        self._showing = False
        self.list = PickList(None, say("People who may be here already"))
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.currentRowChanged.connect(self._show)
        self.form = MergeForm()
        self.form.changed.connect(self._note)
        self.same = QRadioButton(say("Same person: merge"))
        self.apart = QRadioButton(say("Keep separate"))
        self.same.toggled.connect(self._on_same)
        right = column(
            row(self.same, self.apart, None, spacing=SPACE_L), self.form, spacing=SPACE_L
        )
        right.setStretch(1, 1)
        pairs = row(self.list, right, spacing=SPACE_L)
        pairs.setStretch(1, 1)
        empty = EmptyState(
            "circle-check",
            say("No duplicates"),
            say("Nobody in this file is here already with something else said of them."),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(plain(pairs))
        self._stack.addWidget(empty)
        self.setLayout(column(self._stack, spacing=0))

    def show_doubles(self, rows: Sequence[DoubleRow]) -> None:
        """Show the doubles of a preview; what was chosen stays chosen."""
        at = max(self.list.currentRow(), 0)
        self._rows = list(rows)
        self.list.show_picks(
            [
                Pick(
                    each.there,
                    formats.joined((say("Row {row}", row=each.row), likeness_words(each.likeness))),
                    say("Merge") if self._same(each) else say("Separate"),
                    each,
                )
                for each in rows
            ]
        )
        self._stack.setCurrentIndex(0 if rows else 1)
        if rows:
            self.list.setCurrentRow(min(at, len(rows) - 1))
            self._show(self.list.currentRow())

    def choices(self) -> dict[int, DoubleChoice]:
        """Return what was chosen, by the row of the file."""
        return dict(self._choices)

    def title(self) -> str:
        """Return what the tab of these is called."""
        return say("Duplicates ({count})", count=len(self._rows))

    def _same(self, double: DoubleRow) -> bool:
        choice = self._choices.get(double.row)
        return choice.same if choice else double.same

    def _show(self, at: int) -> None:
        if not 0 <= at < len(self._rows):
            return
        double = self._rows[at]
        choice = self._choices.get(double.row)
        taken = frozenset(each.name for each in double.fields if preferred(each))
        self._showing = True
        self.form.show_pair(
            (say("Here: {name}", name=double.here), say("In the file: {name}", name=double.there)),
            (double.here_detail, double.there_detail),
            double.fields,
            choice.take | taken if choice else taken,
        )
        same = self._same(double)
        (self.same if same else self.apart).setChecked(True)
        self.form.set_open(same)
        self._showing = False

    def _note(self) -> None:
        at = self.list.currentRow()
        if self._showing or not 0 <= at < len(self._rows):
            return
        choice = DoubleChoice(self.same.isChecked(), self.form.taken())
        self._choices[self._rows[at].row] = choice

    def _on_same(self, on: bool) -> None:
        if self._showing:
            return
        self.form.set_open(on)
        self._note()
        self.changed.emit()
