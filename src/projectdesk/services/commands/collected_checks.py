"""What invitees found out about their computer and network, out of the host's journal."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert, select

from projectdesk.domain.meetings import Invitation
from projectdesk.domain.rules.course import Course
from projectdesk.services.rows import Kind
from projectdesk.services.session import Unit
from projectdesk.signalling import journal
from projectdesk.store import schema


def connection_checked(
    unit: Unit, course: Course, at: datetime, fact: journal.ConnectionChecked
) -> bool:
    """Keep an invitee's last check. False if nobody of this meeting is meant."""
    try:
        invitation = unit.session.get(Invitation, UUID(fact.invitation))
    except ValueError:
        return False
    if invitation is None or invitation.meeting_id != course.meeting.id:
        return False
    table = schema.connection_check
    mine = table.c.invitation_id == invitation.id
    before = unit.session.scalar(select(table.c.checked_at).where(mine))
    if before is not None and before > at:
        return True
    unit.session.execute(delete(table).where(mine))
    row = {
        "invitation_id": invitation.id,
        "checked_at": at,
        "verdict": fact.report.verdict,
        "report": msgspec.to_builtins(fact.report),
    }
    unit.session.execute(insert(table).values(row))
    unit.touch(Kind.INVITATION, invitation.id, course.meeting.project_id)
    return True
