"""A call in VP9 or H.264 that is recorded: its pictures change to VP8, and its files are whole."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
from pathlib import Path

import av
import pytest
from playwright.async_api import Browser, expect

from tests.e2e.page.conftest import place
from tests.e2e.page.real_host import meeting, running_host
from tests.e2e.page.test_codecs import FLOWS, admit, enter
from tests.e2e.page.test_real_call import CHAIR, PEOPLE, ZOE
from tests.e2e.page.test_recorded_call import agree, choose, fetched

pytestmark = [
    pytest.mark.full,
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(500),
]


def moments(path: Path, kind: str) -> list[float]:
    """Decode what a file has of sound or picture, whole; return when each piece is shown."""
    with av.open(str(path)) as opened:
        stream = opened.streams.get(**{kind: 0})[0]
        return [frame.time for frame in opened.decode(stream) if frame.time is not None]


@pytest.mark.parametrize("codec", ["vp9", "h264"])
async def test_a_call_in_another_codec_is_recorded_whole(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, codec: str
) -> None:
    data, into = tmp_path_factory.mktemp("host"), tmp_path_factory.mktemp("fetched")
    async with running_host(data, "--video-codecs", f"{codec},vp8") as host:
        real = await host.open_room(meeting(PEOPLE))
        try:
            chair = await enter(browser, real, CHAIR)
            await place(chair, "call")
            guest = await enter(browser, real, ZOE)
            await admit(chair, guest)

            async def all_send(name: str) -> None:
                for page in (chair, guest):
                    await page.evaluate(FLOWS, ["outbound-rtp", f"video/{name}"])

            await all_send(codec)
            await choose(chair, "Record the meeting…")
            await agree(guest)
            sign = chair.locator(".recording-sign")
            await expect(sign).to_have_text("Recording")
            await all_send("vp8")
            await asyncio.sleep(5)  # what is recorded takes time
            await choose(chair, "Pause the recording")
            await expect(sign).to_have_text("Recording paused")
            await all_send(codec)
            await choose(chair, "Go on recording")
            await expect(sign).to_have_text("Recording")
            await all_send("vp8")
            await asyncio.sleep(5)
            await choose(chair, "Stop the recording")
            await expect(sign).to_be_hidden()
            await all_send(codec)
        finally:
            for context in browser.contexts:
                await context.close()
        folder = await fetched(host, real.url.rsplit("/", 1)[1], into)
    made = json.loads((folder / "manifest.json").read_bytes())
    assert len(made["pauses"]) == 1
    assert len(made["files"]) == 2
    for file in made["files"]:
        assert set(file["sources"]) == {"audio", "video"}
        heard, seen = (moments(folder / file["name"], kind) for kind in ("audio", "video"))
        gaps = [later - sooner for sooner, later in itertools.pairwise(seen)]
        print(
            f"{codec}: picture {seen[0] - heard[0]:.2f} s after the sound, longest gap "
            f"{max(gaps):.2f} s, {len(seen)} pictures of {seen[-1]:.1f} s"
        )
        assert seen == sorted(seen)
        assert seen[-1] > heard[-1] - 2.0, "to the end"
        if os.getloadavg()[0] < 2 * (os.cpu_count() or 1):
            assert seen[0] - heard[0] < 3.0
            assert max(gaps) < 3.0
