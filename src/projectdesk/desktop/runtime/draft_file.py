"""Text that was typed and not saved, kept in a file until it is: what a killed desktop gives back.

The file is readable by its owner alone, as the database is, and bounded: a hundred texts at most,
none of them over 100,000 characters, a fortnight at most.

May import: folders.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from projectdesk.folders import make_private, write_whole

_log = logging.getLogger(__name__)
FILE: Final = "half-typed.json"
MOST: Final = 100
LONGEST: Final = 100_000
FRESH: Final = timedelta(days=14)


class Draft(msgspec.Struct, frozen=True):
    """One text. key: how its field is found again. text: as typed. before: what was there.

    label: what the field is called. where: the dialog or page it is in. at: when it was noted, UTC.
    """

    key: str
    text: str
    at: datetime
    before: str = ""
    label: str = ""
    where: str = ""


def read_drafts(data: Path, now: datetime) -> dict[str, Draft]:
    """Return what is kept, by key; nothing where the file says nonsense."""
    try:
        found = msgspec.json.decode((data / FILE).read_bytes(), type=list[Draft])
    except (OSError, msgspec.MsgspecError):
        return {}
    return {each.key: each for each in found if each.at.tzinfo and now - each.at < FRESH}


def keep_drafts(data: Path, drafts: Iterable[Draft]) -> None:
    """Write the texts in the place of those that were kept; no text leaves no file.

    They are on the disk when this returns. A full disk costs them, nothing else.
    """
    kept = sorted(drafts, key=lambda each: each.at)[-MOST:]
    kept = [msgspec.structs.replace(each, text=each.text[:LONGEST]) for each in kept]
    try:
        if not kept:
            (data / FILE).unlink(missing_ok=True)
            return
        make_private(data)
        write_whole(data / FILE, msgspec.json.encode(kept), synced=True)
    except OSError as error:
        _log.warning("what is typed is not kept: %s", error)
