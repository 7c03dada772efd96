"""The pages of personal links for everybody: WCAG 2.2 AA by axe-core, and what axe cannot see.

Ballots, circulated minutes and actions, each as it is asked, refused and answered; at 360 px, at
200 %, by Tab alone. Dates, effort and the call have the same in their own files.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from playwright.async_api import Page, expect

from projectdesk.signalling import outcome
from tests.e2e.page.conftest import OpenPage
from tests.e2e.page.real_host import invitee, meeting, running_host, token
from tests.e2e.page.staged_host import StagedHost, instant
from tests.e2e.page.test_accessibility import AXE, NARROW, WIDE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(300),
]

LINK = "/d/d3skd3skd3#s3cret"
#: 1280 x 800 at 200 %.
ZOOMED = {"width": 640, "height": 400}
NOW = datetime(2027, 3, 1, 10, tzinfo=UTC)
WHO = {"name": "Zoë Ångström", "organisation": "Universitetet i Tromsø", "organiser": "Ida Holm"}

#: Every violation of the standard, not only what axe calls serious; targets of 24 px (2.5.8) too.
STRICT = """async () => {
  const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const rules = { "target-size": { enabled: true } };
  const { violations } = await axe.run(document, { runOnly, rules });
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
}"""

#: What can be reached by Tab, each with a mark, in the order of the document. Of radio buttons that
#: belong together one is reached by Tab, and the others by arrows.
MARK_STOPS = """() => {
  const groups = new Set();
  const all = document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex='0']");
  const stops = [...all].filter((one) => one.checkVisibility() && !one.disabled
    && one.tabIndex >= 0 && one.type !== "hidden"
    && (one.type !== "radio" || (!groups.has(one.name) && groups.add(one.name))));
  stops.forEach((one, number) => { one.dataset.stop = one.type === "radio" ? one.name : number; });
  for (const one of document.querySelectorAll("input[type=radio]")) one.dataset.stop = one.name;
  return [...new Set(stops.map((one) => one.dataset.stop))];
}"""

#: The mark of what has the focus, and whether any of it can be seen (2.4.11).
FOCUSED = """() => {
  const one = document.activeElement;
  const shown = one.closest("label") ?? one.labels?.[0] ?? one;
  const seen = [one, shown].some((part) => {
    const box = part.getBoundingClientRect();
    const points = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map(
      (y) => [box.left + box.width * x, box.top + box.height * y]));
    return points.some(([x, y]) => {
      const top = document.elementFromPoint(x, y);
      return top !== null && (part.contains(top) || top.contains(part));
    });
  });
  return [one.dataset?.stop ?? "", seen];
}"""


def opened(form: msgspec.Struct, **changes: Any) -> dict[str, Any]:
    """Return a desk that is open, with a form as the desktop sends it."""
    return {
        "state": "open",
        "now": instant(),
        "form": msgspec.to_builtins(form),
        "answer": None,
        "answeredAt": None,
        "deadline": instant(timedelta(days=7)),
        **changes,
    }


BALLOT = outcome.BallotSnapshot(
    project="TIDEWATER",
    body="General Assembly",
    question="Does the General Assembly adopt the budget of the second year?",
    description="The budget was sent on 3 March.\nIt moves 5 person-months from WP3 to WP5.",
    choices=["for", "against", "abstain"],
    seats=8,
    needed=6,
    share="2/3",
    represents=["INESC TEC"],
    closes_early=True,
    documents=[
        outcome.BallotDocument(
            name="Budget of the second year, with the shifts between work packages.pdf",
            size=184_000,
            sha256="d" * 64,
        )
    ],
    **WHO,
)
DECIDED = msgspec.structs.replace(
    BALLOT, stage="veto", outcome="carried", counts=[6, 1, 1], given="for", given_at=NOW
)
MINUTES = outcome.MinutesSnapshot(
    project="TIDEWATER",
    title="Kick-off meeting",
    date="2027-03-01",
    revision=2,
    status="circulated",
    objections_until=datetime.now(UTC) + timedelta(days=9),
    may_object=True,
    items=[
        outcome.MinutedItem(
            id="a1" * 16,
            label="1",
            title="Budget",
            text="## Findings\n**All** on time:\n- calibration\n- sensors",
            decisions=[
                outcome.MinutedDecision(
                    id="b2" * 16, label="D7", text="The budget is adopted.", may_veto=True
                )
            ],
            actions=["Zoë Ångström sends the draft, by 9 March"],
        ),
        outcome.MinutedItem(id="c3" * 16, label="2", title="Next steps", text="None."),
    ],
    present=["UiT", "TU Delft"],
    absent=["LFTU"],
    represented=["INESC TEC (UiT)"],
    given=[outcome.GivenObjection(item="", text="We were there.", status="declined", answer="No.")],
    audit_head="0123456789abcdef",
    **WHO,
)
ACTION = outcome.ActionSnapshot(
    project="TIDEWATER",
    label="A12",
    text="Send the draft of D3.2 to all partners and collect their remarks",
    due_on=date(2027, 4, 9),
    first_due_on=date(2027, 3, 9),
    meeting="Kick-off meeting",
    related="WP3 · D3.2",
    remarks=[outcome.ActionRemark(at=NOW, name="Zoë Ångström", text="Half of it is written.")],
    **WHO,
)
DESKS: dict[str, dict[str, Any]] = {
    "ballot": opened(BALLOT),
    "veto": opened(DECIDED),
    "ballot closed": opened(msgspec.structs.replace(DECIDED, stage="closed"), state="closed"),
    "minutes": opened(MINUTES),
    "minutes accepted": opened(
        msgspec.structs.replace(MINUTES, status="accepted", may_object=False), state="closed"
    ),
    "action": opened(ACTION),
    "action done": opened(msgspec.structs.replace(ACTION, status="done")),
}
desks = pytest.mark.parametrize("kind", DESKS)


async def violations(page: Page) -> list[str]:
    """Return everything in which the page as it is now breaks WCAG 2.2 A and AA."""
    if not await page.evaluate("typeof axe !== 'undefined'"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = await page.evaluate(STRICT)
    return found


async def shown(host: StagedHost, open_page: OpenPage, kind: str, **options: Any) -> Page:
    """Open the desk of a kind, without motion: a colour on its way is nobody's contrast."""
    host.desk = DESKS[kind]
    page = await open_page(host.base + LINK, **{"reduced_motion": "reduce", **options})
    await page.get_by_role("heading", level=1).wait_for()
    return page


