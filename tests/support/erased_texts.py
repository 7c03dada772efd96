"""A text of an audit trail that was erased: its step stays, what it said of people is gone."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete

from projectdesk.services.session import Unit
from projectdesk.store import schema


def erase_text(unit: Unit, chain_id: UUID, seq: int) -> None:
    """Erase what a step of a trail says, with its salt."""
    text = schema.audit_text
    unit.undoable = False
    unit.session.execute(delete(text).where(text.c.minutes_id == chain_id, text.c.seq == seq))
