"""Hands, the chair's orders, chat and reactions in Chromium, on the real host with its SFU."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.e2e.page.conftest import OpenPage, place, state
from tests.e2e.page.real_host import RealHost, RealRoom, meeting, running_host
from tests.e2e.page.test_real_call import (
    LI,
    PEOPLE,
    ZOE,
    identifier,
    join,
    open_with_guests,
    sees,
)

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def host(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RealHost]:
    async with running_host(tmp_path_factory.mktemp("host")) as host:
        yield host


@pytest_asyncio.fixture(loop_scope="package")
async def real(host: RealHost) -> RealRoom:
    return await host.open_room(meeting(PEOPLE))


def tile(page: Page, number: int) -> Locator:
    return page.locator(f'.tile[data-participant="{identifier(number)}"]')


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


async def choose(page: Page, whom: str, entry: str) -> None:
    """Take an entry of somebody's menu in the list of people."""
    await page.get_by_role("button", name=f"Actions for {whom}").click()
    await page.get_by_role("menuitem", name=entry).click()


async def audio_packets(page: Page, number: int) -> int:
    counts = await page.evaluate("window.projectdesk.statistics()")
    return int(counts.get(identifier(number), {}).get("audioPackets", 0))


async def is_silent(page: Page, number: int) -> bool:
    """Tell whether no audio packet of somebody arrives while pictures of them go on."""
    frames = """async ([id, more]) => {
      const count = async () => (await window.projectdesk.statistics())[id]?.framesDecoded ?? 0;
      const before = await count();
      for (let attempt = 0; attempt < 100; attempt += 1) {
        if ((await count()) > before + more) { return; }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error("no pictures either");
    }"""
    await page.evaluate(frames, [identifier(number), 5])  # what was under way has arrived
    before = await audio_packets(page, number)
    await page.evaluate(frames, [identifier(number), 10])
    return await audio_packets(page, number) == before


@pytest.mark.full
async def test_hands_are_in_order_and_the_chair_lowers_them(
    real: RealRoom, open_page: OpenPage
) -> None:
    chair, zoe, li = await open_with_guests(real, open_page, ZOE, LI)
    await zoe.keyboard.press("r")
    await expect(tile(chair, ZOE).locator(".tile-hand")).to_have_text("1")
    await button(li, "Raise hand").click()
    await expect(tile(chair, LI).locator(".tile-hand")).to_have_text("2")
    await chair.keyboard.press("p")
    first = chair.locator(".people section .person:visible").first
    await expect(first).to_contain_text("Zoë")
    await expect(first.locator(".person-hand")).to_have_text("1")
    await choose(chair, "Zoë Ångström", "Lower hand")
    await expect(tile(li, LI).locator(".tile-hand")).to_have_text("1")
    await expect(button(zoe, "Raise hand")).to_be_visible()
    await button(chair, "Lower all hands").click()
    await expect(tile(li, LI).locator(".tile-hand")).to_be_hidden()


@pytest.mark.full
async def test_the_chair_silences_and_only_the_person_speaks_again(
    real: RealRoom, open_page: OpenPage
) -> None:
    chair, zoe = await open_with_guests(real, open_page, ZOE)
    await sees(chair, [ZOE])
    await chair.keyboard.press("p")
    await choose(chair, "Zoë Ångström", "Mute microphone")
    await expect(zoe.get_by_text("Ida Holm muted you.")).to_be_visible()
    await expect(tile(chair, ZOE)).to_have_class("tile muted")
    assert await is_silent(chair, ZOE)  # the page still sends packets of silence
    await zoe.reload()
    await place(zoe, "call")
    await expect(zoe.get_by_text("Ida Holm muted you.")).to_be_visible()
    await choose(chair, "Zoë Ångström", "Ask to unmute")
    await expect(zoe.get_by_text("Ida Holm asks you to unmute")).to_be_visible()
    counts = await chair.evaluate("window.projectdesk.statistics()")
    await zoe.locator(".banner:visible").get_by_role("button", name="Unmute").click()
    await sees(chair, [ZOE], more_than=counts)
    await choose(chair, "Zoë Ångström", "Stop video")
    await expect(button(zoe, "Start video").first).to_be_visible()
    await zoe.wait_for_function("!window.projectdesk.state().participants[1].video")


