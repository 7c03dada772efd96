"""What readers of minutes said by their personal links, out of the host's journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.minutes import (
    Decision,
    Minutes,
    MinutesReader,
    MinutesState,
    Objection,
    ObjectionState,
)
from projectdesk.domain.rules import minutes_life as rules
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.domain.voting import Veto, VetoState
from projectdesk.services import audit
from projectdesk.services.commands.minutes_objections import add_objection, mark_received
from projectdesk.services.minutes_steps import name_of_person
from projectdesk.services.queries.minutes_life import decisions_open_to
from projectdesk.services.session import Unit
from projectdesk.services.vetoes import takes_vetoes, vetoes_of
from projectdesk.signalling.journal import DeskAnswered
from projectdesk.signalling.outcome import MinutesAnswer
from projectdesk.store import schema


def minutes_answered(unit: Unit, at: datetime, fact: DeskAnswered) -> bool:
    """Write a reader's answer down; the one that the host received last counts.

    Anything from a desk is a receipt. An answer holds all objections of its reader: one that is
    worded anew is changed, one that is not in it any more is withdrawn, unless the chair answered
    it already. What the host received after the window is noted in the trail and counts not. A veto
    has a window of its own, which the acceptance of the minutes does not end.

    Args:
        unit: the collection's change.
        at: when the host received it.
        fact: with an answer of the kind minutes.

    Returns:
        Whether it was taken; False if nothing here is meant.
    """
    answer = fact.answer
    query = select(MinutesReader).where(schema.minutes_reader.c.desk == fact.desk)
    reader = unit.session.scalars(query).first()
    if not isinstance(answer, MinutesAnswer) or reader is None or reader.id.hex != fact.subject:
        return False
    minutes = unit.get(Minutes, reader.minutes_id)
    mark_received(unit, reader, at)
    reader.comment = answer.comment
    over = minutes.objections_until is not None and at > minutes.objections_until
    if minutes.state is not MinutesState.CIRCULATED or over:
        _note_late(unit, reader, at, answer)
    else:
        _object(unit, minutes, reader, at, answer)
    _veto(unit, minutes, reader, at, answer)
    return True


# --- inside ---------------------------------------------------------------------------------------


def _object(
    unit: Unit, minutes: Minutes, reader: MinutesReader, at: datetime, answer: MinutesAnswer
) -> None:
    if not reader.may_object:
        return
    table = schema.objection.c
    known = unit.session.scalars(
        select(Objection).where(table.minutes_id == minutes.id, table.reader_id == reader.id)
    ).all()
    standing = {each.agenda_item_id: each for each in known if each.state is ObjectionState.OPEN}
    answered = {
        (each.agenda_item_id, each.text) for each in known if each.state is not ObjectionState.OPEN
    }
    if any(at < each.raised_at for each in standing.values()):
        return  # what is here came later, by mail or by another collection
    items = _items(unit, minutes)
    said: dict[UUID | None, str] = {}
    for each in answer.objections:
        item = _identity(each.item) if each.item else None
        if not each.item or item in items:
            said[item] = each.text
    for item, text in said.items():
        found = standing.pop(item, None)
        if found is None and (item, text) in answered:
            continue  # the same words: the chair's answer to them stands
        if found is None:
            add_objection(unit, reader, text, item, at)
        elif found.text != text:
            found.text, found.raised_at = text, at
            audit.append(unit, minutes.id, AuditStep.OBJECTION_CHANGED, found.id, text, at)
    for gone in standing.values():
        gone.state, gone.answered_at = ObjectionState.WITHDRAWN, at
        name = name_of_person(unit, reader.person_id)
        audit.append(unit, minutes.id, AuditStep.OBJECTION_WITHDRAWN, gone.id, name, at)


def _veto(
    unit: Unit, minutes: Minutes, reader: MinutesReader, at: datetime, answer: MinutesAnswer
) -> None:
    if reader.partner_id is None or not reader.may_object:
        return
    open_here = decisions_open_to(unit.session, minutes.meeting_id, reader.partner_id)
    said = {_identity(each.decision): each.reason for each in answer.vetoes}
    for decision_id, is_open in open_here.items():
        decision = unit.get(Decision, decision_id)
        if is_open and rules.takes_veto(minutes.state, decision.veto_until, at):
            say_veto(unit, minutes, reader, decision, said.get(decision_id, ""), at)


def say_veto(
    unit: Unit,
    minutes: Minutes,
    reader: MinutesReader,
    decision: Decision,
    reason: str,
    at: datetime,
) -> None:
    """Write down what a reader says against a decision that takes their veto; "" takes it back.

    What was said before the veto of theirs that stands changes nothing: an answer by the link that
    is collected after a later mail was read.
    """
    given = vetoes_of(unit, decision.id, reader.partner_id)
    known = _own(given, reader)
    if (reason and not takes_vetoes(decision)) or is_outdated(unit, reader, decision, at):
        return
    if known is None and reason:
        if reader.partner_id is None or _stands_by_hand(given, reason):
            return
        known = Veto(
            decision_id=decision.id,
            partner_id=reader.partner_id,
            person_id=reader.person_id,
            reason=reason,
            raised_at=at,
        )
        unit.add(known)
        unit.session.flush()
        said = f"{name_of_person(unit, reader.person_id)}: D{decision.number}: {reason}"
        audit.append(unit, minutes.id, AuditStep.VETOED, known.id, said, at)
    elif known is not None and known.state is VetoState.RAISED and not reason:
        known.state = VetoState.WITHDRAWN
        said = f"{name_of_person(unit, reader.person_id)}: D{decision.number}"
        audit.append(unit, minutes.id, AuditStep.VETO_WITHDRAWN, known.id, said, at)
    elif known is not None and reason and _is_news(known, reason):
        known.reason, known.state, known.raised_at = reason, VetoState.RAISED, at
        said = f"{name_of_person(unit, reader.person_id)}: D{decision.number}: {reason}"
        audit.append(unit, minutes.id, AuditStep.VETOED, known.id, said, at)


def takes_veto(unit: Unit, reader: MinutesReader, decision: Decision, reason: str) -> bool:
    """Return whether what a reader says against a decision holds once `say_veto` has it.

    A veto does, unless the decision takes none any more or theirs was not admitted; taken back ("")
    is their own, not what another gave for the same partner.
    """
    given = vetoes_of(unit, decision.id, reader.partner_id)
    known = _own(given, reader)
    if reason:
        admitted = known is None or known.state is not VetoState.NOT_ADMITTED
        return reader.partner_id is not None and takes_vetoes(decision) and admitted
    raised = [each for each in given if each.state is VetoState.RAISED]
    return not raised or known in raised


def is_outdated(unit: Unit, reader: MinutesReader, decision: Decision, at: datetime) -> bool:
    """Return whether a veto of a reader stands that was received after a moment."""
    known = _own(vetoes_of(unit, decision.id, reader.partner_id), reader)
    return known is not None and known.state is VetoState.RAISED and at < known.raised_at


def _own(given: Sequence[Veto], reader: MinutesReader) -> Veto | None:
    """Return the veto of a reader among those of their partner: the one that stands, or the last.

    Args:
        given: the first one first.
        reader: whose.
    """
    own = [each for each in given if each.person_id == reader.person_id]
    raised = [each for each in own if each.state is VetoState.RAISED]
    return next(reversed(raised or own), None)


def _stands_by_hand(given: Sequence[Veto], reason: str) -> bool:
    """Return whether a veto stands in the same words that is written down of no person."""
    return any(
        each.state is VetoState.RAISED and each.person_id is None and each.reason == reason
        for each in given
    )


def _is_news(known: Veto, reason: str) -> bool:
    """Return whether a veto says more than is known; one that was not admitted stays so."""
    if known.state is VetoState.NOT_ADMITTED:
        return False
    return known.state is VetoState.WITHDRAWN or known.reason != reason


def _note_late(unit: Unit, reader: MinutesReader, at: datetime, answer: MinutesAnswer) -> None:
    if not answer.objections:
        return
    words = "; ".join(each.text for each in answer.objections)
    said = f"{name_of_person(unit, reader.person_id)}: {words}"
    audit.append(unit, reader.minutes_id, AuditStep.OBJECTION_LATE, reader.id, said, at)


def _items(unit: Unit, minutes: Minutes) -> set[UUID | None]:
    item = schema.agenda_item.c
    return set(unit.session.scalars(select(item.id).where(item.meeting_id == minutes.meeting_id)))


def _identity(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
