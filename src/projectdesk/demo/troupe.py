"""The guests, as the demo's own process sees them.

Where Chromium and the library that drives it are there, the guests are two browsers; else two
participants of aiortc that send and count real frames.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

from PySide6.QtCore import QObject

from projectdesk.demo.actor import Actor

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ),
    "win32": (
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    ),
}


def chromium() -> str | None:
    """Return the Chromium that guests can use, or None."""
    if importlib.util.find_spec("playwright") is None:
        return None
    on_path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    places = _PLACES.get(sys.platform, ())
    return on_path or next((place for place in places if Path(place).is_file()), None)


class Troupe(Actor):
    """Two guests in a process of their own. in_browser: they are real browsers."""

    def __init__(self, parent: QObject | None = None) -> None:
        found = chromium()
        super().__init__(_command(found), parent)
        self.in_browser = found is not None


def _command(browser: str | None) -> list[str]:
    if getattr(sys, "frozen", False):  # a bundle has no library that drives a browser
        return [sys.executable, "player"]
    if browser is None:
        return [sys.executable, "-m", "projectdesk", "player"]
    return [sys.executable, "-m", "projectdesk.demo.guests", browser]
