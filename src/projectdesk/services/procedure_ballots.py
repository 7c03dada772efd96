"""A member's vote in a written procedure, written down whichever way it came."""

from __future__ import annotations

from datetime import datetime

from projectdesk.domain.voting import Vote, VoteSeat
from projectdesk.services import outbox
from projectdesk.services.procedure_keys import BALLOT_REMINDER_PURPOSE
from projectdesk.services.procedure_trail import BY_LINK, tell_ballot
from projectdesk.services.session import Unit


def put_ballot(
    unit: Unit,
    seat: VoteSeat,
    choice: str,
    at: datetime,
    comment: str | None = None,
    *,
    by_hand: bool = False,
    way: str = BY_LINK,
) -> None:
    """Write a member's vote down, and into the trail; reminders that wait are not sent.

    Args:
        unit: the change.
        seat: whose.
        choice: "" takes it back.
        at: when it was received.
        comment: to it; None = as it is.
        by_hand: somebody enters it here; the end of the change tells the trail who.
        way: how it came otherwise.
    """
    seat.choice = choice
    seat.voted_at = at if choice else None
    seat.by_hand = by_hand and bool(choice)
    if comment is not None:
        seat.comment = comment
    if not by_hand:
        tell_ballot(unit, unit.get(Vote, seat.vote_id), seat, at, way)
    if choice and outbox.cancel(unit, record_id=seat.id, purpose=BALLOT_REMINDER_PURPOSE):
        unit.undoable = False
