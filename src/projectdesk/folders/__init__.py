"""Folders that a program of ours owns: where they may lie, who may read them, one owner at a time.

The desktop and the host each own one; neither may import the other's.

May import: errors.
"""

from __future__ import annotations

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
