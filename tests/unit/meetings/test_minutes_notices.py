"""Readers hear what became of their objections, and that minutes are accepted."""

from __future__ import annotations

from email import message_from_bytes, policy
from uuid import UUID

import pytest
from sqlalchemy import select

from projectdesk.domain.consortium import Person
from projectdesk.domain.minutes import MinutesState, ObjectionState
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.errors import DomainError
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.services import audit, commands, inbox, mail_accounts
from projectdesk.services.circulation_rows import CirculationOrder
from projectdesk.services.minutes_keys import ACCEPTED_PURPOSE, ANSWERED_PURPOSE
from projectdesk.services.minutes_notices import notices
from projectdesk.services.queries.minutes_life import minutes_life
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from tests.unit.meetings.circulating import PUBLIC, UNSENT, circulated, decide, pass_window
from tests.unit.meetings.circulating import assembly as assembly
from tests.unit.meetings.circulating import plain_pdf as plain_pdf
from tests.unit.meetings.circulating import written as written

BY_MAIL = CirculationOrder(PUBLIC, host=PUBLIC)


@pytest.fixture
def account(workspace: Workspace) -> None:
    found = MailAccount("maya@example.org", smtp=MailServer("mail.example.org", 587))
    mail_accounts.save(workspace.data, found)


def mails(workspace: Workspace, purpose: str) -> list:
    table = schema.outgoing_mail
    query = select(table).where(table.c.purpose == purpose).order_by(table.c.recipient)
    with workspace.read() as session:
        return list(session.execute(query))


def text_of(content: bytes) -> str:
    body = message_from_bytes(content, policy=policy.default).get_body(("plain",))
    assert body is not None
    return body.get_content()


def object_to(workspace: Workspace, meeting: UUID) -> UUID:
    readers = {row.name.split()[0]: row.id for row in minutes_life(workspace, meeting).readers}
    return commands.enter_objection(workspace, readers["Rui"], "It was 10 kEUR.")[0]


def steps(workspace: Workspace, meeting: UUID) -> list[str]:
    newest = minutes_life(workspace, meeting).newest
    assert newest is not None
    rows = audit.trail(workspace, newest.id)
    return [row.text or "" for row in rows if row.step is AuditStep.NOTIFIED]


def test_who_objected_reads_the_answer_in_their_language(workspace, account, consortium, written):
    with workspace.change("Rui reads German") as unit:
        unit.get(Person, consortium.people["Rui"]).languages = ["de"]
    commands.circulate_minutes(workspace, written, BY_MAIL)
    objection = object_to(workspace, written)
    commands.answer_objection(workspace, objection, ObjectionState.DECLINED, "It was 20.")
    (mail,) = mails(workspace, ANSWERED_PURPOSE)
    assert mail.recipient == "rui@example.org"
    assert "abgelehnt" in mail.subject
    said = text_of(mail.content)
    assert "It was 10 kEUR." in said
    assert "It was 20." in said
    assert "/d/" not in said, "what has no link can be forwarded"
    assert steps(workspace, written) == ["by mail: Rui Test"]


def test_the_same_answer_is_not_sent_twice_and_a_new_one_takes_its_place(
    workspace, account, written
):
    commands.circulate_minutes(workspace, written, BY_MAIL)
    objection = object_to(workspace, written)
    for _ in range(2):
        commands.answer_objection(workspace, objection, ObjectionState.DECLINED, "It was 20.")
    assert [row.state for row in mails(workspace, ANSWERED_PURPOSE)] == ["queued"]
    commands.answer_objection(workspace, objection, ObjectionState.OPEN)
    assert [row.state for row in mails(workspace, ANSWERED_PURPOSE)] == ["cancelled"]
    commands.answer_objection(workspace, objection, ObjectionState.UPHELD, "True.")
    states = sorted(row.state for row in mails(workspace, ANSWERED_PURPOSE))
    assert states == ["cancelled", "queued"]


