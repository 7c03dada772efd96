"""A few words beside a cell of a table that says no to what was typed."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QFrame, QWidget

from projectdesk.desktop.theme.tokens import SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.layout import row, text

_WIDTH = 320


class CellBubble(QFrame):
    """Hangs below a cell, above it where there is no room; announced to screen readers."""

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self.setProperty("surface", "toast")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._words = text("", wrap=True)
        self.setLayout(row(self._words, margins=(SPACE_S, SPACE_XS, SPACE_S, SPACE_XS)))
        self.hide()

    @property
    def words(self) -> str:
        """What is said, "" when nothing is."""
        return "" if self.isHidden() else self._words.text()

    def tell(self, words: str, cell: QRect) -> None:
        """Say `words` beside a cell, given in the viewport."""
        self._words.setText(words)
        self.setAccessibleName(words)
        self.place(cell)
        self.show()
        self.raise_()

    def place(self, cell: QRect) -> None:
        """Follow the cell."""
        ground = self.parentWidget()
        if ground is None:
            return
        self.ensurePolished()
        width = min(_WIDTH, max(ground.width() - 2 * SPACE_S, 80))
        self.setFixedWidth(width)
        height = max(self.heightForWidth(width), self.minimumSizeHint().height())
        self.resize(width, height)
        left = max(SPACE_S, min(cell.left(), ground.width() - width - SPACE_S))
        below = cell.bottom() + SPACE_XS
        fits = below + height <= ground.height()
        self.move(left, below if fits else max(0, cell.top() - height - SPACE_XS))
