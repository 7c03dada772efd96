"""Frozen rows: what queries return and widgets show. No entity leaves the services.

Ids are UUIDs. `version` goes back with an edit, so that a change made elsewhere is noticed.
Labels (`WP3`, `D3.2`, `MS4`, `T1.2`) are made here once. Money is `Decimal` euro.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from projectdesk.domain.consortium import BodyKind, OrganisationType, PartnerRole
from projectdesk.domain.meetings import (
    CallRole,
    InvitationAnswer,
    MeetingState,
    MeetingType,
)
from projectdesk.domain.rules.invitation_changes import Proposal
from projectdesk.domain.rules.notice import NoticeLight
from projectdesk.domain.workplan import DeliverableStatus, DeliverableType, DisseminationLevel
from projectdesk.services.action_rows import ActionRow as ActionRow
from projectdesk.services.agenda_rows import AgendaItemRow as AgendaItemRow

if TYPE_CHECKING:
    from projectdesk.services.duplicate_rows import DoubleRow


class Kind(StrEnum):
    """The kinds of record that a person creates, edits and deletes."""

    PROJECT = "project"
    ORGANISATION = "organisation"
    PARTNER = "partner"
    PERSON = "person"
    MEMBERSHIP = "membership"
    BODY = "body"
    BODY_MEMBER = "body_member"
    WORK_PACKAGE = "work_package"
    TASK = "task"
    DELIVERABLE = "deliverable"
    MILESTONE = "milestone"
    DEPENDENCY = "dependency"
    RISK = "risk"
    EFFORT = "effort"
    REPORTING_PERIOD = "reporting_period"
    EFFORT_STATEMENT = "effort_statement"
    REPORTED_EFFORT = "reported_effort"
    PLANNED_SHARE = "planned_share"
    MEETING = "meeting"
    AGENDA_ITEM = "agenda_item"
    INVITATION = "invitation"
    MINUTES = "minutes"
    DECISION = "decision"
    ACTION = "action"
    ATTENDANCE = "attendance"
    POLL = "poll"
    DOCUMENT = "document"
    CAPTION_LINE = "caption_line"
    MEETING_SERIES = "meeting_series"
    BACKLOG_ITEM = "backlog_item"
    OWN_TEMPLATE = "own_template"
    DATE_POLL = "date_poll"
    DATE_OPTION = "date_option"
    DATE_VOTER = "date_voter"
    DATE_VOTE = "date_vote"
    BUSY_SOURCE = "busy_source"
    REMINDER = "reminder"
    CALENDAR_FEED = "calendar_feed"
    REVIEW_QUESTION = "review_question"
    MINUTES_READER = "minutes_reader"
    OBJECTION = "objection"
    ACTION_NOTE = "action_note"
    INFORMATION = "information"
    ATTENDANCE_CORRECTION = "attendance_correction"
    COMPANION = "companion"
    VOTE = "vote"
    VOTE_SEAT = "vote_seat"
    PROXY = "proxy"
    VETO = "veto"


@dataclass(frozen=True)
class Changes:
    """What a command changed: pages that show any of it ask again.

    kinds: which kinds of record. ids: which records. project_ids: in which projects. label: what
    was done in words ("Change title of WP3"), for undo and toasts. change_id: for undo; None when
    nothing changed or it cannot be undone. who: whose change it is when it is not this program's;
    without ids then, it is not known which records of these kinds are concerned.
    """

    kinds: frozenset[Kind] = frozenset()
    ids: frozenset[UUID] = frozenset()
    project_ids: frozenset[UUID] = frozenset()
    label: str = ""
    change_id: UUID | None = None
    who: str = ""

    def __bool__(self) -> bool:
        """True when anything changed."""
        return bool(self.ids or self.kinds)


@dataclass(frozen=True)
class ProjectRow:
    """One project with its counts."""

    id: UUID
    version: int
    acronym: str
    title: str
    grant_number: str
    programme: str
    call: str
    topics: tuple[str, ...]
    funding_scheme: str
    status: str
    objective: str
    website: str
    start_date: date | None
    end_date: date | None
    duration_months: int | None
    total_cost: Decimal | None
    eu_contribution: Decimal | None
    source: str
    partners: int
    countries: int
    coordinator: str


@dataclass(frozen=True)
class OrganisationRow:
    """One organisation; `projects` counts its participations."""

    id: UUID
    version: int
    legal_name: str
    short_name: str
    country: str
    pic: str
    vat_number: str
    type: OrganisationType
    sme: bool | None
    street: str
    post_code: str
    city: str
    nuts_code: str
    website: str
    projects: int


@dataclass(frozen=True)
class PartnerRow:
    """One partner with what its organisation is called and where it is.

    parent, replaces, replaced_by: what those partners are called; "" where there is none.
    """

    id: UUID
    version: int
    project_id: UUID
    organisation_id: UUID
    organisation_version: int
    number: int | None
    parent_number: int | None
    parent_id: UUID | None
    parent: str
    replaces_id: UUID | None
    replaces: str
    replaced_by: str
    position: int
    short_name: str
    legal_name: str
    country: str
    city: str
    pic: str
    type: OrganisationType
    sme: bool | None
    role: PartnerRole
    contribution: Decimal | None
    total_cost: Decimal | None
    active_from: date | None
    active_to: date | None
    coordinator_from: date | None
    coordinator_to: date | None
    people: int
    street: str
    post_code: str
    nuts_code: str
    vat_number: str
    website: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class PersonRow:
    """One person, in a project where asked for one.

    country: whose holidays they keep: their own, else their organisation's. partner_*: of the
    membership in the asked project; None / "" for externals and without project.
    """

    id: UUID
    version: int
    given_name: str
    family_name: str
    name: str
    email: str
    phone: str
    organisation_id: UUID | None
    organisation: str
    country: str
    own_country: str
    region: str
    zone: str
    work_from: int
    work_to: int
    languages: tuple[str, ...]
    is_me: bool
    membership_id: UUID | None
    membership_version: int | None
    partner_id: UUID | None
    partner: str
    partner_number: int | None
    function: str


@dataclass(frozen=True)
class BodyRow:
    """One body with its rules; members are counted, quorum and majority also in words ("2/3").

    unrepresented: members for whom nobody is named.
    """

    id: UUID
    version: int
    project_id: UUID
    kind: BodyKind
    name: str
    chair_id: UUID | None
    chair: str
    members: int
    unrepresented: int
    quorum: str
    majority: str
    quorum_numerator: int
    quorum_denominator: int
    majority_numerator: int
    majority_denominator: int
    notice_ordinary_days: int
    notice_extraordinary_days: int
    agenda_days: int
    agenda_extraordinary_days: int
    items_days: int
    minutes_draft_days: int
    minutes_accept_days: int
    written_days: int
    written_numerator: int
    written_denominator: int
    veto_days: int
    proxy_limit: int
    chair_breaks_ties: bool


@dataclass(frozen=True)
class BodyMemberRow:
    """A partner's seat in a body; names are "" where there is nobody.

    weight: what its vote counts. in_default: it has no vote.
    """

    id: UUID
    version: int
    body_id: UUID
    partner_id: UUID
    partner: str
    partner_number: int | None
    representative_id: UUID | None
    representative: str
    deputy_id: UUID | None
    deputy: str
    weight: int
    in_default: bool


@dataclass(frozen=True)
class WorkPackageRow:
    """One work package; label "WP3"."""

    id: UUID
    version: int
    project_id: UUID
    label: str
    number: int
    title: str
    lead_partner_id: UUID | None
    lead: str
    start_month: int
    end_month: int
    objectives: str
    description: str
    tasks: int
    deliverables: int


@dataclass(frozen=True)
class TaskRow:
    """One task; label "T3.1"."""

    id: UUID
    version: int
    work_package_id: UUID
    work_package: str
    label: str
    number: int
    title: str
    lead_partner_id: UUID | None
    lead: str
    start_month: int
    end_month: int
    description: str


@dataclass(frozen=True)
class DeliverableRow:
    """One deliverable; label "D3.2". due_on: last day of its month, None without a start date."""

    id: UUID
    version: int
    work_package_id: UUID
    work_package: str
    project_id: UUID
    label: str
    number: int
    title: str
    description: str
    lead_partner_id: UUID | None
    lead: str
    type: DeliverableType
    level: DisseminationLevel
    due_month: int
    due_on: date | None
    status: DeliverableStatus
    submitted_on: date | None
    draft_on: date | None = None
    reviewer_id: UUID | None = None
    reviewer: str = ""
    reviewed_on: date | None = None
    expected_on: date | None = None
    decided_on: date | None = None


@dataclass(frozen=True)
class MilestoneRow:
    """One milestone; label "MS4"; work_packages in words ("WP1, WP3")."""

    id: UUID
    version: int
    project_id: UUID
    label: str
    number: int
    title: str
    work_package_ids: tuple[UUID, ...]
    work_packages: str
    lead_partner_id: UUID | None
    lead: str
    due_month: int
    due_on: date | None
    means_of_verification: str
    achieved_on: date | None
    expected_on: date | None = None
    verified_by_id: UUID | None = None
    verified_by: str = ""
    verification: str = ""


@dataclass(frozen=True)
class MeetingRow:
    """One meeting. answers: how many invitees accepted / are invited.

    body: its name, "" without one. notice: how the body's notice is kept. organiser, outside_url:
    who invited us, and to which call, when it is not ours. held_from, held_until: when it was held
    without a call, as people say (`domain.rules.held_times`).
    """

    id: UUID
    version: int
    project_id: UUID
    project: str
    type: MeetingType
    title: str
    local_start: datetime
    zone: str
    starts_at: datetime
    duration_minutes: int
    place: str
    state: MeetingState
    room: str
    host: str
    opened_at: datetime | None
    ended_at: datetime | None
    items: int
    invited: int
    accepted: int
    body_id: UUID | None = None
    body: str = ""
    extraordinary: bool = False
    invited_at: datetime | None = None
    agenda_sent_at: datetime | None = None
    rehearsal_of_id: UUID | None = None
    notice: NoticeLight = NoticeLight.NONE
    series_id: UUID | None = None
    organiser: str = ""
    outside_url: str = ""
    held_from: datetime | None = None
    held_until: datetime | None = None


@dataclass(frozen=True)
class InvitationRow:
    """One invitee; local_start: the meeting's start in the person's zone (naive), None unknown.

    check: the verdict of their last connection check (good, limited, bad), "" without one;
    check_problems: codes of `signalling.check`. sent_at: when they were last mailed. proposal: the
    other time that they proposed. writes_minutes: in the call, as chair and co-hosts do.
    """

    id: UUID
    version: int
    meeting_id: UUID
    person_id: UUID
    name: str
    email: str
    partner_id: UUID | None
    partner: str
    country: str
    zone: str
    local_start: datetime | None
    role: CallRole
    answer: InvitationAnswer
    answered_at: datetime | None
    comment: str
    revoked: bool
    generation: int
    desk: str
    checked_at: datetime | None = None
    check: str = ""
    check_problems: tuple[str, ...] = ()
    required: bool = True
    writes_minutes: bool = False
    sent_at: datetime | None = None
    proposal: Proposal | None = None


@dataclass(frozen=True)
class DecisionRow:
    """One decision; label "D7" within its project's register. rule: how it was carried."""

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
    made_at: datetime
    rule: str


