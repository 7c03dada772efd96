"""Votes of a body in the call: its members, its quorum, and ballots by its rules (terms.md).

These are messages of the same socket as those of `call`, whose unions hold them. A vote belongs to
a partner's seat, not to a person: each seat counts once, whoever votes for it and from how many
devices. The host's clock counts. An open vote may be changed until the vote is closed; a secret
ballot may not, and nobody is told what it was (decisions 14).
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from projectdesk.signalling.instant import Instant

MAX_QUESTION = 500
"""Longest question in characters."""
MAX_DESCRIPTION = 4000
MAX_CHOICE = 200
MAX_CHOICES = 10
MAX_REASON = 2000
"""Longest reason of a veto, in characters."""

VoteStatus = Literal["draft", "open", "counting", "closed", "cancelled"]
Outcome = Literal["", "carried", "lost", "no_quorum", "chosen"]
Base = Literal["cast", "present", "all"]
Tie = Literal["lost", "chair"]
Standing = Literal["present", "represented", "absent"]

_Question = Annotated[str, Meta(max_length=4 * MAX_QUESTION)]
_Description = Annotated[str, Meta(max_length=2 * MAX_DESCRIPTION)]
_Choice = Annotated[str, Meta(max_length=4 * MAX_CHOICE)]
_Choices = Annotated[list[_Choice], Meta(max_length=2 * MAX_CHOICES)]
_Note = Annotated[str, Meta(max_length=4 * MAX_REASON)]
Words = dict[str, str]
"""One text by language (BCP 47), at least "en"."""


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", rename="camel"):
    """Base of the socket's messages: frozen, tagged by `type`, camelCase on the wire."""


class _Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of what messages are made of."""


# --- what the desktop tells of a body -------------------------------------------------------------


class CountingRules(_Record, frozen=True):
    """What votes are counted by. chair_breaks_ties: by the vote of the chair's member."""

    quorum_numerator: int = 2
    quorum_denominator: int = 3
    majority_numerator: int = 2
    majority_denominator: int = 3
    chair_breaks_ties: bool = False
    proxy_limit: int = 0


class SeatPlan(_Record, frozen=True):
    """A member's seat. partner: its id (32 hex digits). representative, deputy: invitations."""

    partner: str
    name: str
    weight: int = 1
    in_default: bool = False
    representative: str | None = None
    deputy: str | None = None


class GivenProxy(_Record, frozen=True):
    """The member `giver` is represented by the member `holder`."""

    giver: str
    holder: str
    note: str = ""


class BodyPlan(_Record, frozen=True):
    """The body that meets. chair: the member whose vote decides a tie, "" = none."""

    name: str
    members: list[SeatPlan]
    rules: CountingRules = CountingRules()
    chair: str = ""
    proxies: list[GivenProxy] = []


# --- what everybody sees --------------------------------------------------------------------------


class QuorumState(_Record, frozen=True):
    """How the body stands. seats: with a vote. represented: not there, by proxy. words: with it."""

    seats: int
    present: int
    represented: int
    needed: int
    met: bool
    words: Words = {}


class MemberState(_Record, frozen=True):
    """A member. voter: who votes for it now (invitation), "" = nobody. named: the chair named who.

    proxy: the member that represents it, "" = none. in_room: the chair counts it as there, in a
    room, without a link of its own.
    """

    partner: str
    name: str
    weight: int
    in_default: bool
    standing: Standing
    voter: str = ""
    voter_name: str = ""
    named: bool = False
    proxy: str = ""
    in_room: bool = False


class BodyState(_Record, frozen=True):
    """The body in the call. rule: its majority in words."""

    name: str
    members: list[MemberState]
    quorum: QuorumState
    rules: CountingRules
    rule: Words = {}


class SeatShown(_Record, frozen=True):
    """A seat in a vote. choice: of an open vote, once it is closed or where it is the reader's own.

    by_hand: written down by the chair for people in the room.
    """

    partner: str
    name: str
    weight: int = 1
    voted: bool = False
    choice: str = ""
    by_hand: bool = False


class OutcomeShown(_Record, frozen=True):
    """What came of a vote. counts: weight by choice, in order. words: with the rule."""

    result: Outcome
    counts: list[int]
    chosen: str
    voted: int
    words: Words


class CountedBallot(_Record, frozen=True):
    """A ballot of a secret vote, as it is listed when it is closed: by receipt, of nobody."""

    receipt: str
    choice: str


