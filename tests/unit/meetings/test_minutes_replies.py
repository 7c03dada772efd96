"""Answers to circulated minutes that come by mail."""

from __future__ import annotations

import email
from email import policy
from uuid import UUID

import pytest
from sqlalchemy import select

from projectdesk.domain.consortium import Person
from projectdesk.domain.minutes import Decision, Minutes, MinutesReader
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.domain.voting import Veto, VetoState
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.services import audit, commands, inbox, mail_accounts, minutes_mail, queries
from projectdesk.services.queries.minutes_life import minutes_life
from projectdesk.store import schema
from tests.unit.meetings.circulating import answer, circulated, decide, gather
from tests.unit.meetings.circulating import assembly as assembly
from tests.unit.meetings.circulating import plain_pdf as plain_pdf
from tests.unit.meetings.circulating import written as written


def reply(workspace, reader: MinutesReader, text: str, sender: str, number: int = 1) -> inbox.Read:
    newest = minutes_life(workspace, workspace_meeting(workspace, reader)).newest
    code = minutes_mail.minutes_code(reader.desk, newest.audit_head)
    content = (
        f"From: {sender}\r\nTo: maya@example.org\r\nSubject: Re: Minutes\r\n"
        f"Message-ID: <r{number}@example.org>\r\n\r\n{text}\r\n\r\n> Minutes {code}\r\n"
    )
    return inbox.take(workspace, content.encode(), workspace.now())


def workspace_meeting(workspace, reader: MinutesReader) -> UUID:
    with workspace.read() as session:
        return session.get_one(Minutes, reader.minutes_id).meeting_id


def test_an_answering_mail_is_a_receipt_and_its_text_an_objection(workspace, written):
    rui = circulated(workspace, written)["Rui"]
    thanks = reply(workspace, rui, "Received, thanks.", "rui@example.org")
    assert thanks.taken.outcome == "answer_taken"
    assert minutes_life(workspace, written).received == 1
    assert minutes_life(workspace, written).objections == ()
    reply(workspace, rui, "It was 10 kEUR.", "rui@example.org", 2)
    reply(workspace, rui, "It was 10 kEUR.", "rui@example.org", 2)  # the same mail, read twice
    (row,) = minutes_life(workspace, written).objections
    assert (row.text, row.name) == ("It was 10 kEUR.", "Rui Test")


def test_a_forwarded_mail_answered_by_somebody_else_does_not_count(workspace, written):
    rui = circulated(workspace, written)["Rui"]
    other = reply(workspace, rui, "It was 10 kEUR.", "mallory@example.org")
    assert other.taken.outcome == "answer_of_nobody"
    now = minutes_life(workspace, written)
    assert (now.received, now.objections) == (0, ())


def test_a_mail_after_the_window_is_noted_only(workspace, clock, written):
    rui = circulated(workspace, written)["Rui"]
    clock.advance(days=20)
    late = reply(workspace, rui, "It was 10 kEUR.", "rui@example.org")
    assert late.taken.outcome == "answer_late"
    assert minutes_life(workspace, written).objections == ()


def vetoed(workspace, decision: UUID) -> list[tuple[str, str]]:
    with workspace.read() as session:
        rows = session.scalars(select(Veto).where(schema.veto.c.decision_id == decision))
        return [(row.reason, row.state.value) for row in rows]


def test_a_party_vetoes_by_mail_what_it_may(workspace, consortium, written):
    decision = decide(workspace, written)
    label = queries.decision_detail(workspace, decision).decision.label
    kiri = circulated(workspace, written)["Kiri"]  # of FIRM, which has no seat
    text = f"Thanks, received.\n\nVeto {label}: our field work has no crew."
    strange = reply(workspace, kiri, text, "mallory@example.org")
    assert strange.taken.outcome == "answer_of_nobody"
    taken = reply(workspace, kiri, text, "kiri@example.org", 2).taken
    assert taken.outcome == "answer_taken"
    assert taken.detail.endswith("veto against D1: our field work has no crew.")
    assert vetoed(workspace, decision) == [("our field work has no crew.", "raised")]
    assert minutes_life(workspace, written).objections == ()
    newest = minutes_life(workspace, written).newest
    steps = [row.step for row in audit.trail(workspace, newest.id)]
    assert steps.count(AuditStep.VETOED) == 1
    reply(workspace, kiri, f"I withdraw my veto against {label}.", "kiri@example.org", 3)
    assert vetoed(workspace, decision) == [("our field work has no crew.", "withdrawn")]


