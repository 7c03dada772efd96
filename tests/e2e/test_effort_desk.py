"""A statement of effort for real: asked on a server, filled in Chromium, sent back, approved."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, sync_playwright
from pytestqt.qtbot import QtBot

from projectdesk.desktop.runtime.effort_desks import EffortDesks
from projectdesk.desktop.runtime.hosts import Hosts
from projectdesk.domain.effort import StatementState
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, meeting_hosts, queries
from projectdesk.services.reporting_rows import EffortLink, StatementRow
from projectdesk.services.workspace import Workspace
from tests.e2e.page.conftest import FAKE_DEVICES
from tests.integration.desktop.test_server import Server
from tests.integration.desktop.test_server import hosts as hosts
from tests.integration.desktop.test_server import server as server
from tests.integration.desktop.test_server import workspace as workspace

pytestmark = [pytest.mark.full, pytest.mark.browser, pytest.mark.timeout(240)]
PATIENCE_MS = 60_000


@pytest.fixture
def period(workspace: Workspace, server: Server) -> UUID:
    """Return the second period of the sample, whose links lead to the server."""
    commands.set_me(workspace, {"given_name": "Ida", "family_name": "Holm", "email": "i@x.org"})
    project = commands.open_sample(workspace)
    meeting_hosts.keep_server(workspace, server.url, "Ours", server.key)
    return queries.period_by_number(workspace, project, 2).id


@pytest.fixture
def desks(hosts: Hosts, workspace: Workspace, tmp_path: Path) -> Iterator[EffortDesks]:
    made = EffortDesks(hosts, hosts._session, tmp_path)
    yield made
    made.stop()
    made.deleteLater()


def statement(workspace: Workspace, period: UUID) -> StatementRow:
    rows = queries.effort_statements(workspace, period)
    return next(row for row in rows if row.partner == "KIW")


def in_browser(qtbot: QtBot, chromium: Path, url: str, act: Callable[[Page], None]) -> None:
    """Let somebody act on a page while the desktop goes on; what fails there fails here."""
    failures: list[BaseException] = []

    def visit() -> None:
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=str(chromium), args=FAKE_DEVICES
                )
                page = browser.new_page(locale="en-GB")
                page.set_default_timeout(20_000)
                page.goto(url)
                act(page)
                browser.close()
        except BaseException as error:
            failures.append(error)

    visitor = threading.Thread(target=visit)
    visitor.start()
    qtbot.waitUntil(lambda: not visitor.is_alive(), timeout=2 * PATIENCE_MS)
    visitor.join()
    if failures:
        raise failures[0]


def fill(page: Page) -> None:
    page.get_by_role("heading", name="Effort of KIW in RP2").wait_for()
    for field in page.get_by_role("textbox").all()[:-1]:
        if field.is_visible():
            field.fill("1,25")
    page.get_by_label("Comment").fill("By the link.")
    page.get_by_role("button", name="Send figures").click()
    page.get_by_text("person-months").first.wait_for()
    page.get_by_role("button", name="Save figures").wait_for()


def look_again(page: Page) -> None:
    page.get_by_text("WP2 seems too high.").wait_for()
    page.get_by_role("button", name="Save figures").click()
    page.get_by_text("You can change them until").wait_for()


def only_read(page: Page) -> None:
    page.get_by_text("has taken these figures into the report").wait_for()
    assert page.get_by_role("button").count() == 0


def test_figures_go_from_a_partners_browser_to_the_approved_report(
    qtbot: QtBot,
    hosts: Hosts,
    desks: EffortDesks,
    server: Server,
    workspace: Workspace,
    period: UUID,
    chromium_path: Path,
) -> None:
    deadline = date.today() + timedelta(days=14)  # noqa: DTZ011 - a day, as in the dialog
    kiw = statement(workspace, period)
    made, _ = commands.ask_effort(workspace, period, [kiw.partner_id], deadline, server.url)
    links: list[EffortLink] = []
    errors: list[ProjectDeskError] = []
    desks.publish(period, links.extend, errors.append)
    qtbot.waitUntil(lambda: bool(links or errors), timeout=PATIENCE_MS)
    assert errors == []
    url = links[0].url
    assert url.startswith(f"{server.url}/d/")

    in_browser(qtbot, chromium_path, url, fill)

    def state() -> StatementState:
        hosts.collect()
        return statement(workspace, period).state

    qtbot.waitUntil(lambda: state() is StatementState.ANSWERED, timeout=PATIENCE_MS)
    answered = statement(workspace, period)
    usual = [line for line in answered.lines if line.planned or line.earlier]
    assert answered.reported == len(usual) * Decimal("1.25")
    assert answered.comment == "By the link."

    def sent_again() -> bool:
        """Publish again: `then` comes after the host has the form as it is now."""
        done: list[EffortLink] = []
        desks.publish(period, done.extend, errors.append)
        qtbot.waitUntil(lambda: bool(done or errors), timeout=PATIENCE_MS)
        return not errors

    commands.send_back_effort(workspace, made[0], "WP2 seems too high.", deadline)
    assert sent_again()
    in_browser(qtbot, chromium_path, url, look_again)
    qtbot.waitUntil(lambda: state() is StatementState.ANSWERED, timeout=PATIENCE_MS)

    commands.approve_effort(workspace, made)
    assert sent_again()
    in_browser(qtbot, chromium_path, url, only_read)
    assert statement(workspace, period).state is StatementState.APPROVED
