"""Every state of the pages under axe-core: nothing serious, light and dark, wide and narrow.

Also what axe cannot see: the order of the focus, where it returns to, right to left, 200 % zoom.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.e2e.page.conftest import OpenPage, own_picture, place
from tests.e2e.page.staged_host import StagedHost, clock, instant, item, look, person
from tests.e2e.page.test_desk_page import desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(240),
]

AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"
CALL = "/r/k3jq8w2xz0#s3cret"
DESK = "/d/d3skd3skd3#s3cret"

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 360, "height": 740}

#: What axe finds and what it weighs; "needs review" is not a finding.
RUN = """async () => {
  const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run(document, { runOnly });
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
}"""


@pytest.fixture(scope="module")
def axe() -> str:
    """Return axe-core as `dev.py` installs it."""
    if not AXE.is_file():
        pytest.fail("axe-core is missing; `python3 dev.py sync` installs it")
    return AXE.read_text(encoding="utf-8")


#: axe measures colours as they are painted: what fades in must have come.
SETTLED = """() => Promise.allSettled(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
  .map((one) => one.finished))"""


async def findings(page: Page, axe: str) -> list[str]:
    """Return what is serious or critical in a page as it is now."""
    await page.evaluate(SETTLED)
    if not await page.evaluate("typeof axe !== 'undefined'"):
        await page.evaluate(axe)
    found: list[str] = await page.evaluate(RUN)
    return found


def fill_room(host: StagedHost) -> None:
    """Put people, an agenda and a lobby into the room; the visitor is the chair."""
    host.role = "chair"
    host.you = {**host.you, "role": "chair"}
    host.others = [
        person(2, "Ida Holm", "Danmarks Tekniske Universitet", role="cohost"),
        person(3, "Li Wei", "Tsinghua University", audio=False, zone="Asia/Shanghai"),
        person(4, "João Silva", "Universidade do Porto", hand=instant(), away=True),
    ]
    host.lobby = [person(20, "Tom Berg", "TUM"), person(21, "Eva Berg", "TUM")]
    host.clock = clock(
        [
            item(1, "Welcome", elapsedSeconds=700.0),
            item(2, "Budget", kind="decision", elapsedSeconds=120.0, presenter="Ida Holm"),
            item(3, "Next steps"),
        ],
        "item2",
    )


async def enter(page: Page) -> None:
    """Go from the preview into the call."""
    await page.locator("button[type=submit]").click()
    await place(page, "call")


async def open_more(page: Page, entry: str | None = None) -> None:
    """Open the menu More, and choose an entry."""
    await page.get_by_role("button", name="More").click()
    if entry is not None:
        await page.get_by_role("menuitem", name=entry).click()


async def press_question(page: Page) -> None:
    await page.keyboard.press("?")
    await page.get_by_role("dialog").wait_for()


async def ask_leave(page: Page) -> None:
    await page.get_by_role("button", name="Leave").click()
    await page.get_by_role("dialog").wait_for()


async def open_settings(page: Page) -> None:
    await open_more(page, "Settings")
    await page.get_by_role("dialog").wait_for()


async def every_panel(page: Page, axe: str) -> list[str]:
    """Look at each panel by its tab."""
    await page.keyboard.press("p")
    found: list[str] = []
    for tab in await page.get_by_role("tab").all():
        await tab.click()
        found += await findings(page, axe)
    return found


#: States of the call: what is done after entering.
STATES: dict[str, Callable[[Page], Awaitable[None]]] = {
    "speaker view": lambda page: page.keyboard.press("s"),
    "menu": open_more,
    "keys": press_question,
    "settings": open_settings,
    "leaving": ask_leave,
}


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.full), "dark"])
async def test_the_way_into_the_call_has_nothing_serious(
    host: StagedHost, open_page: OpenPage, axe: str, scheme: str
) -> None:
    fill_room(host)
    page = await open_page(host.base + CALL, viewport=WIDE, color_scheme=scheme)
    await place(page, "preview")
    assert await findings(page, axe) == []
    await enter(page)
    assert await findings(page, axe) == []


@pytest.mark.full
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_no_state_of_the_call_has_anything_serious(
    host: StagedHost, open_page: OpenPage, axe: str, viewport: dict[str, int], scheme: str
) -> None:
    fill_room(host)
    page = await open_page(host.base + CALL, viewport=viewport, color_scheme=scheme)
    await place(page, "preview")
    await page.get_by_text("Your sound").click()
    found = {"preview": await findings(page, axe)}
    await enter(page)
    found["grid"] = await findings(page, axe)
    for name, act in STATES.items():
        await act(page)
        found[name] = await findings(page, axe)
        await page.keyboard.press("Escape")
    found["panels"] = await every_panel(page, axe)
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.full
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_no_page_around_the_call_has_anything_serious(
    host: StagedHost, open_page: OpenPage, axe: str, viewport: dict[str, int], scheme: str
) -> None:
    options = {"viewport": viewport, "color_scheme": scheme}
    found: dict[str, list[str]] = {}
    later = look()["startsAt"].replace("+00:00", "Z")
    host.look = look(state="early", opensAt=instant(timedelta(hours=5)), startsAt=later)
    page = await open_page(host.base + CALL, **options)
    await place(page, "early")
    found["early"] = await findings(page, axe)
    host.look = look()
    host.lobby_first = True
    page = await open_page(host.base + CALL, **options)
    await page.locator("button[type=submit]").click()
    await place(page, "lobby")
    found["lobby"] = await findings(page, axe)
    await host.say({"type": "ended", "reason": "refused", "text": ""})
    await place(page, "ended")
    found["ended"] = await findings(page, axe)
    host.refusal = (410, {"type": "problem", "code": "link_revoked", "text": "Revoked."})
    page = await open_page(host.base + CALL, **options)
    await place(page, "problem")
    found["problem"] = await findings(page, axe)
    host.desk = desk()
    page = await open_page(host.base + DESK, **options)
    await page.get_by_role("heading", name="Kick-off meeting").wait_for()
    found["desk"] = await findings(page, axe)
    await page.get_by_role("button", name="Send answer").click()
    found["desk, unanswered"] = await findings(page, axe)
    await page.get_by_text("I will come").click()
    await page.get_by_role("button", name="Send answer").click()
    await page.get_by_text("Recorded").wait_for()
    found["desk, answered"] = await findings(page, axe)
    assert {name: said for name, said in found.items() if said} == {}


async def test_the_focus_returns_and_the_first_stop_leads_to_the_controls(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await open_page(host.base + CALL, viewport=WIDE)
    await enter(page)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the controls")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Mute")).to_be_focused()
    more = page.get_by_role("button", name="More")
    await more.focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("End")
    await page.keyboard.press("Enter")
    await page.get_by_role("dialog", name="Keyboard").wait_for()
    await page.keyboard.press("Escape")
    await expect(more).to_be_focused()
    await page.keyboard.press("p")
    tab = page.get_by_role("tab", name="People")
    await tab.focus()
    await page.keyboard.press("ArrowLeft")
    await expect(page.get_by_role("tab", name="Chat")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Chat")).to_be_focused()


@pytest.mark.full
async def test_keys_can_be_switched_off(host: StagedHost, open_page: OpenPage) -> None:
    page = await open_page(host.base + CALL, viewport=WIDE)
    await own_picture(page)
    await enter(page)
    await open_settings(page)
    await page.get_by_label("Keyboard shortcuts").uncheck()
    await page.keyboard.press("Escape")
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("m")
    await page.keyboard.press("p")
    await expect(page.get_by_role("button", name="Mute", exact=True)).to_be_visible()
    await expect(page.get_by_role("heading", name="People")).to_be_hidden()
    await page.reload()
    await place(page, "call")
    assert await page.evaluate("JSON.parse(localStorage['projectdesk.choices']).keys") is False


@pytest.mark.full
async def test_the_language_is_chosen_and_remembered(host: StagedHost, open_page: OpenPage) -> None:
    page = await open_page(host.base + CALL)
    await page.get_by_label("Language").focus()
    await page.get_by_label("Language").select_option("de")
    await page.get_by_role("button", name="Beitreten").wait_for()
    await expect(page.get_by_label("Sprache")).to_be_focused()
    assert await page.evaluate("document.documentElement.lang") == "de"
    await page.reload()
    await page.get_by_role("button", name="Beitreten").click()
    await place(page, "call")
    await page.get_by_role("button", name="Verlassen").wait_for()


async def write_backwards(route: Route) -> None:
    """Serve a language that is written from right to left, and longer than any of ours."""
    answer = await route.fetch()
    text = await answer.text()
    said = 'fill(formOf(words[key], plurals, facts["count"]), facts)'
    changed = text.replace(said, f"`⟦${{{said}}} ‫עוד‬⟧`").replace(
        'name: "English" }', 'name: "English", direction: "rtl" }'
    )
    assert "⟦" in changed
    assert 'direction: "rtl" }' in changed
    await route.fulfill(response=answer, body=changed)


@pytest.mark.full
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_a_language_from_right_to_left_mirrors_the_page(
    host: StagedHost, open_page: OpenPage, axe: str, viewport: dict[str, int]
) -> None:
    fill_room(host)
    page = await open_page("about:blank", viewport=viewport)
    await page.route("**/static/i18n.js", write_backwards)
    await page.goto(host.base + CALL)
    await place(page, "preview")
    await stays_inside(page)
    await enter(page)
    await stays_inside(page)
    stage = page.locator(".stage")
    await expect(stage).to_have_css("direction", "rtl")
    await page.keyboard.press("s")
    await page.keyboard.press("p")
    await stays_inside(page)
    await page.locator(".control[aria-haspopup=menu]").click()
    await stays_inside(page)
    menu = await page.locator(".menu").bounding_box()
    assert menu is not None
    assert menu["x"] >= 0
    assert menu["x"] + menu["width"] <= viewport["width"]
    # The letters that make the words longer stand in names that are put together, too.
    found = [one for one in await findings(page, axe) if "label-content-name" not in one]
    assert found == []


@pytest.mark.full
async def test_at_200_percent_nothing_is_cut_off(host: StagedHost, open_page: OpenPage) -> None:
    fill_room(host)
    page = await open_page(
        host.base + CALL, viewport={"width": 640, "height": 400}, device_scale_factor=2
    )
    await place(page, "preview")
    await stays_inside(page)
    await enter(page)
    await stays_inside(page)
    for name in ("More", "Leave", "Mute"):
        await expect(page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
    await page.keyboard.press("?")
    await expect(page.get_by_role("button", name="Close")).to_be_in_viewport(ratio=1)


async def stays_inside(page: Page) -> None:
    """Fail when the page or a control is wider than the window."""
    outside: list[Any] = await page.evaluate(
        """() => [document.documentElement, ...document.querySelectorAll(".control, .card, .panel")]
          .filter((one) => one.checkVisibility())
          .map((one) => [one.className, one.getBoundingClientRect()])
          .filter(([, box]) => box.left < -1 || box.right > innerWidth + 1)
          .map(([name]) => name)"""
    )
    assert outside == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.full
async def test_nothing_moves_for_who_wants_less_motion(
    host: StagedHost, open_page: OpenPage
) -> None:
    fill_room(host)
    page = await open_page(host.base + CALL, viewport=WIDE, reduced_motion="reduce")
    await enter(page)
    await page.keyboard.press("s")
    moving = await page.evaluate("document.getAnimations().length")
    assert moving == 0
