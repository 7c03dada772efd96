"""Votes of the body in the page, against a staged host: the ballot, the quorum, the panel."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.page.conftest import OpenPage
from tests.e2e.page.staged_host import Message, StagedHost
from tests.e2e.page.test_accessibility import AXE, findings
from tests.e2e.page.test_talk import enter

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

NAMES = ["Universitetet i Tromsø", "Aalborg", "TU Delft", "INESC TEC"]
WIDE = {"width": 1280, "height": 800}


def seat(place: int, **changes: Any) -> Message:
    return {
        "partner": f"{place:032x}",
        "name": NAMES[place],
        "weight": 1,
        "voted": False,
        "choice": "",
        "byHand": False,
        **changes,
    }


def vote(**changes: Any) -> Message:
    return {
        "number": 1,
        "question": "Does the General Assembly adopt the budget of the second year?",
        "description": "",
        "choices": ["for", "against", "abstain"],
        "ownChoices": False,
        "secret": False,
        "weighted": False,
        "state": "open",
        "rule": {"en": "2/3 of the votes cast", "de": "2/3 der abgegebenen Stimmen"},
        "seats": [seat(place) for place in range(4)],
        "yours": [f"{0:032x}"],
        "item": None,
        "openedAt": None,
        "closedAt": None,
        "outcome": None,
        "ballots": [],
        "vetoes": [],
        **changes,
    }


def body(met: bool) -> Message:
    words = "quorum: 3 of 4 members, 3 needed" if met else "no quorum: 2 of 4 members, 3 needed"
    standings = ["present", "present", "represented" if met else "absent", "absent"]
    members = [
        {
            "partner": f"{place:032x}",
            "name": name,
            "weight": 1,
            "inDefault": False,
            "standing": standings[place],
            "voter": f"{place:032x}",
            "voterName": "Zoë Ångström" if place == 0 else "",
            "named": False,
            "proxy": f"{0:032x}" if met and place == 2 else "",
            "inRoom": False,
        }
        for place, name in enumerate(NAMES)
    ]
    quorum = {
        "seats": 4,
        "present": 2,
        "represented": int(met),
        "needed": 3,
        "met": met,
        "words": {"en": words, "de": words},
    }
    state = {
        "name": "General Assembly",
        "members": members,
        "quorum": quorum,
        "rules": {"proxyLimit": 1},
    }
    return {"type": "bodyChanged", "body": {**state, "rule": {"en": "2/3 of the votes cast"}}}


def changed(**changes: Any) -> Message:
    return {"type": "voteChanged", "vote": vote(**changes)}


async def picture(page: Page, name: str) -> None:
    """Keep a picture where `PROJECTDESK_PICTURES` says, for looking at."""
    if folder := os.environ.get("PROJECTDESK_PICTURES"):
        await page.screenshot(path=str(Path(folder) / f"{name}.png"))


async def test_a_ballot_is_cast_changed_and_its_result_read(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await enter(host, open_page, viewport=WIDE)
    await host.say(body(True))
    await host.say(changed())
    ballot = page.get_by_role("dialog", name="Does the General Assembly adopt")
    await expect(ballot.get_by_role("group", name="You vote for")).to_be_visible()
    await expect(page.get_by_role("img", name="quorum: 3 of 4 members, 3 needed")).to_be_visible()
    await ballot.get_by_role("radio", name="For", exact=True).check()
    await picture(page, "ballot")
    await ballot.get_by_role("button", name="Vote", exact=True).click()
    cast = await host.heard("castVote")
    assert (cast["vote"], cast["seat"], cast["choice"]) == (1, f"{0:032x}", "for")
    mine = [seat(0, voted=True, choice="for"), *(seat(place) for place in range(1, 4))]
    await host.say(changed(seats=mine))
    await expect(ballot.get_by_text("Your vote is in.")).to_be_visible()
    await ballot.get_by_role("radio", name="Against").check()
    await ballot.get_by_role("button", name="Change vote").click()
    assert (await host.heard("castVote"))["choice"] == "against"
    await host.say(body(False))
    warned = (
        "The quorum is lost: 2 of 4 members are there, 3 are needed. "
        "What is decided now is not valid."
    )
    await expect(page.get_by_text(warned, exact=True)).to_be_visible()
    await picture(page, "quorum-broken")
    await host.say(body(True))
    restored = "The quorum is restored: 3 of 4 members are there, 3 are needed."
    await expect(page.get_by_text(restored, exact=True)).to_be_visible()
    words = {"en": "carried: 3 of 4 votes cast, 2/3 needed (3)"}
    outcome = {"result": "carried", "counts": [3, 1, 0], "chosen": "for", "voted": 4}
    seats = [seat(place, voted=True, choice="for" if place else "against") for place in range(4)]
    await host.say(changed(state="closed", seats=seats, outcome={**outcome, "words": words}))
    await expect(ballot).to_be_hidden()
    await page.get_by_role("button", name="Votes", exact=True).click()
    await expect(page.get_by_text(words["en"], exact=True)).to_be_visible()
    await page.get_by_text("Who voted how", exact=True).click()
    row = page.get_by_role("listitem").filter(has_text=re.compile("^AalborgFor$"))
    await expect(row).to_be_visible()
    await picture(page, "votes-closed")


@pytest.mark.full
async def test_a_secret_ballot_says_what_is_promised_and_gives_a_receipt(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await enter(host, open_page, viewport=WIDE)
    await host.say(body(True))
    await host.say(changed(secret=True, yours=[f"{0:032x}", f"{2:032x}"]))
    ballot = page.get_by_role("dialog", name="Does the General Assembly adopt")
    await expect(ballot.get_by_text("Nobody who reads the stored files")).to_be_visible()
    await expect(ballot.get_by_text("a ballot cannot be changed")).to_be_visible()
    represented = ballot.get_by_role("group", name="Vote of TU Delft")
    await represented.get_by_role("radio", name="Against").focus()
    await page.keyboard.press("Space")
    await represented.get_by_role("button", name="Vote", exact=True).press("Enter")
    cast = await host.heard("castVote")
    assert (cast["seat"], cast["choice"]) == (f"{2:032x}", "against")
    receipt = {"type": "ballotTaken", "vote": 1, "seat": f"{2:032x}", "receipt": "K7QM-3XWD-92FA"}
    await host.say(receipt)
    both = [seat(0), seat(1), seat(2, voted=True), seat(3)]
    await host.say(changed(secret=True, yours=[f"{0:032x}", f"{2:032x}"], seats=both))
    await expect(represented.get_by_text("K7QM-3XWD-92FA")).to_be_visible()
    await expect(represented.get_by_role("radio", name="Against")).to_be_disabled()
    await picture(page, "ballot-secret")
    assert await findings(page, AXE.read_text(encoding="utf-8")) == []
    await (
        represented.get_by_role("radio", name="For", exact=True)
        .or_(ballot.get_by_role("radio", name="For", exact=True).first)
        .first.focus()
    )
    await page.keyboard.press("Escape")
    await expect(ballot).to_be_hidden()
    await page.get_by_role("button", name="Vote now").click()
    await expect(ballot).to_be_visible()


@pytest.mark.full
async def test_a_co_host_prepares_opens_and_closes_a_vote(
    host: StagedHost, open_page: OpenPage
) -> None:
    host.role = "cohost"
    host.you = {**host.you, "role": "cohost"}
    page = await enter(host, open_page, viewport=WIDE)
    await host.say(body(True))
    await page.get_by_role("button", name="Votes", exact=True).click()
    await host.say(body(False))
    await page.get_by_text("Members", exact=True).click()
    await page.get_by_role("button", name="INESC TEC: Is here in the room").click()
    there = await host.heard("countInRoom")
    assert (there["partner"], there["there"]) == (f"{3:032x}", True)
    await page.get_by_label("Who represents TU Delft").select_option("Aalborg")
    proxy = await host.heard("announceProxy")
    assert (proxy["giver"], proxy["holder"]) == (f"{2:032x}", f"{1:032x}")
    await picture(page, "vote-members")
    await host.say(body(True))
    await page.get_by_role("button", name="TU Delft: End proxy").click()
    assert (await host.heard("endProxy"))["giver"] == f"{2:032x}"
    await page.get_by_role("button", name="New vote").click()
    await page.get_by_role("button", name="Keep as draft").click()
    await expect(page.get_by_text("A vote has a question.")).to_be_visible()
    await page.keyboard.type("Where do we meet?")
    await page.get_by_label("Choices of its own").fill("Ghent\nTurin")
    await page.get_by_label("Secret: nobody sees who chose what").check()
    await picture(page, "vote-form")
    await page.get_by_role("button", name="Keep as draft").click()
    asked = await host.heard("prepareVote")
    assert (asked["question"], asked["choices"]) == ("Where do we meet?", ["Ghent", "Turin"])
    assert (asked["secret"], asked["open"]) == (True, False)
    await host.say(changed(state="draft", yours=[]))
    await page.get_by_role("button", name="Open vote").click()
    assert (await host.heard("openVote"))["vote"] == 1
    await host.say(changed(yours=[]))
    await expect(page.get_by_text("0 of 4 voted")).to_be_visible()
    await page.get_by_role("button", name="Close and count").click()
    assert (await host.heard("closeVote"))["vote"] == 1


@pytest.mark.full
async def test_a_co_host_says_who_votes_and_notes_a_veto(
    host: StagedHost, open_page: OpenPage
) -> None:
    host.role = "cohost"
    host.you = {**host.you, "role": "cohost"}
    page = await enter(host, open_page, viewport=WIDE)
    await host.say(body(True))
    await page.get_by_role("button", name="Votes", exact=True).click()
    await page.get_by_text("Members", exact=True).click()
    await page.get_by_label(f"Who votes for {NAMES[0]}").select_option(index=1)
    named = await host.heard("nameVoter")
    assert (named["partner"], named["participant"]) == (f"{0:032x}", host.you["id"])
    outcome = {
        "result": "carried",
        "chosen": "for",
        "counts": [3, 0, 0],
        "words": {"en": "carried"},
    }
    await host.say(changed(state="closed", yours=[], outcome=outcome))
    await page.get_by_text("A member vetoes").click()
    await page.get_by_label("Member that vetoes").select_option(NAMES[3])
    await page.get_by_label("What the decision would affect").fill("Our staff costs")
    await host.say(changed(number=2, state="draft", yours=[]))  # the list is drawn anew
    reason = page.get_by_label("What the decision would affect")
    await expect(reason).to_have_value("Our staff costs")
    await expect(reason).to_be_focused()
    await picture(page, "vote-veto")
    assert await findings(page, AXE.read_text(encoding="utf-8")) == []
    await page.get_by_role("button", name="Note veto").click()
    veto = await host.heard("noteVeto")
    assert (veto["partner"], veto["reason"]) == (f"{3:032x}", "Our staff costs")
