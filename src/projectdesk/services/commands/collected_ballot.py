"""What members said by their links in a written procedure, out of the host's journal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from projectdesk.domain.minutes import Decision
from projectdesk.domain.rules.voting import STANCES
from projectdesk.domain.voting import Vote, VoteSeat, VoteState
from projectdesk.services.procedure_ballots import put_ballot
from projectdesk.services.session import Unit
from projectdesk.services.vetoes import put_veto
from projectdesk.signalling.journal import DeskAnswered
from projectdesk.signalling.outcome import BallotAnswer
from projectdesk.store import schema


def ballot_answered(unit: Unit, at: datetime, fact: DeskAnswered) -> bool:
    """Write a member's vote, or veto, down; what the host received last counts.

    What was counted already stays as it was counted; what came after its time does not count.

    Args:
        unit: the collection's change.
        at: when the host received it.
        fact: with an answer of the kind ballot.

    Returns:
        Whether it was taken; False if nothing here is meant.
    """
    answer = fact.answer
    query = select(VoteSeat).where(schema.vote_seat.c.desk == fact.desk)
    seat = unit.session.scalars(query).first()
    if not isinstance(answer, BallotAnswer) or seat is None or seat.id.hex != fact.subject:
        return False
    vote = unit.get(Vote, seat.vote_id)
    if answer.stage == "veto":
        return _vetoed(unit, at, vote, seat, answer.veto)
    if vote.state is not VoteState.OPEN or (vote.deadline is not None and at > vote.deadline):
        return False
    if answer.choice not in {*(vote.choices or STANCES), ""}:
        return False
    if seat.voted_at is not None and at < seat.voted_at:
        return True
    put_ballot(unit, seat, answer.choice, at, answer.comment)
    return True


def _vetoed(unit: Unit, at: datetime, vote: Vote, seat: VoteSeat, reason: str) -> bool:
    query = select(Decision).where(schema.decision.c.vote_id == vote.id)
    decision = unit.session.scalars(query).first()
    if decision is None or vote.veto_until is None or at > vote.veto_until:
        return False
    taken = put_veto(unit, decision, seat.partner_id, reason, at, seat.voter_id)
    return taken is not None or not reason
