"""Seat partners in a body."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from projectdesk.services.editing import add_record
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.workspace import Workspace


def add_body_members(workspace: Workspace, body_id: UUID, partner_ids: Sequence[UUID]) -> Changes:
    """Give each partner a seat in a body, as one change.

    Raises:
        DomainError: `seat_taken`, `no_such_record`, `other_project`; then nobody got a seat.
    """
    label = "Add member" if len(partner_ids) == 1 else "Add members"
    with workspace.change(label) as unit:
        for partner_id in partner_ids:
            add_record(unit, Kind.BODY_MEMBER, {"body_id": body_id, "partner_id": partner_id})
    return unit.changes
