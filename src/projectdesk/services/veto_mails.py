"""Vetoes that come as mail: in answer to the result of a procedure, or to circulated minutes.

They count from the address of who may veto alone, and for a decision that takes their veto still:
the same that the personal link would take. What is not clear is looked at by a person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

from sqlalchemy import select

from projectdesk.domain.minutes import Decision, Minutes, MinutesReader
from projectdesk.domain.rules import minutes_life as rules
from projectdesk.domain.rules.veto_replies import SaidVeto, VetoReply
from projectdesk.domain.voting import Vote, VoteSeat
from projectdesk.services.commands.collected_minutes import is_outdated, say_veto, takes_veto
from projectdesk.services.inbox import IncomingMail, Taken
from projectdesk.services.minutes_steps import MAX_WORDS
from projectdesk.services.queries.minutes_life import decisions_open_to
from projectdesk.services.session import Unit
from projectdesk.services.veto_confirming import confirm_vetoes
from projectdesk.services.vetoes import put_veto
from projectdesk.store import schema

Says = Callable[[str, str], Taken]
"""Makes what became of a mail: outcome, and words."""
UNCLEAR = "answer_unclear"


def procedure_decision(unit: Unit, vote: Vote) -> Decision | None:
    """Return what a written procedure decided, None = nothing."""
    query = select(Decision).where(schema.decision.c.vote_id == vote.id)
    return unit.session.scalars(query.order_by(schema.decision.c.number)).first()


def take_of_procedure(
    unit: Unit, mail: IncomingMail, decision: Decision, seat: VoteSeat, reply: VetoReply
) -> str:
    """Write down what a member says against the decision of a procedure.

    Returns:
        Why it is not taken, in words for who looks at the mails; "" = it is.
    """
    if reply.unclear:
        return reply.unclear
    (said,) = reply.vetoes[:1]
    if len(reply.vetoes) > 1 or said.number not in {None, decision.number}:
        return "it names another decision"
    taken = put_veto(
        unit, decision, seat.partner_id, said.reason[:MAX_WORDS], mail.received_at, seat.voter_id
    )
    if taken is None and said.reason:
        return f"D{decision.number} takes no veto of theirs any more"
    if taken is not None and taken.raised_at > mail.received_at:
        return "a later veto of theirs is here already"
    return ""


def take_of_minutes(
    unit: Unit,
    mail: IncomingMail,
    minutes: Minutes,
    reader: MinutesReader,
    reply: VetoReply,
) -> tuple[str, str]:
    """Write down what a reader of minutes says against decisions in them, each judged alone.

    A mail that says two things of one decision, or names one that the reader may not veto, is
    looked at, and nothing of it is taken. What was taken, or came too late, is written to the
    reader; what else it says is looked at beside that.

    Returns:
        The outcome, as of `Taken`, and what became of it in words for who looks at the mails.
    """
    if reply.unclear:
        return UNCLEAR, f"to be looked at, no veto was taken: {reply.unclear}."
    named: list[tuple[Decision, SaidVeto]] = []
    known = _open_decisions(unit, minutes, reader)
    for said in reply.vetoes:
        meant = [each for each in known if said.number in {None, each.number}]
        if len(meant) != 1:
            which = "it names none of" if said.number is None else f"D{said.number} is none of"
            return UNCLEAR, (
                f"to be looked at, no veto was taken: {which} the decisions that they may veto."
            )
        named.append((meant[0], said))
    judged = [
        (decision, said, _fate(unit, mail, minutes, reader, decision, said))
        for decision, said in named
    ]
    for decision, said, fate in judged:
        if fate is _Fate.TAKEN:
            say_veto(unit, minutes, reader, decision, said.reason[:MAX_WORDS], mail.received_at)
    unit.session.flush()
    answered = [(decision, said) for decision, said, fate in judged if fate in _ANSWERED]
    late = {decision.id for decision, _, fate in judged if fate is not _Fate.TAKEN}
    if answered:
        confirm_vetoes(unit, mail, minutes, reader, answered, late)
    words = "; ".join(_told(*each) for each in judged)
    return _outcome([fate for _, _, fate in judged]), words


class _Fate(Enum):
    """What becomes of what a mail says against one decision."""

    TAKEN = "taken"
    LATE = "late"
    LOST = "lost"
    OUTDATED = "outdated"
    STRANGE = "strange"


_ANSWERED = frozenset({_Fate.TAKEN, _Fate.LATE, _Fate.LOST})
"""What the reader is written of."""


def _fate(
    unit: Unit,
    mail: IncomingMail,
    minutes: Minutes,
    reader: MinutesReader,
    decision: Decision,
    said: SaidVeto,
) -> _Fate:
    at = mail.received_at
    if not rules.takes_veto(minutes.state, decision.veto_until, at):
        return _Fate.LATE
    if not takes_veto(unit, reader, decision, said.reason):
        return _Fate.LOST if said.reason else _Fate.STRANGE
    return _Fate.OUTDATED if is_outdated(unit, reader, decision, at) else _Fate.TAKEN


def _outcome(fates: Sequence[_Fate]) -> str:
    """Return what became of a mail as a whole; what has to be looked at comes first."""
    if _Fate.STRANGE in fates:
        return UNCLEAR
    if _Fate.TAKEN in fates:
        return "answer_taken"
    return "answer_outdated" if set(fates) == {_Fate.OUTDATED} else "answer_late"


def _told(decision: Decision, said: SaidVeto, fate: _Fate) -> str:
    """Return what became of one veto, in words for who looks at the mails."""
    label = f"D{decision.number}"
    match fate:
        case _Fate.LATE:
            return f"{label}: the time for a veto is over; it does not count"
        case _Fate.LOST:
            return f"{label} takes no veto of theirs any more"
        case _Fate.OUTDATED:
            return f"{label}: a later veto of theirs is here already"
        case _Fate.STRANGE:
            return f"{label}: to be looked at, no veto of theirs is known that it takes back"
        case _Fate.TAKEN if said.reason:
            return f"veto against {label}: {said.reason}"
        case _:
            return f"the veto against {label} is taken back"


def _open_decisions(unit: Unit, minutes: Minutes, reader: MinutesReader) -> list[Decision]:
    if reader.partner_id is None or not reader.may_object:
        return []
    found = decisions_open_to(unit.session, minutes.meeting_id, reader.partner_id)
    return [unit.get(Decision, each) for each, is_open in found.items() if is_open]
