"""An action for real: its link issued on a server, told of in Chromium, followed here once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page
from pytestqt.qtbot import QtBot

from projectdesk.desktop.runtime.action_desks import ActionDesks
from projectdesk.desktop.runtime.hosts import Hosts
from projectdesk.domain.minutes import ActionNoteKind, ActionStatus
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, meeting_hosts, queries
from projectdesk.services.action_rows import ActionLink, ActionRow
from projectdesk.services.commands import actions as action_commands
from projectdesk.services.workspace import Workspace
from tests.e2e.test_effort_desk import PATIENCE_MS, in_browser
from tests.integration.desktop.test_server import Server
from tests.integration.desktop.test_server import hosts as hosts
from tests.integration.desktop.test_server import server as server
from tests.integration.desktop.test_server import workspace as workspace

pytestmark = [pytest.mark.full, pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture
def action(workspace: Workspace, server: Server) -> UUID:
    """A14 of the sample, whose link leads to the server."""
    commands.set_me(workspace, {"given_name": "Ida", "family_name": "Holm", "email": "i@x.org"})
    project = commands.open_sample(workspace)
    meeting_hosts.keep_server(workspace, server.url, "Ours", server.key)
    made = queries.action_numbered(workspace, project, "A14").id
    action_commands.issue_links(workspace, [made], server.url)
    return made


@pytest.fixture
def desks(hosts: Hosts, workspace: Workspace, tmp_path: Path) -> Iterator[ActionDesks]:
    made = ActionDesks(hosts, hosts._session, tmp_path)
    yield made
    made.stop()
    made.deleteLater()


def row(workspace: Workspace, action: UUID) -> ActionRow:
    return queries.action_detail(workspace, action).action


def test_what_is_told_in_a_browser_counts_here_once(
    desks: ActionDesks, hosts: Hosts, workspace: Workspace, action: UUID, chromium_path: Path,
    qtbot: QtBot,
) -> None:  # fmt: skip
    links: list[ActionLink] = []
    errors: list[ProjectDeskError] = []
    project = row(workspace, action).project_id
    desks.publish(project, links.extend, errors.append)
    qtbot.waitUntil(lambda: bool(links or errors), timeout=PATIENCE_MS)
    assert errors == []
    [link] = links
    later = datetime.now(UTC).date() + timedelta(days=20)

    def postpone(page: Page) -> None:
        page.get_by_role("heading", name="Plan the rehearsal of the review").wait_for()
        page.get_by_text("Rui Sampaio, UMV").wait_for()
        page.get_by_role("button", name="Postpone").click()
        page.get_by_text("Choose a day from today on").wait_for()
        page.get_by_label("Comment for the organiser").fill("One expert is ill.")
        page.get_by_label("New date").fill(later.isoformat())
        page.get_by_role("button", name="Postpone").click()
        page.get_by_text("Postponed to").first.wait_for()

    def close(page: Page) -> None:
        page.get_by_text("One expert is ill.").wait_for()
        page.get_by_role("button", name="It is done", exact=True).press("Enter")
        page.get_by_text("You have told that it is done").wait_for()
        page.get_by_role("button", name="It is not done after all").wait_for()

    in_browser(qtbot, chromium_path, link.url, postpone)

    def collected() -> ActionRow:
        hosts.collect()
        return row(workspace, action)

    qtbot.waitUntil(lambda: collected().due_on == later, timeout=PATIENCE_MS)
    in_browser(qtbot, chromium_path, link.url, close)
    qtbot.waitUntil(lambda: collected().status is ActionStatus.DONE, timeout=PATIENCE_MS)
    notes = queries.action_detail(workspace, action).notes[-2:]
    assert [(note.kind, note.name, note.text) for note in notes] == [
        (ActionNoteKind.POSTPONED, "Rui Sampaio", "One expert is ill."),
        (ActionNoteKind.DONE, "Rui Sampaio", ""),
    ]
