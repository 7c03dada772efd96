"""Qt's network on this computer's way out: the same proxies that the rest of the program takes.

Each request and each socket is told its proxy (`take_way`, `proxy_for`). The application's proxy is
the browser engine's alone: Chromium takes that one, or the system's settings, for all that it loads
(`prepare_web`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QThreadPool, QTimer, QUrl, Signal
from PySide6.QtNetwork import (
    QAuthenticator,
    QNetworkAccessManager,
    QNetworkProxy,
    QNetworkProxyFactory,
    QNetworkProxyQuery,
    QNetworkReply,
)

from projectdesk import proxies
from projectdesk.desktop.runtime.session import WorkspaceSession
from projectdesk.errors import EnvironmentFailure, ProjectDeskError
from projectdesk.proxies import DIRECT, Kind, Mode, Route, Ways
from projectdesk.proxies.settings import in_force, load

_log = logging.getLogger(__name__)
_TYPES: Final = {
    Kind.DIRECT: QNetworkProxy.ProxyType.NoProxy,
    Kind.HTTP: QNetworkProxy.ProxyType.HttpProxy,
    Kind.SOCKS5: QNetworkProxy.ProxyType.Socks5Proxy,
}
_NOWHERE: Final = Route(Kind.HTTP, "127.0.0.1", 9)
"""Where nothing listens: what must not go out directly ends there."""
_PORTS: Final = {"https": 443, "wss": 443, "http": 80, "ws": 80}


class Network(QObject):
    """The ways of the desktop, for as long as its data is open.

    login_wanted: the `Route` of a proxy that asks for a login, once until `renew`.
    """

    login_wanted = Signal(object)
    _wanted = Signal(object)

    def __init__(
        self, data: Path, session: WorkspaceSession, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._data = data
        self._session = session
        self._told: set[Route] = set()
        self._wanted.connect(self._on_wanted)  # from any thread, heard on this one
        self.renew()

    def renew(self) -> None:
        """Take what is set now."""
        self._told.clear()
        data, secrets, wanted = self._data, self._session.workspace.secrets, self._wanted.emit

        def make() -> Ways:
            return Ways(in_force(load(data)), secrets.read, wanted)

        proxies.use(make)
        # The key store is asked beside, so that no request has to wait for it on this thread.
        self._session.ask_long(lambda _workspace, _work: _prime(), None, _log_only)

    def stop(self) -> None:
        """Let the ways go. Idempotent."""
        proxies.use(None)

    def _on_wanted(self, route: Route) -> None:
        if route not in self._told:
            self._told.add(route)
            self.login_wanted.emit(route)


def _prime() -> None:
    ways = proxies.current()
    if ways.settings.mode is Mode.MANUAL:
        _read_login(ways, proxies.proxy_of(ways.settings.address))


def _read_login(ways: Ways, route: Route) -> None:
    """Read the login of a proxy ahead: the key store may take its time."""
    try:
        if route != DIRECT:
            ways.login(route)
    except ProjectDeskError as error:
        _log_only(error)


def _log_only(error: ProjectDeskError) -> None:
    _log.info("the login of the proxy is not read ahead: %s", error.code)


# --- which proxy ----------------------------------------------------------------------------------


def manager(parent: QObject) -> QNetworkAccessManager:
    """Return a manager of requests; `take_way` before each of them."""
    made = QNetworkAccessManager(parent)
    made.proxyAuthenticationRequired.connect(refused_login)
    return made


def take_way(requests: QNetworkAccessManager, url: QUrl) -> None:
    """Let the next request of a manager, which is for `url`, take this computer's way there."""
    requests.setProxy(proxy_for(url))


def proxy_for(url: QUrl) -> QNetworkProxy:
    """Return the proxy for an address: the first where a PAC file names several."""
    ways = proxies.current()
    host, port = _place(url)
    if ways.settings.mode is Mode.SYSTEM and not proxies.is_near(host):
        asked = QUrl(url)
        asked.setScheme("https")  # a web socket begins as a request
        return QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(asked))[0]
    try:
        # A kept answer first: `routes` would wait for a script that a worker runs for another host.
        routes = ways.known_routes(host, port) or ways.routes(host, port)
        return _qt_proxy(ways, routes[0])
    except EnvironmentFailure as error:
        _log.warning("no way out: %s", error.code)
        return _qt_proxy(ways, _NOWHERE)


def _place(url: QUrl) -> tuple[str, int]:
    return url.host(), url.port(_PORTS.get(url.scheme(), 443))