async def send_nothing(page: Page) -> None:
    """Send the form as it is, where there is one, so that it says what is missing."""
    submit = page.locator("button[type=submit]:visible")
    if await submit.count():
        await submit.first.click()


async def test_a_ballot_breaks_nothing(host: StagedHost, open_page: OpenPage) -> None:
    page = await shown(host, open_page, "ballot", viewport=NARROW)
    assert await violations(page) == []
    await send_nothing(page)
    assert await violations(page) == []


@pytest.mark.full
@desks
async def test_no_desk_breaks_anything(host: StagedHost, open_page: OpenPage, kind: str) -> None:
    found: dict[str, list[str]] = {}
    for scheme in ("light", "dark"):
        for viewport in (WIDE, NARROW):
            page = await shown(host, open_page, kind, viewport=viewport, color_scheme=scheme)
            name = f"{scheme} {viewport['width']}"
            found[name] = await violations(page)
            await send_nothing(page)
            found[f"{name}, sent"] = await violations(page)
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.full
@desks
async def test_who_was_forwarded_a_link_reads_whose_it_is(
    host: StagedHost, open_page: OpenPage, kind: str
) -> None:
    page = await shown(host, open_page, kind)
    said = "Issued to" if kind.startswith("action") else "This link is of"
    line = page.locator("dl > div").filter(has=page.get_by_text(said, exact=True))
    await expect(line.locator("dd")).to_have_text("Zoë Ångström, Universitetet i Tromsø")


@pytest.mark.full
@desks
@pytest.mark.parametrize("viewport", [NARROW, ZOOMED], ids=["360 px", "200 %"])
async def test_tab_comes_by_everything_and_shows_where_it_is(
    host: StagedHost, open_page: OpenPage, kind: str, viewport: dict[str, int]
) -> None:
    page = await shown(host, open_page, kind, viewport=viewport)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    stops = await page.evaluate(MARK_STOPS)
    met: list[str] = []
    for _ in range(len(stops) + 8):  # a date is four stops: day, month, year, calendar
        await page.keyboard.press("Tab")
        stop, seen = await page.evaluate(FOCUSED)
        if stop:
            assert seen, f"{stop} has the focus and cannot be seen"
            met.append(stop)
    assert set(met) == set(stops)


@pytest.mark.full
@desks
async def test_nothing_on_a_desk_moves_for_who_wants_less_motion(
    host: StagedHost, open_page: OpenPage, kind: str
) -> None:
    page = await shown(host, open_page, kind)
    await send_nothing(page)
    assert await page.evaluate("document.getAnimations().length") == 0


@pytest.mark.full
async def test_the_connection_check_breaks_nothing(
    open_page: OpenPage, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with running_host(tmp_path_factory.mktemp("host")) as host:
        room = await host.open_room(
            meeting([invitee(1, "Ida Holm", "AU", "chair"), invitee(2, "Li Wei", "ISE")])
        )
        for scheme in ("light", "dark"):
            for viewport in (WIDE, NARROW):
                options = {"viewport": viewport, "color_scheme": scheme}
                page = await open_page(f"{room.url}/check#{token(2)}", **options)
                start = page.get_by_role("button", name="Start the check")
                await start.wait_for()
                assert await violations(page) == []
                await start.click()
                await page.get_by_role("button", name="Yes, I hear them").wait_for()
                assert await violations(page) == []
                assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
