"""What new zone rules do to planned meetings (decisions 10)."""

from __future__ import annotations

from sqlalchemy import select

from projectdesk.domain.meetings import Meeting, MeetingState
from projectdesk.domain.rules import zoned_time
from projectdesk.errors import DomainError
from projectdesk.services.rows import Changes
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def recompute_starts(workspace: Workspace) -> Changes:
    """Derive the instants of planned meetings anew if the zone rules are newer than theirs.

    Returns:
        What changed: `ids` are the meetings whose instant moved, for the desktop to name.
    """
    rules = zoned_time.tzdata_version()
    meeting = schema.meeting.c
    stale = (meeting.state == MeetingState.PLANNED) & (meeting.tzdata != rules)
    with workspace.read() as session:
        if session.scalar(select(meeting.id).where(stale).limit(1)) is None:
            return Changes()
    moved = set()
    with workspace.change("Follow new time zone rules", undoable=False) as unit:
        for each in unit.session.scalars(select(Meeting).where(stale)):
            try:
                start = zoned_time.to_utc(each.local_start, each.zone, each.fold_rule)
            except DomainError:  # a zone that the new rules do not have: the instant stays
                continue
            if start != each.starts_at:
                each.starts_at = start
                moved.add(each.id)
            each.tzdata = rules
    changes = unit.changes
    return Changes(changes.kinds, frozenset(moved), changes.project_ids, changes.label)
