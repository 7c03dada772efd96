"""The call in the Firefox that people have: with Chromium on the real host, and the page alone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page

from tests.e2e.page.conftest import OpenPage, place
from tests.e2e.page.firefox import Firefox, FirefoxPage, firefox_path, running_firefox
from tests.e2e.page.real_host import RealHost, RealRoom, meeting, running_host
from tests.e2e.page.staged_host import StagedHost
from tests.e2e.page.test_real_call import CHAIR, PEOPLE, ZOE, identifier, join, sees

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(240),
]

#: Waits until the page decodes new pictures and hears packets of somebody.
SEES = """async (id) => {
  const read = async () => (await window.projectdesk.statistics())[id] ?? {};
  const before = await read();
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const now = await read();
    const grew = (name) => (now[name] ?? 0) > (before[name] ?? 0) + 5;
    if (grew("framesDecoded") && grew("audioPackets")) { return true; }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("no moving picture: " + JSON.stringify(await read()));
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def firefox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Firefox]:
    path = firefox_path()
    if path is None:
        pytest.fail("no Firefox on this machine (`dev.py test` installs Debian's firefox-esr)")
    async with running_firefox(path, tmp_path_factory.mktemp("firefox")) as firefox:
        yield firefox


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def real_host(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RealHost]:
    async with running_host(tmp_path_factory.mktemp("host")) as host:
        yield host


@pytest_asyncio.fixture(loop_scope="package")
async def real(real_host: RealHost) -> RealRoom:
    return await real_host.open_room(meeting(PEOPLE))


async def open_both(
    real: RealRoom, open_page: OpenPage, firefox: Firefox
) -> tuple[Page, FirefoxPage]:
    """Return the chair in Chromium and a guest in Firefox, in one call."""
    chair = await open_page(real.link(CHAIR), viewport={"width": 1280, "height": 800})
    await join(chair)
    await place(chair, "call")
    guest = await firefox.open(real.link(ZOE))
    await guest.place("preview")
    await guest.click("Join")
    await guest.place("lobby")
    await chair.get_by_role("button", name="Admit", exact=True).click()
    await guest.place("call")
    return chair, guest


@pytest.mark.full
async def test_firefox_and_chromium_see_and_hear_each_other(
    real: RealRoom, open_page: OpenPage, firefox: Firefox
) -> None:
    chair, guest = await open_both(real, open_page, firefox)
    await guest.evaluate(SEES, identifier(CHAIR))
    counts = await sees(chair, [ZOE])
    await guest.click("More")
    await guest.click("Connection")
    await guest.wait_for(
        "() => /[1-9]\\d* kbit/.test(document.querySelector('.quality-figures')?.textContent)"
    )
    await chair.get_by_role("button", name="Share screen").click()
    await guest.wait_for("() => document.querySelector('.tile[data-kind=screen]') !== null")
    await guest.wait_for(
        "async (id) => (await window.projectdesk.statistics())[id].screenFramesDecoded > 2",
        identifier(CHAIR),
    )
    await guest.reload()
    await guest.place("call")
    await guest.evaluate(SEES, identifier(CHAIR))
    await sees(chair, [ZOE], more_than=counts)
    await guest.press("m")
    await chair.wait_for_function(
        "id => window.projectdesk.state().participants.some((one) => one.id === id && !one.audio)",
        arg=identifier(ZOE),
    )
    await guest.click("Leave")
    await guest.place("left")
    await chair.wait_for_function("() => window.projectdesk.state().participants.length === 1")
    assert guest.complaints == []


@pytest.mark.full
async def test_the_page_works_alone_in_firefox(host: StagedHost, firefox: Firefox) -> None:
    page = await firefox.open(f"{host.base}/r/k3jq8w2xz0#s3cret")
    await page.place("preview")
    await page.wait_for(
        "() => { const video = document.querySelector('.mirror video');"
        " return !video.hidden && video.readyState >= 2; }"
    )
    await page.wait_for("() => document.querySelector('.devices select').options.length > 1")
    await page.click("Play a test sound")
    await page.wait_for(
        "() => [...document.querySelectorAll('.devices button')]"
        ".some((one) => one.textContent === 'Playing…')"
    )
    await page.click("Join")
    await page.place("call")
    await page.press("c")
    await page.wait_for("() => document.activeElement.tagName === 'TEXTAREA'")
    await page.press("m")
    assert await page.evaluate("() => document.activeElement.value") == "m"
    await page.resize(360, 740)
    assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    await page.click("More")
    await page.click("Settings")
    await page.wait_for("() => document.querySelector('dialog[open] select') !== null")
    assert page.complaints == []


@pytest.mark.full
async def test_firefox_says_how_to_mend_a_block_in_firefox(
    host: StagedHost, firefox: Firefox
) -> None:
    page = await firefox.open(f"{host.base}/static/favicon.svg")
    preload = """() => {
      const refusal = new DOMException("no", "NotAllowedError");
      navigator.mediaDevices.getUserMedia = () => Promise.reject(refusal);
      const denied = Object.assign(new EventTarget(), { state: "denied" });
      navigator.permissions.query = () => Promise.resolve(denied);
    }"""
    await firefox.command(
        "script.addPreloadScript", functionDeclaration=preload, contexts=[page.context]
    )
    await page.goto(f"{host.base}/r/k3jq8w2xz0#s3cret")
    await page.wait_for(
        "() => document.body.textContent.includes('In Firefox: click the crossed-out')"
    )
    await page.click("Join")
    await page.place("call")
    told = await host.heard("setMedia")
    assert (told["audio"], told["video"]) == (False, False)
