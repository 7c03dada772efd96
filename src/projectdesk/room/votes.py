"""The votes of a body in a room: what is asked, who has voted, and what of it who may see.

What was chosen in a secret vote is not in here: the host keeps the ballots apart, and tells who has
voted, and in the end the ballots without who cast them (decisions 14).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import msgspec

from projectdesk.domain.rules.quorum import Seat
from projectdesk.domain.rules.vote_words import in_languages, result_words, rule_words
from projectdesk.domain.rules.voting import (
    MajorityBase,
    Result,
    TieRule,
    VoteRules,
    count,
    count_secret,
)
from projectdesk.signalling.instant import Instant
from projectdesk.signalling.journal import VoteClosed, VoteRecord, VoteSeatRecord
from projectdesk.signalling.votes import (
    BodyVote,
    CountedBallot,
    Outcome,
    OutcomeShown,
    SeatShown,
    VetoShown,
    VoteStatus,
)

MAX_VOTES = 100
"""Votes of one meeting, drafts included."""
_OUTCOMES: Mapping[str, Outcome] = {
    "": "",
    "carried": "carried",
    "lost": "lost",
    "no_quorum": "no_quorum",
    "chosen": "chosen",
}


class SeatMemory(msgspec.Struct, frozen=True, kw_only=True):
    """A seat of a vote. name: the member's. by: who voted. choice, at: of an open vote."""

    partner: str
    name: str
    weight: int = 1
    in_default: bool = False
    voted: bool = False
    choice: str = ""
    by: str = ""
    at: Instant | None = None
    by_hand: bool = False


class VoteMemory(msgspec.Struct, frozen=True, kw_only=True):
    """A vote as it survives the host; of a secret one nothing of who voted before it is closed.

    there: members present or represented, and proxies, as of when it was closed; by: who closed it.
    """

    record: VoteRecord
    state: VoteStatus = "draft"
    opened_at: Instant | None = None
    closed_at: Instant | None = None
    seats: list[SeatMemory] = []
    there: list[str] = []
    proxies: dict[str, str] = {}
    voters: dict[str, str] = {}
    chair: str = ""
    by: str = ""
    outcome: OutcomeShown | None = None
    vetoes: list[VetoShown] = []


