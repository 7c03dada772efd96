"""Mails and their calendar objects as files in a folder that a person chose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from projectdesk.errors import EnvironmentFailure


@contextmanager
def writing_into(folder: Path) -> Iterator[None]:
    """Make the folder where it is missing, and say why nothing can be written to it.

    Raises:
        EnvironmentFailure: `folder_unusable`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise EnvironmentFailure(
            "folder_unusable",
            "Nothing can be written to {folder}: {reason}.",
            folder=str(folder),
            reason=error.strerror or str(error),
        ) from error
