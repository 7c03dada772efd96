"""What is written in the call, in the page against a staged host: polls, files of the chat."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.page.conftest import OpenPage, place
from tests.e2e.page.staged_host import Message, StagedHost, instant, person
from tests.e2e.page.test_accessibility import AXE, findings

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
    closed = poll(
        3, state="closed", voted=3, chosen=[], result={"counts": [3, 0, 0], "names": None}
    )
    await host.say({"type": "pollChanged", "poll": closed})
    await expect(page.get_by_text("3 · 100 %")).to_be_visible()
    await expect(page.get_by_role("button", name="Change vote")).to_be_hidden()
    await expect(page.get_by_role("button", name="Take vote back")).to_be_hidden()


@pytest.mark.full
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


def said(number: int, text: str = "", **changes: Any) -> Message:
    return {
        "number": number,
        "at": instant(),
        "sender": f"{2:032x}",
        "senderName": "Li Wei",
        "to": None,
        "toName": "",
        "text": text,
        "file": None,
        **changes,
    }


async def test_files_are_attached_dropped_refused_and_offered(
    host: StagedHost, open_page: OpenPage
) -> None:
    host.file_limit = 1000
    host.others = [person(2, "Li Wei", "Fraunhofer ISE")]
    page = await enter(host, open_page)
    await page.keyboard.press("c")
    attach = page.get_by_role("button", name="Attach a file")
    await expect(attach).to_have_attribute("title", re.compile("1 kB at most"))
    async with page.expect_file_chooser() as choosing:
        await attach.click()
    chooser = await choosing.value
    large = {"name": "Large.bin", "mimeType": "", "buffer": b"x" * 1001}
    plan = {"name": "Plan ü.pdf", "mimeType": "", "buffer": b"%PDF"}
    await chooser.set_files([large, plan])
    await expect(page.get_by_text("larger than this meeting allows")).to_be_visible()
    await page.get_by_role("button", name="Stop Large.bin").click()
    await expect(page.locator(".upload")).to_have_count(0)
    assert host.files == {"Plan ü.pdf": b"%PDF"}
    host.file_refusal = (507, {"type": "problem", "code": "host_disk_full", "text": "Full."})
    drop = """() => {
      const files = new DataTransfer();
      files.items.add(new File(["x"], "drop.txt"));
      const event = new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true });
      document.querySelector(".chat").dispatchEvent(event);
    }"""
    await page.evaluate(drop)
    await expect(page.get_by_text("disk is full")).to_be_visible()
    file = {"id": "0f" * 16, "name": "Plan ü.pdf", "size": 2_400_000}
    await host.say({"type": "chatReceived", "message": said(1, file=file)})
    link = page.get_by_role("link", name="Plan ü.pdf 2.4 MB")
    await expect(link).to_have_attribute("href", f"/r/k3jq8w2xz0/api/files/{'0f' * 16}")
    await expect(link).to_have_attribute("download", "Plan ü.pdf")
    await page.get_by_label("To", exact=True).select_option("Li Wei")
    await expect(attach).to_be_disabled()


def spoken(**changes: Any) -> Message:
    """Return what the host says of the languages."""
    languages = {"channels": ["de", "fr"], "interpreters": [], "captioners": [], "keeps": False}
    return {"type": "languagesChanged", "languages": {**languages, **changes}}


def appointed(number: int, name: str, language: str, **changes: Any) -> Message:
    return {"participant": f"{number:032x}", "name": name, "language": language, **changes}


def interpreter(number: int, name: str, *, on_air: bool, asks: bool = False) -> Message:
    return appointed(number, name, "de", onAir=on_air, asks=asks)


async def open_languages(page: Page) -> None:
    """Open the panel by its tab: the bar may have no room for its button."""
    await page.keyboard.press("c")
    await page.get_by_role("tab", name="Languages").click()


async def test_a_listener_chooses_a_channel_and_reads_captions(
    host: StagedHost, open_page: OpenPage
) -> None:
    host.others = [person(2, "Inge", "SCIC", role="interpreter")]
    page = await enter(host, open_page, viewport={"width": 1280, "height": 800})
    await host.say(
        spoken(
            interpreters=[interpreter(2, "Inge", on_air=True)],
            captioners=[appointed(2, "Inge", "fr")],
        )
    )
    await open_languages(page)
    await page.get_by_label("I listen to").select_option("German")
    assert await host.heard("listen") == {"type": "listen", "language": "de"}
    await expect(page.get_by_label("Original under the interpreter")).to_be_visible()
    await expect(page.get_by_text("Nobody interprets into this language")).to_be_hidden()
    await page.get_by_role("combobox", name="Captions").select_option("French")
    assert (await host.heard("watchCaptions"))["language"] == "fr"
    line = {"number": 1, "language": "fr", "text": "Bonjour à tous", "at": instant()}
    await host.say({"type": "captionsWritten", "lines": [line]})
    captions = page.locator(".captions")
    await expect(captions).to_have_text("Bonjour à tous")
    await expect(captions.get_by_role("log")).to_have_attribute("aria-live", "off")
    await page.get_by_label("Size").select_option("Large")
    await page.get_by_label("White on black").check()
    await page.get_by_label("Let the screen reader read them").check()
    await expect(captions).to_have_attribute("data-size", "large")
    await expect(captions).to_have_css("background-color", "rgb(0, 0, 0)")
    await expect(captions.get_by_role("log")).to_have_attribute("aria-live", "polite")
    await host.say({"type": "captionsWritten", "lines": [{**line, "text": "Bonjour !"}]})
    await expect(captions).to_have_text("Bonjour !")
    await host.drop()
    assert (await host.heard("watchCaptions"))["language"] == "fr"


async def test_interpreters_take_turns(host: StagedHost, open_page: OpenPage) -> None:
    host.role = "interpreter"
    host.you = {**host.you, "role": "interpreter"}
    host.others = [person(2, "Inge", "SCIC", role="interpreter")]
    page = await enter(host, open_page)
    both = [interpreter(1, "Zoë", on_air=False), interpreter(2, "Inge", on_air=True, asks=True)]
    await host.say(spoken(interpreters=both))
    await expect(page.get_by_text("Inge asks you to take over in German.")).to_be_visible()
    await page.get_by_role("button", name="Go on air").click()
    await host.heard("takeAir")
    turned = [interpreter(1, "Zoë", on_air=True), interpreter(2, "Inge", on_air=False)]
    await host.say(spoken(interpreters=turned))
    await expect(page.get_by_text("You are on air in German.")).to_be_visible()
    await page.get_by_role("button", name="Ask Inge to take over").click()
    assert (await host.heard("askRelief"))["asks"] is True


@pytest.mark.full
async def test_a_captioner_types_and_corrects(host: StagedHost, open_page: OpenPage) -> None:
    page = await enter(host, open_page)
    await host.say(spoken(channels=[], captioners=[appointed(1, "Zoë", "de")]))
    await open_languages(page)
    box = page.get_by_label("Captions in German")
    await box.fill("Guten Tag")
    await box.press("Enter")
    sent = {"type": "writeCaption", "text": "Guten Tag", "corrects": False}
    assert await host.heard("writeCaption") == sent
    await box.press("ArrowUp")
    await expect(box).to_have_value("Guten Tag")
    await box.fill("Guten Morgen")
    await box.press("Enter")
    assert await host.heard("writeCaption") == {**sent, "text": "Guten Morgen", "corrects": True}
    await box.type("eine Pause sendet")
    assert (await host.heard("writeCaption"))["text"] == "eine Pause sendet"
    await expect(box).to_have_value("")


@pytest.mark.full
async def test_the_chair_sets_languages(host: StagedHost, open_page: OpenPage) -> None:
    host.role = "chair"
    host.you = {**host.you, "role": "chair"}
    host.others = [person(2, "Inge", "SCIC", role="interpreter")]
    page = await enter(host, open_page, viewport={"width": 1280, "height": 800})
    await open_languages(page)
    await page.get_by_label("Add interpretation into").select_option("French")
    assert (await host.heard("setChannels"))["languages"] == ["fr"]
    await host.say(spoken(channels=["fr"]))
    group = page.get_by_role("group", name="Interpreters")
    await group.get_by_label("Person").select_option("Inge")
    await group.get_by_label("Language").select_option("French")
    await group.get_by_role("button", name="Add").click()
    expected = {"type": "appointInterpreter", "participant": f"{2:032x}", "language": "fr"}
    assert await host.heard("appointInterpreter") == expected
    inge = {**interpreter(2, "Inge", on_air=True), "language": "fr"}
    await host.say(spoken(channels=["fr"], interpreters=[inge]))
    await page.get_by_role("button", name="Take Inge off").click()
    assert (await host.heard("appointInterpreter"))["language"] is None
    await page.get_by_label("Keep captions with the meeting").check()
    assert (await host.heard("keepCaptions"))["keep"] is True


@pytest.mark.full
async def test_axe_finds_nothing_serious_in_what_is_written(
    host: StagedHost, open_page: OpenPage
) -> None:
    host.role = "chair"
    host.you = {**host.you, "role": "chair"}
    host.file_limit = 10_000_000
    host.others = [person(2, "Inge", "SCIC", role="interpreter")]
    page = await enter(host, open_page, viewport={"width": 1280, "height": 800}, bypass_csp=True)
    named = {"counts": [2, 1, 0], "names": [["Li Wei"], ["Zoë"], []]}
    await host.say({"type": "pollChanged", "poll": poll(1, state="closed", result=named)})
    await host.say({"type": "pollChanged", "poll": poll(2, voted=1, chosen=[1])})
    both = [interpreter(2, "Inge", on_air=True), interpreter(1, "Zoë", on_air=False)]
    await host.say(spoken(interpreters=both, captioners=[appointed(1, "Zoë", "de")], keeps=True))
    file = {"id": "0f" * 16, "name": "Plan.pdf", "size": 2_400_000}
    await host.say({"type": "chatReceived", "message": said(1, file=file)})
    axe = AXE.read_text(encoding="utf-8")
    found = {}
    await page.keyboard.press("c")
    found["chat"] = await findings(page, axe)
    await page.get_by_role("tab", name="Polls").click()
    await page.get_by_role("button", name="New poll").click()
    found["polls"] = await findings(page, axe)
    await page.get_by_role("tab", name="Languages").click()
    await page.get_by_label("I listen to").select_option("German")
    await page.get_by_role("combobox", name="Captions").select_option("German")
    line = {"number": 1, "language": "de", "text": "Guten Tag", "at": instant()}
    await host.say({"type": "captionsWritten", "lines": [line]})
    await expect(page.locator(".captions")).to_be_visible()
    found["languages"] = await findings(page, axe)
    assert found == {"chat": [], "polls": [], "languages": []}
