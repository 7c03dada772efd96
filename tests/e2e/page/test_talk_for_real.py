"""Interpretation, captions and files between real browsers, on the real host with its SFU."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.e2e.page.conftest import OpenPage
from tests.e2e.page.real_host import RealHost, RealRoom, meeting, running_host
from tests.e2e.page.test_floor import audio_packets, is_silent
from tests.e2e.page.test_real_call import CHAIR, LI, PEOPLE, ZOE, open_with_guests, sees
from tests.e2e.page.test_talk import open_languages

pytestmark = [
    pytest.mark.browser,
    pytest.mark.full,
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(240),
]


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def host(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RealHost]:
    async with running_host(tmp_path_factory.mktemp("host")) as host:
        yield host


@pytest_asyncio.fixture(loop_scope="package")
async def real(host: RealHost) -> RealRoom:
    return await host.open_room(meeting(PEOPLE))


async def hears(page: Page, number: int) -> None:
    """Wait until packets of somebody's voice arrive."""
    before = await audio_packets(page, number)
    await page.wait_for_function(
        """async ([id, before]) => {
          const now = (await window.projectdesk.statistics())[id]?.audioPackets ?? 0;
          return now > before + 20;
        }""",
        arg=[f"{number:032x}", before],
        polling=250,
        timeout=30_000,
    )


async def test_an_interpreter_is_heard_by_who_listens_and_captions_by_who_reads(
    real: RealRoom, open_page: OpenPage
) -> None:
    chair, zoe, li = await open_with_guests(real, open_page, ZOE, LI)
    await sees(li, [CHAIR, ZOE])
    await open_languages(chair)
    await chair.get_by_label("Add interpretation into").select_option("German")
    interpreters = chair.get_by_role("group", name="Interpreters")
    await interpreters.get_by_label("Person").select_option("Zoë Ångström")
    await interpreters.get_by_label("Language").select_option("German")
    await interpreters.get_by_role("button", name="Add").click()
    await expect(zoe.get_by_text("You are on air in German.")).to_be_visible()
    assert await is_silent(li, ZOE)
    assert await is_silent(chair, ZOE)
    await open_languages(li)
    await li.get_by_label("I listen to").select_option("German")
    await hears(li, ZOE)
    await hears(li, CHAIR)
    assert await is_silent(chair, ZOE)
    volumes = "[...document.querySelectorAll('audio')].map((one) => one.volume).sort()"
    await li.wait_for_function(f"JSON.stringify({volumes}) === '[0.15,1]'")
    captioners = chair.get_by_role("group", name="Captioners")
    await captioners.get_by_label("Person").select_option("Zoë Ångström")
    await captioners.get_by_label("Language").select_option("English")
    await captioners.get_by_role("button", name="Add").click()
    await li.get_by_role("combobox", name="Captions").select_option("English")
    await open_languages(zoe)
    await zoe.get_by_label("Captions in English").fill("Good morning")
    await zoe.get_by_label("Captions in English").press("Enter")
    await expect(li.locator(".captions")).to_have_text("Good morning")
    await expect(chair.locator(".captions")).to_be_hidden()


async def test_a_file_goes_from_one_to_all_and_is_what_it_was(
    real: RealRoom, open_page: OpenPage, tmp_path: Path
) -> None:
    chair, zoe = await open_with_guests(real, open_page, ZOE)
    content = bytes(range(256)) * 4000
    await zoe.keyboard.press("c")
    async with zoe.expect_file_chooser() as choosing:
        await zoe.get_by_role("button", name="Attach a file").click()
    plan = {"name": "Plan ü.bin", "mimeType": "", "buffer": content}
    await (await choosing.value).set_files([plan])
    await chair.get_by_role("button", name="Chat").click()
    async with chair.expect_download() as downloading:
        await chair.get_by_role("link", name="Plan ü.bin").click()
    download = await downloading.value
    assert download.suggested_filename == "Plan ü.bin"
    await download.save_as(tmp_path / "got")
    assert (tmp_path / "got").read_bytes() == content
