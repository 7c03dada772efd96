"""The demo's stage: a Qt application without a display, and waiting that never blocks it."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import (
    QCoreApplication,
    QEventLoop,
    QMessageLogContext,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QWidget

_log = logging.getLogger(__name__)
_POLL_MS = 50
_STDERR = 2
_LAYOUT_ROUNDS = 5


class DemoFailed(Exception):
    """Something did not happen in time; the text says what was waited for."""


def chromium_flags(camera: Path | None = None) -> str:
    """Return what QtWebEngine needs here: a fake camera, and no sandbox where root forbids it.

    camera: a Y4M file that it plays; None = Chromium's own moving pattern.
    """
    flags = [
        "--use-fake-device-for-media-stream",
        *([] if camera is None else [f"--use-file-for-fake-video-capture={camera}"]),
        "--autoplay-policy=no-user-gesture-required",
        "--disable-logging",
        "--log-level=3",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags += ["--no-sandbox", "--disable-gpu"]
    return " ".join(flags)


def prepare(camera: Path | None = None) -> None:
    """Set what must be set before Qt is imported for real: platform and the camera's stand-in."""
    if sys.platform == "linux" and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", chromium_flags(camera))


def wait(until: Callable[[], object], what: str, seconds: float = 30.0) -> None:
    """Let the application live until something is so.

    Args:
        until: asked 20 times a second; true ends the waiting.
        what: for the error's text.
        seconds: the longest wait.

    Raises:
        DemoFailed: it was not so in time.
    """
    deadline = time.monotonic() + seconds
    loop = QEventLoop()
    timer = QTimer()
    timer.setInterval(_POLL_MS)

    failures: list[Exception] = []
    looking = False

    def look() -> None:
        nonlocal looking
        if looking:
            return  # what is asked lets the application live, and so this timer too
        looking = True
        try:
            if until() or time.monotonic() > deadline:
                loop.quit()
        except Exception as error:  # raised below, where somebody can catch it
            failures.append(error)
            loop.quit()
        finally:
            looking = False

    timer.timeout.connect(look)
    timer.start()
    loop.exec()
    timer.stop()
    if failures:
        raise failures[0]
    if not until():
        raise DemoFailed(f"waited {seconds:.0f} s for {what}")


def pause(seconds: float) -> None:
    """Let the application live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


@contextmanager
def chatter_in(log: Path) -> Iterator[None]:
    """Send what is written to standard error into a file meanwhile, by children too.

    Sound and message systems that a machine does not have complain there, from inside libraries;
    it would hide what the demo says.
    """
    sys.stderr.flush()
    before = os.dup(_STDERR)
    with log.open("wb") as file:
        os.dup2(file.fileno(), _STDERR)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(before, _STDERR)
        os.close(before)


def picture(widget: QWidget, out: Path) -> None:
    """Write a picture of a window as it is, once what was just put in has found its place."""
    for _ in range(_LAYOUT_ROUNDS):
        QCoreApplication.processEvents()
    widget.grab().save(str(out))


def _to_log(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Put what Qt says into the log: on standard error it would hide what the demo says."""
    _log.info("Qt: %s", text)


def application() -> QApplication:
    """Return the application, making it with what WebEngine needs."""
    from PySide6.QtCore import Qt

    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    qInstallMessageHandler(_to_log)
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    return QApplication([sys.argv[0]])
