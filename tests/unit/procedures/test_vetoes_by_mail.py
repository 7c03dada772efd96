"""Vetoes against the result of a written procedure that come by mail."""

from __future__ import annotations

from datetime import timedelta

import pytest

from projectdesk.domain.rules.veto_replies import SaidVeto, read_veto_reply
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.services import commands, inbox, mail_accounts, queries
from projectdesk.services.procedure_desks import ballot_links
from projectdesk.services.procedure_mail import mail_members
from tests.unit.procedures.conftest import URL, Procedure
from tests.unit.procedures.test_ballots_by_mail import mails, text_of


@pytest.fixture
def told(opened: Procedure, clock) -> Procedure:
    """It was carried, and the members were told by mail."""
    workspace = opened.workspace
    server = MailServer(host="mail.example.org", port=587)
    mail_accounts.save(
        workspace.data, MailAccount(address="maya@example.org", name="Maya Test", smtp=server)
    )
    links = ballot_links(workspace, opened.id, URL)
    mail_members(workspace, opened.id, links, {link.seat_id for link in links})
    opened.enter(UNI="for", LAB="for", FIRM="for", GHOST="abstain")
    commands.close_procedure(workspace, opened.id, tell=True, even_if_early=True)
    clock.advance(hours=1)
    return opened


def reply(procedure: Procedure, partner: str, text: str, *, sender: str = "", number: int = 1):
    """Answer the result that a member was told; return what became of it."""
    seat = procedure.seat(partner)
    (ours,) = [
        row for row in mails(procedure, "written-procedure-result") if row.record_id == seat.id
    ]
    content = (
        f"From: {sender or seat.email}\r\nTo: maya@example.org\r\nSubject: Re\r\n"
        f"Message-ID: <v{number}@example.org>\r\nIn-Reply-To: {ours.message_id}\r\n\r\n{text}\r\n"
    )
    taken = inbox.take(procedure.workspace, content.encode(), procedure.workspace.now()).taken
    assert taken is not None
    return taken


def vetoes(procedure: Procedure) -> list[tuple[str, str]]:
    decision = procedure.vote.decision_id
    assert decision is not None
    found = queries.decision_detail(procedure.workspace, decision)
    return [(each.partner, each.reason) for each in found.vetoes if each.state.value == "raised"]


def test_a_veto_by_mail_counts_is_confirmed_and_taken_back(told):
    (letter,) = [
        text_of(row.content)
        for row in mails(told, "written-procedure-result")
        if row.record_id == told.seat("LAB").id
    ]
    assert "begin a line with “Veto:”" in letter
    taken = reply(told, "LAB", "Dear Maya,\n\nVeto: our crew is bound elsewhere.\nUntil May.")
    assert taken.outcome == "answer_taken"
    assert vetoes(told) == [("LAB", "our crew is bound elsewhere.\nUntil May.")]
    (mail,) = mails(told, "written-procedure-reply")
    assert "Your veto: our crew is bound elsewhere." in text_of(mail.content)
    reply(told, "LAB", "I withdraw my veto.", number=2)
    assert vetoes(told) == []


@pytest.mark.full
def test_who_else_writes_and_what_is_not_clear_vetoes_nothing(told):
    text = "Veto: our crew is bound."
    assert reply(told, "LAB", text, sender="m@evil.example").outcome == "answer_of_nobody"
    for number, unclear in enumerate(
        ("Veto", "Veto, if WP3 pays.", "Veto D99: our crew is bound."), 5
    ):
        taken = reply(told, "LAB", unclear, number=number)
        assert taken.outcome == "answer_unclear"
        assert "to be looked at" in taken.detail
    assert reply(told, "LAB", "For.", number=9).outcome == "answer_late"
    assert vetoes(told) == []


@pytest.mark.full
def test_after_its_time_a_veto_does_not_count_and_its_sender_is_told(told, clock):
    clock.now = told.vote.veto_until + timedelta(minutes=1)
    assert reply(told, "LAB", "Veto: our crew is bound.").outcome == "answer_late"
    assert vetoes(told) == []
    (mail,) = mails(told, "written-procedure-reply")
    assert "The time for a veto is over" in text_of(mail.content)


@pytest.mark.parametrize(
    ("text", "number", "reason"),
    [
        ("Veto D7: our crew is bound", 7, "our crew is bound"),
        ("Veto\nOur crew is bound", None, "Our crew is bound"),
        ("D7: veto, our IPR is affected", 7, "our IPR is affected"),
        ("We veto decision D7 because it costs us", 7, "because it costs us"),
        ("Wir legen Veto ein: unsere Kosten", None, "unsere Kosten"),
        ("Je mets mon véto à la décision D3\N{NO-BREAK SPACE}: nos coûts", 3, "nos coûts"),
        ("Zgłaszam weto wobec decyzji TIDE-D5: koszty rosną", 5, "koszty rosną"),
        ("Interponemos veto: nuestros costes", None, "nuestros costes"),
        ("Poniamo il veto alla decisione D2: i nostri costi", 2, "i nostri costi"),
        ("Vi nedlægger veto mod D4: vores udgifter", 4, "vores udgifter"),
        ("نقض القرار D5: تتضاعف تكاليفنا", 5, "تتضاعف تكاليفنا"),
        ("I withdraw my veto against D7.", 7, ""),
    ],
)
def test_a_line_that_begins_as_a_veto_is_read(text, number, reason):
    found = read_veto_reply(text)
    assert (found.vetoes, found.unclear) == ((SaidVeto(number, reason),), "")


@pytest.mark.parametrize(
    "text",
    [
        "No veto from us.",
        "We have no veto.",
        "Veto rights on D7 were not recorded",
        "Veto D7 was discussed on page 3",
        "We veto nothing of this",
        "> Veto D7: quoted words of ours",
    ],
)
def test_what_only_speaks_of_a_veto_is_none(text):
    assert read_veto_reply(text).vetoes == ()
