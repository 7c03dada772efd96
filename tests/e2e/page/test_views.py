"""What is not on the screen is not sent: in real browsers, on the real host with its SFU."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from projectdesk.signalling.control import RoomRules
from tests.e2e.page.conftest import OpenPage, place
from tests.e2e.page.firefox import firefox_path, running_firefox
from tests.e2e.page.real_host import RealHost, RealRoom, invitee, meeting, running_host

pytestmark = [
    pytest.mark.browser,
    pytest.mark.full,
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(240),
]

CHAIR, ZOE, LI = 1, 2, 3
PEOPLE = [
    invitee(CHAIR, "Ida Holm", "Aarhus Universitet", "chair"),
    invitee(ZOE, "Zoë Ångström", "Universitetet i Tromsø"),
    invitee(LI, "Li Wei", "Fraunhofer ISE"),
]

KEEP_CONNECTIONS = """
  window.connections = [];
  const Original = RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(...given) {
      super(...given);
      window.connections.push(this);
    }
  };
  window.videoBytes = async (direction) => {
    let bytes = 0;
    for (const connection of window.connections) {
      if (connection.connectionState === "closed") continue;
      for (const entry of (await connection.getStats()).values()) {
        if (entry.type === direction && entry.kind === "video") {
          bytes += entry.bytesSent ?? entry.bytesReceived ?? 0;
        }
      }
    }
    return bytes;
  };
  window.pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
