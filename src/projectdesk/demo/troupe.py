"""The guests' process, as the demo's own process sees it: orders in, answers out, never blocking.

Where Chromium and the library that drives it are there, the guests are two browsers; else two
participants of aiortc that send and count real frames.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QProcess

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_END_MS = 10_000

Answer = dict[str, Any]


def chromium() -> str | None:
    """Return the Chromium that guests can use, or None."""
    if importlib.util.find_spec("playwright") is None:
        return None
    return next((path for name in _BROWSERS if (path := shutil.which(name))), None)


class Troupe(QObject):
    """Two guests in a process of their own. in_browser: they are real browsers."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        found = chromium()
        self.in_browser = found is not None
        module = "projectdesk.demo.guests" if found else "projectdesk.demo.robots"
        self._waiting: list[Callable[[Answer], None]] = []
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        self._process.readyReadStandardOutput.connect(self._on_output)
        self._process.start(sys.executable, ["-m", module, *([found] if found else [])])
        self._waiting.append(lambda _answer: None)

    def order(self, then: Callable[[Answer], None], **order: object) -> None:
        """Send an order; `then` gets its answer."""
        self._waiting.append(then)
        self._process.write((json.dumps(order) + "\n").encode("utf-8"))

    def end(self) -> None:
        """Send the guests home."""
        self._process.write(b'{"do": "quit"}\n')
        if not self._process.waitForFinished(_END_MS):
            self._process.kill()
            self._process.waitForFinished(_END_MS)

    def _on_output(self) -> None:
        while self._process.canReadLine():
            line = bytes(self._process.readLine().data())
            waiting = self._waiting.pop(0)
            waiting(json.loads(line))
