"""Which meetings follow one another: of a body, of a series, or of a type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from projectdesk.domain.meetings import MeetingState, MeetingType
from projectdesk.domain.minutes import MinutesState
from projectdesk.domain.rules.agenda_template import LastMeeting
from projectdesk.services.agenda_rows import titled
from projectdesk.services.newest_minutes import newest_state
from projectdesk.store import schema


@dataclass(frozen=True)
class Circle:
    """Who meets: a body, a series, or else all meetings of a type. before: only what began then."""

    project_id: UUID
    type: MeetingType
    body_id: UUID | None = None
    series_id: UUID | None = None
    work_package_id: UUID | None = None
    before: datetime | None = None


def last_held(session: Session, circle: Circle) -> LastMeeting | None:
    """Return the last meeting of a circle that was held, None without one."""
    meeting = schema.meeting.c
    row = session.execute(
        select(meeting.id, meeting.title, meeting.local_start)
        .where(*circle_conditions(circle), meeting.state == MeetingState.HELD)
        .order_by(meeting.starts_at.desc(), meeting.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    to_approve = newest_state(session, row.id) is not MinutesState.ACCEPTED
    return LastMeeting(row.id, titled(row.title, row.local_start), to_approve)


def circle_conditions(circle: Circle) -> list[ColumnElement[bool]]:
    """Return what makes a meeting one of a circle, for a query that has the meetings' table."""
    meeting, item = schema.meeting.c, schema.agenda_item.c
    conditions = [meeting.project_id == circle.project_id]
    if circle.before is not None:
        conditions.append(meeting.starts_at < circle.before)
    if circle.series_id is not None:
        conditions.append(meeting.series_id == circle.series_id)
    elif circle.body_id is not None:
        conditions.append(meeting.body_id == circle.body_id)
    else:
        conditions.append(meeting.type == circle.type)
    if circle.work_package_id is not None:
        conditions.append(
            meeting.id.in_(
                select(item.meeting_id).where(item.work_package_id == circle.work_package_id)
            )
        )
    return conditions
