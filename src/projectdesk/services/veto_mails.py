"""Vetoes that come as mail: in answer to the result of a procedure, or to circulated minutes.

They count from the address of who may veto alone, and for a decision that takes their veto still:
the same that the personal link would take. What is not clear is looked at by a person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import select

from projectdesk.domain.minutes import Decision, Minutes, MinutesReader, MinutesState
from projectdesk.domain.rules.veto_replies import SaidVeto, VetoReply
from projectdesk.domain.voting import Vote, VoteSeat
from projectdesk.services.commands.collected_minutes import say_veto, takes_veto
from projectdesk.services.inbox import IncomingMail, Taken
from projectdesk.services.minutes_steps import MAX_WORDS
from projectdesk.services.queries.minutes_life import decisions_open_to
from projectdesk.services.session import Unit
from projectdesk.services.veto_confirming import confirm_vetoes
from projectdesk.services.vetoes import put_veto
from projectdesk.store import schema

Says = Callable[[str, str], Taken]
"""Makes what became of a mail: outcome, and words."""
Named = Sequence[tuple[Decision, SaidVeto]]
"""Decisions, with what a mail says against each."""
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
    says: Says,
) -> Taken:
    """Write down what a reader of minutes says against decisions in them: all of it, or nothing.

    What was taken, or came too late, is written to the reader.
    """
    if reply.unclear:
        return says(UNCLEAR, f"to be looked at, no veto was taken: {reply.unclear}.")
    named: list[tuple[Decision, SaidVeto]] = []
    known = _open_decisions(unit, minutes, reader)
    for said in reply.vetoes:
        meant = [each for each in known if said.number in {None, each.number}]
        if len(meant) != 1:
            which = "it names none of" if said.number is None else f"D{said.number} is none of"
            return says(
                UNCLEAR,
                f"to be looked at, no veto was taken: {which} the decisions that they may veto.",
            )
        named.append((meant[0], said))
    over = minutes.state is not MinutesState.CIRCULATED or any(
        decision.veto_until is not None and mail.received_at > decision.veto_until
        for decision, _ in named
    )
    if over:
        confirm_vetoes(unit, mail, minutes, reader, named, late=True)
        return says("answer_late", "the time for a veto is over; it does not count.")
    lost = [(each, said) for each, said in named if not takes_veto(unit, reader, each, said.reason)]
    if lost:
        return _lost(unit, mail, minutes, reader, named, lost, says)
    for decision, said in named:
        say_veto(unit, minutes, reader, decision, said.reason[:MAX_WORDS], mail.received_at)
    unit.session.flush()
    confirm_vetoes(unit, mail, minutes, reader, named)
    words = [
        f"veto against D{each.number}: {said.reason}"
        if said.reason
        else f"the veto against D{each.number} is taken back"
        for each, said in named
    ]
    return says("answer_taken", "; ".join(words))


def _open_decisions(unit: Unit, minutes: Minutes, reader: MinutesReader) -> list[Decision]:
    if reader.partner_id is None or not reader.may_object:
        return []
    found = decisions_open_to(unit.session, minutes.meeting_id, reader.partner_id)
    return [unit.get(Decision, each) for each, is_open in found.items() if is_open]


def _lost(
    unit: Unit,
    mail: IncomingMail,
    minutes: Minutes,
    reader: MinutesReader,
    named: Named,
    lost: Named,
    says: Says,
) -> Taken:
    """Say of a mail that nothing of it was taken; one that is lost in part is looked at."""
    labels = ", ".join(f"D{each.number}" for each, _ in lost)
    if len(lost) < len(named) or any(not said.reason for _, said in lost):
        return says(
            UNCLEAR,
            f"to be looked at, no veto was taken: {labels} takes no such word of theirs.",
        )
    confirm_vetoes(unit, mail, minutes, reader, lost, late=True)
    return says("answer_late", f"{labels} takes no veto of theirs any more.")
