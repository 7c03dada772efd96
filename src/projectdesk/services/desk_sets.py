"""The desks of one record that belong to no room, as their host needs them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from projectdesk.signalling.desk import DeskSnapshot


@dataclass(frozen=True)
class DeskFile:
    """A file that desks offer. path: where its content lies on this computer."""

    sha256: str
    path: Path


@dataclass(frozen=True)
class DeskSet:
    """The desks of one record. host: where they are, as of `Meeting.host`; desks: id and snapshot.

    files: what they offer, to be brought there before them.
    """

    host: str
    desks: tuple[tuple[str, DeskSnapshot], ...]
    files: tuple[DeskFile, ...] = ()
