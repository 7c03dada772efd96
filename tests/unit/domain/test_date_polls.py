"""Which date is best, and when a poll decides itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.preparation import DateChoice, PollRule
from projectdesk.domain.rules.date_polls import (
    Ballot,
    Course,
    Verdict,
    best,
    closes_itself,
    judge,
    standings,
)

A, B, C = (UUID(int=number) for number in (1, 2, 3))
DATES = [A, B, C]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
_WORDS = {"y": DateChoice.YES, "m": DateChoice.IF_NEED_BE, "n": DateChoice.NO}


def ballot(text: str, *, required: bool = True) -> Ballot:
    """Return a ballot as "ymn": yes, maybe, no for the dates in turn; "-" = nothing."""
    said = {date: _WORDS[each] for date, each in zip(DATES, text, strict=False) if each != "-"}
    return Ballot(required, said)


def winners(*ballots: Ballot) -> list[UUID]:
    return [each.option for each in best(standings(DATES, ballots))]


@pytest.mark.parametrize(
    ("required", "others", "expected"),
    [
        (["yny", "yyn"], [], [A]),  # nobody required is missing
        (["yy-", "y--"], [], [A]),  # more required can
        (["my-", "yy-"], [], [B]),  # more required say yes
        (["ym-", "my-"], ["ny", "n-"], [B]),  # the required tie: others who can
        (["yy-"], ["ym", "-y"], [B]),  # two of the others can B, one A
        (["yy-"], ["ym"], [A]),  # as many of the others can; more say yes
        (["yyn"], ["mm"], [A, B]),  # equal in all: a tie
        (["nyy"], ["y--", "y--", "y--"], [B, C]),  # no majority of others beats one required
        (["nnn"], [], []),  # nobody can
        (["---"], [], []),
    ],
)
def test_required_voters_come_first(required, others, expected):
    ballots = [ballot(each) for each in required]
    ballots += [ballot(each, required=False) for each in others]
    assert winners(*ballots) == expected


CHOICES = st.dictionaries(st.sampled_from(DATES), st.sampled_from(DateChoice))
BALLOTS = st.lists(st.builds(Ballot, st.booleans(), CHOICES), max_size=8)


@given(BALLOTS, st.randoms())
def test_neither_the_order_of_dates_nor_of_voters_decides(ballots, random):
    before = {each.option for each in best(standings(DATES, ballots))}
    dates, voters = list(DATES), list(ballots)
    random.shuffle(dates)
    random.shuffle(voters)
    assert {each.option for each in best(standings(dates, voters))} == before


@given(BALLOTS, CHOICES)
def test_one_more_yes_never_harms_a_date(ballots, choices):
    leading = winners(*ballots, Ballot(True, choices))
    if leading:
        better = Ballot(True, {**choices, leading[0]: DateChoice.YES})
        assert leading[0] in winners(*ballots, better)


@given(BALLOTS)
def test_every_voter_is_counted_once_at_each_date(ballots):
    for each in standings(DATES, ballots):
        assert each.yes + each.if_need_be + each.no + each.silent == len(ballots)
        assert each.silent >= 0


DAY = timedelta(days=1)


def course(rule: PollRule, **changes: object) -> Course:
    return Course(**{"rule": rule, "now": NOW, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "changes", "ballots", "verdict", "closes"),
    [
        # by hand: it never closes, but says what it comes to once the deadline is over
        (PollRule.BY_HAND, {}, ["ynn"], Verdict.COLLECTING, False),
        (PollRule.BY_HAND, {"deadline": NOW - DAY}, ["ynn"], Verdict.CLEAR, False),
        # at the deadline, and not before
        (PollRule.AT_DEADLINE, {"deadline": NOW + DAY}, ["ynn"], Verdict.COLLECTING, False),
        (PollRule.AT_DEADLINE, {"deadline": NOW}, ["ynn"], Verdict.COLLECTING, False),
        (PollRule.AT_DEADLINE, {"deadline": NOW - DAY}, ["ynn", "---"], Verdict.CLEAR, True),
        (PollRule.AT_DEADLINE, {"deadline": NOW - DAY}, ["yyn"], Verdict.TIE, False),
        (PollRule.AT_DEADLINE, {"deadline": NOW - DAY}, ["ynn", "nyn"], Verdict.NO_DATE, False),
        (PollRule.AT_DEADLINE, {"deadline": NOW - DAY}, ["---"], Verdict.NO_DATE, False),
        # once all answered; at the deadline at the latest
        (PollRule.ALL_ANSWERED, {}, ["ynn", "---"], Verdict.COLLECTING, False),
        (PollRule.ALL_ANSWERED, {}, ["ynn", "ymn"], Verdict.CLEAR, True),
        (PollRule.ALL_ANSWERED, {"deadline": NOW - DAY}, ["ynn", "---"], Verdict.CLEAR, True),
    ],
)
def test_when_a_poll_closes_itself(rule, changes, ballots, verdict, closes):
    cast = [ballot(each) for each in ballots]
    missing = sum(not each.choices for each in cast)
    found = course(rule, **changes)
    judged = judge(found, standings(DATES, cast), missing)
    assert (judged, closes_itself(rule, judged)) == (verdict, closes)


def test_a_deadline_counts_once_the_host_was_heard_past_it():
    deadline = NOW - DAY
    ranked, missing = standings(DATES, [ballot("ynn"), ballot("---")]), 1

    def verdict(rule: PollRule, heard: datetime | None, missing: int = missing) -> Verdict:
        found = course(rule, deadline=deadline, hosted=True, heard_until=heard)
        return judge(found, ranked, missing)

    for rule in PollRule:
        assert verdict(rule, None) is Verdict.WAITING
        assert verdict(rule, deadline) is Verdict.WAITING, "an answer of that moment counts"
        assert verdict(rule, deadline + timedelta(seconds=1)) is Verdict.CLEAR
    assert verdict(PollRule.AT_DEADLINE, None, 0) is Verdict.WAITING, "somebody may have changed"
    assert verdict(PollRule.ALL_ANSWERED, None, 0) is Verdict.CLEAR
