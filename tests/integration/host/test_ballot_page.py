"""The ballot of a written procedure in Chromium: read, vote, change, veto, and what is over."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.async_api import Page, async_playwright

from projectdesk.signalling.outcome import BallotAnswer, BallotDocument
from tests.integration.host.conftest import Premises
from tests.integration.host.test_desks import DESK, LINK, Visitor

pytestmark = [pytest.mark.full, pytest.mark.browser, pytest.mark.timeout(120)]
PAPER = bytes(range(256)) * 2300  # more than one part at the host
PAPER_NAME = "Annex – Übersicht der Verschiebungen zwischen Arbeitspaketen.html"
CARRIED = {"outcome": "carried", "counts": [8, 1, 1], "given": "for"}


@pytest.fixture
async def member(premises: Premises) -> Visitor:
    visitor = Visitor(premises, await premises.caller(), "ballot")
    visitor.form = msgspec.structs.replace(visitor.form, closes_early=True)
    visitor.deadline = premises.now() + timedelta(days=12)
    await visitor.put()
    return visitor


@pytest.fixture
async def page(member: Visitor, chromium_path: Path) -> AsyncIterator[Page]:
    """The member's browser at the link; errors of the page fail the test."""
    failures: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(chromium_path), args=["--no-sandbox"]
        )
        shown = await browser.new_page(locale="en-GB", viewport={"width": 400, "height": 900})
        shown.on("pageerror", lambda error: failures.append(str(error)))
        await visit(shown, member)
        yield shown
        await browser.close()
    assert failures == []


async def visit(page: Page, member: Visitor) -> None:
    """Open the link anew, as from the mail."""
    await page.goto("about:blank")
    await page.goto(f"{member.caller.url}/d/{DESK}#{LINK}")
    await page.get_by_role("heading", name="The budget of WP2 is moved to WP3.").wait_for()


async def test_a_vote_is_sent_with_the_keyboard_and_changed(page: Page, member: Visitor) -> None:
    await page.get_by_text("Ada, Org", exact=True).wait_for()
    await page.get_by_text("6 of 11 votes (51 % of all members with a vote)").wait_for()
    await page.get_by_role("button", name="Send vote").click()
    await page.get_by_text("Please choose one.", exact=True).wait_for()
    assert await member.recorded() == []
    await page.keyboard.press("Space")  # the focus went to the first choice
    await page.get_by_label("Comment for the organiser (optional)").fill("Gladly.")
    await page.get_by_role("button", name="Send vote").press("Enter")
    await page.get_by_text("Your vote is saved: For", exact=True).wait_for()
    await page.get_by_role("radio", name="Against").check(force=True)
    await page.get_by_role("button", name="Change vote").click()
    await page.get_by_text("Your vote is saved: Against", exact=True).wait_for()
    assert await member.recorded() == [
        BallotAnswer(choice="for", comment="Gladly."),
        BallotAnswer(choice="against", comment="Gladly."),
    ]


async def test_a_document_is_saved_as_it_was_sent_and_voted_on(page: Page, member: Visitor) -> None:
    """What was typed stays while a document cannot be had yet, and while it is fetched."""
    sha256 = hashlib.sha256(PAPER).hexdigest()
    paper = BallotDocument(name=PAPER_NAME, size=len(PAPER), sha256=sha256)
    await member.put(form=msgspec.structs.replace(member.form, documents=[paper]))
    await visit(page, member)
    await page.get_by_label("Comment for the organiser (optional)").fill("After reading it.")
    save = page.get_by_role("button", name=PAPER_NAME)
    await save.click()
    await page.get_by_text("It was not saved:").wait_for()
    await bring(member, sha256)
    async with page.expect_download() as saving:
        await save.press("Enter")
    download = await saving.value
    assert (await download.path()).read_bytes() == PAPER
    assert download.suggested_filename == PAPER_NAME
    assert await page.get_by_text("It was not saved:").is_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "no sideways"
    await page.get_by_role("radio", name="For", exact=True).check(force=True)
    await page.get_by_role("button", name="Send vote").click()
    await page.get_by_text("Your vote is saved: For", exact=True).wait_for()
    assert await save.is_visible(), "who changes the vote can read again"
    assert await member.recorded() == [BallotAnswer(choice="for", comment="After reading it.")]


async def bring(member: Visitor, sha256: str) -> None:
    """Bring the paper to the host, as the desktop does."""
    caller = member.caller
    headers = {"Authorization": f"Bearer {caller.key}"}
    address = f"{caller.url}/api/v1/desk-files/{sha256}"
    async with caller.http.put(address, data=PAPER, headers=headers) as response:
        assert response.status == 200, await response.text()


async def test_a_veto_is_raised_with_its_reason_and_taken_back(page: Page, member: Visitor) -> None:
    await member.put(form=msgspec.structs.replace(member.form, stage="veto", **CARRIED))
    await visit(page, member)
    await page.get_by_text("For: 8 · Against: 1 · Abstention: 1", exact=True).wait_for()
    await page.get_by_text("Raise a veto…", exact=True).click()
    await page.get_by_role("button", name="Send the veto").click()
    await page.get_by_text("A veto needs its reason.", exact=True).wait_for()
    await page.get_by_label("What it would affect, and how").fill("Our costs double.")
    await page.get_by_role("button", name="Send the veto").click()
    await page.get_by_text("You have raised a veto", exact=True).wait_for()
    await page.get_by_role("button", name="Take the veto back").click()
    await page.get_by_text("Raise a veto…", exact=True).wait_for()
    assert await member.recorded() == [
        BallotAnswer(veto="Our costs double.", stage="veto"),
        BallotAnswer(stage="veto"),
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"stage": "closed", **CARRIED}, "8 of 11 votes for it; 6 needed (51 % of all)."),
        ({"stage": "cancelled"}, "This procedure was called off"),
    ],
)
async def test_what_is_over_is_only_read(
    page: Page, member: Visitor, changes: dict[str, Any], words: str
) -> None:
    await member.put(form=msgspec.structs.replace(member.form, **changes), deadline=None)
    await visit(page, member)
    await page.get_by_text(words, exact=True).wait_for()
    assert await page.get_by_role("button").count() == 0
