"""The host as a process: started, killed, started again."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from projectdesk.host.card import read_card
from projectdesk.host.serve import keys_add
from projectdesk.signalling import call, journal
from tests.integration.host.conftest import ROOM, Caller, plan, token

PROGRAM = """
import json, pathlib, sys
from projectdesk.errors import EnvironmentFailure
from projectdesk.host.nodes import NodeSettings
from projectdesk.host.serve import ServeOptions, main
options = json.loads(sys.argv[1])
for name in ("data", "host_file", "certificate", "certificate_key"):
    if name in options:
        options[name] = pathlib.Path(options[name])
if "node" in options:
    options["node"] = NodeSettings(options["node"])
try:
    sys.exit(main(ServeOptions(media="fake", **options)))
except EnvironmentFailure as error:
    sys.stderr.write(f"{error.code}: {error.text}")
    sys.exit(3)
"""


class Process:
    """One host process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.url = ""

    async def listening(self) -> str:
        assert self.process.stdout is not None
        async with asyncio.timeout(30):
            self.url = (await self.process.stdout.readline()).decode().strip()
        assert self.url, await self.error()
        return self.url

    async def error(self) -> str:
        assert self.process.stderr is not None
        async with asyncio.timeout(30):
            return (await self.process.stderr.read()).decode()

    async def ended(self) -> int:
        async with asyncio.timeout(30):
            return await self.process.wait()


async def start_process(**options: Any) -> Process:
    """Start a host with `ServeOptions` as JSON has them."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        json.dumps(options),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    return Process(process)


class Computer:
    """Starts hosts on one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[Process] = []
        self.callers: list[Caller] = []
        self.key = keys_add(folder, "desktop")

    async def start(self, **options: Any) -> Process:
        fields = {"data": str(self.folder), "port": 0, **options}
        self.processes.append(await start_process(**fields))
        return self.processes[-1]

    def caller(self, url: str) -> Caller:
        self.callers.append(Caller(url, self.key))
        return self.callers[-1]

    async def close(self) -> None:
        for caller in self.callers:
            await caller.http.close()
        for host in self.processes:
            if host.process.returncode is None:
                host.process.kill()
            await host.process.communicate()


@pytest.fixture
async def computer(tmp_path) -> AsyncIterator[Computer]:
    computer = Computer(tmp_path)
    yield computer
    await computer.close()


async def test_a_killed_host_loses_nothing_and_sessions_go_on(computer):
    host = await computer.start()
    caller = computer.caller(await host.listening())
    now = datetime.now(UTC)
    await caller.put_room(plan(now))
    chair = await caller.enter(1)
    await chair.expect(call.RoomState)
    guest = await caller.enter(3)
    await guest.expect(call.Lobby)
    await chair.expect(call.LobbyChanged)
    await chair.send(call.Admit())
    await guest.expect(call.RoomState)
    await chair.send(call.StartItem(item="a"))
    await guest.expect(call.ClockChanged)
    before = await caller.batch()
    host.process.kill()
    await host.ended()

    again = await computer.start()
    later = computer.caller(await again.listening())
    later.cookies, later.resumes = caller.cookies, caller.resumes
    chair = await later.connect(1)
    state = await chair.expect(call.RoomState)
    assert state.clock.current is None
    assert (await chair.expect(call.ClockChanged)).clock.current == "a"
    guest = await later.connect(3)
    participants = (await guest.expect(call.RoomState)).participants
    assert {int(p.id, 16) for p in participants} == {1, 3}
    after = await later.batch()
    assert after.journal == before.journal
    assert after.entries[: len(before.entries)] == before.entries
    added = [(type(e.fact).__name__, e.at) for e in after.entries[len(before.entries) :]]
    assert [name for name, _ in added] == [
        "HostStarted",
        "PersonLeft",
        "PersonLeft",
        "ItemEnded",
        "PersonJoined",
        "ItemStarted",
        "PersonJoined",
    ]
    started = after.entries[len(before.entries)].fact
    assert isinstance(started, journal.HostStarted)
    alive = started.alive_until
    assert alive is not None
    assert [at for name, at in added if name in {"PersonLeft", "ItemEnded"}] == [alive] * 3
    left = [e.fact for e in after.entries if isinstance(e.fact, journal.PersonLeft)]
    assert {fact.reason for fact in left} == {"host_restarted"}
    await chair.send(call.EndMeeting())
    await guest.expect(call.Ended)


