"""Personal links: a desk is a form on the host with a token and a deadline (decisions 3).

| method and path | body | answer |
| --- | --- | --- |
| GET /d/DESK | - | the desk page; the token stays in the fragment |
| POST /d/DESK/api/look | LookRequest | DeskView |
| POST /d/DESK/api/answer | AnswerRequest | DeskView |
| POST /d/DESK/api/file | FileRequest | the file, as an attachment of no type |
| GET /api/v1/desk-files/SHA256 (key) | - | DeskFileFacts; 404: the desktop has to bring it |
| PUT /api/v1/desk-files/SHA256 (key) | the content | DeskFileFacts |
| GET /d/DESK/feed/TOKEN.ics | - | the calendar of a feed, with ETag and Last-Modified |

A kind is a snapshot struct, an answer struct, a form in the page and an `apply` service. A feed is
only read, by calendar programs: it has no answer, and its token is in the path. This file holds the
kinds. A GET or a look never changes anything; an answer may be changed until the
deadline; each change is one journal entry.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from projectdesk.signalling.call import Role
from projectdesk.signalling.instant import Instant
from projectdesk.signalling.outcome import (
    ActionAnswer,
    ActionSnapshot,
    BallotAnswer,
    BallotDocument,
    BallotSnapshot,
    MinutesAnswer,
    MinutesSnapshot,
)

MAX_DESK_FILE = 25_000_000
"""Largest file that a desk offers, in bytes."""
DeskState = Literal["open", "closed", "revoked"]


class _Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base: frozen, camelCase on the wire."""


