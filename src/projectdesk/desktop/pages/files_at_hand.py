"""Files that are dropped on a page, and copies of documents that are opened from it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.widgets.dialog import confirm

_RUNS = frozenset(
    [
        ".app",
        ".bat",
        ".cmd",
        ".com",
        ".command",
        ".cpl",
        ".desktop",
        ".exe",
        ".hta",
        ".jar",
        ".js",
        ".jse",
        ".lnk",
        ".msi",
        ".msp",
        ".pif",
        ".ps1",
        ".py",
        ".pyw",
        ".reg",
        ".scr",
        ".sh",
        ".url",
        ".vb",
        ".vbe",
        ".vbs",
        ".wsf",
        ".wsh",
    ]
)
"""Endings of what a system runs instead of showing; opened only after a question."""


def runs(name: str) -> bool:
    """Return whether opening a file of this name would run it."""
    return Path(name.strip(" .")).suffix.lower() in _RUNS


class OpenedCopies:
    """Read-only copies of documents, opened with the system's applications, until `close`."""

    def __init__(self, page: QWidget, say_why: Callable[[str], object]) -> None:
        """Make it.

        Args:
            page: from which they are opened.
            say_why: says why one is not.
        """
        self._page = page
        self._say_why = say_why
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def open(self, name: str, copy: Callable[[Path, Callable[[Path], None]], object]) -> None:
        """Open a document; a program only after a question.

        Args:
            name: of its file.
            copy: writes it to a folder, then calls back with the file.
        """
        if not runs(name):
            copy(self._place(), self.show_file)
            return
        confirm(
            self._page.window(),
            say("Run {name}?", name=name),
            say("This is a program. It can do all that you can: run it only if you expect it."),
            say("Run"),
            lambda: copy(self._place(), self.show_file),
        )

    def show_file(self, path: Path) -> None:
        """Hand a file to the system."""
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._say_why(
                say(
                    "No application of this computer opens {name}. Save it instead.", name=path.name
                )
            )

    def close(self) -> None:
        """Let the copies go. Idempotent."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _place(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(
                prefix="projectdesk-", ignore_cleanup_errors=True
            )
        return Path(self._folder.name)


def show_target(shown: bool, *parts: QWidget) -> None:
    """Show, or no longer, that files can be dropped on parts of a page."""
    for part in parts:
        part.setProperty("drop", shown)
        part.style().unpolish(part)
        part.style().polish(part)


def sorted_drop(data: QMimeData) -> tuple[list[Path], list[str]]:
    """Return the local files that are being dropped, and what is left out, each with why."""
    files, left_out = [], []
    for url in data.urls():
        path = Path(url.toLocalFile())
        if not url.isLocalFile():
            left_out.append(say("{name} is a web address", name=url.toDisplayString()))
        elif path.is_file():
            files.append(path)
        elif path.is_dir():
            left_out.append(say("{name} is a folder", name=path.name))
        else:
            left_out.append(say("{name} is not there", name=path.name))
    return files, left_out