async def test_a_second_host_on_a_folder_is_refused(computer):
    first = await computer.start()
    await first.listening()
    second = await computer.start()
    assert await second.ended() == 3
    assert (await second.error()).startswith("host_running: ")
    caller = computer.caller(first.url)
    assert (await caller.api("GET", "/api/v1/host"))["status"] == 200


@pytest.mark.full
async def test_a_journal_elsewhere_has_one_host_too(computer, tmp_path):
    journal_url = f"sqlite:///{(computer.folder / 'host.sqlite3').as_posix()}"
    first = await computer.start(data=str(tmp_path / "one"), journal_url=journal_url)
    await first.listening()
    second = await computer.start(data=str(tmp_path / "two"), journal_url=journal_url)
    assert await second.ended() == 3
    assert (await second.error()).startswith("host_running: ")


async def test_a_port_in_use_is_a_clear_error(computer):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        host = await computer.start(port=taken.getsockname()[1])
        assert await host.ended() == 3
        error = await host.error()
        assert error.startswith("port_in_use: ")
        assert str(taken.getsockname()[1]) in error


@pytest.mark.full
async def test_a_desktops_host_leaves_its_card_and_takes_it_away(computer):
    host = await computer.start(started_by_desktop=True)
    url = await host.listening()
    card = read_card(computer.folder / "host.json")
    assert card is not None
    assert (card.pid, card.url, card.public_url) == (host.process.pid, url, url)
    caller = computer.caller(card.url)
    facts = await caller.api("GET", "/api/v1/host")
    assert (facts["journal"], facts["local"]) == (card.journal, True)
    assert (await caller.api("POST", "/api/v1/stop"))["status"] == 204
    assert await host.ended() == 0
    assert not (computer.folder / "host.json").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_a_host_in_good_order(computer, number):
    host = await computer.start()
    caller = computer.caller(await host.listening())
    await caller.put_room(plan(datetime.now(UTC)))
    chair = await caller.enter(1)
    await chair.expect(call.RoomState)
    host.process.send_signal(number)
    assert (await chair.expect(call.Problem)).code == "host_stopping"
    assert await host.ended() == 0
    assert await host.error() == ""
    again = await computer.start()
    caller = computer.caller(await again.listening())
    (left,) = await caller.facts(journal.PersonLeft)
    assert left.reason == "host_restarted"


@pytest.mark.full
async def test_a_desktops_host_ends_by_itself_when_nobody_uses_it(computer):
    host = await computer.start(started_by_desktop=True, idle_minutes=0.005)
    await host.listening()
    assert await host.ended() == 0
    assert await host.error() == ""


@pytest.mark.full
async def test_a_host_in_use_does_not_end(computer):
    host = await computer.start(started_by_desktop=True, idle_minutes=0.02)
    caller = computer.caller(await host.listening())
    await caller.put_room(plan(datetime.now(UTC)))
    console = await caller.console()
    await console.expect(call.RoomState)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(2.5):
            await host.process.wait()
    await console.socket.close()
    assert await host.ended() == 0


async def test_a_server_speaks_tls_with_its_own_certificate(computer, tmp_path):
    import ssl

    from tests.integration.host.certificates import make_certificate

    certificate, key = make_certificate(tmp_path)
    host = await computer.start(certificate=str(certificate), certificate_key=str(key))
    url = await host.listening()
    assert url.startswith("https://127.0.0.1:")
    caller = computer.caller(url)
    context = ssl.create_default_context(cafile=str(certificate))
    async with caller.http.get(f"{url}/r/{ROOM}", ssl=context) as response:
        assert response.status == 200
        assert response.headers["Strict-Transport-Security"]
    headers = {"Authorization": f"Bearer {computer.key}"}
    body = msgspec.to_builtins(plan(datetime.now(UTC)))
    address = f"{url}/api/v1/rooms/{ROOM}"
    async with caller.http.put(address, json=body, headers=headers, ssl=context) as response:
        assert response.status == 200
    join = {"token": token(1), "name": "Ada"}
    async with caller.http.post(f"{url}/r/{ROOM}/api/join", json=join, ssl=context) as response:
        assert response.cookies[f"pd_{ROOM}"]["secure"]


async def test_a_bad_certificate_is_a_clear_error(computer, tmp_path):
    (tmp_path / "bad.pem").write_text("nonsense", encoding="utf-8")
    host = await computer.start(certificate=str(tmp_path / "bad.pem"))
    assert await host.ended() == 3
    assert (await host.error()).startswith("certificate_unusable: ")
