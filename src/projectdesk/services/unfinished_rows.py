"""Rows of meetings whose minutes are still to be finished; Home loads them, so they need little."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from projectdesk.domain.meetings import LeftOut
from projectdesk.domain.rules.after_call import Finding


@dataclass(frozen=True)
class LeftOver:
    """An agenda item that was not treated. why: NO = nobody left it out, its time did not come.

    waits: where it waits now: title and day of a meeting, or BACKLOG; "" = nowhere.
    """

    id: UUID
    label: str
    title: str
    minutes: int
    why: LeftOut
    waits: str


BACKLOG = "backlog"
"""Where an item waits that is on no agenda."""


@dataclass(frozen=True)
class UnfinishedMeeting:
    """A held meeting whose minutes are a draft, for Home. findings: what should be seen to.

    draft_due: until when the draft is to be out, UTC; days_late: 0 = not late.
    """

    meeting_id: UUID
    project_id: UUID
    project: str
    title: str
    local_start: datetime
    findings: tuple[Finding, ...]
    draft_due: datetime | None
    days_late: int
