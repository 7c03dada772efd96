"""One mail of actions made: for whom, of which actions, and where it goes.

What is due, and to whom, is `action_mail`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from projectdesk.domain.consortium import Person
from projectdesk.domain.identity import new_id
from projectdesk.domain.rules.action_dates import days_late, due_this_week
from projectdesk.mail.action_letter import (
    ActionLetter,
    ActionLine,
    ActionOccasion,
    as_html,
    as_text,
)
from projectdesk.mail.address import Mailbox
from projectdesk.mail.links import is_private_host
from projectdesk.mail.message import as_bytes, as_unsent, compose, new_message_id
from projectdesk.mail.words import language_of
from projectdesk.services import outbox
from projectdesk.services.action_keys import (
    ACTIONS_HEADER,
    DIGEST_PURPOSE,
    ESCALATION_PURPOSE,
    GIVEN_PURPOSE,
    REMINDER_PURPOSE,
)
from projectdesk.services.action_rows import ActionRow
from projectdesk.services.mail_accounts import sender as usual_sender
from projectdesk.services.mail_files import unused, writing_into
from projectdesk.services.queries.meetings import organiser
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace

_PURPOSES: Final = {
    ActionOccasion.GIVEN: GIVEN_PURPOSE,
    ActionOccasion.REMINDER: REMINDER_PURPOSE,
    ActionOccasion.DIGEST: DIGEST_PURPOSE,
    ActionOccasion.ESCALATION: ESCALATION_PURPOSE,
}


@dataclass(frozen=True)
class ActionMail:
    """A finished mail to one person. subject, text: as they are in it; html: the same as a page."""

    person_id: UUID
    name: str
    recipient: str
    subject: str
    text: str
    html: str
    occasion: ActionOccasion
    action_ids: tuple[UUID, ...]
    message: EmailMessage


class Composer:
    """Who writes, by which links, and where the mails go: the outbox, or files in a folder."""

    def __init__(
        self, workspace: Workspace, urls: Mapping[UUID, str], folder: Path | None = None
    ) -> None:
        self.sender = usual_sender(workspace)
        self.urls = urls
        self.folder = folder
        self._workspace = workspace
        self._names: dict[UUID, str] = {}

    def signed_by(self, project_id: UUID) -> str:
        """Return who stands under a mail."""
        if self.sender.name:
            return self.sender.name
        if project_id not in self._names:
            self._names[project_id] = organiser(self._workspace, project_id)
        return self._names[project_id]

    def deliver(self, unit: Unit, mail: ActionMail, first: ActionRow) -> None:
        """Queue a mail, or write it to a file.

        Raises:
            EnvironmentFailure: `folder_unusable`.
        """
        if self.folder is not None:
            save_mails([mail], self.folder)
            return
        private = any(not opens_elsewhere(url) for url in self.urls.values())
        queue(unit, mail, first, private_links=private)

    def compose(
        self,
        occasion: ActionOccasion,
        person: Person,
        rows: Sequence[ActionRow],
        now: datetime,
        days: int = 0,
    ) -> ActionMail | None:
        """Return the mail to somebody of these actions; None without one or an address."""
        if not rows or not person.email:
            return None
        lead = occasion is ActionOccasion.ESCALATION
        partner = next((row.partner for row in rows if row.partner), rows[0].person)
        letter = ActionLetter(
            language=language_of(tuple(person.languages)),
            occasion=occasion,
            name=person.name,
            organiser=self.signed_by(rows[0].project_id),
            today=now.date(),
            lines=[_line(row, "" if lead else self.urls.get(row.id, ""), now.date(), lead)
                   for row in rows],
            partner=partner if lead else "",
            days=days,
        )  # fmt: skip
        text, html = as_text(letter), as_html(letter)
        message = compose(
            sender=self.sender,
            recipient=Mailbox(person.email, person.name),
            subject=letter.subject,
            text=text,
            html=html,
            message_id=new_message_id(self.sender.address, new_id()),
            date=now,
            automatic=occasion is not ActionOccasion.GIVEN,
        )
        ids = tuple(row.id for row in rows)
        if not lead:
            message[ACTIONS_HEADER] = " ".join(each.hex for each in ids)
        return ActionMail(
            person.id, person.name, person.email, letter.subject, text, html, occasion, ids, message
        )


def _line(row: ActionRow, link: str, today: date, lead: bool) -> ActionLine:
    return ActionLine(
        project=row.project,
        label=row.label,
        text=row.text,
        due_on=row.due_on,
        days_late=days_late(row.status, row.due_on, today),
        this_week=due_this_week(row.status, row.due_on, today),
        first_due_on=row.first_due_on,
        meeting=row.meeting,
        related=row.related,
        owner=row.person if lead else "",
        link=link,
    )


def queue(unit: Unit, mail: ActionMail, first: ActionRow, *, private_links: bool = False) -> None:
    """Queue a mail. One of a single action is about it, so that the action can take it back."""
    alone = len(mail.action_ids) == 1 and mail.occasion is not ActionOccasion.ESCALATION
    outbox.queue(
        unit,
        purpose=_PURPOSES[mail.occasion],
        recipient=mail.recipient,
        message=mail.message,
        project_id=first.project_id,
        person_id=mail.person_id,
        record_id=first.id if alone else None,
        private_links=private_links,
    )


def save_mails(mails: Iterable[ActionMail], folder: Path) -> list[Path]:
    """Write mails to files that a mail program opens and sends (X-Unsent); return where.

    Raises:
        EnvironmentFailure: `folder_unusable`.
    """
    written = []
    with writing_into(folder):
        for mail in mails:
            path = unused(folder, f"{mail.occasion.value} {mail.recipient}")
            path.write_bytes(as_unsent(as_bytes(mail.message)))
            written.append(path)
    return written


def opens_elsewhere(link: str) -> bool:
    """Return whether a link opens outside of this computer and its network."""
    return bool(link) and not is_private_host(urlsplit(link).hostname or "")
