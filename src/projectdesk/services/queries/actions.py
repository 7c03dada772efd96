"""Read actions: of a project, of a meeting, of all; filtered; one with what was told of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from projectdesk.domain.minutes import ActionStatus
from projectdesk.domain.rules.action_dates import days_late, due_this_week
from projectdesk.domain.rules.action_follow import following_step
from projectdesk.domain.workplan import DeliverableStatus
from projectdesk.errors import NotFound
from projectdesk.services.action_rows import (
    ActionDetail,
    ActionFilter,
    ActionNoteRow,
    ActionProposal,
    ActionRow,
)
from projectdesk.services.queries.names import partner_names, person_name
from projectdesk.services.queries.reading import named
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def actions(
    workspace: Workspace,
    project_id: UUID | None = None,
    meeting_id: UUID | None = None,
    wanted: ActionFilter | None = None,
    today: date | None = None,
) -> list[ActionRow]:
    """Return actions by project and number; of one project or meeting where asked for one.

    Args:
        workspace: the open data.
        project_id: of one project.
        meeting_id: of one meeting.
        wanted: only those that pass; None = all.
        today: by which lateness is told; None = the day in UTC.
    """
    query = action_query()
    if project_id is not None:
        query = query.where(schema.action.c.project_id == project_id)
    if meeting_id is not None:
        query = query.where(schema.action.c.meeting_id == meeting_id)
    with workspace.read() as session:
        rows = [action_row(row) for row in named(session.execute(query))]
    if wanted is None:
        return rows
    day = today or workspace.now().date()
    return [row for row in rows if passes(row, wanted, day)]


def actions_by_id(session: Session, action_ids: Collection[UUID]) -> dict[UUID, ActionRow]:
    """Return some actions by id."""
    query = action_query().where(schema.action.c.id.in_(action_ids))
    return {row.id: action_row(row) for row in session.execute(query)}


def action_numbered(workspace: Workspace, project_id: UUID, label: str) -> ActionRow:
    """Return an action by its label ("A12", "12") in a project.

    Raises:
        NotFound: `no_such_action`.
    """
    text = label.strip().upper().removeprefix("A")
    if text.isascii() and text.isdigit() and len(text) < 10:
        query = action_query().where(
            schema.action.c.project_id == project_id, schema.action.c.number == int(text)
        )
        with workspace.read() as session:
            found = session.execute(query).first()
        if found is not None:
            return action_row(found)
    raise NotFound("no_such_action", "The project has no action “{label}”.", label=label)


def action_detail(workspace: Workspace, action_id: UUID) -> ActionDetail:
    """Return an action with what was told of it, the first note first.

    Raises:
        NotFound: no such action.
    """
    with workspace.read() as session:
        found = actions_by_id(session, [action_id]).get(action_id)
        if found is None:
            raise NotFound("not_found", "This action does not exist any more.", noun="action")
        notes = action_notes(session, [action_id]).get(action_id, [])
        proposal = proposed_step(session, found) if found.status is ActionStatus.DONE else None
    return ActionDetail(found, tuple(notes), proposal)


def action_notes(session: Session, action_ids: Collection[UUID]) -> dict[UUID, list[ActionNoteRow]]:
    """Return what was told of some actions, the first note first."""
    note = schema.action_note.c
    query = _notes().where(note.action_id.in_(action_ids)).order_by(note.made_at, note.id)
    found: dict[UUID, list[ActionNoteRow]] = {}
    for row in session.execute(query):
        found.setdefault(row.action_id, []).append(_note_row(row))
    return found


def proposed_step(session: Session, row: ActionRow) -> ActionProposal | None:
    """Return what a done action proposes for the deliverable that it is linked to."""
    if row.deliverable_id is None:
        return None
    action, deliverable, package = schema.action.c, schema.deliverable.c, schema.work_package.c
    found = session.execute(
        select(
            deliverable.version, deliverable.number, deliverable.title, deliverable.status,
            package.number.label("package"),
        )
        .join_from(schema.deliverable, schema.work_package)
        .where(deliverable.id == row.deliverable_id)
    ).one()  # fmt: skip
    others = session.scalar(
        select(func.count()).where(
            action.deliverable_id == row.deliverable_id,
            action.id != row.id,
            action.status == ActionStatus.OPEN,
        )
    )
    step = following_step(row.text, DeliverableStatus(found.status), others or 0)
    if step is None:
        return None
    return ActionProposal(
        row.deliverable_id,
        found.version,
        f"D{found.package}.{found.number}",
        found.title,
        DeliverableStatus(found.status),
        step.status,
    )


def passes(row: ActionRow, wanted: ActionFilter, today: date) -> bool:
    """Return whether an action is among those that are meant."""
    return (
        (wanted.status is None or row.status is wanted.status)
        and (not wanted.late or days_late(row.status, row.due_on, today) > 0)
        and (not wanted.this_week or due_this_week(row.status, row.due_on, today))
        and (wanted.due_before is None or _before(row.due_on, wanted.due_before))
        and (not wanted.without_owner or not row.owner)
        and (not wanted.without_date or row.due_on is None)
        and _names(row, wanted)
    )


def _names(row: ActionRow, wanted: ActionFilter) -> bool:
    return (
        (_in(wanted.person, row.person) or _same(wanted.person, row.email))
        and (not wanted.partner or _same(wanted.partner, row.partner))
        and (not wanted.work_package or _same(wanted.work_package, row.work_package))
        and (not wanted.deliverable or _same(wanted.deliverable, row.deliverable))
        and (_in(wanted.meeting, row.meeting) or _is(wanted.meeting, row.meeting_id))
        and _in(wanted.text, row.text)
    )


def _before(due_on: date | None, day: date) -> bool:
    return due_on is not None and due_on < day


def _in(part: str, whole: str) -> bool:
    return part.casefold() in whole.casefold()


def _same(wanted: str, text: str) -> bool:
    return wanted.casefold() == text.casefold()


def _is(wanted: str, record: UUID | None) -> bool:
    return (
        record is not None and len(wanted) >= 8 and record.hex.startswith(wanted.replace("-", ""))
    )


def _notes() -> Select[Any]:
    note, person = schema.action_note, schema.person.c
    return select(note, person.given_name, person.family_name).outerjoin(
        schema.person, person.id == note.c.person_id
    )


def _note_row(row: Any) -> ActionNoteRow:
    return ActionNoteRow(
        row.id,
        row.action_id,
        row.kind,
        row.text,
        row.due_on,
        row.person_id,
        person_name(row),
        row.made_at,
    )


def action_query() -> Select[Any]:
    """Return the query of actions with the names of what they refer to."""
    action, person, deliverable = schema.action, schema.person, schema.deliverable
    owner = partner_names().subquery()
    holder = schema.work_package.alias("holder")
    return (
        select(
            action,
            schema.project.c.acronym,
            schema.meeting.c.title.label("meeting"),
            schema.agenda_item.c.title.label("item"),
            schema.work_package.c.number.label("wp"),
            deliverable.c.number.label("deliverable_number"),
            deliverable.c.status.label("deliverable_status"),
            holder.c.number.label("deliverable_wp"),
            schema.milestone.c.number.label("milestone_number"),
            schema.decision.c.number.label("decision_number"),
            person.c.given_name,
            person.c.family_name,
            person.c.email,
            owner.c.name.label("partner"),
        )
        .join(schema.project, schema.project.c.id == action.c.project_id)
        .outerjoin(schema.meeting, schema.meeting.c.id == action.c.meeting_id)
        .outerjoin(schema.agenda_item, schema.agenda_item.c.id == action.c.agenda_item_id)
        .outerjoin(schema.work_package, schema.work_package.c.id == action.c.work_package_id)
        .outerjoin(deliverable, deliverable.c.id == action.c.deliverable_id)
        .outerjoin(holder, holder.c.id == deliverable.c.work_package_id)
        .outerjoin(schema.milestone, schema.milestone.c.id == action.c.milestone_id)
        .outerjoin(schema.decision, schema.decision.c.id == action.c.decision_id)
        .outerjoin(person, person.c.id == action.c.owner_person_id)
        .outerjoin(owner, owner.c.id == action.c.owner_partner_id)
        .order_by(schema.project.c.acronym, action.c.number, action.c.id)
    )


def action_row(row: Any) -> ActionRow:
    """Return a row of `action_query` as what is shown."""
    person, partner = person_name(row), row.partner or ""
    number = row.deliverable_number
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
        person=person,
        partner=partner,
        email=row.email or "",
        first_due_on=row.first_due_on,
        work_package_id=row.work_package_id,
        deliverable_id=row.deliverable_id,
        deliverable=f"D{row.deliverable_wp}.{number}" if number is not None else "",
        deliverable_status=row.deliverable_status,
        milestone_id=row.milestone_id,
        milestone=f"MS{row.milestone_number}" if row.milestone_number is not None else "",
        decision_id=row.decision_id,
        decision=f"D{row.decision_number}" if row.decision_number is not None else "",
        desk=row.desk,
        generation=row.generation,
        revoked=row.revoked,
        sent_at=row.sent_at,
        reminded_at=row.reminded_at,
        escalated_at=row.escalated_at,
    )
