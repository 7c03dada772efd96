"""A date poll for real: opened on a server, answered in Chromium, decided after the deadline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from projectdesk.desktop.runtime.hosts import Hosts
from projectdesk.desktop.runtime.poll_desks import PollDesks
from projectdesk.domain.preparation import PollRule, PollState
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, meeting_hosts, queries
from projectdesk.services.commands import NewVoter
from projectdesk.services.commands.poll_settling import DecidedPoll
from projectdesk.services.poll_rows import PollLink
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.e2e.test_effort_desk import PATIENCE_MS, in_browser
from tests.integration.desktop.test_server import Server
from tests.integration.desktop.test_server import hosts as hosts
from tests.integration.desktop.test_server import server as server
from tests.integration.desktop.test_server import workspace as workspace

pytestmark = [pytest.mark.full, pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture
def poll(workspace: Workspace, server: Server) -> UUID:
    """A poll of three dates for two people of the sample, whose links lead to the server."""
    commands.set_me(workspace, {"given_name": "Ida", "family_name": "Holm", "email": "i@x.org"})
    project = commands.open_sample(workspace)
    meeting_hosts.keep_server(workspace, server.url, "Ours", server.key)
    people = queries.mailing_list(workspace, project, "all").recipients[:2]
    first = (datetime.now(UTC) + timedelta(days=9)).replace(
        hour=9, minute=0, second=0, microsecond=0, tzinfo=None
    )
    made, _ = commands.create_poll(
        workspace,
        project,
        "WP2 call",
        "Europe/Lisbon",
        [first + timedelta(days=day) for day in range(3)],
        [NewVoter(each.person_id) for each in people],
        deadline=datetime.now(UTC) + timedelta(days=1),
        rule=PollRule.AT_DEADLINE,
        shows_answers=True,
    )
    commands.open_poll(workspace, made, server.url)
    return made


@pytest.fixture
def desks(hosts: Hosts, workspace: Workspace, tmp_path: Path) -> Iterator[PollDesks]:
    made = PollDesks(hosts, hosts._session, tmp_path)
    yield made
    made.stop()
    made.deleteLater()


def answer(page: Page) -> None:
    page.get_by_role("heading", name="WP2 call").wait_for()
    page.get_by_label("Times are shown in").select_option("Asia/Seoul")
    page.get_by_role("radio").nth(0).check(force=True)
    page.get_by_role("button", name="No to the rest").click()
    page.get_by_label("Comment").fill("By the link.")
    page.get_by_role("button", name="Send answer").click()
    page.get_by_text("Your answer is saved").wait_for()


def change(page: Page) -> None:
    page.get_by_text("1 of 2 have answered.").wait_for()
    page.get_by_role("button", name="Yes to all").click()
    page.get_by_role("button", name="Send answer").click()
    page.get_by_text("Your answer is saved").wait_for()


def only_read(page: Page) -> None:
    page.get_by_text("The date is settled").wait_for()
    assert page.get_by_role("radio").count() == 0


def test_a_poll_goes_from_a_voters_browser_to_the_meeting(
    qtbot: QtBot,
    hosts: Hosts,
    desks: PollDesks,
    server: Server,
    workspace: Workspace,
    poll: UUID,
    chromium_path: Path,
) -> None:
    errors: list[ProjectDeskError] = []
    decided: list[DecidedPoll] = []
    desks.decided.connect(decided.append)

    def sent() -> list[PollLink]:
        """Publish: `then` comes after the host has the forms as they are now."""
        done: list[PollLink] = []
        desks.publish(poll, done.extend, errors.append)
        qtbot.waitUntil(lambda: bool(done or errors), timeout=PATIENCE_MS)
        assert errors == []
        return done

    first, second = sent()
    assert first.url.startswith(f"{server.url}/d/")
    in_browser(qtbot, chromium_path, first.url, answer)

    def answered() -> int:
        hosts.collect()
        return queries.date_poll(workspace, poll).poll.answered

    qtbot.waitUntil(lambda: answered() == 1, timeout=PATIENCE_MS)
    voter = next(
        row for row in queries.date_poll(workspace, poll).voters if row.id == first.voter_id
    )
    assert (voter.zone, voter.comment) == ("Asia/Seoul", "By the link.")
    assert list(voter.choices.values()) == ["yes", "no", "no"]
    sent()
    in_browser(qtbot, chromium_path, second.url, change)
    qtbot.waitUntil(lambda: answered() == 2, timeout=PATIENCE_MS)
    assert decided == [], "the deadline is not over"

    # The deadline is over now; the host is heard later than it, and the poll decides itself.
    row = queries.date_poll(workspace, poll).poll
    over = {"deadline": workspace.now() + timedelta(seconds=1)}
    commands.set_fields(workspace, Kind.DATE_POLL, poll, row.version, over)

    # How far a journal without news is known is written down once a minute (commands.collect).
    looking = QTimer(interval=1000)
    looking.timeout.connect(hosts.collect)
    looking.timeout.connect(desks.look)
    looking.start()
    qtbot.waitUntil(lambda: bool(decided), timeout=2 * PATIENCE_MS)
    looking.stop()
    found = queries.date_poll(workspace, poll)
    assert found.poll.state is PollState.DECIDED
    assert found.options[0].chosen
    meeting = queries.meeting(workspace, decided[0].meeting_id)
    assert meeting.starts_at == found.options[0].starts_at
    assert {row.person_id for row in queries.invitations(workspace, meeting.id)} >= {
        voter.person_id for voter in found.voters
    }
    sent()
    in_browser(qtbot, chromium_path, first.url, only_read)
