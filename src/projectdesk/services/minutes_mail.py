"""The mail of circulated minutes: to each reader their own, with their link and the PDF."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.identity import new_id
from projectdesk.domain.minutes import Minutes, MinutesReader
from projectdesk.domain.rules.tokens import LinkPurpose, link_token
from projectdesk.errors import DomainError
from projectdesk.mail.address import Mailbox
from projectdesk.mail.message import Attachment, compose, new_message_id
from projectdesk.mail.minutes_letter import MinutesLetter, as_html, as_text
from projectdesk.mail.words import language_of
from projectdesk.services import outbox, queries
from projectdesk.services.circulation_rows import CirculationOrder, ReaderLink
from projectdesk.services.hosting import link_key
from projectdesk.services.inviting.public_links import check_links
from projectdesk.services.inviting.sender import sender_of
from projectdesk.services.minutes_keys import MINUTES_PURPOSE
from projectdesk.services.minutes_versions import VersionContent
from projectdesk.services.queries.meetings import organiser
from projectdesk.services.queries.minutes_life import decisions_open_to
from projectdesk.services.queries.names import partner_names, person_name
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

if TYPE_CHECKING:  # Typst's outlines load when a document is made
    from projectdesk.exchange.documents.content import MinutesContent, Outcome

__all__ = ["MINUTES_PURPOSE", "MinutesMail", "QueuedMinutes", "compose_minutes", "queue_minutes"]

_CODE_DIGITS: Final = 6


@dataclass(frozen=True)
class MinutesMail:
    """A finished mail to one reader."""

    reader_id: UUID
    person_id: UUID
    name: str
    recipient: str
    subject: str
    text: str
    message: EmailMessage


@dataclass(frozen=True)
class QueuedMinutes:
    """What was put into the outbox. unmailed: names of who has no address."""

    queued: int
    unmailed: tuple[str, ...]


def minutes_code(desk: str, audit_head: str) -> str:
    """Return by which an answering mail is known: the reader's desk, and which revision it was."""
    return f"{desk}-{audit_head[:_CODE_DIGITS]}"


def reader_url(key: bytes, public_url: str, reader: Any) -> str:
    """Return a reader's personal link.

    Args:
        key: the link key.
        public_url: of the host, without path.
        reader: an entity or row with id, desk and generation.
    """
    token = link_token(key, LinkPurpose.MINUTES, reader.id, reader.generation)
    return f"{public_url.rstrip('/')}/d/{reader.desk}#{token}"


def queue_minutes(
    unit: Unit,
    workspace: Workspace,
    minutes: Minutes,
    content: VersionContent,
    order: CirculationOrder,
    reader_ids: Collection[UUID],
    *,
    required: bool = False,
) -> QueuedMinutes:
    """Put the minutes into the outbox for some readers, in the caller's unit.

    Args:
        unit: the change that circulates them, or sends them again.
        workspace: the open data.
        minutes: the revision, with its audit head.
        content: what it says.
        order: where the links lead; nothing is queued unless it says so.
        reader_ids: to these.
        required: refuse when there is nobody to write to.

    Raises:
        DomainError: `link_not_public`; `nobody_to_write`; `no_sender`.
        EnvironmentFailure: the PDF cannot be made.
    """
    if not order.send and not required:
        return QueuedMinutes(0, ())
    unit.session.flush()
    mails, unmailed = _compose(unit.session, workspace, minutes, content, order, reader_ids)
    if not order.anyway:
        key = link_key(workspace)
        found = {each: unit.get(MinutesReader, each) for each in reader_ids}
        check_links({i: reader_url(key, order.public_url, row) for i, row in found.items()})
    if required and not mails:
        raise DomainError("nobody_to_write", "Nobody of them can be written to.")
    meeting = queries.meeting(workspace, minutes.meeting_id)
    for mail in mails:
        outbox.queue(
            unit,
            purpose=MINUTES_PURPOSE,
            recipient=mail.recipient,
            message=mail.message,
            project_id=meeting.project_id,
            meeting_id=meeting.id,
            person_id=mail.person_id,
            record_id=mail.reader_id,
            private_links=order.anyway,
        )
    return QueuedMinutes(len(mails), unmailed)


def compose_minutes(
    workspace: Workspace,
    meeting_id: UUID,
    order: CirculationOrder,
    reader_ids: Collection[UUID] | None = None,
) -> list[MinutesMail]:
    """Return the mails to the readers of circulated minutes, without sending anything.

    For who sends them with a mail program of their own. Who has no address gets none.

    Args:
        workspace: the open data.
        meeting_id: whose minutes.
        order: where the links lead.
        reader_ids: to these; None = all whose link works.

    Raises:
        NotFound: no such meeting, or nothing of it was circulated.
        DomainError: `minutes_not_circulated`; `no_sender`.
    """
    from projectdesk.services.minutes_versions import newest_content
    from projectdesk.services.queries.minutes_life import life_of

    with workspace.read() as session:
        life = life_of(session, meeting_id, workspace.now())
        minutes = session.get(Minutes, life.newest.id) if life.newest is not None else None
        content = newest_content(session, minutes.id) if minutes is not None else None
        if minutes is None or content is None or minutes.circulated_at is None:
            raise DomainError(
                "minutes_not_circulated", "The minutes are a draft: circulate them first."
            )
        wanted = {row.id for row in life.readers} if reader_ids is None else set(reader_ids)
        return _compose(session, workspace, minutes, content, order, wanted)[0]


