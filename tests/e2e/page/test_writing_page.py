"""The minutes as the page writes them, with a host that keeps the document in this test."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Error, Page, expect

from projectdesk.text.minutes import MinutesText
from tests.e2e.page.conftest import OpenPage, place
from tests.e2e.page.staged_host import Message, StagedHost, clock, item, person
from tests.e2e.page.test_accessibility import axe as axe
from tests.e2e.page.test_accessibility import findings

pytestmark = pytest.mark.asyncio(loop_scope="package")

TABLE = "| What | Who | By when |\n| --- | --- | --- |\n| Draft  |   |   |\n"
FIRST, SECOND = UUID(int=0xA), UUID(int=0xB)


KEPT_HERE = """async () => {
  const answer = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const database = await answer(indexedDB.open("projectdesk-minutes", 1));
  const kept = await answer(database.transaction("unkept").objectStore("unkept").getAll());
  database.close();
  return kept.map(({ update }) => Array.from(update));
}"""
"""What the browser keeps of what the host does not have."""


def b64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


class Desk:
    """The host's document: takes what the page sends, and answers as `room/writing.py` does."""

    def __init__(self, host: StagedHost) -> None:
        self.host = host
        self.text = MinutesText()
        self.keeps = True
        self.points: list[Message] = []
        self._arrived = asyncio.Event()

    async def run(self) -> None:
        while True:
            message = await self.host.received.get()
            match message["type"]:
                case "openMinutes":
                    vector = base64.b64decode(message["vector"])
                    await self.host.say(
                        {
                            "type": "minutesOpened",
                            "document": f"{7:032x}",
                            "update": b64(self.text.missing(vector)),
                            "vector": b64(self.text.vector()),
                            "words": None,
                        }
                    )
                case "editMinutes":
                    self.text.apply(base64.b64decode(message["update"]))
                    if self.keeps:
                        await self.host.say({"type": "minutesKept", "n": message["n"]})
                case "pointMinutes":
                    self.points.append(message)
            self._arrived.set()

    async def type(self, words: str, at: int = 0, of: UUID = FIRST) -> None:
        """Write as somebody else."""
        updates: list[bytes] = []
        stop = self.text.listen(updates.append)
        self.text.edit(of, at, 0, words)
        stop()
        for update in updates:
            told = {"type": "minutesEdited", "document": f"{7:032x}", "update": b64(update)}
            await self.host.say(told)

    async def has(self, words: str, of: UUID = FIRST) -> None:
        """Wait until the document says this."""
        async with asyncio.timeout(15):
            while self.text.item_text(of) != words:
                self._arrived.clear()
                await self._arrived.wait()

    async def is_kept_by(self, page: Page, words: str) -> None:
        """Wait until what the page keeps in its browser makes the document say this."""
        async with asyncio.timeout(15):
            while True:
                kept = [bytes(update) for update in await page.evaluate(KEPT_HERE)]
                if MinutesText.from_state([self.text.state(), *kept]).item_text(FIRST) == words:
                    return
                await asyncio.sleep(0.05)

    async def point(self, at: int) -> None:
        """Put somebody's cursor into the first item."""
        position = b64(self.text.position(FIRST, at))
        await self.host.say(
            {
                "type": "minutesPointed",
                "writer": 4,
                "name": "Bo Ek",
                "colour": 3,
                "item": FIRST.hex,
                "anchor": position,
                "head": position,
            }
        )


@pytest_asyncio.fixture(loop_scope="package")
async def desk(host: StagedHost) -> AsyncIterator[Desk]:
    desk = Desk(host)
    task = asyncio.get_running_loop().create_task(desk.run())
    yield desk
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def writing(host: StagedHost, open_page: OpenPage, **options: Any) -> Page:
    """Open the page as somebody who may write, at the minutes."""
    host.you = {**host.you, "writes": True}
    host.others = [person(2, "Bo Ek", "UiT")]
    items = [item(1, "Welcome", id=FIRST.hex), item(2, "Budget", id=SECOND.hex)]
    host.clock = clock(items, FIRST.hex)
    page = await open_page(f"{host.base}/r/r00m#token", **options)
    await page.get_by_role("button", name="Join").click()
    await place(page, "call")
    await page.keyboard.press("n")
    await expect(page.locator(".cm-content")).to_be_visible()
    return page


