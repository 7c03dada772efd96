"""`projectdesk network`, `projectdesk updates`, and what `doctor` says of both."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from projectdesk import doctor, proxies
from projectdesk.cli import main
from projectdesk.commandline.outside import examine_server
from projectdesk.errors import DomainError
from projectdesk.policy import managed, sources
from projectdesk.proxies import Mode, ProxySettings, Ways, proxy_of
from projectdesk.proxies.ways import Login, login_name, login_of
from projectdesk.updates import built, checking
from tests.conftest import MemoryKeyring
from tests.support.proxy_server import ProxyServer, running
from tests.unit.mail.mail_server import SmtpServer, make_certificate
from tests.unit.updates.test_feed import OLD, envelope, public

PROXY = "http://proxy.example.org:3128"


@pytest.fixture(autouse=True)
def no_policy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sources, "_read_system", lambda: ("", {}, ""))
    managed.cache_clear()
    yield
    managed.cache_clear()
    proxies.use(None)


def use(settings: ProxySettings) -> None:
    ways = Ways(settings)
    proxies.use(lambda: ways)


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> Any:
    assert main([*words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


@pytest.mark.full
def test_a_proxy_is_chosen_shown_and_signed_in_at(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    memory_keyring: MemoryKeyring,
) -> None:
    data = ("--data", str(tmp_path))
    manual = ("--mode", "manual", "--proxy", PROXY, "--exceptions", "a.org,b.org")
    kept = told(capsys, "network", "set", *data, *manual)
    assert (kept["address"], kept["exceptions"]) == (PROXY, ["a.org", "b.org"])
    for address, way in (("https://meet.example.org", PROXY), ("b.org", "direct")):
        shown = told(capsys, "network", "show", *data, "--to", address)
        assert (shown["ways"], shown["settledBy"]) == ([way], "")
    monkeypatch.setattr(sys, "stdin", io.StringIO("pässword\n"))
    assert main(["network", "login", *data, "--user", "ada"]) == 0
    named = login_name(proxy_of(PROXY))
    kept_secrets = {name: value for (_, name), value in memory_keyring.entries.items()}
    assert login_of(kept_secrets[named]) == Login("ada", "pässword")
    assert main(["network", "login", *data, "--forget"]) == 0
    assert not [name for _, name in memory_keyring.entries if name == named]
    assert main(["network", "set", *data, "--mode", "pac", "--script", "ftp://x"]) == 2
    capsys.readouterr()
    assert told(capsys, "network", "show", *data)["chosen"]["mode"] == "manual"
    assert proxies.current().settings.mode is Mode.SYSTEM, "a command leaves nothing behind"


def test_updates_are_looked_for_and_switched_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = ("--data", str(tmp_path))
    assert main(["updates", "check", *data]) == 2
    assert "names no feed" in capsys.readouterr().err
    monkeypatch.setattr(built, "FEED", "https://x.example.org/f")
    monkeypatch.setattr(built, "KEYS", (public(OLD),))
    monkeypatch.setattr(checking, "fetch_feed", lambda _: envelope())
    found = told(capsys, "updates", "check", *data)
    assert found["newer"]["version"] == "0.2.0"
    assert told(capsys, "updates", "show", *data)["looked"] is True
    assert told(capsys, "updates", "switch", "off", *data) == {"wanted": False}
    shown = told(capsys, "updates", "show", *data)
    assert (shown["looked"], shown["newer"]["link"]) == (False, "https://x.example.org/0.2.0")


def test_doctor_says_it_in_the_language_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(ProxySettings(Mode.NONE))
    monkeypatch.setattr(doctor, "CHECKS", (doctor._proxy, doctor._mail))
    told = {tag: [one.text for one in doctor.examine(tmp_path, tag)] for tag in ("en", "de", "ar")}
    assert told["de"][0] == "keiner wird genommen"
    assert told["en"][1].startswith("no mail account")
    assert len({texts[1] for texts in told.values()}) == 3
    with pytest.raises(DomainError):
        doctor.examine(tmp_path, "xx")


def test_doctor_tells_of_a_proxy_and_of_a_feed_that_does_not_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(built, "FEED", "https://x.example.org/f")
    monkeypatch.setattr(built, "KEYS", (public(OLD),))
    checking.save(tmp_path, checking.State(problem="The feed is not signed."))
    assert doctor._updates(tmp_path).text == "The feed is not signed."
    for settings, ok, words in (
        (ProxySettings(Mode.NONE), True, "none is taken"),
        (ProxySettings(Mode.BLOCKED), False, "cannot be read"),
    ):
        use(settings)
        check = doctor._proxy(tmp_path)
        assert (check.ok, words in check.text, check.needed) == (ok, True, False)


@pytest.mark.loopback
def test_doctor_goes_to_a_server_by_the_proxy(tmp_path: Path) -> None:
    with running(ProxyServer()) as server:
        use(ProxySettings(Mode.MANUAL, server.http))
        assert doctor._proxy(tmp_path).ok
        with SmtpServer(make_certificate(tmp_path), tls_first=True) as there:
            found = examine_server(f"https://meet.example.org:{there.port}")
        assert [(one.name, one.ok) for one in found] == [("proxy", True), ("certificate", False)]
        assert found[0].text.startswith(server.http)
        assert {entry[1] for entry in server.asked} == {"meet.example.org"}
    assert not doctor._proxy(tmp_path).ok
    (only,) = examine_server("https://meet.example.org")
    assert (only.name, only.ok) == ("proxy", False)
    assert "does not answer" in only.text
