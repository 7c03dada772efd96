"""Objections to circulated minutes: written down, answered by the chair; and who received them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from projectdesk.domain.meetings import AgendaItem
from projectdesk.domain.minutes import (
    Minutes,
    MinutesReader,
    MinutesState,
    Objection,
    ObjectionState,
)
from projectdesk.domain.rules import validation
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.errors import DomainError
from projectdesk.services import audit, minutes_notices
from projectdesk.services.labels import name_of
from projectdesk.services.minutes_steps import (
    MAX_WORDS,
    name_of_person,
)
from projectdesk.services.numbers import reserve
from projectdesk.services.rows import Changes
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def enter_objection(
    workspace: Workspace, reader_id: UUID, text: str, item_id: UUID | None = None
) -> tuple[UUID, Changes]:
    """Write down an objection that came another way than by the link: by mail, by telephone.

    Raises:
        NotFound: no such reader or item.
        DomainError: `minutes_settled`, they are not circulated (any more); `may_not_object`; the
            text is empty or too long.
    """
    with workspace.change("Enter an objection", undoable=False) as unit:
        reader = unit.get(MinutesReader, reader_id)
        objection = add_objection(unit, reader, text, item_id, unit.now)
        mark_received(unit, reader, unit.now)
        unit.label = f"Enter {name_of(unit.session, objection)}"
    return objection.id, unit.changes


def add_objection(
    unit: Unit, reader: MinutesReader, text: str, item_id: UUID | None, at: datetime
) -> Objection:
    """Write an objection down, with the next number of its minutes, in the caller's unit.

    Raises:
        As `enter_objection`.
    """
    minutes = unit.get(Minutes, reader.minutes_id)
    if minutes.state is not MinutesState.CIRCULATED:
        raise DomainError("minutes_settled", "These minutes take no objections any more.")
    if not reader.may_object:
        raise DomainError("may_not_object", "This reader stands for no party of the project.")
    words = validation.prose(text, "text", limit=MAX_WORDS)
    if not words.strip():
        raise DomainError("objection_empty", "Say what is objected to.", field="text")
    if item_id is not None and unit.get(AgendaItem, item_id).meeting_id != minutes.meeting_id:
        raise DomainError("other_item", "This item is of another meeting.")
    reserve(unit.session, minutes.id)
    unit.session.flush()
    last = unit.session.scalar(
        select(func.max(schema.objection.c.number)).where(
            schema.objection.c.minutes_id == minutes.id
        )
    )
    objection = Objection(
        minutes_id=minutes.id,
        reader_id=reader.id,
        agenda_item_id=item_id,
        number=(last or 0) + 1,
        text=words,
        raised_at=at,
    )
    unit.add(objection)
    unit.session.flush()
    said = f"{name_of_person(unit, reader.person_id)}: {words}"
    audit.append(unit, minutes.id, AuditStep.OBJECTED, objection.id, said, at)
    return objection


def answer_objection(
    workspace: Workspace, objection_id: UUID, state: ObjectionState, answer: str = ""
) -> Changes:
    """Answer an objection: upheld (changed in the next revision), declined, or withdrawn by word.

    Args:
        workspace: the open data.
        objection_id: which one.
        state: what becomes of it; OPEN takes an answer back.
        answer: the chair's words; needed to decline.

    Raises:
        NotFound: no such objection.
        DomainError: `minutes_settled`; `answer_needed`; the answer is too long; `no_sender`.
    """
    with workspace.change("Answer an objection", undoable=False) as unit:
        objection = unit.get(Objection, objection_id)
        if unit.get(Minutes, objection.minutes_id).state is not MinutesState.CIRCULATED:
            raise DomainError(
                "minutes_settled",
                "These minutes are accepted or replaced; nothing is open in them.",
            )
        words = validation.prose(answer, "answer", limit=MAX_WORDS)
        if state is ObjectionState.DECLINED and not words.strip():
            raise DomainError(
                "answer_needed", "Say why it is declined: who objected reads it.", field="answer"
            )
        is_news = (objection.state, objection.answer) != (state, words)
        objection.state = state
        objection.answer = words
        objection.answered_at = None if state is ObjectionState.OPEN else unit.now
        said = f"{state.value}: {words}" if words else state.value
        audit.append(unit, objection.minutes_id, AuditStep.OBJECTION_ANSWERED, objection.id, said)
        if is_news:
            minutes_notices.tell_answer(unit, workspace, objection)
        unit.label = f"Answer {name_of(unit.session, objection)}"
    return unit.changes


def note_received(workspace: Workspace, reader_id: UUID) -> Changes:
    """Note that a reader said, another way than by the link, that the minutes came.

    Raises:
        NotFound: no such reader.
    """
    with workspace.change("Note who received minutes", undoable=False) as unit:
        mark_received(unit, unit.get(MinutesReader, reader_id), unit.now)
    return unit.changes


def mark_received(unit: Unit, reader: MinutesReader, at: datetime) -> None:
    """Stamp a reader, once, in the caller's unit."""
    if reader.received_at is None:
        reader.received_at = at
        name = name_of_person(unit, reader.person_id)
        audit.append(unit, reader.minutes_id, AuditStep.RECEIVED, reader.id, name, at)
