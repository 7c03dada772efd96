"""Votes: exact majorities of each base, ties, choices, seats in default, and their words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.rules.quorum import Seat, share_of
from projectdesk.domain.rules.vote_words import result_words, rule_words
from projectdesk.domain.rules.voting import (
    STANCES,
    Result,
    VoteFault,
    VoteRules,
    count,
    count_secret,
    vote_fault,
)
from projectdesk.domain.voting import (
    ABSTAIN,
    AGAINST,
    FOR,
    MajorityBase,
    TieRule,
    VoteResult,
)

MEMBERS = "ABCDEFGHIJK"
SEATS = [Seat(name) for name in MEMBERS]
HALF = VoteRules(majority_numerator=1, majority_denominator=2)
rules = st.builds(
    VoteRules,
    majority_numerator=st.integers(1, 3),
    majority_denominator=st.integers(3, 5),
    base=st.sampled_from(MajorityBase),
    tie=st.sampled_from(TieRule),
    weighted=st.booleans(),
)
seats = st.lists(
    st.builds(
        Seat,
        partner=st.sampled_from(MEMBERS),
        weight=st.integers(1, 5),
        in_default=st.booleans(),
    ),
    unique_by=lambda seat: seat.partner,
)
ballots = st.dictionaries(st.sampled_from(MEMBERS), st.sampled_from(STANCES))


def cast(in_favour: int, against: int, abstain: int = 0) -> dict[str, str]:
    """Return so many ballots of each kind, the first of member A."""
    choices = [FOR] * in_favour + [AGAINST] * against + [ABSTAIN] * abstain
    return dict(zip(MEMBERS, choices, strict=False))


def held(rules_: VoteRules, cast_: dict[str, str], chair: str | None = None) -> Result:
    """Count it among eleven who are all there."""
    return count(rules_, SEATS, cast_, MEMBERS, chair=chair)


def test_eight_of_eleven_carry_by_two_thirds() -> None:
    result = held(VoteRules(), cast(8, 3))

    assert (result.result, result.counts, result.chosen) == (VoteResult.CARRIED, (8, 3, 0), FOR)
    assert result_words(result) == "carried: 8 of 11 votes cast, 2/3 needed (8)"
    assert result_words(result, "de") == "angenommen: 8 von 11 abgegebenen Stimmen, 2/3 nötig (8)"


def test_seven_of_eleven_do_not() -> None:
    result = held(VoteRules(), cast(7, 4))

    assert result.result is VoteResult.LOST
    assert result_words(result) == "not carried: 7 of 11 votes cast, 2/3 needed (8)"


def test_an_abstention_is_no_vote_cast_but_counts_among_those_present() -> None:
    by_cast, by_present = VoteRules(), VoteRules(base=MajorityBase.PRESENT)

    assert held(by_cast, cast(6, 3, 2)).result is VoteResult.CARRIED
    lost = held(by_present, cast(6, 3, 2))
    assert lost.result is VoteResult.LOST
    assert result_words(lost) == (
        "not carried: 6 for, of 11 votes present or represented, 2/3 needed (8), 2 abstained"
    )


def test_of_all_parties_counts_those_who_did_not_answer() -> None:
    written = VoteRules(
        majority_numerator=51,
        majority_denominator=100,
        base=MajorityBase.ALL,
        quorum_numerator=0,
    )

    assert count(written, SEATS, cast(5, 0)).result is VoteResult.LOST
    carried = count(written, SEATS, cast(6, 0))
    assert result_words(carried) == "carried: 6 for, of all 11 votes, 51 % needed (6)"
    assert rule_words(written) == "51 % of all members"


def test_without_a_quorum_nothing_is_carried() -> None:
    result = count(VoteRules(), SEATS, cast(7, 0), "ABCDEFG")

    assert (result.result, result.chosen) == (VoteResult.NO_QUORUM, "")
    assert result_words(result) == "no quorum: 7 of 11 members, 8 needed"


def test_where_all_abstain_no_votes_were_cast() -> None:
    result = held(VoteRules(), cast(0, 0, 5))
    assert result_words(result) == ("not carried: no votes were cast for or against, 5 abstained")
    assert result_words(result, "de").endswith("dafür oder dagegen abgegeben, 5 enthalten")


def test_who_voted_and_left_counts_as_there() -> None:
    assert count(VoteRules(), SEATS, cast(8, 0), "ABC").result is VoteResult.CARRIED


def test_a_tie_is_lost_or_decided_by_the_chairs_own_vote() -> None:
    chairs = replace(HALF, tie=TieRule.CHAIR)

    lost = held(HALF, cast(4, 4), chair="A")
    assert (lost.result, lost.tied) == (VoteResult.LOST, True)
    assert result_words(lost) == "not carried: a tie, 4 for, 4 against"
    assert held(chairs, cast(4, 4), chair="A").result is VoteResult.CARRIED
    assert held(chairs, cast(4, 4), chair="E").result is VoteResult.LOST
    assert held(chairs, cast(4, 4), chair="K").result is VoteResult.LOST
    assert result_words(held(chairs, cast(4, 4), chair="A")) == (
        "carried by the chair's vote: 4 for, 4 against"
    )


def test_the_chair_decides_no_tie_that_is_short_of_the_majority() -> None:
    result = held(VoteRules(tie=TieRule.CHAIR), cast(4, 4), chair="A")

    assert (result.result, result.tied) == (VoteResult.LOST, False)


def test_of_its_own_choices_the_one_with_most_votes_wins() -> None:
    places = VoteRules(choices=("Lisbon", "Ghent", "Turin"), tie=TieRule.CHAIR)
    ballots_ = dict(zip(MEMBERS, ["Ghent"] * 5 + ["Turin"] * 4 + ["Lisbon"], strict=False))

    won = held(places, ballots_)
    assert (won.result, won.counts, won.chosen) == (VoteResult.CHOSEN, (1, 5, 4), "Ghent")
    assert result_words(won) == "chosen: Ghent, 5 of 10 votes"
    tie = dict(zip(MEMBERS, ["Ghent"] * 4 + ["Turin"] * 4, strict=False))
    assert held(places, tie, chair="E").chosen == "Turin"
    assert result_words(held(places, tie)) == "nothing chosen: a tie of 4 votes each"
    assert result_words(held(places, {})) == "nothing chosen: no votes"


def test_a_tie_of_a_secret_vote_is_lost() -> None:
    result = count_secret(
        replace(HALF, tie=TieRule.CHAIR), SEATS, [FOR, AGAINST] * 4, MEMBERS[:8], MEMBERS
    )

    assert (result.result, result.counts) == (VoteResult.LOST, (4, 4, 0))


@pytest.mark.parametrize(
    ("question", "rules_", "secret", "fault"),
    [
        ("Adopt the budget?", VoteRules(), False, None),
        (" ", VoteRules(), False, VoteFault.NO_QUESTION),
        ("Where?", VoteRules(choices=("Ghent",)), False, VoteFault.BAD_CHOICES),
        ("Where?", VoteRules(choices=("Ghent", " ghent")), False, VoteFault.BAD_CHOICES),
        ("Adopt?", VoteRules(majority_numerator=4), False, VoteFault.BAD_SHARE),
        ("Adopt?", VoteRules(weighted=True), False, None),
        ("Adopt?", VoteRules(weighted=True), True, VoteFault.UNEQUAL_SECRET),
    ],
)
def test_a_vote_that_cannot_be_held_says_why(
    question: str, rules_: VoteRules, secret: bool, fault: VoteFault | None
) -> None:
    members = [Seat("A", weight=2), Seat("B")]

    assert vote_fault(question, rules_, members, secret=secret) is fault


def test_a_secret_vote_of_equal_weights_is_possible() -> None:
    equal = [Seat("A", weight=2), Seat("B", weight=2), Seat("C", weight=5, in_default=True)]
    weighted = VoteRules(weighted=True)

    assert vote_fault("Adopt?", weighted, equal, secret=True) is None
    assert count_secret(weighted, equal, [FOR, FOR], "AB", "AB").counts == (4, 0, 0)


@given(rules, seats, ballots)
def test_counts_add_up_to_the_weight_of_those_who_voted(
    rules_: VoteRules, seats_: list[Seat[str]], ballots_: dict[str, str]
) -> None:
    result = count(rules_, seats_, ballots_)

    voting = [seat for seat in seats_ if not seat.in_default and seat.partner in ballots_]
    assert sum(result.counts) == sum(seat.weight if rules_.weighted else 1 for seat in voting)
    assert result.voted == len(voting)


@given(rules, seats, ballots)
def test_what_is_carried_has_its_share_and_more_for_than_against(
    rules_: VoteRules, seats_: list[Seat[str]], ballots_: dict[str, str]
) -> None:
    result = count(rules_, seats_, ballots_, MEMBERS, chair="A")

    needed = share_of(result.whole, rules_.majority_numerator, rules_.majority_denominator)
    assert result.needed == needed
    if result.result is VoteResult.CARRIED:
        assert result.counts[0] >= needed
        assert result.counts[0] > result.counts[1] or result.tied


@given(rules, seats, ballots, st.sampled_from(MEMBERS))
def test_a_vote_for_it_never_hurts(
    rules_: VoteRules, seats_: list[Seat[str]], ballots_: dict[str, str], who: str
) -> None:
    rules_ = replace(rules_, tie=TieRule.LOST)

    before = count(rules_, seats_, ballots_, MEMBERS)
    after = count(rules_, seats_, {**ballots_, who: FOR}, MEMBERS)

    if before.result is VoteResult.CARRIED:
        assert after.result is VoteResult.CARRIED


@given(rules, seats, ballots)
def test_a_secret_vote_of_equal_weights_counts_as_an_open_one(
    rules_: VoteRules, seats_: list[Seat[str]], ballots_: dict[str, str]
) -> None:
    rules_ = replace(rules_, tie=TieRule.LOST)
    seats_ = [replace(seat, weight=3) for seat in seats_]
    voting = {seat.partner for seat in seats_ if not seat.in_default}
    cast_ = {who: choice for who, choice in ballots_.items() if who in voting}

    secret = count_secret(rules_, seats_, list(cast_.values()), cast_.keys(), MEMBERS)

    assert secret == count(rules_, seats_, cast_, MEMBERS)
