"""Votes that are written down by hand: of a meeting in a room, or where the call was elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.consortium import Body, BodyMember, Partner
from projectdesk.domain.meetings import AgendaItem, Meeting
from projectdesk.domain.minutes import MinutesState
from projectdesk.domain.rules import held_times, validation
from projectdesk.domain.rules.quorum import ProxyGiven, Quorum, Seat, quorum
from projectdesk.domain.rules.vote_words import result_words
from projectdesk.domain.rules.voting import (
    Result,
    VoteFault,
    VoteRules,
    count,
    count_secret,
    vote_fault,
)
from projectdesk.domain.voting import (
    MajorityBase,
    Proxy,
    TieRule,
    Vote,
    VoteSeat,
    VoteSetting,
    VoteState,
)
from projectdesk.errors import Conflict, DomainError, NotFound
from projectdesk.services.attendance_facts import load
from projectdesk.services.commands.collected_votes import DECIDED, decision_of
from projectdesk.services.labels import name_of
from projectdesk.services.newest_minutes import newest_state
from projectdesk.services.queries.attendance import partners_present
from projectdesk.services.rows import Changes
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

LONGEST_QUESTION: Final = 500
MOST_CHOICES: Final = 10
_FIXED: Final = {
    MinutesState.CIRCULATED: "circulated",
    MinutesState.ACCEPTED: "accepted",
}
"""Minutes that say already what was decided."""
_FAULTS: Final = {
    VoteFault.NO_QUESTION: ("question", "Say what was voted on."),
    VoteFault.BAD_CHOICES: ("choices", "Give 2 to 10 choices, each another, or none."),
    VoteFault.BAD_SHARE: ("majority_numerator", "The body’s majority is none: at most all."),
    VoteFault.NO_SEATS: ("body_id", "The body has no member with a vote."),
    VoteFault.UNEQUAL_SECRET: (
        "weighted",
        "A vote by weight can be secret only where all votes weigh the same.",
    ),
}


@dataclass(frozen=True)
class HeldByHand:
    """A vote as it was held. question: what the decision will say.

    ballots: choice by member of an open vote. others: choice of all others with a vote who were
    there (of all, where attendance has nobody); "" = only `ballots` count. counts: votes by choice
    of a secret one, in the order of the choices. choices: its own, none = for, against, abstain.
    there: members that were there; None = who attended by the meeting's attendance, and who voted
    where it has nobody. voters_there: who voted was there, even if attendance has not. held_at:
    when, UTC; None = at the end of the meeting.
    """

    question: str
    ballots: Mapping[UUID, str] = field(default_factory=dict)
    counts: Sequence[int] | None = None
    choices: Sequence[str] = ()
    description: str = ""
    item_id: UUID | None = None
    weighted: bool = False
    base: MajorityBase = MajorityBase.CAST
    there: Collection[UUID] | None = None
    voters_there: bool = False
    held_at: datetime | None = None
    others: str = ""


def record_vote(workspace: Workspace, meeting_id: UUID, held: HeldByHand) -> tuple[UUID, Changes]:
    """Write down a vote of a meeting's body, count it by its rules, and the decision it made.

    Args:
        workspace: the open data.
        meeting_id: which meeting; it is one of a body.
        held: what was voted on, and how.

    Returns:
        The vote's id, and what changed.

    Raises:
        NotFound: no such meeting, agenda item or body.
        DomainError: `no_body`; `no_question`, `bad_choices`, ...; `unknown_choice`,
            `unknown_member`, `no_votes` (fact `field`); `absent_voted`, attendance has somebody as
            neither present nor represented who voted.
        Conflict: `minutes_circulated`, `minutes_accepted`: no reader of them would see the vote.
    """
    with workspace.change("Record a vote") as unit:
        meeting = unit.get(Meeting, meeting_id)
        if meeting.body_id is None:
            raise validation.refuse(
                "no_body", "body_id", "This is no meeting of a body: it has no members who vote."
            )
        body = unit.get(Body, meeting.body_id)
        _check_minutes(unit, meeting.id)
        members = _members(unit, body.id)
        seats = [Seat(each.partner_id, each.weight, each.in_default) for each in members]
        rules = _rules(body, held)
        held = _with_others(unit, meeting, held, seats)
        _check(unit, meeting, held, rules, seats)
        stands = _stands(unit, meeting, body, held, seats)
        result = _count(body, held, rules, seats, stands.there, _chair(unit, meeting, body))
        vote = _vote(meeting, body, held, rules, result, unit.now)
        unit.add(vote)
        unit.session.flush()
        assert vote.closed_at is not None  # noqa: S101 - it was held
        for member in members:
            unit.add(_seat(vote, member, held, stands, vote.closed_at))
        if vote.result in DECIDED:
            unit.add(decision_of(vote, vote.closed_at))
        unit.session.flush()
        unit.label = f"Record {name_of(unit.session, vote)}"
    return vote.id, unit.changes


def call_off_vote(workspace: Workspace, vote_id: UUID) -> Changes:
    """Call off a vote of a meeting that was left open: nothing of it counts.

    A call does it by itself; this is for a vote whose host is gone before it was closed.

    Raises:
        NotFound: no such vote.
        DomainError: `vote_not_open`, it is closed, or no vote of a meeting.
    """
    with workspace.change("Call off a vote") as unit:
        vote = unit.get(Vote, vote_id)
        if vote.state is not VoteState.OPEN or vote.setting is not VoteSetting.MEETING:
            raise DomainError("vote_not_open", "Only an open vote of a meeting can be called off.")
        vote.state, vote.closed_at = VoteState.CANCELLED, unit.now
        query = select(VoteSeat).where(schema.vote_seat.c.vote_id == vote.id)
        for seat in unit.session.scalars(query):
            seat.choice, seat.voted_at, seat.by_hand = "", None, False
        unit.label = f"Call off {name_of(unit.session, vote)}"
    return unit.changes


def _check_minutes(unit: Unit, meeting_id: UUID) -> None:
    """Refuse a vote that the newest minutes were sent out without."""
    found = newest_state(unit.session, meeting_id)
    state = _FIXED.get(found) if found is not None else None
    if state is not None:
        raise Conflict(
            f"minutes_{state}",
            "The minutes of this meeting are {state} without this vote, and its decision would "
            "bind with them unread. Begin a new revision of the minutes first, then record it.",
            state=state,
        )


def _members(unit: Unit, body_id: UUID) -> list[BodyMember]:
    query = select(BodyMember).where(schema.body_member.c.body_id == body_id)
    return list(unit.session.scalars(query.order_by(schema.body_member.c.id)))


def _rules(body: Body, held: HeldByHand) -> VoteRules:
    return VoteRules(
        majority_numerator=body.majority_numerator,
        majority_denominator=body.majority_denominator,
        base=held.base,
        quorum_numerator=body.quorum_numerator,
        quorum_denominator=body.quorum_denominator,
        tie=TieRule.CHAIR if body.chair_breaks_ties else TieRule.LOST,
        weighted=held.weighted,
        choices=tuple(choice.strip() for choice in held.choices),
    )


def _check(
    unit: Unit,
    meeting: Meeting,
    held: HeldByHand,
    rules: VoteRules,
    seats: Sequence[Seat[UUID]],
) -> None:
    secret = held.counts is not None
    fault = vote_fault(held.question, rules, seats, secret=secret)
    if fault is None and len(rules.choices) > MOST_CHOICES:
        fault = VoteFault.BAD_CHOICES
    if fault is not None:
        field_, text = _FAULTS[fault]
        raise validation.refuse(str(fault.value), field_, text)
    if len(held.question) > LONGEST_QUESTION:
        raise validation.refuse("too_long", "question", "A question has at most 500 characters.")
    if held.item_id is not None and _item_meeting(unit, held.item_id) != meeting.id:
        raise NotFound("not_found", "The meeting has no such agenda item.", noun="agenda item")
    if held.counts is not None:
        _check_counts(held.counts, rules, seats)
    else:
        _check_ballots(held.ballots, rules, seats)


def _item_meeting(unit: Unit, item_id: UUID) -> UUID:
    return unit.get(AgendaItem, item_id).meeting_id


def _check_counts(counts: Sequence[int], rules: VoteRules, seats: Iterable[Seat[UUID]]) -> None:
    voting = sum(not seat.in_default for seat in seats)
    if len(counts) != len(rules.options) or any(number < 0 for number in counts):
        raise validation.refuse(
            "bad_counts",
            "counts",
            "Give the votes of a secret vote in the order {choices}.",
            choices=", ".join(rules.options),
        )
    if not 0 < sum(counts) <= voting:
        raise validation.refuse(
            "bad_counts",
            "counts",
            "{number} votes were counted, but {voting} members have one.",
            number=sum(counts),
            voting=voting,
        )


def _check_ballots(
    ballots: Mapping[UUID, str], rules: VoteRules, seats: Iterable[Seat[UUID]]
) -> None:
    if not ballots:
        raise validation.refuse("no_votes", "ballots", "Say how the members voted.")
    voting = {seat.partner for seat in seats if not seat.in_default}
    for partner, choice in ballots.items():
        if partner not in voting:
            raise validation.refuse(
                "unknown_member",
                "ballots",
                "A member in default, or who is none of this body, has no vote in it: take its "
                "vote out.",
            )
        if choice not in rules.options:
            raise validation.refuse(
                "unknown_choice",
                "ballots",
                "“{choice}” is none of {choices}.",
                choice=choice,
                choices=", ".join(rules.options),
            )


def _with_others(
    unit: Unit, meeting: Meeting, held: HeldByHand, seats: Sequence[Seat[UUID]]
) -> HeldByHand:
    """Return a vote with what all others voted who were there."""
    if not held.others:
        return held
    voting = {seat.partner for seat in seats if not seat.in_default}
    if held.there is not None:
        there: Collection[UUID] = held.there
    elif attended := partners_present(load(unit.session, meeting.id, unit.now)):
        there = quorum(seats, attended, _proxies(unit, meeting.id)).there
    else:
        there = voting
    others = dict.fromkeys(voting.intersection(there), held.others)
    return replace(held, ballots=others | dict(held.ballots))


def _stands(
    unit: Unit,
    meeting: Meeting,
    body: Body,
    held: HeldByHand,
    seats: Sequence[Seat[UUID]],
) -> Quorum[UUID]:
    """Return which members were there, and who was represented by whom."""
    voters, proxies = set(held.ballots), _proxies(unit, meeting.id)

    def standing(present: Collection[UUID], given: Sequence[ProxyGiven[UUID]]) -> Quorum[UUID]:
        return quorum(
            seats,
            present,
            given,
            numerator=body.quorum_numerator,
            denominator=body.quorum_denominator,
        )

    if held.there is not None:
        return standing(voters | set(held.there), ())
    attended = partners_present(load(unit.session, meeting.id, unit.now))
    by_attendance = standing(attended, proxies)
    absent = voters - by_attendance.there
    if attended and absent and not held.voters_there:
        raise _absent_voted(unit, absent)
    return standing(attended | absent, proxies)


def _absent_voted(unit: Unit, absent: Collection[UUID]) -> DomainError:
    names = sorted(name_of(unit.session, unit.get(Partner, each)) for each in absent)
    return validation.refuse(
        "absent_voted",
        "ballots",
        "{names} voted, but attendance has nobody of theirs there, and no proxy. Correct the "
        "attendance, or say who was there.",
        names=", ".join(names),
    )


def _proxies(unit: Unit, meeting_id: UUID) -> list[ProxyGiven[UUID]]:
    query = select(Proxy).where(
        schema.proxy.c.meeting_id == meeting_id, schema.proxy.c.ended_at.is_(None)
    )
    return [
        ProxyGiven(proxy.from_partner_id, proxy.to_partner_id)
        for proxy in unit.session.scalars(query)
    ]


def _chair(unit: Unit, meeting: Meeting, body: Body) -> UUID | None:
    """Return the member whose vote is the chair's own."""
    invited = schema.invitation.c
    query = select(invited.partner_id).where(
        invited.meeting_id == meeting.id, invited.person_id == body.chair_id
    )
    return unit.session.scalars(query).first() if body.chair_id is not None else None


