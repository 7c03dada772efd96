"""The whole way of a guest through a real reverse proxy with TLS, by the examples we ship."""

from __future__ import annotations

import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack
from ipaddress import ip_network
from pathlib import Path

import aiohttp
import msgspec
import pytest

from projectdesk import resources
from projectdesk.signalling import call
from tests.integration.host.certificates import make_certificate
from tests.integration.host.conftest import ROOM, Caller, Premises, plan, token
from tests.integration.host.proxies import DOMAIN, caddy, example, free_port, nginx, program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Debian's servers")


class Front:
    """A host behind a proxy that listens at `url`."""

    def __init__(self, premises: Premises, url: str, trusted: Path) -> None:
        self.premises = premises
        self.url = url
        self._trusted = trusted
        self._callers: list[Caller] = []

    async def caller(self, address: str = "127.0.0.1") -> Caller:
        """Return a desktop and guests who come from an address of loopback."""
        made = await self.premises.caller()
        await made.http.close()
        made.url = self.url
        context = ssl.create_default_context(cafile=str(self._trusted))
        made.http = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(),
            connector=aiohttp.TCPConnector(ssl=context, local_addr=(address, 0)),
        )
        return made


def _nginx_site(port: int, upstream: int, certificate: Path, key: Path) -> str:
    return example(
        "nginx.conf",
        {
            "    listen 80;\n    listen [::]:80;\n": f"    listen 127.0.0.1:{free_port()};\n",
            "    listen 443 ssl http2;\n    listen [::]:443 ssl http2;\n": (
                f"    listen 127.0.0.1:{port} ssl http2;\n"
            ),
            "127.0.0.1:8080": f"127.0.0.1:{upstream}",
            f"/etc/letsencrypt/live/{DOMAIN}/fullchain.pem": str(certificate),
            f"/etc/letsencrypt/live/{DOMAIN}/privkey.pem": str(key),
            f"server_name {DOMAIN};": "server_name 127.0.0.1;",
        },
    )


def _caddy_site(port: int, upstream: int, certificate: Path, key: Path) -> str:
    return example(
        "Caddyfile",
        {
            f"\n{DOMAIN} {{\n": f"\nhttps://127.0.0.1:{port} {{\n\ttls {certificate} {key}\n",
            "127.0.0.1:8080": f"127.0.0.1:{upstream}",
        },
    )


_PROXIES = [
    pytest.param((nginx, _nginx_site), id="nginx"),
    pytest.param((caddy, _caddy_site), id="caddy", marks=pytest.mark.full),
]


@pytest.fixture(params=_PROXIES)
async def front(request, tmp_path, premises) -> AsyncIterator[Front]:
    run, site = request.param
    certificate, key = make_certificate(tmp_path)
    port = free_port()
    url = f"https://127.0.0.1:{port}"
    settings = premises.host.settings
    object.__setattr__(settings, "public_url", url)
    object.__setattr__(settings, "own_origins", frozenset())
    object.__setattr__(settings, "trusted_proxies", (ip_network("127.0.0.1/32"),))
    upstream = int(premises.url.rpartition(":")[2])
    folder = tmp_path / "proxy"
    folder.mkdir()
    with ExitStack() as stack:
        stack.enter_context(run(folder, site(port, upstream, certificate, key), port))
        yield Front(premises, url, certificate)


async def test_a_guest_comes_in_and_a_desktop_leads_through_a_proxy(front):
    caller = await front.caller()
    people = plan(front.premises.now())
    huge = msgspec.structs.replace(people, title="x" * 2_000_000)
    # Refused by the host in its own words: the proxy, whose limit is 1 MB unless told, let it pass.
    assert (await caller.put_room(huge))["code"] == "message_too_large"
    assert (await caller.put_room(people))["status"] == 200

    async with caller.http.get(f"{front.url}/r/{ROOM}") as page:
        assert page.status == 200
        assert "max-age" in page.headers["Strict-Transport-Security"]
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert page.headers.getall("Referrer-Policy") == ["no-referrer"]
    look = await caller.post(f"/r/{ROOM}/api/look", {"token": token(1)})
    assert (look["status"], look["state"]) == (200, "open")
    joined = await caller.join(1)
    assert joined["cookies"][f"pd_{ROOM}"]["secure"]
    chair = await caller.connect(1)
    await chair.expect(call.RoomState)
    console = await caller.console()
    await console.expect(call.RoomState)
    await console.send(call.StartItem(item="a"))
    assert (await chair.expect(call.ClockChanged)).clock.current == "a"


async def test_a_page_of_another_origin_is_refused_through_a_proxy_too(front):
    caller = await front.caller()
    await caller.put_room(plan(front.premises.now()))
    await caller.join(1)
    cookie = f"pd_{ROOM}={caller.cookies[1]}"
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await caller.socket(f"/r/{ROOM}/ws", cookie=cookie, origin="https://evil.example")
    assert refused.value.status == 403


async def test_limits_count_the_clients_own_address_and_not_what_it_claims(front):
    guessing, other = await front.caller("127.0.0.2"), await front.caller("127.0.0.3")
    await other.put_room(plan(front.premises.now()))

    async def guess(caller: Caller, claimed: str = "") -> int:
        headers = {"X-Forwarded-For": claimed} if claimed else {}
        path = f"/r/{ROOM}/api/look"
        answer = await caller.post(path, {"token": "wrong"}, headers=headers)
        status: int = answer["status"]
        return status

    statuses = [await guess(guessing, f"203.0.113.{number}") for number in range(11)]
    assert statuses == [404] * 10 + [429]
    assert await guess(other, "127.0.0.2") == 404


def test_the_example_for_caddy_is_valid_as_it_is_shipped(tmp_path: Path) -> None:
    file = str(resources.path("server", "Caddyfile"))
    checked = subprocess.run(
        [program("caddy", "caddy"), "validate", "--adapter", "caddyfile", "--config", file],
        capture_output=True,
        text=True,
        timeout=60,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin"},
    )
    assert checked.returncode == 0, checked.stderr


def test_the_unit_for_systemd_is_valid_and_shut_in(tmp_path: Path) -> None:
    unit = tmp_path / "projectdesk.service"
    text = example("projectdesk.service", {"/opt/projectdesk/bin/projectdesk": sys.executable})
    unit.write_text(text, encoding="utf-8")
    analyze = program("systemd-analyze", "systemd")
    verified = subprocess.run(
        [analyze, "verify", "--man=no", str(unit)], capture_output=True, text=True, timeout=60
    )
    assert (verified.returncode, verified.stdout, verified.stderr) == (0, "", "")
    examined = subprocess.run(
        [analyze, "security", "--offline=yes", "--threshold=25", "--no-pager", str(unit)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert examined.returncode == 0, examined.stdout
