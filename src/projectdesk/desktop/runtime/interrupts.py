"""Ctrl+C and the system's request to end, heard while Qt's loop runs.

Python runs a signal's handler only when it runs code, and Qt's loop is not Python: the signal
writes a byte to a socket (PEP 475's wakeup descriptor), which Qt's loop does see.
"""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier

_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)
)


class Interrupts(QObject):
    """Calls a function on the GUI thread when the process is asked to end."""

    def __init__(self, run: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._near, self._far = socket.socketpair()
        for end in (self._near, self._far):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._near.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_byte)
        self._before_descriptor = signal.set_wakeup_fd(
            self._far.fileno(), warn_on_full_buffer=False
        )
        self._before = {number: signal.signal(number, _nothing) for number in _SIGNALS}

    def remove(self) -> None:
        """Hear nothing more."""
        signal.set_wakeup_fd(self._before_descriptor)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._notifier.setEnabled(False)
        self._near.close()
        self._far.close()

    def _on_byte(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._near.recv(64)
        self._run()


def _nothing(number: int, frame: FrameType | None) -> None:
    """Only wake the loop: what is to be done is done there."""
