"""What the documents of meetings hold, before they are laid out.

Plain frozen values: the services fill them, the outlines say them in order and language, and `pdf`,
`docx`, `html` and `markdown` lay them out alike. Instants are UTC; `zone` is the meeting's; texts
are as people typed them (light Markdown in notes, descriptions and answers).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from projectdesk.domain.meetings import CallRole, InvitationAnswer, ItemKind
from projectdesk.domain.minutes import (
    Acceptance,
    ActionStatus,
    DecisionOrigin,
    DecisionState,
    MinutesState,
    ObjectionState,
)
from projectdesk.domain.preparation import QuestionState
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.domain.voting import MajorityBase, VetoState, VoteResult, VoteState
from projectdesk.domain.workplan import DeliverableStatus, RiskGrade


@dataclass(frozen=True)
class Picture:
    """A picture, with what it shows in words. media_type: image/png, image/jpeg or image/gif."""

    content: bytes
    media_type: str
    alt: str


@dataclass(frozen=True)
class MeetingFacts:
    """The head of a document. zones: IANA names of the invitees, the meeting's own included.

    writers: who wrote the minutes. logo: the consortium's.
    """

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
    body: str = ""
    chair: str = ""
    writers: tuple[str, ...] = ()
    logo: Picture | None = None


@dataclass(frozen=True)
class DecisionFacts:
    """One decision; `label` as in the project's register ("D7").

    rule: the result in words, of one without a vote here. vote: label of the vote it was taken by.
    """

    label: str
    text: str
    state: DecisionState = DecisionState.TAKEN
    rule: str = ""
    vote: str = ""
    veto_until: datetime | None = None
    binding_at: datetime | None = None
    replaced_by: str = ""


@dataclass(frozen=True)
class ActionFacts:
    """One action item; `owner` in words ("Ana Sousa (UPORTO)").

    related: what it is about ("WP3", "D3.2"). first_due_on: before it was postponed. source: the
    meeting it comes from.
    """

    label: str
    text: str
    owner: str
    due_on: date | None
    status: ActionStatus
    related: tuple[str, ...] = ()
    first_due_on: date | None = None
    done_on: date | None = None
    source: str = ""


@dataclass(frozen=True)
class PollFacts:
    """One poll; votes: options with their votes, in the order of the question."""

    question: str
    votes: tuple[tuple[str, int], ...]
    voted: int


@dataclass(frozen=True)
class SeatFacts:
    """A member's seat in a vote. choice: "" of one that did not vote, and of a secret vote."""

    partner: str
    choice: str = ""
    voted: bool = False
    proxy: str = ""
    in_default: bool = False
    weight: int = 1


@dataclass(frozen=True)
class VoteFacts:
    """One vote; counts: weight by choice, in the order of choices (for, against, abstain if none).

    quorum, majority: numerator and denominator. seats: with a vote; present: of them present or
    represented. record: every seat; of a secret vote it says who voted and no more.
    """

    label: str
    question: str
    state: VoteState
    result: VoteResult
    counts: tuple[int, ...]
    choices: tuple[str, ...] = ()
    chosen: str = ""
    secret: bool = False
    quorum: tuple[int, int] = (2, 3)
    majority: tuple[int, int] = (2, 3)
    base: MajorityBase = MajorityBase.CAST
    seats: int = 0
    present: int = 0
    record: tuple[SeatFacts, ...] = ()


@dataclass(frozen=True)
class InformationFacts:
    """Something noted that is neither decided nor to be done; label "I3" in its meeting."""

    label: str
    text: str
    related: tuple[str, ...] = ()


@dataclass(frozen=True)
class QuestionFacts:
    """A question that the meeting left, or that was asked at a review; label "Q3"."""

    label: str
    text: str
    asked_by: str = ""
    answer: str = ""
    answered_by: str = ""
    due_on: date | None = None
    state: QuestionState = QuestionState.OPEN
    related: tuple[str, ...] = ()


