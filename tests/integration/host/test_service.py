"""A host as a service: systemd is told, a restart keeps the call, certificates are read again."""

from __future__ import annotations

import asyncio
import shutil
import signal
import socket
import ssl
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from projectdesk.host.service_manager import ServiceManager
from projectdesk.signalling import call, journal
from tests.integration.host.certificates import make_certificate
from tests.integration.host.conftest import ROOM, plan
from tests.integration.host.test_serve import Computer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other services")


@pytest.fixture
async def computer(tmp_path) -> AsyncIterator[Computer]:
    computer = Computer(tmp_path / "data")
    yield computer
    await computer.close()


class Manager:
    """Hears what a service says, as systemd does."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.socket.setblocking(False)

    async def hears(self, word: str) -> str:
        async with asyncio.timeout(30):
            while True:
                said = await asyncio.get_running_loop().sock_recv(self.socket, 4096)
                if word in said.decode().splitlines():
                    return said.decode()


@pytest.mark.full
async def test_systemd_is_told_of_start_life_reload_and_end(computer, tmp_path, monkeypatch):
    manager = Manager(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", str(manager.path))
    monkeypatch.setenv("WATCHDOG_USEC", "300000")
    host = await computer.start()
    assert "STATUS=0 rooms, 0 live, 0 people." in await manager.hears("READY=1")
    await manager.hears("WATCHDOG=1")
    await manager.hears("WATCHDOG=1")
    host.process.send_signal(signal.SIGHUP)
    await manager.hears("RELOADING=1")
    await manager.hears("READY=1")
    host.process.send_signal(signal.SIGTERM)
    await manager.hears("STOPPING=1")
    assert await host.ended() == 0
    assert await host.error() == ""
    manager.socket.close()


def test_without_a_manager_nothing_is_sent_and_nobody_watches():
    alone = ServiceManager({"WATCHDOG_USEC": "300000"})
    alone.ready()
    assert alone.watchdog_seconds is None
    another = ServiceManager(
        {"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "300000", "WATCHDOG_PID": "1"}
    )
    assert another.watchdog_seconds is None


async def test_a_restart_in_a_call_brings_everybody_back_with_the_same_session(computer):
    host = await computer.start()
    url = await host.listening()
    caller = computer.caller(url)
    await caller.put_room(plan(datetime.now(UTC)))
    chair = await caller.enter(1)
    await chair.expect(call.RoomState)
    guest = await caller.enter(3)
    await guest.expect(call.Lobby)
    await chair.expect(call.LobbyChanged)
    await chair.send(call.Admit())
    await guest.expect(call.RoomState)
    await chair.send(call.StartItem(item="a"))
    await guest.expect(call.ClockChanged)

    host.process.send_signal(signal.SIGTERM)
    for page in (chair, guest):
        assert (await page.expect(call.Problem)).code == "host_stopping"
        assert await page.closed() == 4000
    assert await host.ended() == 0

    again = await computer.start(port=urlsplit(url).port)
    assert await again.listening() == url
    chair = await caller.connect(1)
    assert (await chair.expect(call.ClockChanged)).clock.current == "a"
    guest = await caller.connect(3)
    state = await guest.expect(call.RoomState)
    assert {int(p.id, 16) for p in state.participants} == {1, 3}
    assert not guest.got(call.Lobby)
    facts = await caller.facts()
    joined = [fact.invitation for fact in facts if isinstance(fact, journal.PersonJoined)]
    assert sorted(int(one, 16) for one in joined) == [1, 1, 3, 3]


async def test_who_comes_while_a_host_ends_is_asked_to_come_again(premises, caller):
    premises.host.stopping.set()
    refused = await caller.join(1)
    assert (refused["status"], refused["code"]) == (503, "host_stopping")
    assert (await caller.put_room(plan(premises.now())))["code"] == "host_stopping"
    with pytest.raises(aiohttp.WSServerHandshakeError) as closed:
        await caller.socket(f"/r/{ROOM}/ws", cookie=f"pd_{ROOM}=x")
    assert closed.value.status == 503
    assert (await caller.post("/healthz", method="GET"))["status"] == 503


def _seen_certificate(url: str, trusted: Path) -> bytes:
    parts = urlsplit(url)
    context = ssl.create_default_context(cafile=str(trusted))
    with (
        socket.create_connection((parts.hostname, parts.port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=parts.hostname) as secure,
    ):
        seen = secure.getpeercert(binary_form=True)
    assert seen
    return seen


def _der(pem: Path) -> bytes:
    return ssl.PEM_cert_to_DER_cert(pem.read_text(encoding="ascii"))


async def test_a_certificate_is_read_again_and_no_call_notices(computer, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        make_certificate(folder)
    used = tmp_path / "used.pem", tmp_path / "used.key"

    def use(folder: Path) -> None:
        shutil.copy(folder / "certificate.pem", used[0])
        shutil.copy(folder / "key.pem", used[1])

    use(first)
    host = await computer.start(certificate=str(used[0]), certificate_key=str(used[1]))
    url = await host.listening()
    caller = computer.caller(url)
    context = ssl.create_default_context(cafile=str(first / "certificate.pem"))
    await caller.http.close()
    caller.http = aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(), connector=aiohttp.TCPConnector(ssl=context)
    )
    await caller.put_room(plan(datetime.now(UTC)))
    chair = await caller.enter(1)
    await chair.expect(call.RoomState)

    used[0].write_text("half of a file", encoding="ascii")
    host.process.send_signal(signal.SIGHUP)
    trusted = first / "certificate.pem"
    for _ in range(3):  # what is unusable changes nothing
        assert await asyncio.to_thread(_seen_certificate, url, trusted) == _der(trusted)

    use(second)
    trusted = second / "certificate.pem"
    host.process.send_signal(signal.SIGHUP)

    async with asyncio.timeout(30):
        while True:
            try:
                seen = await asyncio.to_thread(_seen_certificate, url, trusted)
                break
            except ssl.SSLCertVerificationError:
                await asyncio.sleep(0.02)
    assert seen == _der(trusted)
    await chair.send(call.StartItem(item="a"))
    await chair.expect(call.ClockChanged)
    host.process.send_signal(signal.SIGTERM)
    assert await host.ended() == 0
