"""The desktop takes its proxies, asks for their login once, and tells quietly of updates."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QUrl
from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkReply, QNetworkRequest
from PySide6.QtWidgets import QWidget

from projectdesk import proxies
from projectdesk.desktop.pages.network import ProxyLoginDialog, ProxyPane, UpdatesPane
from projectdesk.desktop.runtime import network
from projectdesk.desktop.runtime.updates import UpdateWatch
from projectdesk.desktop.shell.update_bar import UpdateBar, UpdateDialog
from projectdesk.errors import EnvironmentFailure, ProjectDeskError
from projectdesk.policy import managed, sources
from projectdesk.proxies import Mode, ProxySettings, Route, Ways, proxy_of
from projectdesk.proxies.settings import load, save
from projectdesk.proxies.ways import Login, login_name, login_of, login_text
from projectdesk.updates import built, checking
from tests.support.proxy_server import ProxyServer, running
from tests.unit.policy.test_policy import Settle
from tests.unit.policy.test_policy import settle as settle
from tests.unit.updates.test_feed import FEED, NOW, OLD, envelope, public

PROXY = "http://proxy.example.org:3128"


class _Workspace:
    def __init__(self, data: Path) -> None:
        self.data = data
        self.kept: dict[str, str] = {}
        self.secrets = self

    def read(self, name: str) -> str | None:
        return self.kept.get(name)

    def write(self, name: str, value: str) -> None:
        self.kept[name] = value


class AtOnce:
    """A session that does what is asked of it at once."""

    def __init__(self, data: Path) -> None:
        self.workspace = _Workspace(data)

    def ask_long(
        self,
        work: Callable[[Any, Any], Any],
        then: Callable[[Any], None] | None = None,
        failed: Callable[[ProjectDeskError], None] | None = None,
    ) -> None:
        try:
            made = work(self.workspace, None)
        except ProjectDeskError as error:
            if failed is None:
                raise
            failed(error)
        else:
            if then is not None:
                then(made)


@pytest.fixture
def session(tmp_path: Path) -> AtOnce:
    return AtOnce(tmp_path)


@pytest.fixture(autouse=True)
def ways_of_a_test() -> Iterator[None]:
    yield
    proxies.use(None)
    QNetworkProxyFactory.setUseSystemConfiguration(False)
    QNetworkProxy.setApplicationProxy(QNetworkProxy(QNetworkProxy.ProxyType.NoProxy))


def use(mode: Mode, address: str = "", secret: dict[str, str] | None = None) -> list[Route]:
    wanted: list[Route] = []
    ways = Ways(ProxySettings(mode, address), (secret or {}).get, wanted.append)
    proxies.use(lambda: ways)
    return wanted


# --- Qt's network ---------------------------------------------------------------------------------


def test_requests_and_the_call_page_take_the_proxy_but_not_to_this_network() -> None:
    there, here = QUrl("wss://meet.example.org/x"), QUrl("https://192.168.1.7:8443/")
    use(Mode.MANUAL, PROXY, {login_name(proxy_of(PROXY)): login_text(Login("ada", "pw"))})
    made = network.proxy_for(there)
    assert (made.hostName(), made.port(), made.user()) == ("proxy.example.org", 3128, "ada")
    assert network.proxy_for(here).type() is QNetworkProxy.ProxyType.NoProxy
    network.prepare_web(there)
    assert QNetworkProxy.applicationProxy().hostName() == "proxy.example.org"
    network.prepare_web(here)
    assert QNetworkProxy.applicationProxy().type() is QNetworkProxy.ProxyType.NoProxy
    use(Mode.SYSTEM)
    network.prepare_web(there)
    assert QNetworkProxyFactory.usesSystemConfiguration()
    use(Mode.NONE)
    network.prepare_web(there)
    assert not QNetworkProxyFactory.usesSystemConfiguration()


def test_what_may_not_go_out_ends_nowhere(qtbot: Any) -> None:
    use(Mode.BLOCKED)
    there = QUrl("https://meet.example.org/")
    assert network.proxy_for(there).hostName() == "127.0.0.1"
    failed: list[ProjectDeskError] = []
    owner = QObject()
    network.when_known(there, owner, lambda: pytest.fail("it went out"), failed.append)
    qtbot.waitUntil(lambda: bool(failed))
    assert failed[0].code == "proxy_blocked"


def test_a_script_is_asked_beside_and_requests_wait_for_it(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(Mode.NONE)
    ways = proxies.current()
    threads: list[threading.Thread] = []

    def routes(_host: str, _port: int) -> tuple[Route, ...]:
        threads.append(threading.current_thread())
        raise EnvironmentFailure("proxy_script_unreachable")

    monkeypatch.setattr(ways, "known_routes", lambda *_: None)
    monkeypatch.setattr(ways, "routes", routes)
    failed: list[ProjectDeskError] = []
    owner = QObject()
    network.when_known(QUrl("https://a.example.org"), owner, lambda: None, failed.append)
    qtbot.waitUntil(lambda: bool(failed))
    assert threads[0] is not threading.main_thread()


def ask(qtbot: Any, url: str) -> QNetworkReply:
    owner = QObject()
    requests = network.manager(owner)
    network.take_way(requests, QUrl(url))
    reply = requests.get(QNetworkRequest(QUrl(url)))
    qtbot.waitUntil(reply.isFinished, timeout=10_000)
    reply.setParent(None)
    reply.owner = owner  # type: ignore[attr-defined]
    return reply


@pytest.mark.parametrize("kind", ["http", "socks"])
def test_a_request_goes_through_a_real_proxy(qtbot: Any, kind: str) -> None:
    with (
        running(ProxyServer(login=("ada", "pw"))) as server,
        socket.create_server(("127.0.0.1", 0)) as listening,
    ):
        address = server.http if kind == "http" else server.socks
        port = listening.getsockname()[1]
        url = f"https://meet.example.org:{port}/"
        seen: list[bytes] = []

        def answer() -> None:
            there = listening.accept()[0]
            seen.append(there.recv(1))
            there.close()

        thread = threading.Thread(target=answer)
        thread.start()
        named = {login_name(proxy_of(address)): login_text(Login("ada", "pw"))}
        wanted = use(Mode.MANUAL, address, named)
        ask(qtbot, url)
        thread.join()
        assert server.asked == [(proxy_of(address).kind, "meet.example.org", port, "ada")]
        assert (seen, wanted) == ([b"\x16"], []), "TLS is with the server"
        wanted = use(Mode.MANUAL, address)
        problem = network.proxy_failure(ask(qtbot, url))
        assert problem is not None
        assert problem.code in {"proxy_login_needed", "proxy_unreachable"}
        if kind == "http":
            assert wanted == [proxy_of(address)]


# --- settings -------------------------------------------------------------------------------------


def enter(pane: ProxyPane, field: str, value: object) -> None:
    pane.form.entered.emit(field, value)


def test_a_choice_is_kept_once_it_is_complete(
    qtbot: Any, session: AtOnce, tmp_path: Path, settle: Settle
) -> None:
    settle()
    pane = ProxyPane(session, tmp_path)  # type: ignore[arg-type]
    qtbot.addWidget(pane)
    changed: list[None] = []
    pane.changed.connect(lambda: changed.append(None))
    enter(pane, "mode", "manual")
    assert load(tmp_path) == ProxySettings()
    assert not pane.form.rows["address"].isHidden()
    assert pane.form.rows["script"].isHidden()
    enter(pane, "address", "http://u:p@x:1")
    assert pane.form.rows["address"].problem
    enter(pane, "address", "proxy.example.org:3128")
    enter(pane, "exceptions", "example.org, 10.0.0.0/8")
    kept = ProxySettings(Mode.MANUAL, PROXY, exceptions=("example.org", "10.0.0.0/8"))
    assert load(tmp_path) == kept
    assert len(changed) == 2
    enter(pane, "mode", "none")
    assert load(tmp_path).mode is Mode.NONE


def test_what_is_settled_is_shown_and_not_changed(
    qtbot: Any, session: AtOnce, tmp_path: Path, settle: Settle
) -> None:
    save(tmp_path, ProxySettings(Mode.NONE))
    settle(ProxyMode="pac", ProxyScript="https://x.example.org/p.pac", CheckForUpdates=False)
    pane = ProxyPane(session, tmp_path)  # type: ignore[arg-type]
    updates = UpdatesPane(session, tmp_path, "UTC")  # type: ignore[arg-type]
    for each in (pane, updates):
        qtbot.addWidget(each)
    assert not pane.form.isEnabled()
    assert pane.form.rows["script"].value() == "https://x.example.org/p.pac"
    assert not pane._settled.isHidden()
    assert not updates.wanted.isEnabled()


def test_a_login_is_asked_for_once_and_kept(qtbot: Any, session: AtOnce, tmp_path: Path) -> None:
    made = network.Network(tmp_path, session)  # type: ignore[arg-type]
    wanted: list[Route] = []
    made.login_wanted.connect(wanted.append)
    route = proxy_of(PROXY)
    for _ in range(2):
        proxies.current().wants_login(route, was_known=False)
    qtbot.waitUntil(lambda: bool(wanted))
    assert wanted == [route]
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ProxyLoginDialog(parent, session, route)  # type: ignore[arg-type]
    dialog.kept.connect(made.renew)
    dialog.submit()
    assert not session.workspace.kept
    dialog.user.setText("ada")
    dialog.password.setText("pässword")
    dialog.submit()
    kept = login_of(session.workspace.kept[login_name(route)])
    assert kept == proxies.current().login(route) == Login("ada", "pässword")
    proxies.current().wants_login(route, was_known=True)
    qtbot.waitUntil(lambda: len(wanted) == 2)
    made.stop()


# --- updates --------------------------------------------------------------------------------------


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    asked: list[str] = []

    def fetch(address: str) -> bytes:
        asked.append(address)
        return envelope()

    monkeypatch.setattr(sources, "_read_system", lambda: ("", {}, ""))
    managed.cache_clear()
    monkeypatch.setattr(built, "FEED", "https://x.example.org/feed.json")
    monkeypatch.setattr(built, "KEYS", (public(OLD),))
    monkeypatch.setattr(checking, "fetch_feed", fetch)
    yield asked
    managed.cache_clear()


def test_it_is_looked_once_a_day_and_told_until_one_says_later(
    session: AtOnce, tmp_path: Path, feed: list[str], qtbot: Any
) -> None:
    now = [NOW]
    owner = QObject()
    watch = UpdateWatch(session, tmp_path, lambda: now[0], owner)  # type: ignore[arg-type]
    told: list[Any] = []
    watch.found.connect(told.append)
    for _ in range(2):
        watch.look()
    assert len(feed) == 1
    assert [one.feed for one in told] == [FEED, FEED]
    watch.later()
    assert told.pop() is None
    watch.look()
    assert told.pop() is None
    now[0] += timedelta(days=8)
    watch.look()
    assert (told.pop().feed, len(feed)) == (FEED, 2)
    watch.skip("0.2.0")
    watch.look()
    assert told.pop() is None


def test_a_bar_tells_and_a_dialog_leads_to_the_browser(
    qtbot: Any, tmp_path: Path, feed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    update = checking.check(tmp_path, NOW)
    assert update is not None
    bar = UpdateBar()
    qtbot.addWidget(bar)
    bar.show_update(update)
    assert "0.2.0" in bar.words
    bar.show_update(None)
    assert bar.isHidden()
    opened: list[str] = []
    monkeypatch.setattr("projectdesk.desktop.shell.update_bar.open_outside", opened.append)
    parent = QWidget()
    qtbot.addWidget(parent)
    later: list[str] = []
    dialog = UpdateDialog(parent, update, "de-DE", lambda: later.append("l"), lambda: None)
    dialog.download()
    assert (opened, later) == ([FEED.page], [])


def test_settings_say_when_there_is_no_feed(
    qtbot: Any, session: AtOnce, tmp_path: Path, feed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pane = UpdatesPane(session, tmp_path, "UTC")  # type: ignore[arg-type]
    qtbot.addWidget(pane)
    pane.look()
    assert (len(feed), "0.2.0" in pane._words.text()) == (1, True)
    pane.wanted.chosen.emit(False)
    assert not checking.load(tmp_path).wanted
    monkeypatch.setattr(built, "FEED", "")
    pane.load()
    assert "nothing is asked" in pane._words.text()
    assert not pane.wanted.isEnabled()
