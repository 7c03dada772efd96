"""Send the agenda: one mail for each invitee with its documents, by the outbox or as files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import select

from projectdesk.catalogues import ENGLISH
from projectdesk.domain.identity import new_id
from projectdesk.domain.meetings import Meeting
from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.errors import DomainError
from projectdesk.mail.address import Mailbox
from projectdesk.mail.agenda_letter import AgendaLetter, AgendaLine, letter_html, letter_text
from projectdesk.mail.invitation_words import Words, city
from projectdesk.mail.message import Attachment, as_bytes, as_unsent, compose, new_message_id
from projectdesk.mail.words import language_of, said
from projectdesk.services import outbox, queries
from projectdesk.services.agenda_rows import AgendaPlan
from projectdesk.services.commands.documents import export_document
from projectdesk.services.inviting.sender import check_can_send, sender_of
from projectdesk.services.mail_files import writing_into
from projectdesk.services.queries.meetings import organiser
from projectdesk.services.rows import Changes, InvitationRow, MeetingRow
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

AGENDA: Final = "agenda"
"""What these mails are for, in the outbox."""
FORMATS: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown",
}
"""As what the agenda is attached, and its type (RFC 7763 for Markdown)."""
USUAL: Final = ("pdf",)


@dataclass(frozen=True)
class AgendaMail:
    """One mail. name: whom it is for."""

    person_id: UUID
    name: str
    address: str
    message: EmailMessage


def compose_agenda_mails(
    workspace: Workspace,
    meeting_id: UUID,
    *,
    note: str = "",
    sender: str = "",
    formats: Sequence[str] = USUAL,
) -> list[AgendaMail]:
    """Return the mails as they would be sent now; nothing is changed.

    Who has no address, or whose link was revoked, gets none.

    Args:
        workspace: the open data.
        meeting_id: whose agenda.
        note: the organiser's own words.
        sender: from which address, "" = as it is known.
        formats: as what it is attached, of `FORMATS`.

    Raises:
        NotFound: no such meeting.
        DomainError: `no_sender`, `bad_email`, `empty_agenda`, `nobody_to_send`.
    """
    meeting = queries.meeting(workspace, meeting_id)
    plan = queries.agenda_plan(workspace, meeting_id)
    if not plan.items:
        raise DomainError("empty_agenda", "The agenda is empty: there is nothing to send.")
    invited = [
        row
        for row in queries.invitations(workspace, meeting_id)
        if not row.revoked and row.email.strip()
    ]
    if not invited:
        raise DomainError(
            "nobody_to_send", "Nobody is invited who has an e-mail address: invite people first."
        )
    author = sender_of(workspace, meeting_id, sender)
    asks = author.name or organiser(workspace, meeting.project_id)
    languages = _languages(workspace, invited)
    attached = {
        each: [_attachment(workspace, meeting, each, kind) for kind in dict.fromkeys(formats)]
        for each in set(languages.values())
    }
    return [
        _mail(row, meeting, plan, asks, note, author, attached[language], language, workspace.now())
        for row in invited
        for language in (languages[row.person_id],)
    ]


def send_agenda(
    workspace: Workspace,
    meeting_id: UUID,
    *,
    note: str = "",
    sender: str = "",
    again: bool = False,
    formats: Sequence[str] = USUAL,
) -> tuple[int, Changes]:
    """Put the mails into the outbox and note when the agenda went out, as one change.

    What is in the outbox cannot be undone.

    Args:
        workspace: the open data.
        meeting_id: whose agenda.
        note: the organiser's own words.
        sender: from which address, "" = as it is known.
        again: also when the agenda was sent already.
        formats: as what it is attached, of `FORMATS`.

    Returns:
        How many mails, and what changed.

    Raises:
        NotFound: no such meeting.
        DomainError: as `compose_agenda_mails`; `no_mail_account`; `agenda_sent`. Nothing was sent.
    """
    check_can_send(workspace)
    if not again:
        _check_unsent(queries.meeting(workspace, meeting_id))
    mails = compose_agenda_mails(workspace, meeting_id, note=note, sender=sender, formats=formats)
    with workspace.change("Send the agenda", undoable=False) as unit:
        meeting = unit.get(Meeting, meeting_id)
        if not again:
            _check_unsent(meeting)  # a colleague may have been faster
        unit.label = f"Send the agenda of {meeting.title}"
        meeting.agenda_sent_at = unit.now
        for mail in mails:
            outbox.queue(
                unit,
                purpose=AGENDA,
                recipient=mail.address,
                message=mail.message,
                project_id=meeting.project_id,
                meeting_id=meeting_id,
                person_id=mail.person_id,
            )
    return len(mails), unit.changes


def save_agenda_mails(
    workspace: Workspace,
    meeting_id: UUID,
    folder: Path,
    *,
    note: str = "",
    mark: bool = True,
    again: bool = False,
    formats: Sequence[str] = USUAL,
) -> list[Path]:
    """Write the mails to a folder, for a mail program to send.

    Args:
        workspace: the open data.
        meeting_id: whose agenda.
        folder: where the .eml files go; it is made if it is not there.
        note: the organiser's own words.
        mark: count the agenda as sent.
        again: also when it was sent already; needless without `mark`.
        formats: as what it is attached, of `FORMATS`.

    Raises:
        NotFound, DomainError: as `compose_agenda_mails`; `agenda_sent`.
        EnvironmentFailure: `folder_unusable`; nothing counts as sent then.
    """
    if mark and not again:
        _check_unsent(queries.meeting(workspace, meeting_id))
    mails = compose_agenda_mails(workspace, meeting_id, note=note, formats=formats)
    written = []
    with writing_into(folder):
        for number, mail in enumerate(mails, 1):
            kept = "".join(c if c.isalnum() or c in " -" else " " for c in mail.name)
            name = " ".join(kept.split())[:60] or "invitee"
            path = folder / f"{number:02} Agenda {name}.eml"
            path.write_bytes(as_unsent(as_bytes(mail.message)))
            written.append(path)
    if mark:
        mark_agenda_sent(workspace, meeting_id)
    return written


def mark_agenda_sent(workspace: Workspace, meeting_id: UUID) -> Changes:
    """Note that the agenda went out now, by other means.

    Raises:
        NotFound: no such meeting.
    """
    with workspace.change("Mark the agenda as sent") as unit:
        unit.get(Meeting, meeting_id).agenda_sent_at = unit.now
    return unit.changes


def _check_unsent(meeting: Meeting | MeetingRow) -> None:
    if meeting.agenda_sent_at is not None:
        raise DomainError(
            "agenda_sent",
            "The agenda was sent already, on {when}. Nothing was sent; say that it is to be sent "
            "again.",
            when=_when(meeting.agenda_sent_at, meeting.zone),
        )


def _mail(
    row: InvitationRow,
    meeting: MeetingRow,
    plan: AgendaPlan,
    asks: str,
    note: str,
    author: Mailbox,
    attached: Sequence[Attachment],
    language: str,
    now: datetime,
) -> AgendaMail:
    zone = _known_zone(row.zone) or meeting.zone
    letter = AgendaLetter(
        language=language,
        title=meeting.title,
        project=meeting.project,
        organiser=asks,
        when=_told(meeting.starts_at, meeting.zone, language),
        here=_told(meeting.starts_at, zone, language) if zone != meeting.zone else "",
        place=meeting.place,
        note=note,
        lines=tuple(_lines(plan, zone, language)),
    )
    message = compose(
        sender=author,
        recipient=Mailbox(row.email, row.name),
        subject=letter.subject,
        text=letter_text(letter),
        html=letter_html(letter),
        message_id=new_message_id(author.address, new_id()),
        date=now,
        attachments=list(attached),
    )
    return AgendaMail(row.person_id, row.name, row.email, message)


def _lines(plan: AgendaPlan, zone: str, language: str) -> Iterator[AgendaLine]:
    """Yield the lines of a letter: days and sections as headings, times in the reader's zone."""
    info = zone_of(zone)
    several = len({row.day for row in plan.items}) > 1
    yield AgendaLine(said(language, "agenda.zone", place=city(zone)))
    before: tuple[int, str] = (0, "")
    for row in plan.items:
        starts = row.starts_at.astimezone(info) if row.starts_at else None
        if several and row.day != before[0]:
            yield AgendaLine(_day(row.day, starts, language))
        if row.section and (row.day, row.section) != before:
            yield AgendaLine(row.section)
        before = (row.day, row.section)
        number = f"{row.label}. " if row.label else ""
        track = f"{row.track}: " if row.track else ""
        yield AgendaLine(
            f"{number}{track}{row.title}",
            f"{starts:%H:%M}" if starts else "-",
            row.presenter or row.presenter_text,
        )


