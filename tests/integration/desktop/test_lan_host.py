"""A host for the local network, for real: its own process, its own certificate, its own address."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from projectdesk.demo import stage
from projectdesk.desktop.call.page import CallPage
from projectdesk.desktop.runtime.host_client import HostAddress, HostClient
from projectdesk.desktop.runtime.host_process import read_record
from projectdesk.desktop.runtime.lan_host import LanHost
from projectdesk.desktop.runtime.pool import Pool
from projectdesk.desktop.runtime.session import WorkspaceSession
from projectdesk.errors import EnvironmentFailure, ProjectDeskError
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services.workspace import Workspace
from projectdesk.signalling import call
from projectdesk.signalling.control import HostFacts, RoomFacts
from tests.integration.host.conftest import ROOM, plan

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(
        sys.platform != "linux" or os.geteuid() != 0, reason="adds an address to loopback"
    ),
]
ADDRESS = "10.213.7.1"
PATIENCE_MS = 60_000


@pytest.fixture
def network() -> Iterator[str]:
    """Let this computer have a private address for the length of a test."""
    subprocess.run(["ip", "address", "add", f"{ADDRESS}/32", "dev", "lo"], check=True)
    yield ADDRESS
    subprocess.run(["ip", "address", "del", f"{ADDRESS}/32", "dev", "lo"], check=True)


@pytest.fixture
def session(qapp: object, tmp_path: Path) -> Iterator[WorkspaceSession]:
    made = WorkspaceSession(Workspace.open(tmp_path / "data", secrets=MemorySecrets()), Pool())
    yield made
    made.close()
    made.pool.deleteLater()
    made.deleteLater()


@pytest.fixture
def found(
    qtbot: QtBot, network: str, session: WorkspaceSession, tmp_path: Path
) -> Iterator[HostAddress]:
    """Return the address of a host that was started in the network."""
    host = LanHost(tmp_path / "data", session, addresses=[network])
    addresses: list[HostAddress] = []
    errors: list[ProjectDeskError] = []
    host.ensure(addresses.append, errors.append)
    qtbot.waitUntil(lambda: bool(addresses or errors), timeout=PATIENCE_MS)
    assert errors == []
    yield addresses[0]
    client = HostClient(addresses[0])
    client.ask("POST", "/api/v1/stop", type(None), lambda _: None, lambda _: None)
    qtbot.waitUntil(lambda: read_record(host.folder) is None, timeout=PATIENCE_MS)
    client.deleteLater()
    host.deleteLater()


def test_it_listens_at_the_private_address_alone_and_only_the_desktop_trusts_it(
    qtbot: QtBot, found: HostAddress, tmp_path: Path
) -> None:
    assert found.url == found.public_url
    assert found.url.startswith(f"https://{ADDRESS}:")
    port = found.url.rpartition(":")[2]
    listening = subprocess.run(["ss", "-Hltn"], capture_output=True, text=True, check=True).stdout
    assert [line.split()[3] for line in listening.splitlines() if f":{port} " in line] == [
        f"{ADDRESS}:{port}"
    ]
    key = tmp_path / "data" / "host-lan" / "lan.key"
    assert key.stat().st_mode & 0o077 == 0

    answers: list[HostFacts] = []
    errors: list[ProjectDeskError] = []
    trusting = HostClient(found)
    trusting.ask("GET", "/api/v1/host", HostFacts, answers.append, pytest.fail)
    others = HostClient(HostAddress(found.url, found.key, found.public_url))
    others.ask("GET", "/api/v1/host", HostFacts, pytest.fail, errors.append)
    qtbot.waitUntil(lambda: bool(answers and errors), timeout=PATIENCE_MS)
    assert errors[0].code == "host_unreachable"
    for client in (trusting, others):
        client.deleteLater()


def test_the_console_leads_a_meeting_over_it(qtbot: QtBot, found: HostAddress) -> None:
    client = HostClient(found)
    facts: list[RoomFacts] = []
    room = plan(datetime.now(UTC))
    client.ask("PUT", f"/api/v1/rooms/{ROOM}", RoomFacts, facts.append, pytest.fail, room)
    qtbot.waitUntil(lambda: bool(facts), timeout=PATIENCE_MS)
    console = client.console(ROOM)
    heard: list[object] = []
    console.received.connect(heard.append)
    console.open()
    qtbot.waitUntil(
        lambda: any(isinstance(message, call.RoomState) for message in heard), timeout=PATIENCE_MS
    )
    with qtbot.waitSignal(console._socket.disconnected):
        console.close()
    client.deleteLater()


@pytest.mark.browser
def test_the_call_page_loads_with_the_desktops_authority_and_not_without(
    qtbot: QtBot, found: HostAddress
) -> None:
    stage.prepare()

    def loads(authority: str) -> bool:
        page = CallPage(f"{found.url}/r/k3jq8w2xza#token", authority=authority)
        with qtbot.waitSignal(page.loaded, timeout=PATIENCE_MS) as loaded:
            page.open()
        inner = page._page
        with qtbot.waitSignal(inner.destroyed):
            page.close_page()
        page.deleteLater()
        assert loaded.args is not None
        return bool(loaded.args[0])

    assert loads(found.authority)
    assert not loads("")


def test_a_computer_in_no_network_says_so(
    qtbot: QtBot, session: WorkspaceSession, tmp_path: Path
) -> None:
    host = LanHost(tmp_path / "data", session, addresses=[])
    errors: list[ProjectDeskError] = []
    host.ensure(pytest.fail, errors.append)
    qtbot.waitUntil(lambda: bool(errors), timeout=PATIENCE_MS)
    assert isinstance(errors[0], EnvironmentFailure)
    assert errors[0].code == "no_local_network"
    host.deleteLater()
