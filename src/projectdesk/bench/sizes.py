"""`bench sizes`: what a camera takes that is shown small or large, and how soon it is large.

Three people in real Chromium on the real host: one sends, two look. Times are from a larger tile to
the first picture that fills it, as when somebody begins to speak, read in the page; so they hold
what the page waits before it tells the host. Three cases:

flows: the other one shows them large already. Nothing has to be asked of the sender: the floor.
asleep: both showed them small, so that the larger sizes were not sent.
stopped: nobody showed them, so that the camera was not even encoded.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from projectdesk.bench.report import Row, at_most, below, machine, report
from projectdesk.bench.venue import Venue
from projectdesk.demo.guests import flags
from projectdesk.demo.troupe import chromium
from projectdesk.errors import EnvironmentFailure

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

ROUNDS = 10
P50_LIMIT_S = 1.0
SHARE_LIMIT = 0.25
"""Of the bits of a camera that somebody shows large, where all show it small."""

SMALL, LARGE = 80, 700
"""Heights of a tile in pixels: filled by the smallest and by the largest size of a camera."""

UPPER = 300
"""Lines of a picture that is not the smallest: a browser that is short of processor or bandwidth
sends the largest later, or not at all. The row says how large the pictures were."""

_PATIENCE_MS = 90_000
_SETTLED_S = 4.0
_QUIET_LOAD = 1.0

#: Keeps the page's connections, whose counters tell the sizes apart.
KEEP = """(() => {
  window.connections = [];
  const Original = RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(...given) { super(...given); window.connections.push(this); }
  };
})()"""

#: Returns the camera's sizes as the browser counts them, by id: frames and bytes sent.
SIZES = """async () => {
  const found = {};
  for (const connection of window.connections) {
    if (connection.connectionState !== "connected") continue;
    for (const one of (await connection.getStats()).values()) {
      if (one.type === "outbound-rtp" && one.kind === "video" && one.rid) {
        found[one.rid] = { frames: one.framesEncoded ?? 0, bytes: one.bytesSent ?? 0 };
      }
    }
  }
  return found;
}"""

#: Waits until exactly these sizes gain frames, for as long as it takes to tell.
SENDS = f"""async (wanted) => {{
  const read = {SIZES};
  let last = "";
  for (let attempt = 0; attempt < 36; attempt += 1) {{
    const before = await read();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const now = await read();
    const grown = Object.keys(now).filter((rid) => now[rid].frames > (before[rid]?.frames ?? 0));
    last = grown.sort().join();
    if (last === [...wanted].sort().join()) {{ return; }}
  }}
  throw new Error(`sizes sent: ${{last || "none"}}, not ${{wanted}}`);
}}"""

#: Waits until a size that is not the smallest gains frames.
SENDS_UPPER = f"""async () => {{
  const read = {SIZES};
  const frames = async () => {{
    const {{ h, f }} = await read();
    return (h?.frames ?? 0) + (f?.frames ?? 0);
  }};
  const before = await frames();
  for (let attempt = 0; attempt < 150; attempt += 1) {{
    if ((await frames()) > before + 5) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }}
  throw new Error(`no larger size: ${{JSON.stringify(await read())}}`);
}}"""

#: Shows somebody in a tile of a height (0 = not at all); notes when each new picture is shown.
SHOW = """async ([id, height]) => {
  const find = () => document.querySelector(`.tile[data-participant="${id}"]`);
  while (!find()?.querySelector("video")) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const tile = find();
  tile.style.display = height === 0 ? "none" : "";
  for (const name of ["height", "min-height", "max-height"]) {
    tile.style.setProperty(name, `${height}px`, "important");
  }
  const video = tile.querySelector("video");
  const shown = { from: performance.now(), at: [], heights: [] };
  window.shown = shown;
  const note = (_now, frame) => {
    if (window.shown !== shown) return;
    shown.at.push(performance.now());
    shown.heights.push(frame.height);
    video.requestVideoFrameCallback(note);
  };
  video.requestVideoFrameCallback(note);
}"""

#: ms until the first larger picture, the longest time without one till then, and how large it is.
RAISED = """(height) => {
  const { from, at, heights } = window.shown;
  const first = heights.findIndex((one) => one >= height);
  if (first < 0) return null;
  const gaps = at.slice(0, first + 1).map((one, place) => one - (at[place - 1] ?? from));
  return { after: at[first] - from, gap: Math.max(...gaps), lines: heights[first] };
}"""


def run(options: Sequence[str] = ()) -> Row:
    """Measure and return the report.

    Args:
        options: `--rounds N`.

    Raises:
        EnvironmentFailure: `no_browser`, there is no Chromium that can be driven; `machine_busy`,
            it did not send what it was asked for.
    """
    parser = argparse.ArgumentParser(prog="projectdesk bench sizes")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of each case")
    chosen = parser.parse_args(list(options))
    found = chromium()
    if found is None:
        raise EnvironmentFailure(
            "no_browser", "Sizes are measured with Chromium. Install it, and playwright."
        )
    before = machine()["load"]
    quiet = before is None or before < _QUIET_LOAD
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        rows = runner.run(_measure(found, chosen.rounds))
    by_case = {row["case"]: row for row in rows}
    share = by_case["asleep"]["camera_kbit_s"] / max(1, by_case["flows"]["camera_kbit_s"])
    soon = by_case["asleep"]["p50_ms"] / 1000
    goals = [
        at_most("sizes.small_share", round(share, 3), SHARE_LIMIT),
        below("sizes.asleep.p50_s", soon, P50_LIMIT_S, valid=quiet),
    ]
    return report("sizes", rows, goals, load_before=before, quiet=quiet)


async def _measure(executable: str, rounds: int) -> list[Row]:
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=flags())
        try:
            with tempfile.TemporaryDirectory(prefix="projectdesk-bench-") as name:
                async with Venue(Path(name), 3) as venue:
                    pages = [await _enter(browser, venue.link(seat)) for seat in range(3)]
                    return await _Looking(*pages).measure(rounds)
        finally:
            await browser.close()


async def _enter(browser: Browser, link: str) -> Page:
    context = await browser.new_context(
        viewport={"width": 1280, "height": 800}, permissions=["camera", "microphone"]
    )
    page = await context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    await page.add_init_script(KEEP)
    await page.goto(link)
    await page.locator("form.join-form button[type=submit]").click()
    await page.wait_for_function("() => window.projectdesk.state().name === 'call'")
    return page


class _Looking:
    """One who sends and two who look at them."""

    def __init__(self, sender: Page, one: Page, other: Page) -> None:
        self._sender = sender
        self._one = one
        self._other = other
        self._id = ""

    async def measure(self, rounds: int) -> list[Row]:
        self._id = (await self._sender.evaluate("window.projectdesk.state()"))["you"]
        flows = await self._case("flows", rounds, SMALL, LARGE, None)
        asleep = await self._case("asleep", rounds, SMALL, SMALL, ("q",))
        stopped = await self._case("stopped", rounds, 0, 0, ())
        return [flows, asleep, stopped]

    async def _case(
        self, case: str, rounds: int, height: int, others: int, sent: Sequence[str] | None
    ) -> Row:
        """Enlarge the tile again and again after the sender came to rest.

        Args:
            case: its name.
            rounds: how often.
            height: of the tile before.
            others: height in which the third person shows the same camera.
            sent: sizes that it comes to rest with; None = any that is not the smallest alone.
        """
        found: list[dict[str, float]] = []
        rates: list[float] = []
        for _ in range(rounds):
            await self._show(self._one, height)
            await self._show(self._other, others)
            await self._rest(sent)
            rates.append(await self._rate())
            await self._show(self._one, LARGE)
            found.append(await self._raised())
        after = sorted(one["after"] for one in found)
        return {
            "case": case,
            "rounds": rounds,
            "p50_ms": round(statistics.median(after)),
            "p95_ms": round(after[max(0, -(-len(after) * 95 // 100) - 1)]),
            "gap_p50_ms": round(statistics.median(one["gap"] for one in found)),
            "gap_max_ms": round(max(one["gap"] for one in found)),
            "lines": round(statistics.median(one["lines"] for one in found)),
            "camera_kbit_s": round(statistics.median(rates)),
        }

    async def _raised(self) -> dict[str, float]:
        from playwright.async_api import TimeoutError as Late

        try:
            raised = await self._one.wait_for_function(RAISED, arg=UPPER)
        except Late as error:
            raise _busy("no larger picture came") from error
        found: dict[str, float] = await raised.json_value()
        return found

    async def _rest(self, sent: Sequence[str] | None) -> None:
        from playwright.async_api import Error

        try:
            if sent is None:
                await self._sender.evaluate(SENDS_UPPER)
            else:
                await self._sender.evaluate(SENDS, list(sent))
        except Error as error:
            if "size" not in str(error):
                raise
            raise _busy(str(error).splitlines()[0]) from error

    async def _show(self, page: Page, height: int) -> None:
        await page.evaluate(SHOW, [self._id, height])

    async def _rate(self) -> float:
        """Return what the sender's camera takes in kbit/s."""
        timed: Any = f"async () => [performance.now(), await ({SIZES})()]"
        began, before = await self._sender.evaluate(timed)
        await asyncio.sleep(_SETTLED_S)
        ended, after = await self._sender.evaluate(timed)
        grown = sum(
            sizes["bytes"] - before.get(rid, {"bytes": 0})["bytes"] for rid, sizes in after.items()
        )
        return float(grown * 8 / (ended - began))


def _busy(reason: str) -> EnvironmentFailure:
    return EnvironmentFailure(
        "machine_busy",
        "The browser did not send what it was asked for: this machine has no processor to spare. "
        "Measure when it is quiet. ({reason})",
        reason=reason,
    )