@dataclass
class HeldVote:
    """One vote. casting: members whose secret ballot is on its way to the box."""

    record: VoteRecord
    state: VoteStatus = "draft"
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    seats: list[SeatMemory] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    proxies: dict[str, str] = field(default_factory=dict)
    voters: dict[str, str] = field(default_factory=dict)
    chair: str = ""
    by: str = ""
    outcome: OutcomeShown | None = None
    vetoes: list[VetoShown] = field(default_factory=list)
    turnout: set[str] = field(default_factory=set)
    casting: set[str] = field(default_factory=set)
    ballots: list[CountedBallot] = field(default_factory=list)

    @property
    def number(self) -> int:
        """Its number in the room."""
        return self.record.number

    @property
    def rules(self) -> VoteRules:
        """What it is counted by."""
        record = self.record
        return VoteRules(
            majority_numerator=record.majority_numerator,
            majority_denominator=record.majority_denominator,
            base=MajorityBase(record.base),
            quorum_numerator=record.quorum_numerator,
            quorum_denominator=record.quorum_denominator,
            tie=TieRule(record.tie),
            weighted=record.weighted,
            choices=tuple(record.choices),
        )

    def seat(self, partner: str) -> SeatMemory | None:
        """Return a member's seat, if it has a vote."""
        return next((s for s in self.seats if s.partner == partner and not s.in_default), None)

    def cast(self, partner: str, choice: str, by: str, at: datetime, *, by_hand: bool) -> None:
        """Take the vote of a seat in an open vote, in place of the one before."""
        self.seats = [
            msgspec.structs.replace(seat, voted=True, choice=choice, by=by, at=at, by_hand=by_hand)
            if seat.partner == partner
            else seat
            for seat in self.seats
        ]

    def count_open(self) -> Result:
        """Count an open vote."""
        ballots = {seat.partner: seat.choice for seat in self.seats if seat.voted}
        return count(self.rules, self._rule_seats(), ballots, self.there, chair=self.chair or None)

    def count_secret(self, turnout: Iterable[str], choices: list[str]) -> Result:
        """Count a secret vote out of the box."""
        return count_secret(self.rules, self._rule_seats(), choices, list(turnout), self.there)

    def close(self, result: Result, turnout: Iterable[str]) -> VoteClosed:
        """Take the result; return what is written of it. turnout: members that voted."""
        assert self.opened_at is not None  # noqa: S101 - only an open vote closes
        words = in_languages(partial(result_words, result))
        outcome = _OUTCOMES[result.result.value]
        self.turnout = set(turnout)
        self.state = "closed"
        self.outcome = OutcomeShown(
            result=outcome,
            counts=list(result.counts),
            chosen=result.chosen,
            voted=result.voted,
            words=words,
        )
        if self.record.secret:
            self.seats = [
                msgspec.structs.replace(seat, voted=seat.partner in self.turnout)
                for seat in self.seats
            ]
        return VoteClosed(
            vote=self.record,
            opened_at=self.opened_at,
            seats=self.seat_records(),
            counts=list(result.counts),
            result=outcome,
            chosen=result.chosen,
            seats_voting=result.seats,
            there=result.there,
            words=words,
            by=self.by,
        )

    def seat_records(self) -> list[VoteSeatRecord]:
        """Return the seats as the journal has them."""
        return [
            VoteSeatRecord(
                partner=seat.partner,
                weight=seat.weight,
                in_default=seat.in_default,
                present=seat.partner in self.there,
                voter=seat.by or self.voters.get(seat.partner, ""),
                proxy=self.proxies.get(seat.partner, ""),
                voted=seat.voted,
                voted_at=seat.at,
                choice=seat.choice,
                by_hand=seat.by_hand,
            )
            for seat in self.seats
        ]

    def shown(self, invitation: str, voters: Mapping[str, str]) -> BodyVote:
        """Return the vote as somebody ("" = a console) sees it. voters: by member, now."""
        record, rules = self.record, self.rules
        yours = [
            seat.partner
            for seat in self.seats
            if invitation and not seat.in_default and voters.get(seat.partner) == invitation
        ]
        return BodyVote(
            number=record.number,
            question=record.question,
            description=record.description,
            choices=list(rules.options),
            own_choices=bool(record.choices),
            secret=record.secret,
            weighted=record.weighted,
            state=self.state,
            rule=in_languages(partial(rule_words, rules)),
            seats=[self._shown_seat(seat, yours) for seat in self.seats if not seat.in_default],
            yours=yours if self.state == "open" else [],
            item=record.item,
            opened_at=self.opened_at,
            closed_at=self.closed_at,
            outcome=self.outcome,
            ballots=self.ballots,
            vetoes=self.vetoes,
        )

    def memory(self) -> VoteMemory:
        """Return what must survive the host."""
        return VoteMemory(
            record=self.record,
            state=self.state,
            opened_at=self.opened_at,
            closed_at=self.closed_at,
            seats=list(self.seats),
            there=list(self.there),
            proxies=dict(self.proxies),
            voters=dict(self.voters),
            chair=self.chair,
            by=self.by,
            outcome=self.outcome,
            vetoes=list(self.vetoes),
        )

    def _shown_seat(self, seat: SeatMemory, yours: list[str]) -> SeatShown:
        seen = self.state == "closed" or seat.partner in yours
        return SeatShown(
            partner=seat.partner,
            name=seat.name,
            weight=seat.weight if self.record.weighted else 1,
            voted=seat.voted or seat.partner in self.turnout,
            choice=seat.choice if seen else "",
            by_hand=seat.by_hand,
        )

    def _rule_seats(self) -> list[Seat[str]]:
        return [Seat(seat.partner, seat.weight, seat.in_default) for seat in self.seats]


class VoteBook:
    """All votes of the room, by number."""

    def __init__(self, memory: Iterable[VoteMemory]) -> None:
        self._votes: dict[int, HeldVote] = {}
        for kept in memory:
            fields = {name: getattr(kept, name) for name in kept.__struct_fields__}
            self._votes[kept.record.number] = HeldVote(**fields)

    def __iter__(self) -> Iterator[HeldVote]:
        """Iterate over them by number."""
        return iter([self._votes[number] for number in sorted(self._votes)])

    def find(self, number: int) -> HeldVote | None:
        """Return a vote, or None."""
        return self._votes.get(number)

    def open(self) -> HeldVote | None:
        """Return the vote that is open or being counted, or None."""
        going = ("open", "counting")
        return next((vote for vote in self._votes.values() if vote.state in going), None)

    def is_empty(self) -> bool:
        """Tell whether no vote was ever made, or every draft was thrown away."""
        return not self._votes

    def is_full(self) -> bool:
        """Tell whether the meeting has as many votes as it may have."""
        return len(self._votes) >= MAX_VOTES

    def put(self, vote: HeldVote) -> None:
        """Keep a vote, in place of the draft of its number."""
        self._votes[vote.number] = vote

    def discard(self, number: int) -> None:
        """Forget a draft."""
        del self._votes[number]

    def next_number(self) -> int:
        """Return the number of the vote to come."""
        return max(self._votes, default=0) + 1

    def shown(self, invitation: str, voters: Mapping[str, str], *, drafts: bool) -> list[BodyVote]:
        """Return the votes as somebody sees them, by number."""
        seen = (self._votes[number] for number in sorted(self._votes))
        return [v.shown(invitation, voters) for v in seen if drafts or v.state != "draft"]

    def memory(self) -> list[VoteMemory]:
        """Return what must survive the host."""
        return [self._votes[number].memory() for number in sorted(self._votes)]
