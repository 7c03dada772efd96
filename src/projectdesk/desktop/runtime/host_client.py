"""The desktop's side of `/api/v1`: requests and the console's socket, by Qt's own network classes.

Everything happens on the GUI thread without blocking it; answers come by callback, messages by
signal. A refusal of the host comes as `HostRefused` with its code, silence as `EnvironmentFailure`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from PySide6.QtCore import QByteArray, QFile, QIODevice, QObject, QTimer, QUrl, Signal
from PySide6.QtNetwork import (
    QNetworkReply,
    QNetworkRequest,
    QSslCertificate,
    QSslConfiguration,
)
from PySide6.QtWebSockets import QWebSocket

from projectdesk.desktop.language import say_error
from projectdesk.desktop.runtime import network
from projectdesk.errors import EnvironmentFailure, ProjectDeskError, RemoteProtocolError
from projectdesk.signalling import VERSION, call

T = TypeVar("T")
_log = logging.getLogger(__name__)
_TIMEOUT_MS = 10_000
_RETRY_FIRST_MS = 500
_RETRY_LAST_MS = 5_000
_PING_MS = 15_000
_UNAUTHORISED = 401
_NO_CONTENT = 204
_SENT_ON = 307


class HostRefused(RemoteProtocolError):
    """The host said no; `code` and `text` are its own."""


@dataclass(frozen=True)
class HostAddress:
    """Where a host is. url: base of its API without trailing slash; key: our API key there.

    public_url: what personal links point to. authority: PEM of the only certificate authority that
    is trusted for it; "" = the system's.
    """

    url: str
    key: str
    public_url: str
    authority: str = ""


def header(key: str) -> bytes:
    """Return the value of the Authorization header for an API key."""
    return f"Bearer {key}".encode("ascii")


def _hear(
    reply: QNetworkReply,
    reply_type: type[T],
    then: Callable[[T], None],
    failed: Callable[[ProjectDeskError], None],
) -> None:
    try:
        answer = answer_of(reply, reply_type)
    except ProjectDeskError as error:
        failed(error)
    else:
        then(answer)


class HostClient(QObject):
    """Asks one host. Drop it (`deleteLater`) to drop what is under way."""

    def __init__(self, address: HostAddress, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.address = address
        self._network = network.manager(self)
        self._network.setTransferTimeout(_TIMEOUT_MS)
        self._network.setRedirectPolicy(QNetworkRequest.RedirectPolicy.ManualRedirectPolicy)
        self._nodes: dict[str, str] = {}

    def ask(
        self,
        method: str,
        path: str,
        reply_type: type[T],
        then: Callable[[T], None],
        failed: Callable[[ProjectDeskError], None],
        body: msgspec.Struct | None = None,
    ) -> None:
        """Send one request.

        Args:
            method: "GET", "PUT", "POST" or "DELETE".
            path: from the root, e.g. "/api/v1/host".
            reply_type: the struct of the answer; `type(None)` where there is none.
            then: gets the answer.
            failed: gets HostRefused or EnvironmentFailure ("host_unreachable").
            body: the struct to send as JSON.
        """
        room = _room_of(path)
        base = self._nodes.get(room, self.address.url)
        request = self._request(base + path, "application/json")
        data = QByteArray(msgspec.json.encode(body) if body is not None else b"")

        def send() -> None:
            network.take_way(self._network, request.url())
            reply = self._network.sendCustomRequest(request, method.encode("ascii"), data)
            reply.finished.connect(lambda: finished(reply))

        def finished(reply: QNetworkReply) -> None:
            reply.deleteLater()
            node = _named_node(reply)
            if room and node and node != base and QUrl(node).scheme() == QUrl(base).scheme():
                self._nodes[room] = node
                self.ask(method, path, reply_type, then, failed, body)
                return
            _hear(reply, reply_type, then, failed)

        network.when_known(request.url(), self, send, failed)

    def put_file(
        self,
        path: str,
        file: Path,
        reply_type: type[T],
        then: Callable[[T], None],
        failed: Callable[[ProjectDeskError], None],
    ) -> None:
        """Send the content of a file, read as it goes out.

        Args:
            path: from the root.
            file: on this computer.
            reply_type: the struct of the answer.
            then: gets the answer.
            failed: gets HostRefused or EnvironmentFailure ("host_unreachable", "file_not_read").
        """
        content = QFile(str(file), self)
        if not content.open(QIODevice.OpenModeFlag.ReadOnly):
            failed(
                EnvironmentFailure(
                    "file_not_read",
                    "{name} cannot be read ({reason}).",
                    name=file.name,
                    reason=content.errorString(),
                )
            )
            return
        request = self._request(self.address.url + path, "application/octet-stream")
        request.setHeader(QNetworkRequest.KnownHeaders.ContentLengthHeader, content.size())

        def send() -> None:
            network.take_way(self._network, request.url())
            reply = self._network.put(request, content)
            reply.finished.connect(lambda: finished(reply))

        def finished(reply: QNetworkReply) -> None:
            reply.deleteLater()
            content.deleteLater()
            _hear(reply, reply_type, then, failed)

        def no_way(error: ProjectDeskError) -> None:
            content.deleteLater()
            failed(error)

        network.when_known(request.url(), self, send, no_way)

    def _request(self, url: str, kind: str) -> QNetworkRequest:
        """Return a request with the host's trust and key. kind: media type of what it sends."""
        request = QNetworkRequest(QUrl(url))
        request.setSslConfiguration(trust(self.address))
        request.setRawHeader(b"Authorization", header(self.address.key))
        request.setHeader(QNetworkRequest.KnownHeaders.ContentTypeHeader, kind)
        return request

    def console(self, room: str, seat: str = "") -> ConsoleLink:
        """Return a link to a room's console; it connects when `open` is called.

        seat: id of the invitation of who sits at it, "" = not invited.
        """
        return ConsoleLink(self.address, room, self, seat=seat)

    def located(self, room: str) -> HostAddress:
        """Return where a room is: at the server's address, or at one of its nodes' own."""
        node = self._nodes.get(room)
        return self.address if node is None else replace(self.address, url=node)


