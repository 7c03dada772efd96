"""The outbox: what is queued with a change, and what is taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from uuid import uuid4

import pytest
from sqlalchemy import select

from projectdesk.domain.consortium import Person
from projectdesk.errors import DomainError, NotFound
from projectdesk.mail.address import Mailbox
from projectdesk.mail.message import compose, new_message_id
from projectdesk.services import outbox
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def letter(recipient: str = "ben@example.com", subject: str = "Kick-off") -> EmailMessage:
    return compose(
        sender=Mailbox("ada@example.org", "Ada"),
        recipient=Mailbox(recipient),
        subject=subject,
        text="Dear Ben",
        message_id=new_message_id("ada@example.org", uuid4()),
        date=datetime(2026, 3, 2, tzinfo=UTC),
    )


def states(workspace: Workspace) -> list[str]:
    with workspace.read() as session:
        return list(session.scalars(select(schema.outgoing_mail.c.state)))


def test_a_mail_is_queued_with_its_change_or_not_at_all(workspace: Workspace) -> None:
    with workspace.change("Invite") as unit:
        mail_id = outbox.queue(
            unit, purpose="invitation", recipient="ben@example.com", message=letter()
        )
    with workspace.read() as session:
        row = session.execute(select(schema.outgoing_mail)).one()
    assert (row.id, row.state, row.author) == (mail_id, "queued", "ada@example.org")
    assert row.content.startswith(b"From: ")


def test_a_mail_of_a_change_that_failed_is_not_there(workspace: Workspace) -> None:
    try:
        with workspace.change("Invite") as unit:
            outbox.queue(unit, purpose="invitation", recipient="ben@example.com", message=letter())
            unit.get(Person, uuid4())
    except NotFound:
        pass
    assert states(workspace) == []


def test_one_message_goes_to_one_person(workspace: Workspace) -> None:
    both = letter()
    del both["To"]
    both["To"] = "ben@example.com, cleo@example.com"
    for message, recipient in ((letter(), "cleo@example.com"), (both, "ben@example.com")):
        with pytest.raises(DomainError) as caught, workspace.change("Invite") as unit:
            outbox.queue(unit, purpose="invitation", recipient=recipient, message=message)
        assert caught.value.code == "mail_recipient"
    assert states(workspace) == []


def test_what_waits_is_taken_back(workspace: Workspace) -> None:
    meeting = uuid4()
    with workspace.change("Invite") as unit:
        for purpose, about in (("invitation", meeting), ("reminder", meeting), ("reminder", None)):
            outbox.queue(
                unit,
                purpose=purpose,
                recipient="ben@example.com",
                message=letter(),
                meeting_id=about,
            )
    with workspace.change("Take back") as unit:
        assert outbox.cancel(unit, meeting_id=meeting, purpose="reminder") == 1
    assert sorted(states(workspace)) == ["cancelled", "queued", "queued"]
    with pytest.raises(ValueError, match="which"), workspace.change("Take back") as unit:
        outbox.cancel(unit)