def test_all_readers_get_the_accepted_minutes_with_what_binds(workspace, clock, account, written):
    decide(workspace, written)
    commands.circulate_minutes(workspace, written, BY_MAIL)
    pass_window(workspace, clock, written)
    commands.settle_minutes(workspace)
    commands.settle_minutes(workspace)
    life = minutes_life(workspace, written)
    sent = mails(workspace, ACCEPTED_PURPOSE)
    assert life.newest.state is MinutesState.ACCEPTED
    assert len(sent) == len([row for row in life.readers if row.email])
    for row in sent:
        assert b"application/pdf" in row.content
        assert "D1 Move 20 kEUR." in text_of(row.content)
    assert len(steps(workspace, written)) == 1
    assert all(chain.broken is None for chain in audit.verify(workspace))


def test_without_an_account_it_is_offered_and_sent_once(workspace, clock, tmp_path, written):
    circulated(workspace, written)
    objection = object_to(workspace, written)
    commands.answer_objection(workspace, objection, ObjectionState.UPHELD, "True.")
    found = notices(workspace, written)
    assert (found.by_itself, [each.objection for each in found.untold]) == (False, [1])
    with pytest.raises(DomainError, match="mail account"):
        commands.send_notices(workspace, written)
    (file,) = commands.save_notices(workspace, written, tmp_path)
    assert "It was 10 kEUR." in text_of(file.read_bytes())
    assert notices(workspace, written).untold == ()
    with pytest.raises(DomainError) as told:
        commands.save_notices(workspace, written, tmp_path)
    assert told.value.code == "all_told"


@pytest.mark.full
def test_what_was_chosen_for_the_project_counts(workspace, account, consortium, written):
    commands.choose_notices(workspace, consortium.project, True)
    commands.circulate_minutes(workspace, written, UNSENT)
    objection = object_to(workspace, written)
    commands.answer_objection(workspace, objection, ObjectionState.UPHELD, "True.")
    assert len(mails(workspace, ANSWERED_PURPOSE)) == 1
    commands.choose_notices(workspace, consortium.project, False)
    commands.answer_objection(workspace, objection, ObjectionState.DECLINED, "Not so.")
    assert [row.state for row in mails(workspace, ANSWERED_PURPOSE)] == ["cancelled"]
    assert commands.send_notices(workspace, written)[0] == 1


@pytest.mark.full
def test_who_answers_the_answer_objects_again(workspace, account, written):
    commands.circulate_minutes(workspace, written, BY_MAIL)
    objection = object_to(workspace, written)
    commands.answer_objection(workspace, objection, ObjectionState.DECLINED, "It was 20.")
    (mail,) = mails(workspace, ANSWERED_PURPOSE)
    content = (
        f"From: rui@example.org\r\nTo: maya@example.org\r\nSubject: Re\r\nMessage-ID: <r@e>\r\n"
        f"In-Reply-To: {mail.message_id}\r\n\r\nThe bank says 10 kEUR.\r\n"
    )
    read = inbox.take(workspace, content.encode(), workspace.now())
    assert read.taken is not None
    assert read.taken.outcome == "answer_taken"
    rows = minutes_life(workspace, written).objections
    assert [row.text for row in rows] == ["It was 10 kEUR.", "The bank says 10 kEUR."]


@pytest.mark.full
@pytest.mark.parametrize("word", ["Acta", "Procès-verbal", "Verbale", "Protokół"])
def test_the_code_of_a_mail_is_known_in_every_language(workspace, written, word):
    reader = circulated(workspace, written)["Rui"]
    head = minutes_life(workspace, written).newest.audit_head[:6]
    content = (
        "From: rui@example.org\r\nTo: maya@example.org\r\nSubject: Re\r\nMessage-ID: <r@e>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
        f"It was 10 kEUR.\r\n\r\n> {word} {reader.desk}-{head}\r\n"
    )
    inbox.take(workspace, content.encode(), workspace.now())
    assert [row.text for row in minutes_life(workspace, written).objections] == ["It was 10 kEUR."]
