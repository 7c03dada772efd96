"""Vetoes against a decision, inside a change: raised, taken back, not admitted (terms.md, Rules).

A veto counts from when it was raised: the decision is vetoed while one stands. What a member says
later, by whichever link, replaces what it said before.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.minutes import Decision, DecisionState
from projectdesk.domain.voting import Veto, VetoState
from projectdesk.services.procedure_trail import tell_veto
from projectdesk.services.session import Unit
from projectdesk.store import schema


def put_veto(
    unit: Unit,
    decision: Decision,
    partner_id: UUID,
    reason: str,
    at: datetime,
    person_id: UUID | None = None,
) -> Veto | None:
    """Write down what a member says against a decision; "" takes its veto back.

    The trail of a written procedure is told of each, also where two come in one change. A decision
    that binds, was replaced or withdrawn takes none any more; nor does one whose veto was not
    admitted get the same one again.

    Args:
        unit: the change.
        decision: against which.
        partner_id: the member.
        reason: what the decision would affect.
        at: when it was received.
        person_id: who said it.

    Returns:
        The member's veto; None if nothing was taken.
    """
    if not takes_vetoes(decision):
        return None
    mine = vetoes_of(unit, decision.id, partner_id)
    standing = next((veto for veto in mine if veto.state is VetoState.RAISED), None)
    if standing is not None and at < standing.raised_at:
        return standing
    if not reason:
        if standing is not None:
            standing.state = VetoState.WITHDRAWN
            settle_vetoes(unit, decision)
            tell_veto(unit, standing, decision, at)
        return standing
    said = standing.reason if standing is not None else None
    if standing is None:
        if any(veto.state is VetoState.NOT_ADMITTED and veto.reason == reason for veto in mine):
            return None
        standing = Veto(decision_id=decision.id, partner_id=partner_id, reason=reason, raised_at=at)
        unit.add(standing)
    standing.reason = reason
    standing.person_id = person_id or standing.person_id
    settle_vetoes(unit, decision)
    if reason != said:
        tell_veto(unit, standing, decision, at)
    return standing


def takes_vetoes(decision: Decision) -> bool:
    """Return whether a decision takes a veto still, of whoever may veto it, in its time."""
    return decision.binding_at is None and decision.state in _OPEN


def settle_vetoes(unit: Unit, decision: Decision) -> None:
    """Say of a decision whether a veto stands against it; one that was replaced stays so."""
    if decision.state not in _OPEN:
        return
    unit.session.flush()
    raised = standing_vetoes(unit, [decision.id])
    decision.state = DecisionState.VETOED if raised else DecisionState.TAKEN
    if raised:
        decision.binding_at = None


def standing_vetoes(unit: Unit, decisions: Collection[UUID]) -> frozenset[UUID]:
    """Return those of some decisions that a veto stands against."""
    veto = schema.veto.c
    query = select(veto.decision_id).where(
        veto.decision_id.in_(decisions), veto.state == VetoState.RAISED
    )
    return frozenset(unit.session.scalars(query))


def vetoes_of(unit: Unit, decision_id: UUID, partner_id: UUID | None) -> list[Veto]:
    """Return what a member gave against a decision, the first one first."""
    veto = schema.veto.c
    query = (
        select(Veto)
        .where(veto.decision_id == decision_id, veto.partner_id == partner_id)
        .order_by(veto.raised_at)
    )
    return list(unit.session.scalars(query))


_OPEN = frozenset({DecisionState.TAKEN, DecisionState.VETOED})
