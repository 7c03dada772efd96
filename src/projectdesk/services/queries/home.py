"""What waits on the Home page: the next meetings, what is due, what is mine, what happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select

from projectdesk.domain.meetings import MeetingState
from projectdesk.domain.minutes import ActionStatus
from projectdesk.domain.rules.notice import NoticeLight
from projectdesk.services.home_rows import HomeRow
from projectdesk.services.mine import is_me
from projectdesk.services.queries.actions import action_query, action_row
from projectdesk.services.queries.late import late_items
from projectdesk.services.queries.meetings import meetings
from projectdesk.services.queries.minutes_life import accepting_meetings
from projectdesk.services.queries.notice import meeting_notice
from projectdesk.services.queries.reading import named
from projectdesk.services.queries.recent import changes_since
from projectdesk.services.queries.unfinished import unfinished_of
from projectdesk.services.rows import ActionRow, MeetingRow
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

NEXT_MEETINGS = 5
_WATCHED = frozenset({NoticeLight.AMBER, NoticeLight.RED})
AHEAD_DAYS = 60
"""How far ahead something due is shown."""


def home(workspace: Workspace, today: date, since: datetime | None = None) -> HomeRow:
    """Return what waits.

    Args:
        workspace: the open database.
        today: the date where the person is.
        since: when they were last here, UTC; None = never, and nothing happened since.
    """
    mine, late = _actions(workspace, today)
    coming = _upcoming(workspace, today)
    written = tuple(accepting_meetings(workspace))
    return HomeRow(
        coming[:NEXT_MEETINGS],
        tuple(late_items(workspace, None, today, ahead_days=AHEAD_DAYS)),
        mine,
        late,
        tuple(changes_since(workspace, since)) if since is not None else (),
        tuple(meeting_notice(workspace, row.id) for row in coming if row.notice in _WATCHED),
        invitees_zones(workspace, [row.id for row in coming[:NEXT_MEETINGS]]),
        written,
        {each.meeting_id: len(each.findings) for each in unfinished_of(workspace, written)},
    )


def invitees_zones(workspace: Workspace, meetings: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Return the zones of who is invited to each meeting, where most of them are first."""
    invitation, person = schema.invitation.c, schema.person.c
    query = (
        select(invitation.meeting_id, person.zone)
        .join_from(schema.invitation, schema.person)
        .where(invitation.meeting_id.in_(meetings), invitation.revoked.is_(False))
        .where(person.zone != "")
        .group_by(invitation.meeting_id, person.zone)
        .order_by(func.count().desc(), person.zone)
    )
    found: dict[UUID, tuple[str, ...]] = {}
    with workspace.read() as session:
        for row in session.execute(query):
            found[row.meeting_id] = (*found.get(row.meeting_id, ()), row.zone)
    return found


def _upcoming(workspace: Workspace, today: date) -> tuple[MeetingRow, ...]:
    # A meeting of today stays until the day is over everywhere.
    begin = datetime.combine(today, time.min, UTC) - timedelta(hours=14)
    return tuple(
        row
        for row in meetings(workspace)
        if row.state is MeetingState.LIVE
        or (row.state is MeetingState.PLANNED and row.starts_at >= begin)
    )


def _actions(
    workspace: Workspace, today: date
) -> tuple[tuple[ActionRow, ...], tuple[ActionRow, ...]]:
    action = schema.action.c
    with workspace.read() as session:
        me = session.scalar(select(schema.person.c.id).where(is_me(session)).limit(1))
        # Of 20,000 actions only those that are shown become rows.
        wanted = action_query().where(
            action.status == ActionStatus.OPEN,
            or_(action.due_on < today, action.owner_person_id == me),
        )
        actions = [action_row(row) for row in named(session.execute(wanted))]
    mine = [row for row in actions if me is not None and row.owner_person_id == me]
    late = [row for row in actions if row.due_on is not None and row.due_on < today]
    return tuple(sorted(mine, key=_by_due)), tuple(sorted(late, key=_by_due))


def _by_due(row: ActionRow) -> tuple[date, str, int]:
    return row.due_on or date.max, row.project, row.number
