"""What the chair sets for all, as the page shows and asks it: focus, minutes, breakout rooms."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import expect

from tests.e2e.page.conftest import OpenPage, place
from tests.e2e.page.staged_host import Message, StagedHost, clock, instant, item, person
from tests.e2e.page.test_accessibility import axe as axe
from tests.e2e.page.test_accessibility import findings

pytestmark = pytest.mark.asyncio(loop_scope="package")

BO, LI, ANA = (f"{number:032x}" for number in (2, 3, 4))


async def in_the_call(host: StagedHost, open_page: OpenPage, **options: object):
    """Open the page as chair, with three others and an agenda of three items."""
    host.role = "chair"
    host.you = {**host.you, "role": "chair"}
    host.look = {**host.look, "role": "chair"}
    host.others = [
        person(2, "Bo Ek", "UiT"),
        person(3, "Li Wei", "THU", zone="Asia/Shanghai"),
        person(4, "Ana Sá", "UP"),
    ]
    items = [
        item(1, "Welcome", elapsedSeconds=600.0),
        item(2, "Status of the work packages", presenter="Li Wei", presenterParticipant=LI),
        item(3, "Any other business"),
    ]
    host.clock = clock(items, "item2")
    page = await open_page(f"{host.base}/r/r00m#token", **options)
    await page.get_by_role("button", name="Join").click()
    await place(page, "call")
    return page


def notes(item_id: str, text: str, **changes: object) -> Message:
    return {
        "type": "notesShown",
        "at": instant(),
        "notes": {"item": item_id, "text": text, "decisions": [], "actions": [], **changes},
    }


def breakouts(ends_in: int | None = 300, **changes: object) -> Message:
    you = f"{1:032x}"
    groups = [
        {"id": "g1", "name": "WP1 Coasts", "people": [BO, you], "calls": None},
        {"id": "g2", "name": "WP2 Models", "people": [LI, ANA], "calls": None},
    ]
    ends = None if ends_in is None else instant(timedelta(seconds=ends_in))
    state = {
        "groups": groups,
        "openedAt": instant(),
        "endsAt": ends,
        "returning": False,
        "spreads": False,
    }
    return {"type": "breakoutsChanged", "breakouts": {**state, **changes}}


@pytest.mark.full
async def test_who_is_in_focus_is_large_and_the_chair_chooses(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await in_the_call(host, open_page)
    large = page.locator(".tile.large")
    await expect(large).to_have_count(0)
    focus = {"participant": LI, "chosen": False, "follows": True}
    await host.say({"type": "focusChanged", "focus": focus})
    await expect(large).to_have_attribute("data-participant", LI)
    await page.keyboard.press("p")
    await page.get_by_role("button", name="Actions for Bo Ek").click()
    await page.get_by_role("menuitem", name="Put in focus for all").click()
    asked = await host.heard("spotlight")
    assert (asked["participant"], asked["follows"]) == (BO, True)
    await host.say({"type": "focusChanged", "focus": {**focus, "participant": BO, "chosen": True}})
    await expect(large).to_have_attribute("data-participant", BO)
    await expect(page.locator(".person", has_text="Bo Ek").get_by_text("in focus")).to_be_visible()
    await page.get_by_label("Who presents is in focus").uncheck()
    asked = await host.heard("spotlight")
    assert (asked["participant"], asked["follows"]) == (BO, False)
    await host.say({"type": "focusChanged", "focus": {**focus, "participant": None}})
    await expect(large).to_have_count(0)


async def test_the_lobby_reads_what_the_chair_writes(host: StagedHost, open_page: OpenPage) -> None:
    page = await in_the_call(host, open_page)
    await page.keyboard.press("p")
    field = page.get_by_label("Message to the lobby")
    await field.fill("We start in five minutes")
    await field.press("Enter")
    assert (await host.heard("setLobbyMessage"))["text"] == "We start in five minutes"
    await host.say({"type": "lobbyMessageChanged", "text": "We start soon"})
    await expect(field).to_have_value("We start soon")
    await expect(page.get_by_text("Meeting’s time:")).to_be_visible()  # London, Copenhagen


async def test_minutes_appear_as_they_are_written_and_are_never_html(
    host: StagedHost, open_page: OpenPage, axe: str
) -> None:
    page = await in_the_call(host, open_page)
    await page.keyboard.press("n")
    await expect(page.get_by_text("Nothing has been written on this item yet.")).to_be_visible()
    text = "## Findings\n**All** on time:\n- [x] one\n  - inner\n<img src=x onerror=alert(1)>"
    action = {"text": "Send the draft", "owner": "Bo Ek", "due": "2026-03-09", "done": False}
    await host.say(notes("item2", text, decisions=["Accepted."], actions=[action]))
    minutes = page.locator(".minutes-now")
    await expect(minutes.locator("h4", has_text="Findings")).to_be_visible()
    await expect(minutes.locator("strong")).to_have_text("All")
    await expect(minutes.locator("li li")).to_have_text("inner")
    await expect(minutes.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    assert await minutes.locator("img").count() == 0
    await expect(minutes.get_by_role("region", name="Decisions")).to_contain_text("Accepted.")
    await expect(minutes.get_by_role("region", name="Actions")).to_contain_text(
        "Bo Ek · by 9 Mar 2026"
    )
    assert await findings(page, axe) == []
    await host.say(notes("item1", "Welcome to all"))
    await page.get_by_text("Other items").click()
    await expect(page.locator(".minutes-earlier")).to_contain_text("Welcome to all")
    await page.get_by_label("Everybody can read the minutes").uncheck()
    assert (await host.heard("shareNotes"))["shared"] is False
    await host.say({"type": "notesShared", "shared": False})
    await expect(page.get_by_text("The chair has closed the minutes.")).to_be_visible()
    await expect(page.get_by_text("Welcome to all")).to_have_count(0)


@pytest.mark.full
async def test_what_is_left_of_the_agenda_is_timed_anew(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await in_the_call(host, open_page)
    row = page.locator(".agenda-item", has_text="Any other business")
    await row.get_by_role("button", name="Time of item 3").click()
    await page.get_by_role("menuitem", name="Postpone to another meeting").click()
    asked = (await host.heard("retimeAgenda"))["items"]
    assert asked == [{"item": "item3", "minutes": None, "dropped": "postponed"}]
    items = [
        item(1, "Welcome", elapsedSeconds=600.0),
        item(2, "Status of the work packages", plannedMinutes=90),
        item(3, "Any other business", allottedMinutes=5),
    ]
    await host.say({"type": "clockChanged", "clock": clock(items, "item2")})
    await expect(row).to_contain_text("5 min (planned 10)")
    await expect(page.locator(".agenda-overrun")).to_contain_text("over the end")
    await page.get_by_role("button", name="Shorten what is left").click()
    asked = (await host.heard("retimeAgenda"))["items"]
    assert asked == [{"item": "item3", "minutes": 1, "dropped": ""}]


async def test_the_chair_plans_groups_opens_and_visits_them(
    host: StagedHost, open_page: OpenPage, axe: str
) -> None:
    host.proposed_groups = [
        {"name": "WP1 Coasts", "people": [BO, ANA]},
        {"name": "WP2 Models", "people": [LI]},
    ]
    # As high as the panel: what scrolls while it is dragged is another row by then.
    page = await in_the_call(host, open_page, viewport={"width": 1280, "height": 1400})
    await page.get_by_role("tab", name="Breakout rooms").click()
    await page.get_by_role("button", name="By work package").click()
    second = page.locator(".breakouts-group").nth(1)
    await expect(second).to_contain_text("Li Wei")
    await page.get_by_label("Where Ana Sá is").select_option("WP2 Models")
    await expect(second).to_contain_text("Ana Sá")
    bo = page.locator(".breakouts-person", has_text="Bo Ek")
    await bo.drag_to(second, source_position={"x": 10, "y": 10})  # by the name
    await expect(second).to_contain_text("Bo Ek")
    await page.get_by_label("Where Bo Ek is").select_option("WP1 Coasts")
    await page.get_by_role("spinbutton", name="Minutes").fill("10")
    await page.get_by_role("button", name="Open breakout rooms").click()
    asked = await host.heard("openBreakouts")
    assert asked["minutes"] == 10
    assert [(g["name"], g["people"]) for g in asked["groups"]] == [
        ("WP1 Coasts", [BO]),
        ("WP2 Models", [LI, ANA]),
    ]
    await host.say(breakouts())
    await expect(page.locator(".banner.breakout")).to_contain_text("You are in WP1 Coasts")
    await expect(page.locator(".tile")).to_have_count(2)  # oneself and Bo
    called = breakouts()
    called["breakouts"]["groups"][1]["calls"] = instant()
    await host.say(called)
    asks = page.locator(".banner:visible", has_text="WP2 Models asks for the chair")
    await expect(asks).to_be_visible()
    assert await findings(page, axe) == []
    await page.get_by_role("button", name="Go there").click()
    asked = await host.heard("moveToGroup")
    assert (asked["participant"], asked["group"]) == (f"{1:032x}", "g2")
    await page.get_by_label("Write to all groups").fill("Two minutes")
    await page.get_by_label("Write to all groups").press("Enter")
    assert (await host.heard("announce"))["text"] == "Two minutes"
    await page.get_by_role("button", name="Bring everybody back").click()
    assert (await host.heard("closeBreakouts"))["atOnce"] is False
    await host.say({"type": "breakoutsChanged", "breakouts": None})
    await expect(page.locator(".tile")).to_have_count(4)


async def test_a_group_is_told_of_its_time_and_calls_the_chair(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await in_the_call(host, open_page)
    host.role = "participant"
    await host.say(
        {"type": "participantChanged", "participant": {**host.you, "role": "participant"}}
    )
    await host.say(breakouts(ends_in=300))
    bar = page.locator(".banner.breakout")
    await expect(bar).to_contain_text("left")
    await bar.get_by_role("button", name="Call the chair").click()
    assert (await host.heard("callChair"))["wanted"] is True
    await host.say({"type": "announced", "text": "Two minutes", "by": "Ida Holm", "at": instant()})
    await expect(page.get_by_text("Ida Holm: Two minutes")).to_have_count(2)  # seen, and read out
    words = page.locator(".banner", has_text="Two minutes")
    await words.get_by_role("button", name="Close").click()
    await expect(words).to_be_hidden()
    await host.say(breakouts(ends_in=20, returning=True))
    await expect(bar).to_contain_text("back in 0:")
