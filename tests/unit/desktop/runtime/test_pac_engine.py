"""PAC files: what they may call, and what becomes of those that fail or hang."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Slot

from projectdesk.desktop.runtime.pac_engine import PacEngine, System
from projectdesk.errors import EnvironmentFailure
from projectdesk.proxies import Kind, Mode, ProxySettings, Route, Ways, pac

pytestmark = pytest.mark.usefixtures("qapp")

FRIDAY = datetime(2026, 11, 27, 8, 30, 15, tzinfo=UTC)


class Still(System):
    """A network with one name, on a Friday morning."""

    @Slot(str, result=str)
    def resolve(self, host: str) -> str:
        return {"www.example.org": "2001:db8::7;203.0.113.7"}.get(host, "")

    @Slot(result=str)
    def own(self) -> str:
        return "10.1.2.3"

    @Slot(result=float)
    def now(self) -> float:
        return FRIDAY.timestamp() * 1000


def says(expression: str) -> str:
    script = f"function FindProxyForURL(url, host) {{ return String({expression}); }}"
    return PacEngine(script, Still()).find("https://www.example.org/", "www.example.org")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("isPlainHostName('www')", True),
        ("isPlainHostName(host)", False),
        ("dnsDomainIs(host, '.example.org')", True),
        ("dnsDomainIs('wwwexample.org', '.example.org')", False),
        ("localHostOrDomainIs('www', 'www.example.org')", True),
        ("localHostOrDomainIs('home.example.org', 'www.example.org')", False),
        ("isResolvable(host)", True),
        ("isResolvable('nowhere.example')", False),
        ("dnsResolve(host)", "203.0.113.7"),
        ("dnsResolveEx(host)", "2001:db8::7;203.0.113.7"),
        ("isInNet(host, '203.0.113.0', '255.255.255.0')", True),
        ("isInNet('198.51.100.4', '198.51.100.0', '255.255.255.252')", False),
        ("isInNet('nowhere.example', '0.0.0.0', '0.0.0.0')", False),
        ("isInNetEx('2001:db8::7', '2001:db8::/32')", True),
        ("isInNetEx('2001:db9::7', '2001:db8::/32')", False),
        ("sortIpAddressList('10.2.3.9;2001:4898::2;10.0.0.1')", "2001:4898::2;10.0.0.1;10.2.3.9"),
        ("myIpAddress()", "10.1.2.3"),
        ("convert_addr('104.16.41.2')", 1745889538),
        ("dnsDomainLevels('www.example.org')", 2),
        ("shExpMatch(url, 'https://*.example.org/*')", True),
        ("shExpMatch('a.b', 'a?b') && !shExpMatch('ab', 'a.b')", True),
        ("shExpMatch('x[1]', 'x[1]')", True),
        ("weekdayRange('FRI', 'GMT')", True),
        ("weekdayRange('THU', 'SAT', 'GMT')", True),
        ("weekdayRange('SAT', 'WED', 'GMT')", False),
        ("weekdayRange('FRI', 'MON', 'GMT')", True),
        ("timeRange(8, 'GMT')", True),
        ("timeRange(6, 8, 'GMT')", False),
        ("timeRange(8, 17, 'GMT')", True),
        ("timeRange(22, 9, 'GMT')", True),
        ("timeRange(8, 30, 8, 31, 'GMT')", True),
        ("timeRange(8, 0, 0, 8, 30, 14, 'GMT')", False),
        ("dateRange(27, 'GMT')", True),
        ("dateRange('NOV', 'GMT')", True),
        ("dateRange(2025, 'GMT')", False),
        ("dateRange(1, 26, 'GMT')", False),
        ("dateRange('OCT', 'FEB', 'GMT')", True),
        ("dateRange(1, 'NOV', 30, 'NOV', 'GMT')", True),
        ("dateRange('JAN', 2026, 'OCT', 2026, 'GMT')", False),
        ("dateRange(27, 'NOV', 2026, 'GMT')", True),
        ("dateRange(1, 'JAN', 2026, 31, 'DEC', 2026, 'GMT')", True),
        ("typeof system", "undefined"),
    ],
)
def test_what_a_script_may_call(expression: str, value: object) -> None:
    assert says(expression) == (str(value).lower() if isinstance(value, bool) else str(value))


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("var x = 1;", "no function"),
        ("function FindProxyForURL(", "SyntaxError"),
        ("function FindProxyForURL() { return nowhere.x; }", "ReferenceError"),
        ("function FindProxyForURL() { return 7; }", "no text"),
    ],
)
def test_a_script_that_fails_says_why(script: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        PacEngine(script).find("https://a/", "a")


def test_names_of_a_script_do_not_meet_ours() -> None:
    script = (
        "const WEEKDAYS = 1; function between() { return false; } function moment() {}\n"
        "function FindProxyForURL() { return weekdayRange('FRI', 'GMT') ? 'PROXY a:1' : null; }"
    )
    assert PacEngine(script, Still()).find("https://a/", "a") == "PROXY a:1"
    assert PacEngine("function FindProxyForURL() {}").find("https://a/", "a") == "DIRECT"


# --- what asks it ---------------------------------------------------------------------------------

_HELPER = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    if "url" in asked:
        if asked["host"] == "hangs.example":
            import time; time.sleep(60)
        if asked["host"] == "ends.example":
            sys.exit(1)
        print(json.dumps({"answer": "PROXY " + asked["host"] + ":1; DIRECT"}), flush=True)
"""