def confirmations(workspace) -> list[tuple[str, str, str]]:
    """Return recipient, state and words of what was written about vetoes, the first one first."""
    mail = schema.outgoing_mail.c
    query = select(mail.recipient, mail.state, mail.content).where(
        mail.purpose == "minutes-veto-reply"
    )
    with workspace.read() as session:
        rows = session.execute(query.order_by(mail.id)).all()
    parsed = [(row, email.message_from_bytes(row.content, policy=policy.default)) for row in rows]
    return [
        (row.recipient, row.state, f"{made['Subject']}\n{made.get_body(('plain',)).get_content()}")
        for row, made in parsed
    ]


def test_a_veto_by_mail_is_confirmed_once_to_who_gave_it(workspace, consortium, written):
    server = MailServer(host="mail.example.org", port=587)
    mail_accounts.save(workspace.data, MailAccount("maya@example.org", "Maya Test", smtp=server))
    with workspace.change("Speak German") as unit:
        unit.get(Person, consortium.people["Kiri"]).languages = ["de"]
    label = queries.decision_detail(workspace, decide(workspace, written)).decision.label
    kiri = circulated(workspace, written)["Kiri"]
    text = f"Veto {label}: our field work has no crew."
    reply(workspace, kiri, text, "mallory@example.org")
    assert confirmations(workspace) == [], "nobody is written what somebody else said"
    for _ in range(2):  # the same mail, read twice
        reply(workspace, kiri, text, "Kiri <KIRI@example.org>", 2)
    ((recipient, state, words),) = confirmations(workspace)
    assert (recipient, state) == ("kiri@example.org", "queued")
    assert words.startswith("Ihr Veto ist vermerkt: ")
    assert "Ihr Veto: our field work has no crew." in words
    reply(workspace, kiri, "I withdraw my veto.", "kiri@example.org", 3)
    first, second = confirmations(workspace)
    assert first == (recipient, state, words), "each mail is answered, in order"
    assert second[2].startswith("Ihr Veto ist zurückgenommen: ")
    assert second[1] == "queued"


def test_a_veto_counts_beside_the_veto_of_another_and_each_decision_is_judged_alone(
    workspace, consortium, written
):
    decision, other = decide(workspace, written), decide(workspace, written)
    readers = circulated(workspace, written)
    lab = consortium.partners["LAB"]
    commands.raise_veto(workspace, decision, lab, "It takes our budget.")
    kiri, text = readers["Kiri"], "our field work has no crew."
    said = reply(workspace, kiri, f"Veto D1: {text}", "kiri@example.org").taken
    assert said.outcome == "answer_taken"
    assert vetoed(workspace, decision) == [("It takes our budget.", "raised"), (text, "raised")]
    with workspace.change("Admit it not") as unit:
        query = select(Veto).where(schema.veto.c.reason == text)
        unit.session.scalars(query).one().state = VetoState.NOT_ADMITTED
    again = reply(workspace, kiri, f"Veto D1: {text}", "kiri@example.org", 2).taken
    assert again.outcome == "answer_late", "LAB's veto is not theirs"
    both = f"Veto D2: it binds our ship.\nVeto D1: {text}"
    part = reply(workspace, kiri, both, "kiri@example.org", 3).taken
    assert part.outcome == "answer_taken"
    assert "D1 takes no veto of theirs any more" in part.detail
    assert vetoed(workspace, other) == [("it binds our ship.", "raised")]
    back = "I withdraw my veto against D1."
    strange = reply(workspace, readers["Rui"], back, "rui@example.org", 4).taken
    assert strange.outcome == "answer_unclear", "who wrote LAB's veto down is not known"
    same = "Veto D1: It takes our budget."
    assert (
        reply(workspace, readers["Rui"], same, "rui@example.org", 5).taken.outcome == "answer_taken"
    )
    assert len(vetoed(workspace, decision)) == 2, "it stands already"


