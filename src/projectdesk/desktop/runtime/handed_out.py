"""What this computer's host was given: it has to be told when one of it is changed or taken back.

A revoked link ends at once only if the desktop knows that the host has it, also after a restart of
the desktop; so the rooms and desks that were handed out are kept in a file beside the host's port.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import msgspec

from projectdesk.folders import write_whole

_log = logging.getLogger(__name__)


class HandedOut(msgspec.Struct, frozen=True):
    """One meeting at the host. room, desks: public ids; room is "" once it was withdrawn."""

    room: str
    desks: tuple[str, ...] = ()


def handed_out_file(folder: Path) -> Path:
    """Return the file of the host's folder that says which meetings it was given."""
    return folder / "meetings.json"


def read_handed_out(folder: Path) -> dict[UUID, HandedOut]:
    """Return what the host was given, by meeting; nothing where the file says nonsense."""
    try:
        raw = handed_out_file(folder).read_bytes()
        return msgspec.json.decode(raw, type=dict[UUID, HandedOut])
    except (OSError, msgspec.MsgspecError):
        return {}


def keep_handed_out(folder: Path, meetings: Mapping[UUID, HandedOut]) -> None:
    """Remember what the host has. A folder that cannot be written costs the memory only."""
    kept = {meeting: handed for meeting, handed in meetings.items() if handed.room}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(handed_out_file(folder), msgspec.json.encode(kept))
    except OSError as error:
        _log.warning("what the host was given is not remembered: %s", error)
