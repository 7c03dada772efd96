"""Read the register of decisions, of a project, of a meeting, of all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from projectdesk.services.rows import DecisionRow
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def decisions(
    workspace: Workspace, project_id: UUID | None = None, meeting_id: UUID | None = None
) -> list[DecisionRow]:
    """Return decisions by project and number; of one project or meeting where asked for one."""
    decision = schema.decision.c
    query = (
        select(
            schema.decision,
            schema.project.c.acronym,
            schema.meeting.c.title.label("meeting"),
            schema.agenda_item.c.title.label("item"),
        )
        .join(schema.project, schema.project.c.id == decision.project_id)
        .outerjoin(schema.meeting, schema.meeting.c.id == decision.meeting_id)
        .outerjoin(schema.agenda_item, schema.agenda_item.c.id == decision.agenda_item_id)
        .order_by(schema.project.c.acronym, decision.number, decision.id)
    )
    if project_id is not None:
        query = query.where(decision.project_id == project_id)
    if meeting_id is not None:
        query = query.where(decision.meeting_id == meeting_id)
    with workspace.read() as session:
        return [_decision_row(row) for row in session.execute(query)]


def _decision_row(row: Any) -> DecisionRow:
    return DecisionRow(
        id=row.id,
        version=row.version,
        project_id=row.project_id,
        project=row.acronym,
        meeting_id=row.meeting_id,
        meeting=row.meeting or "",
        agenda_item_id=row.agenda_item_id,
        item=row.item or "",
        label=f"D{row.number}",
        number=row.number,
        text=row.text,
        made_at=row.made_at,
        rule=row.rule,
    )
