"""Answers to circulated minutes that come by mail."""

from __future__ import annotations

from uuid import UUID

from projectdesk.domain.minutes import Minutes, MinutesReader
from projectdesk.services import inbox, minutes_mail
from projectdesk.services.queries.minutes_life import minutes_life
from tests.unit.meetings.circulating import assembly as assembly
from tests.unit.meetings.circulating import circulated
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
