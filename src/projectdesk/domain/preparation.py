"""What comes before a meeting: polls for a date, series, backlog, templates, busy times, reminders.

A time that is offered or repeated is planned: a naive local time with its zone (decisions 10).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from projectdesk.domain.identity import new_id, new_public_id
from projectdesk.domain.meetings import FoldRule, ItemKind, MeetingType


class PollState(StrEnum):
    """Life of a date poll. DRAFT: nobody was asked. DECIDED: a date was chosen."""

    DRAFT = "draft"
    OPEN = "open"
    DECIDED = "decided"
    CANCELLED = "cancelled"


class PollRule(StrEnum):
    """When a date poll closes itself: BY_HAND never; else at the deadline, or once all answered."""

    BY_HAND = "by_hand"
    AT_DEADLINE = "at_deadline"
    ALL_ANSWERED = "all_answered"


class DateChoice(StrEnum):
    """What a voter says of one date."""

    YES = "yes"
    IF_NEED_BE = "if_need_be"
    NO = "no"


class BusySourceKind(StrEnum):
    """Where somebody's busy times come from: a file that was read once, or an address to read."""

    FILE = "file"
    ADDRESS = "address"


class QuestionState(StrEnum):
    """Where a question of a review stands."""

    OPEN = "open"
    ANSWERED = "answered"
    FOLLOW_UP = "follow_up"


@dataclass(eq=False, kw_only=True)
class MeetingSeries:
    """A meeting that repeats; each occurrence is a `Meeting` with its own agenda and minutes.

    rule: RRULE of RFC 5545 without its name ("FREQ=WEEKLY;INTERVAL=2;COUNT=12"). local_start:
    of the first occurrence, naive, in `zone`. uid: of the calendar object, shared by all
    occurrences. sequence: raised at each change that invitees are told of.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    project_id: UUID
    title: str
    type: MeetingType = MeetingType.WORK_PACKAGE_CALL
    rule: str
    local_start: datetime
    zone: str
    duration_minutes: int = 60
    uid: str = ""
    sequence: int = 0


@dataclass(eq=False, kw_only=True)
class BacklogItem:
    """Something to be treated at a coming meeting: of the project, or of one body.

    carried_from_id: the agenda item that was not treated, or postponed. reason: why it is here.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    project_id: UUID
    body_id: UUID | None = None
    position: int = 0
    title: str
    kind: ItemKind = ItemKind.DISCUSSION
    duration_minutes: int = 10
    presenter_id: UUID | None = None
    presenter_text: str = ""
    description: str = ""
    work_package_id: UUID | None = None
    deliverable_id: UUID | None = None
    milestone_id: UUID | None = None
    risk_id: UUID | None = None
    carried_from_id: UUID | None = None
    reason: str = ""
    added_at: datetime


@dataclass(eq=False, kw_only=True)
class OwnTemplate:
    """An agenda template of one's own; content: TOML as `domain.rules.agenda_toml` reads it.

    project_id: None = for all projects.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    project_id: UUID | None = None
    name: str
    type: MeetingType = MeetingType.AD_HOC
    content: str


@dataclass(eq=False, kw_only=True)
class DatePoll:
    """A question when to meet. deadline: answers count up to it; None = until it is closed.

    zone: in which its options were made. option_id: the date that was chosen. meeting_id: the
    meeting it became, or the one that is to be moved. shows_answers: whether voters see who has
    answered, and how the dates stand. reminder_days: before the deadline, when who is missing is
    reminded by mail.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    project_id: UUID
    title: str
    description: str = ""
    type: MeetingType = MeetingType.AD_HOC
    body_id: UUID | None = None
    duration_minutes: int = 60
    zone: str
    deadline: datetime | None = None
    rule: PollRule = PollRule.BY_HAND
    shows_answers: bool = False
    reminder_days: list[int] = field(default_factory=list)
    state: PollState = PollState.DRAFT
    option_id: UUID | None = None
    meeting_id: UUID | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(eq=False, kw_only=True)
class DateOption:
    """A date that a poll offers: local_start in the poll's zone; starts_at is derived (UTC)."""

    id: UUID = field(default_factory=new_id)
    version: int = 1
    date_poll_id: UUID
    local_start: datetime
    fold_rule: FoldRule = FoldRule.EARLIER
    starts_at: datetime


@dataclass(eq=False, kw_only=True)
class DateVoter:
    """Somebody a date poll asks. desk, generation, revoked: of the personal link (decisions 1).

    zone: in which the voter read the dates when answering, "" = not told.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    date_poll_id: UUID
    person_id: UUID
    partner_id: UUID | None = None
    required: bool = True
    desk: str = field(default_factory=new_public_id)
    generation: int = 1
    revoked: bool = False
    asked_at: datetime | None = None
    reminded_at: datetime | None = None
    answered_at: datetime | None = None
    zone: str = ""
    comment: str = ""


@dataclass(eq=False, kw_only=True)
class DateVote:
    """What one voter says of one date; who says nothing of it has no such record."""

    id: UUID = field(default_factory=new_id)
    version: int = 1
    date_voter_id: UUID
    date_option_id: UUID
    choice: DateChoice


@dataclass(eq=False, kw_only=True)
class BusySource:
    """A calendar of a person: the busy times in it are kept beside the records.

    address: of a file on the web, "" for a file that was read once. problem: why the last reading
    failed, in words, "" = it went well.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    person_id: UUID
    kind: BusySourceKind = BusySourceKind.FILE
    name: str
    address: str = ""
    read_at: datetime | None = None
    problem: str = ""


@dataclass(eq=False, kw_only=True)
class Reminder:
    """A mail before a meeting to who is invited. sent_at: None = it has still to go out."""

    id: UUID = field(default_factory=new_id)
    version: int = 1
    meeting_id: UUID
    minutes_before: int
    sent_at: datetime | None = None


@dataclass(eq=False, kw_only=True)
class CalendarFeed:
    """A secret address by which a calendar program reads the meetings of a project, or of all.

    desk, generation, revoked: of the link (decisions 1).
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    project_id: UUID | None = None
    name: str
    desk: str = field(default_factory=new_public_id)
    generation: int = 1
    revoked: bool = False


@dataclass(eq=False, kw_only=True)
class ReviewQuestion:
    """A question that a meeting leaves: of a reviewer or an officer, or an open one of the minutes.

    agenda_item_id: under which item it was asked.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    meeting_id: UUID
    number: int
    asked_by: str = ""
    text: str
    answer: str = ""
    answered_by_id: UUID | None = None
    state: QuestionState = QuestionState.OPEN
    work_package_id: UUID | None = None
    deliverable_id: UUID | None = None
    due_on: date | None = None
    agenda_item_id: UUID | None = None
