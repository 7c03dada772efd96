"""What was told to others is corrected by something new, never overwritten (decisions 16)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from projectdesk.domain.minutes import Decision, DecisionOrigin, MinutesState
from projectdesk.domain.rules import validation
from projectdesk.domain.voting import Vote, VoteSetting, VoteState
from projectdesk.services.newest_minutes import newest_state
from projectdesk.store import schema


def check_decision(session: Session, record: Decision, moved: frozenset[str]) -> None:
    """Refuse another text of a decision that was circulated.

    Raises:
        DomainError: `decision_circulated` (field text).
    """
    if "text" not in moved or not inspect(record).persistent:
        return
    with session.no_autoflush:
        if not editable_in(session, record):
            raise validation.refuse(
                "decision_circulated",
                "text",
                "This decision was circulated: its text stays. Let another decision replace it.",
            )


def check_vote(record: Vote, moved: frozenset[str]) -> None:
    """Refuse to change a written procedure that members were asked about.

    Raises:
        DomainError: `procedure_sent`; fact `field`.
    """
    asked = record.setting is VoteSetting.WRITTEN_PROCEDURE and record.state is not VoteState.DRAFT
    if asked and moved and inspect(record).persistent:
        raise validation.refuse(
            "procedure_sent",
            min(moved),
            "The members were asked already: a procedure can be called off then, not changed.",
        )


def editable_in(session: Session, decision: Any) -> bool:
    """Return whether the text of a decision may still be changed.

    It may while the newest minutes of its meeting are a draft, or while the result of its written
    procedure was not told. A decision that binds never changes.

    Args:
        session: to look in.
        decision: the entity or a row: binding_at, origin, meeting_id, vote_id.
    """
    if decision.binding_at is not None:
        return False
    if decision.origin is DecisionOrigin.WRITTEN_PROCEDURE and decision.vote_id is not None:
        vote = schema.vote.c
        told = session.scalar(select(vote.notice_at).where(vote.id == decision.vote_id))
        return told is None
    if decision.meeting_id is None:
        return True
    return newest_state(session, decision.meeting_id) in {None, MinutesState.DRAFT}