def trust(address: HostAddress) -> QSslConfiguration:
    """Return whose certificates are believed for a host."""
    configuration = QSslConfiguration.defaultConfiguration()
    if address.authority:
        known = QSslCertificate.fromData(QByteArray(address.authority.encode("ascii")))
        configuration.setCaCertificates(known)
    return configuration


def _room_of(path: str) -> str:
    """Return the room that a path of the API is about, or ""."""
    before, found, rest = path.partition("/api/v1/rooms/")
    return rest.partition("/")[0].partition("?")[0] if found and not before else ""


def _named_node(reply: QNetworkReply) -> str:
    """Return the address of the node that has the room, where this one sent us on."""
    status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
    if status != _SENT_ON:
        return ""
    target = reply.attribute(QNetworkRequest.Attribute.RedirectionTargetAttribute)
    if not isinstance(target, QUrl) or not target.isValid() or target.isRelative():
        return ""
    node = QUrl()
    node.setScheme(target.scheme())
    node.setHost(target.host())
    node.setPort(target.port())
    return node.toString()


def answer_of(reply: QNetworkReply, reply_type: type[T]) -> T:
    """Return what a host answered.

    Raises:
        EnvironmentFailure: `host_unreachable`.
        RemoteProtocolError: HostRefused, or `host_answer_unknown`.
    """
    status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
    raw = bytes(reply.readAll().data()) if reply.isOpen() else b""  # given up: it is closed
    if (problem := network.proxy_failure(reply)) is not None:
        raise problem
    if status is None:
        raise EnvironmentFailure(
            "host_unreachable",
            "The meeting host does not answer ({reason}). Your data is safe; try again.",
            reason=reply.errorString(),
        )
    if not 200 <= int(status) < 300:
        raise _refusal(int(status), raw)
    if int(status) == _NO_CONTENT or reply_type is type(None):
        return None  # type: ignore[return-value]
    try:
        return msgspec.json.decode(raw, type=reply_type)
    except msgspec.MsgspecError as error:
        raise RemoteProtocolError(
            "host_answer_unknown",
            "The host's answer is of another version. Update the older of desktop and host.",
        ) from error


