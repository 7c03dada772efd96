"""The pages in the window: what needs more room than the window has scrolls."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea

from projectdesk.desktop.widgets.shown_stack import ShownStack


class PageArea(QScrollArea):
    """Gives the pages the window's room, or what the one shown needs at least.

    Qt's own way (`widgetResizable`) would give them the height that the longest of all pages
    likes best at this width, and scroll where nothing is cut off.
    """

    def __init__(self, pages: ShownStack) -> None:
        super().__init__()
        self._pages = pages
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(pages)
        pages.installEventFilter(self)
        pages.currentChanged.connect(lambda _: self._fit())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._pages and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        least, room = self._pages.minimumSizeHint(), self.maximumViewportSize()
        if least.height() > room.height():
            room.setWidth(room.width() - self.verticalScrollBar().sizeHint().width())
        if least.width() > room.width():
            room.setHeight(room.height() - self.horizontalScrollBar().sizeHint().height())
        self._pages.resize(room.expandedTo(least))
