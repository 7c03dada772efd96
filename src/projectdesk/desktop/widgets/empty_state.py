"""What a place shows that has nothing yet: an icon, what to do next, and the way to do it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.badges import Icon
from projectdesk.desktop.widgets.layout import button, column, row, show_if, text

_TEXT_WIDTH = 420


class EmptyState(QWidget):
    """An icon, a title, one sentence, the action that helps, and seldom another way."""

    acted = Signal()
    acted_otherwise = Signal()

    def __init__(
        self, icon: str, title: str, sentence: str, action: str = "", other: str = ""
    ) -> None:
        super().__init__()
        self._icon = Icon(icon, Tone.MUTED, 36)
        self._title = text(title, "heading")
        self._sentence = text(sentence, "muted", wrap=True)
        self._sentence.setFixedWidth(_TEXT_WIDTH)
        for label in (self._title, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.action = button(action, "primary", "", self.acted.emit)
        self.other = button(other, "quiet", "", self.acted_otherwise.emit)
        show_if(self.action, bool(action))
        show_if(self.other, bool(other))
        self.setLayout(
            column(
                None,
                row(None, self._icon, None),
                SPACE_S,
                row(None, self._title, None),
                row(None, self._sentence, None),
                SPACE_M,
                row(None, self.action, self.other, None),
                None,
                spacing=SPACE_S,
                margins=(SPACE_L, SPACE_XL, SPACE_L, SPACE_XL),
            )
        )

    def say(self, icon: str, title: str, sentence: str, action: str = "", other: str = "") -> None:
        """Show another state."""
        self._icon.set(icon)
        self._title.setText(title)
        self._sentence.setText(sentence)
        self.action.setText(action)
        self.other.setText(other)
        show_if(self.action, bool(action))
        show_if(self.other, bool(other))
