"""Meetings, their agendas and who is invited (terms.md, Meetings).

What is planned is a local time with its zone; what happened is a UTC instant (decisions 10).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from projectdesk.domain.identity import new_id, new_public_id


class MeetingType(StrEnum):
    """What kind of meeting; the event formats included."""

    KICK_OFF = "kick_off"
    INTERIM_REVIEW = "interim_review"
    FINAL_REVIEW = "final_review"
    GENERAL_ASSEMBLY = "general_assembly"
    EXECUTIVE_BOARD = "executive_board"
    WORK_PACKAGE_CALL = "work_package_call"
    WORKSHOP = "workshop"
    AD_HOC = "ad_hoc"
    PITCHING = "pitching"
    MATCHMAKING = "matchmaking"
    WEBINAR = "webinar"
    CONCEPT_WORKSHOP = "concept_workshop"


class MeetingState(StrEnum):
    """Life of a meeting."""

    PLANNED = "planned"
    LIVE = "live"
    HELD = "held"
    CANCELLED = "cancelled"


class ItemKind(StrEnum):
    """What an agenda item is for. BREAK: time without a subject; it has no number."""

    INFORMATION = "information"
    DISCUSSION = "discussion"
    DECISION = "decision"
    BREAK = "break"


class LeftOut(StrEnum):
    """What became of an item that was not treated in the call; NO = nobody left it out."""

    NO = ""
    SKIPPED = "skipped"
    POSTPONED = "postponed"


class CallRole(StrEnum):
    """Role of an invitee in the call."""

    CHAIR = "chair"
    COHOST = "cohost"
    PRESENTER = "presenter"
    PARTICIPANT = "participant"
    OBSERVER = "observer"
    INTERPRETER = "interpreter"


class InvitationAnswer(StrEnum):
    """What an invitee said."""

    NONE = "none"
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


class FoldRule(StrEnum):
    """Which instant a local time means that a zone has twice (fold) or never (gap).

    EARLIER: the first of both; in a gap, by the distance from UTC of before it. LATER: the second
    of both; in a gap, by the distance of after it.
    """

    EARLIER = "earlier"
    LATER = "later"


@dataclass(eq=False, kw_only=True)
class Meeting:
    """One meeting. local_start is naive, in `zone`; `starts_at` is derived (UTC), kept for order.

    tzdata: version of the zone rules that starts_at was derived with. room: public id of its room.
    host: base URL of the host it is hosted by, "" = this computer. journal facts set opened_at and
    ended_at; held_from, held_until: when it was held as people say, both or none
    (`domain.rules.held_times`). invited_at, agenda_sent_at: when they first went out.
    attendance_confirmed_at: when somebody looked through who was there and found it right, None =
    not yet. place: where people also meet in person. extraordinary: the body's shorter notice
    holds. uid: of its calendar object, "" = made from the id; sequence: raised at each change
    that invitees are told of. series_id, recurrence_at: which occurrence of a series it is (local
    start by the rule, in the series' zone). organiser, outside_url: who invited us, and to which
    call, when it is not ours.
    rehearsal_of_id: the meeting that is rehearsed. nights: what parts the days of a longer one,
    "17:30-09:00" each (`domain.rules.agenda_times`).
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    project_id: UUID
    type: MeetingType = MeetingType.AD_HOC
    title: str
    body_id: UUID | None = None
    local_start: datetime
    zone: str
    fold_rule: FoldRule = FoldRule.EARLIER
    starts_at: datetime
    tzdata: str = ""
    duration_minutes: int = 60
    place: str = ""
    state: MeetingState = MeetingState.PLANNED
    room: str = field(default_factory=new_public_id)
    host: str = ""
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    held_from: datetime | None = None
    held_until: datetime | None = None
    extraordinary: bool = False
    invited_at: datetime | None = None
    agenda_sent_at: datetime | None = None
    attendance_confirmed_at: datetime | None = None
    uid: str = ""
    sequence: int = 0
    series_id: UUID | None = None
    recurrence_at: datetime | None = None
    organiser: str = ""
    outside_url: str = ""
    rehearsal_of_id: UUID | None = None
    nights: list[str] = field(default_factory=list)


@dataclass(eq=False, kw_only=True)
class AgendaItem:
    """One item. position orders; actual_seconds and first_started_at come from the journal.

    section: the heading it stands under, "" = none. day: of the meeting, from 1. starts_minute: a
    fixed start in minutes since local midnight of that day; None = after what is before it. track:
    of parallel sessions, "" = for all. minutes_of_id: the meeting whose minutes it approves.
    carried_from_id: the item of an earlier meeting that it takes up again. added_at: when it came
    onto the agenda, None = not known (made before this was kept). left_out: by the chair, in the
    call.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    meeting_id: UUID
    position: int = 0
    title: str
    kind: ItemKind = ItemKind.INFORMATION
    duration_minutes: int = 10
    presenter_id: UUID | None = None
    presenter_text: str = ""
    description: str = ""
    work_package_id: UUID | None = None
    deliverable_id: UUID | None = None
    milestone_id: UUID | None = None
    first_started_at: datetime | None = None
    actual_seconds: float = 0.0
    section: str = ""
    day: int = 1
    starts_minute: int | None = None
    track: str = ""
    risk_id: UUID | None = None
    minutes_of_id: UUID | None = None
    carried_from_id: UUID | None = None
    added_at: datetime | None = None
    left_out: LeftOut = LeftOut.NO


@dataclass(eq=False, kw_only=True)
class Invitation:
    """One invitee of one meeting. generation counts re-issued links; revoked shuts the link.

    desk: public id of the answer desk. partner_id: whom the person is there for. required: their
    presence is needed. sent_at, sent_sequence: the last calendar request they were mailed.
    writes_minutes: writes them in the call, as chair and co-hosts do.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    meeting_id: UUID
    person_id: UUID
    partner_id: UUID | None = None
    role: CallRole = CallRole.PARTICIPANT
    generation: int = 1
    revoked: bool = False
    desk: str = field(default_factory=new_public_id)
    answer: InvitationAnswer = InvitationAnswer.NONE
    answered_at: datetime | None = None
    comment: str = ""
    required: bool = True
    sent_at: datetime | None = None
    sent_sequence: int | None = None
    writes_minutes: bool = False
