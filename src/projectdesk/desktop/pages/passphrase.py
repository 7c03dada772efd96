"""The passphrase that stands in for a keyring, asked for at each start (security.md)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.theme.tokens import CONTROL_HEIGHT, SPACE_S
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.layout import column, text

SHORTEST = 8
"""Fewest characters of a new passphrase."""


class PassphraseDialog(Dialog):
    """Asks for the passphrase; at the first time twice, so that a slip does not lock anybody out.

    entered: the passphrase. skipped: secrets are for this session only. Closing it is neither.
    """

    entered = Signal(str)
    skipped = Signal()

    def __init__(self, parent: QWidget | None, *, first: bool, problem: str = "") -> None:
        """Make it.

        Args:
            parent: the window.
            first: a new passphrase is chosen.
            problem: why it is asked again, "" = it is not.
        """
        if first:
            title = say("Choose a passphrase")
            sentence = say(
                "This computer has no key store that ProjectDesk can use. A passphrase, asked for "
                "at each start, protects the keys of your meeting links. If it is lost, links have "
                "to be sent again; nothing else is."
            )
        else:
            title = say("Enter your passphrase")
            sentence = say("It opens the keys of your meeting links.")
        super().__init__(parent, title, sentence)
        self._first = first
        self.field = self._secret_field(say("Passphrase"))
        self.add(column(text(say("Passphrase"), "label"), self.field, spacing=SPACE_S))
        if first:
            self.again = self._secret_field(say("Passphrase, once more"))
            label = text(say("Passphrase, once more"), "label")
            self.add(column(label, self.again, spacing=SPACE_S))
        self.add(
            text(
                say(
                    "Without it, links that were sent before stop working when their meeting is "
                    "started, and new ones end when ProjectDesk is closed."
                ),
                "muted",
                wrap=True,
            )
        )
        self.add_button(say("Go on without"), "", self._skip)
        self.add_button(say("Continue"), "primary", self.submit, default=True)
        self.show_problem(problem)
        self.field.setFocus()

    def submit(self) -> None:
        """Hand the passphrase over, or say what is wrong with it."""
        words = self.field.text()
        if not words:
            self.show_problem(say("Enter the passphrase."))
        elif self._first and len(words) < SHORTEST:
            self.show_problem(say("At least {count} characters, please.", count=SHORTEST))
        elif self._first and words != self.again.text():
            self.show_problem(say("The two are not the same."))
        else:
            self.entered.emit(words)
            self.accept()

    def _skip(self) -> None:
        self.skipped.emit()
        self.accept()

    def _secret_field(self, name: str) -> QLineEdit:
        field = QLineEdit()
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.setMinimumHeight(CONTROL_HEIGHT)
        field.setAccessibleName(name)
        return field
