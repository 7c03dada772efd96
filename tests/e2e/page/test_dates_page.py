"""The page of a date poll in a real browser against a staged host."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Locator

from tests.e2e.page.conftest import OpenPage
from tests.e2e.page.staged_host import StagedHost, instant
from tests.e2e.page.test_accessibility import AXE, NARROW, WIDE, findings

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(240),
]

LINK = "/d/d3skd3skd3#s3cret"
DATES = ["a1" * 16, "b2" * 16, "c3" * 16]
STARTS = ["2027-03-23T09:00:00Z", "2027-03-23T22:00:00Z", "2027-03-30T08:00:00Z"]
"""The second one is the next day in Seoul; the third is after Europe's clocks change."""


def date(index: int, **changes: Any) -> dict[str, Any]:
    """Return a date of the form."""
    counts = {"given": None, "yes": 0, "ifNeedBe": 0, "no": 0}
    return {"id": DATES[index], "startsAt": STARTS[index], **counts, **changes}


def poll(form: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """Return the open desk of a voter who said nothing yet; `form`: changes of the form."""
    return {
        "state": "open",
        "now": instant(),
        "form": {
            "kind": "poll",
            "project": "TIDEWATER",
            "title": "WP2 call: sensors and calibration",
            "text": "We look at the first results of the spring campaign.\nPlease bring yours.",
            "name": "Zoë Ångström",
            "organisation": "Universitetet i Tromsø",
            "organiser": "Ida Holm",
            "zone": "Europe/Copenhagen",
            "durationMinutes": 90,
            "dates": [date(0), date(1), date(2)],
            "status": "asked",
            "chosen": "",
            "showsAnswers": False,
            "answered": [],
            "voters": 0,
            "comment": "",
            "givenAt": None,
            **(form or {}),
        },
        "answer": None,
        "answeredAt": None,
        "deadline": instant(timedelta(days=14)),
        **changes,
    }


def answer(*said: str, zone: str = "Asia/Seoul", comment: str = "") -> dict[str, Any]:
    """Return an answer as the host keeps it."""
    pairs = zip(DATES, said, strict=True)
    choices = [{"date": id_, "choice": choice} for id_, choice in pairs]
    return {"kind": "poll", "choices": choices, "comment": comment, "zone": zone}


async def titles(days: Locator) -> list[str]:
    """Return the headings of days without commas, which browsers set as they like."""
    return [text.replace(",", "").removesuffix(" 2027") for text in await days.all_inner_texts()]


async def test_dates_are_read_in_the_voters_zone_answered_and_changed(
    host: StagedHost, open_page: OpenPage
) -> None:
    host.desk = poll()
    page = await open_page(host.base + LINK, locale="en-GB", timezone_id="Asia/Seoul")
    await page.get_by_role("heading", name="WP2 call: sensors and calibration").wait_for()
    assert "s3cret" not in page.url
    assert await page.get_by_label("Times are shown in").input_value() == "Asia/Seoul"
    days = page.get_by_role("heading", level=2)
    assert await titles(days) == ["Tuesday 23 March", "Wednesday 24 March", "Tuesday 30 March"]
    second = page.get_by_role("radiogroup", name="24 March 2027 07:00")
    assert await page.get_by_text("Copenhagen: Tue 23:00").is_visible()

    await page.get_by_role("button", name="Send answer").click()
    assert await page.get_by_text("Please choose an answer for this date.").count() == 3
    assert host.answers == []
    focused = "document.activeElement.closest('[role=radiogroup]').getAttribute('aria-invalid')"
    assert await page.evaluate(focused) == "true"

    await page.keyboard.press("Space")  # the first date has the focus: yes
    await second.get_by_text("If need be").click()
    await page.get_by_label("Times are shown in").select_option("Europe/Copenhagen")
    assert await titles(days) == ["Tuesday 23 March", "Tuesday 30 March"]
    assert not await page.get_by_text("Copenhagen:").first.is_visible(), "it is the same zone now"
    await page.get_by_role("button", name="No to the rest").click()
    assert await page.get_by_text("3 of 3 dates answered").is_visible()
    await page.get_by_label("Comment").fill("Late is hard.")
    await page.get_by_role("button", name="Send answer").click()
    await page.get_by_text("Your answer is saved").wait_for()
    assert await page.get_by_label("Times are shown in").input_value() == "Europe/Copenhagen"

    await page.get_by_role("button", name="Yes to all").click()
    await page.get_by_role("button", name="Save answer").click()
    await page.get_by_text("3 of 3 dates answered").wait_for()
    await page.wait_for_function("() => document.activeElement?.tagName === 'H1'")
    first, changed = host.answers
    copenhagen = {"zone": "Europe/Copenhagen", "comment": "Late is hard."}
    assert first["answer"] == answer("yes", "if_need_be", "no", **copenhagen)
    assert changed["answer"] == answer("yes", "yes", "yes", **copenhagen)
    assert first["submission"] != changed["submission"]


@pytest.mark.full
async def test_an_answer_that_does_not_arrive_is_kept_and_counts_once(
    host: StagedHost, open_page: OpenPage
) -> None:
    host.desk = poll()
    page = await open_page(host.base + LINK)
    await page.get_by_role("button", name="Yes to all").click()
    lost: list[Any] = []

    async def lose(route: Any) -> None:
        lost.append(route.request.post_data_json)
        await route.abort()

    await page.route("**/api/answer", lose)
    await page.get_by_role("button", name="Send answer").click()
    await page.get_by_text("What you wrote is still here; try again.").wait_for()
    await page.unroute("**/api/answer")
    await page.get_by_role("button", name="Send answer").click()
    await page.get_by_text("Your answer is saved").wait_for()
    assert host.answers[0]["submission"] == lost[0]["submission"]


@pytest.mark.full
async def test_what_was_answered_by_mail_is_shown_where_it_is_newer(
    host: StagedHost, open_page: OpenPage
) -> None:
    given = [date(0, given="no"), date(1, given="yes"), date(2)]
    form = {"dates": given, "givenAt": instant(-timedelta(hours=1)), "comment": "By mail."}
    at = instant(-timedelta(days=2))
    host.desk = poll(form, answer=answer("yes", "no", "no"), answeredAt=at)
    page = await open_page(host.base + LINK, locale="de-DE", timezone_id="Europe/Berlin")
    await page.get_by_text("2 von 3 Terminen beantwortet").wait_for()
    checked = page.locator("input:checked")
    assert [await each.get_attribute("value") for each in await checked.all()] == ["no", "yes"]
    assert await page.get_by_label("Anmerkung").input_value() == "By mail."
    assert await page.get_by_label("Zeiten gelten für").input_value() == "Asia/Seoul"


@pytest.mark.full
async def test_how_the_dates_stand_is_shown_where_the_organiser_allows(
    host: StagedHost, open_page: OpenPage
) -> None:
    counted = [date(0, yes=3, ifNeedBe=1), date(1, no=4), date(2, yes=2, no=2)]
    people = ["Ida Holm", "Rui Costa", "Kiri Walker", "Ana Silva"]
    form = {"dates": counted, "showsAnswers": True, "answered": people, "voters": 6}
    host.desk = poll(form)
    page = await open_page(host.base + LINK)
    await page.get_by_text("3 yes, 1 if need be, 0 no").wait_for()
    assert await page.get_by_text(
        "4 of 6 have answered. Ida Holm, Rui Costa, Kiri Walker, Ana Silva"
    ).is_visible()
    host.desk = poll()
    await page.reload()
    await page.get_by_role("heading", level=1).wait_for()


@pytest.mark.full
@pytest.mark.parametrize(
    ("form", "state", "words"),
    [
        ({"status": "decided", "chosen": DATES[2]}, "open", "The date is settled: Tuesday"),
        ({"status": "cancelled"}, "open", "This poll was called off"),
        ({}, "closed", "Answers are closed"),
    ],
)
async def test_a_settled_poll_is_only_read(
    host: StagedHost, open_page: OpenPage, form: dict[str, Any], state: str, words: str
) -> None:
    said = {"answer": answer("yes", "if_need_be", "no"), "answeredAt": instant(-timedelta(days=2))}
    host.desk = poll(form, state=state, **said)
    page = await open_page(host.base + LINK, locale="en-GB", timezone_id="Asia/Seoul")
    await page.get_by_text(words).wait_for()
    assert await page.get_by_text("If need be").is_visible()
    assert await page.get_by_role("radio").count() == 0
    assert await page.get_by_role("button").count() == 0
    await page.get_by_label("Times are shown in").select_option("Europe/Copenhagen")
    assert await page.get_by_role("heading", level=2).count() == 2


@pytest.mark.full
async def test_nothing_serious_for_axe_light_dark_narrow_and_right_to_left(
    host: StagedHost, open_page: OpenPage
) -> None:
    axe = AXE.read_text(encoding="utf-8")
    said = {"answer": answer("yes", "if_need_be", "no"), "answeredAt": instant(-timedelta(days=2))}
    found: dict[str, list[str]] = {}
    for scheme in ("light", "dark"):
        for size in (WIDE, NARROW):
            host.desk = poll()
            page = await open_page(host.base + LINK, color_scheme=scheme, viewport=size)
            await page.get_by_role("button", name="Send answer").click()
            found[f"missing {scheme} {size}"] = await findings(page, axe)
            for direction in ("ltr", "rtl"):
                await page.evaluate("to => { document.documentElement.dir = to }", direction)
                fits = "document.documentElement.scrollWidth <= innerWidth"
                assert await page.evaluate(fits), (scheme, size, direction)
            host.desk = poll({"status": "decided", "chosen": DATES[2]}, **said)
            await page.goto("about:blank")
            await page.goto(host.base + LINK)
            await page.get_by_text("The date is settled").wait_for()
            found[f"decided {scheme} {size}"] = await findings(page, axe)
    assert {name: list(each) for name, each in found.items() if each} == {}
