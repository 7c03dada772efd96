"""Guests of the demo in headless Chromium: each a window of its own, with a camera that moves.

What a camera shows is a matter of the browser, so a guest with a face has a browser of their own.

The camera and microphone are Chromium's own fake devices; what is sent and decoded is real.
Run as `python -m projectdesk.demo.guests CHROMIUM`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

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
_READ = """async () => {
    const shown = (selector) => {
        const found = document.querySelector(selector);
        return found && found.checkVisibility() ? found.textContent : "";
    };
    return {
        state: window.projectdesk ? window.projectdesk.state() : null,
        statistics: window.projectdesk ? await window.projectdesk.statistics() : {},
        shown: {
            title: shown(".topbar-title"),
            presenter: shown(".topbar-presenter"),
            clock: shown(".item-clock .clock-figures"),
            over: shown(".over-badge"),
            minutes: shown(".minutes-now"),
            quorum: shown(".quorum-sign"),
            banners: [...document.querySelectorAll(".banner")]
                .filter((banner) => banner.checkVisibility())
                .map((banner) => banner.textContent),
        },
    };
}"""


def flags() -> list[str]:
    """Return Chromium's flags; its sandbox cannot start as root."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*_FLAGS, "--no-sandbox"] if root else _FLAGS


class Guests:
    """The pages of all guests."""

    def __init__(self, launch: Callable[[str], Browser]) -> None:
        """Start the browser of those without a face.

        launch: starts a browser whose camera shows a Y4M file, or a pattern for "".
        """
        self._browser = launch("")
        self._launch = launch
        self._faces: dict[str, Browser] = {}
        self._pages: dict[str, Page] = {}

    def close(self) -> None:
        """End all browsers."""
        for browser in (self._browser, *self._faces.values()):
            browser.close()

    def carry_out(self, order: Order) -> Order:
        """Do what an order says and return what to answer."""
        name = order.get("name", "")
        if order["do"] == "open":
            self._open(name, order["url"], order.get("camera", ""))
            return {}
        if order["do"] == "accept":
            self._accept(order["url"])
            return {}
        if order["do"] == "read":
            return {"guests": {who: page.evaluate(_READ) for who, page in self._pages.items()}}
        if order["do"] == "object":
            self._object(order["url"], order["item"], order["text"])
            return {}
        page = self._pages[name]
        match order["do"]:
            case "join":
                page.locator("form.join-form button[type=submit]").click(timeout=_PATIENCE_MS)
                return {"state": _arrive(page, "lobby", "call")}
            case "leave":
                page.get_by_role("button", name="Leave").click(timeout=_PATIENCE_MS)
                return {"state": _arrive(page, "left")}
            case "rejoin":
                page.get_by_role("button", name="Rejoin").click(timeout=_PATIENCE_MS)
                return {"state": _arrive(page, "lobby", "call")}
            case "reload":
                page.reload()
                return {"state": _arrive(page, "lobby", "call")}
            case "minutes":
                page.get_by_role("tab", name="Minutes").click(timeout=_PATIENCE_MS)
            case "vote":
                _vote(page, order["choice"])
            case "drop":
                self._pages.pop(name).context.close()
            case "picture":
                page.screenshot(path=order["out"])
            case other:
                raise ValueError(f"unknown order {other!r}")
        return {}

    def _accept(self, url: str) -> None:
        """Answer an invitation by its form."""
        with self._browser.new_context(locale="en-GB") as context:
            page = context.new_page()
            page.goto(url)
            page.get_by_text("I will come").click(timeout=_PATIENCE_MS)
            page.get_by_role("button", name="Send answer").click()
            page.get_by_text("Recorded: I will come").wait_for(timeout=_PATIENCE_MS)

    def _object(self, url: str, item: str, words: str) -> None:
        """Read circulated minutes by their link, and object to one item."""
        with self._browser.new_context(locale="en-GB") as context:
            page = context.new_page()
            page.goto(url)
            section = page.locator(".reading-item", has=page.get_by_role("heading", name=item))
            section.locator("summary").first.click(timeout=_PATIENCE_MS)
            section.get_by_role("textbox").first.fill(words)
            page.get_by_role("button", name="Send").last.click()
            page.get_by_text(words).first.wait_for(timeout=_PATIENCE_MS)

    def _open(self, name: str, url: str, camera: str) -> None:
        """Open a link in a window of its own; the page loads while other orders are done."""
        browser = self._browser
        if camera:
            browser = self._faces.get(name) or self._launch(camera)
            self._faces[name] = browser
        context = browser.new_context(
            viewport={"width": 1280, "height": 800},
            permissions=["camera", "microphone"],
            locale="en-GB",
        )
        page = self._pages[name] = context.new_page()
        page.goto(url, wait_until="commit")


def _vote(page: Page, choice: str) -> None:
    """Vote for every seat that the ballot asks for, one after the other."""
    ballots = page.locator("fieldset.ballot-seat")
    ballots.first.wait_for(timeout=_PATIENCE_MS)
    for ballot in ballots.all():
        ballot.get_by_text(choice, exact=True).click(timeout=_PATIENCE_MS)
        ballot.get_by_role("button", name="Vote", exact=True).click()
        ballot.locator("[role=status]", has_text="is in").wait_for(timeout=_PATIENCE_MS)


def _arrive(page: Page, *places: str) -> str:
    """Wait until the guest is at one of some places of the page's session, and return which."""
    place = ""
    for _ in range(_PATIENCE_MS // _POLL_MS):
        place = str(page.evaluate("window.projectdesk ? window.projectdesk.state().name : ''"))
        if place in places:
            return place
        page.wait_for_timeout(_POLL_MS)
    raise TimeoutError(f"the guest is still at {place!r}, not at {' or '.join(places)}")


def main(executable: str) -> int:
    """Serve orders until standard input ends."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:

        def launch(camera: str) -> Browser:
            shown = [f"--use-file-for-fake-video-capture={camera}"] if camera else []
            args = [*flags(), *shown]
            return playwright.chromium.launch(executable_path=executable, args=args)

        guests = Guests(launch)
        for order in orders():
            answer(partial(guests.carry_out, order))
        guests.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
