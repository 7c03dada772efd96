"""Progress of long work, with the way to stop it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S
from projectdesk.desktop.widgets.layout import button, column, row, show_if, text


class ProgressPanel(QWidget):
    """What is being done, how far it is, and Cancel."""

    cancelled = Signal()

    def __init__(self, words: str = "", *, cancellable: bool = True) -> None:
        super().__init__()
        self._words = text(words, "strong")
        self._count = text("", "caption")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self.cancel = button(say("Cancel"), "", "", self._on_cancel)
        show_if(self.cancel, cancellable)
        self.setLayout(
            column(
                row(self._words, None, self._count),
                self._bar,
                row(None, self.cancel),
                spacing=SPACE_M,
                margins=(0, SPACE_S, 0, SPACE_S),
            )
        )

    def start(self, words: str) -> None:
        """Begin: how far it is is not known yet."""
        self._words.setText(words)
        self._count.setText("")
        self._bar.setRange(0, 0)
        self.cancel.setEnabled(True)

    def advance(self, done: int, total: int) -> None:
        """Show that `done` of `total` steps are done; total 0 = not known."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._count.setText(say("{done} of {total}", done=done, total=total) if total else "")

    def _on_cancel(self) -> None:
        self.cancel.setEnabled(False)
        self._words.setText(say("Stopping…"))
        self.cancelled.emit()
