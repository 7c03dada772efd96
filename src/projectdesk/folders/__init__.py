"""Folders that a program of ours owns: where they may lie, who may read them, one owner at a time.

The desktop and the host each own one; neither may import the other's.

May import: errors.
"""

from __future__ import annotations

from pathlib import Path


def make_private(folder: Path) -> None:
    """Make a folder that only its user can read, if there is none; Windows' own are so already.

    Raises:
        OSError: it cannot be made.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
