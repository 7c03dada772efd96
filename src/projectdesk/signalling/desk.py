"""Personal links: a desk is a form on the host with a token and a deadline (decisions 3).

| method and path | body | answer |
| --- | --- | --- |
| GET /d/DESK | - | the desk page; the token stays in the fragment |
| POST /d/DESK/api/look | LookRequest | DeskView |
| POST /d/DESK/api/answer | AnswerRequest | DeskView |

A kind is a snapshot struct, an answer struct, a form in the page and an `apply` service. This file
holds the kinds. A GET or a look never changes anything; an answer may be changed until the
deadline; each change is one journal entry.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from projectdesk.signalling.call import Role
from projectdesk.signalling.instant import Instant

DeskState = Literal["open", "closed", "revoked"]


class _Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base: frozen, camelCase on the wire."""


class _Kind(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", rename="camel"):
    """Base of what differs by kind: tagged by `kind`."""


class InvitationSnapshot(_Kind, frozen=True, tag="invitation"):
    """The form of an invitation: what, when, who asks; and the room it leads to."""

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


class InvitationAnswer(_Kind, frozen=True, tag="invitation"):
    """Yes, perhaps, no; with a comment of at most 2000 characters."""

    answer: Literal["accepted", "tentative", "declined"]
    comment: str = ""


Snapshot = InvitationSnapshot
Answer = InvitationAnswer


class DeskSnapshot(_Record, frozen=True):
    """A desk as the desktop sends it.

    subject: id of what it is about (the invitation's id). token_hash: hex SHA-256 of the token;
    empty = revoked. deadline: answers received later do not count; None = while the link lives.
    """

    subject: str
    token_hash: str
    deadline: Instant | None
    form: Snapshot


class LookRequest(_Record, frozen=True):
    """Ask what this link opens."""

    token: str


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