def _count(
    body: Body,
    held: HeldByHand,
    rules: VoteRules,
    seats: Sequence[Seat[UUID]],
    there: Collection[UUID],
    chair: UUID | None,
) -> Result:
    if held.counts is None:
        return count(rules, seats, held.ballots, there, chair=chair)
    choices = [
        option
        for option, number in zip(rules.options, held.counts, strict=True)
        for _ in range(number)
    ]
    if len(there) < len(choices):
        raise DomainError(
            "more_votes_than_members",
            "{votes} votes were counted in {body}, but {there} members were there.",
            votes=len(choices),
            body=body.name,
            there=len(there),
            field="counts",
        )
    return count_secret(rules, seats, choices, (), there)


def _vote(
    meeting: Meeting,
    body: Body,
    held: HeldByHand,
    rules: VoteRules,
    result: Result,
    now: datetime,
) -> Vote:
    at = held.held_at or held_times.ended(meeting) or now
    return Vote(
        project_id=meeting.project_id,
        body_id=body.id,
        meeting_id=meeting.id,
        agenda_item_id=held.item_id,
        question=held.question.strip(),
        description=held.description.strip(),
        choices=list(rules.choices),
        secret=held.counts is not None,
        weighted=held.weighted,
        state=VoteState.CLOSED,
        quorum_numerator=rules.quorum_numerator,
        quorum_denominator=rules.quorum_denominator,
        majority_numerator=rules.majority_numerator,
        majority_denominator=rules.majority_denominator,
        base=rules.base,
        tie=rules.tie,
        opened_at=at,
        closed_at=at,
        seats=result.seats,
        present=result.there,
        counts=list(result.counts),
        result=result.result,
        chosen=result.chosen,
        words=result_words(result),
    )


def _seat(
    vote: Vote, member: BodyMember, held: HeldByHand, stands: Quorum[UUID], at: datetime
) -> VoteSeat:
    choice = held.ballots.get(member.partner_id, "") if held.counts is None else ""
    return VoteSeat(
        vote_id=vote.id,
        partner_id=member.partner_id,
        voter_id=member.representative_id or member.deputy_id,
        proxy_partner_id=(stands.represented_by or {}).get(member.partner_id),
        weight=member.weight,
        in_default=member.in_default,
        present=member.partner_id in stands.there and not member.in_default,
        voted_at=at if choice else None,
        choice=choice,
        by_hand=True,
    )
