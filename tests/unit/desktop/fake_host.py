"""A host's two doors, in this process: HTTP that answers as told, and a console's socket."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
from PySide6.QtCore import QObject
from PySide6.QtNetwork import QHostAddress, QTcpServer, QTcpSocket
from PySide6.QtWebSockets import QWebSocket, QWebSocketServer

from projectdesk.desktop.runtime.host_client import HostAddress
from projectdesk.signalling import call

LOCAL = QHostAddress(QHostAddress.SpecialAddress.LocalHost)


@dataclass
class Asked:
    """One HTTP request."""

    line: str
    authorization: str
    body: bytes


@dataclass
class FakeHttp:
    """Answers every request with `status` and `body`, and keeps it."""

    status: int = 200
    body: bytes = b"{}"
    headers: str = ""
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = QTcpServer()
        self._server.newConnection.connect(self._on_connection)
        assert self._server.listen(LOCAL, 0)
        self._raw: dict[QTcpSocket, bytes] = {}

    @property
    def address(self) -> HostAddress:
        url = f"http://127.0.0.1:{self._server.serverPort()}"
        return HostAddress(url, "a-key", url)

    def close(self) -> None:
        self._server.close()

    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection()
        self._raw[socket] = b""
        socket.readyRead.connect(lambda: self._on_bytes(socket))

    def _on_bytes(self, socket: QTcpSocket) -> None:
        self._raw[socket] += bytes(socket.readAll().data())
        head, found, body = self._raw[socket].partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        fields = dict(line.lower().split(": ", 1) for line in lines[1:])
        if not found or len(body) < int(fields.get("content-length", 0)):
            return
        self._raw[socket] = b""
        self.asked.append(Asked(lines[0], fields.get("authorization", ""), body))
        length = f"{self.headers}Content-Length: {len(self.body)}\r\nConnection: close\r\n"
        socket.write(f"HTTP/1.1 {self.status} Word\r\n{length}\r\n".encode() + self.body)
        socket.disconnectFromHost()


class FakeConsole(QObject):
    """The socket of a room's console: keeps what the chair sends, says what a test says."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[call.ClientMessage] = []
        self.paths: list[str] = []
        self.keys: list[bytes] = []
        self._decoder = msgspec.json.Decoder(call.ClientMessage)
        self._sockets: list[QWebSocket] = []
        self._port = 0
        self._server = self._listen()

    @property
    def address(self) -> HostAddress:
        url = f"http://127.0.0.1:{self._port}"
        return HostAddress(url, "a-key", url)

    @property
    def greeted(self) -> int:
        """How often somebody said hello."""
        return sum(isinstance(message, call.Hello) for message in self.received)

    def say(self, *messages: call.HostMessage) -> None:
        for message in messages:
            self._sockets[-1].sendTextMessage(msgspec.json.encode(message).decode())

    def say_raw(self, text: str) -> None:
        self._sockets[-1].sendTextMessage(text)

    def die(self) -> None:
        """Close everything, as a host that was killed."""
        for socket in self._sockets:
            socket.abort()
            socket.deleteLater()
        self._sockets.clear()
        self._server.close()
        self._server.deleteLater()

    def revive(self) -> None:
        """Listen again where it was."""
        self._server = self._listen()

    def _listen(self) -> QWebSocketServer:
        server = QWebSocketServer("host", QWebSocketServer.SslMode.NonSecureMode)
        assert server.listen(LOCAL, self._port), server.errorString()
        self._port = server.serverPort()
        server.newConnection.connect(self._on_connection)
        return server

    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection()
        request = socket.request()
        self.paths.append(socket.requestUrl().path())
        self.keys.append(bytes(request.rawHeader("Authorization").data()))
        socket.textMessageReceived.connect(
            lambda text: self.received.append(self._decoder.decode(text.encode()))
        )
        self._sockets.append(socket)
