"""What a place shows that has nothing yet: an icon, what to do next, and the way to do it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.badges import Icon
from projectdesk.desktop.widgets.layout import button, column, row, show_if, text

_TEXT_WIDTH = 420
_LEAST_WIDTH = 220


class EmptyState(QWidget):
    """An icon, a title, one sentence, the action that helps, and seldom another way."""

    acted = Signal()
    acted_otherwise = Signal()

    def __init__(
        self, icon: str, title: str, sentence: str, action: str = "", other: str = ""
    ) -> None:
        super().__init__()
        self._icon = Icon(icon, Tone.MUTED, 36)
        self._title = text(title, "heading", wrap=True)
        self._sentence = text(sentence, "muted", wrap=True)
        for label in (self._title, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.action = button(action, "primary", "", self.acted.emit)
        self.other = button(other, "quiet", "", self.acted_otherwise.emit)
        show_if(self.action, bool(action))
        show_if(self.other, bool(other))
        self._buttons = row(None, self.action, self.other, None)
        self.setLayout(
            column(
                None,
                row(None, self._icon, None),
                SPACE_S,
                row(None, self._title, None),
                row(None, self._sentence, None),
                SPACE_M,
                self._buttons,
                None,
                spacing=SPACE_S,
                margins=(SPACE_L, SPACE_XL, SPACE_L, SPACE_XL),
            )
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_WIDTH, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Use the room there is: narrower lines, buttons below one another, no picture."""
        room = self.width() - 2 * SPACE_L
        for label in (self._title, self._sentence):
            label.setFixedWidth(max(min(_TEXT_WIDTH, room), _LEAST_WIDTH - 2 * SPACE_L))
        shown = [each for each in (self.action, self.other) if not each.isHidden()]
        needed = sum(each.sizeHint().width() + SPACE_M for each in shown) - SPACE_M
        direction = QBoxLayout.Direction
        beside = needed <= room
        self._buttons.setDirection(direction.LeftToRight if beside else direction.TopToBottom)
        layout = self.layout()
        if layout is not None:
            self._icon.show()
            show_if(self._icon, layout.minimumHeightForWidth(self.width()) <= self.height())

    def say(self, icon: str, title: str, sentence: str, action: str = "", other: str = "") -> None:
        """Show another state."""
        self._icon.set(icon)
        self._title.setText(title)
        self._sentence.setText(sentence)
        self.action.setText(action)
        self.other.setText(other)
        show_if(self.action, bool(action))
        show_if(self.other, bool(other))
        self._fit()