def reader_links(workspace: Workspace, minutes_id: UUID, public_url: str) -> list[ReaderLink]:
    """Return the personal links of a revision's readers; of revoked ones none.

    Raises:
        DomainError: `bad_link_key`.
        EnvironmentFailure: the key store cannot be reached.
    """
    key = link_key(workspace)
    with workspace.read() as session:
        rows = mailed_readers(session, minutes_id)
    return [
        ReaderLink(row.id, person_name(row) or row.email, row.email,
                   reader_url(key, public_url, row))
        for row in rows
    ]  # fmt: skip


# --- inside ---------------------------------------------------------------------------------------


def mailed_readers(session: Session, minutes_id: UUID) -> list[Any]:
    """Return the readers whose links work, with person and partner."""
    reader, person = schema.minutes_reader, schema.person.c
    names = partner_names().subquery()
    query = (
        select(
            reader,
            person.given_name,
            person.family_name,
            person.email,
            person.zone,
            person.languages,
            names.c.name.label("partner"),
        )
        .join_from(reader, schema.person)
        .join(names, names.c.id == reader.c.partner_id, isouter=True)
        .where(reader.c.minutes_id == minutes_id, reader.c.revoked.is_(False))
        .order_by(names.c.number.is_(None), names.c.number, person.family_name, reader.c.id)
    )
    return list(session.execute(query).all())


def _compose(
    session: Session,
    workspace: Workspace,
    minutes: Minutes,
    content: VersionContent,
    order: CirculationOrder,
    reader_ids: Collection[UUID],
) -> tuple[list[MinutesMail], tuple[str, ...]]:
    meeting = queries.meeting(workspace, minutes.meeting_id)
    author = sender_of(workspace, meeting.id)
    signed = author.name or organiser(workspace, meeting.project_id)
    key = link_key(workspace)
    pdf = minutes_pdf(workspace, minutes)
    attached = Attachment(file_name(meeting.title, minutes.revision), pdf, "application/pdf")
    mails, unmailed = [], []
    for row in mailed_readers(session, minutes.id):
        if row.id not in reader_ids:
            continue
        name = person_name(row)
        if not row.email:
            unmailed.append(name)
            continue
        vetoes = decisions_open_to(session, meeting.id, row.partner_id)
        letter = MinutesLetter(
            language=language_of(tuple(row.languages)),
            title=content.title,
            project=meeting.project,
            held_on=date.fromisoformat(content.date),
            organiser=signed,
            name=name,
            organisation=row.partner or "",
            revision=minutes.revision,
            reason=minutes.reason,
            until=minutes.objections_until or workspace.now(),
            zone=row.zone or meeting.zone,
            link=reader_url(key, order.public_url, row),
            code=minutes_code(row.desk, minutes.audit_head),
            head=minutes.audit_head,
            may_object=row.may_object,
            may_veto=any(vetoes.values()),
            decisions=[f"{d.label} {d.text}" for item in content.items for d in item.decisions],
            actions=[f"{a.label} {a.line}" for item in content.items for a in item.actions],
            message=order.message,
        )
        text = as_text(letter)
        message = compose(
            sender=author,
            recipient=Mailbox(row.email, name),
            subject=letter.subject,
            text=text,
            html=as_html(letter),
            message_id=new_message_id(author.address, new_id()),
            date=workspace.now(),
            attachments=(attached,),
        )
        mails.append(
            MinutesMail(row.id, row.person_id, name, row.email, letter.subject, text, message)
        )
    return mails, tuple(unmailed)


def minutes_pdf(
    workspace: Workspace, minutes: Minutes, bound: Mapping[str, datetime] | None = None
) -> bytes:
    """Return a revision as PDF, in the language of documents, with its audit head printed.

    The facts of its life are those of `minutes`, which may not be committed yet; so are the
    decisions that bind (`bound`: since when, by label), where the caller's change settled them.

    Raises:
        EnvironmentFailure: `document_failed`.
    """
    from projectdesk.exchange.documents import minutes_outline  # Typst loads when it is needed
    from projectdesk.services.commands.documents import write_outline
    from projectdesk.services.documents.languages import document_language
    from projectdesk.services.documents.meetings import minutes_content

    now, language = workspace.now(), document_language(workspace)
    content = minutes_content(workspace, minutes.meeting_id, language)
    life = replace(
        content.life,
        state=minutes.state,
        revision=minutes.revision,
        reason=minutes.reason,
        circulated_at=minutes.circulated_at,
        objections_until=minutes.objections_until,
        accepted_at=minutes.accepted_at,
        acceptance=minutes.acceptance,
        audit_head=minutes.audit_head,
    )
    content = replace(content, life=life)
    if bound is not None:
        content = _bound(content, bound)
    outline = minutes_outline.of_minutes(content, now=now, language=language)
    me = queries.me(workspace)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "minutes.pdf"
        write_outline(outline, path, "pdf", me.name if me is not None else "", now)
        return path.read_bytes()


def _bound(content: MinutesContent, bound: Mapping[str, datetime]) -> MinutesContent:
    """Return the content with what binds."""

    def told(outcome: Outcome) -> Outcome:
        decisions = tuple(
            replace(each, binding_at=bound.get(each.label, each.binding_at))
            for each in outcome.decisions
        )
        return replace(outcome, decisions=decisions)

    items = tuple(replace(item, outcome=told(item.outcome)) for item in content.items)
    return replace(content, items=items, beside=told(content.beside))


def file_name(title: str, revision: int) -> str:
    """Return what the PDF of a revision is called in a mail."""
    kept = "".join(letter if letter.isalnum() or letter in " -_" else " " for letter in title)
    name = " ".join(kept.split())[:80] or "meeting"
    return f"Minutes {name}.pdf" if revision == 1 else f"Minutes {name} rev {revision}.pdf"
