"""Each meeting goes to where it is held; moved, it is taken back from where it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from projectdesk.desktop.runtime import hosting as module
from projectdesk.desktop.runtime.host_client import HostAddress, HostClient
from projectdesk.desktop.runtime.host_process import lan_folder
from projectdesk.desktop.runtime.hosting import Hosting, Published
from projectdesk.desktop.runtime.hosts import Hosts
from projectdesk.desktop.runtime.remote_host import RemoteHost
from projectdesk.errors import EnvironmentFailure, ProjectDeskError
from projectdesk.services import commands, meeting_hosts, queries
from projectdesk.services.meeting_hosts import LAN
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.control import HostFacts
from projectdesk.signalling.journal import JournalBatch
from tests.unit.desktop.conftest import NOW, InstantSession
from tests.unit.desktop.fake_host import FakeHttp

SERVER = "https://meet.example.org"
OTHER = "https://other.example.org"
MakesRemote = Callable[[str], RemoteHost]


class Place(QObject):
    """Stands for a host of any kind: there, or silent."""

    started = Signal(object)

    def __init__(self, folder: Path, url: str, *, always: bool) -> None:
        super().__init__()
        self.folder = folder
        self.always = always
        self.address = HostAddress(url, "key", url)
        self.silent = False

    def ensure(
        self, then: Callable[[HostAddress], None], failed: Callable[[ProjectDeskError], None]
    ) -> None:
        if self.silent:
            failed(EnvironmentFailure("server_unreachable", "Silence."))
            return
        self.started.emit(self.address)
        then(self.address)

    def stop(self) -> None:
        pass


class World:
    """All places, and what they were sent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places: dict[str, Place] = {}
        self.sent: list[tuple[str, str, str]] = []

    def place(self, host: str) -> Place:
        if host not in self.places:
            folder = self.folder / (host.partition("://")[2] or "host")
            url = host or "http://127.0.0.1:20000"
            self.places[host] = Place(folder, url, always=bool(host))
        return self.places[host]

    def to(self, host: str, method: str, part: str) -> list[str]:
        """Return the paths that a place was asked."""
        url = self.place(host).address.url
        return [path for m, u, path in self.sent if (m, u) == (method, url) and part in path]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path)

    class Client(QObject):
        def __init__(self, address: HostAddress, parent: QObject | None = None) -> None:
            super().__init__(parent)
            self.address = address

        def located(self, room: str) -> HostAddress:
            return self.address

        def ask(self, method, path, reply, then, failed, body=None) -> None:
            host = next(h for h, p in made.places.items() if p.address == self.address)
            if made.places[host].silent:
                failed(EnvironmentFailure("host_unreachable", "Silence."))
                return
            made.sent.append((method, self.address.url, path))
            facts = {"version": "1", "protocol": 1, "epoch": 1, "local": False, "now": NOW}
            journal = f"{abs(hash(self.address.url)):032x}"
            if reply is HostFacts:
                url = self.address.public_url
                then(HostFacts(journal=journal, public_url=url, **facts))
            elif reply is JournalBatch:
                empty = {"entries": [], "last": 0, "collected_until": NOW}
                then(JournalBatch(journal=journal, epoch=1, **empty))
            else:
                then(None)

    monkeypatch.setattr(module, "HostClient", Client)
    return made


@pytest.fixture
def hosts(qapp: object, world: World, instant: InstantSession) -> Iterator[Hosts]:
    def make(host: str, parent: QObject) -> Hosting:
        return Hosting(world.place(host), instant, parent, host)  # type: ignore[arg-type]

    made = Hosts(make, instant)  # type: ignore[arg-type]
    yield made
    made.stop()
    made.deleteLater()


def hold_at(workspace: Workspace, meeting: UUID, host: str) -> None:
    row = queries.meeting(workspace, meeting)
    commands.set_fields(workspace, Kind.MEETING, meeting, row.version, {"host": host})


def publish(hosts: Hosts, meeting: UUID) -> Published:
    done: list[Published] = []
    failures: list[ProjectDeskError] = []
    hosts.publish(meeting, done.append, failures.append)
    assert failures == []
    return done[0]


def test_a_meeting_goes_to_its_server_and_links_point_there(
    hosts: Hosts, world: World, workspace: Workspace, kick_off: UUID
) -> None:
    hold_at(workspace, kick_off, SERVER)
    published = publish(hosts, kick_off)
    assert all(url.startswith(f"{SERVER}/r/{published.room}#") for _, url in published.links)
    assert world.to(SERVER, "PUT", f"/rooms/{published.room}")
    assert world.to("", "PUT", "") == []


