"""Votes: who may vote, and what came of it by the rules of the body (terms.md, Rules of a body).

All shares are exact: 2/3 of 9 votes is 6, of 10 is 7. Who says the result in words is
`vote_words`; here are the facts.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from projectdesk.domain.rules.quorum import Quorum, Seat, quorum, share_of
from projectdesk.domain.voting import ABSTAIN, AGAINST, FOR, VoteResult
from projectdesk.domain.voting import MajorityBase as MajorityBase  # a room has the rules only
from projectdesk.domain.voting import TieRule as TieRule

P = TypeVar("P", bound=Hashable)

STANCES: Final = (FOR, AGAINST, ABSTAIN)
"""The choices of a vote that names none of its own."""


class VoteFault(StrEnum):
    """Why a vote cannot be held as it was prepared."""

    NO_QUESTION = "no_question"
    BAD_CHOICES = "bad_choices"
    BAD_SHARE = "bad_share"
    UNEQUAL_SECRET = "unequal_secret"  # noqa: S105 - no password
    NO_SEATS = "no_seats"


@dataclass(frozen=True)
class VoteRules:
    """What a vote is counted by: the body's rules as they were when it was opened.

    majority: needed to carry, of `base`. quorum: of the seats with a vote. tie: what becomes of as
    many votes for as against. weighted: a seat counts by its weight, else as one. choices: the
    vote's own, of which the one with most votes wins; none = for, against, abstain.
    """

    majority_numerator: int = 2
    majority_denominator: int = 3
    base: MajorityBase = MajorityBase.CAST
    quorum_numerator: int = 2
    quorum_denominator: int = 3
    tie: TieRule = TieRule.LOST
    weighted: bool = False
    choices: tuple[str, ...] = ()

    @property
    def options(self) -> tuple[str, ...]:
        """What can be chosen, in the order in which it is counted."""
        return self.choices or STANCES


@dataclass(frozen=True)
class Result:
    """What came of a vote.

    counts: weight by choice, in the order of `rules.options`. chosen: the choice that won ("for"
    where it was carried). voted: how many seats did. whole: what the majority is a share of, by
    weight; needed: the smallest number that is at least it (0 where the vote has choices of its
    own: most votes win). quorum: how the body stood, with those who voted. tied: as many for as
    against, or several choices with most votes.
    """

    rules: VoteRules
    result: VoteResult
    counts: tuple[int, ...]
    chosen: str
    voted: int
    whole: int
    needed: int
    seats: int
    there: int
    quorum_needed: int
    tied: bool = False

    @property
    def for_(self) -> int:
        """Weight of the votes for it, or for the choice that has most."""
        return max(self.counts, default=0) if self.rules.choices else self.counts[0]


def vote_fault(
    question: str, rules: VoteRules, seats: Iterable[Seat[P]], *, secret: bool
) -> VoteFault | None:
    """Return why a vote cannot be held, or None.

    A secret ballot says nothing of who cast it, so it cannot say how much it weighs (decisions 14).
    """
    voting = [seat for seat in seats if not seat.in_default]
    if not question.strip():
        return VoteFault.NO_QUESTION
    if rules.choices and (
        len(rules.choices) < 2
        or len({choice.strip().casefold() for choice in rules.choices}) < len(rules.choices)
        or not all(choice.strip() for choice in rules.choices)
    ):
        return VoteFault.BAD_CHOICES
    if not 0 < rules.majority_numerator <= rules.majority_denominator:
        return VoteFault.BAD_SHARE
    if not voting:
        return VoteFault.NO_SEATS
    if secret and rules.weighted and len({seat.weight for seat in voting}) > 1:
        return VoteFault.UNEQUAL_SECRET
    return None


def count(
    rules: VoteRules,
    seats: Collection[Seat[P]],
    ballots: Mapping[P, str],
    there: Collection[P] = (),
    *,
    chair: P | None = None,
) -> Result:
    """Count an open vote.

    Args:
        rules: of the body, as they were when it was opened.
        seats: of the body; of a member in default no ballot counts.
        ballots: choice by member; what is none of the choices does not count.
        there: members present or represented at the end. Who voted and left counts as there: the
            vote keeps. In a written procedure nobody is; there who answered is counted.
        chair: the member whose vote decides a tie, where the rules have it so.

    Returns:
        what came of it, with all facts that its words need.
    """
    weights = _weights(rules, seats)
    cast = {p: c for p, c in ballots.items() if p in weights and c in rules.options}
    counts = tuple(
        sum(weights[partner] for partner, choice in cast.items() if choice == option)
        for option in rules.options
    )
    return _decide(
        rules, seats, counts, set(cast), there, cast.get(chair) if chair is not None else None
    )


def count_secret(
    rules: VoteRules,
    seats: Collection[Seat[P]],
    choices: Sequence[str],
    turnout: Collection[P],
    there: Collection[P] = (),
) -> Result:
    """Count a secret vote, in which a choice has no member.

    A tie is lost, whatever the rules say: how the chair voted is not known.

    Args:
        rules: of the body.
        seats: of the body; those with a vote weigh the same (`vote_fault`).
        choices: of the ballots, in no order.
        turnout: members that voted.
        there: members present or represented at the end.
    """
    weights = _weights(rules, seats)
    each = next(iter(weights.values()), 1)
    counts = tuple(each * sum(choice == option for choice in choices) for option in rules.options)
    return _decide(rules, seats, counts, weights.keys() & set(turnout), there, None)


def _weights(rules: VoteRules, seats: Iterable[Seat[P]]) -> dict[P, int]:
    """Return what the vote of each member counts that has one."""
    return {
        seat.partner: seat.weight if rules.weighted else 1 for seat in seats if not seat.in_default
    }


def _decide(
    rules: VoteRules,
    seats: Collection[Seat[P]],
    counts: tuple[int, ...],
    voted: Collection[P],
    there: Collection[P],
    chair: str | None,
) -> Result:
    stands = quorum(
        seats,
        {*there, *voted},
        numerator=rules.quorum_numerator,
        denominator=rules.quorum_denominator,
    )
    whole = _whole(rules, seats, counts, stands)
    needed = 0
    if not rules.choices:
        needed = share_of(whole, rules.majority_numerator, rules.majority_denominator)
    deciding = chair if rules.tie is TieRule.CHAIR else None
    outcome, chosen, tied = (
        _most(rules, counts, deciding) if rules.choices else _carried(counts, needed, deciding)
    )
    if not stands.met:
        outcome, chosen = VoteResult.NO_QUORUM, ""
    return Result(
        rules=rules,
        result=outcome,
        counts=counts,
        chosen=chosen,
        voted=len(voted),
        whole=whole,
        needed=needed,
        seats=stands.seats,
        there=stands.present + stands.represented,
        quorum_needed=stands.needed,
        tied=tied,
    )


def _whole(
    rules: VoteRules, seats: Iterable[Seat[P]], counts: tuple[int, ...], stands: Quorum[P]
) -> int:
    """Return what the majority is a share of, by weight."""
    weights = _weights(rules, seats)
    match rules.base:
        case MajorityBase.CAST:
            return sum(counts) if rules.choices else counts[0] + counts[1]
        case MajorityBase.PRESENT:
            return sum(weights[partner] for partner in stands.there)
        case MajorityBase.ALL:
            return sum(weights.values())


def _carried(
    counts: tuple[int, ...], needed: int, chair: str | None
) -> tuple[VoteResult, str, bool]:
    """Decide for or against. More must be for it than against, whatever small share is enough."""
    in_favour, against = counts[0], counts[1]
    tied = in_favour == against and in_favour > 0 and in_favour >= needed
    if in_favour >= needed and (in_favour > against or (tied and chair == FOR)):
        return VoteResult.CARRIED, FOR, tied
    return VoteResult.LOST, "", tied


def _most(
    rules: VoteRules, counts: tuple[int, ...], chair: str | None
) -> tuple[VoteResult, str, bool]:
    """Decide between the vote's own choices."""
    most = max(counts)
    leading = [choice for choice, n in zip(rules.choices, counts, strict=True) if n == most > 0]
    if len(leading) == 1:
        return VoteResult.CHOSEN, leading[0], False
    if chair in leading:
        return VoteResult.CHOSEN, str(chair), True
    return VoteResult.LOST, "", len(leading) > 1
