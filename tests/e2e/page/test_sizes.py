"""Publishers do not send sizes of their camera that nobody gets: real browsers, the real host."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from projectdesk.bench.sizes import (
    KEEP,
    LARGE,
    RAISED,
    SENDS,
    SENDS_UPPER,
    SHOW,
    SIZES,
    SMALL,
    UPPER,
)
from projectdesk.signalling.control import RoomRules
from tests.e2e.page.conftest import OpenPage
from tests.e2e.page.firefox import firefox_path, running_firefox
from tests.e2e.page.real_host import RealHost, meeting, running_host
from tests.e2e.page.test_views import CHAIR, LI, PEOPLE, ZOE, enter, identifier

pytestmark = [
    pytest.mark.browser,
    pytest.mark.full,
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(400),
]

#: Returns the sizes that the camera's sender is to send.
ACTIVE = """() => window.connections
  .filter((one) => one.connectionState === "connected")
  .flatMap((one) => one.getSenders())
  .flatMap((sender) => sender.getParameters().encodings)
  .filter((one) => one.rid && one.active)
  .map((one) => one.rid)"""

Ask = Callable[..., Awaitable[Any]]


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def host(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RealHost]:
    async with running_host(tmp_path_factory.mktemp("host")) as host:
        yield host


async def small(ask: Ask) -> None:
    """Wait until a publisher is to send the smallest size alone, and does."""
    for _ in range(120):
        if await ask(ACTIVE) == ["q"]:
            break
        await asyncio.sleep(0.3)
    assert await ask(ACTIVE) == ["q"]
    await ask(SENDS, ["q"])


async def large(ask: Ask) -> None:
    """Wait until a publisher is to send the largest size, and sends one that is not the smallest.

    A browser that is short of processor or bandwidth sends the largest later, or not at all.
    """
    await ask(SENDS_UPPER)
    assert "f" in await ask(ACTIVE)


async def rate(ask: Ask, seconds: float = 4.0) -> int:
    """Return what a publisher's camera takes in kbit/s."""
    before, began = await ask(SIZES), time.monotonic()
    await ask("(ms) => new Promise((resolve) => setTimeout(resolve, ms))", seconds * 1000)
    after, took = await ask(SIZES), time.monotonic() - began
    grown = sum(after[rid]["bytes"] - before.get(rid, {"bytes": 0})["bytes"] for rid in after)
    return round(grown * 8 / 1000 / took)


async def show(page: Page, number: int, height: int) -> None:
    await page.evaluate(SHOW, [identifier(number), height])


async def raised(page: Page, height: int) -> dict[str, float]:
    """Wait until a picture fills the tile; return ms since it was enlarged and the longest gap."""
    found = await page.wait_for_function(RAISED, arg=height)
    result: dict[str, float] = await found.json_value()
    return result


async def follow(ask: Ask, publisher: int, *pages: Page) -> None:
    """Have all show a publisher small, then one large again."""
    one = pages[0]
    for page in pages:
        await show(page, publisher, LARGE)
    await large(ask)
    full = await rate(ask)
    for page in pages:
        await show(page, publisher, SMALL)
    await small(ask)
    least = await rate(ask)
    found = []
    for _ in range(3):
        await show(one, publisher, LARGE)
        found.append(await raised(one, UPPER))
        await large(ask)
        await show(one, publisher, SMALL)
        await small(ask)
    took = [round(one["after"]) for one in found]
    gaps = [round(one["gap"]) for one in found]
    print(f"uplink {full} -> {least} kbit/s; large after {took} ms, longest gap {gaps} ms")
    assert least < full / 2
    assert least < 250, "the smallest size takes 150 kbit/s"
    if os.getloadavg()[0] < 2 * (os.cpu_count() or 1):
        assert min(took) < 2000
        assert min(gaps) < 1000, "the smaller picture goes on until the larger one is there"


async def test_chromium_sends_the_upper_sizes_only_to_who_shows_them_large(
    host: RealHost, open_page: OpenPage
) -> None:
    room = await host.open_room(meeting(PEOPLE, RoomRules(lobby=False)))
    chair, zoe, li = await enter(open_page, room, CHAIR, ZOE, LI)
    await follow(zoe.evaluate, ZOE, chair, li)


async def test_firefox_sends_one_person_the_size_that_they_show(
    host: RealHost, open_page: OpenPage, tmp_path: Path
) -> None:
    path = firefox_path()
    if path is None:
        pytest.fail("no Firefox on this machine (`dev.py test` installs Debian's firefox-esr)")
    room = await host.open_room(meeting(PEOPLE, RoomRules(lobby=False)))
    (chair,) = await enter(open_page, room, CHAIR)
    async with running_firefox(path, tmp_path) as firefox:
        zoe = await firefox.open(room.link(ZOE), before=KEEP)
        await zoe.place("preview")
        await zoe.click("Join")
        await zoe.place("call")
        await follow(zoe.evaluate, ZOE, chair)
        assert zoe.complaints == []
