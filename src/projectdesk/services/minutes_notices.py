"""Readers of circulated minutes hear what became of their objections, and of the acceptance.

The mail is queued in the change that it tells of, where minutes were circulated by mail, or where
somebody said so for the project. Where no mail account is set up nothing is queued: the trail then
has no step `NOTIFIED`, so `untold` finds what can be sent, or written to files, later.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from typing import Any, Final
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from projectdesk.domain.identity import new_id
from projectdesk.domain.meetings import Meeting
from projectdesk.domain.minutes import Minutes, MinutesState, Objection, ObjectionState
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.errors import EnvironmentFailure
from projectdesk.mail.address import Mailbox
from projectdesk.mail.message import Attachment, compose, new_message_id
from projectdesk.mail.minutes_notice_letter import (
    Accepted,
    Answered,
    MinutesNotice,
    as_html,
    as_text,
)
from projectdesk.mail.words import language_of
from projectdesk.services import audit, mail_accounts, minutes_mail, outbox, queries
from projectdesk.services.circulation_rows import Notices, Untold
from projectdesk.services.inviting.sender import sender_of
from projectdesk.services.minutes_keys import (
    ACCEPTED_PURPOSE,
    ANSWERED_PURPOSE,
    MINUTES_PURPOSE,
    minutes_host_key,
    notices_key,
)
from projectdesk.services.minutes_versions import VersionContent, newest_content
from projectdesk.services.newest_minutes import newest_minutes
from projectdesk.services.queries.meetings import organiser
from projectdesk.services.queries.names import person_name
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.session import Unit
from projectdesk.services.unit_settings import keep, kept
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

log = logging.getLogger(__name__)
_ANSWERS: Final = frozenset(
    {ObjectionState.UPHELD, ObjectionState.DECLINED, ObjectionState.WITHDRAWN}
)


@dataclass(frozen=True)
class NoticeMail:
    """A finished mail. record_id: the objection, or the reader (of the acceptance)."""

    record_id: UUID
    subject_id: UUID
    person_id: UUID
    name: str
    recipient: str
    purpose: str
    message: EmailMessage


def notices(workspace: Workspace, meeting_id: UUID) -> Notices:
    """Return what readers of a meeting's newest minutes were told of what came after.

    Raises:
        NotFound: no such meeting.
    """
    project = queries.meeting(workspace, meeting_id).project_id
    with workspace.read() as session:
        minutes = newest_minutes(session, meeting_id)
        chosen = chosen_in(session, project)
        if minutes is None:
            return Notices(bool(chosen), chosen, ())
        by_itself = _tells(session, minutes, project)
        return Notices(by_itself, chosen, tuple(untold_in(session, minutes)))


def choose(workspace: Workspace, project_id: UUID, chosen: bool | None) -> Changes:
    """Say whether readers of a project's minutes are told by themselves; None = as circulated.

    As circulated: they are, where the minutes themselves went out by mail.
    """
    with workspace.change("Change when readers of minutes are told", undoable=False) as unit:
        words = {True: "on", False: "off", None: ""}[chosen]
        keep(unit.session, notices_key(project_id), words)
        unit.touch(Kind.PROJECT, project_id, project_id)
    return unit.changes


def chosen_in(session: Session, project_id: UUID) -> bool | None:
    """Return what was said for a project; None = nothing."""
    return {"on": True, "off": False}.get(kept(session, notices_key(project_id)) or "")


def tell_answer(unit: Unit, workspace: Workspace, objection: Objection) -> int:
    """Queue the answer to an objection in the change that gives it; return how many mails.

    A mail that waits with an earlier answer is taken back.
    """
    unit.session.flush()
    outbox.cancel(unit, record_id=objection.id, purpose=ANSWERED_PURPOSE)
    if objection.state not in _ANSWERS:
        return 0
    minutes = unit.get(Minutes, objection.minutes_id)
    return _tell(unit, workspace, minutes, {objection.id})


def tell_accepted(unit: Unit, workspace: Workspace, minutes: Minutes) -> int:
    """Queue the acceptance to all readers in the change that accepts; return how many mails."""
    unit.session.flush()
    return _tell(unit, workspace, minutes, {minutes.id})


def untold_in(session: Session, minutes: Minutes) -> list[Untold]:
    """Return what the trail of a revision has no notice of, by number; the acceptance last."""
    last: dict[tuple[str, UUID | None], int] = {}
    entry = schema.audit_entry.c
    query = (
        select(entry.step, entry.subject_id, func.max(entry.seq).label("seq"))
        .where(entry.minutes_id == minutes.id)
        .group_by(entry.step, entry.subject_id)
    )
    for row in session.execute(query):
        last[row.step, row.subject_id] = row.seq
    readers = _readers(session, minutes.id)

    def told(subject: UUID, since: int) -> bool:
        return last.get((AuditStep.NOTIFIED.value, subject), 0) > since

    found = []
    for objection in _objections(session, minutes.id):
        reader = readers.get(objection.reader_id)
        since = last.get((AuditStep.OBJECTION_ANSWERED.value, objection.id), 0)
        is_answer = objection.state in _ANSWERS and since > 0
        if is_answer and reader is not None and not told(objection.id, since):
            found.append(Untold(objection.id, objection.number, (person_name(reader),)))
    accepted = last.get((AuditStep.ACCEPTED.value, None), 0)
    is_new = minutes.state is MinutesState.ACCEPTED and accepted and not told(minutes.id, accepted)
    if is_new and readers:
        names = tuple(person_name(row) for row in readers.values())
        found.append(Untold(minutes.id, None, names))
    return found


def compose_notices(
    session: Session, workspace: Workspace, minutes: Minutes, subjects: set[UUID]
) -> list[NoticeMail]:
    """Return the mails on some objections, and (the minutes' own id) the acceptance.

    The facts are those of `session`, which may not be committed yet.

    Raises:
        DomainError: `no_sender`.
    """
    content = newest_content(session, minutes.id)
    if content is None:
        return []
    write = _Writer(session, workspace, minutes, content)
    readers = _readers(session, minutes.id)
    mails = []
    for objection in _objections(session, minutes.id):
        reader = readers.get(objection.reader_id)
        if objection.id in subjects and reader is not None:
            mails.append(write.answer(reader, objection))
    if minutes.id in subjects and minutes.accepted_at is not None:
        mails += write.acceptance(list(readers.values()), minutes.accepted_at)
    return mails


def queue_notices(unit: Unit, mails: Sequence[NoticeMail], minutes: Minutes) -> None:
    """Put mails into the outbox, and the trail, in the caller's unit."""
    meeting = unit.get(Meeting, minutes.meeting_id)
    for mail in mails:
        outbox.queue(
            unit,
            purpose=mail.purpose,
            recipient=mail.recipient,
            message=mail.message,
            project_id=meeting.project_id,
            meeting_id=meeting.id,
            person_id=mail.person_id,
            record_id=mail.record_id,
        )
    note_told(unit, mails, minutes, "by mail")


def note_told(unit: Unit, mails: Sequence[NoticeMail], minutes: Minutes, how: str) -> None:
    """Write into the trail who was told of what: one step for each objection, or acceptance."""
    named: dict[UUID, list[str]] = {}
    for mail in mails:
        named.setdefault(mail.subject_id, []).append(mail.name)
    for subject, names in named.items():
        audit.append(unit, minutes.id, AuditStep.NOTIFIED, subject, f"{how}: {', '.join(names)}")


# --- inside ---------------------------------------------------------------------------------------


def _tell(unit: Unit, workspace: Workspace, minutes: Minutes, subjects: set[UUID]) -> int:
    project = unit.get(Meeting, minutes.meeting_id).project_id
    if mail_accounts.account(workspace.data) is None or not _tells(unit.session, minutes, project):
        return 0
    mails = compose_notices(unit.session, workspace, minutes, subjects)
    queue_notices(unit, mails, minutes)
    return len(mails)


def _tells(session: Session, minutes: Minutes, project_id: UUID) -> bool:
    """Return whether readers are told by themselves; in a copy of a project they are not."""
    if kept(session, minutes_host_key(minutes.id)) is None:
        return False
    chosen = chosen_in(session, project_id)
    if chosen is not None:
        return chosen
    mail, reader = schema.outgoing_mail.c, schema.minutes_reader.c
    sent = exists().where(
        mail.record_id == reader.id,
        mail.purpose == MINUTES_PURPOSE,
        mail.state != outbox.MailState.CANCELLED.value,
    )
    query = select(reader.id).where(reader.minutes_id == minutes.id, sent).limit(1)
    return session.scalar(query) is not None


def _readers(session: Session, minutes_id: UUID) -> dict[UUID, Any]:
    """Return by id the readers who can be written to."""
    rows = minutes_mail.mailed_readers(session, minutes_id)
    return {row.id: row for row in rows if row.email}


def _objections(session: Session, minutes_id: UUID) -> Sequence[Objection]:
    table = schema.objection.c
    query = select(Objection).where(table.minutes_id == minutes_id).order_by(table.number)
    return session.scalars(query).all()


def _binding(session: Session, meeting_id: UUID) -> dict[str, tuple[str, datetime]]:
    """Return the decisions of a meeting that bind, by label: text and since when."""
    decision = schema.decision.c
    query = (
        select(decision.number, decision.text, decision.binding_at)
        .where(decision.meeting_id == meeting_id, decision.binding_at.is_not(None))
        .order_by(decision.number)
    )
    return {f"D{row.number}": (row.text, row.binding_at) for row in session.execute(query)}


class _Writer:
    """Writes the notices of one revision."""

    def __init__(
        self, session: Session, workspace: Workspace, minutes: Minutes, content: VersionContent
    ) -> None:
        self._session, self._workspace = session, workspace
        self._minutes, self._content = minutes, content
        self._meeting = queries.meeting(workspace, minutes.meeting_id)
        self._author = sender_of(workspace, self._meeting.id)
        self._signed = self._author.name or organiser(workspace, self._meeting.project_id)

    def answer(self, reader: Any, objection: Objection) -> NoticeMail:
        """Write to who objected."""
        items = {item.id: f"{item.label} {item.title}".strip() for item in self._content.items}
        item = objection.agenda_item_id
        what = Answered(
            number=objection.number,
            item=items.get(item.hex, "") if item is not None else "",
            text=objection.text,
            state=objection.state,
            answer=objection.answer,
        )
        message = self._message(reader, what, ())
        return _mail(objection.id, objection.id, reader, ANSWERED_PURPOSE, message)

    def acceptance(self, readers: Sequence[Any], at: datetime) -> list[NoticeMail]:
        """Write to all readers, with the final minutes."""
        bound = _binding(self._session, self._meeting.id)
        attached = self._pdf({label: since for label, (_, since) in bound.items()})
        what = Accepted(
            at=at,
            how=self._minutes.acceptance,
            binding=[f"{label} {text}" for label, (text, _) in bound.items()],
            has_pdf=bool(attached),
        )
        return [
            _mail(row.id, self._minutes.id, row, ACCEPTED_PURPOSE,
                  self._message(row, what, attached))
            for row in readers
        ]  # fmt: skip

    def _pdf(self, bound: dict[str, datetime]) -> tuple[Attachment, ...]:
        """Return the final minutes; a PDF that cannot be made does not stop the acceptance."""
        try:
            made = minutes_mail.minutes_pdf(self._workspace, self._minutes, bound)
        except EnvironmentFailure as error:
            log.warning("the accepted minutes are not attached: %s", error.code)
            return ()
        name = minutes_mail.file_name(self._meeting.title, self._minutes.revision)
        return (Attachment(name, made, "application/pdf"),)

    def _message(
        self, row: Any, what: Answered | Accepted, attached: Sequence[Attachment]
    ) -> EmailMessage:
        name = person_name(row)
        notice = MinutesNotice(
            language=language_of(tuple(row.languages)),
            title=self._content.title,
            project=self._meeting.project,
            held_on=date.fromisoformat(self._content.date),
            organiser=self._signed,
            name=name,
            revision=self._minutes.revision,
            zone=row.zone or self._meeting.zone,
            head=self._minutes.audit_head,
            code=minutes_mail.minutes_code(row.desk, self._minutes.audit_head),
            what=what,
        )
        return compose(
            sender=self._author,
            recipient=Mailbox(row.email, name),
            subject=notice.subject,
            text=as_text(notice),
            html=as_html(notice),
            message_id=new_message_id(self._author.address, new_id()),
            date=self._workspace.now(),
            attachments=tuple(attached),
        )


def _mail(record: UUID, subject: UUID, row: Any, purpose: str, message: EmailMessage) -> NoticeMail:
    return NoticeMail(record, subject, row.person_id, person_name(row), row.email, purpose, message)
