"""Votes of a body, in a meeting or by written procedure, with proxies and vetoes (terms.md, Rules).

A partner has one seat, however many people it sends. What a vote was counted by is kept with it:
a body's rules may change later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from projectdesk.domain.identity import new_id


class VoteState(StrEnum):
    """Life of a vote. DRAFT: written, not opened. CANCELLED: called off, nothing counts."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class VoteSetting(StrEnum):
    """Where people vote."""

    MEETING = "meeting"
    WRITTEN_PROCEDURE = "written_procedure"


class MajorityBase(StrEnum):
    """What the majority is a share of.

    CAST: the votes for and against (an abstention is none). PRESENT: all seats present or
    represented. ALL: all seats with a vote (a written procedure, terms.md).
    """

    CAST = "cast"
    PRESENT = "present"
    ALL = "all"


class TieRule(StrEnum):
    """What a tie is: LOST, or decided by the CHAIR's own vote."""

    LOST = "lost"
    CHAIR = "chair"


class VoteResult(StrEnum):
    """How a vote ended. NO_QUORUM: too few were there, or answered. CHOSEN: one of the choices."""

    NONE = ""
    CARRIED = "carried"
    LOST = "lost"
    NO_QUORUM = "no_quorum"
    CHOSEN = "chosen"


class VetoState(StrEnum):
    """What became of a veto."""

    RAISED = "raised"
    WITHDRAWN = "withdrawn"
    NOT_ADMITTED = "not_admitted"


FOR, AGAINST, ABSTAIN = "for", "against", "abstain"
"""The choices of a vote that names none of its own."""


@dataclass(eq=False, kw_only=True)
class Vote:
    """One vote. number: in its project, shown as V{number}.

    choices: what can be chosen, in order; none = for, against, abstain. number_in_room: of the vote
    in the call that it was held in, None = not held in one. The shares, `base`, `tie` and whether
    proxies count are the body's rules as they were when it was opened. present: seats present or
    represented when it was closed; seats: with a vote. counts: weight by choice, in the order of
    choices (for, against, abstain). chosen: the choice that won. words: the result in words, with
    the rule. deadline: of a written procedure; notice_at: when its result was told. veto_until: end
    of the veto window. host: base URL that its links were made for.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    project_id: UUID
    body_id: UUID | None = None
    meeting_id: UUID | None = None
    agenda_item_id: UUID | None = None
    number: int = 0
    number_in_room: int | None = None
    setting: VoteSetting = VoteSetting.MEETING
    question: str
    description: str = ""
    choices: list[str] = field(default_factory=list)
    secret: bool = False
    weighted: bool = False
    state: VoteState = VoteState.DRAFT
    quorum_numerator: int = 2
    quorum_denominator: int = 3
    majority_numerator: int = 2
    majority_denominator: int = 3
    base: MajorityBase = MajorityBase.CAST
    tie: TieRule = TieRule.LOST
    opened_at: datetime | None = None
    deadline: datetime | None = None
    closed_at: datetime | None = None
    seats: int = 0
    present: int = 0
    counts: list[int] = field(default_factory=list)
    result: VoteResult = VoteResult.NONE
    chosen: str = ""
    words: str = ""
    notice_at: datetime | None = None
    veto_until: datetime | None = None
    host: str = ""


@dataclass(eq=False, kw_only=True)
class VoteSeat:
    """A partner's seat in a vote, as it was when the vote was opened.

    voter_id: who votes for it (the representative, the deputy, or the proxy's). proxy_partner_id:
    the member that represents it. in_default: declared in default, has no vote. present: present or
    represented when the vote was closed. voted_at: when it voted, None = it did not. choice: of an
    open vote; always "" of a secret one. by_hand: written down by the chair for people in the room.
    desk, generation, revoked: of the personal link of a written procedure (decisions 1).
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    vote_id: UUID
    partner_id: UUID
    voter_id: UUID | None = None
    proxy_partner_id: UUID | None = None
    weight: int = 1
    in_default: bool = False
    present: bool = False
    voted_at: datetime | None = None
    choice: str = ""
    comment: str = ""
    by_hand: bool = False
    desk: str | None = None
    generation: int = 1
    revoked: bool = False
    sent_at: datetime | None = None
    reminded_at: datetime | None = None


@dataclass(eq=False, kw_only=True)
class Proxy:
    """One member lets another represent it, in one meeting (or one written procedure).

    announced_at: before or during the meeting; ended_at: when it was taken back.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    meeting_id: UUID
    from_partner_id: UUID
    to_partner_id: UUID
    announced_at: datetime
    ended_at: datetime | None = None
    note: str = ""


@dataclass(eq=False, kw_only=True)
class Veto:
    """A member's veto against a decision (terms.md, Rules: veto). reason: what it would affect."""

    id: UUID = field(default_factory=new_id)
    version: int = 1
    decision_id: UUID
    partner_id: UUID
    person_id: UUID | None = None
    reason: str
    raised_at: datetime
    state: VetoState = VetoState.RAISED
    answer: str = ""
