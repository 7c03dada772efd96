"""Meetings go to the host, its journal comes back, and a host that died or moved is followed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from projectdesk.desktop.runtime import hosting as module
from projectdesk.desktop.runtime.host_client import HostAddress
from projectdesk.desktop.runtime.hosting import Hosting, Published
from projectdesk.errors import EnvironmentFailure, ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.signalling import journal
from projectdesk.signalling.control import Acknowledge, HostFacts, RoomSnapshot
from projectdesk.signalling.journal import JournalBatch, JournalEntry
from projectdesk.store import schema
from tests.unit.desktop.conftest import InstantSession

NOW = datetime(2027, 4, 1, 8, tzinfo=UTC)


class Host(QObject):
    """Stands for `LocalHost`: a host that is there, is not, or is elsewhere."""

    started = Signal(object)
    always = False

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.address = HostAddress("http://127.0.0.1:20000", "key", "http://127.0.0.1:20000")
        self.error: ProjectDeskError | None = None
        self.wanted = 0

    def ensure(
        self, then: Callable[[HostAddress], None], failed: Callable[[ProjectDeskError], None]
    ) -> None:
        self.wanted += 1
        if self.error is not None:
            failed(self.error)
            return
        self.started.emit(self.address)
        then(self.address)

    def stop(self) -> None:
        pass


class Client(QObject):
    """Stands for `HostClient`: answers at once from `answers`, keeps what was sent."""

    sent: list[tuple[str, str, msgspec.Struct | None]]
    entries: list[JournalEntry]
    silent: bool

    def __init__(self, address: HostAddress, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.address = address

    def ask(self, method, path, reply, then, failed, body=None) -> None:
        if self.silent:
            failed(EnvironmentFailure("host_unreachable", "Silence."))
            return
        self.sent.append((method, f"{self.address.url}{path}", body))
        then(self._answer(reply, path))

    def located(self, room: str) -> HostAddress:
        return self.address

    def _answer(self, reply: type, path: str) -> object:
        if reply is HostFacts:
            return HostFacts(
                version="1",
                protocol=1,
                journal="0" * 32,
                epoch=1,
                public_url=self.address.public_url,
                local=True,
                now=NOW,
            )
        if reply is JournalBatch:
            after = int(path.partition("after=")[2].partition("&")[0])
            return JournalBatch(
                journal="0" * 32,
                epoch=1,
                entries=[entry for entry in self.entries if entry.seq > after],
                last=len(self.entries),
                collected_until=NOW,
            )
        return None


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> type[Client]:
    """Put the client in; what every one of them sends is in one list."""

    class Ours(Client):
        sent: list[tuple[str, str, msgspec.Struct | None]] = []  # noqa: RUF012 - one test's
        entries: list[JournalEntry] = []  # noqa: RUF012
        silent = False

    monkeypatch.setattr(module, "HostClient", Ours)
    return Ours


@pytest.fixture
def host(qapp: object, tmp_path: Path) -> Host:
    return Host(tmp_path / "host")


@pytest.fixture
def hosting(host: Host, instant: InstantSession, wire: type[Client]) -> Iterator[Hosting]:
    made = Hosting(host, instant)  # type: ignore[arg-type]
    yield made
    made.stop()
    made.deleteLater()


@pytest.fixture
def published(hosting: Hosting, kick_off: UUID) -> Published:
    done: list[Published] = []
    failures: list[ProjectDeskError] = []
    hosting.publish(kick_off, done.append, failures.append)
    assert failures == []
    return done[0]


def puts(wire: type[Client]) -> list[str]:
    return [path for method, path, _ in wire.sent if method == "PUT"]


def test_a_meeting_goes_to_the_host_with_a_desk_for_each_invitee(
    published: Published, wire: type[Client], workspace: Workspace, kick_off: UUID
) -> None:
    invited = queries.invitations(workspace, kick_off)
    desks = [path for path in puts(wire) if "/api/v1/desks/" in path]
    rooms = [body for _, path, body in wire.sent if path.endswith(f"/rooms/{published.room}")]
    assert len(desks) == len(invited) == len(published.links)
    (snapshot,) = rooms
    assert isinstance(snapshot, RoomSnapshot)
    assert len(snapshot.invitees) == len(invited)
    assert published.own_link in dict(published.links).values()
    assert all(link.startswith("http://127.0.0.1:20000/r/") for _, link in published.links)


def test_what_is_edited_is_sent_again(
    qtbot: QtBot, published: Published, wire: type[Client], workspace: Workspace, kick_off: UUID
) -> None:
    wire.sent.clear()
    meeting = queries.meeting(workspace, kick_off)
    commands.set_fields(
        workspace, Kind.MEETING, kick_off, meeting.version, {"title": "Kick-off, moved"}
    )
    qtbot.waitUntil(lambda: bool(puts(wire)))
    (snapshot,) = [body for _, _, body in wire.sent if isinstance(body, RoomSnapshot)]
    assert snapshot.title == "Kick-off, moved"


def test_the_journal_is_applied_and_acknowledged_once(
    hosting: Hosting,
    published: Published,
    wire: type[Client],
    workspace: Workspace,
    kick_off: UUID,
) -> None:
    wire.entries.append(
        JournalEntry(
            seq=1, id=f"{1:032x}", at=NOW, room=published.room, fact=journal.MeetingEnded(by="")
        )
    )
    hosting.collect()
    assert queries.meeting(workspace, kick_off).ended_at == NOW
    hosting.collect()
    done = [body for _, _, body in wire.sent if isinstance(body, Acknowledge)]
    assert done == [Acknowledge(journal="0" * 32, epoch=1, seq=1)]


def test_that_nothing_happened_is_written_down_too(
    hosting: Hosting, published: Published, workspace: Workspace
) -> None:
    hosting.collect()
    with workspace.read() as session:
        until = session.scalar(select(schema.journal_cursor.c.collected_until))
    assert until == NOW, "a deadline before it can have no answer any more"


def test_a_host_that_is_silent_in_a_call_is_started_and_that_is_no_trouble(
    hosting: Hosting, published: Published, host: Host, wire: type[Client]
) -> None:
    troubles: list[ProjectDeskError] = []
    hosting.trouble.connect(troubles.append)
    before = host.wanted
    wire.silent = True
    hosting.collect()
    assert host.wanted == before  # nobody is in a call: the next collection tries again
    host.error = EnvironmentFailure("host_not_started", "No.")
    hosting.live(True)
    assert host.wanted == before + 1
    assert [error.code for error in troubles] == ["host_not_started"]


def test_a_host_that_moved_gets_its_meetings_and_windows_are_told(
    qtbot: QtBot, hosting: Hosting, published: Published, host: Host, wire: type[Client]
) -> None:
    wire.sent.clear()
    host.address = HostAddress("http://127.0.0.1:20001", "key", "http://127.0.0.1:20001")
    with qtbot.waitSignal(hosting.moved) as moved:
        host.started.emit(host.address)
    assert moved.args is not None
    again = moved.args[0]
    assert (again.meeting_id, again.address) == (published.meeting_id, host.address)
    assert again.own_link.startswith("http://127.0.0.1:20001/r/")
    assert all(path.startswith("http://127.0.0.1:20001/") for path in puts(wire))


@pytest.fixture
def next_desktop(
    hosting: Hosting, published: Published, host: Host, instant: InstantSession, wire: type[Client]
) -> Iterator[Hosting]:
    """Return the hosting of the desktop that comes after the one that published."""
    instant.workspace.secrets.durable = True  # the same link key, as a keyring keeps it
    hosting.stop()
    wire.sent.clear()
    made = Hosting(host, instant)  # type: ignore[arg-type]
    yield made
    made.stop()
    made.deleteLater()


@pytest.mark.full
def test_what_was_revoked_is_told_to_the_host_also_by_the_next_desktop(
    qtbot: QtBot,
    next_desktop: Hosting,
    wire: type[Client],
    workspace: Workspace,
    kick_off: UUID,
) -> None:
    next_desktop.adopt()
    assert puts(wire), "links that were handed out open as soon as the desktop does"
    wire.sent.clear()
    guest = queries.invitations(workspace, kick_off)[-1]
    commands.revoke_invitation(workspace, guest.id, guest.version)
    qtbot.waitUntil(lambda: bool(puts(wire)))
    (snapshot,) = [body for _, _, body in wire.sent if isinstance(body, RoomSnapshot)]
    assert {i.token_hash == "" for i in snapshot.invitees if i.id == guest.id.hex} == {True}


def test_secrets_of_one_session_end_no_link_unasked(
    next_desktop: Hosting, host: Host, workspace: Workspace, wire: type[Client]
) -> None:
    workspace.secrets.durable = False  # type: ignore[attr-defined]  # of memory
    before = host.wanted
    next_desktop.adopt()
    assert (host.wanted, wire.sent) == (before, [])


def test_a_meeting_that_is_over_starts_no_host(
    next_desktop: Hosting, host: Host, workspace: Workspace, wire: type[Client]
) -> None:
    workspace.now = lambda: NOW + timedelta(days=9)
    before = host.wanted
    next_desktop.adopt()
    assert (host.wanted, wire.sent) == (before, [])


@pytest.mark.full
def test_who_is_no_longer_invited_loses_the_answer_form(
    qtbot: QtBot, published: Published, wire: type[Client], workspace: Workspace, kick_off: UUID
) -> None:
    guest = queries.invitations(workspace, kick_off)[-1]
    commands.delete(workspace, Kind.INVITATION, guest.id, guest.version)
    gone = ("DELETE", f"{published.address.url}/api/v1/desks/{guest.desk}", None)
    qtbot.waitUntil(lambda: gone in wire.sent)


@pytest.mark.full
def test_a_deleted_meeting_is_withdrawn_and_an_undo_brings_it_back(
    qtbot: QtBot, published: Published, wire: type[Client], workspace: Workspace, kick_off: UUID
) -> None:
    row = queries.meeting(workspace, kick_off)
    commands.delete(workspace, Kind.MEETING, kick_off, row.version)
    room = f"{published.address.url}/api/v1/rooms/{published.room}"
    qtbot.waitUntil(lambda: ("DELETE", room, None) in wire.sent)
    deleted = [path for method, path, _ in wire.sent if method == "DELETE"]
    assert len(deleted) == 1 + len(published.links)
    wire.sent.clear()
    commands.undo(workspace)
    qtbot.waitUntil(lambda: room in puts(wire))


def test_who_stopped_collects_no_more(
    hosting: Hosting, published: Published, wire: type[Client]
) -> None:
    hosting.stop()
    wire.sent.clear()
    hosting.collect()
    assert wire.sent == []