@dataclass(frozen=True)
class Dependents:
    """What would go with a record if it were deleted, in words ("7 tasks")."""

    kind: Kind
    count: int
    text: str


@dataclass(frozen=True)
class Hit:
    """One search result; `context` is a line around the match."""

    kind: Kind
    id: UUID
    project_id: UUID | None
    title: str
    context: str


@dataclass(frozen=True)
class HistoryRow:
    """One saved change of one record."""

    change_id: UUID
    at: datetime
    who: str
    label: str
    kind: Kind
    record_id: UUID
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Warning_:
    """Something odd in an imported file that did not stop it. row: 1-based line, 0 = whole file."""

    file: str
    row: int
    column: str
    code: str
    text: str


@dataclass(frozen=True)
class PlannedChange:
    """One line of an import preview: what would be added or changed.

    what: "added" | "updated". fields: (name, before, after) in words, empty for added.
    """

    what: str
    kind: Kind
    title: str
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class ImportReport:
    """What an import did (or, dry, would do). Counts of records of all kinds.

    doubles: people of a file who may be somebody that is here; a person may choose.
    """

    projects: int
    organisations: int
    partners: int
    added: int
    updated: int
    unchanged: int
    warnings: tuple[Warning_, ...]
    preview: tuple[PlannedChange, ...]
    project_ids: tuple[UUID, ...]
    changes: Changes
    doubles: tuple[DoubleRow, ...] = ()
