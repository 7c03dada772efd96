"""A look now and then: the first soon after the start, the others further apart."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Rounds(QTimer):
    """Calls `look` after `first_ms`, then every `every_ms`, from `begin` until `stop`."""

    def __init__(
        self, look: Callable[[], object], first_ms: int, every_ms: int, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._first_ms = first_ms
        self._every_ms = every_ms
        self.timeout.connect(self._further_apart)
        self.timeout.connect(look)

    def begin(self) -> None:
        """Begin, or begin anew."""
        self.start(self._first_ms)

    def _further_apart(self) -> None:
        if self.interval() != self._every_ms:
            self.setInterval(self._every_ms)
