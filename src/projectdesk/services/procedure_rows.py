"""Rows of votes: what was asked, how it ended, the seats; and of written procedures on top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from projectdesk.domain.rules.written_procedure import ProcedureStage
from projectdesk.domain.voting import VoteResult, VoteSetting, VoteState


@dataclass(frozen=True)
class SeatRow:
    """A partner's seat in a vote. voter: who votes for it; proxy: the partner that represents it.

    email, own_zone: the voter's. choice: of an open vote only.
    """

    id: UUID
    version: int
    vote_id: UUID
    partner_id: UUID
    partner: str
    voter_id: UUID | None
    voter: str
    email: str
    own_zone: str
    proxy: str
    weight: int
    in_default: bool
    present: bool
    voted_at: datetime | None
    choice: str
    comment: str
    by_hand: bool
    desk: str | None
    generation: int
    revoked: bool
    sent_at: datetime | None
    reminded_at: datetime | None

    @property
    def is_missing(self) -> bool:
        """Return whether its vote is still waited for."""
        return self.voted_at is None and not self.in_default


@dataclass(frozen=True)
class VotingRow:
    """A vote, in a meeting or by written procedure. label: "V3" in its project.

    options: what could be chosen, in the order of counts. needed: votes that carry a written
    procedure, of `whole`, which is the share `share` ("51 %"). seats: with a vote; voted: of them.
    host: where its links lead; hosted: a host has its desks. zone: in which its days end.
    words: the result as it is kept; said: the same by language, {} = only so.
    stage: of a written procedure, None of another vote. decision_id: that came of it.
    """

    id: UUID
    version: int
    project_id: UUID
    project: str
    label: str
    number: int
    body_id: UUID | None
    body: str
    meeting_id: UUID | None
    meeting: str
    setting: VoteSetting
    question: str
    description: str
    options: tuple[str, ...]
    has_own_choices: bool
    secret: bool
    weighted: bool
    state: VoteState
    share: str
    needed: int
    whole: int
    opened_at: datetime | None
    deadline: datetime | None
    closed_at: datetime | None
    seats: int
    voted: int
    counts: tuple[int, ...]
    result: VoteResult
    chosen: str
    words: str
    notice_at: datetime | None
    veto_until: datetime | None
    host: str
    zone: str
    closes_early: bool
    reminder_days: tuple[int, ...]
    stage: ProcedureStage | None
    decision_id: UUID | None
    decision: str
    said: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def carried(self) -> bool:
        """Return whether something was decided by it."""
        return self.result in {VoteResult.CARRIED, VoteResult.CHOSEN}


@dataclass(frozen=True)
class VotedDocument:
    """A document of what is voted on. size: bytes. sha256: of its content, hex."""

    id: UUID
    version: int
    name: str
    size: int
    sha256: str
    note: str = ""


@dataclass(frozen=True)
class VotingDetail:
    """A vote with its seats, by the number of the partner, and the documents it is about."""

    vote: VotingRow
    seats: tuple[SeatRow, ...]
    documents: tuple[VotedDocument, ...] = ()

    @property
    def missing(self) -> tuple[SeatRow, ...]:
        """Return who has a vote and has not voted."""
        return tuple(seat for seat in self.seats if seat.is_missing)


@dataclass(frozen=True)
class DecidingBody:
    """A body that can decide by written procedure.

    seats: with a vote; unrepresented: of them, without representative and deputy. days: least time
    to answer; veto_days: for a veto after the notice. needed: votes of `seats` that carry.
    """

    id: UUID
    name: str
    project_id: UUID
    project: str
    days: int
    veto_days: int
    seats: int
    unrepresented: int
    needed: int
    share: str


@dataclass(frozen=True)
class BallotLink:
    """A member's personal link in a written procedure. url holds the token."""

    seat_id: UUID
    name: str
    partner: str
    email: str
    url: str
