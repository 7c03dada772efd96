"""Move items between agendas and the backlog, and carry over what the last meeting left."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.meetings import AgendaItem, ItemKind, Meeting, MeetingState
from projectdesk.domain.preparation import BacklogItem
from projectdesk.domain.rules.agenda_template import DraftItem
from projectdesk.domain.talk import Document
from projectdesk.errors import DomainError
from projectdesk.services import dependents
from projectdesk.services.agenda_making import agenda_items, insert_items
from projectdesk.services.editing import next_number
from projectdesk.services.queries.backlog import ACTIONS, MINUTES, carried
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_SHARED: Final = (
    "title",
    "kind",
    "duration_minutes",
    "presenter_id",
    "presenter_text",
    "description",
    "work_package_id",
    "deliverable_id",
    "milestone_id",
    "risk_id",
)
"""What an item keeps on its way."""


def to_agenda(
    workspace: Workspace,
    backlog_ids: Collection[UUID],
    meeting_id: UUID,
    *,
    at: int | None = None,
    day: int = 1,
    section: str = "",
) -> Changes:
    """Take items out of the backlog and put them on an agenda.

    Args:
        workspace: the open data.
        backlog_ids: which items, in the order in which they come onto the agenda.
        meeting_id: of a meeting of the same project.
        at: before the item at this place, 0 = first; None = last of the day.
        day: of the meeting.
        section: the heading they stand under.

    Raises:
        NotFound: one of them, or the meeting, is not there.
        DomainError: `other_project`.
    """
    with workspace.change("Put on the agenda") as unit:
        meeting = unit.get(Meeting, meeting_id)
        waiting = [unit.get(BacklogItem, each) for each in backlog_ids]
        _check_project(meeting, waiting)
        drafts = [
            DraftItem(**_kept(item), day=day, section=section, carried_from_id=item.carried_from_id)
            for item in waiting
        ]
        insert_items(unit.session, meeting_id, agenda_items(meeting_id, drafts, unit.now), at)
        for item in waiting:
            unit.delete(item)
        unit.label = f"Put {_words(waiting)} on the agenda"
    return unit.changes


def to_backlog(workspace: Workspace, item_ids: Collection[UUID], *, reason: str = "") -> Changes:
    """Put agenda items into the backlog, of the meeting's body where it has one.

    An item of a meeting that is still to come leaves its agenda; documents that were attached to it
    stay with the meeting. One of a meeting that was held stays as it was, and is named as where the
    new item comes from.

    Raises:
        NotFound: one of them is not there.
        DomainError: `break_waits_for_nothing`, `meeting_live`.
    """
    with workspace.change("Put into the backlog") as unit:
        items = [unit.get(AgendaItem, each) for each in item_ids]
        for item in items:
            if item.kind is ItemKind.BREAK:
                raise DomainError(
                    "break_waits_for_nothing", "A break is not kept in the backlog: delete it."
                )
            meeting = unit.get(Meeting, item.meeting_id)
            if meeting.state is MeetingState.LIVE:
                raise DomainError(
                    "meeting_live", "The meeting is running: postpone the item in the call."
                )
            held = meeting.state is MeetingState.HELD
            number = next_number(
                unit.session, Kind.BACKLOG_ITEM, "position", "project_id", meeting.project_id
            )
            unit.add(
                BacklogItem(
                    **_kept(item),
                    project_id=meeting.project_id,
                    body_id=meeting.body_id,
                    position=number,
                    carried_from_id=item.id if held else item.carried_from_id,
                    reason=reason,
                    added_at=unit.now,
                )
            )
            unit.session.flush()
            if not held:
                _leave(unit, item)
        unit.label = f"Put {_words(items)} into the backlog"
    return unit.changes


def carry_over(workspace: Workspace, meeting_id: UUID, keys: Collection[str] = ()) -> Changes:
    """Put what the last meeting left on an agenda; see `queries.carry_over`.

    Minutes and actions come after the first item, the rest at the end of the first day.

    Args:
        workspace: the open data.
        meeting_id: which meeting.
        keys: of the offers; none = all that are not on the agenda yet.

    Raises:
        DomainError: `nothing_to_carry_over`.
    """
    with workspace.change("Carry over") as unit:
        found = carried(unit.session, meeting_id)
        chosen = [offer for offer in found.open if not keys or offer.key in keys]
        if not chosen:
            raise DomainError(
                "nothing_to_carry_over", "There is nothing to carry over that is not here already."
            )
        first = [offer.draft for offer in chosen if offer.key in {MINUTES, ACTIONS}]
        rest = [offer.draft for offer in chosen if offer.key not in {MINUTES, ACTIONS}]
        if first:
            opening = _opening(unit, meeting_id)
            early = [replace(draft, section=opening) for draft in first]
            insert_items(unit.session, meeting_id, agenda_items(meeting_id, early, unit.now), 1)
            unit.session.flush()
        insert_items(unit.session, meeting_id, agenda_items(meeting_id, rest, unit.now))
        count = len(chosen)
        last = found.last.title if found.last else ""
        unit.label = f"Carry {count} item{'' if count == 1 else 's'} over from {last}"
    return unit.changes


def _opening(unit: Unit, meeting_id: UUID) -> str:
    """Return the heading of the first item."""
    item = schema.agenda_item.c
    query = select(item.section).where(item.meeting_id == meeting_id)
    return unit.session.scalar(query.order_by(item.day, item.position, item.id).limit(1)) or ""


def _kept(item: AgendaItem | BacklogItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in _SHARED}


def _leave(unit: Unit, item: AgendaItem) -> None:
    document = schema.document.c
    query = select(Document).where(document.agenda_item_id == item.id)
    for attached in unit.session.scalars(query):
        attached.agenda_item_id, attached.meeting_id = None, item.meeting_id
    unit.session.flush()
    plan = dependents.plan_deletion(unit.session, Kind.AGENDA_ITEM, item.id)
    dependents.carry_out(unit.session, plan)


def _check_project(meeting: Meeting, waiting: Collection[BacklogItem]) -> None:
    if any(item.project_id != meeting.project_id for item in waiting):
        raise DomainError("other_project", "This item belongs to another project.")


def _words(items: Collection[AgendaItem | BacklogItem]) -> str:
    first = next(iter(items), None)
    if len(items) == 1 and first is not None:
        return f"“{first.title}”"
    return f"{len(items)} items"
