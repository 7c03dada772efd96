"""What a chair wants to know before a veto is admitted (terms.md, Rules: veto)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.minutes import MinutesState
from projectdesk.domain.voting import FOR
from projectdesk.store import schema


def who_voted_for(session: Session, decision_id: UUID) -> frozenset[UUID]:
    """Return the members that voted for a decision; of a secret vote nobody knows."""
    decision, vote, seat = schema.decision.c, schema.vote.c, schema.vote_seat.c
    query = (
        select(seat.partner_id)
        .join_from(schema.decision, schema.vote, vote.id == decision.vote_id)
        .join(schema.vote_seat, seat.vote_id == vote.id)
        .where(decision.id == decision_id, vote.secret.is_(False), seat.choice == FOR)
    )
    return frozenset(session.scalars(query))


def is_revised(session: Session, decision_id: UUID) -> bool:
    """Return whether the newest minutes with a decision are the draft of a new revision."""
    decision, minutes = schema.decision.c, schema.minutes.c
    query = (
        select(minutes.revision, minutes.state)
        .join_from(schema.decision, schema.minutes, minutes.meeting_id == decision.meeting_id)
        .where(decision.id == decision_id)
        .order_by(minutes.revision.desc())
        .limit(1)
    )
    newest = session.execute(query).first()
    return newest is not None and newest.revision > 1 and newest.state is MinutesState.DRAFT