def _day(number: int, starts: datetime | None, language: str) -> str:
    if starts is None:
        return said(language, "agenda.day", number=number)
    date = Words(language).full_date(starts)
    return said(language, "agenda.dated", number=number, date=date)


def _told(instant: datetime, zone: str, language: str) -> str:
    """Return an instant by the clock of a zone, in the reader's language."""
    local = instant.astimezone(zone_of(zone))
    day, clock = Words(language).day(local), f"{local:%H:%M}"
    return said(language, "agenda.when", day=day, clock=clock, place=city(zone))


def _languages(workspace: Workspace, invited: Sequence[InvitationRow]) -> dict[UUID, str]:
    """Return the language in which each is written, by person."""
    people = [row.person_id for row in invited]
    query = select(schema.person.c.id, schema.person.c.languages).where(
        schema.person.c.id.in_(people)
    )
    with workspace.read() as session:
        return {row.id: language_of(tuple(row.languages or ())) for row in session.execute(query)}


def _attachment(workspace: Workspace, meeting: MeetingRow, language: str, kind: str) -> Attachment:
    with tempfile.TemporaryDirectory(prefix="projectdesk-") as folder:
        out = Path(folder) / f"agenda.{kind}"
        export_document(workspace, meeting.id, "agenda", kind, out, language)
        content = out.read_bytes()
    safe = "".join(c if c.isalnum() or c in " -" else " " for c in meeting.title)
    heading = said(language, "agenda.heading")
    name = f"{meeting.local_start:%Y-%m-%d} {' '.join(safe.split())} {heading}.{kind}"
    return Attachment(name, content, FORMATS[kind])


def _known_zone(zone: str) -> str:
    """Return a person's zone, "" for one that was typed or imported wrong."""
    if not zone:
        return ""
    try:
        zone_of(zone)
    except DomainError:
        return ""
    return zone


def _when(instant: datetime, zone: str) -> str:
    return _told(instant, zone, ENGLISH)