def _refusal(status: int, raw: bytes) -> ProjectDeskError:
    try:
        problem = msgspec.json.decode(raw, type=call.Problem)
    except msgspec.MsgspecError:
        code = "key_refused" if status == _UNAUTHORISED else "host_refused"
        return HostRefused(code, "The host refused the request (HTTP {status}).", status=status)
    return HostRefused.told(problem.code, problem.text)


def _console_request(address: HostAddress, room: str) -> QNetworkRequest:
    base = address.url.replace("http", "ws", 1)
    request = QNetworkRequest(QUrl(f"{base}/api/v1/rooms/{room}/console"))
    request.setRawHeader(b"Authorization", header(address.key))
    return request


class ConsoleLink(QObject):
    """The chair console's socket: connects, says Hello, and comes back by itself when lost.

    received: a message of `signalling.call` from the host. connected / lost: the link's state.
    """

    received = Signal(object)
    connected = Signal()
    lost = Signal(str)

    def __init__(
        self, address: HostAddress, room: str, parent: QObject | None = None, *, seat: str = ""
    ) -> None:
        super().__init__(parent)
        self._room = room
        self._seat = seat
        self._request = _console_request(address, room)
        self._trust = trust(address)
        self._decoder = msgspec.json.Decoder(call.HostMessage)
        self._wanted = False
        self._wait_ms = _RETRY_FIRST_MS
        self._pings = 0
        self._socket = QWebSocket(parent=self)
        self._socket.connected.connect(self._on_connected)
        self._socket.disconnected.connect(self._on_disconnected)
        self._socket.textMessageReceived.connect(self._on_text)
        self._socket.proxyAuthenticationRequired.connect(network.refused_login)
        self._retry = QTimer(self, singleShot=True)
        self._retry.timeout.connect(self._connect)
        self._ping = QTimer(self, interval=_PING_MS)
        self._ping.timeout.connect(self._send_ping)

    def open(self) -> None:
        """Connect, and keep connecting until `close`."""
        self._wanted = True
        self._connect()

    def close(self) -> None:
        """Disconnect for good. Idempotent."""
        self._wanted = False
        self._retry.stop()
        self._ping.stop()
        self._socket.close()

    def go_on_at(self, address: HostAddress) -> None:
        """Go on at another address of the host."""
        self._request = _console_request(address, self._room)
        self._trust = trust(address)
        if self._wanted:
            self._retry.stop()
            self._wait_ms = _RETRY_FIRST_MS
            self._socket.abort()  # says `disconnected`, which tries again soon, if it was there
            if not self._retry.isActive():
                self._connect()

    def send(self, message: call.ClientMessage) -> None:
        """Send a message; dropped while disconnected (the state comes anew after)."""
        if self._socket.isValid():
            self._socket.sendTextMessage(msgspec.json.encode(message).decode("utf-8"))

    def _connect(self) -> None:
        network.when_known(self._request.url(), self, self._open_socket, self._no_way)

    def _open_socket(self) -> None:
        if not self._wanted:
            return
        self._socket.setProxy(network.proxy_for(self._request.url()))
        self._socket.setSslConfiguration(self._trust)
        self._socket.open(self._request)

    def _no_way(self, error: ProjectDeskError) -> None:
        if self._wanted:
            self.lost.emit(say_error(error))
            self._try_again()

    def _try_again(self) -> None:
        self._retry.start(self._wait_ms)
        self._wait_ms = min(self._wait_ms * 2, _RETRY_LAST_MS)

    def _on_connected(self) -> None:
        self._wait_ms = _RETRY_FIRST_MS
        self._ping.start()
        self.send(call.Hello(version=VERSION, seat=self._seat))
        self.connected.emit()

    def _on_disconnected(self) -> None:
        self._ping.stop()
        if not self._wanted:
            return
        self.lost.emit(self._socket.closeReason() or self._socket.errorString())
        self._try_again()

    def _send_ping(self) -> None:
        self._pings += 1
        self.send(call.Ping(n=self._pings))

    def _on_text(self, text: str) -> None:
        try:
            message: Any = self._decoder.decode(text.encode("utf-8"))
        except msgspec.MsgspecError as error:
            _log.warning("message of the host not understood: %s", error)
            return
        if not isinstance(message, call.Pong):
            self.received.emit(message)
