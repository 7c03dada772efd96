"""What a person arranges on the call page: devices, pictures, windows; against a staged host."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.e2e.page.conftest import OpenPage, own_picture, place
from tests.e2e.page.staged_host import StagedHost, clock, person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.full,
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(120),
]

LINK = "/r/k3jq8w2xz0#s3cret"
WIDE = {"width": 1280, "height": 800}

#: A computer whose list of devices a test changes.
PLUGS = """
  const real = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
  window.plugged = [];
  window.pulled = new Set();
  navigator.mediaDevices.enumerateDevices = async () =>
    [...await real(), ...window.plugged].filter((one) => !window.pulled.has(one.deviceId));
  window.plug = (kind, deviceId, label) => {
    window.plugged.push({ kind, deviceId, label, groupId: deviceId });
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
  };
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.asked = [];
  navigator.mediaDevices.getUserMedia = (wanted) => (window.asked.push(wanted), ask(wanted));
"""


async def enter(page: Page) -> None:
    await own_picture(page)
    await page.get_by_role("button", name="Join").click()
    await place(page, "call")


async def test_a_new_microphone_is_offered_and_a_pulled_camera_is_told(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await open_page("about:blank", viewport=WIDE)
    await page.add_init_script(f"if (navigator.mediaDevices) {{ {PLUGS} }}")
    await page.goto(host.base + LINK)
    await enter(page)
    await expect(page.locator(".tile.you video")).to_be_visible()
    await page.evaluate("window.plug('audioinput', 'm9', 'Studio microphone')")
    banner = page.locator(".banner", has_text="Studio microphone")
    await expect(banner).to_be_visible()
    await banner.get_by_role("button", name="Use it").click()
    await expect(banner).to_be_hidden()
    await page.wait_for_function("() => window.asked.at(-1).audio?.deviceId?.ideal === 'm9'")
    assert await page.evaluate("JSON.parse(localStorage['projectdesk.choices']).microphone") == "m9"
    # The fake camera cannot be pulled out: let it end as if it were, with no other there.
    await page.evaluate(
        """() => {
          const track = document.querySelector(".tile.you video").srcObject.getVideoTracks()[0];
          navigator.mediaDevices.getUserMedia = () =>
            Promise.reject(new DOMException("none", "NotFoundError"));
          track.dispatchEvent(new Event("ended"));
        }"""
    )
    gone = page.locator(".banner", has_text="was unplugged, and there is no other camera")
    await expect(gone).to_be_visible()
    await expect(page.get_by_role("button", name="Start video")).to_be_visible()
    told = await host.heard("setMedia")
    while told["video"]:
        told = await host.heard("setMedia")


async def test_allowing_the_camera_in_the_browser_goes_on_without_a_reload(
    host: StagedHost, open_page: OpenPage
) -> None:
    page = await open_page("about:blank")
    await page.add_init_script(
        """if (navigator.mediaDevices) {
          const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          window.permission = Object.assign(new EventTarget(), { state: "denied" });
          navigator.permissions.query = () => Promise.resolve(window.permission);
          navigator.mediaDevices.getUserMedia = (wanted) => window.permission.state === "granted"
            ? ask(wanted) : Promise.reject(new DOMException("no", "NotAllowedError"));
          window.allow = () => {
            window.permission.state = "granted";
            window.permission.dispatchEvent(new Event("change"));
          };
        }"""
    )
    await page.goto(host.base + LINK)
    await page.get_by_text("Camera and microphone are blocked.").wait_for()
    await page.evaluate("window.allow()")
    await expect(page.locator(".mirror video")).to_be_visible()
    await expect(page.get_by_text("Camera and microphone are blocked.")).to_be_hidden()


async def test_pictures_float_hide_and_fill(host: StagedHost, open_page: OpenPage) -> None:
    host.others = [person(2, "Ida Holm", "DTU"), person(3, "Li Wei", "Fraunhofer ISE")]
    host.clock = clock([], None)
    page = await open_page(host.base + LINK, viewport=WIDE)
    await enter(page)
    await expect(page.locator(".tile")).to_have_count(3)
    more = page.get_by_role("button", name="More")
    await more.click()
    await page.get_by_role("menuitemcheckbox", name="Hide my picture").click()
    await expect(page.locator(".tile")).to_have_count(2)
    await page.keyboard.press("s")
    await expect(page.locator(".tile.large")).to_have_count(1)
    await more.click()
    async with page.context.expect_page() as opening:
        await page.get_by_role("menuitemcheckbox", name="Pictures in a window").click()
    window = await opening.value
    await expect(window.locator(".tile")).to_have_count(2)
    await expect(window.locator(".tile.large")).to_have_count(1)
    await window.locator(".floating").hover()
    await window.get_by_role("button", name="Mute").click()
    await expect(page.get_by_role("button", name="Unmute").first).to_be_visible()
    await more.click()
    await page.get_by_role("menuitem", name="Settings").click()
    await page.get_by_label("Fill the tiles").uncheck()
    await expect(page.locator("main.board").first).to_have_class("board whole")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Leave").click()
    await place(page, "left")
    await page.wait_for_function("() => documentPictureInPicture.window === null")


async def test_a_call_that_was_not_measured_is_not_called_good(
    host: StagedHost, open_page: OpenPage
) -> None:
    host.others = [person(2, "Ida Holm", "DTU")]
    page = await open_page(host.base + LINK, viewport=WIDE)
    await enter(page)
    await page.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Connection").click()
    await expect(page.locator(".quality-verdict")).to_have_text(["Nothing is measured yet."] * 2)
