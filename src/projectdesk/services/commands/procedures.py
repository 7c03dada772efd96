"""Written procedures: make one, open it, enter what came another way, close it, tell the result.

What members were asked or told is known outside, so it cannot be undone (decisions 16); drafts and
votes that were entered by hand can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import select

from projectdesk.domain.consortium import Body, BodyMember
from projectdesk.domain.identity import new_public_id
from projectdesk.domain.minutes import Decision, DecisionOrigin
from projectdesk.domain.rules import validation
from projectdesk.domain.rules.quorum import Seat
from projectdesk.domain.rules.voting import Result, VoteFault, VoteRules, vote_fault
from projectdesk.domain.rules.written_procedure import (
    ProcedureStage,
    count_written,
    earliest_deadline,
    veto_end,
    written_rules,
    written_words,
)
from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.domain.voting import (
    MajorityBase,
    Vote,
    VoteResult,
    VoteSeat,
    VoteSetting,
    VoteState,
)
from projectdesk.errors import DomainError
from projectdesk.mail.ballot_letter import BallotOccasion
from projectdesk.services import outbox, procedure_mail
from projectdesk.services.editing import add_record, change_record
from projectdesk.services.inviting.sender import check_can_send
from projectdesk.services.labels import name_of
from projectdesk.services.meeting_hosts import default_host
from projectdesk.services.poll_mail import Author, author_of
from projectdesk.services.procedure_ballots import put_ballot
from projectdesk.services.procedure_desks import known_links
from projectdesk.services.procedure_keys import (
    BALLOT_REMINDER_PURPOSE,
    Manner,
    manner_key,
    manner_of,
    procedure_host_key,
)
from projectdesk.services.procedure_rows import BallotLink
from projectdesk.services.queries.procedures import detail_in, vote_detail
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.session import Unit
from projectdesk.services.unit_settings import keep
from projectdesk.services.voted_documents import check_ready
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

COMMENT_LIMIT: Final = 2000
"""Longest comment in characters, as on the page of a personal link."""
MOST_CHOICES: Final = 10
_FAULTS: Final = {
    VoteFault.NO_QUESTION: ("question", "Say what is to be decided."),
    VoteFault.BAD_CHOICES: ("choices", "Give at least two choices, each another."),
    VoteFault.BAD_SHARE: ("majority_numerator", "The body’s written share is none: at most all."),
    VoteFault.NO_SEATS: ("body_id", "The body has no member with a vote."),
}


def create_procedure(
    workspace: Workspace,
    body_id: UUID,
    question: str,
    *,
    description: str = "",
    deadline: datetime | None = None,
    choices: Sequence[str] = (),
    weighted: bool = False,
    secret: bool = False,
    manner: Manner | None = None,
) -> tuple[UUID, Changes]:
    """Make a written procedure of a body; nobody is asked yet.

    Args:
        workspace: the open data.
        body_id: whose members decide.
        question: what is to be decided, as the decision will say it.
        description: why, and what belongs to it.
        deadline: until when answers count, UTC; None = it is set before it is opened.
        choices: to choose one from; none = for, against, abstention.
        weighted: members count by their weight.
        secret: refused; see Raises.
        manner: in which zone its days end, whether it closes early, reminders.

    Returns:
        Its id, and what changed.

    Raises:
        NotFound: no such body.
        DomainError: `secret_procedure`: who answers by a link is known by name in the host's
            journal (decisions 14); a field cannot hold what was given (fact `field`);
            `deadline_too_soon`.
    """
    manner = _checked(manner or Manner())
    if secret:
        raise validation.refuse(
            "secret_procedure",
            "secret",
            "A written procedure cannot be secret: each answer is kept by the host under the name "
            "of the member whose link it came by. Hold a secret vote in a meeting.",
        )
    with workspace.change("Make a written procedure") as unit:
        body = unit.get(Body, body_id)
        chosen = [choice.strip() for choice in choices if choice.strip()]
        values: dict[str, Any] = {
            "project_id": body.project_id,
            "body_id": body_id,
            "setting": VoteSetting.WRITTEN_PROCEDURE,
            "question": question,
            "description": description,
            "choices": chosen,
            "weighted": weighted,
            "deadline": deadline,
            "base": MajorityBase.ALL,
            **_shares(body),
        }
        vote: Vote = add_record(unit, Kind.VOTE, values)
        _check_held(vote, _seats_of(unit, body_id))
        if deadline is not None:
            _check_deadline(unit, vote, body, manner)
        unit.session.flush()
        keep(unit.session, manner_key(vote.id), _encoded(manner))
        unit.label = f"Make the written procedure {name_of(unit.session, vote)}"
    return vote.id, unit.changes


def change_procedure(
    workspace: Workspace, vote_id: UUID, manner: Manner | None = None, **fields: Any
) -> Changes:
    """Change a procedure that was not opened yet.

    Args:
        workspace: the open data.
        vote_id: which one.
        manner: how it is run; None = as it is.
        fields: of a vote: question, description, choices, deadline, weighted.

    Raises:
        NotFound: no such procedure.
        DomainError: `procedure_sent`; `deadline_too_soon`; a field cannot hold what was given.
    """
    with workspace.change("Change a written procedure") as unit:
        vote = _procedure(unit, vote_id, VoteState.DRAFT)
        change_record(unit, Kind.VOTE, vote, fields)
        kept = manner_of(unit.session, vote_id) if manner is None else _checked(manner)
        if manner is not None:
            keep(unit.session, manner_key(vote_id), _encoded(manner))
            unit.touch(Kind.VOTE, vote_id, vote.project_id)
        body = _body(unit, vote)
        _check_held(vote, _seats_of(unit, body.id))
        if vote.deadline is not None:
            _check_deadline(unit, vote, body, kept)
        unit.label = f"Change the written procedure {name_of(unit.session, vote)}"
    return unit.changes


def open_procedure(workspace: Workspace, vote_id: UUID, host: str | None = None) -> Changes:
    """Open a procedure: the body's rules and seats are kept as they are now, the links work.

    Args:
        workspace: the open data.
        vote_id: which one.
        host: where the links lead, as of `Meeting.host`; None = where new meetings are held.

    Raises:
        NotFound: no such procedure.
        DomainError: `procedure_sent`; `deadline_needed`, `deadline_too_soon` (field deadline);
            `no_seats`, the body has no member with a vote; `nobody_to_ask`, no member has a
            representative or deputy; `too_many_documents`, `document_too_large`.
        EnvironmentFailure: `document_missing`, the content of one is not on this computer.
    """
    place = default_host(workspace) if host is None else host
    check_ready(workspace, vote_id)
    with workspace.change("Open a written procedure", undoable=False) as unit:
        vote = _procedure(unit, vote_id, VoteState.DRAFT)
        body = _body(unit, vote)
        if vote.deadline is None:
            raise validation.refuse(
                "deadline_needed", "deadline", "Say until when the members can vote."
            )
        for name, value in _shares(body).items():
            setattr(vote, name, value)
        _check_held(vote, _seats_of(unit, body.id))
        _check_deadline(unit, vote, body, manner_of(unit.session, vote_id))
        seats = [_seat(vote, member) for member in _members(unit, body.id)]
        if not any(seat.desk for seat in seats):
            raise DomainError(
                "nobody_to_ask",
                "No member of {body} has a representative or a deputy: enter them first.",
                body=body.name,
            )
        unit.add(*seats)
        vote.state, vote.opened_at = VoteState.OPEN, unit.now
        vote.seats = sum(not seat.in_default for seat in seats)
        keep(unit.session, procedure_host_key(vote_id), place)
        unit.label = f"Open the written procedure {name_of(unit.session, vote)}"
    return unit.changes


def enter_ballot(
    workspace: Workspace, seat_id: UUID, choice: str, comment: str | None = None
) -> Changes:
    """Enter what a member voted another way; who uses the link sees it. "" takes it back.

    Raises:
        NotFound: no such seat.
        DomainError: `procedure_not_open`; `no_vote`, the member is in default; `unknown_choice`; a
            comment is too long.
    """
    with workspace.change("Enter a vote") as unit:
        seat = unit.get(VoteSeat, seat_id)
        vote = _procedure(unit, seat.vote_id, VoteState.OPEN)
        if seat.in_default:
            raise DomainError("no_vote", "A member in default has no vote.")
        if choice and choice not in _options(vote):
            raise validation.refuse(
                "unknown_choice", "choice", "“{choice}” is none of the choices.", choice=choice
            )
        if comment is not None:
            seat.comment = validation.prose(comment, "comment", limit=COMMENT_LIMIT)
        put_ballot(unit, seat, choice, unit.now, by_hand=True)
        unit.label = f"Enter the vote of {name_of(unit.session, seat)}"
    return unit.changes


def renew_ballot_link(workspace: Workspace, seat_id: UUID) -> Changes:
    """Issue a member's link anew: the old one ends (it may be in wrong hands).

    Raises:
        NotFound: no such seat.
        DomainError: `no_link`, nobody votes for the member.
    """
    with workspace.change("Renew the link of a member", undoable=False) as unit:
        seat = unit.get(VoteSeat, seat_id)
        _renew(unit, seat)
        unit.label = f"Renew the link of {name_of(unit.session, seat)}"
    return unit.changes


def set_voter(workspace: Workspace, seat_id: UUID, person_id: UUID) -> Changes:
    """Let another person vote for a member: they get a link of their own, the old one ends.

    Raises:
        NotFound: no such seat.
        DomainError: `procedure_not_open`; `no_vote`, the member is in default; `no_such_record`.
    """
    with workspace.change("Let another person vote", undoable=False) as unit:
        seat = unit.get(VoteSeat, seat_id)
        _procedure(unit, seat.vote_id, VoteState.OPEN)
        if seat.in_default:
            raise DomainError("no_vote", "A member in default has no vote.")
        change_record(unit, Kind.VOTE_SEAT, seat, {"voter_id": person_id})
        seat.desk = seat.desk or new_public_id()
        seat.sent_at = seat.reminded_at = None
        _renew(unit, seat)
        unit.label = f"Let another person vote for {name_of(unit.session, seat)}"
    return unit.changes


def revoke_ballot_link(workspace: Workspace, seat_id: UUID) -> Changes:
    """Shut a member's link; what it voted stays, and can be changed by hand.

    Raises:
        NotFound: no such seat.
    """
    with workspace.change("Revoke the link of a member") as unit:
        seat = unit.get(VoteSeat, seat_id)
        seat.revoked = True
        unit.label = f"Revoke the link of {name_of(unit.session, seat)}"
        if outbox.cancel(unit, record_id=seat.id):
            unit.undoable = False
    return unit.changes


def note_asked(
    workspace: Workspace, seat_ids: Sequence[UUID], *, reminder: bool = False
) -> Changes:
    """Note that members were asked or reminded another way, as with a link that was copied.

    Raises:
        NotFound: no such seat.
    """
    with workspace.change(
        "Remind members" if reminder else "Ask members", undoable=False, in_turn=True
    ) as unit:
        for seat_id in seat_ids:
            seat = unit.get(VoteSeat, seat_id)
            if not reminder:
                seat.sent_at = unit.now
            elif seat.voted_at is None:
                seat.reminded_at = unit.now
    return unit.changes


def cancel_procedure(workspace: Workspace, vote_id: UUID, *, tell: bool = False) -> Changes:
    """Call a procedure off: its links only say so. A draft is cancelled as well.

    Args:
        workspace: the open data.
        vote_id: which one.
        tell: also tell the members by mail.

    Raises:
        NotFound: no such procedure.
        DomainError: `procedure_closed`; `no_mail_account`.
    """
    author = _author(workspace, vote_id) if tell else None
    with workspace.change("Cancel a written procedure", in_turn=True) as unit:
        vote = _procedure(unit, vote_id, VoteState.DRAFT, VoteState.OPEN)
        opened = vote.state is VoteState.OPEN
        vote.state, vote.closed_at = VoteState.CANCELLED, unit.now
        _take_back_mail(unit, vote_id)
        if opened:
            unit.undoable = False
        if author is not None and opened:
            procedure_mail.queue_notice(unit, vote_id, author, (), BallotOccasion.CANCELLED)
        unit.label = f"Cancel the written procedure {name_of(unit.session, vote)}"
    return unit.changes


def close_procedure(
    workspace: Workspace, vote_id: UUID, *, tell: bool = False, even_if_early: bool = False
) -> Changes:
    """Count a procedure whose time is over; what is carried becomes a decision.

    Args:
        workspace: the open data.
        vote_id: which one.
        tell: also tell the members the result by mail, which opens the time for a veto.
        even_if_early: before its deadline, when all members have voted.

    Raises:
        NotFound: no such procedure.
        DomainError: `procedure_not_open`; `procedure_runs`, its deadline is not over and votes are
            missing; `waiting_for_host`; `no_mail_account`.
    """
    links = known_links(workspace, vote_id) if tell else []
    author = _author(workspace, vote_id) if tell else None
    with workspace.change("Close a written procedure", undoable=False, in_turn=True) as unit:
        vote = _procedure(unit, vote_id, VoteState.OPEN)
        found = detail_in(unit.session, vote_id, unit.now)
        complete = even_if_early and not found.missing
        if found.vote.stage is ProcedureStage.WAITING and not complete:
            raise DomainError(
                "waiting_for_host",
                "The deadline is over, but its host was not heard since: votes that came in time "
                "may still be there.",
            )
        if found.vote.stage is not ProcedureStage.DUE and not complete:
            raise DomainError(
                "procedure_runs",
                "Members can vote until the deadline, and {missing} of them have not.",
                missing=len(found.missing),
            )
        close_in(unit, vote)
        if author is not None:
            tell_in(unit, vote, author, links)
        unit.label = f"Close the written procedure {name_of(unit.session, vote)}"
    return unit.changes


def tell_result(workspace: Workspace, vote_id: UUID, *, by_mail: bool = True) -> Changes:
    """Give notice of the result: to all members by mail, or as one who told them another way.

    The time for a veto runs from now on.

    Raises:
        NotFound: no such procedure.
        DomainError: `result_told`; `procedure_not_closed`; `no_mail_account`.
    """
    links = known_links(workspace, vote_id) if by_mail else []
    author = _author(workspace, vote_id) if by_mail else None
    with workspace.change("Tell the result", undoable=False, in_turn=True) as unit:
        vote = _procedure(unit, vote_id, VoteState.CLOSED)
        if vote.notice_at is not None:
            raise DomainError("result_told", "The members were told the result already.")
        tell_in(unit, vote, author, links)
        unit.label = f"Tell the result of {name_of(unit.session, vote)}"
    return unit.changes


def close_in(unit: Unit, vote: Vote) -> Decision | None:
    """Count a procedure inside a unit; return the decision that came of it."""
    rules = _rules(vote)
    rows = list(unit.session.scalars(select(VoteSeat).where(schema.vote_seat.c.vote_id == vote.id)))
    seats = [Seat(row.partner_id, row.weight, row.in_default) for row in rows]
    ballots = {row.partner_id: row.choice for row in rows if row.choice and not row.in_default}
    result = count_written(rules, seats, ballots)
    for row in rows:
        row.present = row.partner_id in ballots
    vote.state, vote.closed_at = VoteState.CLOSED, unit.now
    vote.seats, vote.present = result.seats, result.there
    vote.counts, vote.result, vote.chosen = list(result.counts), result.result, result.chosen
    vote.words = written_words(result)
    _take_back_mail(unit, vote.id, BALLOT_REMINDER_PURPOSE)
    if result.result not in {VoteResult.CARRIED, VoteResult.CHOSEN}:
        return None
    decision = Decision(
        project_id=vote.project_id,
        text=_decided(vote, result),
        made_at=unit.now,
        origin=DecisionOrigin.WRITTEN_PROCEDURE,
        body_id=vote.body_id,
        vote_id=vote.id,
        rule=vote.words,
    )
    unit.add(decision)
    unit.session.flush()
    return decision


def tell_in(unit: Unit, vote: Vote, author: Author | None, links: Sequence[BallotLink]) -> None:
    """Note inside a unit that the result is told, and open the time for a veto.

    author: writes the mails; None = the members are told another way.
    """
    vote.notice_at = unit.now
    query = select(Decision).where(schema.decision.c.vote_id == vote.id)
    decision = unit.session.scalars(query).first()
    if decision is not None:
        body = _body(unit, vote)
        zone = zone_of(manner_of(unit.session, vote.id).zone)
        vote.veto_until = veto_end(unit.now, body.veto_days, zone)
        decision.veto_until = vote.veto_until
    if author is not None:
        procedure_mail.queue_notice(unit, vote.id, author, links, BallotOccasion.RESULT)


# --- inside ---------------------------------------------------------------------------------------


def _author(workspace: Workspace, vote_id: UUID) -> Author:
    check_can_send(workspace)
    return author_of(workspace, vote_detail(workspace, vote_id).vote.project_id)


def _procedure(unit: Unit, vote_id: UUID, *states: VoteState) -> Vote:
    vote = unit.get(Vote, vote_id)
    if vote.setting is not VoteSetting.WRITTEN_PROCEDURE:
        raise DomainError("no_procedure", "This vote is of a meeting, no written procedure.")
    if vote.state in states:
        return vote
    if VoteState.CLOSED in states:
        raise DomainError("procedure_not_closed", "This procedure is not closed yet.")
    if states == (VoteState.DRAFT,):
        raise DomainError(
            "procedure_sent",
            "The members were asked already: a procedure can be called off then, not changed.",
        )
    if vote.state is VoteState.DRAFT:
        raise DomainError("procedure_not_open", "Open the procedure first.")
    raise DomainError("procedure_closed", "This procedure is closed already.")


def _body(unit: Unit, vote: Vote) -> Body:
    if vote.body_id is None:
        raise DomainError("no_body", "The body of this procedure is gone.")
    return unit.get(Body, vote.body_id)


def _shares(body: Body) -> dict[str, int]:
    rules = written_rules(body.written_numerator, body.written_denominator)
    return {
        "quorum_numerator": rules.quorum_numerator,
        "quorum_denominator": rules.quorum_denominator,
        "majority_numerator": rules.majority_numerator,
        "majority_denominator": rules.majority_denominator,
    }


def _rules(vote: Vote) -> VoteRules:
    rules = written_rules(vote.majority_numerator, vote.majority_denominator, vote.choices)
    return replace(rules, weighted=vote.weighted)


def _options(vote: Vote) -> tuple[str, ...]:
    return _rules(vote).options


def _members(unit: Unit, body_id: UUID) -> list[BodyMember]:
    table = schema.body_member.c
    query = select(BodyMember).where(table.body_id == body_id).order_by(table.id)
    return list(unit.session.scalars(query))


def _seats_of(unit: Unit, body_id: UUID) -> list[Seat[UUID]]:
    return [Seat(m.partner_id, m.weight, m.in_default) for m in _members(unit, body_id)]


def _seat(vote: Vote, member: BodyMember) -> VoteSeat:
    voter = member.representative_id or member.deputy_id
    votes = voter is not None and not member.in_default
    return VoteSeat(
        vote_id=vote.id,
        partner_id=member.partner_id,
        voter_id=voter,
        weight=member.weight,
        in_default=member.in_default,
        desk=new_public_id() if votes else None,
    )


def _check_held(vote: Vote, seats: Sequence[Seat[UUID]]) -> None:
    fault = vote_fault(vote.question, _rules(vote), seats, secret=False)
    if len(vote.choices) > MOST_CHOICES:
        raise validation.refuse(
            "too_many_choices", "choices", "A vote has {most} choices at most.", most=MOST_CHOICES
        )
    if fault is not None:
        field, words = _FAULTS[fault]
        raise validation.refuse(fault.value, field, words)


def _check_deadline(unit: Unit, vote: Vote, body: Body, manner: Manner) -> None:
    zone = zone_of(manner.zone)
    earliest = earliest_deadline(unit.now, body.written_days, zone)
    if vote.deadline is not None and vote.deadline < earliest:
        day = earliest.astimezone(zone).date()
        raise validation.refuse(
            "deadline_too_soon",
            "deadline",
            "{body} has {days} days to answer at least: {earliest} is the earliest last day.",
            body=body.name,
            days=body.written_days,
            earliest=day.isoformat(),
        )


def _checked(manner: Manner) -> Manner:
    zone_of(manner.zone)
    if any(not 0 < days <= 60 for days in manner.reminder_days):
        raise validation.refuse(
            "bad_reminder", "reminder_days", "A reminder is 1 to 60 days before the deadline."
        )
    return manner


def _encoded(manner: Manner) -> str:
    return msgspec.json.encode(manner).decode()


def _decided(vote: Vote, result: Result) -> str:
    if result.result is VoteResult.CHOSEN:
        return f"{vote.question.rstrip()} {result.chosen}"
    return vote.question


def _renew(unit: Unit, seat: VoteSeat) -> None:
    if seat.desk is None:
        raise DomainError("no_link", "Nobody votes for this member yet: say who does.")
    seat.generation += 1
    seat.revoked = False
    outbox.cancel(unit, record_id=seat.id)  # they hold the old link


def _take_back_mail(unit: Unit, vote_id: UUID, purpose: str | None = None) -> None:
    """Take back what waits for the members; nothing of a procedure that was never mailed."""
    query = select(schema.vote_seat.c.id).where(schema.vote_seat.c.vote_id == vote_id)
    for seat_id in unit.session.scalars(query):
        if outbox.cancel(unit, record_id=seat_id, purpose=purpose):
            unit.undoable = False
