"""Answers to the mail of actions; a handler of `services.inbox`.

A mail is known by the Message-ID of ours that it answers: which actions ours asked of stands in its
header. Without it, by the label in the subject; then it has to come from the owner's address. What
was not understood is told to the organiser, never guessed.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.consortium import Person
from projectdesk.domain.minutes import Action, ActionNoteKind
from projectdesk.domain.rules.action_replies import Said, read_action_reply
from projectdesk.errors import DomainError
from projectdesk.mail.address import same_address
from projectdesk.mail.message import header_text
from projectdesk.services import outbox
from projectdesk.services.action_keys import ACTIONS_HEADER, ASKING
from projectdesk.services.action_rows import ActionRow
from projectdesk.services.action_telling import NOTE_LIMIT, Told, tell
from projectdesk.services.inbox import IncomingMail, Taken, incoming
from projectdesk.services.queries.actions import action_query, action_row, actions_by_id
from projectdesk.services.session import Unit
from projectdesk.store import schema

_SHORT: Final = 8
"""Lines up to this length may be anybody's ("done")."""
_REFERENCE: Final = re.compile(r"\[(?P<project>[\w.-]{2,40}) A(?P<number>\d{1,9})\]")


def take(unit: Unit, mail: IncomingMail) -> Taken | None:
    """Take a mail that answers mail of actions of ours."""
    if mail.automatic or mail.calendars:
        return None
    asked, person_id, ours, stranger = _asked(unit, mail)
    if not asked or person_id is None:
        return None
    person = unit.get(Person, person_id)
    name = person.name or person.email
    labels = ", ".join(f"{row.project} {row.label}" for row in asked[:3])
    if stranger:
        words = f"{name}, {labels}: the answer came from {mail.sender}; it does not count."
        return Taken("answer_of_nobody", words, None, person_id)
    text = _without(mail.text, ours)
    day = mail.received_at.date()
    reply = read_action_reply(text, [(row.project, row.number) for row in asked], day)
    told = [_tell(unit, asked[said.at], said, person_id, mail.received_at) for said in reply.said]
    unclear = "; ".join(reply.unclear)
    if not told:
        words = f"{name}, {labels}: {unclear or 'nothing is said in it'}."
        return Taken("answer_unclear", words, None, person_id)
    detail = f"{name}: {' '.join(told)}" + (f" Not read: {unclear}." if unclear else "")
    return Taken("answer_taken", detail, None, person_id)


def _asked(unit: Unit, mail: IncomingMail) -> tuple[list[ActionRow], UUID | None, str, bool]:
    """Return the answered actions, whose they are, the text of our mail, whether another wrote."""
    sent = schema.outgoing_mail.c
    query = select(sent.person_id, sent.content).where(
        sent.message_id.in_(mail.refers_to), sent.purpose.in_(ASKING)
    )
    for row in unit.session.execute(query):
        ours = incoming(row.content, mail.received_at)
        ids = [UUID(each) for each in header_text(ours.message, ACTIONS_HEADER).split()]
        known = actions_by_id(unit.session, ids)
        return [known[each] for each in ids if each in known], row.person_id, ours.text, False
    quoted = _REFERENCE.search(mail.subject)
    if quoted is None:
        return [], None, "", False
    found = unit.session.execute(
        action_query().where(
            schema.project.c.acronym == quoted["project"],
            schema.action.c.number == int(quoted["number"]),
            schema.action.c.desk.is_not(None),
        )
    ).first()
    if found is None:
        return [], None, "", False
    action = action_row(found)
    return [action], action.owner_person_id, "", not same_address(mail.sender, action.email)


def _tell(unit: Unit, row: ActionRow, said: Said, person_id: UUID, at: datetime) -> str:
    """Note what is said of one action; return it in words."""
    action = unit.get(Action, row.id)
    name = f"{row.project} {row.label}"
    text = said.text[:NOTE_LIMIT]
    kind = said.kind if action.owner_person_id == person_id else ActionNoteKind.COMMENT
    try:
        changed = tell(unit, action, Told(kind, text, said.due_on, person_id), at)
    except DomainError as error:
        told = Told(ActionNoteKind.COMMENT, f"{text} ({said.due_on})".strip(), None, person_id)
        tell(unit, action, told, at)
        return f"{name}: {error.text}"
    if changed:
        outbox.cancel(unit, record_id=action.id)
    match kind:
        case ActionNoteKind.DONE:
            return f"{name} is done."
        case ActionNoteKind.POSTPONED:
            return f"{name} is postponed to {said.due_on}."
        case _:
            return f"{name} is commented."


def _without(text: str, ours: str) -> str:
    """Return an answer without the lines of our mail, which some programs quote without a sign."""
    known = {line.strip() for line in ours.splitlines() if len(line.strip()) > _SHORT}
    return "\n".join(line for line in text.splitlines() if line.strip() not in known)
