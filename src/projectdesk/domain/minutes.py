"""What came out of a meeting: minutes, decisions, actions, attendance (terms.md, Meetings)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from projectdesk.domain.identity import new_id


class MinutesState(StrEnum):
    """Life of minutes."""

    DRAFT = "draft"
    CIRCULATED = "circulated"
    ACCEPTED = "accepted"


class ActionStatus(StrEnum):
    """Life of an action item."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(eq=False, kw_only=True)
class Minutes:
    """The minutes of one meeting, one row a revision; the text is a Yjs document (decisions 12).

    Its shared types: one text per agenda item, named by the item's id as 32 hex digits.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    meeting_id: UUID
    revision: int = 1
    state: MinutesState = MinutesState.DRAFT


@dataclass(eq=False, kw_only=True)
class Decision:
    """One decision; shown as {project}-D{number} by order in its project."""

    id: UUID = field(default_factory=new_id)
    version: int = 1
    project_id: UUID
    meeting_id: UUID
    agenda_item_id: UUID | None = None
    number: int = 0
    text: str
    made_at: datetime


@dataclass(eq=False, kw_only=True)
class Action:
    """One action item: what, who, by when. Shown as A{number} by order in its project."""

    id: UUID = field(default_factory=new_id)
    version: int = 1
    project_id: UUID
    meeting_id: UUID | None = None
    agenda_item_id: UUID | None = None
    number: int = 0
    text: str
    owner_person_id: UUID | None = None
    owner_partner_id: UUID | None = None
    due_on: date | None = None
    status: ActionStatus = ActionStatus.OPEN
    done_on: date | None = None
    work_package_id: UUID | None = None
    deliverable_id: UUID | None = None


@dataclass(eq=False, kw_only=True)
class AttendanceInterval:
    """One stretch in which an invitee was connected, as the journal measured it.

    left_at: None while it runs. name: as shown in the call.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    meeting_id: UUID
    invitation_id: UUID
    name: str
    joined_at: datetime
    left_at: datetime | None = None
    reason: str = ""
