"""What the audit trails of a meeting's minutes say, for the annex of the minutes."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from projectdesk.exchange.documents.content import TrailFacts, TrailStep
from projectdesk.services import audit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def trail_facts(workspace: Workspace, meeting_id: UUID) -> tuple[TrailFacts, ...]:
    """Return the trail of each revision that has one, checked now."""
    minutes = schema.minutes.c
    query = (
        select(minutes.id, minutes.revision, minutes.audit_head)
        .where(minutes.meeting_id == meeting_id)
        .order_by(minutes.revision)
    )
    with workspace.read() as session:
        revisions = session.execute(query).all()
    trails = []
    for row in revisions:
        steps = audit.trail(workspace, row.id)
        if not steps:
            continue
        heads = [row.audit_head] if row.audit_head else []
        trails.append(
            TrailFacts(
                revision=row.revision,
                head=steps[-1].hash,
                circulated_head=row.audit_head,
                holds=audit.is_whole(workspace, row.id, heads) is None,
                steps=tuple(
                    TrailStep(step.seq, step.at, step.step, step.text, step.hash) for step in steps
                ),
            )
        )
    return tuple(trails)
