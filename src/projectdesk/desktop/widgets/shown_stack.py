"""Pages, one of which is shown; only that one says how much room it needs at least."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget, QWidget


class ShownStack(QStackedWidget):
    """As Qt's, but a page that is not shown takes no room: Qt asks for that of the widest one."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(self._changed)

    def minimumSizeHint(self) -> QSize:
        shown: QWidget | None = self.currentWidget()
        if shown is None:
            return QSize(0, 0)
        return shown.minimumSizeHint().expandedTo(shown.minimumSize())

    def _changed(self) -> None:
        self.updateGeometry()
