"""The desk page in a real browser against a staged host."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.e2e.page.conftest import OpenPage
from tests.e2e.page.staged_host import StagedHost, instant

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]

LINK = "/d/d3skd3skd3#s3cret"


def desk(**changes: Any) -> dict[str, Any]:
    """Return an open desk nobody answered."""
    start = timedelta(days=9)
    form = {
        "kind": "invitation",
        "room": "k3jq8w2xz0",
        "title": "Kick-off meeting",
        "project": "TIDEWATER",
        "name": "Zoë Ångström",
        "organisation": "Universitetet i Tromsø",
        "role": "participant",
        "organiser": "Ida Holm",
        "startsAt": instant(start),
        "localStart": "2026-03-02T10:00",
        "zone": "Europe/Copenhagen",
        "durationMinutes": 120,
        "opensAt": instant(start - timedelta(minutes=30)),
        "agenda": ["Welcome", "Partner round"],
    }
    return {
        "state": "open",
        "now": instant(),
        "form": form,
        "answer": None,
        "answeredAt": None,
        "deadline": instant(timedelta(days=7)),
        **changes,
    }


async def test_answering_and_changing_the_answer(host: StagedHost, open_page: OpenPage) -> None:
    host.desk = desk()
    page = await open_page(host.base + LINK)
    await page.get_by_role("heading", name="Kick-off meeting").wait_for()
    assert "s3cret" not in page.url
    await page.get_by_role("button", name="Send answer").click()
    assert await page.get_by_text("Please choose an answer.").is_visible()
    assert host.answers == []
    await page.get_by_text("Perhaps").click()
    await page.get_by_label("Comment").fill("From 11 on.")
    await page.get_by_role("button", name="Send answer").click()
    await page.get_by_text("Recorded: Perhaps").wait_for()
    await page.get_by_text("I will come").click()
    await page.get_by_role("button", name="Change answer").click()
    await page.get_by_text("Recorded: I will come").wait_for()
    first, second = host.answers
    assert first["answer"] == {
        "kind": "invitation",
        "answer": "tentative",
        "comment": "From 11 on.",
    }
    assert second["answer"]["answer"] == "accepted"
    assert first["submission"] != second["submission"]


async def test_the_meeting_goes_into_the_own_calendar(
    host: StagedHost, open_page: OpenPage
) -> None:
    host.desk = desk()
    host.desk["form"]["meeting"] = "0191e2a0c0de7abc8def0123456789ab"
    page = await open_page(host.base + LINK)
    async with page.expect_download() as saved:
        await page.get_by_role("button", name="Calendar file (.ics)").click()
    download = await saved.value
    assert download.suggested_filename == "Kick off meeting.ics"
    file = (await download.path()).read_text(encoding="utf-8").replace("\n ", "")
    assert "UID:0191e2a0c0de7abc8def0123456789ab@projectdesk" in file
    assert f"URL:{host.base}/r/k3jq8w2xz0#s3cret" in file
    for name in ("Google Calendar", "Outlook on the web"):
        link = page.get_by_role("link", name=name)
        assert "s3cret" not in (await link.get_attribute("href") or "")
        assert await link.get_attribute("rel") == "noopener noreferrer"


async def test_an_answer_that_does_not_arrive_is_kept_and_counts_once(
    host: StagedHost, open_page: OpenPage
) -> None:
    host.desk = desk()
    page = await open_page(host.base + LINK)
    await page.get_by_text("I cannot come").click()
    await page.get_by_label("Comment").fill("On leave.")
    lost: list[Any] = []

    async def lose(route: Any) -> None:
        lost.append(route.request.post_data_json)
        await route.abort()

    await page.route("**/api/answer", lose)
    await page.get_by_role("button", name="Send answer").click()
    await page.get_by_text("What you wrote is still here; try again.").wait_for()
    assert await page.get_by_label("Comment").input_value() == "On leave."
    await page.unroute("**/api/answer")
    await page.get_by_role("button", name="Send answer").click()
    await page.get_by_text("Recorded: I cannot come").wait_for()
    assert host.answers[0]["submission"] == lost[0]["submission"]


async def test_a_closed_desk_shows_the_answer_and_takes_none(
    host: StagedHost, open_page: OpenPage
) -> None:
    answer = {"kind": "invitation", "answer": "accepted", "comment": ""}
    host.desk = desk(state="closed", answer=answer, answeredAt=instant(-timedelta(days=1)))
    page = await open_page(host.base + LINK)
    await page.get_by_text("Recorded: I will come").wait_for()
    assert await page.get_by_role("heading", name="Answers are closed").is_visible()
    assert await page.get_by_role("button").count() == 0


async def test_a_withdrawn_invitation_says_what_to_do(
    host: StagedHost, open_page: OpenPage
) -> None:
    host.desk = desk(state="revoked", form=None)
    page = await open_page(host.base + LINK)
    await page.get_by_role("heading", name="This link was withdrawn").wait_for()


async def test_the_call_is_one_click_away_while_it_is_open(
    host: StagedHost, open_page: OpenPage
) -> None:
    host.desk = desk()
    host.desk["form"]["opensAt"] = instant(-timedelta(minutes=5))
    page = await open_page(host.base + LINK)
    link = page.get_by_role("link", name="Open the call")
    assert await link.get_attribute("href") == "/r/k3jq8w2xz0#s3cret"


async def test_a_link_without_its_token_says_so(host: StagedHost, open_page: OpenPage) -> None:
    page = await open_page(host.base + "/d/d3skd3skd3")
    await page.get_by_text("The link is not complete.").wait_for()