@dataclass(frozen=True)
class RiskFacts:
    """A risk that was raised."""

    label: str
    title: str
    likelihood: RiskGrade
    severity: RiskGrade
    mitigation: str = ""
    owner: str = ""
    related: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What came of one agenda item, or of a meeting beside its agenda."""

    decisions: tuple[DecisionFacts, ...] = ()
    actions: tuple[ActionFacts, ...] = ()
    polls: tuple[PollFacts, ...] = ()
    votes: tuple[VoteFacts, ...] = ()
    information: tuple[InformationFacts, ...] = ()
    questions: tuple[QuestionFacts, ...] = ()
    risks: tuple[RiskFacts, ...] = ()


@dataclass(frozen=True)
class ItemFacts:
    """One agenda item, with what came of it once the meeting was held.

    label: "" of a break. starts_after_minutes: planned start, minutes after the meeting's.
    actual_seconds: 0 = not treated (or not held yet). section: the heading it stands under. track:
    of parallel sessions. related: what it is about ("WP3", "D3.2"). minutes_of, carried_from: title
    and day of the meeting whose minutes it approves, or where it stood before. documents: names.
    recorded: lines of the notes, from 0, in whose place the record with this label stands.
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
    outcome: Outcome = field(default_factory=Outcome)
    section: str = ""
    day: int = 1
    track: str = ""
    related: tuple[str, ...] = ()
    minutes_of: str = ""
    carried_from: str = ""
    documents: tuple[str, ...] = ()
    recorded: tuple[tuple[int, str], ...] = ()


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
    """One person's attendance; share 0..1 of the meeting; never there: first_in is None.

    excused: they said before that they cannot come. beside: behind whose camera they sat. note: why
    it was corrected by hand.
    """

    name: str
    partner: str
    first_in: datetime | None
    last_out: datetime | None
    minutes: float
    share: float
    excused: bool = False
    beside: str = ""
    corrected: bool = False
    note: str = ""


@dataclass(frozen=True)
class PartnerFacts:
    """One partner's attendance: it is there while any of its people is, or its proxy.

    member: of the body that meets; nobody is where no body does.
    """

    partner: str
    country: str
    present: bool
    share: float
    people: tuple[str, ...]
    represented_by: str = ""
    excused: bool = False
    member: bool = False


@dataclass(frozen=True)
class ProxyFacts:
    """One member that let another represent it."""

    from_partner: str
    to_partner: str


@dataclass(frozen=True)
class QuorumStretchFacts:
    """How a body stood in a stretch: members present, represented, needed, with a vote."""

    start: datetime
    end: datetime
    present: int
    represented: int
    needed: int
    seats: int
    met: bool


@dataclass(frozen=True)
class QuorumFacts:
    """The quorum of a body over its meeting. rule: "2/3"."""

    body: str
    rule: str
    stretches: tuple[QuorumStretchFacts, ...]


@dataclass(frozen=True)
class Attendance:
    """Who was at a meeting, by person and by partner."""

    people: tuple[AttendanceFacts, ...] = ()
    partners: tuple[PartnerFacts, ...] = ()
    proxies: tuple[ProxyFacts, ...] = ()
    quorum: QuorumFacts | None = None


@dataclass(frozen=True)
class AgendaContent:
    """An agenda to be sent. open_actions: of its project, as an annex."""

    meeting: MeetingFacts
    items: tuple[ItemFacts, ...]
    invitees: tuple[InviteeFacts, ...]
    open_actions: tuple[ActionFacts, ...] = ()


@dataclass(frozen=True)
class LifeFacts:
    """Where a revision of minutes stands. audit_head: hex, when it was circulated."""

    state: MinutesState = MinutesState.DRAFT
    revision: int = 1
    reason: str = ""
    circulated_at: datetime | None = None
    objections_until: datetime | None = None
    accepted_at: datetime | None = None
    acceptance: Acceptance = Acceptance.NO
    audit_head: str = ""


@dataclass(frozen=True)
class ObjectionFacts:
    """An objection to circulated minutes. item: "" of one to the whole."""

    number: int
    revision: int
    by: str
    item: str
    text: str
    state: ObjectionState
    answer: str = ""


