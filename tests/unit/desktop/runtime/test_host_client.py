"""What the desktop asks a host, and the console's link that comes back by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from projectdesk.desktop.runtime.host_client import ConsoleLink, HostAddress, HostClient
from projectdesk.errors import ProjectDeskError
from projectdesk.signalling import VERSION, call
from projectdesk.signalling.control import Acknowledge, HostFacts
from projectdesk.signalling.desk import DeskFileFacts
from tests.unit.desktop.fake_host import FakeConsole, FakeHttp

NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)
FACTS = HostFacts(
    version="1", protocol=1, journal="j", epoch=1, public_url="http://x", local=True, now=NOW
)


@pytest.fixture
def http(qapp: object) -> Iterator[FakeHttp]:
    made = FakeHttp()
    yield made
    made.close()


def ask(qtbot: QtBot, address: HostAddress, reply: type, body: msgspec.Struct | None = None):
    """Ask and return the answer or the error."""
    client = HostClient(address)
    answers: list[object] = []
    errors: list[ProjectDeskError] = []
    client.ask("POST", "/api/v1/x", reply, answers.append, errors.append, body)
    qtbot.waitUntil(lambda: bool(answers or errors), timeout=10_000)
    client.deleteLater()
    return answers[0] if answers else errors[0]


def test_an_answer_is_a_struct_and_the_key_goes_with_the_question(
    qtbot: QtBot, http: FakeHttp
) -> None:
    http.body = msgspec.json.encode(FACTS)
    place = Acknowledge(journal="j", epoch=1, seq=4)
    assert ask(qtbot, http.address, HostFacts, place) == FACTS
    (asked,) = http.asked
    assert asked.line == "POST /api/v1/x HTTP/1.1"
    assert asked.authorization == "bearer a-key"
    assert msgspec.json.decode(asked.body, type=Acknowledge) == place


def test_a_file_goes_out_as_it_is(qtbot: QtBot, http: FakeHttp, tmp_path: Path) -> None:
    http.body = msgspec.json.encode(DeskFileFacts(sha256="a" * 64, size=300_000))
    file = tmp_path / "Budget.pdf"
    file.write_bytes(b"%PDF" * 75_000)
    client = HostClient(http.address)
    answers: list[object] = []
    errors: list[ProjectDeskError] = []
    path = f"/api/v1/desk-files/{'a' * 64}"
    client.put_file(path, file, DeskFileFacts, answers.append, errors.append)
    qtbot.waitUntil(lambda: bool(answers or errors), timeout=10_000)
    (asked,) = http.asked
    assert asked.line == f"PUT {path} HTTP/1.1"
    assert asked.authorization == "bearer a-key"
    assert asked.body == file.read_bytes()
    client.put_file(path, tmp_path / "gone", DeskFileFacts, answers.append, errors.append)
    assert [each.code for each in errors] == ["file_not_read"]
    client.deleteLater()


def test_no_content_is_none(qtbot: QtBot, http: FakeHttp) -> None:
    http.status, http.body = 204, b""
    assert ask(qtbot, http.address, type(None)) is None


@pytest.mark.parametrize(
    ("status", "body", "code", "text"),
    [
        (
            409,
            msgspec.json.encode(call.Problem(code="room_full", text="It is full.")),
            "room_full",
            "It is full.",
        ),
        (401, b"no", "key_refused", "HTTP 401"),
        (500, b"<html>", "host_refused", "HTTP 500"),
        (200, b'{"other": 1}', "host_answer_unknown", "Update"),
    ],
)
def test_a_refusal_keeps_the_hosts_code_and_words(
    qtbot: QtBot, http: FakeHttp, status: int, body: bytes, code: str, text: str
) -> None:
    http.status, http.body = status, body
    error = ask(qtbot, http.address, HostFacts)
    assert error.code == code
    assert text in str(error)
    assert text in error.text


def test_silence_is_said_to_be_silence(qtbot: QtBot, http: FakeHttp) -> None:
    address = http.address
    http.close()
    assert ask(qtbot, address, HostFacts).code == "host_unreachable"


class Heard:
    """Keeps what a link tells."""

    def __init__(self, link: ConsoleLink) -> None:
        self.messages: list[call.HostMessage] = []
        self.connected = 0
        self.lost = 0
        link.received.connect(self.messages.append)
        link.connected.connect(self._on_connected)
        link.lost.connect(self._on_lost)

    def _on_connected(self) -> None:
        self.connected += 1

    def _on_lost(self, _reason: str) -> None:
        self.lost += 1


@pytest.fixture
def console(qapp: object) -> Iterator[FakeConsole]:
    made = FakeConsole()
    yield made
    made.die()
    made.deleteLater()


@pytest.fixture
def link(qtbot: QtBot, console: FakeConsole) -> Iterator[ConsoleLink]:
    made = ConsoleLink(console.address, "room1")
    made.open()
    qtbot.waitUntil(lambda: console.greeted == 1)
    yield made
    made.close()
    made.deleteLater()


def test_a_link_says_hello_with_its_version_and_key(
    console: FakeConsole, link: ConsoleLink
) -> None:
    assert console.paths == ["/api/v1/rooms/room1/console"]
    assert console.keys == [b"Bearer a-key"]
    assert console.received == [call.Hello(version=VERSION)]


def test_messages_are_decoded_and_nonsense_is_left_out(
    qtbot: QtBot, console: FakeConsole, link: ConsoleLink
) -> None:
    heard = Heard(link)
    console.say_raw("{}")
    console.say(call.Pong(n=1), call.ParticipantLeft(participant="p"))
    qtbot.waitUntil(lambda: bool(heard.messages))
    assert heard.messages == [call.ParticipantLeft(participant="p")]


def test_a_lost_link_comes_back_when_the_host_does(
    qtbot: QtBot, console: FakeConsole, link: ConsoleLink
) -> None:
    heard = Heard(link)
    console.die()
    qtbot.waitUntil(lambda: heard.lost >= 2, timeout=10_000)  # and tried again in vain
    link.send(call.EndMeeting())  # nobody is there to hear it
    console.revive()
    qtbot.waitUntil(lambda: console.greeted == 2, timeout=10_000)
    assert heard.connected == 1
    assert not any(isinstance(message, call.EndMeeting) for message in console.received)


def test_a_link_follows_a_host_that_moved(
    qtbot: QtBot, console: FakeConsole, link: ConsoleLink
) -> None:
    elsewhere = FakeConsole()
    link.go_on_at(elsewhere.address)
    qtbot.waitUntil(lambda: elsewhere.greeted == 1, timeout=10_000)
    link.send(call.EndMeeting())
    qtbot.waitUntil(lambda: call.EndMeeting() in elsewhere.received)
    assert console.greeted == 1
    elsewhere.die()
    elsewhere.deleteLater()


def test_a_closed_link_stays_closed(qtbot: QtBot, console: FakeConsole, link: ConsoleLink) -> None:
    heard = Heard(link)
    link.close()
    link.close()
    console.die()
    console.revive()
    other = ConsoleLink(console.address, "room1")
    other.open()
    qtbot.waitUntil(lambda: console.greeted == 2)  # whoever comes, it is the other one
    assert heard.lost == heard.connected == 0
    other.close()
    other.deleteLater()
