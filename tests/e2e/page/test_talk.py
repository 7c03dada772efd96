"""What is written in the call, in the page against a staged host: polls."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.page.conftest import OpenPage, place
from tests.e2e.page.staged_host import Message, StagedHost

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

LINK = "/r/k3jq8w2xz0#s3cret"


def poll(number: int, **changes: Any) -> Message:
    return {
        "number": number,
        "question": "When do we meet in Tromsø?",
        "options": ["In March", "In April", "In May"],
        "multiple": False,
        "named": False,
        "live": True,
        "state": "open",
        "voted": 0,
        "chosen": [],
        "result": {"counts": [0, 0, 0], "names": None},
        **changes,
    }


async def enter(host: StagedHost, open_page: OpenPage, **options: Any) -> Page:
    """Open the page and go into the call."""
    page = await open_page(host.base + LINK, **options)
    await page.get_by_role("button", name="Join").click()
    await place(page, "call")
    return page


async def test_a_poll_is_answered_changed_and_its_result_read(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await enter(host, open_page)
    await host.say({"type": "pollChanged", "poll": poll(3)})
    await expect(page.get_by_text("Poll: When do we meet in Tromsø?")).to_be_visible()
    await page.get_by_role("button", name="Answer").click()
    await page.get_by_role("radio", name="In April").check()
    await page.get_by_role("button", name="Vote").click()
    assert await host.heard("vote") == {"type": "vote", "poll": 3, "choices": [1]}
    result = {"counts": [2, 1, 0], "names": None}
    await host.say({"type": "pollChanged", "poll": poll(3, voted=3, chosen=[1], result=result)})
    await expect(page.get_by_text("2 · 67 %")).to_be_visible()
    await page.get_by_role("radio", name="In March").check()
    await page.get_by_role("button", name="Change vote").click()
    assert (await host.heard("vote"))["choices"] == [0]
    await page.get_by_role("button", name="Take vote back").click()
    assert (await host.heard("vote"))["choices"] == []
    closed = poll(3, state="closed", voted=3, chosen=[], result={"counts": [3, 0, 0], "names": None})
    await host.say({"type": "pollChanged", "poll": closed})
    await expect(page.get_by_role("button", name="Vote")).to_be_hidden()
    await expect(page.get_by_text("3 · 100 %")).to_be_visible()


async def test_the_chair_writes_a_poll_by_keyboard_and_closes_it(
    host: StagedHost, open_page: OpenPage
) -> None:
    host.role = "chair"
    host.you = {**host.you, "role": "chair"}
    page = await enter(host, open_page, viewport={"width": 1280, "height": 800})
    await page.get_by_role("tab", name="Polls").click()
    await page.get_by_role("button", name="New poll").click()
    await page.get_by_role("button", name="Open now").click()
    await expect(page.get_by_text("A poll needs a question")).to_be_visible()
    await page.keyboard.type("Where?")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Tromsø")
    await page.keyboard.press("Enter")
    await page.keyboard.type("Porto")
    await page.get_by_label("Show the result only when the poll is closed").check()
    await page.get_by_role("button", name="Open now").click()
    assert await host.heard("preparePoll") == {
        "type": "preparePoll",
        "question": "Where?",
        "options": ["Tromsø", "Porto"],
        "multiple": False,
        "named": False,
        "live": False,
        "poll": None,
        "open": True,
    }
    shown = poll(1, question="Where?", options=["Tromsø", "Porto"], live=False, result=None)
    await host.say({"type": "pollChanged", "poll": shown})
    await page.get_by_role("button", name="Close poll").click()
    assert await host.heard("closePoll") == {"type": "closePoll", "poll": 1}
