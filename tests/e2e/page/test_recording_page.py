"""Recording in the page, against a host that plays a part."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.page.conftest import OpenPage, place
from tests.e2e.page.staged_host import Message, StagedHost, person

pytestmark = pytest.mark.asyncio(loop_scope="package")

YOU, BO = f"{1:032x}", f"{2:032x}"
PICTURES = os.environ.get("RECORDING_PICTURES")


def recording(state: str, **changes: object) -> Message:
    told = {
        "state": state,
        "words": 1,
        "by": "Ida Holm",
        "since": None,
        "begun": state in {"running", "paused"},
        "mine": "given",
        "missing": 0,
        "people": [],
        "ended": "",
        **changes,
    }
    return {"type": "recordingChanged", "recording": told}


async def in_the_call(host: StagedHost, open_page: OpenPage, *, role: str, **options: object):
    host.role = role
    host.you = {**host.you, "role": role}
    host.look = {**host.look, "role": role}
    host.others = [person(2, "Bo Ek", "UiT")]
    page = await open_page(f"{host.base}/r/r00m#token", **options)
    await page.get_by_role("button", name="Join").click()
    await place(page, "call")
    return page


async def shoot(page, name: str) -> None:
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"{name}.png")


async def test_a_guest_is_asked_and_can_take_it_back(host: StagedHost, open_page: OpenPage) -> None:
    page = await in_the_call(host, open_page, role="participant")
    await host.say(recording("asked", mine="open", missing=1))
    dialog = page.get_by_role("dialog", name="Ida Holm asks to record this meeting")
    await expect(dialog).to_be_visible()
    await shoot(page, "asked")
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_visible()
    await dialog.get_by_role("button", name="I agree").click()
    answer = await host.heard("answerRecording")
    assert (answer["agreed"], answer["words"]) == (True, 1)
    await host.say(recording("running"))
    await expect(dialog).to_have_count(0)
    sign = page.locator(".recording-sign")
    await expect(sign).to_have_text("Recording")
    await expect(page.locator("[aria-live=polite]")).to_contain_text("is being recorded")
    await shoot(page, "running")
    await host.say(recording("paused"))
    await expect(sign).to_have_text("Recording paused")
    await page.get_by_role("button", name="More").click()
    await expect(page.get_by_role("menuitem", name="Record the meeting")).to_have_count(0)
    await page.get_by_role("menuitem", name="Withdraw my consent").click()
    question = page.get_by_role("dialog", name="Withdraw your consent?")
    await question.get_by_role("button", name="Withdraw my consent").click()
    await host.heard("withdrawConsent")
    await host.say(recording("off", mine="", begun=False, ended="withdrawn"))
    await expect(sign).to_be_hidden()
    notice = page.locator(".banner", has_text="Somebody withdrew their consent")
    await expect(notice).to_be_visible()
    await notice.get_by_role("button", name="Close").click()
    await expect(notice).to_be_hidden()


@pytest.mark.full
async def test_the_chair_asks_sees_who_is_missing_pauses_and_stops(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await in_the_call(host, open_page, role="chair")

    async def choose(name: str) -> None:
        await page.get_by_role("button", name="More").click()
        await page.get_by_role("menuitem", name=name).click()

    await choose("Record the meeting…")
    await host.heard("askToRecord")
    people = [
        {"participant": YOU, "name": "Zoë Ångström", "answer": "given"},
        {"participant": BO, "name": "Bo Ek", "answer": "open"},
    ]
    await host.say(recording("asked", people=people, missing=1))
    waiting = page.locator(".banner", has_text="The recording starts when these agree: Bo Ek")
    await expect(waiting).to_be_visible()
    await shoot(page, "waiting")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await host.say(recording("running", people=people))
    await expect(waiting).to_be_hidden()
    await choose("Pause the recording")
    await host.heard("pauseRecording")
    await host.say(recording("paused", people=people))
    await choose("Go on recording")
    await host.heard("resumeRecording")
    await choose("Stop the recording")
    await host.heard("stopRecording")


async def test_who_waits_outside_agrees_before_they_are_let_in(
    host: StagedHost, open_page: OpenPage
) -> None:
    host.look = {**host.look, "recorded": True}
    host.lobby_first = True
    page = await open_page(f"{host.base}/r/r00m#token", viewport={"width": 360, "height": 740})
    await expect(page.get_by_text("This meeting is being recorded.")).to_be_visible()
    await page.get_by_role("button", name="Join").click()
    await place(page, "lobby")
    await host.say(recording("running", mine="open"))
    dialog = page.get_by_role("dialog", name="This meeting is being recorded")
    await expect(dialog).to_be_visible()
    await shoot(page, "outside")
    await dialog.get_by_role("button", name="I do not agree").click()
    assert (await host.heard("answerRecording"))["agreed"] is False
    await host.say(recording("running", mine="refused"))
    await expect(page.get_by_text("You did not agree.")).to_be_visible()
    await page.get_by_role("button", name="I agree").click()
    assert (await host.heard("answerRecording"))["agreed"] is True
    await host.say(recording("running"))
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await host.admit()
    await place(page, "call")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
