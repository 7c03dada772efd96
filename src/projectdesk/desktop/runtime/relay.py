"""Carries a word from any thread to the GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal


class Relay(QObject):
    """Calls a function on the thread that made the relay, whoever posts."""

    _posted = Signal(object)

    def __init__(self, receive: Callable[[object], None]) -> None:
        super().__init__()
        self._receive: Callable[[object], None] | None = receive
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def post(self, word: object) -> None:
        """Send `word`; returns at once. Callable from any thread."""
        self._posted.emit(word)

    def stop(self) -> None:
        """Deliver nothing more."""
        self._receive = None

    def _deliver(self, word: object) -> None:
        if self._receive is not None:
            self._receive(word)
