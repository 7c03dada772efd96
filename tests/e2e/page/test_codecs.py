"""Pictures in VP9 and H.264 between real browsers, and what happens when somebody lacks them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, Page

from tests.e2e.page.conftest import place
from tests.e2e.page.firefox import Firefox, firefox_path, running_firefox
from tests.e2e.page.real_host import RealRoom, meeting, running_host
from tests.e2e.page.test_firefox import SEES
from tests.e2e.page.test_real_call import CHAIR, LI, PEOPLE, ZOE, identifier, join, sees

pytestmark = [
    pytest.mark.full,
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(400),
]

#: Keeps the page's connections, so that a test can read which codec each stream has.
KEEP = """(() => {
  window.connections = [];
  const Connection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Connection {
    constructor(...given) { super(...given); window.connections.push(this); }
  };
})()"""

#: Makes a browser that decodes VP8 alone: it does not see the other codecs of an offer.
VP8_ALONE = """(() => {
  const take = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function (description) {
    let { type, sdp } = description;
    if (type === "offer") {
      const others = /^a=(rtpmap|fmtp|rtcp-fb):(98|99|102|103) /;
      const left = sdp.split("\\r\\n").filter((line) => !others.test(line));
      const types = / (98|99|102|103)\\b/g;
      const named = (line) => (line.startsWith("m=video") ? line.replace(types, "") : line);
      sdp = left.map(named).join("\\r\\n");
    }
    return take.call(this, { type, sdp });
  };
})()"""

#: Returns the codecs of the pictures that flow in a direction, and how many were coded so far.
STREAMS = """async (kind) => {
  const found = [];
  for (const connection of window.connections) {
    if (connection.connectionState !== "connected") { continue; }
    const stats = [...(await connection.getStats()).values()];
    for (const one of stats) {
      const codec = stats.find((other) => other.id === one.codecId);
      if (one.type === kind && one.kind === "video" && codec) {
        found.push({ codec: codec.mimeType, frames: one.framesDecoded ?? one.framesEncoded ?? 0,
          gap: one.totalFreezesDuration ?? 0, rid: one.rid ?? "" });
      }
    }
  }
  return found;
}"""

#: Waits until all pictures that flow in a direction are of a codec and move.
FLOWS = f"""async ([kind, wanted]) => {{
  const read = {STREAMS};
  let last = [];
  for (let attempt = 0; attempt < 150; attempt += 1) {{
    const before = last;
    last = (await read(kind)).filter((one) => one.frames > 0);
    const moves = (one, place) => one.frames > (before[place]?.frames ?? one.frames);
    const moving = last.filter(moves);
    if (moving.length > 0 && moving.every((one) => one.codec.toLowerCase() === wanted)) {{
      return last;
    }}
    await new Promise((resolve) => setTimeout(resolve, 400));
  }}
  throw new Error(`no moving picture in ${{wanted}}: ${{JSON.stringify(last)}}`);
}}"""

#: Begins to note the longest time between two pictures of somebody else that are shown.
WATCH = """() => {
  const received = window.connections
    .filter((one) => one.connectionState === "connected")
    .flatMap((one) => one.getReceivers().map((receiver) => receiver.track.id));
  const shows = (one) => received.includes(one.srcObject?.getVideoTracks()[0]?.id);
  const video = [...document.querySelectorAll("video")].find(shows);
  window.longest = 0;
  let last = performance.now();
  const seen = (now) => {
    window.longest = Math.max(window.longest, now - last);
    last = now;
    video.requestVideoFrameCallback(seen);
  };
  video.requestVideoFrameCallback(seen);
}"""


async def enter(browser: Browser, real: RealRoom, number: int, *scripts: str) -> Page:
    context = await browser.new_context(permissions=["camera", "microphone"])
    page = await context.new_page()
    for script in (KEEP, *scripts):
        await page.add_init_script(script)
    await page.goto(real.link(number))
    await join(page)
    return page


async def admit(chair: Page, guest: Page) -> None:
    await place(guest, "lobby")
    await chair.get_by_role("button", name="Admit", exact=True).click()
    await place(guest, "call")


async def streams(page: Page, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await page.evaluate(STREAMS, kind)
    return found


@pytest.mark.parametrize("codec", ["vp9", "h264"])
async def test_a_codec_is_sent_while_all_take_it(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, codec: str
) -> None:
    data = tmp_path_factory.mktemp("host")
    async with running_host(data, "--video-codecs", f"{codec},vp8") as host:
        real = await host.open_room(meeting(PEOPLE))
        chair = await enter(browser, real, CHAIR)
        try:
            await place(chair, "call")
            guest = await enter(browser, real, ZOE)
            await admit(chair, guest)
            for page in (chair, guest):
                await page.evaluate(FLOWS, ["inbound-rtp", f"video/{codec}"])
                await page.evaluate(FLOWS, ["outbound-rtp", f"video/{codec}"])
            await guest.evaluate(WATCH)

            late = await enter(browser, real, LI, VP8_ALONE)
            await admit(chair, late)
            await sees(late, [CHAIR, ZOE])
            for page in (chair, guest, late):
                await page.evaluate(FLOWS, ["inbound-rtp", "video/vp8"])
            longest = await guest.evaluate("window.longest")
            print(f"{codec}: longest pause {longest:.0f} ms")
            assert 0 < longest < 2000
            assert all(
                one["rid"] in ("", "q", "h", "f") for one in await streams(chair, "outbound-rtp")
            )

            await late.context.close()
            for page in (chair, guest):
                await page.evaluate(FLOWS, ["inbound-rtp", f"video/{codec}"])
            await sees(chair, [ZOE])
        finally:
            for context in browser.contexts:
                await context.close()


async def firefox_joins(firefox: Firefox, browser: Browser, real: RealRoom) -> None:
    chair = await enter(browser, real, CHAIR)
    await place(chair, "call")
    guest = await firefox.open(real.link(ZOE))
    await guest.place("preview")
    await guest.click("Join")
    await guest.place("lobby")
    await chair.get_by_role("button", name="Admit", exact=True).click()
    await guest.place("call")
    await guest.evaluate(SEES, identifier(CHAIR))
    counts = await sees(chair, [ZOE])
    await sees(chair, [ZOE], more_than=counts)
    await chair.evaluate(FLOWS, ["outbound-rtp", "video/vp9"])
    await chair.evaluate(FLOWS, ["inbound-rtp", "video/vp9"])
    assert guest.complaints == []


async def test_firefox_sends_and_takes_vp9(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = firefox_path()
    assert path is not None, "`dev.py test` installs Debian's firefox-esr"
    data = tmp_path_factory.mktemp("host")
    profile = tmp_path_factory.mktemp("firefox")
    async with (
        running_host(data, "--video-codecs", "vp9,vp8") as host,
        running_firefox(path, profile) as firefox,
    ):
        real = await host.open_room(meeting(PEOPLE))
        try:
            await firefox_joins(firefox, browser, real)
        finally:
            for context in browser.contexts:
                await context.close()
