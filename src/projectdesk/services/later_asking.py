"""Reminders of date polls and written procedures that a server is to send (adr/0103).

Only of those whose desks that very server has: it knows who answered until then, and sends them
nothing. An answer that came by mail it does not know, which these mails say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import select

from projectdesk.domain.preparation import PollState
from projectdesk.domain.voting import VoteState
from projectdesk.mail.ballot_letter import BallotOccasion
from projectdesk.mail.poll_letter import Occasion
from projectdesk.services.kept_settings import setting
from projectdesk.services.later_mail import (
    MARGIN,
    Wanted,
    chosen_server,
    may_hold_links,
    named,
    version_id,
)
from projectdesk.services.mail_accounts import sender as usual_sender
from projectdesk.services.poll_desks import open_polls, poll_links
from projectdesk.services.poll_keys import REMINDER_PURPOSE, poll_journal_key
from projectdesk.services.poll_mail import PollMail, compose_poll_mails
from projectdesk.services.poll_rows import DatePollDetail, DateVoterRow
from projectdesk.services.procedure_desks import ballot_links, open_procedures
from projectdesk.services.procedure_keys import BALLOT_REMINDER_PURPOSE, procedure_journal_key
from projectdesk.services.procedure_mail import BallotMail, compose_ballot_mails
from projectdesk.services.procedure_rows import SeatRow, VotingDetail
from projectdesk.services.queries.date_polls import date_poll
from projectdesk.services.queries.procedures import vote_detail
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.control import HostFacts
from projectdesk.store import schema

PURPOSES: Final = frozenset({REMINDER_PURPOSE, BALLOT_REMINDER_PURPOSE})
"""Of such mails in the outbox."""


@dataclass(frozen=True)
class _Asked:
    """One who is asked by a link: a voter, a seat."""

    id: UUID
    person_id: UUID | None
    desk: str


@dataclass(frozen=True)
class _Question:
    """What is asked: a poll, or a procedure. missing: who has said nothing yet, with an address."""

    id: UUID
    purpose: str
    project_id: UUID
    meeting_id: UUID | None
    deadline: datetime
    days: tuple[int, ...]
    host: str
    journal_key: str
    missing: tuple[_Asked, ...]

    def moments(self) -> list[tuple[datetime, datetime]]:
        """Return when those who are missing are reminded, the first first, and until when; UTC.

        Where the server was down, the next one stands for it.
        """
        days = sorted(set(self.days), reverse=True)
        starts = [self.deadline - timedelta(days=each) for each in days]
        return list(pairwise((*starts, self.deadline)))


def asked_ahead(workspace: Workspace) -> bool:
    """Tell whether there is any reminder that the chosen server may have to send."""
    server = chosen_server(workspace)
    return bool(server and _ahead(workspace, server))


def wanted(workspace: Workspace, server: str, facts: HostFacts) -> list[Wanted]:
    """Return the reminders as they are to be at a server.

    Args:
        workspace: the open data.
        server: its address, as of `Meeting.host`.
        facts: what it says of itself.
    """
    if not may_hold_links(workspace, facts):
        return []
    soonest = workspace.now() + MARGIN
    made: list[Wanted] = []
    for question in _ahead(workspace, server):
        if setting(workspace, question.journal_key) != facts.journal:
            continue  # it does not have the desks yet
        for moment, until in question.moments():
            if moment > soonest:
                made += _mails(workspace, question, moment, until, facts.public_url)
    return made


def true_ids(workspace: Workspace, records: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return the ids of what is to be sent or was due, and which host may have it.

    Args:
        workspace: the open data.
        records: of the mails: voters and seats.
    """
    ids = {each for each in records if each is not None}
    voter, seat = schema.date_voter.c, schema.vote_seat.c
    with workspace.read() as session:
        polls = set(session.scalars(select(voter.date_poll_id).where(voter.id.in_(ids))))
        votes = set(session.scalars(select(seat.vote_id).where(seat.id.in_(ids))))
    questions = [
        *(_of_poll(date_poll(workspace, each)) for each in sorted(polls)),
        *(_of_procedure(vote_detail(workspace, each)) for each in sorted(votes)),
    ]
    return {
        _mail_id(asked.id, moment): question.host
        for question in questions
        if question is not None
        for moment, _ in question.moments()
        for asked in question.missing
    }


