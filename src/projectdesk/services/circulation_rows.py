"""Rows of circulated minutes: where they stand, who got them, what was objected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from projectdesk.domain.minutes import Acceptance, MinutesState, ObjectionState
from projectdesk.domain.rules.minutes_life import Bar, Standing, Step, Why


@dataclass(frozen=True)
class ReaderLink:
    """The personal link of a reader, or why there is none. url: with the token."""

    reader_id: UUID
    name: str
    email: str
    url: str


@dataclass(frozen=True)
class ReaderRow:
    """Somebody whom minutes were circulated to. objections: how many of theirs count.

    mail: state of the newest mail to them in the outbox, "" = none. written_at: when their mail was
    last written to a file, for a mail program.
    """

    id: UUID
    version: int
    person_id: UUID
    name: str
    email: str
    partner_id: UUID | None
    partner: str
    may_object: bool
    desk: str
    generation: int
    revoked: bool
    sent_at: datetime | None
    received_at: datetime | None
    comment: str
    objections: int = 0
    vetoes: int = 0
    mail: str = ""
    written_at: datetime | None = None


@dataclass(frozen=True)
class ObjectionRow:
    """One objection. item: label and title, "" = to the whole."""

    id: UUID
    version: int
    number: int
    reader_id: UUID
    name: str
    partner: str
    agenda_item_id: UUID | None
    item: str
    text: str
    raised_at: datetime
    state: ObjectionState
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True)
class RevisionRow:
    """One revision of a meeting's minutes, with the facts of its life."""

    id: UUID
    version: int
    revision: int
    state: MinutesState
    reason: str
    circulated_at: datetime | None
    objections_until: datetime | None
    accepted_at: datetime | None
    acceptance: Acceptance
    audit_head: str
    host: str


@dataclass(frozen=True)
class MinutesLife:
    """The life of a meeting's minutes.

    newest: the revision that is written, circulated or accepted; None = none is begun. bars: what
    cannot be done now, and why; what is not in it can be. draft_due: until when the draft is to be
    circulated, None = the meeting is not over. days_late: of the draft; 0 = not late. veto_until:
    until when decisions can be vetoed in answer. seen_at: the moment of all this. heard_until: as
    far as the host is known.
    """

    meeting_id: UUID
    project_id: UUID
    project: str
    meeting: str
    zone: str
    seen_at: datetime
    draft_days: int
    accept_days: int
    standing: Standing
    bars: Mapping[Step, Bar]
    newest: RevisionRow | None
    revisions: tuple[RevisionRow, ...] = ()
    readers: tuple[ReaderRow, ...] = ()
    objections: tuple[ObjectionRow, ...] = ()
    draft_due: datetime | None = None
    days_late: int = 0
    until: datetime | None = None
    veto_until: datetime | None = None
    heard_until: datetime | None = None

    def bar(self, step: Step) -> Bar | None:
        """Return why a step cannot be taken now; None = it can."""
        return self.bars.get(step)

    @property
    def received(self) -> int:
        """How many said that the minutes came."""
        return sum(1 for row in self.readers if row.received_at is not None)

    @property
    def open_objections(self) -> int:
        """How many objections wait for an answer."""
        return sum(1 for row in self.objections if row.state is ObjectionState.OPEN)


@dataclass(frozen=True)
class PlannedReader:
    """Somebody who would get the minutes, and why. email: "" = cannot be mailed."""

    person_id: UUID
    name: str
    email: str
    partner_id: UUID | None
    partner: str
    why: Why
    may_object: bool


@dataclass(frozen=True)
class CirculationPlan:
    """What circulating would do now. until: end of the window, if it is done now."""

    meeting_id: UUID
    revision: int
    bar: Bar | None
    readers: tuple[PlannedReader, ...]
    until: datetime
    veto_until: datetime


@dataclass(frozen=True)
class CirculationOrder:
    """How minutes are circulated.

    public_url: where the links lead, without path. host: as of `Meeting.host`. leave_out, extra:
    people (of the planned readers, or beside them; to whom for which partner). send: by mail, now.
    anyway: also with links that only this computer or its network can open. held: the meeting is
    over although no journal says so. message: a line of one's own in the mail.
    """

    public_url: str
    host: str = ""
    leave_out: frozenset[UUID] = frozenset()
    extra: Mapping[UUID, UUID | None] = field(default_factory=dict)
    send: bool = True
    anyway: bool = False
    held: bool = False
    message: str = ""


@dataclass(frozen=True)
class Untold:
    """What readers were not told. objection: its number, None = that the minutes are accepted.

    names: of who would be written to.
    """

    subject_id: UUID
    objection: int | None
    names: tuple[str, ...]


@dataclass(frozen=True)
class Notices:
    """Whether readers are told by themselves, what was chosen (None = as circulated), and what not.

    untold: of the newest revision.
    """

    by_itself: bool
    chosen: bool | None
    untold: tuple[Untold, ...]
