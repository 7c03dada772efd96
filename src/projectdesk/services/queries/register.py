"""Read the registers: decisions and actions, of a project, of a meeting, of all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from projectdesk.services.queries.names import partner_names, person_name
from projectdesk.services.rows import ActionRow, DecisionRow
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


def actions(
    workspace: Workspace, project_id: UUID | None = None, meeting_id: UUID | None = None
) -> list[ActionRow]:
    """Return actions by project and number; of one project or meeting where asked for one."""
    query = action_query()
    if project_id is not None:
        query = query.where(schema.action.c.project_id == project_id)
    if meeting_id is not None:
        query = query.where(schema.action.c.meeting_id == meeting_id)
    with workspace.read() as session:
        return [action_row(row) for row in session.execute(query)]


def action_query() -> Select[Any]:
    """Return the query of actions with the names of what they refer to."""
    action, person = schema.action, schema.person
    owner = partner_names().subquery()
    return (
        select(
            action,
            schema.project.c.acronym,
            schema.meeting.c.title.label("meeting"),
            schema.agenda_item.c.title.label("item"),
            schema.work_package.c.number.label("wp"),
            person.c.given_name,
            person.c.family_name,
            owner.c.name.label("partner"),
        )
        .join(schema.project, schema.project.c.id == action.c.project_id)
        .outerjoin(schema.meeting, schema.meeting.c.id == action.c.meeting_id)
        .outerjoin(schema.agenda_item, schema.agenda_item.c.id == action.c.agenda_item_id)
        .outerjoin(schema.work_package, schema.work_package.c.id == action.c.work_package_id)
        .outerjoin(person, person.c.id == action.c.owner_person_id)
        .outerjoin(owner, owner.c.id == action.c.owner_partner_id)
        .order_by(schema.project.c.acronym, action.c.number, action.c.id)
    )


def action_row(row: Any) -> ActionRow:
    """Return a row of `action_query` as what is shown."""
    person, partner = person_name(row), row.partner or ""
    return ActionRow(
        id=row.id,
        version=row.version,
        project_id=row.project_id,
        project=row.acronym,
        meeting_id=row.meeting_id,
        meeting=row.meeting or "",
        agenda_item_id=row.agenda_item_id,
        item=row.item or "",
        label=f"A{row.number}",
        number=row.number,
        text=row.text,
        owner_person_id=row.owner_person_id,
        owner_partner_id=row.owner_partner_id,
        owner=f"{person} ({partner})" if person and partner else person or partner,
        due_on=row.due_on,
        status=row.status,
        done_on=row.done_on,
        work_package=f"WP{row.wp}" if row.wp is not None else "",
    )


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
    )
