"""The call page really goes through the proxy that is set, with its login, and follows a change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory

from projectdesk import proxies
from projectdesk.demo import stage
from projectdesk.desktop.call.page import CallPage
from projectdesk.proxies import Mode, ProxySettings, Route, Ways, proxy_of
from projectdesk.proxies.ways import Login, login_name, login_text
from tests.support.proxy_server import ProxyServer, running

pytestmark = pytest.mark.full

HOST = "meet.example.org"
WAIT = 30_000


Open = Callable[[], CallPage]
Serve = Callable[[ProxyServer], ProxyServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return what runs a proxy until the pages that use it are closed."""
    with ExitStack() as stack:
        yield lambda server: stack.enter_context(running(server))


@pytest.fixture
def opened(qtbot, serve: Serve) -> Iterator[Open]:
    """Return what opens a call page, which takes the way that is in force then."""
    stage.prepare()
    pages: list[CallPage] = []

    def make() -> CallPage:
        made = CallPage(f"https://{HOST}:8443/r/abc#token")
        pages.append(made)
        made.open()
        return made

    yield make
    for each in pages:
        with qtbot.waitSignal(each._page.destroyed, timeout=WAIT):
            each.close_page()
        each.deleteLater()
    proxies.use(None)
    QNetworkProxyFactory.setUseSystemConfiguration(False)
    QNetworkProxy.setApplicationProxy(QNetworkProxy(QNetworkProxy.ProxyType.NoProxy))


def use(address: str, login: Login | None = None) -> list[Route]:
    wanted: list[Route] = []
    named = {login_name(proxy_of(address)): login_text(login)} if login else {}
    ways = Ways(ProxySettings(Mode.MANUAL, address), named.get, wanted.append)
    proxies.use(lambda: ways)
    return wanted


def test_the_page_is_asked_for_through_the_proxy(qtbot, serve: Serve, opened: Open) -> None:
    first, second = serve(ProxyServer()), serve(ProxyServer(login=("ada", "pw")))
    use(first.http)
    opened()
    qtbot.waitUntil(lambda: bool(first.asked), timeout=WAIT)
    assert first.asked[0][:3] == ("http", HOST, 8443)
    wanted = use(second.http, Login("ada", "pw"))
    opened()
    qtbot.waitUntil(lambda: bool(second.asked), timeout=WAIT)
    assert second.asked[0] == ("http", HOST, 8443, "ada")
    assert wanted == []


def test_a_login_that_is_not_known_is_asked_for(qtbot, serve: Serve, opened: Open) -> None:
    server = serve(ProxyServer(login=("ada", "pw")))
    wanted = use(server.http)
    opened()
    qtbot.waitUntil(lambda: bool(wanted), timeout=WAIT)
    assert str(wanted[0]) == server.http
    assert server.asked == []