class VetoShown(_Record, frozen=True):
    """A member's veto against what was decided, noted by the chair."""

    partner: str
    name: str
    reason: str


class BodyVote(_Record, frozen=True):
    """A vote as somebody sees it.

    choices: "for", "against", "abstain", or its own. rule: what carries it, in words. seats: all
    with a vote. yours: the seats that the reader votes for now. ballots: of a secret vote, once it
    is closed. Drafts are seen by chair and co-hosts only.
    """

    number: int
    question: str
    description: str
    choices: list[str]
    own_choices: bool
    secret: bool
    weighted: bool
    state: VoteStatus
    rule: Words
    seats: list[SeatShown]
    yours: list[str] = []
    item: str | None = None
    opened_at: Instant | None = None
    closed_at: Instant | None = None
    outcome: OutcomeShown | None = None
    ballots: list[CountedBallot] = []
    vetoes: list[VetoShown] = []


# --- page to host ---------------------------------------------------------------------------------


class PrepareVote(_Message, frozen=True, tag="prepareVote"):
    """Chair, co-host: write a vote down.

    vote: the draft that it replaces; None = a new one. choices: its own; none = for, against,
    abstain. base: what the majority is a share of. item: the agenda item; None = the current one.
    open: let members vote at once.
    """

    question: _Question
    description: _Description = ""
    choices: _Choices = []
    secret: bool = False
    weighted: bool = False
    base: Base = "cast"
    item: str | None = None
    vote: int | None = None
    open: bool = False


class OpenVote(_Message, frozen=True, tag="openVote"):
    """Chair, co-host: let members vote on a draft. One vote is open at a time."""

    vote: int


class CloseVote(_Message, frozen=True, tag="closeVote"):
    """Chair, co-host: count; the result is told to all and kept."""

    vote: int


class CancelVote(_Message, frozen=True, tag="cancelVote"):
    """Chair, co-host: throw a draft away, or call an open vote off: nothing of it counts."""

    vote: int


class CastVote(_Message, frozen=True, tag="castVote"):
    """Vote for a seat. Chair and co-hosts may write an open vote down for people in the room."""

    vote: int
    seat: str
    choice: _Choice
    by_hand: bool = False


class NameVoter(_Message, frozen=True, tag="nameVoter"):
    """Chair, co-host: say who votes for a member whose representative and deputy are not there."""

    partner: str
    participant: str | None


class CountInRoom(_Message, frozen=True, tag="countInRoom"):
    """Chair, co-host: a member is there in a room without a link of its own, or is not any more."""

    partner: str
    there: bool


class AnnounceProxy(_Message, frozen=True, tag="announceProxy"):
    """Chair, co-host: a member lets another represent it from now on."""

    giver: str
    holder: str
    note: _Note = ""


class EndProxy(_Message, frozen=True, tag="endProxy"):
    """Chair, co-host: a member is not represented any more."""

    giver: str


class NoteVeto(_Message, frozen=True, tag="noteVeto"):
    """Chair, co-host: a member vetoes what a vote decided. reason: what it would affect."""

    vote: int
    partner: str
    reason: _Note


VoteRequest = (
    PrepareVote
    | OpenVote
    | CloseVote
    | CancelVote
    | CastVote
    | NameVoter
    | CountInRoom
    | AnnounceProxy
    | EndProxy
    | NoteVeto
)

# --- host to page ---------------------------------------------------------------------------------


class BodyChanged(_Message, frozen=True, tag="bodyChanged"):
    """The body, its members and its quorum; after `RoomState`, and whenever it changes.

    It is not sent in a meeting of no body.
    """

    body: BodyState


class VotesListed(_Message, frozen=True, tag="votesListed"):
    """Every vote that you may see, by number; after `RoomState`, and when your role changed.

    It is not sent where there is none: a `Welcome` empties the list.
    """

    votes: list[BodyVote]


class VoteChanged(_Message, frozen=True, tag="voteChanged"):
    """A vote is new, or has changed."""

    vote: BodyVote


class VoteDiscarded(_Message, frozen=True, tag="voteDiscarded"):
    """A draft was thrown away."""

    vote: int


class BallotTaken(_Message, frozen=True, tag="ballotTaken"):
    """Your secret ballot is in. receipt: random; the list at the close has it with the choice."""

    vote: int
    seat: str
    receipt: str


VoteNews = BodyChanged | VotesListed | VoteChanged | VoteDiscarded | BallotTaken
