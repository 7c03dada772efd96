"""Which way a connection takes, and what is said when it cannot be taken."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.policy import managed, sources
from projectdesk.proxies import (
    DIRECT,
    Kind,
    Mode,
    ProxySettings,
    Route,
    Ways,
    is_near,
    settings,
    tunnel,
)
from projectdesk.proxies import system as of_system
from projectdesk.proxies.routes import (
    checked_exception,
    is_excepted,
    proxy_of,
    routes_of_answer,
    system_proxy_of,
)
from projectdesk.proxies.ways import Login, login_name, login_text
from tests.support.proxy_server import ProxyServer, running
from tests.unit.policy.test_policy import Settle
from tests.unit.policy.test_policy import settle as settle
from tests.unit.proxies.conftest import Using

MAIL = "mail.example.org"


@pytest.fixture
def server() -> Iterator[int]:
    """A server that says hello; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@contextmanager
def manual(server: ProxyServer, address: str = "", **facts: Any) -> Iterator[ProxySettings]:
    with running(server):
        yield ProxySettings(Mode.MANUAL, address or server.http, **facts)


# --- by rule --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("[::1]", True),
        ("192.168.1.20", True),
        ("fe80::1%eth0", True),
        ("printer.local", True),
        ("meet.example.org", False),
        ("localhost.example.org", False),
        ("93.184.215.14", False),
    ],
)
def test_what_is_near_is_reached_directly(host: str, near: bool) -> None:
    assert is_near(host) is near
    (way,) = Ways(ProxySettings(Mode.MANUAL, "http://p.example.org:8080")).routes(host, 443)
    assert (way == DIRECT) is near


@pytest.mark.parametrize(
    ("entry", "host", "excepted"),
    [
        ("example.org", "example.org", True),
        ("example.org", "a.b.example.org", True),
        ("*.example.org", "a.example.org", True),
        ("example.org", "notexample.org", False),
        ("example.org:993", "example.org", False),
        ("example.org:443", "example.org", True),
        ("203.0.113.0/24", "203.0.113.7", True),
        ("203.0.113.0/24", "mail.example.org", False),
        ("<local>", "intranet", True),
        ("<local>", "a.example.org", False),
    ],
)
def test_exceptions_by_name_network_and_port(entry: str, host: str, excepted: bool) -> None:
    assert is_excepted(host, 443, [checked_exception(entry)]) is excepted


def test_a_proxy_is_spelled_in_few_ways() -> None:
    assert proxy_of(" proxy.example.org ") == Route(Kind.HTTP, "proxy.example.org", 8080)
    assert str(proxy_of("socks5://[2001:db8::1]:1081/")) == "socks5://[2001:db8::1]:1081"
    for wrong in ("", "ftp://x", "http://u:secret@p:1", "http://p:99999", "http://p/x", "a b"):
        with pytest.raises(DomainError) as caught:
            proxy_of(wrong)
        assert caught.value.facts["field"] == "address"
        assert "secret" not in caught.value.text
    known = system_proxy_of("http://ada:s%40cret@proxy:3128")
    assert known == Route(Kind.HTTP, "proxy", 3128, "ada", "s@cret")
    assert "cret" not in f"{known} {known!r}"
    assert system_proxy_of("https://proxy:443") is None


def test_answers_of_scripts_are_read_in_order() -> None:
    read = routes_of_answer("PROXY a:81; SOCKS b:82;HTTPS c:83 ; DIRECT; proxy a:81")
    assert [str(way) for way in read] == ["http://a:81", "socks5://b:82", "direct"]
    for wrong in ("", "HTTPS c:83", "PROXY", "NONSENSE x"):
        with pytest.raises(ValueError):
            routes_of_answer(wrong)


def test_the_system_names_a_proxy_by_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert Ways().routes(MAIL, 587) == (DIRECT,)
    monkeypatch.setenv("https_proxy", "http://proxy.example.org:3128")
    monkeypatch.setenv("no_proxy", "intranet.example.org")
    assert [str(way) for way in Ways().routes(MAIL, 587)] == ["http://proxy.example.org:3128"]
    assert Ways().routes("intranet.example.org", 443) == (DIRECT,)
    monkeypatch.setenv("https_proxy", "socks5://proxy.example.org:1080")
    assert [way.kind for way in Ways().routes(MAIL, 587)] == [Kind.SOCKS5]


