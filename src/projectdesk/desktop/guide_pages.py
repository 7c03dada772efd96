"""Addresses of the user guide's pages on the disk.

May import: nothing of the project.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl


def is_outside(url: QUrl, folder: Path) -> bool:
    """Tell whether an address is not of the guide."""
    if url.scheme() in {"data", "about"}:
        return False
    if not url.isLocalFile():
        return True
    return not Path(url.toLocalFile()).is_relative_to(folder)


def address_of(file: Path, part: str = "") -> QUrl:
    """Return the address of a page on the disk."""
    url = QUrl.fromLocalFile(str(file))
    if part:
        url.setFragment(part)
    return url
