"""A call in real browsers, recorded on the real host, fetched, made into a film that plays."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import av
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from projectdesk.services import recordings
from projectdesk.services.recordings import HostAccess
from projectdesk.signalling import journal
from tests.e2e.page.conftest import OpenPage, place
from tests.e2e.page.real_host import RealHost, invitee, meeting, running_host
from tests.e2e.page.test_real_call import join, open_with_guests

pytestmark = [
    pytest.mark.full,
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(300),
]

CHAIR, ZOE, LI = 1, 2, 3
PEOPLE = [
    invitee(CHAIR, "Ida Holm", "Aarhus Universitet", "chair"),
    invitee(ZOE, "Zoë Ångström", "Universitetet i Tromsø"),
    invitee(LI, "Li Wei", "Fraunhofer ISE"),
]
PLAYED = """async ([kind, data]) => {
    const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
    const video = document.createElement("video");
    video.muted = true;
    video.src = URL.createObjectURL(new Blob([bytes], { type: kind }));
    document.body.append(video);
    await video.play();
    await new Promise((done, failed) => {
        video.ontimeupdate = () => video.currentTime > 1 && done();
        video.onerror = () => failed(new Error(video.error.message));
    });
    return { width: video.videoWidth, height: video.videoHeight };
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def host(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RealHost]:
    async with running_host(tmp_path_factory.mktemp("host")) as host:
        yield host


async def choose(page: Page, name: str) -> None:
    await page.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name=name).click()


async def agree(page: Page) -> None:
    await page.get_by_role("dialog").get_by_role("button", name="I agree").click()


async def played(page: Page, path: Path, kind: str) -> dict[str, int]:
    """Return how large Chromium plays a file."""
    data = base64.b64encode(await asyncio.to_thread(path.read_bytes)).decode()
    await page.goto("about:blank")
    return await page.evaluate(PLAYED, [kind, data])


async def test_a_call_is_recorded_with_consent_and_plays_everywhere(
    host: RealHost, open_page: OpenPage, tmp_path: Path
) -> None:
    real = await host.open_room(meeting(PEOPLE))
    chair, zoe = await open_with_guests(real, open_page, ZOE)
    await choose(chair, "Record the meeting…")
    await agree(zoe)
    sign = chair.locator(".recording-sign")
    await expect(sign).to_have_text("Recording")
    await expect(zoe.locator(".recording-sign")).to_have_text("Recording")
    # Who comes now is asked before they are let in.
    li = await open_page(real.link(LI))
    await expect(li.get_by_text("This meeting is being recorded.")).to_be_visible()
    await join(li)
    await place(li, "lobby")
    await chair.get_by_role("button", name="Admit", exact=True).click()
    await expect(li.get_by_role("dialog")).to_be_visible()
    await place(li, "lobby")
    await agree(li)
    await place(li, "call")
    await asyncio.sleep(6)  # what is recorded takes time
    await choose(chair, "Pause the recording")
    await expect(sign).to_have_text("Recording paused")
    await choose(chair, "Go on recording")
    await expect(sign).to_have_text("Recording")
    await asyncio.sleep(3)
    await choose(chair, "Stop the recording")
    await expect(sign).to_be_hidden()
    assert len(await host.facts(journal.ConsentGiven)) == 3
    folder = await fetched(host, real.url.rsplit("/", 1)[1], tmp_path)
    made = json.loads((folder / "manifest.json").read_bytes())
    sources = {file["participant"]: set(file["sources"]) for file in made["files"]}
    assert sources == {f"{number:032x}": {"audio", "video"} for number in (CHAIR, ZOE, LI)}
    assert len(made["pauses"]) == 1
    for file in made["files"]:
        check(folder / file["name"], file["seconds"])
    row = recordings.read_row(folder)
    assert row is not None
    assert {one.name for one in row.consents} == {"Ida Holm", "Zoë Ångström", "Li Wei"}
    film = await combined(folder)
    size = await played(li, film, "video/mp4" if film.suffix == ".mp4" else "video/webm")
    assert size == {"width": 1280, "height": 720}
    assert (await played(zoe, folder / made["files"][0]["name"], "video/webm"))["width"] > 0
    check(film, made["seconds"])


def check(path: Path, seconds: float) -> None:
    """Decode a file whole; its pictures and its sound last as long as it says."""
    with av.open(str(path)) as opened:
        numbers = [stream.index for stream in opened.streams]
    for number in numbers:
        with av.open(str(path)) as opened:  # from its beginning, whatever a seek would find
            stream = opened.streams[number]
            times = [frame.time for frame in opened.decode(stream) if frame.time is not None]
            assert times == sorted(times)
            assert times[-1] == pytest.approx(seconds, abs=3.5)
            assert len(times) > 20


async def fetched(host: RealHost, room: str, into: Path) -> Path:
    access = HostAccess(host.url, host.key)
    async with asyncio.timeout(60):
        while True:
            found = await asyncio.to_thread(recordings.on_host, access, room)
            if found and found[0].state == "ready":
                return await asyncio.to_thread(recordings.fetch, access, room, found[0], into)
            await asyncio.sleep(0.2)


async def combined(folder: Path) -> Path:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "projectdesk", "recording", "combine", str(folder), "--json"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, said = await process.communicate()
    assert process.returncode == 0, said
    assert json.loads(said.splitlines()[-1]) == {"progress": 1.0}
    return Path(json.loads(out)["file"])