# --- inside ---------------------------------------------------------------------------------------


def _ahead(workspace: Workspace, server: str) -> list[_Question]:
    """Return what is asked by links to a server, and has a reminder to come."""
    soonest = workspace.now() + MARGIN
    found = [
        *(_of_poll(date_poll(workspace, each)) for each in open_polls(workspace)),
        *(_of_procedure(vote_detail(workspace, each)) for each in open_procedures(workspace)),
    ]
    return [
        each
        for each in found
        if each is not None
        and each.host == server
        and each.missing
        and any(moment > soonest for moment, _ in each.moments())
    ]


def _of_poll(found: DatePollDetail) -> _Question | None:
    poll = found.poll
    if poll.state is not PollState.OPEN or poll.deadline is None:
        return None

    def is_asked(voter: DateVoterRow) -> bool:
        return voter.asked_at is not None and bool(voter.email)

    missing = tuple(
        _Asked(each.id, each.person_id, each.desk) for each in found.missing if is_asked(each)
    )
    return _Question(
        poll.id,
        REMINDER_PURPOSE,
        poll.project_id,
        poll.meeting_id,
        poll.deadline,
        poll.reminder_days,
        poll.host,
        poll_journal_key(poll.id),
        missing,
    )


def _of_procedure(found: VotingDetail) -> _Question | None:
    vote = found.vote
    if vote.state is not VoteState.OPEN or vote.deadline is None:
        return None

    def is_asked(seat: SeatRow) -> bool:
        return seat.desk is not None and not seat.revoked and bool(seat.email)

    missing = tuple(
        _Asked(each.id, each.voter_id, each.desk or "") for each in found.missing if is_asked(each)
    )
    return _Question(
        vote.id,
        BALLOT_REMINDER_PURPOSE,
        vote.project_id,
        vote.meeting_id,
        vote.deadline,
        vote.reminder_days,
        vote.host,
        procedure_journal_key(vote.id),
        missing,
    )


def _mails(
    workspace: Workspace, question: _Question, moment: datetime, until: datetime, public_url: str
) -> list[Wanted]:
    """Return the mails of one moment to all who are missing."""
    author = usual_sender(workspace).address
    composed = _composed(workspace, question, moment, public_url)
    made = []
    for asked in question.missing:
        mail = composed.get(asked.id)
        if mail is None:
            continue
        own = _mail_id(asked.id, moment)
        message_id = version_id(own, author, mail.recipient, mail.subject, mail.text)
        made.append(
            Wanted(
                id=own,
                purpose=question.purpose,
                project_id=question.project_id,
                meeting_id=question.meeting_id,
                person_id=asked.person_id,
                record_id=asked.id,
                author=author,
                recipient=mail.recipient,
                due_at=moment,
                not_after=until,
                desk=asked.desk,
                message_id=message_id,
                message=partial(named, mail.message, message_id),
            )
        )
    return made


def _composed(
    workspace: Workspace, question: _Question, moment: datetime, public_url: str
) -> Mapping[UUID, PollMail | BallotMail]:
    missing = {each.id for each in question.missing}
    if question.purpose == REMINDER_PURPOSE:
        voters = poll_links(workspace, question.id, public_url)
        mails = compose_poll_mails(
            workspace, question.id, voters, Occasion.AHEAD, missing, at=moment
        )
        return {mail.voter_id: mail for mail in mails}
    members = ballot_links(workspace, question.id, public_url)
    ballots = compose_ballot_mails(
        workspace, question.id, members, BallotOccasion.AHEAD, missing, at=moment
    )
    return {mail.seat_id: mail for mail in ballots}


def _mail_id(asked: UUID, moment: datetime) -> UUID:
    """Return the id of the mail that reminds a voter or seat at a time; always the same one."""
    return uuid5(asked, f"reminder {moment.isoformat()}")
