"""Which port the host of this computer listens on: the one it had before, so that links stay valid.

A personal link holds the port. A host that ends (ten minutes without use, a crash, a restart of the
computer) and came back at another port would turn every link that was handed out into a dead one.
"""

from __future__ import annotations

import logging
import secrets
from pathlib import Path
from typing import Final

from PySide6.QtNetwork import QHostAddress, QTcpServer

from projectdesk.folders import write_whole

_log = logging.getLogger(__name__)
FIRST: Final = 20_000
LAST: Final = 29_999
"""Where a new port is looked for: below the ports that systems hand to outgoing connections."""
_ATTEMPTS = 20
_HIGHEST = 65_535


def port_file(folder: Path) -> Path:
    """Return the file of the host's folder that holds its port."""
    return folder / "port"


def kept_port(folder: Path) -> int | None:
    """Return the port that links of this host hold, or None before the first."""
    try:
        port = int(port_file(folder).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return port if 0 < port <= _HIGHEST else None


def keep_port(folder: Path, port: int) -> None:
    """Remember where the host listens. A folder that cannot be written costs the memory only."""
    if port <= 0 or kept_port(folder) == port:
        return
    try:
        write_whole(port_file(folder), f"{port}\n")
    except OSError as error:
        _log.warning("the host's port is not remembered: %s", error)


def is_free(port: int) -> bool:
    """Tell whether this computer can listen on a port of the loopback address."""
    probe = QTcpServer()
    try:
        return probe.listen(QHostAddress(QHostAddress.SpecialAddress.LocalHost), port)
    finally:
        probe.close()


def choose_port(folder: Path) -> int:
    """Return the port to start a host on: the remembered one if it is free, else a new one.

    0, any port of the system's choice, where none of twenty is free.
    """
    kept = kept_port(folder)
    if kept is not None and is_free(kept):
        return kept
    for _ in range(_ATTEMPTS):
        port = FIRST + secrets.randbelow(LAST - FIRST + 1)
        if is_free(port):
            return port
    return 0
