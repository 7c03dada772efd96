"""What others are told of a commit: one message of PostgreSQL (`store.signals`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.services.rows import Changes, Kind
from projectdesk.store import schema
from projectdesk.store.signals import LONGEST

OVERLAP: Final = timedelta(minutes=10)
"""How far before the newest known change others are looked for: a change is named when it begins,
on a clock of its own, and seen when it ends."""


@dataclass(frozen=True)
class SeenChanges:
    """What was there at a moment. newest: change, None without any; around: those just before."""

    newest: UUID | None
    around: tuple[UUID, ...] = ()


def seen_changes(session: Session) -> SeenChanges:
    """Return the newest changes that there are."""
    change = schema.history.c.change_id
    newest = session.scalar(select(change).order_by(change.desc()).limit(1))
    if newest is None:
        return SeenChanges(None)
    around = select(change).where(change > earlier(newest, OVERLAP)).distinct()
    return SeenChanges(newest, tuple(session.scalars(around)))


def earlier(change: UUID, by: timedelta) -> UUID:
    """Return the smallest UUIDv7 that could have been made so long before another one."""
    milliseconds = max(0, (change.int >> 80) - int(by.total_seconds() * 1000))
    return UUID(int=milliseconds << 80)


class Signal(msgspec.Struct, frozen=True, omit_defaults=True):
    """One commit, as it is told to others. ids: None = too many to name."""

    origin: str
    change: UUID
    who: str
    label: str
    kinds: list[Kind]
    ids: list[UUID] | None
    project_ids: list[UUID]


def signal_of(workspace_id: UUID, change_id: UUID, who: str, changes: Changes) -> str:
    """Return the message that tells others of a commit.

    Args:
        workspace_id: of the open workspace whose commit it is.
        change_id: of the unit.
        who: made it.
        changes: what the unit changed.
    """
    whole = Signal(
        workspace_id.hex,
        change_id,
        who[:100],
        changes.label[:200],
        sorted(changes.kinds),
        sorted(changes.ids),
        sorted(changes.project_ids),
    )
    message = msgspec.json.encode(whole)
    if len(message) > LONGEST:
        less = msgspec.structs.replace(whole, ids=None, project_ids=whole.project_ids[:50])
        message = msgspec.json.encode(less)
    return message.decode()
