"""Dialogs, for short answers only; they never block the event loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLayout, QPushButton, QScrollArea, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.layout import (
    Piece,
    button,
    column,
    frame,
    hairline,
    plain,
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
        margins = (SPACE_XL, SPACE_M, SPACE_XL, SPACE_M)
        self._foot = frame("bar-foot", row(self.buttons, margins=margins))
        self._top = plain(top)
        self._top.setProperty("scroll", "true")
        self._scroll: QScrollArea | None = None
        layout = column(self._top, hairline(), self._foot, spacing=0)
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
            needed = min(self.heightForWidth(self.width()), self._room().height())
            self.resize(self.width(), max(self.height(), needed))

    @property
    def problem(self) -> str:
        """What is wrong, "" when nothing is."""
        return "" if self._problem.isHidden() else self._problem.text()

    def _close_gaps(self) -> None:
        """Become as low as the content, where nothing in it can use more height.

        Qt guesses the height of wrapped text for a narrower window; what is left would be shared
        out between lines that belong together.
        """
        grows = self.body.expandingDirections() & Qt.Orientation.Vertical
        needed = self.heightForWidth(self.width())
        if not grows and self._scroll is None and 0 < needed < self.height():
            self.resize(self.width(), needed)

    def _room(self) -> QSize:
        """Return the size that it can have: the screen's, or that of the window it belongs to."""
        room = self.screen().availableGeometry().size()
        parent = self.parentWidget()
        if parent is not None:
            room = room.expandedTo(parent.window().size())
        return room - QSize(0, _BESIDE_A_DIALOG)

    def _fit_the_screen(self) -> None:
        """Let what is over the buttons scroll where it is larger than the screen, as at 200 %."""
        room, least = self._room(), self.minimumSizeHint().expandedTo(self.minimumSize())
        layout = self.layout()
        if self._scroll is not None or layout is None:
            return
        wrapped = layout.totalMinimumHeightForWidth(self.width())
        if least.width() <= room.width() and max(least.height(), wrapped) <= room.height():
            return
        focused = self.focusWidget()
        self._scroll = QScrollArea()
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidgetResizable(True)
        layout.replaceWidget(self._top, self._scroll)
        self._scroll.setWidget(self._top)
        self._put_buttons_last(layout)
        if focused is not None:
            focused.setFocus()
        layout.activate()
        self.setMinimumWidth(min(self.minimumWidth(), room.width()))
        self.resize(self.size().boundedTo(room))

    def _put_buttons_last(self, layout: QLayout) -> None:
        """Let Tab come by the buttons after the content, which was put to the end of its way."""
        layout.removeWidget(self._foot)
        self._foot.setParent(None)
        layout.addWidget(self._foot)
        self._foot.show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit_the_screen()
        self.grow()  # Qt shows a window at two thirds of the screen's height at most
        self._close_gaps()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.reject()
        elif event.key() == Qt.Key.Key_F1:
            self._ask_help()
        else:
            super().keyPressEvent(event)

    def _ask_help(self) -> None:
        """Ask the window below for the guide: shortcuts of it are not heard under a dialog."""
        below = self.parentWidget()
        while below is not None:
            asked = getattr(below, "help_asked", None)
            if asked is not None:
                asked.emit()
                return
            below = below.parentWidget()


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