@pytest.mark.full
def test_a_meeting_that_is_moved_is_sent_there_and_taken_back_with_a_word(
    qtbot: QtBot, hosts: Hosts, world: World, workspace: Workspace, kick_off: UUID
) -> None:
    before = publish(hosts, kick_off)
    moved: list[Published] = []
    hosts.moved.connect(moved.append)
    hold_at(workspace, kick_off, SERVER)
    qtbot.waitUntil(lambda: bool(world.to("", "DELETE", f"/rooms/{before.room}?moved=true")))
    assert world.to(SERVER, "PUT", f"/rooms/{before.room}")
    assert moved[-1].address.url == SERVER
    assert len(world.to("", "DELETE", "/desks/")) == len(before.links)
    tokens = {url.partition("#")[2] for _, url in before.links}
    assert {url.partition("#")[2] for _, url in moved[-1].links} == tokens

    world.sent.clear()
    hold_at(workspace, kick_off, "")
    qtbot.waitUntil(lambda: bool(world.to(SERVER, "DELETE", "?moved=true")))
    assert world.to("", "PUT", f"/rooms/{before.room}")


def test_what_a_silent_server_was_to_be_sent_is_sent_when_it_is_heard(
    qtbot: QtBot, hosts: Hosts, world: World, workspace: Workspace, kick_off: UUID
) -> None:
    hold_at(workspace, kick_off, SERVER)
    room = publish(hosts, kick_off).room
    troubles: list[ProjectDeskError] = []
    heard: list[tuple[str, bool]] = []
    hosts.trouble.connect(troubles.append)
    hosts.heard.connect(lambda host, is_heard: heard.append((host, is_heard)))
    world.place(SERVER).silent = True
    row = queries.meeting(workspace, kick_off)
    commands.set_fields(workspace, Kind.MEETING, kick_off, row.version, {"title": "Changed"})
    qtbot.waitUntil(lambda: bool(troubles))
    for _ in range(3):
        hosts.collect()
    assert len(troubles) == 1, "said once, tried again silently"
    assert hosts.is_heard(SERVER) is False

    world.sent.clear()
    world.place(SERVER).silent = False
    hosts.collect()
    assert world.to(SERVER, "PUT", f"/rooms/{room}")
    assert heard[-2:] == [(SERVER, False), (SERVER, True)]


def test_servers_with_a_key_are_asked_from_the_start_on_and_again(
    hosts: Hosts, world: World, workspace: Workspace
) -> None:
    meeting_hosts.keep_server(workspace, SERVER, "Ours", "pdk_one")
    meeting_hosts.keep_server(workspace, OTHER, "Theirs")
    world.place(SERVER).silent = True
    hosts.adopt()
    assert OTHER not in world.places, "without a key there is nothing to ask"
    world.place(SERVER).silent = False
    hosts.collect()
    assert world.to(SERVER, "GET", "/api/v1/journal")


def test_the_network_is_listened_to_again_only_where_it_has_meetings(
    hosts: Hosts, world: World, workspace: Workspace, kick_off: UUID, instant: InstantSession
) -> None:
    world.place(LAN).folder = lan_folder(workspace.data)
    world.place(LAN).always = False
    hosts.adopt()
    assert world.to(LAN, "GET", "") == [], "nothing listens in the network unasked"
    hold_at(workspace, kick_off, LAN)
    room = publish(hosts, kick_off).room
    world.sent.clear()
    workspace.secrets.durable = True  # type: ignore[attr-defined]  # as a keyring keeps the key
    again = Hosts(hosts._make, instant)  # type: ignore[arg-type]
    again.adopt()
    assert world.to(LAN, "PUT", f"/rooms/{room}"), "links that were handed out open again"
    again.stop()
    again.deleteLater()


def test_a_server_that_is_forgotten_is_asked_no_more(
    hosts: Hosts, world: World, workspace: Workspace
) -> None:
    meeting_hosts.keep_server(workspace, SERVER, "Ours", "pdk_one")
    hosts.adopt()
    hosts.forget(SERVER)
    world.sent.clear()
    hosts.collect()
    assert world.to(SERVER, "GET", "") == []


# --- the server itself ----------------------------------------------------------------------------


