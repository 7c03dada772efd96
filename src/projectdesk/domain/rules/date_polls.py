"""Date polls: how the dates stand, which is best, and when a poll decides itself.

The best date, by what is compared first:

1. fewest required voters who cannot,
2. most required voters who can (yes, or if need be),
3. most required voters who say yes,
4. most other voters who can,
5. most other voters who say yes.

Dates that are equal in all of it tie; which of them is taken is the organiser's affair, so neither
the earlier nor the later one wins by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from projectdesk.domain.preparation import DateChoice, PollRule


@dataclass(frozen=True)
class Ballot:
    """What one voter says. choices: by date; empty = nothing was said yet."""

    required: bool
    choices: Mapping[UUID, DateChoice] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """How one date stands. Counts are of voters; others = who is not required."""

    option: UUID
    required_yes: int = 0
    required_if_need_be: int = 0
    required_no: int = 0
    other_yes: int = 0
    other_if_need_be: int = 0
    other_no: int = 0
    voters: int = 0

    @property
    def yes(self) -> int:
        """Return how many say yes."""
        return self.required_yes + self.other_yes

    @property
    def if_need_be(self) -> int:
        """Return how many can if need be."""
        return self.required_if_need_be + self.other_if_need_be

    @property
    def no(self) -> int:
        """Return how many cannot."""
        return self.required_no + self.other_no

    @property
    def can(self) -> int:
        """Return how many can, gladly or not."""
        return self.yes + self.if_need_be

    @property
    def silent(self) -> int:
        """Return how many say nothing of it."""
        return self.voters - self.can - self.no

    @property
    def is_possible(self) -> bool:
        """Return whether somebody can and no required voter cannot."""
        return self.required_no == 0 and self.can > 0

    @property
    def rank(self) -> tuple[int, int, int, int, int]:
        """Return what dates are ordered by; the smallest is the best."""
        return (
            self.required_no,
            -(self.required_yes + self.required_if_need_be),
            -self.required_yes,
            -(self.other_yes + self.other_if_need_be),
            -self.other_yes,
        )


class Verdict(StrEnum):
    """What a poll comes to by itself.

    COLLECTING: answers may still come. WAITING: the deadline is over, but the host was not heard
    since (decisions 2). CLEAR: one date is best and possible. TIE: several are. NO_DATE: the best
    date is refused by a required voter, or nobody can.
    """

    COLLECTING = "collecting"
    WAITING = "waiting"
    CLEAR = "clear"
    TIE = "tie"
    NO_DATE = "no_date"


@dataclass(frozen=True)
class Course:
    """How far a poll is: rule, deadline, and until when its host was heard.

    hosted: whether a host has its desks. heard_until: as far as that host's journal is collected;
    None = it was not heard yet.
    """

    rule: PollRule
    now: datetime
    deadline: datetime | None = None
    hosted: bool = False
    heard_until: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Return whether the deadline is over."""
        return self.deadline is not None and self.now > self.deadline

    @property
    def is_waiting(self) -> bool:
        """Return whether answers from before the deadline may still be at the host."""
        if not self.is_over or not self.hosted or self.deadline is None:
            return False
        return self.heard_until is None or self.heard_until <= self.deadline


def standings(options: Sequence[UUID], ballots: Iterable[Ballot]) -> list[Standing]:
    """Return how each date stands, in the order of `options`."""
    cast = list(ballots)
    return [_standing(option, cast) for option in options]


def best(found: Sequence[Standing]) -> list[Standing]:
    """Return the best date; several when they tie, none when nobody says of any that they can."""
    hopeful = [each for each in found if each.can > 0]
    if not hopeful:
        return []
    leading = min(each.rank for each in hopeful)
    return [each for each in hopeful if each.rank == leading]


def judge(course: Course, found: Sequence[Standing], missing: int) -> Verdict:
    """Return what a poll comes to.

    Args:
        course: how far it is.
        found: how its dates stand.
        missing: how many voters have said nothing.
    """
    complete = course.rule is PollRule.ALL_ANSWERED and missing == 0
    if not complete and not course.is_over:
        return Verdict.COLLECTING
    if not complete and course.is_waiting:
        return Verdict.WAITING
    leading = best(found)
    if not leading or not leading[0].is_possible:
        return Verdict.NO_DATE
    return Verdict.CLEAR if len(leading) == 1 else Verdict.TIE


def closes_itself(rule: PollRule, verdict: Verdict) -> bool:
    """Return whether a poll is decided now, without a person."""
    return verdict is Verdict.CLEAR and rule is not PollRule.BY_HAND


def _standing(option: UUID, ballots: Sequence[Ballot]) -> Standing:
    def count(choice: DateChoice, *, required: bool) -> int:
        return sum(
            ballot.required is required and ballot.choices.get(option) is choice
            for ballot in ballots
        )

    return Standing(
        option,
        required_yes=count(DateChoice.YES, required=True),
        required_if_need_be=count(DateChoice.IF_NEED_BE, required=True),
        required_no=count(DateChoice.NO, required=True),
        other_yes=count(DateChoice.YES, required=False),
        other_if_need_be=count(DateChoice.IF_NEED_BE, required=False),
        other_no=count(DateChoice.NO, required=False),
        voters=len(ballots),
    )
