"""Answers to date polls that come as mail; a handler of `services.inbox`.

A mail is known by the Message-ID of ours that it answers, or by the code that ours ends with; then
it has to come from the voter's address, since the code alone is no secret. It changes the dates
that it names. What was not understood is told to the organiser, never guessed.
"""

from __future__ import annotations

from sqlalchemy import select

from projectdesk.domain.consortium import Person
from projectdesk.domain.preparation import DatePoll, DateVote, DateVoter, PollState
from projectdesk.domain.rules.poll_replies import Reply, read_reply
from projectdesk.mail.address import same_address
from projectdesk.services.commands.date_polls import COMMENT_LIMIT, put_votes
from projectdesk.services.inbox import IncomingMail, Taken, codes_in, incoming
from projectdesk.services.poll_keys import ASKING_PURPOSE, REMINDER_PURPOSE
from projectdesk.services.poll_mail import poll_code
from projectdesk.services.queries.date_polls import detail_of
from projectdesk.services.session import Unit
from projectdesk.store import schema


def take(unit: Unit, mail: IncomingMail) -> Taken | None:
    """Take a mail that answers a date poll of ours."""
    if mail.automatic or mail.calendars:
        return None
    voter, code, stranger = _whose(unit, mail)
    if voter is None:
        return None
    poll = unit.get(DatePoll, voter.date_poll_id)
    person = unit.get(Person, voter.person_id)

    def taken(outcome: str, words: str) -> Taken:
        detail = f"{person.name or person.email}, “{poll.title}”: {words}"
        return Taken(outcome, detail, poll.meeting_id, person.id)

    if stranger:
        return taken("answer_of_nobody", f"the answer came from {mail.sender}; it does not count.")
    late = poll.deadline is not None and mail.received_at > poll.deadline
    if late or poll.state is not PollState.OPEN or voter.revoked:
        return taken("answer_late", "the poll is closed; the answer does not count.")
    if voter.answered_at is not None and mail.received_at < voter.answered_at:
        return taken("answer_outdated", "a later answer is here already.")
    found = detail_of(unit.session, poll.id, unit.now)
    if code != poll_code(voter.desk, found.options):
        return taken("answer_unclear", "the dates were changed since this mail was sent.")
    reply = read_reply(mail.text, len(found.options))
    if not reply.choices:
        return taken("answer_unclear", _unclear(reply) or "no date is answered in it.")
    choices = {
        vote.date_option_id: vote.choice
        for vote in unit.session.scalars(
            select(DateVote).where(schema.date_vote.c.date_voter_id == voter.id)
        )
    }
    named = {found.options[number - 1].id: choice for number, choice in reply.choices.items()}
    put_votes(unit, voter, choices | named, mail.received_at)
    voter.comment = reply.comment[:COMMENT_LIMIT]
    said = f"{len(named)} of {len(found.options)} dates answered."
    unclear = _unclear(reply)
    return taken("answer_taken", f"{said} Not read: {unclear}" if unclear else said)


def _whose(unit: Unit, mail: IncomingMail) -> tuple[DateVoter | None, str, bool]:
    """Return the voter, the code of our mail, and whether somebody else may have written."""
    sent = schema.outgoing_mail
    query = select(sent.c.record_id, sent.c.content).where(
        sent.c.message_id.in_(mail.refers_to),
        sent.c.purpose.in_((ASKING_PURPOSE, REMINDER_PURPOSE)),
    )
    for row in unit.session.execute(query):
        voter = unit.session.get(DateVoter, row.record_id)
        written = codes_in(incoming(row.content, mail.received_at).text)
        if voter is not None and voter.desk in written:
            return voter, written[voter.desk], False
    codes = codes_in(mail.text)
    by_desk = select(DateVoter).where(schema.date_voter.c.desk.in_(codes))
    voter = unit.session.scalars(by_desk).first()
    if voter is None:
        return None, "", False
    person = unit.get(Person, voter.person_id)
    return voter, codes[voter.desk], not same_address(mail.sender, person.email)


def _unclear(reply: Reply) -> str:
    return "; ".join(reply.unclear)
