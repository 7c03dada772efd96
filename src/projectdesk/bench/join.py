"""`bench join`: from opening a personal link to the first picture of somebody else.

A real Chromium opens the link in a context of its own, with nothing cached, waits for Join, presses
it, and is done when a picture of another participant has been decoded. The host
is a process of its own; the others are attendants that send a picture Chromium can decode. The
floor is what the same Chromium takes to load the page up to Join: nothing can be faster than that.
`stages_s` tells where the time after Join goes, in seconds since it was pressed (`join_stages`).
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from projectdesk.bench.attendants import Attendant
from projectdesk.bench.clip import make_frames
from projectdesk.bench.join_stages import NOTE_STAGES, medians, seconds_since_click
from projectdesk.bench.report import Row, below, machine, report
from projectdesk.bench.robots import RobotWorld
from projectdesk.bench.venue import Venue
from projectdesk.demo.guests import flags
from projectdesk.demo.troupe import chromium
from projectdesk.errors import EnvironmentFailure

if TYPE_CHECKING:
    from playwright.async_api import Browser

JOINS = 20
PRESENT = (1, 10)
P95_LIMIT_S = 2.0
_PATIENCE_MS = 30_000
_QUIET_LOAD = 1.0
"""Load of the last minute before the measurement, above which its times say little."""

_JOIN = "form.join-form button[type=submit]"
_FIRST_PICTURE = """() => new Promise((done) => {
    const look = async () => {
        const seen = window.projectdesk ? await window.projectdesk.statistics() : {};
        if (Object.values(seen).some((one) => one.framesDecoded > 0)) {
            window.noteStage("picture");
            done(window.stages);
        }
        else { setTimeout(look, 5); }
    };
    look();
})"""


def run(options: Sequence[str] = ()) -> Row:
    """Measure and return the report.

    Args:
        options: `--joins N`, `--present A,B`.

    Raises:
        EnvironmentFailure: `no_browser`, there is no Chromium that can be driven.
    """
    parser = argparse.ArgumentParser(prog="projectdesk bench join")
    parser.add_argument("--joins", type=int, default=JOINS)
    parser.add_argument("--present", default=",".join(map(str, PRESENT)))
    chosen = parser.parse_args(list(options))
    found = chromium()
    if found is None:
        raise EnvironmentFailure(
            "no_browser", "Joining is measured with Chromium. Install it, and playwright."
        )
    sizes = [int(size) for size in chosen.present.split(",")]
    before = machine()["load"]
    quiet = before is None or before < _QUIET_LOAD
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        rows = runner.run(_measure(found, sizes, chosen.joins))
    worst = max(row["p95_s"] for row in rows)
    return report(
        "join",
        rows,
        [below("join.p95_s", worst, P95_LIMIT_S, valid=quiet)],
        load_before=before,
        quiet=quiet,
    )


async def _measure(executable: str, sizes: Sequence[int], joins: int) -> list[Row]:
    from playwright.async_api import async_playwright

    rows: list[Row] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=flags())
        try:
            for size in sizes:
                with tempfile.TemporaryDirectory(prefix="projectdesk-bench-") as name:
                    rows.append(await _with_present(browser, Path(name), size, joins))
        finally:
            await browser.close()
    return rows


async def _with_present(browser: Browser, data: Path, present: int, joins: int) -> Row:
    world, frames = RobotWorld(), make_frames()
    async with Venue(data, present + 1) as venue:
        attendants = [Attendant(venue.link(seat), world, frames) for seat in range(present)]
        try:
            for attendant in attendants:
                await attendant.join()
            await _join(browser, venue.link(present))  # fills the caches of browser and system
            times = [await _join(browser, venue.link(present)) for _ in range(joins)]
        finally:
            for attendant in attendants:
                await attendant.leave()
            await world.close()
    whole = sorted(time_[1] for time_ in times)
    stages = [seconds_since_click(time_[2]) for time_ in times]
    return {
        "present": present,
        "joins": joins,
        "p50_s": round(statistics.median(whole), 3),
        "p95_s": round(whole[max(0, -(-len(whole) * 95 // 100) - 1)], 3),
        "ready_p50_s": round(statistics.median(time_[0] for time_ in times), 3),
        "ratio_floor": round(
            statistics.median(whole) / statistics.median(time_[0] for time_ in times), 2
        ),
        "stages_s": medians(stages),
    }


async def _join(browser: Browser, link: str) -> tuple[float, float, dict[str, float]]:
    """Return seconds from the link to the page's Join, and to the first picture; and the stages."""
    context = await browser.new_context(
        viewport={"width": 1280, "height": 800}, permissions=["camera", "microphone"]
    )
    try:
        page = await context.new_page()
        await page.add_init_script(NOTE_STAGES)
        started = time.monotonic()
        await page.goto(link, wait_until="commit")
        await page.locator(_JOIN).wait_for(timeout=_PATIENCE_MS)
        ready = time.monotonic() - started
        await page.locator(_JOIN).click(timeout=_PATIENCE_MS)
        async with asyncio.timeout(_PATIENCE_MS / 1000):
            noted: dict[str, float] = await page.evaluate(_FIRST_PICTURE)
        whole = time.monotonic() - started
        await page.get_by_role("button", name="Leave").first.click(timeout=_PATIENCE_MS)
        await page.wait_for_function("() => window.projectdesk.state().name === 'left'")
    finally:
        await context.close()
    return ready, whole, noted
