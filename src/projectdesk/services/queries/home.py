"""What waits on the Home page: the next meetings, what is due, what is mine to do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from projectdesk.domain.meetings import MeetingState
from projectdesk.domain.minutes import ActionStatus
from projectdesk.domain.workplan import DeliverableStatus
from projectdesk.services.mine import is_me
from projectdesk.services.queries.meetings import meetings
from projectdesk.services.queries.register import action_query, action_row
from projectdesk.services.queries.workplan import deliverable_query, deliverable_row
from projectdesk.services.rows import ActionRow, DeliverableRow, HomeRow, MeetingRow
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

NEXT_MEETINGS = 5
AHEAD = timedelta(days=60)
"""How far ahead something due is shown."""
_DELIVERED = (DeliverableStatus.SUBMITTED, DeliverableStatus.ACCEPTED)


def home(workspace: Workspace, today: date) -> HomeRow:
    """Return what waits.

    Args:
        workspace: the open database.
        today: the date where the person is.
    """
    deliverables, mine, late = _due(workspace, today)
    return HomeRow(_upcoming(workspace, today), deliverables, mine, late)


def _upcoming(workspace: Workspace, today: date) -> tuple[MeetingRow, ...]:
    # A meeting of today stays until the day is over everywhere.
    begin = datetime.combine(today, time.min, UTC) - timedelta(hours=14)
    return tuple(
        row
        for row in meetings(workspace)
        if row.state is MeetingState.LIVE
        or (row.state is MeetingState.PLANNED and row.starts_at >= begin)
    )[:NEXT_MEETINGS]


def _due(
    workspace: Workspace, today: date
) -> tuple[tuple[DeliverableRow, ...], tuple[ActionRow, ...], tuple[ActionRow, ...]]:
    open_deliverables = deliverable_query().where(
        schema.deliverable.c.status.not_in(_DELIVERED), schema.project.c.start_date.is_not(None)
    )
    open_actions = action_query().where(schema.action.c.status == ActionStatus.OPEN)
    with workspace.read() as session:
        me = session.scalar(select(schema.person.c.id).where(is_me(session)).limit(1))
        every = [deliverable_row(row) for row in session.execute(open_deliverables)]
        actions = [action_row(row) for row in session.execute(open_actions)]
    due = [row for row in every if row.due_on is not None and row.due_on <= today + AHEAD]
    mine = [row for row in actions if me is not None and row.owner_person_id == me]
    late = [row for row in actions if row.due_on is not None and row.due_on < today]
    return (
        tuple(sorted(due, key=lambda row: (row.due_on or date.max, row.label))),
        tuple(sorted(mine, key=_by_due)),
        tuple(sorted(late, key=_by_due)),
    )


def _by_due(row: ActionRow) -> tuple[date, str, int]:
    return row.due_on or date.max, row.project, row.number
