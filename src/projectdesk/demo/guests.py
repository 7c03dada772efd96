"""Guests of the demo in headless Chromium: each a browser of its own, with a camera that moves.

The camera and microphone are Chromium's own fake devices; what is sent and decoded is real.
Run as `python -m projectdesk.demo.guests CHROMIUM`.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from projectdesk.demo.lines import Order, answer, orders

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_FLAGS = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
_PATIENCE_MS = 20_000
_POLL_MS = 100
_READ = """async () => ({
    state: window.projectdesk ? window.projectdesk.state() : null,
    statistics: window.projectdesk ? await window.projectdesk.statistics() : {},
})"""


def flags() -> list[str]:
    """Return Chromium's flags; its sandbox cannot start as root."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*_FLAGS, "--no-sandbox"] if root else _FLAGS


class Guests:
    """The pages of all guests."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._pages: dict[str, Page] = {}
        self._links: dict[str, str] = {}

    def carry_out(self, order: Order) -> Order:
        """Do what an order says and return what to answer."""
        name = order.get("name", "")
        match order["do"]:
            case "join":
                return self._join(name, order["url"])
            case "read":
                return {"guests": {who: page.evaluate(_READ) for who, page in self._pages.items()}}
            case "drop":
                self._pages.pop(name).context.close()
            case "leave":
                page = self._pages.pop(name)
                page.keyboard.press("Escape")
                page.close(run_before_unload=True)
            case "picture":
                self._pages[name].screenshot(path=order["out"])
            case other:
                raise ValueError(f"unknown order {other!r}")
        return {}

    def _join(self, name: str, url: str) -> Order:
        """Open the link, and click Join: two clicks from the mail, as people do."""
        context = self._browser.new_context(
            viewport={"width": 1280, "height": 800}, permissions=["camera", "microphone"]
        )
        page = context.new_page()
        self._pages[name] = page
        page.goto(url)
        page.locator("form.join-form button[type=submit]").click(timeout=_PATIENCE_MS)
        return {"state": _admitted_or_waiting(page)}


def _admitted_or_waiting(page: Page) -> str:
    """Wait until the guest is in the lobby or the call; the page's policy forbids `eval` to us."""
    place = ""
    for _ in range(_PATIENCE_MS // _POLL_MS):
        place = str(page.evaluate("window.projectdesk ? window.projectdesk.state().name : ''"))
        if place in {"lobby", "call"}:
            return place
        page.wait_for_timeout(_POLL_MS)
    raise TimeoutError(f"the guest is still at {place!r}")


def main(executable: str) -> int:
    """Serve orders until standard input ends."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=flags())
        guests = Guests(browser)
        print('{"ok": true}', flush=True)
        for order in orders():
            _answer(guests, order)
        browser.close()
    return 0


def _answer(guests: Guests, order: dict[str, Any]) -> None:
    answer(lambda: guests.carry_out(order))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
