"""Votes and vetoes in a written procedure that come as mail; a handler of `services.inbox`.

A mail is known by the Message-ID of ours that it answers, or by the code that ours ends with. It
votes only when it comes from the address of who votes for the member. Who is taken, or refused, is
written so, where a mail account is set up; what is not clear is looked at by a person.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from projectdesk.domain.consortium import Person
from projectdesk.domain.minutes import Decision
from projectdesk.domain.rules.ballot_replies import read_ballot_reply
from projectdesk.domain.rules.veto_replies import read_veto_reply
from projectdesk.domain.rules.voting import STANCES
from projectdesk.domain.voting import Vote, VoteSeat, VoteState
from projectdesk.mail.address import same_address
from projectdesk.mail.ballot_letter import BallotOccasion, Refused
from projectdesk.services.commands.procedures import COMMENT_LIMIT
from projectdesk.services.inbox import IncomingMail, Taken, codes_in
from projectdesk.services.poll_mail import Author
from projectdesk.services.procedure_ballots import put_ballot
from projectdesk.services.procedure_keys import (
    BALLOT_PURPOSE,
    BALLOT_REMINDER_PURPOSE,
    BALLOT_REPLY_PURPOSE,
    NOTICE_PURPOSE,
)
from projectdesk.services.procedure_mail import queue_answer
from projectdesk.services.procedure_trail import BY_MAIL
from projectdesk.services.session import Unit
from projectdesk.services.veto_mails import (
    UNCLEAR,
    Says,
    procedure_decision,
    take_of_procedure,
)
from projectdesk.store import schema

_REFUSALS: Final = {
    Refused.SECRET: "the vote is secret; by mail it would not be. Nothing was counted.",
    Refused.LATE: "the vote is over; the answer does not count.",
    Refused.VETO_LATE: "the time for a veto is over; it does not count.",
}


def take(unit: Unit, mail: IncomingMail) -> Taken | None:
    """Take a mail that votes in a written procedure of ours."""
    if mail.automatic or mail.calendars:
        return None
    seat = _whose(unit, mail)
    if seat is None or seat.voter_id is None:
        return None
    vote, person = unit.get(Vote, seat.vote_id), unit.get(Person, seat.voter_id)

    def taken(outcome: str, words: str) -> Taken:
        detail = f"{person.name or person.email}, “{vote.question}”: {words}"
        return Taken(outcome, detail, vote.meeting_id, person.id)

    def refused(why: Refused) -> Taken:
        _answer(unit, mail, seat, BallotOccasion.REFUSED, why)
        return taken("answer_late", _REFUSALS[why])

    if not same_address(mail.sender, person.email):
        return taken("answer_of_nobody", f"the answer came from {mail.sender}; it does not count.")
    if vote.secret:
        return refused(Refused.SECRET)
    if seat.revoked:
        return taken("answer_late", "their link was shut; the answer does not count.")
    if vote.notice_at is not None and (decision := procedure_decision(unit, vote)) is not None:
        return _vetoed(unit, mail, seat, decision, taken)
    over = vote.deadline is not None and mail.received_at > vote.deadline
    if over or vote.state is not VoteState.OPEN or seat.in_default:
        return refused(Refused.LATE)
    if seat.voted_at is not None and mail.received_at < seat.voted_at:
        return taken("answer_outdated", "a later answer is here already.")
    reply = read_ballot_reply(mail.text, tuple(vote.choices or STANCES))
    if not reply.choice:
        return taken("answer_unclear", f"to be looked at, nothing was counted: {reply.unclear}.")
    comment = reply.comment.strip()
    said = "" if comment == person.name else comment[:COMMENT_LIMIT]
    put_ballot(unit, seat, reply.choice, mail.received_at, said, way=BY_MAIL)
    _answer(unit, mail, seat, BallotOccasion.TAKEN)
    return taken("answer_taken", f"votes: {reply.choice}.")


def _vetoed(
    unit: Unit, mail: IncomingMail, seat: VoteSeat, decision: Decision, taken: Says
) -> Taken:
    """Take what a member says of a decision whose result was told."""
    reply = read_veto_reply(mail.text)
    if not reply.vetoes:
        if read_ballot_reply(mail.text, STANCES).choice:
            _answer(unit, mail, seat, BallotOccasion.REFUSED, Refused.LATE)
            return taken("answer_late", _REFUSALS[Refused.LATE])
        return taken(UNCLEAR, "to be looked at: no line of it is a veto.")
    if decision.veto_until is None or mail.received_at > decision.veto_until or seat.in_default:
        _answer(unit, mail, seat, BallotOccasion.REFUSED, Refused.VETO_LATE)
        return taken("answer_late", _REFUSALS[Refused.VETO_LATE])
    why = take_of_procedure(unit, mail, decision, seat, reply)
    if why:
        return taken(UNCLEAR, f"to be looked at, no veto was taken: {why}.")
    reason = reply.vetoes[0].reason
    occasion = BallotOccasion.VETOED if reason else BallotOccasion.UNVETOED
    _answer(unit, mail, seat, occasion, veto=reason)
    label = f"D{decision.number}"
    return taken("answer_taken", f"veto against {label}: {reason}" if reason else
                 f"the veto against {label} is taken back.")  # fmt: skip


def _answer(
    unit: Unit,
    mail: IncomingMail,
    seat: VoteSeat,
    occasion: BallotOccasion,
    why: Refused | None = None,
    *,
    veto: str = "",
) -> None:
    """Write to who voted, where this computer can send mail."""
    if mail.account is not None:
        author = Author(mail.account, mail.account.name)
        queue_answer(unit, seat.vote_id, author, seat.id, occasion, why, veto=veto)


def _whose(unit: Unit, mail: IncomingMail) -> VoteSeat | None:
    """Return the seat whose mail is answered."""
    sent = schema.outgoing_mail.c
    query = select(sent.record_id).where(
        sent.message_id.in_(mail.refers_to),
        sent.purpose.in_(
            (BALLOT_PURPOSE, BALLOT_REMINDER_PURPOSE, NOTICE_PURPOSE, BALLOT_REPLY_PURPOSE)
        ),
    )
    for seat_id in unit.session.scalars(query):
        seat = unit.session.get(VoteSeat, seat_id)
        if seat is not None:
            return seat
    desks = codes_in(mail.text)
    return unit.session.scalars(select(VoteSeat).where(schema.vote_seat.c.desk.in_(desks))).first()
