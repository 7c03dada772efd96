"""The host of this computer is found, started and started again; a small program plays it."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtNetwork import QHostAddress, QTcpServer
from pytestqt.qtbot import QtBot

from projectdesk.desktop.runtime import host_process
from projectdesk.desktop.runtime.host_client import HostAddress, HostClient
from projectdesk.desktop.runtime.host_port import FIRST, LAST, keep_port, kept_port, port_file
from projectdesk.desktop.runtime.host_process import (
    KEY_NAME,
    HostRecord,
    LocalHost,
    host_folder,
    make_key,
    read_record,
    start_host,
)
from projectdesk.errors import EnvironmentFailure, ProjectDeskError
from projectdesk.secrets import PASSPHRASE_VARIABLE
from projectdesk.secrets.memory import MemorySecrets
from tests.unit.desktop.conftest import InstantSession

PROGRAM = Path(__file__).with_name("fake_program.py")
PATIENCE_MS = 20_000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the host's folder; a host that still runs there in the end is ended."""
    monkeypatch.setattr(host_process, "program", lambda: [sys.executable, str(PROGRAM)])
    made = host_folder(tmp_path)
    made.mkdir()
    yield made
    record = read_record(made)
    if record is not None:
        os.kill(record.pid, signal.SIGTERM)


@pytest.fixture
def session() -> InstantSession:
    return InstantSession(SimpleNamespace(secrets=MemorySecrets()))


