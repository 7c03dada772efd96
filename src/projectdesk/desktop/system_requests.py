"""What the system asks a running desktop to open: on macOS files and links come as events.

Elsewhere they come as words of a second start (`runtime.first_instance`).

May import: nothing of the project.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


def word_of(event: QFileOpenEvent) -> str:
    """Return what is to be opened as a word of the command line: a path, or a link."""
    return event.file() if event.url().isLocalFile() else event.url().toString()


class SystemApplication(QApplication):
    """The Qt application of the desktop.

    asked: what is to be opened, a list of one text. It may come before the data is open.
    """

    asked = Signal(list)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            self.asked.emit([word_of(event)])
            return True
        return super().event(event)
