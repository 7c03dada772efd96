"""What others are told of a commit: one message of PostgreSQL (`store.signals`)."""

from __future__ import annotations

from uuid import UUID

import msgspec

from projectdesk.services.rows import Changes, Kind
from projectdesk.store.signals import LONGEST


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
