"""What an agenda or minutes hold, before it is laid out.

Plain frozen values: the services fill them, `pdf`, `docx` and `markdown` lay them out alike.
Instants are UTC; `zone` is the meeting's; texts are as people typed them (light Markdown).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from projectdesk.domain.meetings import CallRole, InvitationAnswer, ItemKind
from projectdesk.domain.minutes import ActionStatus, MinutesState


@dataclass(frozen=True)
class MeetingFacts:
    """The head of a document. zones: IANA names of the invitees, the meeting's own included."""

    project: str
    project_title: str
    grant_number: str
    title: str
    starts_at: datetime
    zone: str
    duration_minutes: int
    place: str
    organiser: str
    zones: tuple[str, ...]


@dataclass(frozen=True)
class DecisionFacts:
    """One decision; `label` as in the project's register ("D7")."""

    label: str
    text: str


@dataclass(frozen=True)
class ActionFacts:
    """One action item; `owner` in words ("Ana Sousa (UPORTO)")."""

    label: str
    text: str
    owner: str
    due_on: date | None
    status: ActionStatus


@dataclass(frozen=True)
class PollFacts:
    """One poll; votes: options with their votes, in the order of the question."""

    question: str
    votes: tuple[tuple[str, int], ...]
    voted: int


@dataclass(frozen=True)
class ItemFacts:
    """One agenda item, with what came of it once the meeting was held.

    label: "" of a break. starts_after_minutes: planned start, minutes after the meeting's.
    actual_seconds: 0 = not treated (or not held yet). section: the heading it stands under. track:
    of parallel sessions. related: what it is about ("WP3", "D3.2"). minutes_of, carried_from: title
    and day of the meeting whose minutes it approves, or where it stood before. documents: names.
    """

    label: str
    title: str
    kind: ItemKind
    presenter: str
    planned_minutes: int
    starts_after_minutes: int
    description: str = ""
    actual_seconds: float = 0.0
    notes: str = ""
    decisions: tuple[DecisionFacts, ...] = ()
    actions: tuple[ActionFacts, ...] = ()
    polls: tuple[PollFacts, ...] = ()
    section: str = ""
    day: int = 1
    track: str = ""
    related: tuple[str, ...] = ()
    minutes_of: str = ""
    carried_from: str = ""
    documents: tuple[str, ...] = ()


@dataclass(frozen=True)
class InviteeFacts:
    """One invitee of an agenda."""

    name: str
    partner: str
    country: str
    role: CallRole
    answer: InvitationAnswer


@dataclass(frozen=True)
class AttendanceFacts:
    """One person's attendance; share 0..1 of the meeting; never there: first_in is None."""

    name: str
    partner: str
    first_in: datetime | None
    last_out: datetime | None
    minutes: float
    share: float


@dataclass(frozen=True)
class PartnerFacts:
    """One partner's attendance: it is there while any of its people is."""

    partner: str
    country: str
    present: bool
    share: float
    people: tuple[str, ...]


@dataclass(frozen=True)
class AgendaContent:
    """An agenda to be sent."""

    meeting: MeetingFacts
    items: tuple[ItemFacts, ...]
    invitees: tuple[InviteeFacts, ...]


@dataclass(frozen=True)
class MinutesContent:
    """Minutes. decisions, actions and polls here belong to no agenda item."""

    meeting: MeetingFacts
    state: MinutesState
    revision: int
    opened_at: datetime | None
    ended_at: datetime | None
    attendance: tuple[AttendanceFacts, ...]
    partners: tuple[PartnerFacts, ...]
    items: tuple[ItemFacts, ...]
    decisions: tuple[DecisionFacts, ...] = ()
    actions: tuple[ActionFacts, ...] = ()
    polls: tuple[PollFacts, ...] = ()
