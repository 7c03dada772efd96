"""Say when the invitations or the agenda of a meeting went out by other means.

What is sent from here is noted by itself; who mails a PDF from their own program says so.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import UUID

from projectdesk.domain.meetings import Meeting
from projectdesk.domain.rules.notice import NoticeRule
from projectdesk.domain.rules.zoned_time import to_local, to_utc
from projectdesk.errors import DomainError
from projectdesk.services.rows import Changes
from projectdesk.services.workspace import Workspace

_END_OF_DAY = time(23, 59, 59)
_FIELDS = {NoticeRule.INVITATION: "invited_at", NoticeRule.AGENDA: "agenda_sent_at"}
_LABELS = {
    NoticeRule.INVITATION: "Note when the invitations were sent",
    NoticeRule.AGENDA: "Note when the agenda was sent",
}


def note_sent(
    workspace: Workspace, meeting_id: UUID, version: int, rule: NoticeRule, on: date | None
) -> Changes:
    """Note the day on which the invitations or the agenda went out; None = they have not yet.

    What was added to the agenda on that day counts as sent with it.

    Args:
        workspace: the open data.
        meeting_id: which meeting.
        version: the version that was seen.
        rule: INVITATION or AGENDA.
        on: the day where the meeting is.

    Raises:
        NotFound: no such meeting.
        Conflict: it was changed since.
        DomainError: `in_future`; `not_sent`, ITEMS are nothing that is sent.
    """
    if rule not in _FIELDS:
        raise DomainError("not_sent", "Only invitations and agendas are sent.")
    with workspace.change(_LABELS[rule]) as unit:
        meeting = unit.get(Meeting, meeting_id, version)
        setattr(meeting, _FIELDS[rule], _instant(on, meeting.zone, unit.now))
    return unit.changes


def _instant(on: date | None, zone: str, now: datetime) -> datetime | None:
    if on is None:
        return None
    if on > to_local(now, zone).date():
        raise DomainError("in_future", "{day} is still to come.", day=f"{on}", field="on")
    return min(to_utc(datetime.combine(on, _END_OF_DAY), zone), now.astimezone(UTC))
