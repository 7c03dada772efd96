"""Mail that is due later, which a desktop hands to its server as a finished message (adr/0103).

| method and path | body | answer |
| --- | --- | --- |
| PUT /api/v1/mails/MAIL | LaterMail | MailFacts; sent before: replaced, as long as it waits |
| DELETE /api/v1/mails/MAIL | - | MailFacts; taken back, as long as it waits |
| GET /api/v1/mails | - | MailList: what waits of this key's (or its team's) |

MAIL is the desktop's id of it (32 hex digits), by which it is replaced and taken back. What became
of it comes once, by the journal (`journal.MailSettled`). The server sends it at its time, at most
once; late where it was down, and not at all after `notAfter`. Text and addresses are erased as soon
as it is known what became of it. Errors: call.Problem with `mail_not_taken` (this server sends
none), `mail_sender_not_allowed`, `mail_not_as_told`, `mail_too_large`, `too_many_mails`,
`mail_overdue`, `mail_not_waiting`, `mail_taken`, `mail_unknown`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from projectdesk.signalling.instant import Instant

MOST_BYTES: Final = 700_000
"""Largest mail; in base64 it fits into a body of `codec.MAX_BODY`."""
SHORTEST_S: Final = 5 * 60
"""A mail that is due sooner, in seconds, is the desktop's own: nothing is handed over so late."""

MailOutcome = Literal["sent", "refused", "uncertain", "cancelled", "returned"]
"""How it ended. uncertain: it may have been sent. cancelled: its time was over. returned: not sent,
and the server will not: its key was revoked, or the server was put back from a backup."""
MailState = Literal["waiting", "sending", "sent", "refused", "uncertain", "cancelled", "returned"]


class LaterMail(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One mail for one person.

    author, recipient: of the envelope, as in From and To. messageId: as in its header. content: the
    message as it is sent (RFC 5322, lines end in CRLF). dueAt: when it goes out. notAfter: when it
    is of no use any more, None = never. desk: who declined an invitation there until then, answered
    a poll, voted, or told of an action what the desktop has not heard, gets nothing, nor does
    anybody whose desk was withdrawn, or whose poll, vote or action is over.
    """

    author: str
    recipient: str
    message_id: str
    content: bytes = b""
    due_at: Instant
    not_after: Instant | None = None
    desk: str | None = None


class MailFacts(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Where a mail stands. messageId: of the version that the server has."""

    id: str
    state: MailState
    due_at: Instant
    message_id: str


class MailList(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Mails of a key that wait, by their time."""

    mails: list[MailFacts]


def allows(domains: Sequence[str], address: str) -> bool:
    """Tell whether an address is of one of these domains; ".example.org" has those below it."""
    domain = address.rpartition("@")[2].lower()
    return any(
        domain == one or (one.startswith(".") and domain.endswith(one)) for one in domains if domain
    )
