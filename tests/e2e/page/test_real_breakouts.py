"""Breakout rooms in Chromium, on the real host with its SFU: who sees and hears whom, and when."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from projectdesk.signalling import journal
from tests.e2e.page.conftest import OpenPage, place
from tests.e2e.page.real_host import RealHost, invitee, meeting, running_host
from tests.e2e.page.test_real_call import CHAIR, LI, ZOE, identifier, open_with_guests, sees

pytestmark = [
    pytest.mark.full,
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(300),
]

OLA = 4
PEOPLE = [
    invitee(CHAIR, "Ida Holm", "Aarhus Universitet", "chair"),
    invitee(ZOE, "Zoë Ångström", "Universitetet i Tromsø"),
    invitee(LI, "Li Wei", "Fraunhofer ISE"),
    invitee(OLA, "Ola Nordmann", "NTNU"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def host(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RealHost]:
    async with running_host(tmp_path_factory.mktemp("host")) as host:
        yield host


async def gets_nothing_of(page: Page, other: int, meanwhile: int) -> None:
    """Check that nothing of somebody arrives while pictures of another go on."""
    await page.evaluate(
        """async ([gone, there]) => {
          const count = async (id) => {
            const now = (await window.projectdesk.statistics())[id] ?? {};
            return { frames: now.framesDecoded ?? 0, sound: now.audioPackets ?? 0 };
          };
          const grown = async (more) => {
            const start = (await count(there)).frames;
            for (let attempt = 0; attempt < 150; attempt += 1) {
              if ((await count(there)).frames > start + more) { return; }
              await new Promise((resolve) => setTimeout(resolve, 100));
            }
            throw new Error("nobody's pictures go on");
          };
          await grown(5);  // what was under way has arrived
          const before = await count(gone);
          await grown(15);
          const after = await count(gone);
          if (after.frames > before.frames || after.sound > before.sound) {
            throw new Error(`still there: ${JSON.stringify([before, after])}`);
          }
        }""",
        [identifier(other), identifier(meanwhile)],
    )


async def test_groups_see_and_hear_only_themselves_and_all_come_back(
    host: RealHost, open_page: OpenPage
) -> None:
    real = await host.open_room(meeting(PEOPLE))
    chair, zoe, li, ola = await open_with_guests(real, open_page, ZOE, LI, OLA)
    for page, others in ((zoe, [LI, OLA]), (ola, [ZOE, LI]), (chair, [ZOE, LI, OLA])):
        await sees(page, others)
    await chair.get_by_role("tab", name="Breakout rooms").click()
    await chair.get_by_label("Where Zoë Ångström is").select_option("Group 1")
    await chair.get_by_label("Where Li Wei is").select_option("Group 1")
    await chair.get_by_role("button", name="Open breakout rooms").click()
    await expect(zoe.locator(".banner.breakout")).to_contain_text("You are in Group 1")
    await expect(zoe.locator(".tile")).to_have_count(2)
    await gets_nothing_of(zoe, OLA, meanwhile=LI)
    await gets_nothing_of(ola, ZOE, meanwhile=CHAIR)
    await gets_nothing_of(chair, LI, meanwhile=OLA)

    await li.reload()  # comes back into the same group
    await place(li, "call")
    await expect(li.locator(".banner.breakout")).to_contain_text("You are in Group 1")
    await sees(li, [ZOE])
    await gets_nothing_of(li, OLA, meanwhile=ZOE)

    await zoe.get_by_role("button", name="Call the chair").click()
    await chair.get_by_role("button", name="Go there").click()
    counts = await chair.evaluate("window.projectdesk.statistics()")
    await sees(chair, [ZOE, LI], more_than=counts)
    await expect(ola.locator(".tile")).to_have_count(1)

    counts = {
        number: await page.evaluate("window.projectdesk.statistics()")
        for number, page in ((ZOE, zoe), (OLA, ola))
    }
    await chair.get_by_role("button", name="At once").click()
    await expect(ola.locator(".tile")).to_have_count(4)
    await sees(zoe, [LI, OLA, CHAIR], more_than=counts[ZOE])
    await sees(ola, [ZOE, LI, CHAIR], more_than=counts[OLA])
    assert await host.facts(journal.BreakoutsClosed)
    assert not await host.facts(journal.PersonLeft)
