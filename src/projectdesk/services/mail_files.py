"""Mails and their calendar objects as files in a folder that a person chose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from projectdesk.errors import EnvironmentFailure


@contextmanager
def writing_into(folder: Path) -> Iterator[None]:
    """Make the folder where it is missing, and say why nothing can be written to it.

    Raises:
        EnvironmentFailure: `folder_unusable`.
    """
    with _told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        yield


def check_folder(folder: Path) -> None:
    """Refuse a folder that nothing could be written to; nothing is made, nothing stays.

    For who does something that cannot be taken back before the files are written.

    Raises:
        EnvironmentFailure: `folder_unusable`.
    """
    with _told(folder):
        there = folder.absolute()
        while not there.exists() and there != there.parent:
            there = there.parent
        with TemporaryFile(dir=there):
            pass


def unused(folder: Path, stem: str) -> Path:
    """Return a file for a mail that is not there yet: what was written before may not be sent yet.

    Args:
        folder: where it is.
        stem: its name without its ending; not of two mails alone (two people share an address).
    """
    stem = stem.replace("/", "_")
    path, number = folder / f"{stem}.eml", 2
    while path.exists():
        path, number = folder / f"{stem} {number}.eml", number + 1
    return path


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EnvironmentFailure(
            "folder_unusable",
            "Nothing can be written to {folder}: {reason}.",
            folder=str(folder),
            reason=error.strerror or str(error),
        ) from error