def helper() -> list[str]:
    return [sys.executable, "-S", "-c", _HELPER]


def test_a_script_that_hangs_is_ended_and_the_next_question_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pac, "START_S", 5.0)
    monkeypatch.setattr(pac, "ANSWER_S", 0.05)
    runner = pac.PacRunner("", "http://x/proxy.pac", helper)
    try:
        for host, said in (("hangs.example", "come to an end"), ("ends.example", "ended")):
            assert runner.find("https://a/", "a.example").startswith("PROXY a.example:1")
            with pytest.raises(EnvironmentFailure, match=said):
                runner.find(f"https://{host}/", host)
            monkeypatch.setattr(pac, "ANSWER_S", 5.0)
    finally:
        runner.close()


def by_script(monkeypatch: pytest.MonkeyPatch, fetched: list[Any], **facts: Any) -> Ways:
    def fetch(address: str) -> str:
        made = fetched.pop(0)
        if isinstance(made, Exception):
            raise made
        return str(made)

    monkeypatch.setattr(pac, "fetch_script", fetch)
    monkeypatch.setattr(pac.PacRunner, "__init__", _in_this_process)
    monkeypatch.setattr(pac.PacRunner, "find", lambda self, url, host: self.engine.find(url, host))
    monkeypatch.setattr(pac.PacRunner, "close", lambda self: None)
    settings = ProxySettings(Mode.PAC, script="https://x.example/proxy.pac", **facts)
    return Ways(settings, clock=lambda: 0.0)


def _in_this_process(self: Any, script: str, address: str) -> None:
    self.engine = PacEngine(script)


def test_answers_of_a_script_are_kept_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    script = "let n = 0; function FindProxyForURL(u, h) { n += 1; return 'PROXY p' + n + ':1'; }"
    ways = by_script(monkeypatch, [script])
    assert ways.known_routes("a.example", 443) is None
    first = ways.routes("a.example", 443)
    assert first == (Route(Kind.HTTP, "p1", 1),)
    assert ways.known_routes("a.example", 443) == ways.routes("a.example", 443) == first
    assert ways.routes("b.example", 443) == (Route(Kind.HTTP, "p2", 1),)


def test_without_its_script_nothing_goes_out_unless_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = pac.script_unreachable("https://x.example/proxy.pac", "no network")
    ways = by_script(monkeypatch, [gone])
    for _ in range(2):  # it is not fetched for each connection
        with pytest.raises(EnvironmentFailure) as caught:
            ways.routes("a.example", 443)
        assert caught.value.code == "proxy_script_unreachable"
    assert ways.routes("127.0.0.1", 443) == (Route(),)
    assert by_script(monkeypatch, [gone], direct=True).routes("a.example", 443) == (Route(),)


@pytest.mark.full
def test_the_real_process_runs_a_script_and_ends_one_that_hangs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = (
        "function FindProxyForURL(url, host) {"
        " if (host === 'hangs.example') for (;;) {}"
        " return shExpMatch(host, '*.example') ? 'SOCKS5 s.example:1080' : 'DIRECT'; }"
    )
    monkeypatch.setattr(pac, "ANSWER_S", 1.0)
    monkeypatch.setattr(pac, "START_S", 30.0)
    runner = pac.PacRunner(script, "https://x.example/proxy.pac")
    try:
        assert runner.find("https://a.example/", "a.example") == "SOCKS5 s.example:1080"
        with pytest.raises(EnvironmentFailure):
            runner.find("https://hangs.example/", "hangs.example")
        assert runner.find("https://a.org/", "a.org") == "DIRECT"
    finally:
        runner.close()
