"""The mail that reminds one person of a meeting: composed when it is due, or in advance.

What is composed in advance is sent by a server while this computer may be off (adr/0103). It says
nothing that depends on when it goes out or that may have changed by then: the day instead of "in an
hour", and not what is still asked of its receiver.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from email.message import EmailMessage
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.orm import Session

from projectdesk.domain.meetings import InvitationAnswer
from projectdesk.domain.rules.invitation_changes import Telling
from projectdesk.domain.rules.reminding import LATE_AFTER
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.exchange.calendar import Method, write_calendar
from projectdesk.mail.address import Mailbox
from projectdesk.mail.invitation_page import as_html, as_text
from projectdesk.mail.invitation_words import Words, city
from projectdesk.mail.links import is_private_host
from projectdesk.mail.message import Attachment, compose
from projectdesk.mail.reminder_letter import ReminderLetter
from projectdesk.mail.words import language_of
from projectdesk.services import mail_accounts
from projectdesk.services.inviting.composing import Sending, event_of, letter_for, link_for
from projectdesk.services.inviting.logo import find_logo
from projectdesk.services.inviting.planning import InvitationPlan, InviteeLine
from projectdesk.services.rows import AgendaItemRow
from projectdesk.services.workspace import Workspace

REMINDER: Final = "reminder"
"""What these mails are for, in the outbox."""


@dataclass(frozen=True)
class ReminderMail:
    """A reminder before it has its Message-ID.

    digest: the same for the same words, links and files; hex.
    """

    sender: Mailbox
    recipient: Mailbox
    subject: str
    text: str
    html: str
    entry: bytes
    sending: Sending

    @property
    def digest(self) -> str:
        """What tells this version of the mail from others."""
        logo = self.sending.logo
        parts = (str(self.sender), str(self.recipient), self.subject, self.text, self.html)
        mixed = hashlib.sha256()
        for part in (*(text.encode() for text in parts), self.entry, logo.content if logo else b""):
            mixed.update(hashlib.sha256(part).digest())
        return mixed.hexdigest()

    def message(self, message_id: str) -> EmailMessage:
        """Return the finished mail."""
        logo = self.sending.logo
        return compose(
            sender=self.sender,
            recipient=self.recipient,
            subject=self.subject,
            text=self.text,
            html=self.html,
            images=(logo,) if logo is not None else (),
            attachments=(Attachment("meeting.ics", self.entry, "text/calendar"),),
            message_id=message_id,
            date=self.sending.now,
            automatic=True,
        )


def sending_of(
    workspace: Workspace,
    session: Session,
    plan: InvitationPlan,
    *,
    sender: Mailbox,
    organised_by: str,
    agenda: list[AgendaItemRow],
    links: Mapping[UUID, str],
    now: datetime,
) -> Sending:
    """Return what all reminders of one time share; links that open here only are left out.

    Args:
        workspace: the open data.
        session: of a transaction.
        plan: who is invited.
        sender: whose mail it is.
        organised_by: who asks, by `organiser`.
        agenda: of the meeting.
        links: personal links by invitation.
        now: when the mails are sent, as they say it.
    """
    account = mail_accounts.account(workspace.data)
    inside = account is not None and account.private_links
    return Sending(
        sender=sender,
        organiser=organised_by,
        links={each: link for each, link in links.items() if inside or _opens_elsewhere(link)},
        agenda=agenda,
        logo=find_logo(session, workspace.data, plan.subject.project_id),
        note="",
        sequence=plan.subject.sequence,
        now=now,
    )


def recipients(plan: InvitationPlan, expected_ids: set[UUID]) -> list[InviteeLine]:
    """Return those who are reminded, as the lines that tell them of a meeting that takes place."""
    return [
        replace(line, telling=Telling.NEW, changes=(), again=False, removed=False)
        for line in plan.lines
        if line.invitation_id in expected_ids and not line.problem
    ]


def compose_reminder(
    plan: InvitationPlan,
    line: InviteeLine,
    sending: Sending,
    due_at: datetime,
    *,
    unchecked: bool = False,
    ahead: bool = False,
) -> ReminderMail:
    """Return the reminder of one person.

    Args:
        plan: of the meeting.
        line: whom.
        sending: what all share.
        due_at: when it is, or was, to go out.
        unchecked: the connection was not checked yet.
        ahead: it is composed before its time.
    """
    words = Words(language_of(line.languages))
    link = link_for(plan.subject, line, sending)
    letter = _letter(plan, line, sending, words, link, due_at, unchecked=unchecked, ahead=ahead)
    text = as_text(letter)
    when = words.short_day(line.local_start.date()) if ahead else letter.remaining_words
    subject = (
        f"{letter.heading}: {line.now.title} ({plan.subject.project}), "
        f"{when}, {line.local_start:%H:%M} {city(line.zone)}"
    )
    known = replace(line, telling=Telling.UPDATE)  # the entry keeps the answer that was given
    event = event_of(plan.subject, known, sending, link, text)
    return ReminderMail(
        sender=sending.sender,
        recipient=Mailbox(line.email, line.name if line.name != line.email else ""),
        subject=" ".join(subject.split()),
        text=text,
        html=as_html(letter),
        entry=write_calendar((event,), Method.NONE, now=sending.now),
        sending=sending,
    )


def _letter(
    plan: InvitationPlan,
    line: InviteeLine,
    sending: Sending,
    words: Words,
    link: str,
    due_at: datetime,
    *,
    unchecked: bool,
    ahead: bool,
) -> ReminderLetter:
    letter = letter_for(plan, line, sending, words, link, ())
    late = sending.now - due_at > LATE_AFTER
    local = to_local(due_at, line.zone)
    day = f"{words.short_day(line.local_start.date())}, {line.local_start:%H:%M}"
    return ReminderLetter(
        **{each.name: getattr(letter, each.name) for each in fields(letter)},
        remaining=line.now.starts_at - sending.now,
        planned=f"{words.short_day(local.date())}, {local:%H:%M}" if late else "",
        unanswered=line.answer is InvitationAnswer.NONE and not ahead,
        unchecked=unchecked and not ahead,
        begins=day if ahead else "",
    )


def _opens_elsewhere(link: str) -> bool:
    return bool(link) and not is_private_host(urlsplit(link).hostname or "")