class _Kind(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", rename="camel"):
    """Base of what differs by kind: tagged by `kind`."""


class InvitationSnapshot(_Kind, frozen=True, tag="invitation"):
    """The form of an invitation: what, when, who asks; and the room it leads to.

    meeting: its id, by which an entry of a calendar is known.
    """

    room: str
    title: str
    project: str
    name: str
    organisation: str
    role: Role
    organiser: str
    starts_at: Instant
    local_start: str
    zone: str
    duration_minutes: int
    opens_at: Instant
    agenda: list[str]
    meeting: str = ""


class InvitationAnswer(_Kind, frozen=True, tag="invitation"):
    """Yes, perhaps, no; with a comment of at most 2000 characters."""

    answer: Literal["accepted", "tentative", "declined"]
    comment: str = ""


MAX_HUNDREDTHS = 1_000_000
"""Most that one partner can have worked in one work package: 10,000 person-months."""
Hundredths = Annotated[int, msgspec.Meta(ge=0, le=MAX_HUNDREDTHS)]
"""Person-months in hundredths: exact on the wire and in a page, 150 = 1.50 person-months."""


class EffortLine(_Record, frozen=True):
    """One work package on the form of a statement of effort.

    work_package: its id (32 hex digits); label: "WP3". planned: the partner's share in this period.
    earlier: reported in the periods before. given: what the desktop has for this period.
    """

    work_package: str
    label: str
    title: str
    planned: Hundredths
    earlier: Hundredths
    given: Hundredths | None = None


class EffortSnapshot(_Kind, frozen=True, tag="effort"):
    """The form of a partner's statement of effort for one reporting period.

    period: "RP1"; starts_on, ends_on: its first and last day; without a start date of the project
    they are None, and the project months say it. status: asked (or answered: may be changed),
    sent_back (at `sent_back_at`, with `remark`, may be changed), approved, frozen (both are only
    read). comment and the lines' `given`: what the desktop has since `given_at`; they are newer
    than the answer here when the coordinator entered figures that were mailed.
    """

    project: str
    project_title: str
    period: str
    start_month: int
    end_month: int
    starts_on: date | None
    ends_on: date | None
    name: str
    organisation: str
    organiser: str
    lines: list[EffortLine]
    status: Literal["asked", "sent_back", "approved", "frozen"] = "asked"
    sent_back_at: Instant | None = None
    remark: str = ""
    comment: str = ""
    given_at: Instant | None = None


class EffortFigure(_Record, frozen=True):
    """Person-months that a partner worked in one work package in the period, in hundredths."""

    work_package: str
    months: Hundredths


class EffortAnswer(_Kind, frozen=True, tag="effort"):
    """What a partner states: a figure for each work package of the form; a comment of 2000.

    after: which sending back it follows. The host sets it, so that the same figures count again
    after they were sent back.
    """

    figures: Annotated[list[EffortFigure], msgspec.Meta(max_length=200)]
    comment: str = ""
    after: Instant | None = None


DateChoice = Literal["yes", "if_need_be", "no"]
Count = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
ZoneName = Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[A-Za-z0-9_+\-/]*$")]
"""IANA name, or empty = not told. The desktop asks its own rules of zones whether it exists."""


class PollDate(_Record, frozen=True):
    """One date that a poll offers.

    id: 32 hex digits. given: what the desktop has of this voter. yes, if_need_be, no: how many
    voters say so; zeros where the organiser does not show it.
    """

    id: str
    starts_at: Instant
    given: DateChoice | None = None
    yes: Count = 0
    if_need_be: Count = 0
    no: Count = 0


class PollSnapshot(_Kind, frozen=True, tag="poll"):
    """The form of a date poll for one voter.

    zone: the organiser's. status: asked (may be changed), decided (for the date `chosen`) or
    cancelled; both are only read. shows_answers: whether the voter sees `answered` (names of who
    did) and the counts of the dates. voters: how many were asked. comment and the dates' `given`:
    what the desktop has since `given_at`; they are newer than the answer here when the voter
    answered by mail.
    """

    project: str
    title: str
    text: str
    name: str
    organisation: str
    organiser: str
    zone: ZoneName
    duration_minutes: int
    dates: list[PollDate]
    status: Literal["asked", "decided", "cancelled"] = "asked"
    chosen: str = ""
    shows_answers: bool = False
    answered: list[str] = []
    voters: Count = 0
    comment: str = ""
    given_at: Instant | None = None


class PollChoice(_Record, frozen=True):
    """What a voter says of one date."""

    date: str
    choice: DateChoice


class PollAnswer(_Kind, frozen=True, tag="poll"):
    """What a voter says: of one date at least; a comment of 2000.

    zone: in which the voter read the dates.
    """

    choices: Annotated[list[PollChoice], msgspec.Meta(min_length=1, max_length=200)]
    comment: str = ""
    zone: ZoneName = ""


class FeedSnapshot(_Kind, frozen=True, tag="feed"):
    """A calendar that programs subscribe to: nothing to answer.

    content: an iCalendar object (RFC 5545). changed_at: when anything in it was changed last.
    """

    name: str
    content: str
    changed_at: Instant


Snapshot = (
    InvitationSnapshot
    | EffortSnapshot
    | PollSnapshot
    | BallotSnapshot
    | ActionSnapshot
    | MinutesSnapshot
    | FeedSnapshot
)
Answer = InvitationAnswer | EffortAnswer | PollAnswer | BallotAnswer | ActionAnswer | MinutesAnswer


class DeskSnapshot(_Record, frozen=True):
    """A desk as the desktop sends it.

    subject: id of what it is about (the invitation's, the statement's, the voter's). token_hash:
    hex SHA-256 of the token; empty = revoked. deadline: answers received later do not count; None =
    while the link lives.
    """

    subject: str
    token_hash: str
    deadline: Instant | None
    form: Snapshot


class LookRequest(_Record, frozen=True):
    """Ask what this link opens."""

    token: str


class FileRequest(_Record, frozen=True):
    """Fetch a file that the form offers. file: hex SHA-256 of its content."""

    token: str
    file: str


class DeskFileFacts(_Record, frozen=True):
    """A file that desks offer, as the host has it. size: bytes."""

    sha256: str
    size: int


class AnswerRequest(_Record, frozen=True):
    """Answer, or change the answer. `submission`: client-made id; sending it twice counts once."""

    token: str
    submission: str
    answer: Answer


class DeskView(_Record, frozen=True):
    """What the page shows: the form, the answer so far and whether it can still be changed."""

    state: DeskState
    now: Instant
    form: Snapshot | None
    answer: Answer | None
    answered_at: Instant | None
    deadline: Instant | None


def files_of(form: Snapshot) -> list[BallotDocument]:
    """Return the files that a form offers."""
    return form.documents if isinstance(form, BallotSnapshot) else []
