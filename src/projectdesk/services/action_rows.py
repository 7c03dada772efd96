"""Rows of actions: the register, what was told of one, personal links, mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from projectdesk.domain.minutes import ActionNoteKind, ActionStatus
from projectdesk.domain.workplan import DeliverableStatus


@dataclass(frozen=True)
class ActionRow:
    """One action item; label "A12" within its project.

    person, partner: who does it, by their names; owner: both in one. first_due_on: when it was due
    before it was postponed, None = it never was. desk: of its personal link, None = none was made;
    sent_at: when that was mailed.
    """

    id: UUID
    version: int
    project_id: UUID
    project: str
    meeting_id: UUID | None
    meeting: str
    agenda_item_id: UUID | None
    item: str
    label: str
    number: int
    text: str
    owner_person_id: UUID | None
    owner_partner_id: UUID | None
    owner: str
    due_on: date | None
    status: ActionStatus
    done_on: date | None
    work_package: str
    person: str = ""
    partner: str = ""
    email: str = ""
    first_due_on: date | None = None
    work_package_id: UUID | None = None
    deliverable_id: UUID | None = None
    deliverable: str = ""
    deliverable_status: DeliverableStatus | None = None
    milestone_id: UUID | None = None
    milestone: str = ""
    decision_id: UUID | None = None
    decision: str = ""
    desk: str | None = None
    generation: int = 1
    revoked: bool = False
    sent_at: datetime | None = None
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None

    @property
    def related(self) -> str:
        """What of the plan it belongs to, and the decision it follows up: "WP3 · D3.2 · D7"."""
        labels = (self.work_package, self.deliverable, self.milestone, self.decision)
        return " \N{MIDDLE DOT} ".join(label for label in labels if label)


@dataclass(frozen=True)
class ActionFilter:
    """Which actions are meant; what is None, "" or False leaves all.

    person: part of a name, or an address. partner, work_package, deliverable, meeting: by name or
    label; a meeting also by id. due_before: due earlier than this day. without_owner,
    without_date: only those that lack it. text: part of what is to be done.
    """

    person: str = ""
    partner: str = ""
    work_package: str = ""
    deliverable: str = ""
    meeting: str = ""
    status: ActionStatus | None = None
    late: bool = False
    this_week: bool = False
    due_before: date | None = None
    without_owner: bool = False
    without_date: bool = False
    text: str = ""


@dataclass(frozen=True)
class ActionNoteRow:
    """What was told of an action. name: who, "" = nobody is known."""

    id: UUID
    action_id: UUID
    kind: ActionNoteKind
    text: str
    due_on: date | None
    person_id: UUID | None
    name: str
    made_at: datetime


@dataclass(frozen=True)
class ActionProposal:
    """A step of a deliverable that is proposed because an action linked to it is done."""

    deliverable_id: UUID
    version: int
    label: str
    title: str
    now: DeliverableStatus
    status: DeliverableStatus


@dataclass(frozen=True)
class ActionDetail:
    """An action with what was told of it, and what is proposed for its deliverable."""

    action: ActionRow
    notes: tuple[ActionNoteRow, ...]
    proposal: ActionProposal | None = None


@dataclass(frozen=True)
class ActionLink:
    """A personal link, and whom it was issued to."""

    action_id: UUID
    name: str
    email: str
    url: str
