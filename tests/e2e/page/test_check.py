"""The connection check in Chromium, on the real host with its media server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page

from projectdesk.signalling.journal import ConnectionChecked
from tests.e2e.page.conftest import OpenPage
from tests.e2e.page.real_host import RealHost, invitee, meeting, running_host, token

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(240),
]

PEOPLE = [invitee(1, "Ida Holm", "Aarhus Universitet", "chair"), invitee(2, "Li Wei", "ISE")]


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def host(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RealHost]:
    async with running_host(tmp_path_factory.mktemp("host")) as host:
        yield host


async def check(page: Page) -> None:
    """Begin, and say that the notes were heard."""
    page.set_default_timeout(60_000)
    await page.get_by_role("button", name="Start the check").click()
    await page.get_by_role("button", name="Yes, I hear them").click()


def step(page: Page, title: str) -> str:
    return f".check-step:has(h2:has-text('{title}'))"


@pytest.mark.full
async def test_a_check_by_a_personal_link_reaches_the_organiser(
    host: RealHost, open_page: OpenPage
) -> None:
    room = await host.open_room(meeting(PEOPLE))
    page = await open_page(f"{room.url}/check#{token(2)}")
    await page.get_by_text("For Li Wei, before “Kick-off meeting”").wait_for()
    assert token(2) not in page.url
    await check(page)
    await page.get_by_text("Ida Holm has the result.").wait_for()
    states = {
        title: await page.locator(step(page, title)).get_attribute("data-state")
        for title in ("Browser", "Microphone", "Camera", "Loudspeaker", "Way to the host")
    }
    assert set(states.values()) == {"good"}, states
    media = page.locator(step(page, "Sound and picture"))
    assert "directly to the host and back" in await media.inner_text()
    assert "Mbit/s" in await page.locator(step(page, "Speed")).inner_text()
    focused = await page.evaluate("document.activeElement.textContent")
    assert focused in {"You are ready", "It will work, with limits"}
    (fact,) = await host.facts(ConnectionChecked)
    assert fact.invitation == f"{2:032x}"
    assert (fact.report.path, fact.report.speaker, fact.report.socket) == ("direct", "heard", True)
    assert fact.report.up_kbps > 0
    assert fact.report.down_kbps > 0


@pytest.mark.full
async def test_anybody_may_check_the_browser_and_the_way_to_the_host(
    host: RealHost, open_page: OpenPage
) -> None:
    page = await open_page(f"{host.url}/check", viewport={"width": 360, "height": 740})
    await check(page)
    await page.locator(".check-verdict h2").wait_for()
    assert await page.locator(step(page, "Way to the host")).get_attribute("data-state") == "good"
    skipped = page.locator(step(page, "Sound and picture"))
    assert await skipped.get_attribute("data-state") == "skipped"
    wide = await page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert wide is False


async def test_what_is_denied_is_said_with_how_to_mend_it(
    host: RealHost, open_page: OpenPage
) -> None:
    page = await open_page("about:blank")
    await page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () =>"
        " Promise.reject(new DOMException('no', 'NotAllowedError'));"
    )
    await page.goto(f"{host.url}/check")
    await page.get_by_role("button", name="Start the check").click()
    await page.get_by_role("button", name="No", exact=True).click()
    await page.get_by_role("heading", name="It will not work like this").wait_for()
    assert await page.locator(step(page, "Microphone")).get_attribute("data-state") == "bad"
    remedies = await page.locator(".check-remedies").inner_text()
    assert "There is no microphone." in remedies
    assert "You do not hear the test sound." in remedies
