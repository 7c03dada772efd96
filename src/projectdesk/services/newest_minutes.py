"""The newest revision of a meeting's minutes: the one that counts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.minutes import Minutes, MinutesState
from projectdesk.store import schema


def newest_minutes(session: Session, meeting_id: UUID) -> Minutes | None:
    """Return the newest revision of a meeting's minutes, None without any."""
    table = schema.minutes.c
    query = select(Minutes).where(table.meeting_id == meeting_id)
    return session.scalars(query.order_by(table.revision.desc()).limit(1)).first()


def newest_state(session: Session, meeting_id: UUID) -> MinutesState | None:
    """Return the state of the newest revision of a meeting's minutes, None without any."""
    table = schema.minutes.c
    query = select(table.state).where(table.meeting_id == meeting_id)
    return session.scalar(query.order_by(table.revision.desc()).limit(1))
