"""The outbox, and what was read of the inbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.message import Message
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, or_, select

from projectdesk.errors import DomainError, NotFound
from projectdesk.mail.account import MailAccount
from projectdesk.mail.address import same_address
from projectdesk.mail.message import as_unsent, header_text, parse
from projectdesk.services import mail_accounts
from projectdesk.services.mail_rows import MailContent, MailRow, ReceivedRow
from projectdesk.services.outbox import MailState
from projectdesk.services.queries.names import person_name
from projectdesk.services.sending import LATE, STOPPED
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_SHOWN: Final = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID")
_mail = schema.outgoing_mail


def outbox(
    workspace: Workspace,
    states: Sequence[MailState] = (),
    *,
    project_id: UUID | None = None,
    meeting_id: UUID | None = None,
    record_id: UUID | None = None,
    limit: int = 2_000,
) -> list[MailRow]:
    """Return the mails of the outbox, what needs a person first, then the newest.

    Args:
        workspace: the open database.
        states: only these; () = all.
        project_id: only of this project, None = of all.
        meeting_id: only those about this meeting.
        record_id: only those about this invitation, voter, ...
        limit: at most so many.
    """
    query = _rows()
    if states:
        query = query.where(_mail.c.state.in_([state.value for state in states]))
    if project_id is not None:
        query = query.where(_mail.c.project_id == project_id)
    if meeting_id is not None:
        query = query.where(_mail.c.meeting_id == meeting_id)
    if record_id is not None:
        query = query.where(_mail.c.record_id == record_id)
    known = _account(workspace)
    now = workspace.now()
    with workspace.read() as session:
        found = session.execute(query.order_by(_mail.c.made_at.desc()).limit(limit)).all()
    rows = [_row(row, known, now) for row in found]
    return sorted(rows, key=lambda row: _ORDER[row.state])


def mail(workspace: Workspace, mail_id: UUID) -> MailContent:
    """Return what is in a mail.

    Raises:
        NotFound: there is none of this id.
    """
    with workspace.read() as session:
        row = session.execute(_rows().add_columns(_mail.c.content).where(_mail.c.id == mail_id))
        found = row.first()
    if found is None:
        raise NotFound("not_found", "This mail does not exist any more.", noun="mail")
    message = parse(found.content)
    return MailContent(
        row=_row(found, _account(workspace), workspace.now()),
        message_id=found.message_id,
        headers=tuple((name, header_text(message, name)) for name in _SHOWN if name in message),
        text=_part(message, "text/plain"),
        html=_part(message, "text/html"),
        files=tuple(
            (part.get_filename() or part.get_content_type(), len(_bytes(part)))
            for part in message.walk()
            if part.get_content_disposition() == "attachment"
        ),
        raw=found.content,
    )


def mail_id(workspace: Workspace, text: str) -> UUID:
    """Return which mail an id, the beginning of one, or a Message-ID names.

    Raises:
        NotFound: none, or several.
    """
    wanted = text.strip().lower()
    with workspace.read() as session:
        ids = session.execute(select(_mail.c.id, _mail.c.message_id)).all()
    for row in ids:
        if wanted in {str(row.id), row.id.hex, row.message_id.lower()}:
            return UUID(str(row.id))
    begun = [row.id for row in ids if wanted and str(row.id).startswith(wanted)]
    if len(begun) != 1:
        raise NotFound("mail_unknown", "There is no mail “{id}” in the outbox.", id=text[:80])
    return UUID(str(begun[0]))


def unsent_file(workspace: Workspace, mail_id: UUID) -> tuple[str, bytes]:
    """Return the name and content of a .eml file that a mail program opens to be sent."""
    found = mail(workspace, mail_id)
    kept = "".join(c if c.isalnum() or c in " -_" else " " for c in found.row.subject)
    name = " ".join(f"{kept} {found.row.recipient.partition('@')[0]}".split())[:100]
    return f"{name or 'mail'}.eml", as_unsent(found.raw)


def received(
    workspace: Workspace, project_id: UUID | None = None, *, limit: int = 500
) -> list[ReceivedRow]:
    """Return the mails that were read in, the newest first.

    Args:
        workspace: the open database.
        project_id: only those about its meetings; None = all.
        limit: at most so many.
    """
    table, meeting, person = schema.incoming_mail, schema.meeting, schema.person
    query: Select[Any] = (
        select(
            *table.c,
            meeting.c.title.label("meeting"),
            person.c.given_name,
            person.c.family_name,
        )
        .outerjoin(meeting, meeting.c.id == table.c.meeting_id)
        .outerjoin(person, person.c.id == table.c.person_id)
        .order_by(table.c.read_at.desc(), table.c.message_id)
        .limit(limit)
    )
    if project_id is not None:
        query = query.where(meeting.c.project_id == project_id)
    with workspace.read() as session:
        found = session.execute(query).all()
    return [
        ReceivedRow(
            message_id=row.message_id,
            received_at=row.received_at,
            read_at=row.read_at,
            sender=row.sender,
            subject=row.subject,
            meeting_id=row.meeting_id,
            meeting=row.meeting or "",
            person=person_name(row),
            outcome=row.outcome,
            detail=row.detail,
        )
        for row in found
    ]


_ORDER: Final = {
    MailState.UNCERTAIN: 0,
    MailState.REFUSED: 0,
    MailState.SENDING: 1,
    MailState.QUEUED: 2,
    MailState.HANDED: 2,
    MailState.SENT: 3,
    MailState.CANCELLED: 3,
}


def _rows() -> Select[Any]:
    meeting, person, project = schema.meeting, schema.person, schema.project
    columns = [column for column in _mail.c if column.name != "content"]
    return (
        select(
            *columns,
            meeting.c.title.label("meeting"),
            project.c.acronym.label("project"),
            person.c.given_name,
            person.c.family_name,
        )
        .outerjoin(meeting, meeting.c.id == _mail.c.meeting_id)
        .outerjoin(
            project,
            or_(
                project.c.id == _mail.c.project_id,
                _mail.c.project_id.is_(None) & (project.c.id == meeting.c.project_id),
            ),
        )
        .outerjoin(person, person.c.id == _mail.c.person_id)
    )


def _row(row: Any, known: MailAccount | None, now: datetime) -> MailRow:
    state = MailState(row.state)
    waits = state in {MailState.QUEUED, MailState.HANDED}
    next_at = max(row.due_at, row.retry_at or row.due_at) if waits else None
    went = row.sent_at or (now if waits else None)
    return MailRow(
        id=row.id,
        purpose=row.purpose,
        project_id=row.project_id,
        project=row.project or "",
        meeting_id=row.meeting_id,
        meeting=row.meeting or "",
        person=person_name(row),
        author=row.author,
        recipient=row.recipient,
        subject=row.subject,
        state=state,
        due_at=row.due_at,
        next_at=next_at,
        made_at=row.made_at,
        tried_at=row.tried_at,
        sent_at=row.sent_at,
        attempts=row.attempts,
        sender=row.sender,
        reply=row.reply,
        late=went is not None and went - row.due_at > LATE,
        mine=known is not None and same_address(known.address, row.author),
        private_links=state is MailState.REFUSED and row.reply.startswith(STOPPED),
    )


def _account(workspace: Workspace) -> MailAccount | None:
    try:
        return mail_accounts.account(workspace.data)
    except DomainError:
        return None


def _part(message: Message, kind: str) -> str:
    for part in message.walk():
        if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
            return _bytes(part).decode("utf-8", "replace")
    return ""


def _bytes(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