def test_macos_tells_where_its_script_is() -> None:
    said = (
        "<dictionary> {\n  ProxyAutoConfigEnable : 1\n  ProxyAutoConfigURLString : https://x/p\n}"
    )
    assert of_system.script_of_scutil(said) == "https://x/p"
    assert of_system.script_of_scutil(said.replace(": 1", ": 0")) == ""
    assert of_system.script_of_scutil("") == ""


# --- settings -------------------------------------------------------------------------------------


def test_what_is_chosen_is_kept_and_checked(tmp_path: Path) -> None:
    chosen = ProxySettings(Mode.MANUAL, "proxy.example.org:3128", exceptions=("Example.org",))
    kept = settings.save(tmp_path, chosen)
    assert (kept.address, kept.exceptions) == ("http://proxy.example.org:3128", ("example.org",))
    assert settings.load(tmp_path) == kept
    for wrong, field in (
        (ProxySettings(Mode.MANUAL), "address"),
        (ProxySettings(Mode.PAC, script="file:///etc/proxy.pac"), "script"),
        (ProxySettings(Mode.SYSTEM, exceptions=("no/way?",)), "exceptions"),
        (ProxySettings(Mode.BLOCKED), "mode"),
    ):
        with pytest.raises(DomainError) as caught:
            settings.save(tmp_path, wrong)
        assert caught.value.facts["field"] == field
    assert settings.load(tmp_path) == kept, "what was refused changed nothing"


@pytest.mark.parametrize("content", ["", "[]", "{", '{"mode": "x"}', '{"mode": "manual"}', "null"])
def test_a_file_that_says_nonsense_counts_as_none(content: str, tmp_path: Path) -> None:
    (tmp_path / settings.FILE).write_text(content)
    assert settings.load(tmp_path) == ProxySettings()


def test_a_policy_wins_and_is_not_overwritten(settle: Settle, tmp_path: Path) -> None:
    chosen = settings.save(tmp_path, ProxySettings(Mode.NONE))
    assert settings.in_force(chosen) == chosen
    settle(ProxyMode="manual", ProxyAddress="p.example.org:3128", ProxyExceptions="a.org, b.org")
    counts = settings.in_force(settings.load(tmp_path))
    assert [str(way) for way in Ways(counts).routes(MAIL, 587)] == ["http://p.example.org:3128"]
    assert Ways(counts).routes("x.b.org", 587) == (DIRECT,)
    with pytest.raises(DomainError) as caught:
        settings.save(tmp_path, ProxySettings())
    assert caught.value.code == "settled"


@pytest.mark.parametrize(
    "values",
    [
        {"ProxyMode": "sometimes"},
        {"ProxyMode": "manual"},
        {"ProxyMode": "manual", "ProxyAddress": "http://ada:secret@proxy:1"},
        {"ProxyMode": "pac", "ProxyScript": "ftp://x/y"},
    ],
)
def test_a_policy_that_cannot_be_read_lets_nothing_out(settle: Settle, values: Any) -> None:
    settle(**values)
    ways = Ways(settings.in_force(ProxySettings(Mode.NONE)))
    with pytest.raises(EnvironmentFailure) as caught:
        ways.routes(MAIL, 587)
    assert caught.value.code == "proxy_blocked"
    assert "policy.json" in caught.value.text
    assert ways.routes("127.0.0.1", 587) == (DIRECT,)


def test_a_place_that_cannot_be_read_lets_nothing_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "policy.json"
    broken.write_text("{")
    monkeypatch.setattr(sources, "_read_system", lambda: sources.read_file(broken))
    managed.cache_clear()
    try:
        assert settings.in_force(ProxySettings(Mode.NONE)).mode is Mode.BLOCKED
    finally:
        managed.cache_clear()


# --- connections ----------------------------------------------------------------------------------


