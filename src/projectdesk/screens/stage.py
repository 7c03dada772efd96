"""A window over a database of its own, to be looked at."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTranslator
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QDialog

from projectdesk.catalogues import ENGLISH
from projectdesk.desktop import language
from projectdesk.desktop.preferences import Preferences
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.pool import Pool
from projectdesk.desktop.runtime.session import WorkspaceSession
from projectdesk.desktop.shell.shell import Shell
from projectdesk.desktop.theme import Scheme, theme, tokens
from projectdesk.desktop.workbench import Clock, Workbench
from projectdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
"""The present of every picture, so that two runs give the same pictures."""
_PATIENCE_SECONDS = 20.0


class Stage:
    """One open window. `settle` waits until everything asked for is shown."""

    def __init__(self, workspace: Workspace, data: Path, size: tuple[int, int]) -> None:
        self._pool = Pool()
        self.session = WorkspaceSession(workspace, self._pool)
        self.shell = Shell()
        self.shell.resize(*size)
        clock = Clock(lambda: NOW, lambda: NOW.replace(tzinfo=None))
        self.workbench = Workbench(self.shell, self.session, data, Preferences(), clock)
        self.workspace = workspace
        self.shell.show()
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is asked for any more and all is painted."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        quiet = 0
        while quiet < 3:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            quiet = quiet + 1 if self._pool.idle else 0
            if time.monotonic() > deadline:
                raise TimeoutError("the window does not come to rest")

    def go(self, place: Place, record: UUID | None = None, tab: str = "") -> None:
        """Go somewhere and wait until it is shown."""
        self.workbench.go(Route(place, record, tab))
        self.settle()
        self.shell.setFocus()

    def save(self, file: Path) -> None:
        """Save what is on the window: with an open dialog, the dialog over it."""
        self.settle()
        picture = self.shell.grab()
        for dialog in self.dialogs():
            painter = QPainter(picture)
            painter.fillRect(picture.rect(), QColor(0, 0, 0, 90))
            left = (self.shell.width() - dialog.width()) // 2
            top = max(0, (self.shell.height() - dialog.height()) // 2)
            painter.drawPixmap(left, top, dialog.grab())
            painter.setPen(QColor(tokens().line_strong))  # the frame that a desktop draws
            painter.drawRect(left - 1, top - 1, dialog.width() + 1, dialog.height() + 1)
            painter.end()
        picture.save(str(file))

    def dialogs(self) -> Sequence[QDialog]:
        """Return the open dialogs."""
        found = self.shell.findChildren(QDialog)
        return [dialog for dialog in found if dialog.isVisible()]

    def close_dialogs(self) -> None:
        """Close the open dialogs."""
        for dialog in self.dialogs():
            dialog.reject()
        self.settle()

    def close_bars(self) -> None:
        """Take away the lines below the top bar."""
        for bar in self.shell.bars:
            bar.hide()

    def close(self) -> None:
        """Close the window and the data."""
        self.close_dialogs()
        self.workbench.close()
        self.session.close()
        self.shell.close()
        self.shell.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@contextmanager
def spoken(application: QApplication, wanted: str) -> Iterator[None]:
    """Let the application speak a language for a while."""
    translators: list[QTranslator] = language.install(application, wanted)
    try:
        yield
    finally:
        for translator in translators:
            application.removeTranslator(translator)
        language.install(application, ENGLISH)


def dress(scheme: Scheme) -> None:
    """Dress the application."""
    theme().apply(scheme)