def _qt_proxy(ways: Ways, route: Route) -> QNetworkProxy:
    if route == DIRECT:
        return QNetworkProxy(_TYPES[route.kind])
    login = ways.login(route)
    user, password = (login.user, login.password) if login else ("", "")
    return QNetworkProxy(_TYPES[route.kind], route.host, route.port, user, password)


def route_of(proxy: QNetworkProxy) -> Route:
    """Return the way that a proxy of Qt is."""
    socks = proxy.type() is QNetworkProxy.ProxyType.Socks5Proxy
    return Route(Kind.SOCKS5 if socks else Kind.HTTP, proxy.hostName(), proxy.port())


def refused_login(proxy: QNetworkProxy, authenticator: QAuthenticator) -> None:
    """Let it be asked for the login of a proxy that takes none, or not the one that is kept."""
    route = route_of(proxy)
    login = proxies.current().login(route)
    if login is not None and not proxy.user():
        authenticator.setUser(login.user)
        authenticator.setPassword(login.password)
        return
    proxies.current().wants_login(route, was_known=login is not None)


def proxy_failure(reply: QNetworkReply) -> EnvironmentFailure | None:
    """Return what a proxy did to a request; None = it is not the proxy's doing."""
    error = QNetworkReply.NetworkError
    words = reply.errorString()
    if reply.error() is error.ProxyAuthenticationRequiredError:
        return EnvironmentFailure(
            "proxy_login_needed",
            "The proxy asks for a name and a password, or does not accept those that are kept. "
            "Enter them in Settings, Network.",
        )
    refusals = {
        error.ProxyConnectionRefusedError,
        error.ProxyConnectionClosedError,
        error.ProxyNotFoundError,
        error.ProxyTimeoutError,
        error.UnknownProxyError,
    }
    if reply.error() in refusals:
        return EnvironmentFailure(
            "proxy_unreachable",
            "The proxy does not answer, or refuses ({reason}). Look at the network, then at "
            "Settings, Network.",
            reason=words.rstrip("."),
        )
    return None


# --- ahead of a request ---------------------------------------------------------------------------


class _Asking(QObject):
    found = Signal(object)


def when_known(
    url: QUrl,
    owner: QObject,
    then: Callable[[], None],
    failed: Callable[[ProjectDeskError], None],
) -> None:
    """Call `then` once the way to an address is known, or `failed`: there is none.

    A PAC file is asked beside; all other ways are known at once. After `owner` is gone nothing is
    called.
    """
    host, port = _place(url)
    ways = proxies.current()
    try:
        if ways.known_routes(host, port) is not None:
            then()
            return
    except EnvironmentFailure as error:
        problem = error
        QTimer.singleShot(0, owner, lambda: failed(problem))
        return
    asking = _Asking(owner)

    def work() -> None:
        outcome: EnvironmentFailure | None = None
        try:
            _read_login(ways, ways.routes(host, port)[0])
        except EnvironmentFailure as error:
            outcome = error
        try:
            asking.found.emit(outcome)
        except RuntimeError:  # its owner is gone
            _log.debug("nobody waits for the way any more")

    def heard(outcome: EnvironmentFailure | None) -> None:
        asking.deleteLater()
        if outcome is None:
            then()
        else:
            failed(outcome)

    asking.found.connect(heard)
    QThreadPool.globalInstance().start(work)


# --- the browser engine ---------------------------------------------------------------------------


def prepare_web(url: QUrl) -> None:
    """Let the browser engine take the way to the page that it is about to load."""
    ways = proxies.current()
    if ways.settings.mode is Mode.SYSTEM and not proxies.is_near(url.host()):
        QNetworkProxyFactory.setUseSystemConfiguration(True)
        return
    QNetworkProxyFactory.setUseSystemConfiguration(False)
    QNetworkProxy.setApplicationProxy(proxy_for(url))


def give_login(host: str, authenticator: QAuthenticator, *, again: bool) -> bool:
    """Give the browser engine the login of the application's proxy; tell whether there is one.

    again: it was given already and not accepted.
    """
    proxy = QNetworkProxy.applicationProxy()
    route = route_of(proxy) if proxy.hostName() else Route(Kind.HTTP, host, 8080)
    ways = proxies.current()
    login = ways.login(route)
    if login is None or again:
        ways.wants_login(route, was_known=login is not None)
        return False
    authenticator.setUser(login.user)
    authenticator.setPassword(login.password)
    return True