async def test_what_is_typed_reaches_the_host_and_what_others_type_is_shown(
    host: StagedHost, desk: Desk, open_page: OpenPage
) -> None:
    desk.text.edit(FIRST, 0, 0, "Träger 🚀 ")
    page = await writing(host, open_page)
    editor = page.locator(".cm-content")
    await expect(editor).to_have_text("Träger 🚀 ")
    await editor.click()
    await page.keyboard.press("End")
    await page.keyboard.type("mute m")  # no key of the call's
    await desk.has("Träger 🚀 mute m")
    await expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    await desk.type("- one", at=0)
    await expect(editor).to_have_text("- oneTräger 🚀 mute m")
    await desk.point(5)
    await expect(page.locator(".writer-3")).to_have_attribute("data-name", "Bo Ek")
    await expect(page.get_by_text("Writing too: Bo Ek")).to_be_visible()
    await page.get_by_role("button", name="Bold").click()
    await page.keyboard.type("yes")
    await desk.has("- oneTräger 🚀 mute m**yes**")
    await page.keyboard.press("Control+z")
    await expect(editor).not_to_contain_text("yes")
    await expect(editor).to_contain_text("- oneTräger 🚀")  # what is another's stays
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("tabpanel", name="Minutes")).to_be_visible()
    await page.keyboard.press("Tab")
    assert not await page.evaluate("document.activeElement.classList.contains('editor')")


@pytest.mark.full
async def test_the_page_writes_on_without_connection_and_after_it_was_killed(
    host: StagedHost, desk: Desk, open_page: OpenPage
) -> None:
    page = await writing(host, open_page)
    await page.locator(".cm-content").click()
    await page.keyboard.type("kept ")
    await desk.has("kept ")
    await page.evaluate("() => { window.WebSocket = class { close() {} send() {} }; }")
    await host.drop()
    await expect(page.get_by_text("No connection. Go on writing")).to_be_visible()
    await page.keyboard.type("offline ")
    await desk.is_kept_by(
        page, "kept offline "
    )  # what is typed is safe within a second, not at once
    desk.text.edit(FIRST, 0, 0, "meanwhile ")
    with contextlib.suppress(Error):
        await page.goto("chrome://crash")  # its process is killed: nothing of its memory is left
    page = await page.context.new_page()
    await page.goto(f"{host.base}/r/r00m#token")
    await page.get_by_role("button", name="Join").click()
    await place(page, "call")
    await page.keyboard.press("n")
    await desk.has("meanwhile kept offline ")
    await expect(page.locator(".cm-content")).to_have_text("meanwhile kept offline ")


@pytest.mark.full
async def test_a_host_that_cannot_save_is_told_and_lists_and_tables_are_quick(
    host: StagedHost, desk: Desk, open_page: OpenPage, axe: str
) -> None:
    page = await writing(host, open_page, color_scheme="dark")
    desk.keeps = False
    await page.locator(".cm-content").click()
    await page.keyboard.type("- one")
    await host.say({"type": "minutesUnkept"})
    await expect(page.get_by_text("The host cannot save at the moment.")).to_be_visible()
    desk.keeps = True
    await page.keyboard.press("Enter")
    await page.keyboard.type("two")
    await desk.has("- one\n- two")
    await expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Table").click()
    await page.keyboard.type("Draft")
    await desk.has(f"- one\n- two\n{TABLE}")
    await page.get_by_label("Agenda item", exact=True).select_option(label="2. Budget")
    await expect(page.locator(".cm-content")).to_have_text("Write the minutes of this item")
    await page.locator(".cm-content").click()
    await page.keyboard.type("Second")
    await desk.has("Second", of=SECOND)
    assert await findings(page, axe) == []


@pytest.mark.full
async def test_who_only_reads_gets_no_editor_until_they_may_write(
    host: StagedHost, desk: Desk, open_page: OpenPage
) -> None:
    loaded: list[str] = []
    host.others = [person(2, "Bo Ek", "UiT")]
    host.clock = clock([item(1, "Welcome", id=FIRST.hex)], FIRST.hex)
    page = await open_page(f"{host.base}/r/r00m#token")
    page.on("request", lambda request: loaded.append(request.url))
    await page.get_by_role("button", name="Join").click()
    await place(page, "call")
    await page.keyboard.press("n")
    await expect(page.get_by_text("Nothing has been written on this item yet.")).to_be_visible()
    await expect(page.get_by_role("region", name="Write the minutes")).to_be_hidden()
    assert not [url for url in loaded if "/vendor/" in url]
    host.you = {**host.you, "writes": True}
    await host.say({"type": "participantChanged", "participant": host.you})
    await expect(page.locator(".cm-content")).to_be_visible()
    host.you = {**host.you, "writes": False}
    await host.say({"type": "participantChanged", "participant": host.you})
    await expect(page.locator(".cm-content")).to_have_count(0)
