"""A row of controls above a list, which becomes two where it is too narrow for one.

Words are longer in other languages and in larger letters; a page that is made wider than its window
by its controls hides the most important of them, which stand at the end.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame

from projectdesk.desktop.theme.tokens import CONTROL_HEIGHT, SPACE_S
from projectdesk.desktop.widgets.layout import Piece, row

_ONE, _TWO = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom


class Toolbar(QFrame):
    """Controls: what stands before the first stretch, and what stands at the end."""

    def __init__(self, *pieces: Piece) -> None:
        """Make it of pieces as `row` takes them; the first None stands between both parts."""
        super().__init__()
        at = pieces.index(None) if None in pieces else len(pieces)
        self._start, self._end = row(*pieces[: at + 1]), row(*pieces[at + 1 :])
        self._both = QBoxLayout(_ONE)
        for part in (self._start, self._end):
            part.setSpacing(SPACE_S)
            self._both.addLayout(part)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.setSpacing(SPACE_S)
        self._both.setStretch(0, 1)
        self._both.setAlignment(self._end, Qt.AlignmentFlag.AlignRight)
        self.setLayout(self._both)

    @property
    def lines(self) -> int:
        """In how many rows the controls stand."""
        return 2 if self._both.direction() is _TWO else 1

    def minimumSizeHint(self) -> QSize:
        parts = [self._start.minimumSize().width(), self._end.minimumSize().width()]
        return QSize(max(parts), max(super().minimumSizeHint().height(), CONTROL_HEIGHT))

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(0, CONTROL_HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return handled

    def _arrange(self) -> None:
        ends = self._end.minimumSize().width()
        needed = self._start.minimumSize().width() + (ends + SPACE_S if ends else 0)
        wanted = _ONE if needed <= self.width() or not ends else _TWO
        if wanted is not self._both.direction():
            self._both.setDirection(wanted)
            self.updateGeometry()


def toolbar(*pieces: Piece) -> Toolbar:
    """Return a row of controls above a list."""
    return Toolbar(*pieces)
