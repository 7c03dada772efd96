"""What the page says is on its screen; the host plays a part."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from tests.e2e.page.conftest import OpenPage, place
from tests.e2e.page.staged_host import Message, StagedHost, person

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

IDA, LI = (
    person(2, "Ida Holm", "Aarhus Universitet", role="chair"),
    person(3, "Li Wei", "Fraunhofer ISE"),
)


async def enter(host: StagedHost, open_page: OpenPage) -> Page:
    host.others = [IDA, LI]
    page = await open_page(host.base + "/r/r00m#s3cret", viewport={"width": 1280, "height": 800})
    await page.get_by_role("button", name="Join").click()
    await place(page, "call")
    return page


async def wanted(host: StagedHost, *pictures: tuple[str, str]) -> Message:
    """Wait until the page wants exactly these pictures."""
    while True:
        message = await host.heard("want")
        if {(feed["participant"], feed["source"]) for feed in message["feeds"]} == set(pictures):
            return message


def camera(of: Message) -> tuple[str, str]:
    return (of["id"], "video")


async def test_the_page_says_what_it_shows_how_large_and_whom_it_pinned(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await enter(host, open_page)
    message = await wanted(host, camera(IDA), camera(LI))
    assert {feed["height"] for feed in message["feeds"]} <= {270, 360, 540}
    assert message["pinned"] == []
    await page.locator(".tile", has_text="Li Wei").get_by_role("button", name="Pin").click()
    while message["pinned"] != [LI["id"]]:
        message = await wanted(host, camera(IDA), camera(LI))
    while True:  # the pinned one is large, the other in the strip beside it
        heights = {feed["participant"]: feed["height"] for feed in message["feeds"]}
        if heights[LI["id"]] >= 540 and heights[IDA["id"]] <= 180:
            break
        message = await wanted(host, camera(IDA), camera(LI))


@pytest.mark.full
async def test_a_rebuilt_connection_is_told_at_once_and_a_screen_before_it_has_a_tile(
    host: StagedHost, open_page: OpenPage
) -> None:
    await enter(host, open_page)
    await wanted(host, camera(IDA), camera(LI))
    await host.say({"type": "mediaRestarted"})
    assert (await host.heard("openSubscribe"))["rebuild"] is True
    await wanted(host, camera(IDA), camera(LI))
    await host.say({"type": "participantChanged", "participant": {**LI, "screen": True}})
    await wanted(host, camera(IDA), camera(LI), (LI["id"], "screen"))


@pytest.mark.full
async def test_behind_a_panel_that_covers_them_no_pictures_are_wanted(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await enter(host, open_page)
    await page.set_viewport_size({"width": 360, "height": 740})
    panel = page.locator(".panel")
    if not await panel.is_visible():
        await page.get_by_role("button", name="Chat").first.click()
    await wanted(host)
    await panel.get_by_role("button", name="Close").click()
    await wanted(host, camera(IDA), camera(LI))


@pytest.mark.full
async def test_a_camera_that_does_not_come_is_marked_and_the_page_goes_on_hearing(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await enter(host, open_page)
    await wanted(host, camera(IDA), camera(LI))
    await host.say({"type": "camerasChosen", "participants": [IDA["id"]]})
    mark = page.locator(".tile", has_text="Li Wei").locator(".tile-unseen")
    await mark.wait_for(state="visible")
    assert "Pin the tile" in (await mark.get_attribute("title") or "")
    assert await page.locator(".tile", has_text="Ida Holm").locator(".tile-unseen").is_hidden()
    await host.say({"type": "camerasChosen", "participants": None})
    await mark.wait_for(state="hidden")
