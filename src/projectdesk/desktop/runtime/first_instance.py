"""One desktop for each data folder: a second start brings the first one to the front.

What the second was asked to open, files and links, is handed over to the first. They talk over a
local socket that only this user can open, one line of JSON each way.

May import: nothing of the project.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE_MS: Final = 2_000
_MAX_LINE: Final = 64_000
_MAX_WORDS: Final = 100
_TAKEN: Final = b"taken\n"


def channel_name(data: Path) -> str:
    """Return the name of a data folder's channel: short, as sockets' names must be."""
    return f"projectdesk-{hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:20]}"


def hand_over(data: Path, words: Sequence[str]) -> bool:
    """Tell the desktop that has a data folder open what to open; False if none answers.

    Args:
        data: the folder.
        words: paths and links; none = only come to the front.
    """
    socket = QLocalSocket()
    socket.connectToServer(channel_name(data))
    if not socket.waitForConnected(_PATIENCE_MS):
        return False
    socket.write(json.dumps(list(words)).encode() + b"\n")
    socket.flush()
    taken = b""
    while not taken.endswith(b"\n") and socket.waitForReadyRead(_PATIENCE_MS):
        taken += bytes(socket.readAll().data())
    socket.disconnectFromServer()
    return taken == _TAKEN


class FirstInstance(QObject):
    """Listens for later starts.

    asked: what one of them was to open, a list of texts; empty = only come to the front.
    """

    asked = Signal(list)

    def __init__(self, data: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        name = channel_name(data)
        # Whoever listens here holds the folder's lock: a socket that is left is of a killed one.
        QLocalServer.removeServer(name)
        self._server.listen(name)

    def stop(self) -> None:
        """Listen no more. Idempotent."""
        self._server.close()

    def _greet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            socket.disconnected.connect(socket.deleteLater)
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > _MAX_LINE:
                socket.abort()
            return
        words = _words(bytes(socket.readLine(_MAX_LINE).data()))
        if words is None:
            socket.abort()
            return
        socket.write(_TAKEN)
        socket.flush()
        self.asked.emit(words)


def _words(line: bytes) -> list[str] | None:
    """Return what a line asks for, None if it is none of ours."""
    try:
        found = json.loads(line)
    except ValueError:
        return None
    if not isinstance(found, list) or len(found) > _MAX_WORDS:
        return None
    return found if all(isinstance(word, str) for word in found) else None
