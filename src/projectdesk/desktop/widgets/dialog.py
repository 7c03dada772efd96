"""Dialogs, for short answers only; they never block the event loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLayout, QPushButton, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.layout import (
    Piece,
    button,
    column,
    frame,
    hairline,
    row,
    show_if,
    text,
)

_BESIDE_A_DIALOG = 48
"""Pixels of a screen's height that no dialog takes: its own frame, and a rest of the window."""


class Dialog(QDialog):
    """Title, content, and buttons at the bottom right; deleted when closed."""

    def __init__(
        self, parent: QWidget | None, title: str, sentence: str = "", *, width: int = 480
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(width)
        heading = text(title, "title", wrap=True)
        self._sentence = text(sentence, "muted", wrap=True)
        show_if(self._sentence, bool(sentence))
        self._problem = text("", "error", wrap=True)
        self._problem.hide()
        self.body = column(spacing=SPACE_L)
        self.buttons: QHBoxLayout = row(spacing=SPACE_S)
        self.buttons.addStretch(1)
        top = column(
            column(heading, self._sentence, spacing=SPACE_S),
            self.body,
            self._problem,
            spacing=SPACE_L,
            margins=(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_L),
        )
        top.setStretch(1, 1)
        foot = frame("bar-foot", row(self.buttons, margins=(SPACE_XL, SPACE_M, SPACE_XL, SPACE_M)))
        layout = column(top, hairline(), foot, spacing=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def add(self, *pieces: Piece) -> None:
        """Put pieces into the body."""
        for piece in pieces:
            if isinstance(piece, QWidget):
                self.body.addWidget(piece)
            elif isinstance(piece, QLayout):
                self.body.addLayout(piece)
            elif isinstance(piece, int):
                self.body.addSpacing(piece)
            else:
                self.body.addStretch(1)

    def add_button(
        self, words: str, role: str, run: Callable[[], object], *, default: bool = False
    ) -> QPushButton:
        """Add a button at the right of those there are."""
        made = button(words, role, "", run)
        made.setAutoDefault(default)
        made.setDefault(default)
        self.buttons.addWidget(made)
        return made

    def show_problem(self, words: str) -> None:
        """Say what is wrong; "" = nothing."""
        self._problem.setText(words)
        show_if(self._problem, bool(words))
        self.grow()

    def grow(self) -> None:
        """Become as high as the content needs at this width, now that there is more of it."""
        if self.isVisible():
            most = self.screen().availableGeometry().height() - _BESIDE_A_DIALOG
            needed = min(self.heightForWidth(self.width()), most)
            self.resize(self.width(), max(self.height(), needed))

    @property
    def problem(self) -> str:
        """What is wrong, "" when nothing is."""
        return "" if self._problem.isHidden() else self._problem.text()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.grow()  # Qt shows a window at two thirds of the screen's height at most

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.reject()
        else:
            super().keyPressEvent(event)


def confirm_deletion(
    parent: QWidget, what: str, also: Sequence[str], run: Callable[[], object]
) -> Dialog:
    """Ask whether `also` may go with `what`; then `run`."""
    return confirm(
        parent,
        say("Delete {what}?", what=what),
        say("This goes with it. You can undo it."),
        say("Delete"),
        run,
        details=also,
    )


def confirm(
    parent: QWidget,
    title: str,
    sentence: str,
    action: str,
    run: Callable[[], object],
    *,
    details: Sequence[str] = (),
) -> Dialog:
    """Ask before something that touches more than is seen; `run` after a yes."""
    dialog = Dialog(parent, title, sentence)
    for line in details:
        dialog.add(text(f"•  {line}"))

    def yes() -> None:
        dialog.accept()
        run()

    dialog.add_button(say("Cancel"), "", dialog.reject)
    dialog.add_button(action, "primary", yes, default=True)
    dialog.open()
    return dialog
