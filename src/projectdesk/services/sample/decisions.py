"""The sample's votes and written procedures, and which of its decisions bind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import select

from projectdesk.domain.consortium import Body, BodyKind, BodyMember
from projectdesk.domain.identity import new_public_id
from projectdesk.domain.meetings import Meeting, MeetingType
from projectdesk.domain.minutes import (
    Action,
    Decision,
    DecisionOrigin,
    Minutes,
    MinutesState,
)
from projectdesk.domain.rules.quorum import Seat
from projectdesk.domain.rules.vote_words import result_words
from projectdesk.domain.rules.voting import VoteRules, count
from projectdesk.domain.rules.written_procedure import (
    count_written,
    veto_end,
    written_rules,
    written_words,
)
from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.domain.voting import (
    ABSTAIN,
    AGAINST,
    FOR,
    MajorityBase,
    Vote,
    VoteSeat,
    VoteSetting,
    VoteState,
)
from projectdesk.services.procedure_keys import Manner, manner_key
from projectdesk.services.sample.cast import Cast
from projectdesk.services.sample.trails import trace_procedure
from projectdesk.services.session import Unit
from projectdesk.services.unit_settings import keep
from projectdesk.store import schema

_ZONE: Final = "Europe/Berlin"
_ACCEPTED_AFTER: Final = timedelta(days=25)
_DATA_POLICY: Final = "Raw measurements are open"
_BUDGET: Final = "42,000 euro move"
_LICENCES: Final = "Name the licence"


@dataclass(frozen=True)
class _Procedure:
    """A written procedure. votes: by short name of the member; others are silent."""

    question: str
    description: str
    opened_at: datetime
    deadline: datetime
    votes: Mapping[str, str]
    notice_at: datetime | None = None


def _at(month: int, day: int, hour: int = 9, minute: int = 30) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def _said(for_: str, against: str = "", abstain: str = "") -> dict[str, str]:
    votes = dict.fromkeys(for_.split(), FOR)
    votes |= dict.fromkeys(against.split(), AGAINST)
    return votes | dict.fromkeys(abstain.split(), ABSTAIN)


_CLOSED: Final = _Procedure(
    "The first reporting period ends in month 15 instead of month 18.",
    "The project officer proposed the earlier date at the end of October; the amendment has to be "
    "signed this year.",
    _at(11, 2),
    _at(11, 13, 22, 59),
    _said("UMV ICN LFTU VESENS KIW HDU UBI PZG ITENA TIDEWORKS", "BCSI"),
    _at(11, 18),
)
_OPEN: Final = _Procedure(
    "The harbour of Rhodes joins the second wet test; its travel is paid from the budget of WP5.",
    "Two sensors are free from January to March. The cost is 6,400 euro; nothing is taken from "
    "other partners.",
    _at(11, 18, 10),
    _at(12, 1, 22, 59),
    _said("UMV ICN KIW HDU ITENA", "", "PZG"),
)
_COMMENTS: Final = {
    "BCSI": "Our field work needs the second winter.",
    "ITENA": "We can host the sensors from the second week of January.",
}


def make_decisions(unit: Unit, cast: Cast) -> None:
    """Add what decisions were taken by, and say which of them bind.

    Args:
        unit: the change; the meetings are in it already.
        cast: who takes part.
    """
    unit.session.flush()
    decisions = _bind(unit, cast)
    members = _members(unit, cast)
    names = {partner.id: name for name, partner in cast.partners.items()}
    for text, votes in (
        (_DATA_POLICY, dict.fromkeys(names.values(), FOR) | {"MIERZEJA": ABSTAIN}),
        (_BUDGET, dict.fromkeys(names.values(), FOR) | {"KIW": AGAINST, "UBI": ABSTAIN}),
    ):
        decision = next(each for each in decisions if each.text.startswith(text))
        _vote(unit, decision, members, names, votes)
    for procedure in (_CLOSED, _OPEN):
        _written(unit, cast, members, names, procedure)
    licences = unit.session.scalars(
        select(Action).where(
            schema.action.c.project_id == cast.project.id,
            schema.action.c.text.startswith(_LICENCES),
        )
    ).first()
    policy = next(each for each in decisions if each.text.startswith(_DATA_POLICY))
    if licences is not None:
        licences.decision_id = policy.id


def _bind(unit: Unit, cast: Cast) -> Sequence[Decision]:
    """Give each decision its body; those in accepted minutes bind."""
    table = schema.decision.c
    decisions = unit.session.scalars(
        select(Decision).where(table.project_id == cast.project.id).order_by(table.number)
    ).all()
    for decision in decisions:
        if decision.meeting_id is None:
            continue
        meeting = unit.get(Meeting, decision.meeting_id)
        decision.body_id = meeting.body_id if meeting.type is not MeetingType.KICK_OFF else None
        accepted = unit.session.scalars(
            select(Minutes).where(
                schema.minutes.c.meeting_id == meeting.id,
                schema.minutes.c.state == MinutesState.ACCEPTED,
            )
        ).first()
        if accepted is not None:
            decision.binding_at = accepted.accepted_at or meeting.starts_at + _ACCEPTED_AFTER
    return decisions


def _members(unit: Unit, cast: Cast) -> Sequence[BodyMember]:
    body, member = schema.body.c, schema.body_member.c
    query = (
        select(BodyMember)
        .join(schema.body, body.id == member.body_id)
        .where(body.project_id == cast.project.id, body.kind == BodyKind.GENERAL_ASSEMBLY)
        .order_by(member.id)
    )
    return unit.session.scalars(query).all()


def _vote(
    unit: Unit,
    decision: Decision,
    members: Sequence[BodyMember],
    names: Mapping[Any, str],
    votes: Mapping[str, str],
) -> None:
    """Add the open vote that a decision of a meeting was taken by."""
    rules = VoteRules()
    ballots = {member.partner_id: votes[names[member.partner_id]] for member in members}
    result = count(rules, [Seat(member.partner_id) for member in members], ballots, ballots.keys())
    at = decision.made_at
    vote = Vote(
        project_id=decision.project_id,
        body_id=members[0].body_id,
        meeting_id=decision.meeting_id,
        agenda_item_id=decision.agenda_item_id,
        question=decision.text.partition(". 11 in favour")[0],
        state=VoteState.CLOSED,
        opened_at=at - timedelta(minutes=3),
        closed_at=at,
        seats=result.seats,
        present=result.there,
        counts=list(result.counts),
        result=result.result,
        chosen=result.chosen,
        words=result_words(result),
    )
    unit.add(vote)
    unit.session.flush()
    for place, member in enumerate(members):
        unit.add(
            VoteSeat(
                vote_id=vote.id,
                partner_id=member.partner_id,
                voter_id=member.representative_id,
                present=True,
                voted_at=at - timedelta(seconds=150 - 9 * place),
                choice=ballots[member.partner_id],
            )
        )
    decision.vote_id, decision.rule = vote.id, vote.words


def _written(
    unit: Unit,
    cast: Cast,
    members: Sequence[BodyMember],
    names: Mapping[Any, str],
    told: _Procedure,
) -> None:
    """Add a written procedure: under way, or closed with its decision in the veto window."""
    body = unit.get(Body, members[0].body_id)
    rules = written_rules(body.written_numerator, body.written_denominator)
    vote = Vote(
        project_id=cast.project.id,
        body_id=body.id,
        setting=VoteSetting.WRITTEN_PROCEDURE,
        question=told.question,
        description=told.description,
        state=VoteState.OPEN,
        quorum_numerator=rules.quorum_numerator,
        quorum_denominator=rules.quorum_denominator,
        majority_numerator=rules.majority_numerator,
        majority_denominator=rules.majority_denominator,
        base=MajorityBase.ALL,
        opened_at=told.opened_at,
        deadline=told.deadline,
        seats=len(members),
    )
    unit.add(vote)
    unit.session.flush()
    manner = Manner(zone=_ZONE, reminder_days=(3,))
    keep(unit.session, manner_key(vote.id), msgspec.json.encode(manner).decode())
    seats = []
    for place, member in enumerate(members):
        name = names[member.partner_id]
        choice = told.votes.get(name, "")
        after = timedelta(days=place // 2, hours=5 * (place % 2) + 1, minutes=7 * place)
        voted_at = told.opened_at + after if choice else None
        seats.append(
            VoteSeat(
                vote_id=vote.id,
                partner_id=member.partner_id,
                voter_id=member.representative_id,
                voted_at=voted_at,
                choice=choice,
                comment=_COMMENTS.get(name, "") if choice else "",
                present=bool(choice) and told.notice_at is not None,
                desk=new_public_id(),
                sent_at=told.opened_at,
            )
        )
    unit.add(*seats)
    if told.notice_at is not None:
        _close(unit, vote, body, members, names, told, told.notice_at)
    unit.session.flush()
    trace_procedure(unit, vote, seats)


def _close(
    unit: Unit,
    vote: Vote,
    body: Body,
    members: Sequence[BodyMember],
    names: Mapping[Any, str],
    told: _Procedure,
    at: datetime,
) -> None:
    rules = written_rules(body.written_numerator, body.written_denominator)
    ballots = {
        member.partner_id: told.votes[names[member.partner_id]]
        for member in members
        if names[member.partner_id] in told.votes
    }
    result = count_written(rules, [Seat(member.partner_id) for member in members], ballots)
    vote.state, vote.closed_at, vote.notice_at = VoteState.CLOSED, at, at
    vote.veto_until = veto_end(at, body.veto_days, zone_of(_ZONE))
    vote.present, vote.counts = result.there, list(result.counts)
    vote.result, vote.chosen, vote.words = result.result, result.chosen, written_words(result)
    unit.add(
        Decision(
            project_id=vote.project_id,
            text=vote.question,
            made_at=at,
            origin=DecisionOrigin.WRITTEN_PROCEDURE,
            body_id=body.id,
            vote_id=vote.id,
            rule=vote.words,
            veto_until=vote.veto_until,
        )
    )