@pytest.mark.loopback
@pytest.mark.parametrize("kind", ["http", "socks"])
def test_a_tunnel_with_login_is_asked_for_by_name(server: int, using: Using, kind: str) -> None:
    password = "s3cret:ü" if kind == "http" else "s3cret:"
    there = ProxyServer(login=("ada", password))
    with manual(there) as chosen:
        address = there.http if kind == "http" else there.socks
        chosen = ProxySettings(Mode.MANUAL, address)
        named = login_name(proxy_of(address))
        using(chosen, {named: login_text(Login("ada", password))}).connect(MAIL, server).close()
        assert there.asked == [(proxy_of(address).kind, MAIL, server, "ada")]
        with pytest.raises(EnvironmentFailure) as caught:
            using(chosen).connect(MAIL, server)
        assert caught.value.code == "proxy_login_needed"
        wrong = {named: login_text(Login("ada", "wrong"))}
        with pytest.raises(EnvironmentFailure) as caught:
            using(chosen, wrong).connect(MAIL, server)
        assert caught.value.code == "proxy_login_refused"
        assert "wrong" not in caught.value.text
        if kind == "socks":
            odd = {named: login_text(Login("ada", "ü"))}
            with pytest.raises(EnvironmentFailure) as caught:
                using(chosen, odd).connect(MAIL, server)
            assert caught.value.code == "proxy_login_characters"


@pytest.mark.loopback
def test_who_asks_for_a_login_is_told_on(server: int) -> None:
    told: list[Route] = []
    with manual(ProxyServer(login=("ada", "x"))) as chosen:
        with pytest.raises(EnvironmentFailure):
            Ways(chosen, wanted=told.append).connect(MAIL, server)
        assert told == [proxy_of(chosen.address)]


@pytest.mark.loopback
def test_a_proxy_that_refuses_and_one_that_is_not_there(server: int) -> None:
    with (
        manual(ProxyServer(status=403)) as chosen,
        pytest.raises(EnvironmentFailure) as caught,
    ):
        Ways(chosen).connect(MAIL, server)
    assert caught.value.code == "proxy_refused"
    assert (MAIL in caught.value.text, "403" in caught.value.text) == (True, True)
    with pytest.raises(EnvironmentFailure) as caught:  # it was ended above
        Ways(chosen).connect(MAIL, server)
    assert caught.value.code == "proxy_unreachable"


@pytest.mark.loopback
def test_the_next_way_is_taken_where_a_proxy_is_not_there(
    proxy: ProxyServer, server: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        gone = closed.getsockname()[1]
    ways = Ways()
    both = (Route(Kind.HTTP, "127.0.0.1", gone), proxy_of(proxy.http))
    monkeypatch.setattr(ways, "routes", lambda *_: both)
    made, way = ways.open(MAIL, server)
    made.close()
    assert way == both[1]


def test_kept_files_hold_no_login(tmp_path: Path) -> None:
    settings.save(tmp_path, ProxySettings(Mode.MANUAL, "http://proxy:1"))
    assert set(json.loads((tmp_path / settings.FILE).read_text())) == {
        "mode",
        "address",
        "script",
        "exceptions",
        "direct",
    }


class _Said:
    """A socket that gives its bytes in pieces."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = list(pieces)
        self.sent = b""

    def sendall(self, content: bytes) -> None:
        self.sent += content

    def recv(self, most: int, flags: int = 0) -> bytes:
        if not self.pieces:
            return b""
        piece = self.pieces[0][:most]
        if not flags & socket.MSG_PEEK:
            self.pieces[0] = self.pieces[0][most:]
            if not self.pieces[0]:
                self.pieces.pop(0)
        return piece


def test_what_a_server_says_first_is_left_for_who_waits_for_it() -> None:
    there = _Said(b"HTTP/1.1 200 Connection", b" established\r\nVia: p\r\n\r", b"\n220 hello\r\n")
    tunnel.ask_tunnel(there, "bücher.example", 25, ("a", "b"))  # type: ignore[arg-type]
    assert there.pieces == [b"220 hello\r\n"]
    assert there.sent.startswith(b"CONNECT xn--bcher-kva.example:25 HTTP/1.1\r\nHost: ")


@pytest.mark.parametrize(
    "said", [b"", b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"x" * 100_000, b"HTTP/1.1 200 OK"]
)
def test_what_is_no_answer_of_a_proxy_is_refused(said: bytes) -> None:
    with pytest.raises(OSError):
        tunnel.ask_tunnel(_Said(said) if said else _Said(), "a", 1)  # type: ignore[arg-type]
