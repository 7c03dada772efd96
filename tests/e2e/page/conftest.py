"""A Chromium with fake devices, and pages that fail a test by any error of theirs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

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


@pytest_asyncio.fixture(loop_scope="package")
async def host() -> AsyncIterator[StagedHost]:
    async with StagedHost().serving() as host:
        yield host


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser(chromium_path: Path) -> AsyncIterator[Browser]:
    # The loop outlives each test, and so does its one worker, started here: no test leaks it.
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(max_workers=1))
    await loop.run_in_executor(None, int)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(chromium_path), args=FAKE_DEVICES
        )
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="package")
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Open an address in a window of its own; page errors and CSP violations fail the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    async def open_page(address: str, **options: Any) -> Page:
        context = await browser.new_context(
            **{"locale": "en-GB", "timezone_id": "Europe/London", **options}
        )
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: _note(complaints, said.type, said.text))
        await page.goto(address)
        return page

    yield open_page
    for context in contexts:
        await context.close()
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
    await page.wait_for_function("name => window.projectdesk?.state().name === name", arg=name)


async def own_picture(page: Page) -> None:
    """Wait, as a person does before Join, until the preview shows the own picture.

    Before that the devices are not open: who joins then says "off" first and "on" a moment later.
    """
    await expect(page.locator(".mirror video")).to_be_visible()
