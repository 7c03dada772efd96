"""What is written in minutes while the team's database is out of reach (decisions 16).

Each update of the text goes into a file of the data folder, forced to the disk; when the database
is back, the updates join it. They are Yjs updates: joining twice, or beside what others wrote
meanwhile, changes nothing that should stay.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from projectdesk.folders import make_private, unusable

FOLDER: Final = "minutes-aside"
_LENGTH: Final = 4


def keep(data: Path, minutes_id: UUID, updates: Sequence[bytes]) -> None:
    """Add updates to what is kept aside of some minutes; on the disk when it returns.

    Raises:
        EnvironmentFailure: the data folder cannot be written.
    """
    if not updates:
        return
    folder = data / FOLDER
    make_private(folder)
    try:
        with _file(data, minutes_id).open("ab") as file:
            for update in updates:
                file.write(len(update).to_bytes(_LENGTH, "big") + update)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise unusable(folder, error) from error


def kept(data: Path, minutes_id: UUID) -> list[bytes]:
    """Return what is kept aside of some minutes, in order; a torn end is left out.

    Raises:
        EnvironmentFailure: the data folder cannot be read.
    """
    try:
        content = _file(data, minutes_id).read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise unusable(data / FOLDER, error) from error
    return list(_frames(content))


def waiting(data: Path) -> list[UUID]:
    """Return the minutes of which something is kept aside."""
    found = []
    for file in sorted((data / FOLDER).glob("*.updates")):
        try:
            found.append(UUID(file.stem))
        except ValueError:
            continue
    return found


def forget(data: Path, minutes_id: UUID) -> None:
    """Forget what joined the database. Idempotent."""
    _file(data, minutes_id).unlink(missing_ok=True)


def _file(data: Path, minutes_id: UUID) -> Path:
    return data / FOLDER / f"{minutes_id.hex}.updates"


def _frames(content: bytes) -> Iterator[bytes]:
    start = 0
    while start + _LENGTH <= len(content):
        end = start + _LENGTH + int.from_bytes(content[start : start + _LENGTH], "big")
        if end > len(content):
            return  # the program ended while it wrote this one
        yield content[start + _LENGTH : end]
        start = end
