"""A decision that stands twice: typed as `D:` on an item, and carried by a vote on the same item.

Nobody but the chair knows whether they are one, so it is offered and never done by itself. Joined,
the typed decision, which its line in the minutes leads to, is the vote's; the other one goes.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased

from projectdesk.domain.minutes import DecisionState, MinutesState
from projectdesk.domain.voting import VoteResult, VoteState
from projectdesk.services.after_rows import JoinOffer
from projectdesk.services.newest_minutes import newest_state
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_CARRIED: Final = (VoteResult.CARRIED, VoteResult.CHOSEN)
_FIXED: Final = (MinutesState.CIRCULATED, MinutesState.ACCEPTED)


def join_offers(workspace: Workspace, meeting_id: UUID) -> tuple[JoinOffer, ...]:
    """Return what can be joined in a meeting, by the number of the vote."""
    with workspace.read() as session:
        return offers_in(session, meeting_id)


def offers_in(session: Session, meeting_id: UUID) -> tuple[JoinOffer, ...]:
    """Return the same out of a session, for who decides inside a change.

    Offered is an item with exactly one decision that no vote made. Nothing is, where the minutes
    were sent out; no decision is that binds, was changed, vetoed, or is followed up.
    """
    if newest_state(session, meeting_id) in _FIXED:
        return ()
    typed: dict[UUID, list[Any]] = {}
    decision, item, vote = schema.decision.c, schema.agenda_item.c, schema.vote.c
    open_ones = select(schema.decision).where(
        decision.meeting_id == meeting_id,
        decision.vote_id.is_(None),
        decision.agenda_item_id.is_not(None),
        decision.state == DecisionState.TAKEN,
        decision.binding_at.is_(None),
    )
    for row in session.execute(open_ones):
        typed.setdefault(row.agenda_item_id, []).append(row)
    query = (
        select(
            vote.id,
            vote.number,
            vote.question,
            vote.agenda_item_id,
            item.title,
            decision.id.label("own_id"),
            decision.number.label("own"),
        )
        .join_from(schema.vote, schema.decision, decision.vote_id == vote.id)
        .join(schema.agenda_item, item.id == vote.agenda_item_id)
        .where(
            vote.meeting_id == meeting_id,
            vote.state == VoteState.CLOSED,
            vote.result.in_(_CARRIED),
            decision.state == DecisionState.TAKEN,
            decision.binding_at.is_(None),
            ~_is_followed(decision.id),
        )
        .order_by(vote.number, decision.number)
    )
    return tuple(
        JoinOffer(
            vote_id=row.id,
            vote=f"V{row.number}",
            question=row.question,
            own_id=row.own_id,
            own=f"D{row.own}",
            decision_id=found[0].id,
            decision=f"D{found[0].number}",
            text=found[0].text,
            item=row.title,
        )
        for row in session.execute(query)
        if len(found := typed.get(row.agenda_item_id, [])) == 1
    )


def _is_followed(decision_id: Any) -> Any:
    """Tell whether a record leads to a decision: it stays then."""
    veto, action, later = schema.veto.c, schema.action.c, aliased(schema.decision)
    return or_(
        exists().where(veto.decision_id == decision_id),
        exists().where(action.decision_id == decision_id),
        exists().where(later.c.replaced_by_id == decision_id),
    )
