"""Results of votes that were counted before, put together again from what is kept of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.catalogues import languages
from projectdesk.domain.rules.kept_result import KeptResult, kept_words
from projectdesk.domain.rules.quorum import Seat
from projectdesk.domain.rules.vote_words import result_words
from projectdesk.domain.rules.voting import Result, VoteRules, count
from projectdesk.domain.rules.written_procedure import count_written, written_rules, written_words
from projectdesk.domain.voting import MajorityBase, TieRule, VoteSetting


def kept_of(
    result: Result,
    setting: VoteSetting,
    words: str,
    weights: tuple[int, int] = (0, 0),
) -> KeptResult:
    return KeptResult(
        setting=setting,
        rules=result.rules,
        result=result.result,
        counts=list(result.counts),
        chosen=result.chosen,
        seats=result.seats,
        present=result.there,
        weight=weights[0],
        present_weight=weights[1],
        words=words,
    )


@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.sampled_from(["", "a", "b", "c"]), st.booleans()),
        min_size=1,
        max_size=7,
    ),
    st.sampled_from(MajorityBase),
    st.sampled_from(TieRule),
    st.sampled_from([(), ("a", "b", "c")]),
    st.booleans(),
)
def test_a_vote_of_a_meeting_is_said_as_it_was_counted(members, base, tie, choices, weighted):
    rules = VoteRules(1, 2, base=base, tie=tie, weighted=weighted, choices=choices)
    stances = dict(zip("abc", ["for", "against", "abstain"], strict=True))
    seats = [Seat(n, weight) for n, (weight, _, _) in enumerate(members)]
    ballots = {
        n: choice if choices else stances[choice]
        for n, (_, choice, _) in enumerate(members)
        if choice
    }
    there = {n for n, (_, _, present) in enumerate(members) if present} | set(ballots)
    result = count(rules, seats, ballots, there, chair=0)
    sums = (
        sum(seat.weight for seat in seats),
        sum(seat.weight for seat in seats if seat.partner in there),
    )
    kept = kept_of(result, VoteSetting.MEETING, result_words(result), sums)
    assert kept_words(kept) == {each: result_words(result, each) for each in languages("rules")}


@pytest.mark.parametrize("choices", [(), ("Porto", "Turin")])
@pytest.mark.parametrize("voted", [1, 4, 6])
def test_a_written_procedure_is_said_as_it_was_counted(choices, voted):
    rules = written_rules(51, 100, choices)
    option = choices[0] if choices else "for"
    result = count_written(rules, [Seat(n) for n in range(7)], dict.fromkeys(range(voted), option))
    kept = kept_of(result, VoteSetting.WRITTEN_PROCEDURE, written_words(result))
    assert kept_words(kept)["de"] == written_words(result, "de")


def test_what_does_not_fit_its_numbers_is_said_in_no_other_language():
    result = count(VoteRules(), [Seat(n) for n in range(3)], dict.fromkeys(range(3), "for"))
    kept = kept_of(result, VoteSetting.MEETING, result_words(result))
    assert kept_words(kept)["de"] == "angenommen: 3 von 3 abgegebenen Stimmen, 2/3 nötig (2)"
    assert kept_words(replace(kept, words="carried by acclamation")) == {}
    assert kept_words(replace(kept, counts=[3])) == {}
    assert kept_words(replace(kept, counts=[2, 1, 0])) == {}
