"""When a decision binds (terms.md, Rules: "a decision binds").

A decision of a meeting binds once the minutes that hold it are accepted; one that was added to the
agenda later also waits for its veto window. A decision of a written procedure binds when the time
for a veto, counted from the notice of the result, is over and the host of the links was heard since
(decisions 2). A window ends once the host of the links was heard past it, and the inbox was read
past it that vetoes by mail come to (`inbox_heard`). While a veto stands, none binds.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from projectdesk.domain.minutes import Decision, DecisionOrigin, DecisionState, MinutesState
from projectdesk.domain.rules.written_procedure import ProcedureStage
from projectdesk.domain.voting import VetoState
from projectdesk.services.inbox_heard import is_read_past
from projectdesk.services.minutes_keys import minutes_host_key
from projectdesk.services.queries.minutes_life import life_of
from projectdesk.services.queries.procedures import detail_in
from projectdesk.services.session import Unit
from projectdesk.services.unit_settings import kept
from projectdesk.store import schema


def settle_binding(
    unit: Unit, *, project_id: UUID | None = None, meeting_id: UUID | None = None
) -> list[UUID]:
    """Mark the decisions that bind by now; return which.

    Args:
        unit: the change; what it holds so far counts.
        project_id: only decisions of this project.
        meeting_id: only decisions of this meeting.
    """
    unit.session.flush()
    settled = []
    for decision_id, since in due_to_bind(
        unit.session, unit.now, project_id=project_id, meeting_id=meeting_id
    ):
        unit.get(Decision, decision_id).binding_at = since
        settled.append(decision_id)
    return settled


def due_to_bind(
    session: Session,
    now: datetime,
    *,
    project_id: UUID | None = None,
    meeting_id: UUID | None = None,
) -> list[tuple[UUID, datetime]]:
    """Return the decisions that bind by now and are not marked so, each with since when."""
    decision = schema.decision.c
    query = _open_decisions()
    if project_id is not None:
        query = query.where(decision.project_id == project_id)
    if meeting_id is not None:
        query = query.where(decision.meeting_id == meeting_id)
    due = []
    for row in session.execute(query):
        since = (
            _after_the_window(session, row, now)
            if row.origin is DecisionOrigin.WRITTEN_PROCEDURE
            else _after_the_minutes(session, row, now)
        )
        if since is not None:
            due.append((row.id, since))
    return due


def _open_decisions() -> Select[Any]:
    """Select of what is decided, does not bind yet, and has no veto against it."""
    decision, minutes, veto = schema.decision, schema.minutes.c, schema.veto.c
    accepted = (
        select(func.max(minutes.accepted_at))
        .where(minutes.meeting_id == decision.c.meeting_id, minutes.state == MinutesState.ACCEPTED)
        .scalar_subquery()
    )
    standing = exists().where(veto.decision_id == decision.c.id, veto.state == VetoState.RAISED)
    return (
        select(
            decision.c.id,
            decision.c.origin,
            decision.c.meeting_id,
            decision.c.vote_id,
            decision.c.veto_until,
            accepted.label("accepted_at"),
        )
        .where(
            decision.c.binding_at.is_(None),
            decision.c.state == DecisionState.TAKEN,
            or_(accepted.is_not(None), decision.c.vote_id.is_not(None)),
            ~standing,
        )
        .order_by(decision.c.id)
    )


def _after_the_window(session: Session, row: Any, now: datetime) -> datetime | None:
    if row.vote_id is None:
        return None
    found = detail_in(session, row.vote_id, now)
    until = found.vote.veto_until
    if until is None or found.vote.stage is not ProcedureStage.OVER:
        return None
    seats = [seat.id for seat in found.seats]
    return until if is_read_past(session, until, now, seats) else None


def _after_the_minutes(session: Session, row: Any, now: datetime) -> datetime | None:
    accepted: datetime | None = row.accepted_at
    if accepted is None or row.veto_until is None:
        return accepted
    minutes, reader = schema.minutes.c, schema.minutes_reader.c
    readers = session.scalars(
        select(reader.id)
        .join_from(schema.minutes_reader, schema.minutes, minutes.id == reader.minutes_id)
        .where(minutes.meeting_id == row.meeting_id)
    ).all()
    over = (
        now > row.veto_until
        and _is_heard_past(session, row.meeting_id, row.veto_until, now)
        and is_read_past(session, row.veto_until, now, readers)
    )
    return max(accepted, row.veto_until) if over else None


def _is_heard_past(session: Session, meeting_id: UUID, until: datetime, now: datetime) -> bool:
    """Return whether no veto can still be at the host of the minutes' links that came in time."""
    life = life_of(session, meeting_id, now, thorough=False)
    if life.newest is None or kept(session, minutes_host_key(life.newest.id)) is None:
        return True
    return life.heard_until is not None and life.heard_until > until
