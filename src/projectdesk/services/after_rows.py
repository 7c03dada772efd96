"""Rows of what a meeting leaves: decided, to do, not treated; how its time went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from projectdesk.domain.meetings import ItemKind
from projectdesk.domain.rules.after_call import Finding
from projectdesk.domain.rules.typed_lines import Problem
from projectdesk.services.action_rows import ActionRow
from projectdesk.services.circulation_rows import MinutesLife
from projectdesk.services.decision_rows import RegisterRow
from projectdesk.services.rows import MeetingRow
from projectdesk.services.unfinished_rows import LeftOver


@dataclass(frozen=True)
class ItemTime:
    """Planned against actual time of an agenda item, in minutes. label: "3", "" of a break."""

    id: UUID
    label: str
    title: str
    kind: ItemKind
    planned_minutes: int
    actual_minutes: float


@dataclass(frozen=True)
class SpokenRow:
    """For how long a partner's people spoke. partner_id: None = people of no partner.

    share: 0..1 of all that was spoken. people: name and seconds, the longest first.
    """

    partner_id: UUID | None
    partner: str
    seconds: float
    share: float
    people: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class OpenQuestion:
    """A question that nobody answered yet. item: title of the agenda item it came up in."""

    id: UUID
    version: int
    number: int
    text: str
    asked_by: str
    item: str


@dataclass(frozen=True)
class LineProblem:
    """A typed line of the notes that says something nobody can read. line: as it was typed."""

    item_id: UUID
    item: str
    line: str
    problem: Problem


@dataclass(frozen=True)
class NextMeeting:
    """The next meeting of the same circle."""

    id: UUID
    title: str
    local_start: datetime


@dataclass(frozen=True)
class VoteLine:
    """A vote of the meeting. words: its result with the rule, "" = it is not counted yet.

    said: the same by language, {} = only so.
    """

    id: UUID
    label: str
    question: str
    words: str
    said: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class JoinOffer:
    """A vote and a typed decision that may be one. own_id, own: the decision that the vote made.

    vote: "V3"; own, decision: "D5". text: of the typed decision. item: title of the agenda item.
    """

    vote_id: UUID
    vote: str
    question: str
    own_id: UUID
    own: str
    decision_id: UUID
    decision: str
    text: str
    item: str


@dataclass(frozen=True)
class AfterCall:
    """What a meeting leaves, in one page.

    findings: what should be seen to before the minutes go out. life: of the minutes. people,
    partners: how many were there or represented, of all_partners; of_members: members of the body
    that met, else partners of the project. unmeasured: no item was started in a call, so nobody
    knows what was treated. held_minutes: how long it lasted in all, None = not known. joins: votes
    and typed decisions that may be one.
    """

    meeting: MeetingRow
    life: MinutesLife
    decisions: tuple[RegisterRow, ...]
    votes: tuple[VoteLine, ...]
    actions: tuple[ActionRow, ...]
    items: tuple[ItemTime, ...]
    spoken: tuple[SpokenRow, ...]
    left_over: tuple[LeftOver, ...]
    next_meeting: NextMeeting | None
    questions: tuple[OpenQuestion, ...]
    problems: tuple[LineProblem, ...]
    findings: tuple[Finding, ...]
    people: int
    partners: int
    all_partners: int
    of_members: bool
    broken_minutes: float
    attendance_confirmed_at: datetime | None
    unmeasured: bool
    joins: tuple[JoinOffer, ...] = ()
    held_minutes: float | None = None

    @property
    def planned_minutes(self) -> int:
        """Planned minutes of all items that were treated or were to be; likewise of the meeting."""
        if self.unmeasured and self.held_minutes is not None:
            return self.meeting.duration_minutes
        return sum(each.planned_minutes for each in self.items)

    @property
    def actual_minutes(self) -> float:
        """Minutes that the items took; where nobody measured them, that the meeting lasted."""
        if self.unmeasured and self.held_minutes is not None:
            return self.held_minutes
        return sum(each.actual_minutes for each in self.items)
