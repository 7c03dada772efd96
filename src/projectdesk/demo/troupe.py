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
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess

from projectdesk.demo import stage

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ),
    "win32": (
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    ),
}
_END_MS = 10_000
_PATIENCE_S = 60

Answer = dict[str, Any]


def chromium() -> str | None:
    """Return the Chromium that guests can use, or None."""
    if importlib.util.find_spec("playwright") is None:
        return None
    on_path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    places = _PLACES.get(sys.platform, ())
    return on_path or next((place for place in places if Path(place).is_file()), None)


class Troupe(QObject):
    """Two guests in a process of their own. in_browser: they are real browsers."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        found = chromium()
        self.in_browser = found is not None
        module = "projectdesk.demo.guests" if found else "projectdesk.demo.robots"
        self._waiting: list[Callable[[Answer], None]] = [lambda _ready: None]
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        self._process.readyReadStandardOutput.connect(self._on_output)
        self._process.finished.connect(self._on_finished)
        self._process.start(sys.executable, ["-m", module, *([found] if found else [])])

    def carry_out(self, **order: object) -> Answer:
        """Send an order and let the application live until it is carried out.

        Raises:
            stage.DemoFailed: it was not, with what the guest said.
        """
        answers: list[Answer] = []
        if self._process.state() == QProcess.ProcessState.NotRunning:
            raise stage.DemoFailed("the guests' process ended")
        self._waiting.append(answers.append)
        self._process.write((json.dumps(order) + "\n").encode("utf-8"))
        stage.wait(lambda: answers, f"a guest to {order['do']}", _PATIENCE_S)
        if not answers[0].get("ok"):
            raise stage.DemoFailed(f"{order['do']}: {answers[0].get('text')}")
        return answers[0]

    def end(self) -> None:
        """Send the guests home. Idempotent."""
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.write(b'{"do": "quit"}\n')
            self._process.closeWriteChannel()
            if not self._process.waitForFinished(_END_MS):
                self._process.kill()
                self._process.waitForFinished(_END_MS)
        self.deleteLater()

    def _on_output(self) -> None:
        while self._process.canReadLine():
            line = bytes(self._process.readLine().data())
            self._waiting.pop(0)(json.loads(line))

    def _on_finished(self) -> None:
        """Answer who still waits: nothing more comes."""
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            one({"ok": False, "text": "the guests' process ended"})
