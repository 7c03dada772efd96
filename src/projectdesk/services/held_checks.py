"""Whether what people say of when a meeting was held can be: asked of every edit of it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.meetings import Meeting
from projectdesk.domain.rules import held_times
from projectdesk.store import schema

FIELDS = frozenset({held_times.FROM, held_times.UNTIL})


def was_called(session: Session, meeting_id: UUID) -> bool:
    """Return whether anybody was in a call of this meeting, by the journal of its host."""
    there = schema.attendance.c
    with session.no_autoflush:
        query = select(there.id).where(there.meeting_id == meeting_id).limit(1)
        return session.execute(query).first() is not None


def check_held(session: Session, meeting: Meeting, moved: frozenset[str]) -> None:
    """Refuse times that it cannot have been held at; see `held_times.check_said`."""
    if moved & FIELDS:
        held_times.check_said(
            meeting.held_from, meeting.held_until, called=was_called(session, meeting.id)
        )
