"""Files that only their owner may read."""

from __future__ import annotations

import os
from pathlib import Path

from projectdesk.errors import EnvironmentFailure


def write_private(path: Path, text: str) -> None:
    """Write a file whole or not at all, readable by its owner only (0600).

    On Windows the rights are those of the folder, which in a user's profile are the user's.

    Raises:
        EnvironmentFailure: `secrets_unwritable`.
    """
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        opened = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise EnvironmentFailure(
            "secrets_unwritable",
            "The file {file} cannot be written ({reason}).",
            file=str(path),
            reason=error.strerror or str(error),
        ) from error


def is_private(path: Path) -> bool:
    """Return whether nobody but its owner may read a file; always true where modes mean nothing."""
    return os.name != "posix" or path.stat().st_mode & 0o077 == 0
