"""The same page on the real host, with sound and picture on Janus nodes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from projectdesk.bench.janus import JanusProcess
from tests.e2e.page.conftest import OpenPage, place
from tests.e2e.page.real_host import RealHost, RealRoom, meeting, running_host
from tests.e2e.page.test_real_call import (
    CHAIR,
    PEOPLE,
    ZOE,
    everyone_sees_everyone,
    open_with_guests,
    screen_moves,
    sees,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(180),
]

WORK_S = 0.15
"""Processor time that a node takes within seconds when it carries a call, and never when idle."""


@pytest.fixture(scope="module")
def first() -> Iterator[JanusProcess]:
    with JanusProcess() as process:
        yield process


@pytest.fixture(scope="module")
def second(first: JanusProcess) -> Iterator[JanusProcess]:
    with JanusProcess(like=first) as process:
        yield process


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def host(
    tmp_path_factory: pytest.TempPathFactory, first: JanusProcess, second: JanusProcess
) -> AsyncIterator[RealHost]:
    data = tmp_path_factory.mktemp("host")
    secrets = {
        "PROJECTDESK_SECRET_JANUS_ADMIN_KEY": first.admin_key,
        "PROJECTDESK_SECRET_JANUS_API_SECRET": first.api_secret,
    }
    media = f"janus:{first.url},{second.url}"
    async with running_host(data, "--media", media, environment=secrets) as host:
        yield host


@pytest_asyncio.fixture(loop_scope="package")
async def real(host: RealHost) -> RealRoom:
    return await host.open_room(meeting(PEOPLE))


@pytest.mark.full
async def test_a_call_with_a_screen_and_one_who_leaves_and_comes_back(
    real: RealRoom, open_page: OpenPage
) -> None:
    chair, zoe = await open_with_guests(real, open_page, ZOE)
    await everyone_sees_everyone({CHAIR: chair, ZOE: zoe})
    for _ in range(2):
        await zoe.get_by_role("button", name="Share screen").click()
        await chair.locator(".tile.large[data-kind=screen] video:visible").wait_for()
        await screen_moves(chair, ZOE)
        await zoe.get_by_role("button", name="Stop sharing").first.click()
        await chair.locator(".tile[data-kind=screen]").wait_for(state="detached")
    await zoe.get_by_role("button", name="Leave").click()
    await place(zoe, "left")
    await zoe.get_by_role("button", name="Rejoin").click()
    await place(zoe, "call")
    await everyone_sees_everyone({CHAIR: chair, ZOE: zoe})


@pytest.mark.full
async def test_when_a_node_dies_the_call_goes_on_on_another(
    real: RealRoom, open_page: OpenPage, first: JanusProcess, second: JanusProcess
) -> None:
    chair, zoe = await open_with_guests(real, open_page, ZOE)
    counts = await sees(chair, [ZOE])
    before = {node: node.cpu_seconds() for node in (first, second)}
    await sees(chair, [ZOE], more_than=counts)
    carrier, other = sorted(before, key=lambda node: before[node] - node.cpu_seconds())
    carrier.kill()
    async with asyncio.timeout(60):
        while other.cpu_seconds() - before[other] < WORK_S:  # noqa: ASYNC110 - only time tells
            await asyncio.sleep(0.2)
    await everyone_sees_everyone({CHAIR: chair, ZOE: zoe})
