"""When a bug gets through: log it whole, show it once, lose nothing.

May import: language, widgets, theme.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.layout import text

_log = logging.getLogger("projectdesk.crash")
_DETAILS_HEIGHT = 160


class CrashDialog(Dialog):
    """Says what happened, that the data is safe, and where the log is."""

    def __init__(self, parent: QWidget | None, details: str, log: Path) -> None:
        super().__init__(
            parent,
            say("Something went wrong in ProjectDesk"),
            say(
                "What you had saved is safe: every change is written when you make it. You can go "
                "on working; if it looks odd, start the program again."
            ),
            width=620,
        )
        shown = QPlainTextEdit(details)
        shown.setAccessibleName(say("Details"))
        shown.setReadOnly(True)
        shown.setFixedHeight(_DETAILS_HEIGHT)
        where = text(
            say("The whole story is in the log: {file}", file=str(log)), "caption", wrap=True
        )
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.add(shown, where)
        self.add_button(say("Copy"), "", lambda: QGuiApplication.clipboard().setText(details))
        self.add_button(
            say("Open log folder"),
            "",
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(log.parent))),
        )
        self.add_button(say("Go on"), "primary", self.accept, default=True)


class CrashGuard(QObject):
    """Catches what nobody caught, on any thread, and shows the first of it."""

    _caught = Signal(str)

    def __init__(self, log: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log_file = log
        self._shown: CrashDialog | None = None
        self._before: Callable[..., object] = sys.excepthook
        self._before_thread = threading.excepthook
        self._caught.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Begin to catch."""
        sys.excepthook = self._on_error
        threading.excepthook = self._on_thread_error

    def remove(self) -> None:
        """Let others catch again."""
        sys.excepthook = self._before
        threading.excepthook = self._before_thread

    @property
    def dialog(self) -> CrashDialog | None:
        """The dialog that is shown, if one is."""
        return self._shown

    def _on_error(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        _log.critical("bug", exc_info=(kind, error, trace))
        self._caught.emit("".join(traceback.format_exception(kind, error, trace)))

    def _on_thread_error(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._on_error(args.exc_type, args.exc_value, args.exc_traceback)

    def _show(self, details: str) -> None:
        if self._shown is not None:
            return  # one at a time: a bug in painting would bury the screen
        self._shown = CrashDialog(QApplication.activeWindow(), details, self._log_file)
        self._shown.finished.connect(self._on_closed)
        self._shown.open()

    def _on_closed(self) -> None:
        self._shown = None
