"""A desktop and a server, for real: a meeting is sent there, lived through, collected and moved."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import icalendar
import pytest
from pytestqt.qtbot import QtBot

from projectdesk.desktop.runtime.hosting import Published
from projectdesk.desktop.runtime.hosts import Hosts
from projectdesk.desktop.runtime.places import places
from projectdesk.desktop.runtime.pool import Pool
from projectdesk.desktop.runtime.session import WorkspaceSession
from projectdesk.domain.meetings import InvitationAnswer, MeetingType
from projectdesk.errors import ProjectDeskError
from projectdesk.host.serve import keys_add
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, meeting_hosts, queries
from projectdesk.services.calendar_feeds import FeedLink
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.integration.host.proxies import free_port
from tests.integration.host.test_serve import PROGRAM

pytestmark = [
    pytest.mark.full,
    pytest.mark.timeout(240),
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send"),
]
PATIENCE_MS = 30_000


class Server:
    """A host process that can go away and come back where it was."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.key = keys_add(folder, "desktop")
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        options = json.dumps({"data": str(self.folder), "port": self.port})
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, options], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == self.url

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.communicate(timeout=30)
            self._process = None


def post(url: str, body: dict[str, object]) -> dict[str, object]:
    """Ask as a guest's page; return the answer, with its status."""
    request = urllib.request.Request(url, json.dumps(body).encode(), method="POST")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return {**json.load(answer), "status": answer.status}
    except urllib.error.HTTPError as refused:
        return {**json.load(refused), "status": refused.code}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "server")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "data", secrets=MemorySecrets())


@pytest.fixture
def meeting(workspace: Workspace, server: Server) -> UUID:
    """Return a meeting that begins now, held on the server."""
    commands.set_me(workspace, {"given_name": "Ida", "family_name": "Holm", "email": "i@x.org"})
    commands.open_sample(workspace)
    project = queries.projects(workspace)[0].id
    start = datetime.now(UTC) + timedelta(minutes=5)
    local = start.replace(tzinfo=None, second=0, microsecond=0)
    made, _ = commands.plan_meeting(
        workspace, project, MeetingType.KICK_OFF, local, "UTC", host=server.url
    )
    return made


@pytest.fixture
def hosts(qapp: object, workspace: Workspace, tmp_path: Path) -> Iterator[Hosts]:
    session = WorkspaceSession(workspace, Pool())
    made = Hosts(places(tmp_path / "data", session), session)
    yield made
    made.stop()
    made.deleteLater()
    session.close()
    session.pool.deleteLater()
    session.deleteLater()


def test_a_meeting_lives_on_a_server(
    qtbot: QtBot, hosts: Hosts, server: Server, workspace: Workspace, meeting: UUID
) -> None:
    published: list[Published] = []
    errors: list[ProjectDeskError] = []
    troubles: list[ProjectDeskError] = []
    hosts.trouble.connect(troubles.append)

    # Without a key it is said what is missing.
    hosts.publish(meeting, published.append, errors.append)
    qtbot.waitUntil(lambda: bool(errors), timeout=PATIENCE_MS)
    assert errors.pop().code == "host_key_missing"
    meeting_hosts.keep_server(workspace, server.url, "Ours", server.key)
    hosts.renew(server.url)
    hosts.publish(meeting, published.append, errors.append)
    qtbot.waitUntil(lambda: bool(published or errors), timeout=PATIENCE_MS)
    assert errors == []

    # A guest opens the link, and answers at the desk; the desktop hears of it.
    invitation, link = published[0].links[1]
    page, _, token = link.partition("#")
    assert page == f"{server.url}/r/{published[0].room}"
    assert post(f"{page}/api/look", {"token": token})["state"] == "open"
    row = next(r for r in queries.invitations(workspace, meeting) if r.id == invitation)
    answer = {"kind": "invitation", "answer": "accepted", "comment": ""}
    body = {"token": token, "submission": "one", "answer": answer}
    assert post(f"{server.url}/d/{row.desk}/api/answer", body)["status"] == 200

    def answered() -> bool:
        hosts.collect()
        found = queries.invitations(workspace, meeting)
        return any(r.id == invitation and r.answer is InvitationAnswer.ACCEPTED for r in found)

    qtbot.waitUntil(answered, timeout=PATIENCE_MS)

    # The server is away while the title is changed: it is said once, and sent when it is back.
    server.stop()
    shown = queries.meeting(workspace, meeting)
    commands.set_fields(workspace, Kind.MEETING, meeting, shown.version, {"title": "Renamed"})
    qtbot.waitUntil(lambda: bool(troubles), timeout=PATIENCE_MS)
    assert troubles[0].code == "server_unreachable"
    qtbot.waitUntil(lambda: hosts.is_heard(server.url) is False, timeout=PATIENCE_MS)
    server.start()

    def renamed() -> bool:
        hosts.collect()
        return post(f"{page}/api/look", {"token": token}).get("title") == "Renamed"

    qtbot.waitUntil(renamed, timeout=PATIENCE_MS)
    assert len(troubles) == 1

    # It is moved to another server: the old link says so, the new one opens there.
    other = Server(server.folder.parent / "other")
    other.start()
    try:
        meeting_hosts.keep_server(workspace, other.url, "Other", other.key)
        shown = queries.meeting(workspace, meeting)
        with qtbot.waitSignal(hosts.moved, timeout=PATIENCE_MS) as moved:
            commands.set_fields(
                workspace, Kind.MEETING, meeting, shown.version, {"host": other.url}
            )
        assert moved.args is not None
        there = dict(moved.args[0].links)[invitation]
        assert there == link.replace(server.url, other.url)
        where = f"{other.url}{urlsplit(page).path}"
        assert post(f"{where}/api/look", {"token": token})["state"] == "open"
        qtbot.waitUntil(
            lambda: post(f"{page}/api/look", {"token": token}).get("code") == "room_moved",
            timeout=PATIENCE_MS,
        )
    finally:
        other.stop()


