"""Pictures of mail: the outbox, what came in, and the account."""

from __future__ import annotations

from datetime import timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import insert, update

from projectdesk.desktop.pages.mail import MailPage
from projectdesk.desktop.pages.settings import SettingsPage
from projectdesk.desktop.routes import Place
from projectdesk.domain.identity import new_id
from projectdesk.mail.account import Inbox, MailAccount, MailServer, Security
from projectdesk.mail.address import Mailbox
from projectdesk.mail.message import Attachment, compose, new_message_id
from projectdesk.screens.stage import NOW, Stage
from projectdesk.services import mail_accounts, outbox, queries
from projectdesk.services.meeting_hosts import keep_server
from projectdesk.services.outbox import MailState
from projectdesk.services.queries import mail as mail_queries
from projectdesk.services.rows import MeetingRow
from projectdesk.services.sending import PRIVATE_LINKS
from projectdesk.store import schema

_ADDRESS = "ines.carvalho@uporto.example.org"
_TEXT = """Dear {name},

{title} takes place on 12 January 2027, 10:00 in Porto (11:00 in Copenhagen, 05:00 in Boston).

Your personal link to join, which is yours alone:
https://meet.aurora-project.eu/r/kx7mprq2bd#...

Can you come? Answer with one click, by your calendar, or by replying to this mail.

Inês Carvalho
"""
_SERVER = "https://meet.aurora-project.eu"
_WORDS = {
    MailState.SENT: "250 2.0.0 OK, queued as 4XyZ81",
    MailState.REFUSED: "550 5.1.1 <{address}>: no such user here",
    MailState.UNCERTAIN: "The connection broke.",
    MailState.QUEUED: "",
}
_SAID = ("accepts", "declines", "accepts tentatively")


def waiting(stage: Stage) -> None:
    """Show an outbox of which some was delivered, some refused, and of one nobody knows."""
    _set_up(stage)
    _fill(stage)
    stage.go(Place.MAIL, tab="all")


def refused(stage: Stage) -> None:
    """Show a mail that the server refused, with its words."""
    _open(stage, MailState.REFUSED)


def uncertain(stage: Stage) -> None:
    """Show a mail of which nobody knows whether it arrived."""
    _open(stage, MailState.UNCERTAIN)


def handed(stage: Stage) -> None:
    """Show a reminder that a server sends at its time."""
    _set_up(stage)
    _fill(stage)
    _hand_over(stage)
    stage.go(Place.MAIL, tab="waiting")
    page = cast(MailPage, stage.workbench.page(Place.MAIL))
    stage.settle()
    shown = next(row for row in page.outbox.records.table.rows if row.state is MailState.HANDED)
    page.outbox.records.select(shown.id)
    stage.settle()


def received(stage: Stage) -> None:
    """Show the answers that came by mail."""
    _set_up(stage)
    _fill(stage)
    stage.go(Place.MAIL, tab="received")


def nothing(stage: Stage) -> None:
    """Show the page of mail before anything was sent."""
    stage.go(Place.MAIL)


def no_account(stage: Stage) -> None:
    """Show mails that wait because there is no account."""
    _fill(stage)
    mail_accounts.forget(stage.workspace.data, stage.workspace.secrets)
    stage.workbench.mailing.renewed.emit()
    stage.go(Place.MAIL, tab="waiting")


def settings(stage: Stage) -> None:
    """Show the account in Settings."""
    _set_up(stage)
    page = _settings(stage)
    page.mail.load()
    stage.settle()


def account(stage: Stage) -> None:
    """Show the dialog of the account."""
    _set_up(stage)
    page = _settings(stage)
    page.mail.load()
    stage.settle()
    page.mail.ask_account()


def later(stage: Stage) -> None:
    """Show the dialog of an account whose mail, due later, a server sends; it refuses just now."""
    _set_up(stage)
    keep_server(stage.workspace, _SERVER, "Team server", "pdk_shown")
    page = _settings(stage)
    page.mail.load()
    stage.settle()
    dialog = page.mail.ask_account()
    dialog.form.rows["later_server"].editor.set_value(_SERVER)
    dialog.show_problem_of(
        "later_server",
        "The server sends no mail of uporto.example.org for this computer's API key, only of: "
        "aurora-project.eu.",
    )


def guessed(stage: Stage) -> None:
    """Show the dialog of a new account, whose servers were found by its address."""
    mail_accounts.forget(stage.workspace.data, stage.workspace.secrets)
    page = _settings(stage)
    page.mail.load()
    stage.settle()
    dialog = page.mail.ask_account()
    dialog.form.rows["address"].editor.set_value("ines.carvalho@gmail.com")
    dialog.form.entered.emit("address", "ines.carvalho@gmail.com")
    dialog.show_problem_of(
        "password",
        "smtp.gmail.com does not accept the name or the password: 535 5.7.8 Username and Password "
        "not accepted. Many providers ask for an app password, or for signing in with the browser.",
    )


def home(stage: Stage) -> None:
    """Show Home when mail was refused."""
    _set_up(stage)
    _fill(stage)
    stage.go(Place.HOME)


def _settings(stage: Stage) -> SettingsPage:
    stage.go(Place.SETTINGS, tab="mail")
    page = cast(SettingsPage, stage.workbench.page(Place.SETTINGS))
    stage.settle()
    return page


