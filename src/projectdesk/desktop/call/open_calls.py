"""Which call windows are open, so that a desktop that was killed comes back to them.

Beside the meeting it is kept which panel was shown and what was half typed. A window that is
closed, or whose meeting ended, is forgotten at once; what is older than half a day was no crash.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec

from projectdesk.folders import write_whole

_log = logging.getLogger(__name__)
_FILE = "calls.json"
_FRESH = timedelta(hours=12)


class ConsoleState(msgspec.Struct, frozen=True):
    """How a console stands. panel: key of the one shown. drafts: half-typed texts by panel."""

    panel: str = ""
    drafts: dict[str, dict[str, str]] = {}


class OpenCall(msgspec.Struct, frozen=True):
    """One open call window. at: when it was noted last, UTC."""

    title: str
    project_id: UUID
    at: datetime
    state: ConsoleState = ConsoleState()


def read_open_calls(data: Path, now: datetime) -> dict[UUID, OpenCall]:
    """Return the calls whose windows were open, by meeting; none where the file says nonsense."""
    try:
        raw = (data / _FILE).read_bytes()
        kept = msgspec.json.decode(raw, type=dict[UUID, OpenCall])
    except (OSError, msgspec.MsgspecError):
        return {}
    return {meeting: call for meeting, call in kept.items() if now - _instant(call.at) < _FRESH}


def keep_open_calls(data: Path, calls: Mapping[UUID, OpenCall]) -> None:
    """Note which windows are open. A full disk costs the memory, nothing else."""
    file = data / _FILE
    try:
        if not calls:
            file.unlink(missing_ok=True)
            return
        write_whole(file, msgspec.json.encode(dict(calls)))
    except OSError as error:
        _log.warning("open calls are not remembered: %s", error)


def _instant(at: datetime) -> datetime:
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
