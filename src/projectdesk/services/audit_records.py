"""What the records say of minutes that their trail has to tell of (ADR 0086)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from projectdesk.domain.minutes import MinutesState, ObjectionState
from projectdesk.domain.rules.audit_chain import AuditStep, Expected
from projectdesk.store import schema

_ANSWERED: Final = frozenset({ObjectionState.UPHELD, ObjectionState.DECLINED})


def expected_steps(session: Session, minutes_id: UUID) -> list[Expected]:
    """Return the steps that the records of a revision call for, about in the order of time.

    Vetoes count that were raised while this revision was the newest, after a circulation: from then
    on the trail is told of them.
    """
    row = schema.minutes.c
    minutes = session.execute(select(schema.minutes).where(row.id == minutes_id)).one()
    if minutes.circulated_at is None and minutes.state is MinutesState.DRAFT:
        revised = [Expected((AuditStep.REVISED,))] if minutes.revision > 1 else []
        return [*revised, *_vetoes(session, minutes)]
    return [
        Expected((AuditStep.BEGUN,)),
        Expected((AuditStep.CIRCULATED,)),
        *_readers(session, minutes_id),
        *_objections(session, minutes_id),
        *_vetoes(session, minutes),
        *_ended(minutes),
    ]


def _ended(minutes: Any) -> Iterator[Expected]:
    """What ended the window: accepted, and later perhaps replaced after all."""
    if minutes.accepted_at is not None or minutes.state is MinutesState.ACCEPTED:
        yield Expected((AuditStep.ACCEPTED,))
    if minutes.state is MinutesState.SUPERSEDED:
        yield Expected((AuditStep.SUPERSEDED,))


def _readers(session: Session, minutes_id: UUID) -> Iterator[Expected]:
    reader = schema.minutes_reader.c
    query = (
        select(reader.id, reader.received_at, reader.generation, reader.revoked)
        .where(reader.minutes_id == minutes_id)
        .order_by(reader.received_at, reader.id)
    )
    for row in session.execute(query):
        if row.generation > 1:
            yield Expected((AuditStep.LINK_RENEWED,), row.id)
        if row.revoked:
            yield Expected((AuditStep.READER_REVOKED,), row.id)
        if row.received_at is not None:
            yield Expected((AuditStep.RECEIVED,), row.id)


def _objections(session: Session, minutes_id: UUID) -> Iterator[Expected]:
    objection = schema.objection.c
    query = (
        select(objection.id, objection.state)
        .where(objection.minutes_id == minutes_id)
        .order_by(objection.number)
    )
    for row in session.execute(query):
        yield Expected((AuditStep.OBJECTED,), row.id)
        if row.state in _ANSWERED:
            yield Expected((AuditStep.OBJECTION_ANSWERED,), row.id)
        elif row.state is ObjectionState.WITHDRAWN:
            yield Expected((AuditStep.OBJECTION_WITHDRAWN, AuditStep.OBJECTION_ANSWERED), row.id)


def _vetoes(session: Session, minutes: Any) -> Iterator[Expected]:
    """The vetoes that came after the first circulation, in the time of this revision."""
    revision = schema.minutes.c
    same = revision.meeting_id == minutes.meeting_id
    first = session.scalar(select(func.min(revision.circulated_at)).where(same))
    if first is None:
        return
    entry = schema.audit_entry.c
    begun = func.min(entry.at)
    before = [entry.minutes_id == revision.id, same]
    since = session.scalar(select(begun).where(*before, revision.revision == minutes.revision))
    until = session.scalar(select(begun).where(*before, revision.revision == minutes.revision + 1))
    since = max(first, since) if since is not None else first
    veto, decision = schema.veto.c, schema.decision.c
    query = (
        select(veto.id, veto.raised_at)
        .join_from(schema.veto, schema.decision, decision.id == veto.decision_id)
        .where(decision.meeting_id == minutes.meeting_id, veto.raised_at > since)
        .order_by(veto.raised_at, veto.id)
    )
    for row in session.execute(query):
        if until is None or row.raised_at < until:
            yield Expected((AuditStep.VETOED,), row.id)