class Found:
    """Keeps what `ensure` came to."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.addresses: list[HostAddress] = []
        self.errors: list[ProjectDeskError] = []

    def ensure(self, host: LocalHost) -> Found:
        before = len(self.addresses) + len(self.errors)
        host.ensure(self.addresses.append, self.errors.append)
        self._qtbot.waitUntil(
            lambda: len(self.addresses) + len(self.errors) > before, timeout=PATIENCE_MS
        )
        return self


@pytest.fixture
def found(qtbot: QtBot) -> Found:
    return Found(qtbot)


@pytest.fixture
def make_host(
    tmp_path: Path, session: InstantSession, folder: Path
) -> Iterator[Callable[[], LocalHost]]:
    made: list[LocalHost] = []

    def make() -> LocalHost:
        made.append(LocalHost(tmp_path, session))
        return made[-1]

    yield make
    for host in made:
        host.stop()
        host.deleteLater()


def end(qtbot: QtBot, folder: Path, address: HostAddress) -> None:
    """End the host by its API and wait until it is gone."""
    client = HostClient(address)
    client.ask("POST", "/api/v1/stop", type(None), lambda _: None, lambda _: None)
    qtbot.waitUntil(lambda: read_record(folder) is None, timeout=PATIENCE_MS)
    client.deleteLater()


def starts(folder: Path) -> list[int]:
    """Return the ports that hosts were started with."""
    return [int(line) for line in (folder / "starts").read_text(encoding="utf-8").split()]


def test_a_record_is_read_as_the_host_wrote_it(tmp_path: Path) -> None:
    assert read_record(tmp_path) is None
    (tmp_path / "host.json").write_text("{", encoding="utf-8")
    assert read_record(tmp_path) is None
    card = {"pid": 7, "protocol": 1, "url": "http://x", "startedAt": "t", "journal": "more"}
    (tmp_path / "host.json").write_text(json.dumps(card), encoding="utf-8")
    assert read_record(tmp_path) == HostRecord(pid=7, protocol=1, url="http://x", started_at="t")


def test_a_key_is_made_by_the_host_and_a_refusal_tells_why(folder: Path) -> None:
    assert make_key(folder, "desktop") in (folder / "keys").read_text(encoding="utf-8")
    (folder / "mood").write_text("keyless", encoding="utf-8")
    with pytest.raises(EnvironmentFailure, match="the folder cannot be written") as refused:
        make_key(folder, "desktop")
    assert refused.value.code == "host_key_not_made"


def test_the_host_is_not_told_the_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = f"import os; print('PATH' in os.environ, os.environ.get({PASSPHRASE_VARIABLE!r}))"
    monkeypatch.setattr(host_process, "program", lambda: [sys.executable, "-c", code])
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "northern lights")
    start_host(tmp_path).wait(PATIENCE_MS / 1000)
    assert (tmp_path / "host.out").read_text(encoding="utf-8").split() == ["True", "None"]


def test_a_host_is_started_once_and_its_port_and_key_are_kept(
    make_host: Callable[[], LocalHost], found: Found, folder: Path, session: InstantSession
) -> None:
    host = make_host()
    found.ensure(host).ensure(host)
    assert found.errors == []
    assert found.addresses[0] == found.addresses[1] == host.address
    (port,) = starts(folder)
    assert FIRST <= port <= LAST
    assert kept_port(folder) == port
    assert session.workspace.secrets.read(KEY_NAME) == found.addresses[0].key


def test_a_running_host_is_adopted(
    make_host: Callable[[], LocalHost], found: Found, folder: Path
) -> None:
    found.ensure(make_host()).ensure(make_host())
    assert found.addresses[0] == found.addresses[1]
    assert len(starts(folder)) == 1


def test_the_next_host_listens_where_the_last_one_did(
    make_host: Callable[[], LocalHost],
    found: Found,
    folder: Path,
    qtbot: QtBot,
    session: InstantSession,
) -> None:
    host = make_host()
    found.ensure(host)
    end(qtbot, folder, found.addresses[0])
    found.ensure(host)
    assert found.addresses[0] == found.addresses[1]
    assert len(starts(folder)) == 2
    assert session.notices == []


def test_a_record_left_by_a_killed_host_is_not_taken_for_the_new_one(
    make_host: Callable[[], LocalHost], found: Found, folder: Path, qtbot: QtBot
) -> None:
    host = make_host()
    found.ensure(host)
    stale = (folder / "host.json").read_bytes()
    end(qtbot, folder, found.addresses[0])
    (folder / "host.json").write_bytes(stale)
    found.ensure(host)
    assert found.errors == []
    assert (folder / "host.json").read_bytes() != stale


def test_another_program_at_the_port_costs_the_links_and_that_is_said(
    make_host: Callable[[], LocalHost], found: Found, folder: Path, session: InstantSession
) -> None:
    other = QTcpServer()
    assert other.listen(QHostAddress(QHostAddress.SpecialAddress.LocalHost), 0)
    keep_port(folder, other.serverPort())
    found.ensure(make_host())
    (port,) = starts(folder)
    assert port != other.serverPort()
    assert kept_port(folder) == port
    (notice,) = session.notices
    assert str(other.serverPort()) in notice.text
    other.close()
    other.deleteLater()


def test_a_host_that_dies_is_tried_three_times_and_its_log_named(
    make_host: Callable[[], LocalHost], found: Found, folder: Path
) -> None:
    (folder / "mood").write_text("dies", encoding="utf-8")
    found.ensure(make_host())
    (error,) = found.errors
    assert error.code == "host_not_started"
    assert str(folder / "host.out") in error.text
    assert "code 3" in error.text
    assert (folder / "host.out").read_text(encoding="utf-8").count("cannot live like this") == 3


@pytest.mark.parametrize(("protocol", "taken"), [(0, True), (2, True), (3, False)])
def test_one_version_apart_is_adopted_two_are_not(
    make_host: Callable[[], LocalHost], found: Found, folder: Path, protocol: int, taken: bool
) -> None:
    (folder / "mood").write_text(f"version {protocol}", encoding="utf-8")
    found.ensure(make_host())
    assert bool(found.addresses) is taken
    assert [error.code for error in found.errors] == ([] if taken else ["host_other_version"])


def test_a_key_of_another_folder_is_replaced(
    make_host: Callable[[], LocalHost], found: Found, session: InstantSession, folder: Path
) -> None:
    make_key(folder, "somebody")
    session.workspace.secrets.write(KEY_NAME, "of-another-host")
    found.ensure(make_host())
    assert found.errors == []
    assert session.workspace.secrets.read(KEY_NAME) == found.addresses[0].key != "of-another-host"


def test_who_stops_hears_nothing_more(
    make_host: Callable[[], LocalHost], found: Found, qtbot: QtBot, folder: Path
) -> None:
    host = make_host()
    host.ensure(found.addresses.append, found.errors.append)
    host.stop()
    qtbot.waitUntil(lambda: read_record(folder) is not None, timeout=PATIENCE_MS)
    assert found.addresses == found.errors == []


@pytest.mark.parametrize("words", ["", "x", "0", "65536", "-1"])
def test_a_port_that_is_none_is_no_port(tmp_path: Path, words: str) -> None:
    port_file(tmp_path).write_text(words, encoding="utf-8")
    assert kept_port(tmp_path) is None


def test_a_folder_that_is_gone_costs_the_memory_only(tmp_path: Path) -> None:
    keep_port(tmp_path / "gone", 20_001)
    assert kept_port(tmp_path / "gone") is None
