"""Folders that a program of ours owns: where they may lie, who may read them, one owner at a time.

The desktop and the host each own one; neither may import the other's.

May import: errors.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from projectdesk.errors import EnvironmentFailure


def make_private(folder: Path) -> None:
    """Make a folder that only its user can read, if there is none; Windows' own are so already.

    Raises:
        EnvironmentFailure: `folder_unusable`.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise unusable(folder, error) from error


def write_whole(file: Path, content: bytes | str, *, synced: bool = False) -> None:
    """Put a file in its place whole or not at all, readable by its owner only (0600).

    Args:
        file: in a folder that is there.
        content: text is written as UTF-8.
        synced: it is on the disk when this returns, not only on its way there.

    Raises:
        OSError: it could not be written; what was there before still is.
    """
    part = file.with_name(f"{file.name}.part")
    try:
        with open(part, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
            out.write(content.encode() if isinstance(content, str) else content)
            if synced:
                out.flush()
                os.fsync(out.fileno())
        part.replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def unusable(folder: Path, error: OSError) -> EnvironmentFailure:
    """Return why `folder` cannot be used and what to do; a file in its place is told as such."""
    file = next((each for each in (folder, *folder.parents) if each.is_file()), None)
    if file is not None:
        return EnvironmentFailure(
            "folder_unusable",
            "{file} is a file, not a folder. Choose a folder with --data.",
            folder=str(folder),
            file=str(file),
        )
    return EnvironmentFailure(
        "folder_unusable",
        "The folder {folder} cannot be used ({reason}). Choose another with --data.",
        folder=str(folder),
        reason=error.strerror or str(error),
    )