@dataclass(frozen=True)
class NextMeeting:
    """The next meeting of the project, or of the same series."""

    title: str
    starts_at: datetime
    zone: str


@dataclass(frozen=True)
class TrailStep:
    """One step of an audit trail. text: None = it was erased. value: its hash, hex."""

    number: int
    at: datetime
    step: AuditStep | str
    text: str | None
    value: str


@dataclass(frozen=True)
class TrailFacts:
    """The audit trail of one revision, or of a written procedure (revision 0).

    circulated_head: as it was printed when the minutes were circulated, "" = it was not.
    holds: whether every step is as it was written, by the check values.
    """

    revision: int
    head: str
    circulated_head: str
    holds: bool
    steps: tuple[TrailStep, ...]


@dataclass(frozen=True)
class MinutesContent:
    """Minutes. beside: what belongs to no agenda item. trail: of each revision, as an annex."""

    meeting: MeetingFacts
    life: LifeFacts
    opened_at: datetime | None
    ended_at: datetime | None
    attendance: Attendance
    items: tuple[ItemFacts, ...]
    beside: Outcome = field(default_factory=Outcome)
    objections: tuple[ObjectionFacts, ...] = ()
    next_meeting: NextMeeting | None = None
    trail: tuple[TrailFacts, ...] = ()


@dataclass(frozen=True)
class AttendanceContent:
    """An attendance list: who was there, or (not yet held) a sheet to sign."""

    meeting: MeetingFacts
    held: bool
    opened_at: datetime | None
    ended_at: datetime | None
    attendance: Attendance
    invitees: tuple[InviteeFacts, ...]


@dataclass(frozen=True)
class Scope:
    """Of what a register is: a project, one of its meetings, a period of days."""

    project: str
    project_title: str
    grant_number: str
    meeting: str = ""
    since: date | None = None
    until: date | None = None
    logo: Picture | None = None


@dataclass(frozen=True)
class ProcedureTrail:
    """The audit trail of a written procedure, as a document of its own. label: "ABC-V3"."""

    scope: Scope
    label: str
    body: str
    question: str
    zone: str
    trail: TrailFacts


@dataclass(frozen=True)
class VetoFacts:
    """A member's veto against a decision."""

    partner: str
    reason: str
    state: VetoState
    answer: str = ""


@dataclass(frozen=True)
class RegisteredDecision:
    """A decision in its register. made_on: day in `zone`, the meeting's. item: of the agenda."""

    decision: DecisionFacts
    made_on: date
    meeting: str
    item: str
    body: str
    origin: DecisionOrigin
    vote: VoteFacts | None = None
    vetoes: tuple[VetoFacts, ...] = ()
    actions: tuple[ActionFacts, ...] = ()
    related: tuple[str, ...] = ()
    zone: str = "UTC"


@dataclass(frozen=True)
class DecisionsContent:
    """A decision register."""

    scope: Scope
    decisions: tuple[RegisteredDecision, ...]


@dataclass(frozen=True)
class ActionsContent:
    """An action list; today: by which an action is late."""

    scope: Scope
    today: date
    actions: tuple[ActionFacts, ...]


@dataclass(frozen=True)
class DeliveredFacts:
    """A deliverable or a milestone of the period under review. status: None of a milestone.

    done_on: when it was submitted, or achieved.
    """

    label: str
    title: str
    lead: str
    due_month: int
    due_on: date | None
    status: DeliverableStatus | None
    done_on: date | None
    days_late: int


@dataclass(frozen=True)
class ReviewReportContent:
    """What was delivered, asked and decided at a review. months: first and last one reviewed."""

    meeting: MeetingFacts
    period: str
    months: tuple[int, int]
    days: tuple[date, date] | None
    opened_at: datetime | None
    ended_at: datetime | None
    attendance: Attendance
    deliverables: tuple[DeliveredFacts, ...]
    milestones: tuple[DeliveredFacts, ...]
    questions: tuple[QuestionFacts, ...]
    decisions: tuple[DecisionFacts, ...]
    actions: tuple[ActionFacts, ...]
    risks: tuple[RiskFacts, ...]
