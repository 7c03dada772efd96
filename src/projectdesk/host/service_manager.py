"""What systemd wants to know of a service (`sd_notify(3)`): datagrams to the socket it names.

A few lines of socket code in place of a library; without `NOTIFY_SOCKET` nothing is sent.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Mapping

_log = logging.getLogger(__name__)


class ServiceManager:
    """The service manager that started us, if one did."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        """Make it. environment: the process's."""
        known = os.environ if environment is None else environment
        address = known.get("NOTIFY_SOCKET", "")
        # "@" stands for the zero byte of Linux's abstract names.
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._watchdog_s = _watchdog_seconds(known)

    @property
    def watchdog_seconds(self) -> float | None:
        """After how long without a sign of life we are ended; None = never."""
        return self._watchdog_s if self._address else None

    def ready(self, status: str = "") -> None:
        """Say that requests are answered, also again after a reload."""
        self._send("READY=1", f"STATUS={status}" if status else "")

    def reloading(self) -> None:
        """Say that the configuration is read again; `ready` says that it is done."""
        self._send("RELOADING=1")

    def stopping(self) -> None:
        """Say that the end has begun."""
        self._send("STOPPING=1", "STATUS=Ending: people are told, the journal is written.")

    def alive(self, status: str) -> None:
        """Give a sign of life."""
        self._send("WATCHDOG=1", f"STATUS={status}")

    async def keep_alive(self, status: Callable[[], str]) -> None:
        """Give signs of life from the event loop until cancelled; one that hangs gives none."""
        if self.watchdog_seconds is None:
            return
        while True:
            self.alive(status())
            await asyncio.sleep(self.watchdog_seconds / 3)

    def _send(self, *fields: str) -> None:
        if not self._address:
            return
        text = "\n".join(field for field in fields if field)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaking:
                speaking.connect(self._address)
                speaking.sendall(text.encode())
        except OSError as error:
            _log.warning("the service manager does not listen: %s", error.strerror)


def _watchdog_seconds(environment: Mapping[str, str]) -> float | None:
    wanted = environment.get("WATCHDOG_USEC", "")
    whose = environment.get("WATCHDOG_PID", "")
    if not wanted.isdecimal() or (whose and whose != str(os.getpid())):
        return None
    return int(wanted) / 1_000_000
