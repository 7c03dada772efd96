"""Meetings that begin in a moment, for the notice on the desktop with which one joins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.meetings import InvitationAnswer, MeetingState
from projectdesk.services.kept_settings import setting
from projectdesk.services.mine import is_me
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

CHOICES: Final = (0, 1, 5, 10, 15)
"""Minutes before the start that are offered; 0 = never."""
USUAL: Final = 5
STILL_AFTER: Final = timedelta(minutes=10)
"""So long after the start it still makes sense to be told."""


@dataclass(frozen=True)
class AlarmRow:
    """A meeting that begins in a moment. starts_at: UTC. outside_url: of a call of others."""

    meeting_id: UUID
    project_id: UUID
    project: str
    title: str
    starts_at: datetime
    outside_url: str

    @property
    def key(self) -> str:
        """What is told once: this meeting at this hour."""
        return f"{self.meeting_id.hex}@{self.starts_at:%Y%m%d%H%M}"


def alarm_minutes(workspace: Workspace) -> int:
    """Return how many minutes before a meeting this person wants to be told; 0 = never."""
    kept = setting(workspace, minutes_key(workspace), str(USUAL))
    return int(kept) if kept.isascii() and kept.isdigit() else USUAL


def due_alarms(workspace: Workspace) -> list[AlarmRow]:
    """Return the meetings that begin in a moment and were not told of yet, the first first.

    Of a team's meetings only those to which I am invited; none that I declined.
    """
    minutes = alarm_minutes(workspace)
    if not minutes:
        return []
    now = workspace.now()
    meeting, invitation = schema.meeting.c, schema.invitation.c
    begins = (
        meeting.state.in_((MeetingState.PLANNED, MeetingState.LIVE)),
        meeting.starts_at <= now + timedelta(minutes=minutes),
        meeting.starts_at > now - STILL_AFTER,
    )
    coming = (
        select(schema.meeting, schema.project.c.acronym)
        .join_from(schema.meeting, schema.project)
        .where(*begins)
        .order_by(meeting.starts_at, meeting.id)
    )
    with workspace.read() as session:
        rows = session.execute(coming).all()
        mine = (
            select(invitation.meeting_id, invitation.answer, invitation.revoked)
            .join_from(schema.invitation, schema.person)
            .where(is_me(session), invitation.meeting_id.in_([row.id for row in rows]))
        )
        invited = {row.meeting_id: row for row in session.execute(mine)} if rows else {}
    told = set(setting(workspace, told_key(workspace), "").split())
    found = []
    for row in rows:
        own = invited.get(row.id)
        if own is None and workspace.shared:
            continue
        if own is not None and (own.revoked or own.answer is InvitationAnswer.DECLINED):
            continue
        alarm = AlarmRow(
            row.id, row.project_id, row.acronym, row.title, row.starts_at, row.outside_url
        )
        if alarm.key not in told:
            found.append(alarm)
    return found


def minutes_key(workspace: Workspace) -> str:
    """Return where this person's minutes are kept."""
    return f"call.alarm:{_me(workspace)}"


def told_key(workspace: Workspace) -> str:
    """Return where it is kept of which meetings this person was told."""
    return f"call.alarmed:{_me(workspace)}"


def _me(workspace: Workspace) -> str:
    with workspace.read() as session:
        found = session.scalar(select(schema.person.c.id).where(is_me(session)).limit(1))
    return found.hex if found is not None else ""
