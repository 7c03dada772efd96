"""Votes, proxies and vetoes of a call, out of the host's journal into the meeting's records.

A vote is found by its number in the room and when it was opened: a meeting that moves to another
host begins to count anew there. Of a secret vote only who voted is known, also here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.consortium import Partner
from projectdesk.domain.meetings import Invitation
from projectdesk.domain.minutes import Companion, Decision
from projectdesk.domain.rules.course import Course
from projectdesk.domain.voting import (
    MajorityBase,
    Proxy,
    TieRule,
    Vote,
    VoteResult,
    VoteSeat,
    VoteState,
)
from projectdesk.services.session import Unit
from projectdesk.services.vetoes import put_veto
from projectdesk.signalling import journal
from projectdesk.store import schema

VoteFact = (
    journal.VoteOpened
    | journal.VoteCast
    | journal.VoteClosed
    | journal.VoteCancelled
    | journal.VetoNoted
    | journal.ProxyAnnounced
    | journal.ProxyEnded
    | journal.MemberInRoom
)
DECIDED = frozenset({VoteResult.CARRIED, VoteResult.CHOSEN})
"""Results that are a decision."""


def apply_vote_fact(unit: Unit, course: Course, at: datetime, entry: str, fact: VoteFact) -> bool:
    """Apply one fact of a vote; False if it names what the project does not have.

    Args:
        unit: the change.
        course: of the meeting.
        at: the host's clock.
        entry: id of the fact, which becomes the id of what is made of it.
        fact: what happened.
    """
    records = _Records(unit, course, at)
    match fact:
        case journal.VoteOpened():
            return records.opened(UUID(entry), fact)
        case journal.VoteCast():
            return records.cast(fact)
        case journal.VoteClosed():
            return records.closed(UUID(entry), fact)
        case journal.VoteCancelled(vote=number):
            return records.cancelled(number)
        case journal.VetoNoted():
            return records.vetoed(fact)
        case journal.ProxyAnnounced():
            return records.proxy_announced(UUID(entry), fact)
        case journal.ProxyEnded():
            return records.proxy_ended(fact)
        case journal.MemberInRoom():
            return records.in_room(UUID(entry), fact)


class _Records:
    """The records of one meeting while a fact is applied to them."""

    def __init__(self, unit: Unit, course: Course, at: datetime) -> None:
        self._unit = unit
        self._session = unit.session
        self._meeting = course.meeting
        self._items = course.items
        self._at = at

    def opened(self, identity: UUID, fact: journal.VoteOpened) -> bool:
        """Keep a vote that is open, with its seats."""
        vote = self._vote_of(identity, fact.vote, self._at)
        return self._seat(vote, fact.seats)

    def cast(self, fact: journal.VoteCast) -> bool:
        """Keep what a member voted; the last counts."""
        vote, partner = self._latest(fact.vote), self._partner(fact.partner)
        if vote is None or partner is None:
            return False
        seat = self._seats(vote).get(partner)
        if seat is None or vote.secret:
            return False
        seat.choice, seat.voted_at, seat.by_hand = fact.choice, self._at, fact.by_hand
        seat.voter_id = self._person(fact.by) if not fact.by_hand else seat.voter_id
        return True

    def closed(self, identity: UUID, fact: journal.VoteClosed) -> bool:
        """Keep the result, and the decision that came of it."""
        vote = self._known(fact.vote.number, fact.opened_at)
        if vote is None:
            vote = self._vote_of(identity, fact.vote, fact.opened_at)
        if vote.state is not VoteState.OPEN:
            return True  # closed by hand meanwhile: what a person wrote stays
        vote.state, vote.closed_at = VoteState.CLOSED, self._at
        vote.seats, vote.present = fact.seats_voting, fact.there
        vote.counts, vote.chosen = list(fact.counts), fact.chosen
        vote.result, vote.words = VoteResult(fact.result), fact.words.get("en", "")
        known = self._seat(vote, fact.seats)
        if vote.result in DECIDED:
            self._unit.add(decision_of(vote, self._at))
        return known

    def cancelled(self, number: int) -> bool:
        """Keep that a vote was called off; what was cast in it does not count."""
        vote = self._latest(number)
        if vote is None or vote.state is not VoteState.OPEN:
            return False
        vote.state, vote.closed_at = VoteState.CANCELLED, self._at
        for seat in self._seats(vote).values():
            seat.choice, seat.voted_at, seat.by_hand = "", None, False
        return True

    def vetoed(self, fact: journal.VetoNoted) -> bool:
        """Keep a veto that a member raised in the meeting."""
        vote, partner = self._latest(fact.vote), self._partner(fact.partner)
        if vote is None or partner is None:
            return False
        self._session.flush()
        query = select(Decision).where(schema.decision.c.vote_id == vote.id)
        decision = self._session.scalars(query).first()
        if decision is None:
            return False
        return put_veto(self._unit, decision, partner, fact.reason, self._at) is not None

    def proxy_announced(self, identity: UUID, fact: journal.ProxyAnnounced) -> bool:
        """Keep a proxy that was given in the call."""
        giver, holder = self._partner(fact.giver), self._partner(fact.holder)
        if giver is None or holder is None:
            return False
        if not self._proxies(giver, holder):
            self._unit.add(
                Proxy(
                    id=identity,
                    meeting_id=self._meeting.id,
                    from_partner_id=giver,
                    to_partner_id=holder,
                    announced_at=self._at,
                    note=fact.note,
                )
            )
        return True

    def proxy_ended(self, fact: journal.ProxyEnded) -> bool:
        """Keep that a proxy was taken back."""
        giver, holder = self._partner(fact.giver), self._partner(fact.holder)
        if giver is None or holder is None:
            return False
        for proxy in self._proxies(giver, holder):
            proxy.ended_at = max(self._at, proxy.announced_at)
        return True

    def in_room(self, identity: UUID, fact: journal.MemberInRoom) -> bool:
        """Keep a member whom the chair counted as there: with the chair, without a link."""
        partner, chair = self._partner(fact.partner), self._invitation(fact.by)
        if partner is None or chair is None:
            return False
        if fact.there:
            name = self._session.get_one(Partner, partner).short_name
            self._unit.add(
                Companion(
                    id=identity,
                    meeting_id=self._meeting.id,
                    invitation_id=chair.id,
                    partner_id=partner,
                    name=name,
                    from_at=self._at,
                )
            )
            return True
        self._session.flush()
        row = schema.companion.c
        query = select(Companion).where(
            row.meeting_id == self._meeting.id,
            row.partner_id == partner,
            row.person_id.is_(None),
            row.from_at.is_not(None),
            row.to_at.is_(None),
        )
        for companion in self._session.scalars(query):
            companion.to_at = self._at
        return True

    # --- inside -------------------------------------------------------------------------------

    def _vote_of(self, identity: UUID, record: journal.VoteRecord, opened_at: datetime) -> Vote:
        vote = Vote(
            id=identity,
            project_id=self._meeting.project_id,
            body_id=self._meeting.body_id,
            meeting_id=self._meeting.id,
            agenda_item_id=self._item(record.item),
            number_in_room=record.number,
            question=record.question,
            description=record.description,
            choices=list(record.choices),
            secret=record.secret,
            weighted=record.weighted,
            state=VoteState.OPEN,
            quorum_numerator=record.quorum_numerator,
            quorum_denominator=record.quorum_denominator,
            majority_numerator=record.majority_numerator,
            majority_denominator=record.majority_denominator,
            base=MajorityBase(record.base),
            tie=TieRule(record.tie),
            opened_at=opened_at,
        )
        self._unit.add(vote)
        self._session.flush()
        return vote

    def _seat(self, vote: Vote, seats: Iterable[journal.VoteSeatRecord]) -> bool:
        """Write the seats down; False if one is of a partner that the project does not have."""
        known, all_known = self._seats(vote), True
        for told in seats:
            partner = self._partner(told.partner)
            if partner is None:
                all_known = False
                continue
            seat = known.get(partner)
            if seat is None:
                seat = VoteSeat(vote_id=vote.id, partner_id=partner)
                self._unit.add(seat)
            # Of a secret vote only that it voted is known: the end stands for every time.
            voted_at = self._at if told.voted and vote.secret else told.voted_at
            seat.voter_id = self._person(told.voter)
            seat.proxy_partner_id = self._partner(told.proxy)
            seat.weight, seat.in_default = told.weight, told.in_default
            seat.present, seat.by_hand = told.present, told.by_hand
            seat.voted_at, seat.choice = voted_at, "" if vote.secret else told.choice
        return all_known

    def _known(self, number: int, opened_at: datetime) -> Vote | None:
        row = schema.vote.c
        query = select(Vote).where(
            row.meeting_id == self._meeting.id,
            row.number_in_room == number,
            row.opened_at == opened_at,
        )
        return self._session.scalars(query).first()

    def _latest(self, number: int) -> Vote | None:
        self._session.flush()
        row = schema.vote.c
        query = (
            select(Vote)
            .where(row.meeting_id == self._meeting.id, row.number_in_room == number)
            .order_by(row.opened_at.desc())
        )
        return self._session.scalars(query).first()

    def _seats(self, vote: Vote) -> dict[UUID, VoteSeat]:
        self._session.flush()
        query = select(VoteSeat).where(schema.vote_seat.c.vote_id == vote.id)
        return {seat.partner_id: seat for seat in self._session.scalars(query)}

    def _proxies(self, giver: UUID, holder: UUID) -> list[Proxy]:
        """Return what holds of one proxy."""
        self._session.flush()
        row = schema.proxy.c
        query = select(Proxy).where(
            row.meeting_id == self._meeting.id,
            row.from_partner_id == giver,
            row.to_partner_id == holder,
            row.ended_at.is_(None),
        )
        return list(self._session.scalars(query))

    def _partner(self, text: str) -> UUID | None:
        """Return a partner of the meeting's project, or None."""
        identity = _identity(text)
        partner = self._session.get(Partner, identity) if identity is not None else None
        if partner is None or partner.project_id != self._meeting.project_id:
            return None
        return partner.id

    def _invitation(self, text: str) -> Invitation | None:
        identity = _identity(text)
        found = self._session.get(Invitation, identity) if identity is not None else None
        return found if found is not None and found.meeting_id == self._meeting.id else None

    def _person(self, invitation: str) -> UUID | None:
        found = self._invitation(invitation)
        return None if found is None else found.person_id

    def _item(self, text: str | None) -> UUID | None:
        identity = _identity(text or "")
        return identity if identity in self._items else None


def decision_of(vote: Vote, at: datetime) -> Decision:
    """Return the decision that a carried vote is."""
    return Decision(
        project_id=vote.project_id,
        meeting_id=vote.meeting_id,
        agenda_item_id=vote.agenda_item_id,
        text=f"{vote.question.rstrip()} {vote.chosen}" if vote.choices else vote.question,
        made_at=at,
        body_id=vote.body_id,
        vote_id=vote.id,
        rule=vote.words,
    )


def _identity(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
