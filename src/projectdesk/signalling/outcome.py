"""What comes of a meeting, by personal link: minutes to read, ballots, actions (decisions 3).

These are kinds of desks: `signalling.desk` has them in its unions. A link shows whom it was issued
to, so that who was forwarded one sees whose it is.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from projectdesk.signalling.instant import Instant
from projectdesk.signalling.votes import Words

MAX_REASON = 4000
"""Longest objection, or reason of a veto, in characters."""
Reason = Annotated[str, msgspec.Meta(max_length=4 * MAX_REASON)]


class _Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base: frozen, camelCase on the wire."""


class _Kind(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", rename="camel"):
    """Base of what differs by kind: tagged by `kind`."""


# --- minutes --------------------------------------------------------------------------------------

ObjectionStatus = Literal["open", "upheld", "declined", "withdrawn"]


class MinutedDecision(_Record, frozen=True):
    """A decision as circulated minutes have it.

    id: 32 hex digits. label: "D7". rule: its result by language, {} = no vote. may_veto:
    this reader may still veto it here, also in accepted minutes; veto_until: in this time, None =
    as long as the desk takes answers. vetoed: the reason that the desktop has of this reader,
    "" = none.
    """

    id: str
    label: str
    text: str
    rule: Words = {}
    may_veto: bool = False
    veto_until: Instant | None = None
    vetoed: str = ""


class MinutedItem(_Record, frozen=True):
    """One agenda item. id: 32 hex digits. label: "3". text: light Markdown. actions: by line."""

    id: str
    label: str
    title: str
    text: str = ""
    decisions: list[MinutedDecision] = []
    actions: list[str] = []


class GivenObjection(_Record, frozen=True):
    """An objection of this reader, as the desktop has it. item: "" = to the whole."""

    item: str
    text: str
    status: ObjectionStatus = "open"
    answer: str = ""


class MinutesSnapshot(_Kind, frozen=True, tag="minutes"):
    """Circulated minutes for one reader.

    date: of the meeting, in its zone. revision: from 1. status: circulated (objections are taken
    until `objections_until`), accepted (only vetoes are taken, where their time lasts longer) or
    superseded (only read). present, absent: names
    of partners. represented: by proxy, "LFTU (VESENS)". given: what the desktop has of this reader
    since `given_at`. audit_head: of the audit trail, hex.
    """

    project: str
    title: str
    date: str
    name: str
    organisation: str
    organiser: str
    revision: int
    status: Literal["circulated", "accepted", "superseded"]
    objections_until: Instant
    may_object: bool
    items: list[MinutedItem]
    present: list[str] = []
    absent: list[str] = []
    represented: list[str] = []
    received_at: Instant | None = None
    given: list[GivenObjection] = []
    given_at: Instant | None = None
    audit_head: str = ""


class ItemObjection(_Record, frozen=True):
    """An objection. item: of the agenda, "" = to the whole."""

    item: str
    text: Reason


class DecisionVeto(_Record, frozen=True):
    """A veto against a decision of the minutes."""

    decision: str
    reason: Reason


class MinutesAnswer(_Kind, frozen=True, tag="minutes"):
    """That the minutes were received, with all objections and vetoes of this reader.

    An answer replaces the one before: what is not in it any more is withdrawn.
    """

    objections: Annotated[list[ItemObjection], msgspec.Meta(max_length=200)] = []
    vetoes: Annotated[list[DecisionVeto], msgspec.Meta(max_length=200)] = []
    comment: str = ""


# --- ballots of a written procedure ---------------------------------------------------------------


class BallotDocument(_Record, frozen=True):
    """A document of what is voted on. size: bytes. sha256: of its content, hex; it is its name."""

    name: str
    size: int
    sha256: str


class BallotSnapshot(_Kind, frozen=True, tag="ballot"):
    """The ballot of one member in a written procedure.

    choices: "for", "against" and "abstain", or the vote's own words. needed: so many of `seats`
    votes carry it, which is the `share` of all ("51 %", "2/3"). stage: vote (until the desk's
    deadline), veto (the result is told, a veto is taken until the deadline), closed or cancelled
    (both are only read). closes_early: the vote ends before its deadline when all members have
    voted. represents: partners whose votes this member casts too. outcome: how it ended, "" = not
    yet; counts: votes by choice; chosen: of a vote with its own choices. given: the choice that the
    desktop has; comment, with it; veto: the reason of this member's veto, and veto_answer: what it
    was answered; all since `given_at`. documents: of what is voted on (`desk.FileRequest`).
    """

    project: str
    body: str
    question: str
    description: str
    choices: list[str]
    name: str
    organisation: str
    organiser: str
    seats: int
    needed: int
    share: str
    stage: Literal["vote", "veto", "closed", "cancelled"] = "vote"
    closes_early: bool = False
    represents: list[str] = []
    outcome: Literal["", "carried", "lost", "no_quorum", "chosen"] = ""
    counts: list[int] = []
    chosen: str = ""
    given: str = ""
    comment: str = ""
    veto: str = ""
    veto_answer: str = ""
    given_at: Instant | None = None
    documents: list[BallotDocument] = []


class BallotAnswer(_Kind, frozen=True, tag="ballot"):
    """A vote, or (at stage veto) a veto with its reason; "" = taken back.

    stage: which the page showed; the host refuses an answer to another one.
    """

    choice: Annotated[str, msgspec.Meta(max_length=400)] = ""
    veto: Reason = ""
    comment: str = ""
    stage: Literal["vote", "veto"] = "vote"


# --- actions --------------------------------------------------------------------------------------


class ActionRemark(_Record, frozen=True):
    """What was told of an action before. due_on: the new date, of postponed only."""

    at: Instant
    name: str
    text: str
    kind: Literal["comment", "done", "postponed", "reopened"] = "comment"
    due_on: date | None = None


class ActionSnapshot(_Kind, frozen=True, tag="action"):
    """An action for who does it: whom the link was issued to.

    label: "A12". first_due_on: when it was due before it was postponed. meeting: that gave it.
    related: "WP3 · D3.2". remarks: the first told first. given_at: when the last of them was told;
    it is newer than the answer here once the desktop has that.
    """

    project: str
    label: str
    text: str
    name: str
    organisation: str
    organiser: str
    due_on: date | None
    first_due_on: date | None = None
    meeting: str = ""
    related: str = ""
    status: Literal["open", "done", "dropped"] = "open"
    remarks: list[ActionRemark] = []
    given_at: Instant | None = None


class ActionAnswer(_Kind, frozen=True, tag="action"):
    """What its owner tells of an action; each answer is one more, none replaces another.

    due_on: of `postpone` only, another day than it is due. text: at most 2000 characters.
    """

    what: Literal["done", "postpone", "comment", "reopen"]
    text: str = ""
    due_on: date | None = None