"""


FRAMES_REST = """async (id) => {
  const frames = async () => (await window.projectdesk.statistics())[id].framesDecoded;
  let [last, since] = [-1, performance.now()];
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const now = await frames();
    if (now !== last) [last, since] = [now, performance.now()];
    if (performance.now() - since > 1_000) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("frames still come");
}"""
FRAMES_GROW = """async (id) => {
  const frames = async () => (await window.projectdesk.statistics())[id]?.framesDecoded ?? 0;
  const before = await frames();
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if ((await frames()) > before + 3) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("no new frames");
}"""
SHOW_TILE = """(id, shown) => {
  const tile = document.querySelector(`.tile[data-participant="${id}"]`);
  tile.style.display = shown ? "" : "none";
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def host(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RealHost]:
    async with running_host(tmp_path_factory.mktemp("host")) as host:
        yield host


def identifier(number: int) -> str:
    return f"{number:032x}"


async def enter(open_page: OpenPage, room: RealRoom, *numbers: int) -> list[Page]:
    """Open the pages of people who come in without a lobby, the connections kept for counting."""
    pages = []
    for number in numbers:
        page = await open_page("about:blank", viewport={"width": 1280, "height": 800})
        page.set_default_timeout(60_000)  # three browsers and an SFU want their time
        await page.add_init_script(KEEP_CONNECTIONS)
        await page.goto(room.link(number))
        await page.get_by_role("button", name="Join").click()
        await place(page, "call")
        pages.append(page)
    return pages


async def bytes_flow(page: Page, direction: str) -> None:
    """Wait until video bytes of a connection grow."""
    await page.evaluate(
        """async (direction) => {
          const before = await videoBytes(direction);
          for (let attempt = 0; attempt < 600; attempt += 1) {
            if ((await videoBytes(direction)) > before + 20_000) return;
            await pause(100);
          }
          throw new Error("no video flows");
        }""",
        direction,
    )


async def bytes_rest(page: Page, direction: str) -> None:
    """Wait until for a second no video bytes of a connection were added."""
    await page.evaluate(
        """async (direction) => {
          let [last, since] = [-1, performance.now()];
          for (let attempt = 0; attempt < 600; attempt += 1) {
            const now = await videoBytes(direction);
            if (now !== last) [last, since] = [now, performance.now()];
            if (performance.now() - since > 1_000) return;
            await pause(100);
          }
          throw new Error("video still flows");
        }""",
        direction,
    )


async def show_tile(page: Page, number: int, *, shown: bool) -> None:
    """Hide somebody's tile, as a layout without room for it does, or show it."""
    await page.evaluate(
        """([id, shown]) => {
          const tile = document.querySelector(`.tile[data-participant="${id}"]`);
          tile.style.display = shown ? "" : "none";
        }""",
        [identifier(number), shown],
    )


async def seconds_until_picture(page: Page, number: int) -> float:
    """Show somebody's tile and measure, in the page, how long until frames are decoded again."""
    seconds: float = await page.evaluate(
        """async (id) => {
          const frames = async () => (await window.projectdesk.statistics())[id].framesDecoded;
          const before = await frames();
          document.querySelector(`.tile[data-participant="${id}"]`).style.display = "";
          const start = performance.now();
          for (let attempt = 0; attempt < 1_000; attempt += 1) {
            if ((await frames()) > before + 1) return (performance.now() - start) / 1_000;
            await pause(20);
          }
          throw new Error("the picture does not come back");
        }""",
        identifier(number),
    )
    return seconds


async def set_visibility(page: Page, state: str) -> None:
    await page.evaluate(
        """(state) => {
          Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        state,
    )


async def unseen(page: Page) -> list[str]:
    """Return the names on the tiles whose camera is on but not shown."""
    found: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll(".tile")]
          .filter((tile) => !tile.querySelector(".tile-unseen").hidden)
          .map((tile) => tile.querySelector(".tile-name").textContent)"""
    )
    return found


async def until(page: Page, condition: str, argument: Any = None) -> None:
    await page.wait_for_function(condition, arg=argument)


async def test_a_hidden_tile_costs_nothing_and_comes_back_within_two_seconds(
    host: RealHost, open_page: OpenPage
) -> None:
    room = await host.open_room(meeting(PEOPLE, RoomRules(lobby=False)))
    chair, zoe = await enter(open_page, room, CHAIR, ZOE)
    await bytes_flow(chair, "inbound-rtp")
    took = []
    for _ in range(3):
        await show_tile(chair, ZOE, shown=False)
        await bytes_rest(chair, "inbound-rtp")
        await bytes_rest(zoe, "outbound-rtp")  # nobody looks: the camera is not even encoded
        await bytes_flow(zoe, "inbound-rtp")  # the other way is as it was
        took.append(await seconds_until_picture(chair, ZOE))
        await bytes_flow(chair, "inbound-rtp")
    # Two browsers and an SFU that wait for a processor say nothing about the page.
    if os.getloadavg()[0] < 2 * (os.cpu_count() or 1):
        assert min(took) < 2.0, took


async def test_a_hidden_tab_gets_no_pictures_but_all_sound(
    host: RealHost, open_page: OpenPage
) -> None:
    room = await host.open_room(meeting(PEOPLE, RoomRules(lobby=False)))
    chair, zoe = await enter(open_page, room, CHAIR, ZOE)
    await bytes_flow(chair, "inbound-rtp")
    await set_visibility(chair, "hidden")
    await bytes_rest(chair, "inbound-rtp")
    await chair.evaluate(
        """async (id) => {
          const packets = async () => (await window.projectdesk.statistics())[id].audioPackets;
          const before = await packets();
          while ((await packets()) < before + 20) await pause(50);
        }""",
        identifier(ZOE),
    )
    await set_visibility(chair, "visible")
    await bytes_flow(chair, "inbound-rtp")
    await bytes_flow(zoe, "inbound-rtp")


async def test_in_a_larger_room_few_are_seen_and_a_pin_is_one_of_them(
    host: RealHost, open_page: OpenPage
) -> None:
    rules = RoomRules(lobby=False, everyone=2, cameras=1)
    room = await host.open_room(meeting(PEOPLE, rules))
    chair, zoe, li = await enter(open_page, room, CHAIR, ZOE, LI)
    await until(chair, "() => document.querySelectorAll('.tile-unseen:not([hidden])').length === 1")
    await bytes_flow(chair, "inbound-rtp")
    (hidden,) = await unseen(chair)
    other = "Zoë Ångström" if hidden == "Li Wei" else "Li Wei"
    tile = chair.locator(".tile", has_text=hidden)
    assert "camera on, not shown here" in (await tile.text_content() or "")
    await tile.get_by_role("button", name=f"Pin {hidden}").click()
    await until(
        chair,
        """(name) => [...document.querySelectorAll(".tile")].some((tile) =>
          tile.textContent.includes(name) && !tile.querySelector(".tile-unseen").hidden)""",
        other,
    )
    assert await unseen(chair) == [other]
    number = ZOE if hidden == "Zoë Ångström" else LI
    await chair.evaluate(
        """async (id) => {
          const frames = async () => (await projectdesk.statistics())[id]?.framesDecoded ?? 0;
          const before = await frames();
          while ((await frames()) < before + 5) await pause(50);
        }""",
        identifier(number),
    )
    await asyncio.gather(*(bytes_flow(page, "inbound-rtp") for page in (zoe, li)))


async def test_firefox_stops_encoding_and_goes_on_and_is_spared_what_it_does_not_show(
    host: RealHost, open_page: OpenPage, tmp_path: Path
) -> None:
    path = firefox_path()
    if path is None:
        pytest.fail("no Firefox on this machine (`dev.py test` installs Debian's firefox-esr)")
    room = await host.open_room(meeting(PEOPLE, RoomRules(lobby=False)))
    (chair,) = await enter(open_page, room, CHAIR)
    async with running_firefox(path, tmp_path) as firefox:
        zoe = await firefox.open(room.link(ZOE))
        await zoe.place("preview")
        await zoe.click("Join")
        await zoe.place("call")
        await bytes_flow(chair, "inbound-rtp")
        for _ in range(2):
            await show_tile(chair, ZOE, shown=False)
            await bytes_rest(chair, "inbound-rtp")
            await show_tile(chair, ZOE, shown=True)
            await bytes_flow(chair, "inbound-rtp")
        await zoe.evaluate(FRAMES_GROW, identifier(CHAIR))
        await zoe.evaluate(SHOW_TILE, identifier(CHAIR), False)
        await zoe.evaluate(FRAMES_REST, identifier(CHAIR))
        await bytes_rest(chair, "outbound-rtp")
        await zoe.evaluate(SHOW_TILE, identifier(CHAIR), True)
        await zoe.evaluate(FRAMES_GROW, identifier(CHAIR))
        assert zoe.complaints == []
