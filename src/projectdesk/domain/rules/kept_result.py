"""The result of a vote that was counted before, in every language.

With a vote its words are kept in English; they are what was decided by. In another language the
result is put together again from the numbers that are kept too. It is given only where the same
numbers make the kept English words: what somebody else wrote, or counted otherwise, stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from projectdesk.domain.rules.quorum import share_of
from projectdesk.domain.rules.vote_words import in_languages, result_words
from projectdesk.domain.rules.voting import Result, VoteRules
from projectdesk.domain.rules.written_procedure import written_words
from projectdesk.domain.voting import MajorityBase, VoteResult, VoteSetting


@dataclass(frozen=True)
class KeptResult:
    """What is kept of a vote. seats: with a vote; present: of them, present or represented.

    weight, present_weight: of these, where votes are weighted. words: the result in English.
    """

    setting: VoteSetting
    rules: VoteRules
    result: VoteResult
    counts: Sequence[int]
    chosen: str
    seats: int
    present: int
    weight: int
    present_weight: int
    words: str


def kept_words(kept: KeptResult) -> Mapping[str, str]:
    """Return a result by language, empty where its kept words are not those of its numbers."""
    if not kept.words or len(kept.counts) != len(kept.rules.options):
        return {}
    speak = written_words if kept.setting is VoteSetting.WRITTEN_PROCEDURE else result_words
    for tied in (False, True):  # not kept: it shows in the words
        counted = _counted(kept, tied=tied)
        if speak(counted, "en") == kept.words:
            return in_languages(partial(speak, counted))
    return {}


def _counted(kept: KeptResult, *, tied: bool) -> Result:
    rules, counts = kept.rules, tuple(kept.counts)
    whole = _whole(kept)
    return Result(
        rules=rules,
        result=kept.result,
        counts=counts,
        chosen=kept.chosen,
        voted=kept.present,
        whole=whole,
        needed=0
        if rules.choices
        else share_of(whole, rules.majority_numerator, rules.majority_denominator),
        seats=kept.seats,
        there=kept.present,
        quorum_needed=share_of(kept.seats, rules.quorum_numerator, rules.quorum_denominator),
        tied=tied,
    )


def _whole(kept: KeptResult) -> int:
    match kept.rules.base:
        case MajorityBase.CAST:
            return sum(kept.counts) if kept.rules.choices else kept.counts[0] + kept.counts[1]
        case MajorityBase.PRESENT:
            return kept.present_weight if kept.rules.weighted else kept.present
        case MajorityBase.ALL:
            return kept.weight if kept.rules.weighted else kept.seats
