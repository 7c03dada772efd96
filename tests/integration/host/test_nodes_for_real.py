"""Two hosts with one PostgreSQL journal behind a real nginx: one of them is killed in a call."""

from __future__ import annotations

import asyncio
import ssl
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from projectdesk.host.serve import keys_add
from projectdesk.signalling import call, journal
from tests.integration.host.certificates import make_certificate
from tests.integration.host.conftest import Caller, plan, token
from tests.integration.host.proxies import DOMAIN, example, free_port, nginx
from tests.integration.host.test_nodes import room_of
from tests.integration.host.test_serve import Process, start_process
from tests.unit.services.postgres import running_server

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(sys.platform != "linux", reason="Debian's servers"),
]


class Server:
    """Nodes a and b; `caller` speaks to the proxy in front of them."""

    def __init__(self, folder: Path, journal_url: str) -> None:
        self.folder = folder
        self.journal_url = journal_url
        self.url = f"https://127.0.0.1:{free_port()}"
        self.ports = {"a": free_port(), "b": free_port()}
        self.nodes: dict[str, Process] = {}
        self.caller: Caller

    async def start(self, name: str) -> Process:
        node = await start_process(
            data=str(self.folder / name),
            port=self.ports[name],
            public_url=self.url,
            journal_url=self.journal_url,
            trusted_proxies=["127.0.0.1"],
            node=name,
        )
        self.nodes[name] = node
        await node.listening()
        return node

    def site(self, certificate: Path, key: Path) -> str:
        return example(
            "nginx-nodes.conf",
            {
                "    listen 443 ssl http2;\n    listen [::]:443 ssl http2;\n": (
                    f"    listen 127.0.0.1:{urlsplit(self.url).port} ssl http2;\n"
                ),
                "10.0.0.1:8080": f"127.0.0.1:{self.ports['a']}",
                "10.0.0.2:8080": f"127.0.0.1:{self.ports['b']}",
                f"/etc/letsencrypt/live/{DOMAIN}/fullchain.pem": str(certificate),
                f"/etc/letsencrypt/live/{DOMAIN}/privkey.pem": str(key),
                f"server_name {DOMAIN};": "server_name 127.0.0.1;",
            },
        )


@pytest.fixture
async def server(tmp_path) -> AsyncIterator[Server]:
    certificate, key = make_certificate(tmp_path)
    with running_server() as database:
        server = Server(tmp_path, database)
        (tmp_path / "proxy").mkdir()
        for name in server.nodes:
            (tmp_path / name).mkdir()
        server.caller = Caller(server.url, await asyncio.to_thread(keys_add, database, "desktop"))
        await server.caller.http.close()
        context = ssl.create_default_context(cafile=str(certificate))
        server.caller.http = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), connector=aiohttp.TCPConnector(ssl=context)
        )
        port = urlsplit(server.url).port
        assert port is not None
        with nginx(tmp_path / "proxy", server.site(certificate, key), port):
            for name in ("a", "b"):
                await server.start(name)
            yield server
            await server.caller.http.close()
            for node in server.nodes.values():
                if node.process.returncode is None:
                    node.process.kill()
                await node.process.communicate()


async def test_every_room_is_reached_by_one_address_and_outlives_its_node(server):
    caller = server.caller
    rooms = {name: room_of(name) for name in ("a", "b")}
    for room in rooms.values():  # whichever node the proxy asks first
        assert (await caller.put_room(plan(datetime.now(UTC)), room))["status"] == 200
    pages = {}
    for name, room in rooms.items():
        assert (await caller.post(f"/r/{room}/api/look", {"token": token(1)}))["status"] == 200
        assert (await caller.join(1, room=room))["status"] == 200
        pages[name] = await caller.connect(1, room)
        await pages[name].expect(call.RoomState)
        await pages[name].send(call.StartItem(item="a"))
        await pages[name].expect(call.ClockChanged)
        async with caller.http.get(f"{caller.url}/r/{room}") as page:
            assert page.status == 200
    console = await caller.console(rooms["b"])
    await console.expect(call.RoomState)
    cookie, resume = caller.cookies[1], caller.resumes[1]  # of b's room, joined last

    server.nodes["b"].process.kill()
    await server.nodes["b"].ended()

    caller.cookies[1], caller.resumes[1] = cookie, resume
    async with asyncio.timeout(45):
        while True:
            try:
                back = await caller.connect(1, rooms["b"])
                break
            except aiohttp.WSServerHandshakeError as refused:
                if refused.status not in {502, 503, 504}:
                    raise
                await asyncio.sleep(0.2)
    await back.expect(call.RoomState)
    assert (await back.expect(call.ClockChanged)).clock.current == "a"
    await pages["a"].send(call.StartItem(item="b"))
    assert (await pages["a"].expect(call.ClockChanged)).clock.current == "b"

    await server.start("b")
    batch = await caller.batch()
    numbers = [entry.seq for entry in batch.entries]
    assert numbers == sorted(set(numbers))
    left = [e.fact.reason for e in batch.entries if isinstance(e.fact, journal.PersonLeft)]
    assert left == ["host_restarted"]


async def test_a_name_is_there_once_and_a_host_alone_shares_with_nobody(server):
    twin = await start_process(
        data=str(server.folder / "twin"), port=0, journal_url=server.journal_url, node="a"
    )
    assert await twin.ended() == 3
    assert (await twin.error()).startswith("host_running: ")
    alone = await start_process(
        data=str(server.folder / "alone"), port=0, journal_url=server.journal_url
    )
    assert await alone.ended() == 3
    assert (await alone.error()).startswith("host_running: ")