@pytest.mark.full
async def test_who_is_removed_stays_out_and_a_locked_room_takes_nobody_new(
    real: RealRoom, open_page: OpenPage
) -> None:
    chair, zoe = await open_with_guests(real, open_page, ZOE)
    await chair.keyboard.press("p")
    await choose(chair, "Zoë Ångström", "Remove")
    await chair.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await place(zoe, "ended")
    assert (await state(zoe))["reason"] == "removed"
    await zoe.get_by_role("button", name="Knock again").click()
    await join(zoe)
    await expect(zoe.get_by_text("The chair removed you from this meeting.")).to_be_visible()
    await button(chair, "Let Zoë Ångström back in").click()
    await join(zoe)
    await place(zoe, "lobby")
    await chair.locator(".people-lobby").get_by_role("button", name="Admit Zoë Ångström").click()
    await place(zoe, "call")
    await button(chair, "Lock").click()
    await expect(chair.get_by_text("nobody new can knock")).to_be_visible()
    li = await open_page(real.link(LI))
    await join(li)
    await expect(li.get_by_text("The chair has locked the meeting.")).to_be_visible()
    await zoe.get_by_role("button", name="Leave").click()
    await zoe.get_by_role("button", name="Rejoin").click()
    await place(zoe, "call")


@pytest.mark.full
async def test_the_chair_is_handed_over(real: RealRoom, open_page: OpenPage) -> None:
    chair, zoe = await open_with_guests(real, open_page, ZOE)
    await chair.keyboard.press("p")
    await choose(chair, "Zoë Ångström", "Hand over the chair")
    await chair.get_by_role("dialog").get_by_role("button", name="Hand over the chair").click()
    await expect(zoe.get_by_text("Your role is now: Chair")).to_be_visible()
    await expect(chair.get_by_text("Your role is now: Co-host")).to_be_visible()
    assert ((await state(zoe))["role"], (await state(chair))["role"]) == ("chair", "cohost")
    await zoe.keyboard.press("p")
    await choose(zoe, "Ida Holm", "Take co-host role away")
    await expect(chair.get_by_role("button", name="Mute all others")).to_be_hidden()


@pytest.mark.full
async def test_chat_to_all_and_to_one(real: RealRoom, open_page: OpenPage) -> None:
    chair, zoe, li = await open_with_guests(real, open_page, ZOE, LI)
    await zoe.keyboard.press("c")
    await zoe.keyboard.type("Look: https://example.org/a.")
    await zoe.keyboard.press("Enter")
    await expect(chair.get_by_role("tab", name="Chat, 1 unread")).to_be_visible()
    await chair.get_by_role("button", name="Chat").click()
    link = chair.get_by_role("link", name="https://example.org/a")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(link).to_have_attribute("target", "_blank")
    await expect(chair.get_by_role("tab", name="Chat, 1 unread")).to_be_hidden()
    await chair.get_by_label("To", exact=True).select_option("Li Wei")
    await chair.get_by_role("textbox", name="Write a message").fill("<b>psst</b>")
    await button(chair, "Send").click()
    await li.keyboard.press("c")
    await expect(li.locator(".chat-message.private")).to_contain_text("<b>psst</b>")
    await li.reload()
    await place(li, "call")
    await li.keyboard.press("c")
    await expect(li.locator(".chat-text")).to_have_text(
        ["Look: https://example.org/a.", "<b>psst</b>"]
    )
    assert await zoe.locator(".chat-message").count() == 1


@pytest.mark.full
async def test_reactions_float_over_the_picture(real: RealRoom, open_page: OpenPage) -> None:
    chair, zoe = await open_with_guests(real, open_page, ZOE)
    await button(zoe, "React").click()
    await zoe.get_by_role("button", name="React with 🎉").click()
    shown = tile(chair, ZOE).locator(".tile-reaction")
    await expect(shown).to_have_text("🎉")
    await expect(shown).to_have_count(0)
