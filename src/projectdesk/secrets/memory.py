"""Secrets that last as long as the process: tests, and a desktop without a keyring."""

from __future__ import annotations

import threading


class MemorySecrets:
    """Keeps secrets in memory. durable: False, so that the desktop can say what that means."""

    durable = False

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[str, str] = {}

    def read(self, name: str) -> str | None:
        """Return the secret, or None if there is none."""
        with self._lock:
            return self._values.get(name)

    def write(self, name: str, value: str) -> None:
        """Keep a secret until the process ends."""
        with self._lock:
            self._values[name] = value

    def delete(self, name: str) -> None:
        """Forget a secret. Idempotent."""
        with self._lock:
            self._values.pop(name, None)
