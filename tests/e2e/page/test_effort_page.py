"""The page of a statement of effort in a real browser against a staged host."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.e2e.page.conftest import OpenPage
from tests.e2e.page.staged_host import StagedHost, instant
from tests.e2e.page.test_accessibility import AXE, NARROW, WIDE, findings

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(240),
]

LINK = "/d/d3skd3skd3#s3cret"
WP = ["a1" * 16, "b2" * 16, "c3" * 16]


def line(index: int, label: str, title: str, planned: int, earlier: int = 0) -> dict[str, Any]:
    """Return a work package of the form."""
    return {
        "workPackage": WP[index],
        "label": label,
        "title": title,
        "planned": planned,
        "earlier": earlier,
        "given": None,
    }


def statement(form: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """Return the open desk of a partner that said nothing yet; `form`: changes of the form."""
    return {
        "state": "open",
        "now": instant(),
        "form": {
            "kind": "effort",
            "project": "TIDEWATER",
            "projectTitle": "Sensing estuaries under tidal change",
            "period": "RP1",
            "startMonth": 1,
            "endMonth": 18,
            "startsOn": "2026-03-01",
            "endsOn": "2027-08-31",
            "name": "Zoë Ångström",
            "organisation": "Universitetet i Tromsø",
            "organiser": "Ida Holm",
            "lines": [
                line(0, "WP1", "Coordination and management", 450),
                line(1, "WP2", "Sensor network and calibration in estuaries", 1825, 300),
                line(2, "WP4", "Exploitation", 0),
            ],
            "status": "asked",
            "sentBackAt": None,
            "remark": "",
            "comment": "",
            "givenAt": None,
            **(form or {}),
        },
        "answer": None,
        "answeredAt": None,
        "deadline": instant(timedelta(days=14)),
        **changes,
    }


def answer(*months: int, after: str | None = None) -> dict[str, Any]:
    """Return an answer as the host keeps it."""
    pairs = zip(WP, months, strict=True)
    figures = [{"workPackage": id_, "months": value} for id_, value in pairs]
    return {"kind": "effort", "figures": figures, "comment": "Two left.", "after": after}


async def test_figures_are_checked_beside_their_fields_sent_and_changed(
    host: StagedHost, open_page: OpenPage
) -> None:
    host.desk = statement()
    page = await open_page(host.base + LINK)
    await page.get_by_role("heading", name="Effort of Universitetet i Tromsø in RP1").wait_for()
    assert "s3cret" not in page.url
    assert await page.get_by_text("1 March 2026 – 31 August 2027 (M1 – M18)").is_visible()
    first, second = page.get_by_label("WP1"), page.get_by_label("WP2")
    assert not await page.get_by_label("WP4").is_visible(), "nothing is planned there"
    await first.fill("4.255")
    await page.get_by_role("button", name="Send figures").click()
    assert await page.get_by_text("Enter at most two places, as in 2.25.").is_visible()
    assert await page.get_by_text("Enter a figure; 0 if nothing was worked.").is_visible()
    assert await first.evaluate("field => field === document.activeElement")
    assert await first.get_attribute("aria-invalid") == "true"
    assert host.answers == []
    await first.fill("4,25")
    await second.fill("18.5")
    assert await page.get_by_text("Sum: 22.75 of 22.75 planned").is_visible()
    await page.get_by_label("Comment").fill("Two left.")
    await page.get_by_role("button", name="Send figures").click()
    await page.get_by_text("Recorded: 22.75 person-months").wait_for()
    await page.get_by_text("Other work packages (1)").click()
    await page.get_by_label("WP4").fill("1")
    await page.get_by_role("button", name="Save figures").click()
    await page.get_by_text("Recorded: 23.75 person-months").wait_for()
    sent, changed = host.answers
    assert sent["answer"] == answer(425, 1850, 0)
    assert changed["answer"] == answer(425, 1850, 100)
    assert sent["submission"] != changed["submission"]


@pytest.mark.full
async def test_figures_that_do_not_arrive_are_kept_and_count_once(
    host: StagedHost, open_page: OpenPage
) -> None:
    host.desk = statement()
    page = await open_page(host.base + LINK)
    await page.get_by_label("WP1").fill("4")
    await page.get_by_label("WP2").fill("0")
    lost: list[Any] = []

    async def lose(route: Any) -> None:
        lost.append(route.request.post_data_json)
        await route.abort()

    await page.route("**/api/answer", lose)
    await page.get_by_role("button", name="Send figures").click()
    await page.get_by_text("What you wrote is still here; try again.").wait_for()
    assert await page.get_by_label("WP1").input_value() == "4"
    await page.unroute("**/api/answer")
    await page.get_by_role("button", name="Send figures").click()
    await page.get_by_text("Recorded: 4.00 person-months").wait_for()
    assert host.answers[0]["submission"] == lost[0]["submission"]


@pytest.mark.full
async def test_what_was_sent_back_says_why_until_it_is_answered(
    host: StagedHost, open_page: OpenPage
) -> None:
    at = instant(-timedelta(days=1))
    host.desk = statement(
        {"status": "sent_back", "sentBackAt": at, "remark": "WP2 is far above the plan.\nWhy?"},
        answer=answer(400, 9000, 0),
        answeredAt=instant(-timedelta(days=3)),
    )
    page = await open_page(host.base + LINK, locale="de-DE")
    await page.get_by_text("Ida Holm bittet Sie, diese Angaben noch einmal anzusehen").wait_for()
    assert await page.get_by_text("WP2 is far above the plan.").is_visible()
    assert await page.get_by_text("vor der Rückfrage").is_visible()
    assert await page.get_by_label("WP2").input_value() == "90"
    await page.get_by_label("WP2").fill("18,75")
    assert await page.get_by_text("Summe: 22,75 von geplanten 22,75").is_visible()
    await page.get_by_role("button", name="Angaben speichern").click()
    await page.get_by_text("Festgehalten: 22,75 Personenmonate").wait_for()
    assert host.answers[0]["answer"]["figures"][1]["months"] == 1875


@pytest.mark.full
async def test_what_the_coordinator_entered_later_is_shown(
    host: StagedHost, open_page: OpenPage
) -> None:
    host.desk = statement(
        {"givenAt": instant(-timedelta(hours=1)), "comment": "By mail."},
        answer=answer(400, 900, 0),
        answeredAt=instant(-timedelta(days=3)),
    )
    host.desk["form"]["lines"][0]["given"] = 555
    page = await open_page(host.base + LINK)
    await page.get_by_role("button", name="Save figures").wait_for()
    assert await page.get_by_label("WP1").input_value() == "5.55"
    assert await page.get_by_label("Comment").input_value() == "By mail."


@pytest.mark.full
@pytest.mark.parametrize(
    ("form", "state", "words"),
    [
        ({"status": "approved"}, "open", "Ida Holm has taken these figures into the report."),
        ({"status": "frozen"}, "closed", "Ida Holm has taken these figures into the report."),
        ({}, "closed", "The deadline is over. Write to Ida Holm if something changed."),
    ],
)
async def test_settled_figures_are_only_read(
    host: StagedHost, open_page: OpenPage, form: dict[str, Any], state: str, words: str
) -> None:
    said = {"answer": answer(425, 1850, 0), "answeredAt": instant(-timedelta(days=2))}
    host.desk = statement(form, state=state, **said)
    page = await open_page(host.base + LINK)
    await page.get_by_text(words).wait_for()
    assert await page.get_by_text("Recorded: 22.75 person-months").is_visible()
    assert await page.get_by_text("18.50").is_visible()
    assert await page.get_by_role("textbox").count() == 0
    assert await page.get_by_role("button").count() == 0


@pytest.mark.full
async def test_nothing_serious_for_axe_light_dark_and_narrow(
    host: StagedHost, open_page: OpenPage
) -> None:
    axe = AXE.read_text(encoding="utf-8")
    sent_back = {"status": "sent_back", "sentBackAt": instant(), "remark": "Why?"}
    said = {"answer": answer(425, 1850, 0), "answeredAt": instant(-timedelta(days=2))}
    found: dict[str, list[str]] = {}
    for scheme in ("light", "dark"):
        for size in (WIDE, NARROW):
            host.desk = statement()
            page = await open_page(host.base + LINK, color_scheme=scheme, viewport=size)
            await page.get_by_role("button", name="Send figures").click()
            found[f"wrong {scheme} {size}"] = await findings(page, axe)
            host.desk = statement(sent_back, **said)
            await page.goto("about:blank")
            await page.goto(host.base + LINK)
            await page.get_by_text("Why?").wait_for()
            found[f"sent back {scheme} {size}"] = await findings(page, axe)
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            host.desk = statement({"status": "approved"}, **said)
            await page.goto("about:blank")
            await page.goto(host.base + LINK)
            await page.get_by_text("into the report").wait_for()
            found[f"approved {scheme} {size}"] = await findings(page, axe)
    assert {name: list(each) for name, each in found.items() if each} == {}
