"""Files of chats come from the host into the data folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from projectdesk.desktop.runtime.document_fetch import DocumentFetch
from projectdesk.desktop.runtime.host_client import HostClient
from projectdesk.domain.talk import Document
from projectdesk.services import commands, queries
from projectdesk.services.workspace import Workspace
from tests.unit.desktop.conftest import InstantSession
from tests.unit.desktop.fake_host import FakeHttp

CONTENT = bytes(range(256)) * 2000
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def http(qapp: object) -> Iterator[FakeHttp]:
    made = FakeHttp(body=CONTENT)
    yield made
    made.close()


@pytest.fixture
def client(http: FakeHttp) -> Iterator[HostClient]:
    made = HostClient(http.address)
    yield made
    made.deleteLater()


@pytest.fixture
def fetch(instant: InstantSession) -> Iterator[DocumentFetch]:
    made = DocumentFetch(instant)  # type: ignore[arg-type]
    yield made
    made.deleteLater()


def note(workspace: Workspace, meeting: UUID, number: int) -> None:
    """Note a file of the chat, as the journal tells of it."""
    with workspace.change("Collect", undoable=False) as unit:
        unit.add(
            Document(
                project_id=queries.meeting(workspace, meeting).project_id,
                meeting_id=meeting,
                file=f"{number:032x}",
                name=f"{number}.bin",
                size=len(CONTENT),
                sha256=SHA,
                shared_at=datetime(2027, 3, 10, 9, number, tzinfo=UTC),
            )
        )


def stored(workspace: Workspace, meeting: UUID) -> list[bool]:
    return [row.stored for row in queries.documents(workspace, meeting)]


def test_files_are_fetched_one_after_the_other_with_the_key(
    qtbot: QtBot,
    fetch: DocumentFetch,
    client: HostClient,
    http: FakeHttp,
    workspace: Workspace,
    kick_off: UUID,
) -> None:
    note(workspace, kick_off, 1)
    note(workspace, kick_off, 2)
    fetch.fetch(client)
    fetch.fetch(client)
    qtbot.waitUntil(lambda: stored(workspace, kick_off) == [True, True])
    room = queries.meeting(workspace, kick_off).room
    assert [asked.line for asked in http.asked] == [
        f"GET /api/v1/rooms/{room}/files/{number:032x} HTTP/1.1" for number in (1, 2)
    ]
    assert {asked.authorization for asked in http.asked} == {"bearer a-key"}
    kept = commands.document_path(workspace.data, SHA)
    assert kept is not None
    assert kept.read_bytes() == CONTENT
    assert list((workspace.data / "documents").glob("*.part")) == []


def test_what_this_host_does_not_have_is_asked_for_once(
    qtbot: QtBot,
    fetch: DocumentFetch,
    client: HostClient,
    http: FakeHttp,
    workspace: Workspace,
    kick_off: UUID,
) -> None:
    note(workspace, kick_off, 1)
    http.status = 404
    fetch.fetch(client)
    qtbot.waitUntil(lambda: len(http.asked) == 1 and not fetch.is_busy)
    fetch.fetch(client)
    assert not fetch.is_busy
    assert stored(workspace, kick_off) == [False]


def test_a_host_in_trouble_is_asked_again_and_damage_is_not_kept(
    qtbot: QtBot,
    fetch: DocumentFetch,
    client: HostClient,
    http: FakeHttp,
    workspace: Workspace,
    kick_off: UUID,
) -> None:
    note(workspace, kick_off, 1)
    http.status = 503
    fetch.fetch(client)
    qtbot.waitUntil(lambda: len(http.asked) == 1 and not fetch.is_busy)
    http.status, http.body = 200, b"damaged"
    fetch.fetch(client)
    qtbot.waitUntil(lambda: len(http.asked) == 2 and not fetch.is_busy)
    assert stored(workspace, kick_off) == [False]
    assert [path for path in (workspace.data / "documents").rglob("*") if path.is_file()] == []
