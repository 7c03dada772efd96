"""What a desktop gives its servers while it runs: mail that is due later, the team's link key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from projectdesk.desktop.models import key_words
from projectdesk.desktop.models.mail_words import explained
from projectdesk.desktop.runtime.handing import Handing
from projectdesk.desktop.runtime.shared_key import SharedKey
from projectdesk.domain.meetings import Meeting, MeetingType
from projectdesk.errors import EnvironmentFailure
from projectdesk.host.journal import keys
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.services import commands, handing, mail_accounts, queries, shared_link_key
from projectdesk.services.meeting_hosts import keep_server
from projectdesk.services.outbox import MailState
from projectdesk.services.queries import mail as mail_queries
from projectdesk.services.rows import Kind
from projectdesk.services.shared_link_key import LinkKeySource, LinkKeyState
from projectdesk.services.workspace import Workspace
from tests.unit.desktop.conftest import NOW, InstantSession
from tests.unit.services.later_server import SERVER, LaterServer

HERE = MailAccount(
    "ines@udr.example", smtp=MailServer("smtp.udr.example", 587), later_server=SERVER
)


@pytest.fixture
def server(
    tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LaterServer]:
    made = LaterServer(tmp_path / "server", workspace.now)
    monkeypatch.setattr(handing, "ask", made.ask)
    keep_server(workspace, SERVER, "Team", made.secret)
    mail_accounts.save(workspace.data, HERE)
    yield made
    made.engine.dispose()


@pytest.fixture
def meetings(workspace: Workspace, sample: Any, server: LaterServer) -> tuple[UUID, UUID]:
    """One meeting on the server and one on this computer, each with a reminder."""
    made = []
    for place in (SERVER, ""):
        start = (NOW + timedelta(days=22)).replace(tzinfo=None, hour=10)
        meeting, _ = commands.plan_meeting(
            workspace, sample.project, MeetingType.KICK_OFF, start, "Europe/Copenhagen"
        )
        with workspace.change("Hold it there") as unit:
            unit.get(Meeting, meeting).host = place
        commands.add_reminders(workspace, meeting, [60])
        made.append(meeting)
    return made[0], made[1]


def links_of(workspace: Workspace, asked: list[UUID]) -> Any:
    def links(meeting: UUID, then: Callable[[Any], None], _failed: object) -> None:
        asked.append(meeting)
        rows = queries.invitations(workspace, meeting)
        then({row.id: f"{SERVER}/r/R#{row.name}" for row in rows})

    return links


def test_links_are_asked_of_servers_only_and_a_change_is_brought_there(
    qtbot: Any, workspace: Workspace, server: LaterServer, meetings: tuple[UUID, UUID]
) -> None:
    asked: list[UUID] = []
    made = Handing(InstantSession(workspace), links_of(workspace, asked))
    made.look()
    assert asked == [meetings[0]]
    people = sum(queries.meeting_reminders(workspace, each).recipients for each in meetings)
    assert len(server.waiting()) == people
    puts = server.puts
    made.look()
    assert server.puts == puts
    made._soon.setInterval(1)
    made.start()
    row = queries.meeting(workspace, meetings[1])
    commands.set_fields(workspace, Kind.MEETING, row.id, row.version, {"title": "Another title"})
    qtbot.waitUntil(lambda: server.puts > puts, timeout=20_000)
    made.stop()
    shown = [mail for mail in mail_queries.outbox(workspace) if mail.meeting_id == meetings[1]]
    assert {mail.state for mail in shown} == {MailState.HANDED}
    assert all("Another title" in mail.subject for mail in shown)
    assert "meet.example.org sends this at its time" in explained(shown[0])


@pytest.mark.full
def test_without_links_a_meeting_waits_and_the_others_go(
    workspace: Workspace, server: LaterServer, meetings: tuple[UUID, UUID]
) -> None:
    def links(_meeting: UUID, _then: object, failed: Callable[[Any], None]) -> None:
        failed(EnvironmentFailure("server_unreachable", "No."))

    Handing(InstantSession(workspace), links).look()
    about = {mail.meeting_id for mail in mail_queries.outbox(workspace)}
    assert about == {meetings[1]}


@pytest.mark.full
def test_a_server_that_refuses_the_domain_is_told_once(
    workspace: Workspace, server: LaterServer, meetings: tuple[UUID, UUID]
) -> None:
    with server.engine.begin() as connection:
        keys.set_mail_domains(connection, "Ines", [])
    session = InstantSession(workspace)
    made = Handing(session, links_of(workspace, []))
    made.look()
    made.look()
    assert [notice.error for notice in session.notices] == [True]
    assert "serve keys mail" in session.notices[0].text
    server.away = True  # that mends itself
    made.look()
    assert len(session.notices) == 1


@pytest.mark.full
def test_nothing_is_asked_where_no_server_is_chosen(
    workspace: Workspace, server: LaterServer, meetings: tuple[UUID, UUID]
) -> None:
    mail_accounts.save(workspace.data, MailAccount(HERE.address, smtp=HERE.smtp))
    asked: list[UUID] = []
    Handing(InstantSession(workspace), links_of(workspace, asked)).look()
    assert (asked, server.puts) == ([], 0)


def test_the_link_key_is_asked_for_and_told(
    qtbot: Any, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = LinkKeySource(LinkKeyState.FETCHED, SERVER, "Ada", NOW, came_from_there=True)
    monkeypatch.setattr(shared_link_key, "settle", lambda _workspace: found)
    made = SharedKey(InstantSession(workspace))
    with qtbot.waitSignal(made.settled) as told:
        made.look()
    assert told.args == [found]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (LinkKeySource(LinkKeyState.LOCAL), ""),
        (LinkKeySource(LinkKeyState.OWN), "No server of the team has it."),
        (LinkKeySource(LinkKeyState.OWN, problem="meet: away"), "has it. meet: away"),
        (LinkKeySource(LinkKeyState.KEPT, SERVER, "Ada"), "“Ada” put it there"),
        (LinkKeySource(LinkKeyState.KEPT, SERVER, "Ada", came_from_there=True), "It came from"),
        (LinkKeySource(LinkKeyState.MISSING), "does not have it"),
        (LinkKeySource(LinkKeyState.OTHER), "would open nothing"),
        (LinkKeySource(LinkKeyState.CONFLICT, SERVER, "Bo"), "which “Bo” put there"),
    ],
)
def test_where_the_link_key_is_in_words(found: LinkKeySource, words: str) -> None:
    assert words in key_words.key_words(found)
