"""A Chromium with fake devices, and pages that fail a test by any error of theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.e2e.page.staged_host import StagedHost

FAKE_DEVICES = [
    "--no-sandbox",  # tests run as root in containers; the product keeps every sandbox
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--auto-select-desktop-capture-source=Entire screen",
    "--disable-background-networking",
    "--disable-gpu",
]

OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture
async def host() -> AsyncIterator[StagedHost]:
    async with StagedHost().serving() as host:
        yield host


@pytest.fixture
async def browser(chromium_path: Path) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(chromium_path), args=FAKE_DEVICES
        )
        yield browser
        await browser.close()


@pytest.fixture
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Open an address in a window of its own; page errors and CSP violations fail the test."""
    complaints: list[str] = []

    async def open_page(address: str, **options: Any) -> Page:
        context = await browser.new_context(
            **{"locale": "en-GB", "timezone_id": "Europe/London", **options}
        )
        page = await context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: _note(complaints, said.type, said.text))
        await page.goto(address)
        return page

    yield open_page
    assert complaints == []


def _note(complaints: list[str], kind: str, text: str) -> None:
    # Chromium reports each refused request and lost socket as an error; tests make them on purpose.
    if kind == "error" and "Failed to load resource" not in text and "WebSocket" not in text:
        complaints.append(text)


async def state(page: Page) -> dict[str, Any]:
    """Return what the page says of itself."""
    result: dict[str, Any] = await page.evaluate("window.projectdesk.state()")
    return result


async def place(page: Page, name: str) -> None:
    """Wait until the page is at a place of its session."""
    await page.wait_for_function("name => window.projectdesk.state().name === name", arg=name)
