"""The settings of how long things are kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models.fields import Option
from projectdesk.desktop.models.retention_words import (
    choices,
    days_words,
    erased_words,
    kept_hint,
    kept_words,
    waiting_words,
)
from projectdesk.desktop.presenters.retention import RetentionPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_XS
from projectdesk.desktop.widgets.choice_editors import ChoiceEditor
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.layout import button, column, plain, row, text
from projectdesk.domain.rules.retention import Kept
from projectdesk.services.erasing import Erased
from projectdesk.services.retention import Period

_WIDTH = 180


class PrivacyPane(QWidget):
    """A line for each thing that has a period, and the way to erase what is past it."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.presenter = RetentionPresenter(session, self)
        self.editors: dict[Kept, ChoiceEditor] = {}
        self._periods: dict[Kept, Period] = {}
        self._settled = text(
            say("What is grey was set by your organisation."), "caption", wrap=True
        )
        self._settled.hide()
        lines = column(spacing=SPACE_M)
        for kept in Kept:
            lines.addWidget(self._line(kept))
        sentence = say(
            "What is past its period is erased once a day, for good: there is no undo. Never "
            "erased are what was not collected or sent yet, and what belongs to a meeting whose "
            "minutes wait to be accepted."
        )
        erase = button(say("Erase now…"), "", "trash-2", self._ask)
        self.setLayout(
            column(
                text(sentence, "caption", wrap=True),
                self._settled,
                lines,
                plain(row(erase, None)),
                spacing=SPACE_L,
            )
        )

    def _line(self, kept: Kept) -> QWidget:
        editor = ChoiceEditor(partial(self._options, kept))
        editor.setAccessibleName(kept_words(kept.value))
        editor.setFixedWidth(_WIDTH)
        editor.setEnabled(False)
        editor.committed.connect(lambda: self.presenter.choose(kept, editor.value()))
        self.editors[kept] = editor
        words = column(
            text(kept_words(kept.value)),
            text(kept_hint(kept), "caption", wrap=True),
            spacing=SPACE_XS,
        )
        layout = row(words, editor, spacing=SPACE_L)
        layout.setStretch(0, 1)
        layout.setAlignment(editor, Qt.AlignmentFlag.AlignVCenter)
        return plain(layout)

    def _options(self, kept: Kept) -> list[Option]:
        found = self._periods.get(kept)
        return [] if found is None else choices(found)

    def show_periods(self, periods: Sequence[Period]) -> None:
        """Show how long each thing is kept; what a policy settled cannot be changed."""
        self._periods = {each.kept: each for each in periods}
        for kept, editor in self.editors.items():
            period = self._periods[kept]
            editor.load()
            editor.set_value(period.days)
            editor.setEnabled(not period.settled)
            words = say("At least {days}.", days=days_words(period.least))
            editor.setToolTip(say("Set by your organisation") if period.settled else words)
        self._settled.setVisible(any(each.settled for each in periods))

    def _ask(self) -> None:
        def counted(found: Sequence[Erased]) -> None:
            self.confirm(found)

        self.presenter.count(counted)

    def confirm(self, found: Sequence[Erased]) -> Dialog:
        """Show what would be erased, and ask."""
        dialog = Dialog(self.window(), say("Erase what is past its period?"))
        over, waiting = erased_words(found), waiting_words(found)
        dialog.add(text(over or say("Nothing is past its period."), wrap=True))
        if waiting:
            dialog.add(text(say("Still needed: {what}.", what=waiting), "caption", wrap=True))
        if not over:
            dialog.add_button(say("Close"), "primary", dialog.reject, default=True)
            dialog.open()
            return dialog

        def yes() -> None:
            dialog.accept()
            self.presenter.erase()

        dialog.add(text(say("This cannot be undone."), "caption"))
        dialog.add_button(say("Cancel"), "", dialog.reject, default=True)
        dialog.add_button(say("Erase"), "danger", yes)
        dialog.open()
        return dialog
