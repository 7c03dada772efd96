"""Answers to circulated minutes that come as mail; a handler of `services.inbox`.

A mail is known by the Message-ID of ours that it answers, or by the code that ours ends with; then
it has to come from the reader's address, since the code alone is no secret. It counts as a receipt,
and what it says above the quoted text is put before the chair as an objection; a line that begins
as a veto is one, of who may veto that decision.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from projectdesk.domain.consortium import Person
from projectdesk.domain.meetings import Meeting
from projectdesk.domain.minutes import Minutes, MinutesReader, MinutesState, Objection
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.domain.rules.minutes_replies import objection_in
from projectdesk.domain.rules.veto_replies import VetoReply, read_veto_reply
from projectdesk.mail.address import same_address
from projectdesk.services import audit
from projectdesk.services.commands.minutes_objections import add_objection, mark_received
from projectdesk.services.inbox import IncomingMail, Taken, codes_in
from projectdesk.services.minutes_keys import (
    ACCEPTED_PURPOSE,
    ANSWERED_PURPOSE,
    MINUTES_PURPOSE,
    VETO_REPLY_PURPOSE,
)
from projectdesk.services.minutes_steps import MAX_WORDS, name_of_person
from projectdesk.services.session import Unit
from projectdesk.services.veto_mails import UNCLEAR, take_of_minutes
from projectdesk.store import schema


def take(unit: Unit, mail: IncomingMail) -> Taken | None:
    """Take a mail that answers minutes of ours."""
    if mail.automatic or mail.calendars:
        return None
    reader, known = _whose(unit, mail)
    if reader is None:
        return None
    minutes = unit.get(Minutes, reader.minutes_id)
    meeting = unit.get(Meeting, minutes.meeting_id)
    person = unit.get(Person, reader.person_id)

    def taken(outcome: str, words: str) -> Taken:
        detail = f"{person.name or person.email}, minutes of “{meeting.title}”: {words}"
        return Taken(outcome, detail, meeting.id, person.id)

    if not known and not same_address(mail.sender, person.email):
        return taken("answer_of_nobody", f"the answer came from {mail.sender}; it does not count.")
    if reader.revoked:
        return taken("answer_late", "their link was shut; the answer does not count.")
    mark_received(unit, reader, mail.received_at)
    reply = read_veto_reply(mail.text)
    if reply.vetoes:
        if not same_address(mail.sender, person.email):
            return taken(
                "answer_of_nobody", f"the veto came from {mail.sender}; it does not count."
            )
        return taken(*_vetoed(unit, mail, minutes, reader, reply))
    words = objection_in(mail.text)[:MAX_WORDS]
    if not words:
        return taken("answer_taken", "received.")
    return taken(*_objected(unit, mail, minutes, reader, words))


def _vetoed(
    unit: Unit, mail: IncomingMail, minutes: Minutes, reader: MinutesReader, reply: VetoReply
) -> tuple[str, str]:
    """Take what a mail vetoes, and what it says before that; each has a time of its own."""
    outcome, words = take_of_minutes(unit, mail, minutes, reader, reply)
    beside = objection_in(reply.before)[:MAX_WORDS]
    if not beside or outcome == UNCLEAR:
        return outcome, words
    said, about = _objected(unit, mail, minutes, reader, beside)
    return outcome if said == "answer_late" else said, f"{words}; {about}"


def _objected(
    unit: Unit, mail: IncomingMail, minutes: Minutes, reader: MinutesReader, words: str
) -> tuple[str, str]:
    """Put what a reader says before the chair; of who may not object it is a comment."""
    if not reader.may_object:
        reader.comment = words
        return "answer_taken", f"received, with a comment: {words}"
    if minutes.state is not MinutesState.CIRCULATED or _is_late(minutes, mail.received_at):
        said = f"{name_of_person(unit, reader.person_id)}: {words}"
        audit.append(unit, minutes.id, AuditStep.OBJECTION_LATE, reader.id, said, mail.received_at)
        return "answer_late", f"received; the time for objections is over: {words}"
    objection: Objection = add_objection(unit, reader, words, None, mail.received_at)
    return "answer_taken", f"objection {objection.number} is to be answered: {words}"


def _is_late(minutes: Minutes, at: datetime) -> bool:
    return minutes.objections_until is not None and at > minutes.objections_until


def _whose(unit: Unit, mail: IncomingMail) -> tuple[MinutesReader | None, bool]:
    """Return the reader, and whether the mail answers the very one that they got."""
    sent = schema.outgoing_mail.c
    query = select(sent.record_id).where(
        sent.message_id.in_(mail.refers_to),
        sent.purpose.in_((MINUTES_PURPOSE, ACCEPTED_PURPOSE, ANSWERED_PURPOSE, VETO_REPLY_PURPOSE)),
    )
    for record_id in unit.session.scalars(query):
        objection = unit.session.get(Objection, record_id)  # of an answer to one
        reader_id = record_id if objection is None else objection.reader_id
        reader = unit.session.get(MinutesReader, reader_id)
        if reader is not None:
            return reader, True
    desks = codes_in(mail.text)
    by_desk = select(MinutesReader).where(schema.minutes_reader.c.desk.in_(desks))
    return unit.session.scalars(by_desk).first(), False
