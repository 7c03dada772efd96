"""Take what a meeting did not treat to another one."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from projectdesk.domain.meetings import AgendaItem, ItemKind, Meeting, MeetingState
from projectdesk.domain.rules.agenda_template import DraftItem
from projectdesk.errors import DomainError
from projectdesk.services.agenda_making import agenda_items, insert_items
from projectdesk.services.rows import Changes
from projectdesk.services.workspace import Workspace


def take_to_meeting(workspace: Workspace, item_ids: Collection[UUID], meeting_id: UUID) -> Changes:
    """Put items that were not treated onto another meeting's agenda; they stay where they were too.

    Args:
        workspace: the open data.
        item_ids: of the meeting that was held, in their order.
        meeting_id: whose agenda they go onto, at the end of its first day.

    Raises:
        NotFound: one of them is not there.
        DomainError: `other_project`, `not_planned`, `break_waits_for_nothing`.
    """
    with workspace.change("Take to the next agenda") as unit:
        target = unit.get(Meeting, meeting_id)
        if target.state is not MeetingState.PLANNED:
            raise DomainError("not_planned", "Only a meeting that is to come takes more items.")
        items = [unit.get(AgendaItem, each) for each in item_ids]
        for item in items:
            if item.kind is ItemKind.BREAK:
                raise DomainError("break_waits_for_nothing", "A break is not taken up again.")
            if unit.get(Meeting, item.meeting_id).project_id != target.project_id:
                raise DomainError("other_project", "That meeting is of another project.")
        drafts = [_draft(item) for item in items]
        insert_items(unit.session, meeting_id, agenda_items(meeting_id, drafts, unit.now))
        what = items[0].title if len(items) == 1 else f"{len(items)} items"
        unit.label = f"Take {what} to {target.title}"
    return unit.changes


def _draft(item: AgendaItem) -> DraftItem:
    return DraftItem(
        title=item.title,
        kind=item.kind,
        duration_minutes=item.duration_minutes,
        presenter_id=item.presenter_id,
        presenter_text=item.presenter_text,
        description=item.description,
        work_package_id=item.work_package_id,
        deliverable_id=item.deliverable_id,
        milestone_id=item.milestone_id,
        risk_id=item.risk_id,
        minutes_of_id=item.minutes_of_id,
        carried_from_id=item.id,
    )