def facts(url: str) -> bytes:
    return msgspec.json.encode(
        HostFacts(
            version="1",
            protocol=1,
            journal="0" * 32,
            epoch=1,
            public_url=url,
            local=False,
            now=NOW,
        )
    )


@pytest.fixture
def http(qapp: object) -> Iterator[FakeHttp]:
    made = FakeHttp()
    yield made
    made.close()


@pytest.fixture
def remote(qtbot: QtBot, instant: InstantSession, tmp_path: Path) -> Iterator[MakesRemote]:
    """Return what makes the host of a server; each goes in the event loop, as in the desktop."""
    made: list[RemoteHost] = []

    def make(url: str) -> RemoteHost:
        made.append(RemoteHost(tmp_path, url, instant))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for host in made:
        host.stop()
        with qtbot.waitSignal(host.destroyed):
            host.deleteLater()


def test_a_server_is_found_by_its_key(
    qtbot: QtBot, http: FakeHttp, remote: MakesRemote, workspace: Workspace
) -> None:
    url = http.address.url
    workspace.secrets.write(meeting_hosts.key_name(url), "pdk_one")
    http.body = facts(SERVER)
    host = remote(url)
    found: list[HostAddress] = []
    host.ensure(found.append, pytest.fail)
    qtbot.waitUntil(lambda: bool(found))
    assert found == [HostAddress(url, "pdk_one", SERVER)]
    assert http.asked[0].authorization == "bearer pdk_one"


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (401, b'{"type":"problem","code":"key_unknown","text":"No."}', "host_key_refused"),
        (503, b'{"type":"problem","code":"host_stopping","text":"No."}', "host_stopping"),
        (200, facts(SERVER).replace(b'"protocol":1', b'"protocol":9'), "host_other_version"),
        (200, b"<html>", "host_answer_unknown"),
    ],
)
def test_what_is_wrong_with_a_server_is_told_apart(
    qtbot: QtBot,
    http: FakeHttp,
    remote: MakesRemote,
    workspace: Workspace,
    status: int,
    body: bytes,
    code: str,
) -> None:
    http.status, http.body = status, body
    workspace.secrets.write(meeting_hosts.key_name(http.address.url), "pdk_one")
    host = remote(http.address.url)
    errors: list[ProjectDeskError] = []
    host.ensure(pytest.fail, errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert errors[0].code == code


def test_a_server_without_a_key_or_an_answer_says_what_to_do(
    qtbot: QtBot, http: FakeHttp, remote: MakesRemote, workspace: Workspace
) -> None:
    url = http.address.url
    http.close()
    host = remote(url)
    errors: list[ProjectDeskError] = []
    host.ensure(pytest.fail, errors.append)
    assert errors[0].code == "host_key_missing"
    assert "Settings" in errors[0].text
    workspace.secrets.write(meeting_hosts.key_name(url), "pdk_one")
    host.ensure(pytest.fail, errors.append)
    qtbot.waitUntil(lambda: len(errors) == 2)
    assert errors[1].code == "server_unreachable"
    assert "Nothing is lost" in errors[1].text


def test_a_node_that_has_the_room_is_followed_for_that_room(
    qtbot: QtBot, qapp: object, http: FakeHttp
) -> None:
    node = FakeHttp()
    node.body = b'{"room":"abcd","state":"waiting","present":0,"waiting":0}'
    http.status, http.body = 307, b'{"type":"problem","code":"wrong_node","text":"There."}'
    http.headers = f"Location: {node.address.url}/api/v1/rooms/abcd\r\n"
    client = HostClient(http.address)
    answers: list[object] = []
    client.ask("GET", "/api/v1/rooms/abcd", dict, answers.append, pytest.fail)
    qtbot.waitUntil(lambda: bool(answers))
    assert client.located("abcd").url == node.address.url
    assert client.located("efgh").url == http.address.url
    client.ask("DELETE", "/api/v1/rooms/abcd?moved=true", dict, answers.append, pytest.fail)
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert len(http.asked) == 1, "asked at its node from then on"
    assert node.asked[-1].line.startswith("DELETE ")
    client.deleteLater()
    node.close()


def test_a_redirect_away_from_the_api_is_no_node(qtbot: QtBot, http: FakeHttp) -> None:
    http.status, http.headers = 307, "Location: http://127.0.0.1:1/login\r\n"
    client = HostClient(http.address)
    errors: list[ProjectDeskError] = []
    client.ask("GET", "/api/v1/host", dict, pytest.fail, errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert errors[0].code == "host_refused"
    client.deleteLater()
