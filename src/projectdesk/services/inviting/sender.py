"""Whose mail invitations are."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from projectdesk.domain.meetings import CallRole
from projectdesk.domain.rules.validation import email
from projectdesk.errors import DomainError
from projectdesk.mail.address import Mailbox
from projectdesk.services import mail_accounts
from projectdesk.services.mine import is_me
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def known_sender(workspace: Workspace, meeting_id: UUID) -> Mailbox | None:
    """Return whose mail the invitations to a meeting are; None = not known.

    That of the mail account; without one I; before I said who I am or how I am written to, who
    chairs the meeting.
    """
    account = mail_accounts.account(workspace.data)
    if account is not None:
        return account.mailbox
    with workspace.read() as session:
        return _me(session) or _chair(session, meeting_id)


def sender_of(workspace: Workspace, meeting_id: UUID, given: str = "") -> Mailbox:
    """Return whose mail the invitations to a meeting are.

    Args:
        workspace: the open data.
        meeting_id: which meeting.
        given: an address that somebody named, "" = as it is known.

    Raises:
        DomainError: `no_sender`; `bad_email`.
    """
    known = known_sender(workspace, meeting_id)
    if given:
        address = email(given)
        if known is not None and known.address.casefold() == address.casefold():
            return known
        return Mailbox(address)
    if known is None:
        raise DomainError(
            "no_sender",
            "Nobody knows yet from which address you write. Set up a mail account, or give "
            "yourself an e-mail address in the directory.",
        )
    return known


def check_can_send(workspace: Workspace) -> None:
    """Refuse to queue mail that nothing would ever send.

    Raises:
        DomainError: `no_mail_account`.
    """
    if mail_accounts.account(workspace.data) is None:
        raise DomainError(
            "no_mail_account",
            "No mail account is set up on this computer, so nothing can be sent. Set one up under "
            "Mail, or have the invitations written to files for your mail program.",
        )


def _me(session: Session) -> Mailbox | None:
    person = schema.person.c
    row = session.execute(
        select(person.given_name, person.family_name, person.email)
        .where(is_me(session), person.email != "")
        .limit(1)
    ).first()
    return None if row is None else Mailbox(row.email, f"{row[0]} {row[1]}".strip())


def _chair(session: Session, meeting_id: UUID) -> Mailbox | None:
    person, invitation = schema.person.c, schema.invitation.c
    rank = case((invitation.role == CallRole.CHAIR, 0), (invitation.role == CallRole.COHOST, 1))
    row = session.execute(
        select(person.given_name, person.family_name, person.email)
        .join_from(schema.invitation, schema.person)
        .where(
            invitation.meeting_id == meeting_id,
            invitation.role.in_((CallRole.CHAIR, CallRole.COHOST)),
            person.email != "",
        )
        .order_by(rank, invitation.id)
        .limit(1)
    ).first()
    return None if row is None else Mailbox(row.email, f"{row[0]} {row[1]}".strip())