@pytest.mark.full
def test_a_veto_that_comes_too_late_is_answered_so(workspace, clock, written):
    server = MailServer(host="mail.example.org", port=587)
    mail_accounts.save(workspace.data, MailAccount("maya@example.org", "Maya Test", smtp=server))
    decision = decide(workspace, written)
    label = queries.decision_detail(workspace, decision).decision.label
    kiri = circulated(workspace, written)["Kiri"]
    with workspace.change("End the time for a veto") as unit:
        unit.get(Decision, decision).veto_until = workspace.now()
    clock.advance(days=1)
    text = f"Veto {label}: our field work has no crew."
    late = reply(workspace, kiri, text, "kiri@example.org").taken
    assert late.outcome == "answer_late"
    ((_, _, words),) = confirmations(workspace)
    assert words.startswith("Your veto is not counted: ")
    assert "The time for a veto is over" in words


def test_a_mail_about_two_decisions_is_late_for_the_one_whose_time_is_over(
    workspace, clock, written
):
    server = MailServer(host="mail.example.org", port=587)
    mail_accounts.save(workspace.data, MailAccount("maya@example.org", "Maya Test", smtp=server))
    over, open_still = decide(workspace, written), decide(workspace, written)
    kiri = circulated(workspace, written)["Kiri"]
    with workspace.change("End the time for a veto") as unit:
        unit.get(Decision, over).veto_until = workspace.now()
    clock.advance(days=1)
    text = (
        "Item 1 says 10 kEUR, it was 12.\n\n"
        "Veto D1: our field work has no crew.\nVeto D2: it binds our ship."
    )
    taken = reply(workspace, kiri, text, "kiri@example.org").taken
    assert taken.outcome == "answer_taken"
    assert "D1: the time for a veto is over; it does not count; veto against D2: " in taken.detail
    assert vetoed(workspace, over) == []
    assert vetoed(workspace, open_still) == [("it binds our ship.", "raised")]
    (objection,) = minutes_life(workspace, written).objections
    assert objection.text == "Item 1 says 10 kEUR, it was 12."
    ((_, _, words),) = confirmations(workspace)
    assert words.startswith("Your mail counts in part: ")
    first, second = words.split("D2 ")
    assert "The time for a veto is over" in first
    assert "The decision does not bind while it stands." in second
    text = "Item 2 too, sorry.\n\nVeto D1: our field work has no crew."
    late = reply(workspace, kiri, text, "kiri@example.org", 2).taken
    assert late.outcome == "answer_taken", "the objection is in time"
    assert len(minutes_life(workspace, written).objections) == 2


def test_an_answer_by_the_link_from_before_a_mail_takes_no_veto_back(workspace, clock, written):
    decision = decide(workspace, written)
    kiri = circulated(workspace, written)["Kiri"]
    before = workspace.now()
    clock.advance(hours=1)
    reply(workspace, kiri, "Veto D1: our field work has no crew.", "kiri@example.org")
    gather(workspace, answer(workspace, kiri, at=before))
    assert vetoed(workspace, decision) == [("our field work has no crew.", "raised")]
    clock.advance(hours=1)
    gather(workspace, answer(workspace, kiri, seq=2))
    assert vetoed(workspace, decision) == [("our field work has no crew.", "withdrawn")]


@pytest.mark.full
def test_a_veto_of_a_member_on_the_original_agenda_is_looked_at(workspace, written):
    item = queries.agenda(workspace, written)[0].id
    decision = decide(workspace, written, item)
    label = queries.decision_detail(workspace, decision).decision.label
    rui = circulated(workspace, written)["Rui"]
    taken = reply(workspace, rui, f"Veto {label}: our costs double.", "rui@example.org").taken
    assert taken.outcome == "answer_unclear"
    assert "none of the decisions that they may veto" in taken.detail
    assert vetoed(workspace, decision) == []
