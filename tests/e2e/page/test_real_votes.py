"""Votes in real browsers on the real host: a page that dies in a vote, a second device."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from projectdesk.signalling.control import RoomRules, RoomSnapshot
from projectdesk.signalling.journal import VoteCast, VoteClosed
from projectdesk.signalling.votes import BodyPlan, SeatPlan
from tests.e2e.page.conftest import OpenPage, place
from tests.e2e.page.real_host import RealHost, RealRoom, meeting, running_host
from tests.e2e.page.test_real_call import CHAIR, LI, PEOPLE, ZOE, identifier, join

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(180),
    pytest.mark.full,
]

WIDE = {"width": 1280, "height": 800}


def assembly() -> RoomSnapshot:
    """Return a meeting of a body of the first three people's partners."""
    people = PEOPLE[:3]
    members = [
        SeatPlan(partner=f"{place:032x}", name=one.organisation, representative=one.id)
        for place, one in enumerate(people, start=0xA0)
    ]
    invitees = [
        msgspec.structs.replace(one, partner=member.partner)
        for one, member in zip(people, members, strict=True)
    ]
    plan = meeting(invitees, RoomRules(lobby=False))
    return msgspec.structs.replace(plan, body=BodyPlan(name="General Assembly", members=members))


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def host(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RealHost]:
    async with running_host(tmp_path_factory.mktemp("host")) as host:
        yield host


async def enter(real: RealRoom, open_page: OpenPage, number: int) -> Page:
    """Open somebody's page and go into the call."""
    page = await open_page(real.link(number), viewport=WIDE)
    await join(page)
    await place(page, "call")
    return page


async def cast(page: Page, choice: str, *, button: str = "Vote") -> None:
    """Vote in the ballot below the bar."""
    ballot = page.get_by_role("dialog", name="Adopt the budget?")
    await ballot.get_by_role("radio", name=choice, exact=True).check()
    await ballot.get_by_role("button", name=button, exact=True).click()
    await expect(ballot.get_by_text("Your vote is in.")).to_be_visible()


async def test_a_page_that_dies_in_a_vote_goes_on_elsewhere_and_counts_once(
    host: RealHost, open_page: OpenPage
) -> None:
    real = await host.open_room(assembly())
    chair = await enter(real, open_page, CHAIR)
    zoe = await enter(real, open_page, ZOE)
    await expect(chair.get_by_role("img", name="quorum: 2 of 3 members, 2 needed")).to_be_visible()
    await chair.get_by_role("button", name="Votes", exact=True).click()
    await chair.get_by_role("button", name="New vote").click()
    await chair.get_by_label("Question").fill("Adopt the budget?")
    await chair.get_by_role("button", name="Open now").click()
    await cast(chair, "For")
    await cast(zoe, "Against")
    await zoe.context.close()  # the page is gone in the middle of the vote
    tablet = await enter(real, open_page, ZOE)
    ballot = tablet.get_by_role("dialog", name="Adopt the budget?")
    await expect(ballot.get_by_role("radio", name="Against")).to_be_checked()
    await cast(tablet, "For", button="Change vote")
    await enter(real, open_page, LI)
    await chair.get_by_role("button", name="Close and count").click()
    await expect(
        tablet.get_by_text("The vote is closed: Adopt the budget? carried: 2 of 2 votes cast")
    ).to_be_attached()
    [closed] = await host.facts(VoteClosed)
    assert (closed.counts, closed.result) == ([2, 0, 0], "carried")
    casts = [(fact.by, fact.choice) for fact in await host.facts(VoteCast)]
    assert casts == [
        (identifier(CHAIR), "for"),
        (identifier(ZOE), "against"),
        (identifier(ZOE), "for"),
    ]
