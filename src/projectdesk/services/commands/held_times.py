"""Say when a meeting was held that had no call, in the time of its zone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from projectdesk.domain.meetings import Meeting, MeetingState
from projectdesk.domain.rules import held_times
from projectdesk.domain.rules.zoned_time import to_utc
from projectdesk.errors import DomainError
from projectdesk.services.held_checks import was_called
from projectdesk.services.rows import Changes
from projectdesk.services.workspace import Workspace


def say_when_held(
    workspace: Workspace,
    meeting_id: UUID,
    begin: datetime,
    end: datetime,
    version: int | None = None,
) -> Changes:
    """Say when a meeting without a call began and ended; it is held from then on.

    Args:
        workspace: the open data.
        meeting_id: which meeting.
        begin: naive, by the clock of the meeting's zone.
        end: likewise.
        version: that was seen, None = whichever it has now.

    Raises:
        NotFound, Conflict: as for every edit.
        DomainError: `local_time_with_zone`, `meeting_cancelled`, `still_to_come`, and those of
            `held_times.check_said`; fact `field`.
    """
    if begin.tzinfo is not None or end.tzinfo is not None:
        raise DomainError("local_time_with_zone", "Give the local time of the meeting's zone.")
    with workspace.change("Say when a meeting was held") as unit:
        meeting = unit.get(Meeting, meeting_id, version)
        if meeting.state is MeetingState.CANCELLED:
            raise DomainError(
                "meeting_cancelled",
                "This meeting was cancelled. Change its state first if it was held after all.",
                field=held_times.FROM,
            )
        start, until = (
            to_utc(each.replace(second=0, microsecond=0), meeting.zone, meeting.fold_rule)
            for each in (begin, end)
        )
        held_times.check_said(start, until, called=was_called(unit.session, meeting_id))
        held_times.check_over(until, unit.now)
        meeting.held_from, meeting.held_until = start, until
        meeting.state = MeetingState.HELD
        unit.label = f"Say when {meeting.title} was held"
    return unit.changes


def forget_when_held(workspace: Workspace, meeting_id: UUID, version: int | None = None) -> Changes:
    """Take back what was said of when a meeting was held; its state stays."""
    with workspace.change("Take back when a meeting was held") as unit:
        meeting = unit.get(Meeting, meeting_id, version)
        meeting.held_from = meeting.held_until = None
        unit.label = f"Take back when {meeting.title} was held"
    return unit.changes
