"""What came out of a meeting: minutes, decisions, actions, attendance (terms.md, Meetings)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from projectdesk.domain.identity import new_id, new_public_id


class MinutesState(StrEnum):
    """Life of a revision of minutes. SUPERSEDED: a newer revision took its place."""

    DRAFT = "draft"
    CIRCULATED = "circulated"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"


class Acceptance(StrEnum):
    """How minutes were accepted: nobody objected in time, the body approved them, or NO = not."""

    NO = ""
    UNOPPOSED = "unopposed"
    APPROVED = "approved"


class ObjectionState(StrEnum):
    """What became of an objection. UPHELD: the text is changed in the next revision."""

    OPEN = "open"
    UPHELD = "upheld"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class DecisionOrigin(StrEnum):
    """Where a decision was taken."""

    MEETING = "meeting"
    WRITTEN_PROCEDURE = "written_procedure"


class DecisionState(StrEnum):
    """Where a decision stands. Whether it binds yet is `Decision.binding_at` (terms.md)."""

    TAKEN = "taken"
    VETOED = "vetoed"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class CorrectionKind(StrEnum):
    """What a correction by hand says of somebody's presence, in the stretch it names."""

    PRESENT = "present"
    ABSENT = "absent"


class ActionNoteKind(StrEnum):
    """What somebody told of an action."""

    COMMENT = "comment"
    DONE = "done"
    POSTPONED = "postponed"
    REOPENED = "reopened"


class ActionStatus(StrEnum):
    """Life of an action item."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(eq=False, kw_only=True)
class Minutes:
    """The minutes of one meeting, one row a revision; the text is a Yjs document (decisions 12).

    Its shared types: one text per agenda item, named by the item's id as 32 hex digits. reason: why
    the revision was begun, "" for the first. objections_until: the end of the window that was
    opened by circulating it, fixed then. audit_head: of the revision's audit chain when it was
    circulated, hex. host: base URL that its links were made for, "" = this computer.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    meeting_id: UUID
    revision: int = 1
    state: MinutesState = MinutesState.DRAFT
    reason: str = ""
    circulated_at: datetime | None = None
    objections_until: datetime | None = None
    accepted_at: datetime | None = None
    acceptance: Acceptance = Acceptance.NO
    audit_head: str = ""
    host: str = ""


@dataclass(eq=False, kw_only=True)
class MinutesReader:
    """Somebody whom minutes were circulated to: one for each person and revision.

    partner_id: whom they read for. desk, generation, revoked: of the personal link (decisions 1).
    received_at: when they, or a mail of theirs, said that it came.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    minutes_id: UUID
    person_id: UUID
    partner_id: UUID | None = None
    may_object: bool = True
    desk: str = field(default_factory=new_public_id)
    generation: int = 1
    revoked: bool = False
    sent_at: datetime | None = None
    received_at: datetime | None = None
    comment: str = ""


@dataclass(eq=False, kw_only=True)
class Objection:
    """An objection to circulated minutes, of one item or (agenda_item_id None) of the whole.

    number: in its minutes, from 1. answer: of the chair.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    minutes_id: UUID
    reader_id: UUID
    agenda_item_id: UUID | None = None
    number: int = 0
    text: str
    raised_at: datetime
    state: ObjectionState = ObjectionState.OPEN
    answer: str = ""
    answered_at: datetime | None = None


@dataclass(eq=False, kw_only=True)
class Decision:
    """One decision; shown as {project}-D{number} by order in its project.

    meeting_id: None for a written procedure outside of meetings. vote_id: by which it was taken.
    rule: the result in words with the rule. veto_until: until when a veto is taken, None = no
    window is open. binding_at: since when it binds: the part of the minutes that holds it was
    accepted, or the veto window of a written procedure ended. replaced_by_id: the later decision
    that changed it.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    project_id: UUID
    meeting_id: UUID | None = None
    agenda_item_id: UUID | None = None
    number: int = 0
    text: str
    made_at: datetime
    origin: DecisionOrigin = DecisionOrigin.MEETING
    state: DecisionState = DecisionState.TAKEN
    body_id: UUID | None = None
    vote_id: UUID | None = None
    rule: str = ""
    veto_until: datetime | None = None
    binding_at: datetime | None = None
    replaced_by_id: UUID | None = None
    work_package_id: UUID | None = None
    deliverable_id: UUID | None = None


@dataclass(eq=False, kw_only=True)
class Action:
    """One action item: what, who, by when. Shown as A{number} by order in its project.

    first_due_on: when it was due before it was postponed, None = it never was. decision_id: the
    decision it follows up. desk, generation, revoked: of the personal link to it (decisions 1); no
    desk = none was made. sent_at: when the link was mailed; reminded_at, escalated_at: when its
    owner was reminded last, and the partner's lead told.
    """

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
    first_due_on: date | None = None
    status: ActionStatus = ActionStatus.OPEN
    done_on: date | None = None
    work_package_id: UUID | None = None
    deliverable_id: UUID | None = None
    milestone_id: UUID | None = None
    decision_id: UUID | None = None
    desk: str | None = None
    generation: int = 1
    revoked: bool = False
    sent_at: datetime | None = None
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None


@dataclass(eq=False, kw_only=True)
class ActionNote:
    """What was told of an action, by link, by mail or here. due_on: the new date asked for."""

    id: UUID = field(default_factory=new_id)
    version: int = 1
    action_id: UUID
    kind: ActionNoteKind = ActionNoteKind.COMMENT
    text: str = ""
    due_on: date | None = None
    person_id: UUID | None = None
    made_at: datetime


@dataclass(eq=False, kw_only=True)
class Information:
    """Something the minutes note that is neither decided nor to be done; number in its meeting."""

    id: UUID = field(default_factory=new_id)
    version: int = 1
    meeting_id: UUID
    agenda_item_id: UUID | None = None
    number: int = 0
    text: str
    work_package_id: UUID | None = None
    deliverable_id: UUID | None = None


@dataclass(eq=False, kw_only=True)
class AttendanceInterval:
    """One stretch in which an invitee was connected, as the journal measured it.

    left_at: None while it runs. name: as shown in the call. spoken_seconds: for how long they were
    the loudest in it; only this sum is kept, never when.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    meeting_id: UUID
    invitation_id: UUID
    name: str
    joined_at: datetime
    left_at: datetime | None = None
    reason: str = ""
    spoken_seconds: float = 0.0


@dataclass(eq=False, kw_only=True)
class AttendanceCorrection:
    """Presence as a person says it, kept apart from what was measured (`AttendanceInterval`).

    Of an invitee (`invitation_id`), in the stretch from..to (None = the meeting's begin, end).
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    meeting_id: UUID
    invitation_id: UUID
    kind: CorrectionKind = CorrectionKind.PRESENT
    from_at: datetime | None = None
    to_at: datetime | None = None
    reason: str = ""
    made_at: datetime


@dataclass(eq=False, kw_only=True)
class Companion:
    """Somebody in the room behind another's camera: present while `invitation_id` is.

    person_id: who, or only a name when they are no person of the directory. from_at, to_at: None =
    as long as the invitee is there.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    meeting_id: UUID
    invitation_id: UUID
    person_id: UUID | None = None
    partner_id: UUID | None = None
    name: str = ""
    from_at: datetime | None = None
    to_at: datetime | None = None
