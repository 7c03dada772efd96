"""The mail that is to be sent: queued with the change it tells of, in one transaction.

    with workspace.change("Invite to the General Assembly", undoable=False) as unit:
        ...
        outbox.queue(unit, purpose="invitation", recipient=person.email, message=message)

Life of a mail: `queued` -> `sending` (committed before the server gets its text) -> `sent` or
`refused`; `queued` again when the server says "later". A program that dies while it sends leaves
`sending`, which becomes `uncertain`: it may have been sent, and only a person sends it again, with
the same Message-ID (decisions 18). `cancelled` is what was taken back before it went out.

`handed`: a team's server sends it at its time (`services.handing`); said before the server gets it,
so that this computer never sends what a server may have. Its `sender` is the server's address, its
`tried_at` when the server confirmed that it has the mail as it is here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import insert, select, update

from projectdesk.domain.identity import new_id
from projectdesk.errors import DomainError
from projectdesk.mail.address import same_address, shown_address
from projectdesk.mail.message import as_bytes, header_text, new_message_id, only_address
from projectdesk.services.rows import Kind
from projectdesk.store import schema

EMPTIED: Final[Mapping[str, str | bytes]] = MappingProxyType(
    {"recipient": "", "subject": "", "content": b"", "reply": ""}
)
"""What a mail that was sent is left with once it is forgotten."""
EMPTIED_INCOMING: Final[Mapping[str, str]] = MappingProxyType(
    {"sender": "", "subject": "", "detail": ""}
)
"""The same of a mail that was read."""

if TYPE_CHECKING:
    from email.message import EmailMessage

    from sqlalchemy.orm import Session

    from projectdesk.services.session import Unit


class MailState(StrEnum):
    """Where a mail of the outbox stands."""

    QUEUED = "queued"
    HANDED = "handed"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"


def queue(
    unit: Unit,
    *,
    purpose: str,
    recipient: str,
    message: EmailMessage,
    due_at: datetime | None = None,
    project_id: UUID | None = None,
    meeting_id: UUID | None = None,
    person_id: UUID | None = None,
    record_id: UUID | None = None,
    private_links: bool = False,
) -> UUID:
    """Put a mail into the outbox, in the caller's unit of work; return its id.

    Args:
        unit: the change that the mail tells of: both happen, or none. It cannot be undone.
        purpose: what it is for, such as "invitation"; a line of lower case.
        recipient: address of the only one who gets it, as in To.
        message: as `mail.message.compose` makes it; without a Message-ID it gets one.
        due_at: not before this instant; None = now.
        project_id: that it belongs to.
        meeting_id: that it is about.
        person_id: who gets it.
        record_id: the invitation, voter, statement, ... that it is about.
        private_links: somebody said that it goes out although its links open on this computer or in
            its network only.

    Raises:
        DomainError: `mail_recipient` (To is another one, or several), `mail_sender` (From is not
            one address).
    """
    author = only_address(message, "From")
    if not author:
        raise DomainError("mail_sender", "A mail comes from one address.")
    if not same_address(only_address(message, "To"), recipient):
        raise DomainError("mail_recipient", "A mail goes to one person; each gets their own.")
    mail_id = new_id()
    if "Message-ID" not in message:
        message["Message-ID"] = new_message_id(author, mail_id)
    unit.undoable = False
    unit.session.execute(
        insert(schema.outgoing_mail).values(
            id=mail_id,
            message_id=str(message["Message-ID"]),
            purpose=purpose,
            project_id=project_id,
            meeting_id=meeting_id,
            person_id=person_id,
            record_id=record_id,
            author=shown_address(author),
            recipient=shown_address(recipient.strip()),
            subject=header_text(message, "Subject"),
            content=as_bytes(message),
            state=MailState.QUEUED.value,
            due_at=due_at or unit.now,
            made_at=unit.now,
            private_links=private_links,
        )
    )
    touch(unit, project_id, meeting_id, person_id)
    return mail_id


def cancel(
    unit: Unit,
    *,
    mail_ids: Collection[UUID] | None = None,
    meeting_id: UUID | None = None,
    record_id: UUID | None = None,
    purpose: str | None = None,
) -> int:
    """Take back mails that wait, in the caller's unit of work; return how many.

    What is being sent or was sent stays what it is. At least one argument says which ones.

    Args:
        unit: the change that makes them needless.
        mail_ids: these.
        meeting_id: those about this meeting.
        record_id: those about this record.
        purpose: those for this.

    Raises:
        ValueError: nothing says which ones.
    """
    table = schema.outgoing_mail.c
    which = [table.state == MailState.QUEUED.value]
    if mail_ids is not None:
        which.append(table.id.in_(mail_ids))
    if meeting_id is not None:
        which.append(table.meeting_id == meeting_id)
    if record_id is not None:
        which.append(table.record_id == record_id)
    if purpose is not None:
        which.append(table.purpose == purpose)
    if len(which) == 1:
        raise ValueError("say which mails are taken back")
    taken = unit.session.execute(
        update(schema.outgoing_mail)
        .where(*which)
        .values(state=MailState.CANCELLED.value)
        .returning(table.project_id, table.meeting_id, table.person_id)
    ).all()
    for row in taken:
        touch(unit, row.project_id, row.meeting_id, row.person_id)
    return len(taken)


def handled(
    session: Session, purpose: str, records: Mapping[UUID, UUID | None]
) -> dict[UUID, set[datetime]]:
    """Return by record the times of the mails that a server sends, or that went out.

    Args:
        session: of a transaction.
        purpose: of the mails.
        records: of which records, each with who gets its mail now.
    """
    table = schema.outgoing_mail.c
    query = select(table.record_id, table.person_id, table.due_at).where(
        table.purpose == purpose,
        table.record_id.in_(records),
        table.state != MailState.CANCELLED.value,
    )
    found: dict[UUID, set[datetime]] = {}
    for row in session.execute(query):
        if row.person_id == records[row.record_id]:
            found.setdefault(row.record_id, set()).add(row.due_at)
    return found


def touch(
    unit: Unit, project_id: UUID | None, meeting_id: UUID | None, person_id: UUID | None
) -> None:
    """Say whose mail changed, so that the pages that show it ask again."""
    if meeting_id is not None:
        unit.touch(Kind.MEETING, meeting_id, project_id)
    elif person_id is not None:
        unit.touch(Kind.PERSON, person_id, project_id)
    elif project_id is not None:
        unit.touch(Kind.PROJECT, project_id, project_id)