def _open(stage: Stage, state: MailState) -> None:
    waiting(stage)
    page = cast(MailPage, stage.workbench.page(Place.MAIL))
    shown = next(row for row in page.outbox.records.table.rows if row.state is state)
    page.outbox.records.select(shown.id)
    stage.settle()


def _hand_over(stage: Stage) -> None:
    """Let a server have two reminders."""
    ahead = [row for row in queries.meetings(stage.workspace) if row.starts_at > NOW]
    meeting = min(ahead, key=lambda row: row.starts_at)
    people = [p for p in queries.people(stage.workspace, meeting.project_id) if p.email][:2]
    for number, person in enumerate(people):
        _queue(
            *(stage, meeting, person.name, person.email, person.id),
            *(MailState.QUEUED, "", number),
        )
    mail = schema.outgoing_mail
    with stage.workspace.change("Hand over") as unit:
        unit.session.execute(
            update(mail)
            .where(mail.c.state == MailState.QUEUED, mail.c.person_id.in_([p.id for p in people]))
            .values(
                state=MailState.HANDED.value,
                purpose="reminder",
                subject=f"Reminder: {meeting.title} ({meeting.project}), "
                f"{meeting.local_start:%a %d %B, %H:%M} {meeting.zone.rpartition('/')[2]}",
                sender=_SERVER,
                due_at=meeting.starts_at - timedelta(days=1),
                tried_at=NOW,
            )
        )


def _set_up(stage: Stage) -> None:
    stage.workbench.mailing.stop()  # nothing is spoken to in a picture
    stage.workbench.coming.handing.stop()
    mail_accounts.save(
        stage.workspace.data,
        MailAccount(
            _ADDRESS,
            "Inês Carvalho",
            MailServer("smtp.uporto.example.org", 587, Security.STARTTLS),
            Inbox(MailServer("imap.uporto.example.org", 993, Security.TLS)),
        ),
    )
    known = mail_accounts.account(stage.workspace.data)
    if known is not None:
        mail_accounts.keep_password(stage.workspace.secrets, known, "shown")
    stage.workbench.mailing.renewed.emit()


def _fill(stage: Stage) -> None:
    """Put mails of every state into the outbox, and answers into what was read."""
    stage.workbench.mailing.stop()
    workspace = stage.workspace
    if mail_queries.outbox(workspace):
        return
    meeting = queries.meetings(workspace)[0]
    people = [p for p in queries.people(workspace, meeting.project_id) if p.email][:7]
    states = (
        *(MailState.SENT,) * 3,
        MailState.REFUSED,
        MailState.UNCERTAIN,
        MailState.QUEUED,
        MailState.REFUSED,
    )
    for number, (person, state) in enumerate(zip(people, states, strict=False)):
        local = number == len(states) - 1
        words = (
            PRIVATE_LINKS.format(links="https://192.168.1.20:8443")
            if local
            else _WORDS[state].format(address=person.email)
        )
        _queue(stage, meeting, person.name, person.email, person.id, state, words, number)
    with workspace.change("Answers") as unit:
        for number, person in enumerate(people[:3]):
            unit.session.execute(
                insert(schema.incoming_mail).values(
                    message_id=f"<answer-{number}@example.org>",
                    received_at=NOW - timedelta(hours=number + 1),
                    read_at=NOW - timedelta(minutes=50 * number + 5),
                    sender=person.email,
                    subject=f"{('Accepted', 'Declined', 'Tentative')[number]}: {meeting.title}",
                    meeting_id=meeting.id,
                    person_id=person.id,
                    outcome="answer_taken",
                    detail=f"{person.name} {_SAID[number]}.",
                )
            )


def _queue(
    stage: Stage,
    meeting: MeetingRow,
    name: str,
    address: str,
    person: UUID,
    state: MailState,
    words: str,
    number: int,
) -> None:
    message = compose(
        sender=Mailbox(_ADDRESS, "Inês Carvalho"),
        recipient=Mailbox(address, name),
        subject=f"Invitation: {meeting.title}",
        text=_TEXT.format(name=name, title=meeting.title),
        message_id=new_message_id(_ADDRESS, new_id()),
        date=NOW,
        attachments=[Attachment("agenda.pdf", b"x" * 48_200, "application/pdf")],
    )
    with stage.workspace.change("Invite") as unit:
        mail = outbox.queue(
            unit,
            purpose="invitation",
            recipient=address,
            message=message,
            project_id=meeting.project_id,
            meeting_id=meeting.id,
            person_id=person,
        )
        sent = state is MailState.SENT
        unit.session.execute(
            update(schema.outgoing_mail)
            .where(schema.outgoing_mail.c.id == mail)
            .values(
                state=state.value,
                reply=words,
                made_at=NOW - timedelta(minutes=30 - number),
                due_at=NOW + timedelta(hours=20)
                if state is MailState.QUEUED
                else NOW - timedelta(minutes=30),
                tried_at=None if state is MailState.QUEUED else NOW - timedelta(minutes=29),
                sent_at=NOW - timedelta(minutes=29) if sent else None,
                attempts=0 if state is MailState.QUEUED else 1,
            )
        )