def read(url: str, **headers: str) -> tuple[int, bytes, Any]:
    """Read as a calendar program does."""
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read(), refused.headers


def starts(url: str) -> dict[str, Any]:
    """Return when the meetings of the calendar begin, by title."""
    found = icalendar.Calendar.from_ical(read(url)[1]).walk("VEVENT")
    return {str(each["SUMMARY"]): each.decoded("DTSTART") for each in found}


def test_a_calendar_program_follows_the_meetings_until_the_address_ends(
    qtbot: QtBot,
    hosts: Hosts,
    server: Server,
    workspace: Workspace,
    meeting: UUID,
    tmp_path: Path,
) -> None:
    from projectdesk.desktop.runtime.feed_desks import FeedDesks

    workspace.secrets.durable = True  # type: ignore[attr-defined]  # as a keyring: sent unasked
    meeting_hosts.keep_server(workspace, server.url, "Server", server.key)
    row = queries.meeting(workspace, meeting)
    feed, _ = commands.create_feed(workspace, "Ours", row.project_id, server.url)
    session = WorkspaceSession(workspace, Pool())
    desks = FeedDesks(hosts, session, tmp_path / "data")
    published: list[tuple[FeedLink, ...]] = []
    desks.publish(feed, published.append, lambda error: pytest.fail(str(error)))
    qtbot.waitUntil(lambda: bool(published), timeout=PATIENCE_MS)
    url = published[0][0].url
    assert url.startswith(f"{server.url}/d/")
    status, _, headers = read(url)
    assert status == 200
    assert read(url, **{"If-None-Match": headers["ETag"]})[0] == 304
    assert row.title in starts(url)

    def sent_again(holds: Callable[[], bool]) -> None:
        qtbot.waitUntil(holds, timeout=PATIENCE_MS)

    # A meeting that moves is moved there, without anybody asking for it.
    later = row.local_start + timedelta(days=1)
    commands.set_fields(workspace, Kind.MEETING, meeting, row.version, {"local_start": later})
    sent_again(lambda: starts(url)[row.title].replace(tzinfo=None) == later)
    assert read(url, **{"If-None-Match": headers["ETag"]})[0] == 200
    # The server goes on alone, restarts, and still has it.
    server.stop()
    server.start()
    assert row.title in starts(url)
    commands.revoke_feed(workspace, feed)
    sent_again(lambda: read(url)[0] == 410)
    assert b"BEGIN:VCALENDAR" not in read(url)[1]
    desks.stop()
    desks.deleteLater()
    session.pool.close()
    session.pool.deleteLater()
    session.deleteLater()
