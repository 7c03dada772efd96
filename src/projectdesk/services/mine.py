"""Who of the people in the data uses this desktop (decisions 11).

The data of this computer says it itself (`person.is_me`). A team's database has as many users as
desktops, so each computer keeps for itself who its user is there: by the database's id, in a file
of the data folder, which names nobody and holds no secret.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, false
from sqlalchemy.orm import Session

from projectdesk.folders import make_private, unusable, write_whole
from projectdesk.store import schema

FILE: Final = "me-in-teams.json"
_INFO: Final = "mine"


@dataclass
class Mine:
    """Who uses this desktop. shared: the data has other users too; person_id: me among them."""

    shared: bool
    person_id: UUID | None = None

    def info(self) -> dict[str, object]:
        """Return what a session has to carry for `is_me`."""
        return {_INFO: self}


def is_me(session: Session) -> ColumnElement[bool]:
    """Return the condition on `person` that it is who uses this desktop."""
    mine = session.info.get(_INFO)
    if not isinstance(mine, Mine) or not mine.shared:
        return schema.person.c.is_me
    return false() if mine.person_id is None else schema.person.c.id == mine.person_id


def recall(data: Path, database: UUID) -> UUID | None:
    """Return who uses this desktop in a team's database; None before somebody said so."""
    try:
        return UUID(_kept(data)[database.hex])
    except (KeyError, ValueError):
        return None


def remember(data: Path, database: UUID, person: UUID) -> None:
    """Keep who uses this desktop in a team's database.

    Raises:
        EnvironmentFailure: the data folder cannot be written.
    """
    make_private(data)
    try:
        write_whole(data / FILE, json.dumps(_kept(data) | {database.hex: person.hex}))
    except OSError as error:
        raise unusable(data, error) from error


def _kept(data: Path) -> dict[str, str]:
    try:
        kept = json.loads((data / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
