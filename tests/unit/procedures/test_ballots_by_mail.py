"""Votes in a written procedure that come by mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select, update

from projectdesk.domain.consortium import Person
from projectdesk.domain.voting import Vote, VoteResult
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.mail.ballot_letter import BallotOccasion
from projectdesk.services import commands, inbox, mail_accounts
from projectdesk.services.inbox_heard import note_read
from projectdesk.services.procedure_desks import ballot_links
from projectdesk.services.procedure_mail import compose_ballot_mails, mail_members
from projectdesk.store import schema
from tests.unit.procedures.conftest import EARLIEST, URL, Procedure


@pytest.fixture
def asked(opened: Procedure) -> Procedure:
    """Members were asked by mail."""
    workspace = opened.workspace
    server = MailServer(host="mail.example.org", port=587)
    mail_accounts.save(
        workspace.data, MailAccount(address="maya@example.org", name="Maya Test", smtp=server)
    )
    links = ballot_links(workspace, opened.id, URL)
    mail_members(workspace, opened.id, links, {link.seat_id for link in links})
    return opened


def mails(procedure: Procedure, purpose: str) -> list:
    table = schema.outgoing_mail
    with procedure.workspace.read() as session:
        return list(session.execute(select(table).where(table.c.purpose == purpose)))


def text_of(content: bytes) -> str:
    body = message_from_bytes(content, policy=policy.default).get_body(("plain",))
    assert body is not None
    return body.get_content()


def reply(
    procedure: Procedure,
    partner: str,
    text: str,
    *,
    sender: str = "",
    number: int = 1,
    at: datetime | None = None,
):
    """Answer the mail that a member got; return what became of it."""
    seat = procedure.seat(partner)
    (ours,) = [row for row in mails(procedure, "written-procedure") if row.record_id == seat.id]
    content = (
        f"From: {sender or seat.email}\r\nTo: maya@example.org\r\nSubject: Re\r\n"
        f"Message-ID: <r{number}@example.org>\r\nIn-Reply-To: {ours.message_id}\r\n\r\n{text}\r\n"
    )
    received = at or procedure.workspace.now()
    taken = inbox.take(procedure.workspace, content.encode(), received).taken
    assert taken is not None
    return taken


def test_a_vote_by_mail_counts_and_is_confirmed(asked):
    taken = reply(asked, "LAB", "Against.\nWP2 needs it.")
    assert taken.outcome == "answer_taken"
    assert asked.votes()["LAB"] == "against"
    assert asked.seat("LAB").comment == "WP2 needs it."
    (mail,) = mails(asked, "written-procedure-reply")
    assert mail.recipient == asked.seat("LAB").email
    assert "Your vote: against." in text_of(mail.content)
    reply(asked, "LAB", "For.", number=2)
    assert asked.votes()["LAB"] == "for"


def test_only_the_members_own_address_votes(asked):
    assert reply(asked, "LAB", "For.", sender="m@evil.example").outcome == "answer_of_nobody"
    assert asked.votes()["LAB"] == ""
    assert mails(asked, "written-procedure-reply") == []


def test_what_is_not_clear_is_looked_at_by_a_person(asked):
    taken = reply(asked, "LAB", "For.\nBut only if WP3 agrees.")
    assert taken.outcome == "answer_unclear"
    assert "to be looked at" in taken.detail
    assert asked.votes()["LAB"] == ""


def test_a_secret_vote_is_refused_with_the_reason(asked):
    with asked.workspace.change("Make it secret") as unit:
        unit.get(Vote, asked.id).secret = True
    reply(asked, "LAB", "For.")
    assert asked.votes()["LAB"] == ""
    (mail,) = mails(asked, "written-procedure-reply")
    assert "The vote is secret" in text_of(mail.content)


def test_what_comes_after_the_end_does_not_count(asked):
    commands.cancel_procedure(asked.workspace, asked.id)
    assert reply(asked, "LAB", "For.").outcome == "answer_late"
    assert asked.votes()["LAB"] == ""


def test_the_code_says_whose_mail_it_is_and_its_words_are_read(asked):
    seat = asked.seat("LAB")
    with asked.workspace.change("Read German") as unit:
        unit.get(Person, seat.voter_id).languages = ["de"]
    links = ballot_links(asked.workspace, asked.id, URL)
    (mail,) = compose_ballot_mails(
        asked.workspace, asked.id, links, BallotOccasion.QUESTION, {seat.id}
    )
    assert "„dafür“" in mail.text or "“dafür”" in mail.text
    quoted = "\r\n".join(f"> {line}" for line in mail.text.splitlines())
    content = (
        f"From: {seat.email}\r\nTo: maya@example.org\r\nSubject: Re\r\nMessage-ID: <c@e>\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\ndafür\r\n\r\n{quoted}\r\n"
    )
    inbox.take(asked.workspace, content.encode(), asked.workspace.now())
    assert asked.votes()["LAB"] == "for"


def test_a_procedure_closes_itself_once_votes_by_mail_were_read(asked, host, clock):
    workspace = asked.workspace
    with workspace.change("They go out") as unit:
        unit.session.execute(update(schema.outgoing_mail).values(state="sent"))
    note_read(workspace, "maya@example.org", clock.now)
    host.vote("UNI", "for")
    host.vote("LAB", "for")
    clock.now = EARLIEST + timedelta(minutes=5)
    host.collect()
    assert commands.settle_procedures(workspace).closed == ()
    reply(asked, "FIRM", "For.", at=EARLIEST - timedelta(hours=1))
    note_read(workspace, "maya@example.org", clock.now)
    (closed,) = commands.settle_procedures(workspace).closed
    assert closed.result is VoteResult.CARRIED
